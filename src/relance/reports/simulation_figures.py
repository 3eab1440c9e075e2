"""What a simulation came to, for programs: JSON, and rows per day for spreadsheets."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

import polars as pl

from relance.money import to_text
from relance.reports.workbook import Cell, comma_separated
from relance.simulation.outcome import Count, Outcome
from relance.simulation.sides import Side, Simulation

HEADINGS = (
    "simulation", "day", "what", "owner", "segment", "procedure", "level", "channel", "kind", "count",
)  # fmt: skip


def simulation_json(played: Simulation) -> dict[str, Any]:
    """Return the JSON of `relance simulate`."""
    return {
        "schema_version": 1,
        "creditor": played.creditor,
        "run_date": played.today.isoformat(),
        "from": played.period.first.isoformat(),
        "to": played.period.last.isoformat(),
        "synthetic": played.synthetic,
        "seed": played.seed if played.drawn else None,
        "payments": {
            "depend_on_reminders": False,
            "drawn": played.drawn,
            "assumed": played.untold.assumed,
            "receivables_drawn": played.untold.drawn,
            "receivables_unforeseen": played.untold.unforeseen,
            "receivables_paid_on_unknown_days": played.untold.undated,
            "receivables_missing_left_out": played.untold.missing,
            "receivables_known_by_payments_only": played.untold.gone,
        },
        "simulations": [_side(side) for side in played.sides],
        "differences": _differences(*played.sides) if len(played.sides) == 2 else None,
    }


def _side(side: Side) -> dict[str, Any]:
    found = side.outcome
    return {
        "name": side.name,
        "sending_days": found.days,
        "receivables": found.receivables,
        "debtors": found.debtors,
        "debtors_contacted": found.contacted,
        **_count(found.total),
        "cost": _costs(found),
        "by_day": [{"day": day.isoformat(), **_count(n)} for day, n in found.by_day.items()],
        "by_owner": [{"owner": name or None, **_count(n)} for name, n in found.by_owner.items()],
        "task_kinds": [
            {"kind": name, "tasks": n.tasks, "minutes": n.minutes}
            for name, n in found.kinds.items()
        ],
        "channels": [
            {**asdict(each), "cost": _money(each.cost, found.currency)} for each in found.channels
        ],
        "levels": [asdict(each) for each in found.levels],
        "first_contact_days": asdict(found.first_contact) if found.first_contact else None,
        "contacts_in_30_days": asdict(found.pressure) if found.pressure else None,
        "left": [
            {
                "currency": each.currency,
                "receivables": each.receivables,
                **{
                    name: to_text(getattr(each, name), each.currency)
                    for name in ("open", "overdue", "credits")
                },
            }
            for each in found.left
        ],
    }


def _count(count: Count) -> dict[str, int]:
    return {"notices": count.notices, "tasks": count.tasks, "minutes": count.minutes}


def _money(minor: int | None, currency: str) -> str | None:
    return None if minor is None else to_text(minor, currency)


def _costs(found: Outcome) -> dict[str, Any]:
    return {
        "currency": found.currency,
        "channels": _money(found.cost_of_channels, found.currency),
        "work": _money(found.cost_of_work, found.currency),
        "total": _money(found.cost, found.currency),
        "channels_without_cost": list(found.uncosted),
    }


def _differences(one: Side, two: Side) -> dict[str, Any]:
    first, second = one.outcome, two.outcome
    cost = None
    if first.cost is not None and second.cost is not None and first.currency == second.currency:
        cost = to_text(second.cost - first.cost, first.currency)
    return {
        "notices": second.total.notices - first.total.notices,
        "tasks": second.total.tasks - first.total.tasks,
        "minutes": second.total.minutes - first.total.minutes,
        "debtors_contacted": second.contacted - first.contacted,
        "cost": cost,
    }


def simulation_csv(played: Simulation) -> str:
    """Return a row per simulation, day, owner, level and channel or kind of task, with their number."""
    rows: list[list[Cell]] = [list(HEADINGS)]
    for side in played.sides:
        notices = side.played.notices.with_columns(
            what=pl.lit("notice"), kind=pl.lit(None, pl.String)
        )
        tasks = side.played.tasks.with_columns(what=pl.lit("task"))
        names = list(HEADINGS[1:-1])
        both = pl.concat([notices.select(names), tasks.select(names)])
        counted = both.group_by(names).len().sort(names, nulls_last=True)
        rows += [[side.name, *row] for row in counted.iter_rows()]
    return comma_separated(rows)
