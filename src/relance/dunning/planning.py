"""From verdicts to the plan: grouped, sorted, keyed."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Any

import polars as pl

from relance.dunning.events import Past
from relance.dunning.keys import claim_of, key_of
from relance.dunning.levels import Rung, rungs
from relance.dunning.plan import Line, Notice, Party, Plan, Task
from relance.dunning.reach import Reach
from relance.language import N_, Translate, translator
from relance.policy.model import Policy

Row = Mapping[str, Any]


def make_plan(decided: pl.DataFrame, policy: Policy, today: date, reach: Reach, past: Past) -> Plan:
    """Return the plan of the items in `decided`, a frame made by `decide`.

    Args:
        reach: the medium of each channel.
        past: tasks that it has are not proposed again; its allocations are the payments that cut
            the periods of interest, so they must hold what was lettered today.
    """
    occasion = _Occasion(policy, today, reach, rungs(policy.procedures), past)
    act = (pl.col("verdict") == "act").fill_null(value=False)
    order = ["debtor", "currency", pl.col("top_rung") * -1, "group", "due", "number", "item"]
    acting = decided.lazy().filter(act).select(_ACTING).sort(order).collect()
    messages = acting.filter(~pl.col("is_task"))
    found = [
        *_level_tasks(acting.filter("is_task"), occasion),
        *(task for verdict in _DEBTOR_TASKS for task in _debtor_tasks(decided, verdict, occasion)),
    ]
    tasks = tuple(
        sorted((t for t in found if t.key not in past.tasks), key=lambda t: (t.debtor.id, t.key))
    )
    return Plan(
        run_date=today,
        creditor=policy.creditor.name,
        acting=messages,
        decided=decided,
        tasks=tasks,
        summary=_summary(decided),
        plan_hash=_hash(messages, _shown(decided, messages), tasks, today),
        write=_writer(decided, occasion),
    )


def _summary(decided: pl.DataFrame) -> dict[str, int]:
    counts = decided["verdict"].value_counts().sort("count", "verdict", descending=[True, False])
    return {"receivables": decided.height, **dict(counts.iter_rows())}


_PARTY = ("debtor", "party_name", "debtor_name", "debtor_kind", "country", "language", "email", "phone",
          "mobile", "address", "postcode", "city", "registration", "vat", "owner")  # fmt: skip
_LINE = ("item", "number", "kind", "issued", "due", "days_past_due", "amount", "open", "cycle",
         "reference", "order_number")  # fmt: skip
_ACTING = (*_PARTY, *_LINE, "currency", "segment", "procedure", "next_level", "next_number", "is_task",
           "group", "top_rung", "channels")  # fmt: skip
_HASHED = (*_PARTY, *_LINE, "currency", "next_level", "group")


def _hash(messages: pl.DataFrame, shown: pl.DataFrame, tasks: tuple[Task, ...], today: date) -> str:
    digest = hashlib.sha256(today.isoformat().encode())
    columns = [*_HASHED, pl.col("channels").list.join(",")]
    digest.update(messages.select(columns).write_csv().encode())
    # Notices show the debtor's other open items: a plan in which they changed is another one.
    digest.update(shown.select("item", "due", "open").sort("item").write_csv().encode())
    for task in tasks:
        digest.update(task.key.encode())
    return digest.hexdigest()


@dataclass(frozen=True, slots=True)
class _Occasion:
    """What a plan is made for: policy, date, media of the channels, rungs, and what was before."""

    policy: Policy
    today: date
    reach: Reach
    ladder: tuple[Rung, ...]
    past: Past


def _writer(
    decided: pl.DataFrame, occasion: _Occasion
) -> Callable[[pl.DataFrame], tuple[Notice, ...]]:
    """Return the function that makes the notices of rows of the plan."""

    def write(rows: pl.DataFrame) -> tuple[Notice, ...]:
        around = _around(decided, rows)
        notices: list[Notice] = []
        for _, group in groupby(rows.iter_rows(named=True), key=lambda row: row["group"]):
            members: list[Row] = list(group)
            rest = around.get((members[0]["debtor"], members[0]["currency"]), [])
            notices += _notices(members, rest, occasion)
        return tuple(notices)

    return write


def _around(decided: pl.DataFrame, rows: pl.DataFrame) -> dict[tuple[str, str], list[Row]]:
    """Return the open items and credits of the debtors in `rows`, by debtor and currency."""
    others = (
        _shown(decided, rows)
        .sort("debtor", "currency", "due", "number", "item", nulls_last=True)
        .select(*_LINE, "debtor", "currency", "credit")
    )
    table: dict[tuple[str, str], list[Row]] = {}
    for row in others.iter_rows(named=True):
        table.setdefault((row["debtor"], row["currency"]), []).append(row)
    return table


def _shown(decided: pl.DataFrame, rows: pl.DataFrame) -> pl.DataFrame:
    """Return the items that the notices of `rows` may show: all that is open, of their debtors."""
    shown = (pl.col("open") != 0) & ~pl.col("missing")
    debtors = rows.select("debtor", "currency").unique()
    return decided.filter(shown).join(debtors, on=["debtor", "currency"], how="semi")


def _notices(rows: list[Row], rest: list[Row], occasion: _Occasion) -> list[Notice]:
    """Return the notices of one group: one, or one per channel where the level uses them all."""
    first, rung = rows[0], occasion.ladder[rows[0]["top_rung"]]
    level, channels = rung.level, first["channels"]
    lines = tuple(_line(row, row["next_level"], row["next_number"]) for row in rows)
    claims = [claim_of(r["item"], r["procedure"], r["next_level"], r["cycle"]) for r in rows]
    claimed = {line.item for line in lines}
    rest = rest if level.statement else []
    party = party_of(first, occasion.policy)
    after = _rung_after(rung, occasion.ladder)
    used = channels if level.all else channels[:1]
    return [
        Notice(
            key=key_of([*claims, f"channel {channel}"]),
            debtor=party,
            segment=first["segment"],
            procedure=first["procedure"],
            level=level.id,
            level_number=rung.number,
            channel=channel,
            part=channel if level.all else "",
            medium=occasion.reach[channel],
            recipient=_recipient(party, occasion.reach[channel]),
            template=level.template or "",
            tone=level.tone,
            attach=level.attach,
            language=party.language,
            currency=first["currency"],
            receivables=lines,
            other_open=tuple(
                _line(r) for r in rest if not r["credit"] and r["item"] not in claimed
            ),
            credits=tuple(_line(r) for r in rest if r["credit"]),
            approval=level.approval,
            run_date=occasion.today,
            next_level_id=after.level.id if after else None,
            next_level_days=after.level.days if after else None,
        )
        for channel in used
    ]


def _rung_after(rung: Rung, ladder: tuple[Rung, ...]) -> Rung | None:
    following = ladder[rung.index + 1] if rung.index + 1 < len(ladder) else None
    return following if following and following.procedure.name == rung.procedure.name else None


def _line(row: Row, level: str | None = None, number: int | None = None) -> Line:
    values = {name: row[name] for name in _LINE}
    return Line(**values, level=level, level_number=number)


def party_of(row: Row, policy: Policy) -> Party:
    """Return the debtor of a row of `standing`; an unknown language is the creditor's."""
    return Party(
        id=row["debtor"],
        name=row["party_name"] or row["debtor_name"] or row["debtor"],
        kind=row["debtor_kind"],
        country=row["country"],
        language=row["language"] or policy.creditor.language,
        language_source="debtor" if row["language"] else "creditor",
        email=row["email"],
        phone=row["phone"],
        mobile=row["mobile"],
        address=tuple((row["address"] or "").splitlines()),
        postcode=row["postcode"],
        city=row["city"],
        registration=row["registration"],
        vat=row["vat"],
        owner=row["owner"],
    )


