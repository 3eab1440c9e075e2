"""From verdicts to the plan: grouped, sorted, keyed."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import date
from itertools import groupby
from typing import Any

import polars as pl

from relance.dunning import tones
from relance.dunning.addressees import roles_asked
from relance.dunning.charges import basis_of
from relance.dunning.claims import NOTICE_FACTS
from relance.dunning.disputes import undisputed
from relance.dunning.events import Past
from relance.dunning.keys import claim_of, key_of
from relance.dunning.levels import rungs
from relance.dunning.limitation import limitation_tasks
from relance.dunning.plan import Plan, Task
from relance.dunning.reach import Reach
from relance.dunning.rejections import Rejections, untold
from relance.dunning.thanks import thanks
from relance.dunning.verified import verified_of
from relance.dunning.writing import LINE_FACTS, Occasion, line_of, party_of, shown, writer
from relance.language import N_, Translate, translator
from relance.policy.model import Policy


def make_plan(decided: pl.DataFrame, policy: Policy, today: date, reach: Reach, past: Past) -> Plan:
    """Return the plan of the items in `decided`, a frame made by `decide`.

    Args:
        reach: the medium of each channel.
        past: tasks that it has are not proposed again; its allocations are the payments that cut
            the periods of interest, so they must hold what was lettered today.
    """
    occasion = Occasion(policy, today, reach, rungs(policy.procedures), past)
    acting = acting_of(decided, occasion)
    messages = acting.filter(~pl.col("is_task"))
    tasks = tasks_of(acting, decided, occasion)
    return Plan(
        run_date=today,
        creditor=policy.creditor.name,
        acting=messages,
        decided=decided,
        tasks=tasks,
        summary=_summary(decided),
        plan_hash=_hash(messages, shown(decided, messages), tasks, occasion),
        write=writer(decided, occasion),
    )


def acting_of(decided: pl.DataFrame, occasion: Occasion) -> pl.DataFrame:
    """Return a row per receivable of today's notices, thanks among them, and of its levels' tasks.

    Sorted by what they go on (`group`); `is_task` tells tasks from notices.
    """
    policy = occasion.policy
    act = (pl.col("verdict") == "act").fill_null(value=False)
    order = ["debtor", "currency", pl.col("top_rung") * -1, "group", "due", "number", "item"]
    # The undisputed part goes on being dunned; what is disputed is never claimed.
    claimed = decided.lazy().filter(act).with_columns(undisputed().alias("open"))
    acting = claimed.select(_ACTING).sort(order).collect()
    if policy.thanks is None:
        return acting
    given = thanks(decided, occasion.past, policy, occasion.today, occasion.reach)
    return pl.concat([acting, given.select(_ACTING)]).sort(order)


def tasks_of(acting: pl.DataFrame, decided: pl.DataFrame, occasion: Occasion) -> tuple[Task, ...]:
    """Return the tasks that today asks for and that were not given before, by debtor and key.

    Args:
        acting: rows of `acting_of`; without those of tasks, only what no level asks for.
    """
    found = [
        *_level_tasks(acting.filter("is_task"), occasion),
        *(task for verdict in _DEBTOR_TASKS for task in _debtor_tasks(decided, verdict, occasion)),
        *limitation_tasks(decided, occasion),
    ]
    new = (task for task in found if task.key not in occasion.past.tasks)
    return tuple(sorted(new, key=lambda task: (task.debtor.id, task.key)))


def _summary(decided: pl.DataFrame) -> dict[str, int]:
    counts = decided["verdict"].value_counts().sort("count", "verdict", descending=[True, False])
    return {"receivables": decided.height, **dict(counts.iter_rows())}


_PARTY = ("debtor", "party_name", "debtor_name", "debtor_kind", "country", "language", "email", "phone",
          "mobile", "address", "postcode", "city", "registration", "vat", "owner")  # fmt: skip
_ACTING = (*_PARTY, "tags", *LINE_FACTS, "disputed_part", "currency", "segment", "procedure", "next_level", "next_number", "is_task",
           "group", "top_rung", "channels", "tone_rule", "link", "people", *NOTICE_FACTS)  # fmt: skip
_HASHED = (*_PARTY, *LINE_FACTS, "currency", "next_level", "group", *NOTICE_FACTS)


def _hash(
    messages: pl.DataFrame, around: pl.DataFrame, tasks: tuple[Task, ...], occasion: Occasion
) -> str:
    digest = hashlib.sha256(occasion.today.isoformat().encode())
    columns = [*_HASHED, pl.col("channels").list.join(",")]
    digest.update(messages.select(columns).write_csv().encode())
    # Notices show the debtor's other open items: a plan in which they changed is another one.
    digest.update(around.select("item", "due", "open").sort("item").write_csv().encode())
    for task in tasks:
        digest.update(task.key.encode())
    digest.update(_forms(messages, occasion))
    digest.update(basis_of(messages["debtor"], occasion.past, occasion.policy).encode())
    return digest.hexdigest()


def _forms(messages: pl.DataFrame, occasion: Occasion) -> bytes:
    """Return what tells how notices speak, and what they point to; nothing where levels say it all."""
    said = []
    if tones.is_asked(occasion.ladder):
        said.append(messages.select("tone_rule").write_csv())
    if any(rung.variant or rung.level.link for rung in occasion.ladder):
        levels = [rung.level.model_dump_json() for rung in occasion.ladder]
        said += [*levels, messages.select("top_rung", "link").write_csv()]
    if roles_asked(occasion.ladder):
        people = messages["people"].to_list()
        said += [str(rung.level.to) for rung in occasion.ladder] + [str(each) for each in people]
    told = verified_of(occasion.past.holds, occasion.today)
    said += [f"{item} {told[item]}" for item in messages["item"] if item in told]
    if rejected := Rejections(untold(occasion.past.holds, occasion.past.levels, occasion.today)):
        rows = messages.select("item", "debtor", "issued").iter_rows(named=True)
        said += [f"{row['item']} {one}" for row in rows if (one := rejected.of(row))]
    return "".join(said).encode()


def _level_tasks(rows: pl.DataFrame, occasion: Occasion) -> list[Task]:
    tasks = []
    for _, group in groupby(rows.iter_rows(named=True), key=lambda row: row["group"]):
        members = list(group)
        first, rung = members[0], occasion.ladder[members[0]["top_rung"]]
        task = rung.level.task
        if task is None:
            continue
        claims = [claim_of(r["item"], r["procedure"], r["next_level"], r["cycle"]) for r in members]
        tasks.append(
            Task(
                key=key_of([*claims, "task"]),
                kind=task.kind,
                debtor=party_of(first, occasion.policy),
                subject=task.subject_in(occasion.policy.creditor.language),
                receivables=tuple(
                    line_of(r, level=r["next_level"], level_number=r["next_number"])
                    for r in members
                ),
                currency=first["currency"],
                due=occasion.today,
                owner=task.owner or first["owner"],
                segment=first["segment"],
                procedure=first["procedure"],
                level=rung.level.id,
                level_number=rung.number,
                channel=first["channels"][0],
            )
        )
    return tasks


_DEBTOR_TASKS = {
    "unreachable": (
        "find_address",
        N_("Find an address for {name}: level {level} cannot reach this debtor"),
    ),
    "insolvent": (
        "declare_claim",
        N_("Declare the claim on {name}: collective proceedings are open"),
    ),
}


_REFUSED = N_(
    "Find an address for {name}: level {level} cannot reach this debtor; refused: {addresses}"
)


def _refused(past: Past) -> dict[str, list[str]]:
    """Return the addresses of each debtor that messages came back from, sorted."""
    found: dict[str, list[str]] = {}
    for debtor, recipient in past.rejected.select("debtor", "recipient").sort(pl.all()).rows():
        found.setdefault(debtor, []).append(recipient)
    return found


def _debtor_tasks(decided: pl.DataFrame, verdict: str, occasion: Occasion) -> list[Task]:
    """Return one task per debtor whose items have `verdict`: nobody else would see to it."""
    kind, subject = _DEBTOR_TASKS[verdict]
    say: Translate = translator(occasion.policy.creditor.language)
    refused = _refused(occasion.past) if verdict == "unreachable" else {}
    due = pl.col("verdict") == verdict
    if verdict == "insolvent":
        due = due & ~pl.col("declared")
    rows = decided.filter(due & pl.col("debtor_known")).sort(
        "debtor", "currency", "due", "number", nulls_last=True
    )
    tasks = []
    for debtor, group in groupby(rows.iter_rows(named=True), key=lambda row: row["debtor"]):
        members = list(group)
        party = party_of(members[0], occasion.policy)
        levels = sorted({row["next_level"] or "" for row in members if verdict == "unreachable"})
        bad = refused.get(debtor, [])
        tasks.append(
            Task(
                # With what was refused: of a second address that fails somebody is told again.
                key=key_of([kind, debtor, *levels, *bad, *_again(members[0])]),
                kind=kind,
                debtor=party,
                subject=say(_REFUSED if bad else subject).format(
                    name=party.name, level=", ".join(levels), addresses=", ".join(bad)
                ),
                receivables=tuple(line_of(row) for row in members),
                currency=members[0]["currency"],
                due=_declare_by(members[0]) or occasion.today,
                owner=party.owner,
            )
        )
    return tasks


def _again(row: Mapping[str, Any]) -> list[str]:
    """Return what tells the task of new proceedings from that of earlier ones."""
    before = row["proceedings_before"] if row["verdict"] == "insolvent" else None
    return [f"again {before}"] if before else []


def _declare_by(row: Mapping[str, Any]) -> date | None:
    """Return the last day to declare the claim; None where nobody said it, or there is none."""
    last: date | None = row["declare_by"] if row["verdict"] == "insolvent" else None
    return last
