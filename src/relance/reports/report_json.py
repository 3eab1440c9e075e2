"""The report as JSON: every figure with its formula, perimeter, VAT basis and date."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from relance.indicators.figure import Figure
from relance.indicators.report import Ageing, OfCurrency, Report, Scope
from relance.language import Translate
from relance.money import to_text
from relance.reports.report_words import plain_part, plain_value

Fields = dict[str, Any]


def report_json(report: Report, translate: Translate) -> Fields:
    """Return the JSON of `relance report`."""
    return {
        "schema_version": 1,
        "report_date": report.day.isoformat(),
        "creditor": report.creditor,
        "period": {"first": report.first.isoformat(), "last": report.last.isoformat()},
        "currencies": {
            one.currency: _currency(one, report, translate) for one in report.currencies
        },
    }


def _currency(one: OfCurrency, report: Report, translate: Translate) -> Fields:
    code = one.currency

    def text(minor: int | None) -> str | None:
        return None if minor is None else to_text(minor, code)

    def rows(found: Iterable[object], *money: str) -> list[Fields]:
        return [_row(each, money, code) for each in found]

    return {
        "known_from": _day(one.known_from),
        "sales_from": _day(one.sales_from),
        **_scope(one.whole, code, report.day, translate),
        "segments": [_named(s, code, report.day, translate) for s in one.of("segment")],
        "owners": [_named(s, code, report.day, translate) for s in one.of("owner")],
        "months": [
            {
                "month": f"{month.first:%Y-%m}",
                "first": _day(month.first),
                "last": _day(month.last),
                "sales": text(month.sales),
                "receipts": text(month.receipts),
                "open": text(month.open),
                "overdue": text(month.overdue),
                "dso": None if month.dso is None else str(month.dso),
                "dso_bound": "over" if month.over else "",
                "figures": _of_month(one, f"{month.first:%Y-%m}", month.last, translate),
            }
            for month in one.months
        ],
        "rolls": rows(one.rolls, "amount", "rolled", "paid"),
        "top_debtors": rows(one.top, "open", "overdue"),
        "deviating": rows(one.deviating, "open", "overdue"),
        "coverage": {
            "overdue": one.coverage.overdue,
            "reminded": one.coverage.reminded,
            "reasons": dict(one.coverage.reasons),
            "without": rows(one.coverage.without, "open"),
            "without_more": one.coverage.more,
        },
    }


def _of_month(one: OfCurrency, name: str, day: date, translate: Translate) -> list[Fields]:
    scope = next((s for s in one.of("month") if s.name == name), None)
    return [_figure(f, day, translate) for f in scope.figures] if scope else []


def _named(scope: Scope, code: str, day: date, translate: Translate) -> Fields:
    return {"name": scope.name, **_scope(scope, code, day, translate)}


def _scope(scope: Scope, code: str, day: date, translate: Translate) -> Fields:
    return {
        "ageing": _ageing(scope.ageing, code),
        "ageing_by_issue": _ageing(scope.by_issue, code),
        "figures": [_figure(figure, day, translate) for figure in scope.figures],
    }


def _ageing(ageing: Ageing | None, code: str) -> Fields | None:
    if ageing is None:
        return None
    totals = ("receivables", "credits", "unallocated", "net")
    return {
        "buckets": {
            bucket.name: {"amount": to_text(bucket.amount, code), "items": bucket.items}
            for bucket in ageing.buckets
        },
        **{name: to_text(getattr(ageing, name), code) for name in totals},
    }


def _figure(figure: Figure, day: date, translate: Translate) -> Fields:
    return {
        "key": figure.key,
        "name": translate(figure.name),
        "value": plain_value(figure),
        "unit": figure.unit,
        "bound": figure.bound,
        "formula": translate(figure.formula),
        "perimeter": translate(figure.perimeter),
        "vat": translate(figure.definition.vat),
        "additive": figure.definition.additive,
        "date": day.isoformat(),
        "parts": {name: plain_part(part, figure.currency) for name, part in figure.parts.items()},
        "needs": translate(figure.missing) if figure.missing else "",
    }


def _row(found: object, money: Iterable[str], code: str) -> Fields:
    names: Iterable[str] = getattr(type(found), "__slots__", ())
    fields: Fields = {name: getattr(found, name) for name in names}
    for name, value in fields.items():
        if name in money:
            fields[name] = to_text(value, code)
        elif isinstance(value, date):
            fields[name] = value.isoformat()
        elif value is not None and not isinstance(value, int | str):
            fields[name] = str(value)
    return fields


def _day(day: date | None) -> str | None:
    return None if day is None else day.isoformat()