def _recipient(party: Party, medium: str) -> str:
    if medium == "email":
        return party.email or ""
    if medium == "sms":
        return party.mobile or ""
    town = " ".join(part for part in (party.postcode, party.city) if part)
    return ", ".join(part for part in (*party.address, town) if part)


def _level_tasks(rows: pl.DataFrame, occasion: _Occasion) -> list[Task]:
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
                receivables=tuple(_line(r, r["next_level"], r["next_number"]) for r in members),
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


def _debtor_tasks(decided: pl.DataFrame, verdict: str, occasion: _Occasion) -> list[Task]:
    """Return one task per debtor whose items have `verdict`: nobody else would see to it."""
    kind, subject = _DEBTOR_TASKS[verdict]
    say: Translate = translator(occasion.policy.creditor.language)
    rows = decided.filter((pl.col("verdict") == verdict) & pl.col("debtor_known")).sort(
        "debtor", "currency", "due", "number", nulls_last=True
    )
    tasks = []
    for debtor, group in groupby(rows.iter_rows(named=True), key=lambda row: row["debtor"]):
        members = list(group)
        party = party_of(members[0], occasion.policy)
        levels = sorted({row["next_level"] or "" for row in members if verdict == "unreachable"})
        tasks.append(
            Task(
                key=key_of([kind, debtor, *levels]),
                kind=kind,
                debtor=party,
                subject=say(subject).format(name=party.name, level=", ".join(levels)),
                receivables=tuple(_line(row) for row in members),
                currency=members[0]["currency"],
                due=occasion.today,
                owner=party.owner,
            )
        )
    return tasks
