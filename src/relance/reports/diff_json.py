"""What a change of the policy does today, as JSON for programs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import polars as pl

from relance.dunning.difference import Differences, LevelChange, Sums, TaskChange
from relance.dunning.difference_notices import Instead, NoticeChange, Outgoing
from relance.dunning.plan import Plan
from relance.money import to_text
from relance.notices.texts import TextChange
from relance.reports.diff_words import AMOUNTS, PERSONAL

SCHEMA_VERSION = 1


def diff_json(
    found: Differences,
    texts: Sequence[TextChange],
    titles: tuple[str, str],
    *,
    differs: bool,
    names: bool,
) -> dict[str, Any]:
    """Return the fields of `relance diff --json`; with `names`, debtors and addresses are named.

    `differs` is whether anything does, what is beside the plans included.
    """
    return {
        "schema_version": SCHEMA_VERSION,
        "run_date": found.new.run_date.isoformat(),
        "creditor": found.new.creditor,
        "old": _side(found.old, titles[0]),
        "new": _side(found.new, titles[1]),
        "differs": differs,
        "levels": [_level(row) for row in found.levels],
        "notices": [_notice(change, names=names) for change in found.notices],
        "tasks": [_task(change, names=names) for change in found.tasks],
        "held": _held(found.held, names=names),
        "segments": found.segments.rename({"segment": "old", "segment_new": "new"}).to_dicts(),
        "templates": [
            {"template": one.template, "files": dict(one.files), "levels": list(one.levels)}
            for one in texts
        ],
    }


def _side(plan: Plan, title: str) -> dict[str, Any]:
    return {
        "name": title,
        "plan_hash": plan.plan_hash,
        "notices": plan.notice_count,
        "tasks": len(plan.tasks),
        "summary": plan.summary,
    }


def _level(row: LevelChange) -> dict[str, Any]:
    return {
        "segment": row.segment,
        "procedure": row.procedure,
        "level": row.level,
        "currency": row.currency,
        "old": _sums(row.old, row.currency),
        "new": _sums(row.new, row.currency),
        "added": row.added,
        "removed": row.removed,
        "changed": row.changed,
        "claimed": to_text(row.claimed, row.currency),
    }


def _sums(sums: Sums, currency: str) -> dict[str, Any]:
    return {"notices": sums.notices, "items": sums.items, "open": to_text(sums.open, currency)}


def _notice(change: NoticeChange, *, names: bool) -> dict[str, Any]:
    notice = change.outgoing.notice
    who = {"debtor": notice.debtor.id}
    who |= {"debtor_name": notice.debtor.name} if names else {}
    sides = {"old": change.old, "new": change.new}
    return {
        "change": change.what,
        **who,
        "segment": notice.segment,
        "currency": notice.currency,
        **{name: one and _outgoing(one, names=names) for name, one in sides.items()},
        "fields": _fields(change.fields, notice.currency, names=names),
        "instead": _instead(change.instead),
    }


def _outgoing(one: Outgoing, *, names: bool) -> dict[str, Any]:
    notice = one.notice
    amounts = ("total_open", "interest", "compensation", "fee", "total_due")
    return {
        "key": notice.key,
        "procedure": notice.procedure,
        "level": notice.level,
        "channels": list(one.channels),
        **({"recipients": list(one.recipients)} if names else {}),
        "template": notice.template,
        "receivables": [line.number for line in notice.receivables],
        **{name: to_text(getattr(notice, name), notice.currency) for name in amounts},
    }


def _instead(instead: Instead | None) -> dict[str, Any] | None:
    if instead is None or not instead.verdict:
        return None
    until = instead.until.isoformat() if instead.until else None
    return {"verdict": instead.verdict, "until": until, "task": instead.is_task}


def _fields(
    fields: Mapping[str, tuple[object, object]], currency: str, *, names: bool
) -> dict[str, Any]:
    return {
        name: None
        if name in PERSONAL and not names
        else {"old": _value(name, then, currency), "new": _value(name, now, currency)}
        for name, (then, now) in fields.items()
    }


def _value(name: str, value: object, currency: str) -> object:
    if name in AMOUNTS and isinstance(value, int):
        return to_text(value, currency)
    if isinstance(value, date):
        return value.isoformat()
    return list(value) if isinstance(value, tuple) else value


def _task(change: TaskChange, *, names: bool) -> dict[str, Any]:
    task = change.task
    who = {"debtor": task.debtor.id}
    who |= {"debtor_name": task.debtor.name, "subject": task.subject} if names else {}
    return {
        "change": change.what,
        "key": task.key,
        "kind": task.kind,
        **who,
        "procedure": task.procedure,
        "level": task.level,
        "receivables": [line.number for line in task.receivables],
        "fields": _fields(change.fields, task.currency, names=names),
    }


def _held(held: pl.DataFrame, *, names: bool) -> list[dict[str, Any]]:
    return [_waiting(row, names=names) for row in held.iter_rows(named=True)]


def _waiting(row: Mapping[str, Any], *, names: bool) -> dict[str, Any]:
    def side(of: str) -> dict[str, Any]:
        until = row[f"until{of}"]
        return {
            "verdict": row[f"verdict{of}"],
            "until": until.isoformat() if until else None,
            "next_level": row[f"next_level{of}"],
        }

    who = {"debtor_name": row["name"]} if names else {}
    return {
        "number": row["number"],
        "debtor": row["debtor"],
        **who,
        "segment": row["segment"],
        "currency": row["currency"],
        "balance": to_text(row["balance"], row["currency"]),
        "old": side(""),
        "new": side("_new"),
    }
