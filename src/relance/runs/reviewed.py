"""A plan that somebody reviewed, beside the one of now: exactly that is executed, or nothing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from relance.diagnostics import Diagnostic
from relance.reports.plan_json import notice_fields, task_fields
from relance.runs import codes
from relance.runs.proposal import Proposal

LOOKED_AT = ("debtor", "level", "channel", "recipient", "language", "currency", "total_due", "receivables",
             "other_open", "credits", "paid_late", "approval")  # fmt: skip
"""Fields of a notice in which it may not differ."""

Fields = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Reviewed:
    """What stands in the file of a plan: its hash, and its notices and tasks in JSON."""

    plan_hash: str
    notices: Sequence[Fields]
    tasks: Sequence[Fields]


@dataclass(frozen=True, slots=True)
class Change:
    """How one notice or task differs: `fields` has what it was and what it is, by name."""

    what: Literal["gone", "added", "changed"]
    kind: Literal["notice", "task"]
    key: str
    debtor: str
    label: str
    fields: Mapping[str, tuple[Any, Any]]

    def as_json(self) -> dict[str, Any]:
        """Return the fields of the JSON contract."""
        changed = {name: {"then": then, "now": now} for name, (then, now) in self.fields.items()}
        return {"change": self.what, "kind": self.kind, "key": self.key, "debtor": self.debtor,
                "level": self.label, "fields": changed}  # fmt: skip


def changes_since(reviewed: Reviewed, proposal: Proposal) -> list[Change]:
    """Return how the notices and tasks of `proposal` differ from those that were reviewed."""
    notices = {n.key: notice_fields(n) for n in proposal.plan.notices}
    tasks = {t.key: task_fields(t) for t in proposal.plan.tasks}
    return [
        *_differences("notice", _by_key(reviewed.notices), notices, LOOKED_AT),
        *_differences("task", _by_key(reviewed.tasks), tasks, ("debtor", "kind", "subject")),
    ]


def refuse_other(reviewed: Reviewed, proposal: Proposal, changes: Sequence[Change]) -> list[Diagnostic]:  # fmt: skip
    """Return why `proposal` is not the plan that was reviewed; nothing if it is."""
    now, then = proposal.plan.plan_hash, reviewed.plan_hash
    if now == then and not changes:
        return []
    counts = {what: sum(c.what == what for c in changes) for what in ("gone", "added", "changed")}
    return [Diagnostic(codes.CHANGED, None, {"now": now[:12], "then": then[:12], **counts})]


def _by_key(rows: Sequence[Fields]) -> dict[str, Fields]:
    return {str(row.get("key")): row for row in rows}


def _differences(
    kind: Literal["notice", "task"],
    then: Mapping[str, Fields],
    now: Mapping[str, Fields],
    looked_at: Sequence[str],
) -> Iterator[Change]:
    label = "level" if kind == "notice" else "kind"

    def change(what: Literal["gone", "added", "changed"], row: Fields, fields: Any) -> Change:
        return Change(
            what, kind, str(row["key"]), str(row.get("debtor")), str(row.get(label)), fields
        )

    for key in sorted({*then, *now}):
        if key not in now:
            yield change("gone", then[key], {})
        elif key not in then:
            yield change("added", now[key], {})
        else:
            differs = {
                name: (then[key].get(name), now[key].get(name))
                for name in looked_at
                if then[key].get(name) != now[key].get(name)
            }
            if differs:
                yield change("changed", now[key], differs)
