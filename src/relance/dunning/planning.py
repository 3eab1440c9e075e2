"""From verdicts to the plan: grouped, sorted, keyed."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from datetime import date
from itertools import groupby
from typing import Any

import polars as pl

from relance.dunning.keys import claim_of, key_of
from relance.dunning.levels import Rung, rungs
from relance.dunning.plan import Line, Notice, Party, Plan, Task
from relance.dunning.reach import Reach
from relance.language import N_, Translate, translator
from relance.policy.model import Policy

Row = Mapping[str, Any]

FIND_ADDRESS = N_("Find an address for {name}: level {level} cannot reach this debtor")
DECLARE_CLAIM = N_("Declare the claim on {name}: collective proceedings are open")


def make_plan(
    decided: pl.DataFrame, policy: Policy, today: date, reach: Reach, tasks_done: frozenset[str]
) -> Plan:
    """Return the plan of the items in `decided`, a frame made by `decide`.

    Args:
        reach: the medium of each channel.
        tasks_done: keys of tasks that the history has; they are not proposed again.
    """
    act = (pl.col("verdict") == "act").fill_null(value=False)
    order = ["debtor", "currency", pl.col("top_rung") * -1, "group", "due", "number", "item"]
    acting = decided.filter(act).sort(order)
    messages = acting.filter(~pl.col("is_task"))
    held = decided.filter(~act).sort("debtor", "number", "item")
    found = [
        *_level_tasks(acting.filter("is_task"), policy, today),
        *_debtor_tasks(held, "unreachable", "find_address", FIND_ADDRESS, policy, today),
        *_debtor_tasks(held, "insolvent", "declare_claim", DECLARE_CLAIM, policy, today),
    ]
    tasks = tuple(
        sorted((t for t in found if t.key not in tasks_done), key=lambda t: (t.debtor.id, t.key))
    )
    return Plan(
        run_date=today,
        creditor=policy.creditor.name,
        acting=messages,
        held=held,
        tasks=tasks,
        summary=_summary(decided),
        plan_hash=_hash(messages, tasks, today),
        write=_writer(decided, policy, today, reach),
    )


def _summary(decided: pl.DataFrame) -> dict[str, int]:
    counts = decided["verdict"].value_counts().sort("count", "verdict", descending=[True, False])
    return {"receivables": decided.height, **dict(counts.iter_rows())}


_HASHED = ("group", "item", "number", "currency", "open", "due", "next_level", "cycle", "party_name",
           "email", "mobile", "address", "postcode", "city", "language")  # fmt: skip


def _hash(messages: pl.DataFrame, tasks: tuple[Task, ...], today: date) -> str:
    digest = hashlib.sha256(today.isoformat().encode())
    columns = [*_HASHED, pl.col("channels").list.join(",")]
    digest.update(messages.select(columns).write_csv().encode())
    for task in tasks:
        digest.update(task.key.encode())
    return digest.hexdigest()


def _writer(
    decided: pl.DataFrame, policy: Policy, today: date, reach: Reach
) -> Callable[[pl.DataFrame], tuple[Notice, ...]]:
    """Return the function that makes the notices of rows of the plan."""
    ladder = rungs(policy.procedures)

    def write(rows: pl.DataFrame) -> tuple[Notice, ...]:
        around = _around(decided, rows)
        notices: list[Notice] = []
        for _, group in groupby(rows.iter_rows(named=True), key=lambda row: row["group"]):
            notices += _notices(list(group), ladder, around, policy, today, reach)
        return tuple(notices)

    return write


def _around(decided: pl.DataFrame, rows: pl.DataFrame) -> dict[tuple[str, str], list[Row]]:
    """Return the open items and credits of the debtors in `rows`, by debtor and currency."""
    others = (
        decided.filter((pl.col("open") != 0) & ~pl.col("missing"))
        .join(rows.select("debtor", "currency").unique(), on=["debtor", "currency"], how="semi")
        .sort("debtor", "currency", "due", "number", "item", nulls_last=True)
        .select(*_LINE_COLUMNS, "debtor", "currency", "credit")
    )
    table: dict[tuple[str, str], list[Row]] = {}
    for row in others.iter_rows(named=True):
        table.setdefault((row["debtor"], row["currency"]), []).append(row)
    return table


def _notices(
    rows: list[Row],
    ladder: tuple[Rung, ...],
    around: Mapping[tuple[str, str], list[Row]],
    policy: Policy,
    today: date,
    reach: Reach,
) -> list[Notice]:
    """Return the notices of one group: one, or one per channel where the level uses them all."""
    first, rung = rows[0], ladder[rows[0]["top_rung"]]
    level, channels = rung.level, first["channels"]
    lines = tuple(_line(row, row["next_level"], row["next_number"]) for row in rows)
    claims = [claim_of(r["item"], r["procedure"], r["next_level"], r["cycle"]) for r in rows]
    claimed = {line.item for line in lines}
    rest = around.get((first["debtor"], first["currency"]), []) if level.statement else []
    party = party_of(first, policy)
    after = _rung_after(rung, ladder)
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
            medium=reach[channel],
            recipient=_recipient(party, reach[channel]),
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
            run_date=today,
            next_level_id=after.level.id if after else None,
            next_level_days=after.level.days if after else None,
            channels_left=() if level.all else tuple(channels[1:]),
        )
        for channel in used
    ]


def _rung_after(rung: Rung, ladder: tuple[Rung, ...]) -> Rung | None:
    following = ladder[rung.index + 1] if rung.index + 1 < len(ladder) else None
    return following if following and following.procedure.name == rung.procedure.name else None


_LINE_COLUMNS = ("item", "number", "kind", "issued", "due", "days_past_due", "amount", "open",
                 "cycle", "reference", "order_number")  # fmt: skip


def _line(row: Row, level: str | None = None, number: int | None = None) -> Line:
    values = {name: row[name] for name in _LINE_COLUMNS}
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


def _level_tasks(rows: pl.DataFrame, policy: Policy, today: date) -> list[Task]:
    ladder = rungs(policy.procedures)
    tasks = []
    for _, group in groupby(rows.iter_rows(named=True), key=lambda row: row["group"]):
        members = list(group)
        first, rung = members[0], ladder[members[0]["top_rung"]]
        task = rung.level.task
        if task is None:
            continue
        claims = [claim_of(r["item"], r["procedure"], r["next_level"], r["cycle"]) for r in members]
        tasks.append(
            Task(
                key=key_of([*claims, "task"]),
                kind=task.kind,
                debtor=party_of(first, policy),
                subject=task.subject,
                receivables=tuple(_line(r, r["next_level"], r["next_number"]) for r in members),
                currency=first["currency"],
                due=today,
                owner=task.owner or first["owner"],
                segment=first["segment"],
                procedure=first["procedure"],
                level=rung.level.id,
                level_number=rung.number,
                channel=first["channels"][0],
            )
        )
    return tasks


def _debtor_tasks(
    held: pl.DataFrame, verdict: str, kind: str, subject: str, policy: Policy, today: date
) -> list[Task]:
    """Return one task per debtor whose items have `verdict`: nobody else would see to it."""
    say: Translate = translator(policy.creditor.language)
    rows = held.filter((pl.col("verdict") == verdict) & pl.col("debtor_known")).sort(
        "debtor", "currency", "due", "number", nulls_last=True
    )
    tasks = []
    for debtor, group in groupby(rows.iter_rows(named=True), key=lambda row: row["debtor"]):
        members = list(group)
        party = party_of(members[0], policy)
        levels = sorted({row["next_level"] or "" for row in members if verdict == "unreachable"})
        tasks.append(
            Task(
                key=key_of([kind, debtor, *levels]),
                kind=kind,
                debtor=party,
                subject=say(subject).format(name=party.name, level=", ".join(levels)),
                receivables=tuple(_line(row) for row in members),
                currency=members[0]["currency"],
                due=today,
                owner=party.owner,
            )
        )
    return tasks
