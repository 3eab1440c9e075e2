"""Claims that are with an agency, a bailiff or a lawyer: cases, who is next, what they are to be told."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Any

import polars as pl

from relance.dunning.conditions import holds
from relance.dunning.disputes import contested
from relance.dunning.events import Past
from relance.dunning.holds import in_force
from relance.dunning.keys import key_of
from relance.dunning.plan import Plan, Task
from relance.dunning.writing import line_of, party_of
from relance.language import N_, day_text, translator
from relance.ledger.build import number_in
from relance.money import sum_text
from relance.policy.handovers import Handover, cascade
from relance.policy.model import Policy

GIVEN, RETURNED, RESULT = "handover", "handover_returned", "handover_result"
SENT, NOT_SENT = "handover_sent", "handover_not_sent"


@dataclass(frozen=True, slots=True)
class Case:
    """What was given of one debtor to one addressee on one day.

    Attributes:
        number: of the first event of it; people name the case so.
        to: the step of the policy; None where the event names nobody.
        until: last day that they have; None without one.
        given: minor units open when they were given, by item; a None key is the whole debtor, a None
            value an amount that nobody noted.
        out: those of `given` that have not come back.
        collected: minor units that they reported.
    """

    number: int
    debtor: str
    day: date
    to: str | None
    until: date | None
    given: Mapping[str | None, int | None]
    out: frozenset[str | None]
    collected: int

    def rows(self, facts: pl.DataFrame, *, out: bool = False) -> pl.DataFrame:
        """Return the rows of `facts` that the case is about; with `out`, what has not come back."""
        of_debtor = pl.col("debtor") == self.debtor
        named = self.out if out else frozenset(self.given)
        if None in named:
            issued = pl.col("issued").is_null() | (pl.col("issued") <= self.day)
            return facts.filter(of_debtor & ~pl.col("credit") & issued)
        return facts.filter(of_debtor & pl.col("item").is_in(sorted(str(each) for each in named)))


def cases(events: pl.DataFrame, today: date) -> list[Case]:
    """Return all cases up to `today` by number, those that came back too. Columns of `events`: HOLDS."""
    known = events.filter(pl.col("date") <= today)
    active = set(in_force(known, today).filter(pl.col("family") == "handed_over")["seq"])
    given = known.filter(pl.col("type") == GIVEN).sort("debtor", "owner", "date", "seq")
    results = known.filter(pl.col("type") == RESULT)
    found: list[Case] = []
    by = groupby(
        given.iter_rows(named=True), lambda row: (row["debtor"], row["owner"], row["date"])
    )
    for (debtor, to, day), group in by:
        rows = list(group)
        number = rows[0]["seq"]
        told = results.filter(pl.col("about") == number)["amount"]
        found.append(
            Case(
                number=number,
                debtor=debtor,
                day=day,
                to=to,
                until=rows[-1]["until"],
                given={row["item"]: row["amount"] for row in rows},
                out=frozenset(row["item"] for row in rows if row["seq"] in active),
                collected=int(told.sum()),
            )
        )
    return sorted(found, key=lambda case: case.number)


def taken(step: Handover, rows: pl.DataFrame) -> pl.DataFrame:
    """Return those of `rows`, of the frame of `decide`, that `step` takes."""
    ours = pl.col("segment").is_in(list(step.segments)) if step.segments else pl.lit(True)
    return rows.filter(holds(step.when) & ours)


def first_taking(steps: Sequence[Handover], rows: pl.DataFrame) -> Handover | None:
    """Return the first of `steps` that takes any of `rows`; None if none does."""
    return next((step for step in steps if not taken(step, rows).is_empty()), None)


def following(case: Case, rows: pl.DataFrame, policy: Policy) -> Handover | None:
    """Return the step that follows the one that `case` is with, for `rows`; None after the last."""
    return first_taking(cascade(policy.handovers, case.to or "")[1:], rows)


def step_of(name: str | None, policy: Policy) -> Handover | None:
    """Return the step `name` of the policy; None if there is none."""
    return next((step for step in policy.handovers if step.id == name), None)


OVER = N_(
    "{to} had {numbers} of {name} until {date}: take back what is left, and hand it over to {after}"
)
OVER_LAST = N_(
    "{to} had {numbers} of {name} until {date}: take back what is left, and decide what follows"
)
PAID_PART = N_("Tell {to}: {name} paid {paid} of {numbers}, and {open} is left")
PAID_ALL = N_("Tell {to}: {name} paid {numbers} ({paid}), and take it back")
GONE = N_("Is {numbers} of {name} paid? The last export has it no more: tell {to}")
INSOLVENT = N_(
    "Tell {to}: collective proceedings on {name}; declare the claim on {numbers} yourself or by them"
)
DISPUTED = N_("Tell {to}: {name} disputes {numbers}")


def add_handover_tasks(plan: Plan, policy: Policy, past: Past) -> Plan:
    """Return `plan` with what is to be done about claims that are with others, each once.

    They are told of payments to us that they did not report, of proceedings and disputes; and when
    their days are over, a person is asked to take the claims back.
    """
    known = [case for case in cases(past.holds, plan.run_date) if case.out]
    debtors = sorted({case.debtor for case in known})
    ours = plan.decided.filter(pl.col("debtor").is_in(debtors) & pl.col("debtor_known"))
    rows = {str(name): of for (name,), of in ours.partition_by("debtor", as_dict=True).items()}
    made = [
        task
        for case in known
        if case.debtor in rows
        for task in _tasks(case, rows[case.debtor], plan.run_date, policy)
    ]
    return plan.with_tasks(task for task in made if task.key not in past.tasks)


def _tasks(case: Case, theirs: pl.DataFrame, today: date, policy: Policy) -> Iterator[Task]:
    rows = case.rows(theirs, out=True).sort("due", "number", nulls_last=True)
    if rows.is_empty():
        return
    writer = _Writer(case, today, policy)
    yield from _of_payments(case, rows, writer)
    alive = rows.filter((pl.col("open") > 0) & ~pl.col("missing"))
    changes = (("insolvent", INSOLVENT, pl.col("insolvent")), ("disputed", DISPUTED, contested()))
    for name, subject, so in changes:
        told = alive.filter(so)
        if told.height:
            yield writer.task("tell_agency", subject, told, (name, *told["item"]))
    if case.until is not None and case.until < today and alive.height:
        after = following(case, alive, policy)
        more = {"date": day_text(case.until, writer.language), "after": after.name if after else ""}
        yield writer.task("handover_over", OVER if after else OVER_LAST, alive, ("over",), more)


def _of_payments(case: Case, rows: pl.DataFrame, writer: _Writer) -> Iterator[Task]:
    gone = rows.filter("missing")
    if gone.height:
        yield writer.task("tell_agency", GONE, gone, ("gone", *gone["item"]))
    paid = unreported(case, rows)
    if paid <= 0:
        return
    here = rows.filter(~pl.col("missing"))
    open_now = int(here["open"].sum())
    currency = here["currency"][0]
    more = {"paid": sum_text(paid, currency, writer.language), "open": sum_text(open_now, currency, writer.language)}  # fmt: skip
    yield writer.task("tell_agency", PAID_PART if open_now else PAID_ALL, here, ("paid", str(open_now)), more)  # fmt: skip


def unreported(case: Case, rows: pl.DataFrame) -> int:
    """Return by how much `rows` are less open than when they were given, less what was reported.

    Minor units; 0 where nobody noted what was open, or where less is open than was reported.
    """
    here = rows.filter(~pl.col("missing"))
    before = [(case.given.get(item), left) for item, left in here.select("item", "open").rows()]
    fallen: int = sum(given - left for given, left in before if given is not None and left < given)
    return max(0, fallen - case.collected)


@dataclass(frozen=True, slots=True)
class _Writer:
    """Writes the tasks about a case."""

    case: Case
    today: date
    policy: Policy

    @property
    def language(self) -> str:
        """The language of whoever works through the tasks."""
        return self.policy.creditor.language

    def task(
        self,
        kind: str,
        subject: str,
        rows: pl.DataFrame,
        told: Sequence[str],
        more: Mapping[str, Any] | None = None,
    ) -> Task:
        """Return a task about `rows`; `told` is what makes it another one than those before."""
        first = rows.row(0, named=True)
        party = party_of(first, self.policy)
        step = step_of(self.case.to, self.policy)
        facts = {
            "to": step.name if step else self.case.to or "–",
            "name": party.name,
            "numbers": ", ".join(rows["number"].head(5)),
            **(more or {}),
        }
        say = translator(self.language)
        ours = rows.filter(pl.col("currency") == first["currency"])
        return Task(
            key=key_of(["handover", str(self.case.number), *told]),
            kind=kind,
            debtor=party,
            subject=say(subject).format_map(facts),
            receivables=tuple(line_of(row) for row in ours.iter_rows(named=True)),
            currency=first["currency"],
            due=self.today,
            owner=party.owner,
        )


def numbers_of(case: Case) -> list[str]:
    """Return the numbers of the items that were given, in order; empty for a whole debtor."""
    return sorted(number_in(item) for item in case.given if item)
