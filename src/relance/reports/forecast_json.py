"""The cash forecast, for programs and spreadsheets."""

from __future__ import annotations

from typing import Any

from relance.language import translator
from relance.money import to_decimal, to_text
from relance.reports.workbook import Cell
from relance.simulation.cash import DRAWS
from relance.simulation.forecasts import CashForecast, Sum
from relance.simulation.judged import Coverage, coverage_of
from relance.simulation.past import FEWEST_SETTLED, Trial


def cash_json(found: CashForecast) -> dict[str, Any]:
    """Return the forecast as JSON: amounts as text, shares from 0 to 1, quantiles null below a useful size."""
    return {
        "weeks": [
            {
                "from": week.first.isoformat(),
                "to": week.last.isoformat(),
                "currencies": {
                    currency: _sum(sums[number], currency)
                    for currency, sums in found.by_week.items()
                },
            }
            for number, week in enumerate(found.weeks)
        ],
        "total": {
            currency: {
                "open": to_text(found.open[currency], currency),
                "overdue": to_text(found.overdue[currency], currency),
                **_sum(one, currency),
            }
            for currency, one in found.total.items()
        },
        "left_out": [
            {
                "reason": one.reason,
                "currency": one.currency,
                "receivables": one.count,
                "amount": to_text(one.amount, one.currency),
            }
            for one in found.left_out
        ],
        "basis": {
            "settled": found.settled,
            "settled_needed": FEWEST_SETTLED,
            "promises_known": found.promises.known,
            "promises_kept": found.promises.kept,
            "promises_share": round(found.promises.share, 4),
            "draws": DRAWS,
            "seed": found.seed,
        },
        "backtest": None if found.trial is None else trial_json(found.trial),
    }


def _sum(one: Sum, currency: str) -> dict[str, str | None]:
    told = one.expected
    return {
        "due": to_text(one.due, currency),
        "p10": to_text(told.low, currency) if told else None,
        "p50": to_text(told.middle, currency) if told else None,
        "p90": to_text(told.high, currency) if told else None,
    }


def trial_json(trial: Trial) -> dict[str, Any]:
    """Return how good earlier forecasts would have been."""
    return {
        "computed": _coverage(coverage_of(trial.judged)),
        "widened": _coverage(coverage_of(trial.widened)),
        "together": round(trial.together.share, 4),
        "pairs": trial.pairs,
        "widening": {
            "down": round(trial.widening.down, 4),
            "up": round(trial.widening.up, 4),
            "weeks": trial.widening.weeks,
        },
    }


def judged_json(trial: Trial) -> list[dict[str, Any]]:
    """Return each week of the past that was judged."""
    return [
        {
            "origin": one.origin.isoformat(),
            "week": one.week + 1,
            "currency": one.currency,
            "p10": to_text(one.said.low, one.currency),
            "p50": to_text(one.said.middle, one.currency),
            "p90": to_text(one.said.high, one.currency),
            "came": to_text(one.came, one.currency),
        }
        for one in trial.judged
    ]


def _coverage(found: Coverage | None) -> dict[str, Any] | None:
    if found is None:
        return None
    return {
        "weeks": found.weeks,
        "forecasts": found.origins,
        "within": round(found.within, 4),
        "below_p10": round(found.below_low, 4),
        "below_p50": round(found.below_middle, 4),
    }


def cash_rows(found: CashForecast, language: str) -> list[list[Cell]]:
    """Return the forecast as rows of a sheet, with headings."""
    _ = translator(language)
    rows: list[list[Cell]] = [
        [_("Week from"), _("to"), _("Currency"), _("Falls due"), "P10", "P50", "P90"]
    ]
    for currency, sums in found.by_week.items():
        for week, one in zip(found.weeks, sums, strict=True):
            told = one.expected
            amounts = [told.low, told.middle, told.high] if told else [None, None, None]
            cells = [None if n is None else to_decimal(n, currency) for n in [one.due, *amounts]]
            rows.append([week.first, week.last, currency, *cells])
    return rows
