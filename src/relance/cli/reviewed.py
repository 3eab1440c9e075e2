"""A plan in a file: read to be executed, and what differs from it shown."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from relance.cli.exits import Exit, Stop
from relance.cli.words import _
from relance.reports.figures import safe
from relance.reports.tables import Column, Table

if TYPE_CHECKING:
    from relance.runs.reviewed import Change, Reviewed

SHOWN = 20
"""Differences shown one by one; --json has them all."""


def read_plan(file: Path) -> tuple[Reviewed, date]:
    """Return the plan that `relance plan -o` wrote, and its run date.

    Raises:
        Stop: if there is no such file, or it holds something else.
    """
    import json

    from relance.runs.reviewed import Reviewed

    try:
        content = json.loads(file.read_text("utf-8"))
        found = Reviewed(
            str(content["plan_hash"]), _rows(content, "notices"), _rows(content, "tasks")
        )
        return found, date.fromisoformat(content["run_date"])
    except FileNotFoundError:
        raise Stop(Exit.USAGE, _("there is no file {file}").format(file=file)) from None
    except (ValueError, KeyError, TypeError, AttributeError):
        raise Stop(
            Exit.USAGE,
            _("{file} is not a plan").format(file=file),
            _("`relance plan -o {file}` writes one").format(file=file),
        ) from None


def _rows(content: Any, name: str) -> list[dict[str, Any]]:
    return [{**row} for row in content[name]]


def changes_table(changes: Sequence[Change]) -> Table:
    """Return what differs from the plan that was reviewed, the first of it."""
    whats = {"gone": _("gone"), "added": _("new"), "changed": _("changed")}
    rows = [[whats[c.what], safe(c.debtor), safe(c.label), safe(_told(c))] for c in changes[:SHOWN]]
    columns = [Column(_("Change")), Column(_("Debtor"), fit="cut"), Column(_("Level")),
               Column(_("From → to"), fit="wrap")]  # fmt: skip
    left = len(changes) - SHOWN
    note = _("… and {count} more: --json has them all").format(count=left) if left > 0 else ""
    return Table(_("Changed since the plan was reviewed"), columns, rows, note=note)


def _told(change: Change) -> str:
    return ", ".join(
        f"{name}: {_short(then)} → {_short(now)}" for name, (then, now) in change.fields.items()
    )


def _short(value: Any) -> str:
    """Return a value in a few words; items are told by number and open balance."""
    if not isinstance(value, list):
        return "–" if value is None else str(value)
    items = [f"{row.get('number')} {row.get('open')}" for row in value if isinstance(row, dict)]
    more = f" … ({len(items)})" if len(items) > 3 else ""
    return ", ".join(items[:3]) + more or "–"
