"""The JSON of a plan, written piece by piece: a million held items never become objects."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import polars as pl

from relance.diagnostics import Diagnostic
from relance.dunning.plan import Line, Notice, Plan, Task
from relance.dunning.verdicts import LINES, reason
from relance.money import to_text

SCHEMA_VERSION = 1
_SLICE = 50_000


def plan_json(
    plan: Plan, diagnostics: Sequence[Diagnostic], language: str, stops: Sequence[Diagnostic] = ()
) -> Iterator[str]:
    """Yield the pieces of the JSON of `plan`; each notice, task and held item is one line.

    `stops` is what would keep it from being sent.
    """
    yield from _head(plan)
    yield from _list("notices", (_dumped(notice_fields(n)) for n in plan.notices))
    yield from _list("tasks", (_dumped(task_fields(t)) for t in plan.tasks))
    yield from _list("held", _held(plan.held, language))
    yield f' "summary": {_dumped(plan.summary)},\n'
    yield from _list("stops", (_dumped(d.as_json(language)) for d in stops))
    yield from _list("diagnostics", (_dumped(d.as_json(language)) for d in diagnostics), last=True)
    yield "}\n"


def _head(plan: Plan) -> Iterator[str]:
    fields = {
        "schema_version": SCHEMA_VERSION,
        "run_date": plan.run_date.isoformat(),
        "creditor": plan.creditor,
        "plan_hash": plan.plan_hash,
    }
    yield "{"
    for name, value in fields.items():
        yield f' "{name}": {_dumped(value)},\n'


def _list(name: str, texts: Iterable[str], *, last: bool = False) -> Iterator[str]:
    yield f' "{name}": ['
    between = "\n  "
    for text in texts:
        yield between + text
        between = ",\n  "
    yield "]\n" if last else "],\n"


def _dumped(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)


def notice_fields(notice: Notice) -> dict[str, Any]:
    """Return the fields of a notice in the JSON contract."""
    return {
        "key": notice.key,
        "debtor": notice.debtor.id,
        "debtor_name": notice.debtor.name,
        "segment": notice.segment,
        "procedure": notice.procedure,
        "level": notice.level,
        "level_number": notice.level_number,
        "channel": notice.channel,
        "medium": notice.medium,
        "recipient": notice.recipient,
        "language": notice.language,
        "language_source": notice.debtor.language_source,
        "template": notice.template,
        "currency": notice.currency,
        "receivables": [_claimed(line, notice.currency) for line in notice.receivables],
        "other_open": [_stated(line, notice.currency) for line in notice.other_open],
        "credits": [_stated(line, notice.currency) for line in notice.credits],
        "paid_late": [_late(line, notice.currency) for line in notice.paid_late],
        **_amounts(notice, ("total_open", "interest", "compensation", "fee", "total_due"), notice),
        "approval": notice.approval,
        **_form(notice),
        "recipient_changed": notice.recipient_changed,
        **_of_a_test(notice),
    }


def _form(notice: Notice) -> dict[str, Any]:
    """Return the variant, the arm, the link and the role addressed, of a notice that has them."""
    variant = {"variant": notice.variant} if notice.variant else {}
    link = {"link": notice.link} if notice.link else {}
    tried = {"experiment": notice.experiment, "arm": notice.arm} if notice.arm else {}
    return variant | tried | link | ({"to": notice.debtor.role} if notice.debtor.role else {})


def _of_a_test(notice: Notice) -> dict[str, Any]:
    """Return whom a notice of a test would have gone to; nothing in production."""
    return {} if notice.meant_for is None else {"meant_for": notice.meant_for}


def _amounts(value: object, names: Sequence[str], notice: Notice) -> dict[str, str]:
    return {name: to_text(getattr(value, name), notice.currency) for name in names}


def _claimed(line: Line, currency: str) -> dict[str, Any]:
    disputed = {"disputed": to_text(line.disputed, currency)} if line.disputed else {}
    return {**_stated(line, currency), **disputed, "level": line.level, **_charges(line, currency)}


def _late(line: Line, currency: str) -> dict[str, Any]:
    """Return an item whose principal is paid, with what is left of its accessories."""
    paid = line.paid.isoformat() if line.paid else None
    return {**_stated(line, currency), "paid": paid, **_charges(line, currency)}


def _charges(line: Line, currency: str) -> dict[str, str]:
    names = ("interest", "compensation", "fee")
    return {name: to_text(getattr(line, name), currency) for name in names}


def _stated(line: Line, currency: str) -> dict[str, Any]:
    return {
        "number": line.number,
        "issued": line.issued.isoformat() if line.issued else None,
        "due": line.due.isoformat() if line.due else None,
        "days_past_due": line.days_past_due,
        "amount": to_text(line.amount, currency),
        "open": to_text(line.open, currency),
    }


def task_fields(task: Task) -> dict[str, Any]:
    """Return the fields of a task in the JSON contract."""
    return {
        "key": task.key,
        "kind": task.kind,
        "debtor": task.debtor.id,
        "debtor_name": task.debtor.name,
        "subject": task.subject,
        "receivables": [line.number for line in task.receivables],
        "due": task.due.isoformat(),
        "owner": task.owner,
        "procedure": task.procedure,
        "level": task.level,
        **({"text": task.text} if task.text else {}),
    }


def _held(held: pl.DataFrame, language: str) -> Iterator[str]:
    for rows in held.iter_slices(_SLICE):
        yield from _with_reasons(rows, language)["json"]


def _with_reasons(rows: pl.DataFrame, language: str) -> pl.DataFrame:
    """Return the JSON of held items, in order; each reason is written for its own rows only."""
    numbered = rows.with_row_index("place")
    parts = [
        part.select("place", _held_json(reason(LINES[line], language)).alias("json"))
        for (line,), part in numbered.partition_by("verdict_line", as_dict=True).items()
    ]
    return pl.concat(parts).sort("place") if parts else pl.DataFrame({"json": []})


def _held_json(why: pl.Expr) -> pl.Expr:
    fields: Mapping[str, pl.Expr] = {
        "number": pl.col("number"),
        "debtor": pl.col("debtor"),
        "verdict": pl.col("verdict"),
        "reason": why,
        "until": pl.col("until").dt.to_string("%Y-%m-%d"),
        "next_level": pl.col("next_level"),
    }
    return pl.struct(
        expression.alias(name) for name, expression in fields.items()
    ).struct.json_encode()
