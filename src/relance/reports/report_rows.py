"""The report as rows: one long list of figures for programs, and the sheets of a workbook."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal

from relance.indicators.report import OfCurrency, Report, Scope
from relance.language import N_, Translate
from relance.money import to_decimal
from relance.reports import names
from relance.reports.report_words import cell, plain_part, plain_value, scope_text
from relance.reports.workbook import Cell

Row = list[Cell]

HEAD = (
    "report_date", "first", "last", "currency", "scope", "scope_name", "key", "name", "value",
    "unit", "bound", "needs", "formula", "perimeter", "vat", "parts",
)  # fmt: skip
"""Columns of the CSV: names for programs, the same in every language."""

WHOLE = N_("whole")
SCOPES = {
    "whole": WHOLE, "segment": N_("segment"), "owner": N_("owner"), "month": N_("month")
}  # fmt: skip


def csv_rows(report: Report, translate: Translate) -> list[Row]:
    """Return one row per figure and per bucket of an ageing, under HEAD."""
    found: list[Row] = [list(HEAD)]
    for one in report.currencies:
        for scope in one.scopes:
            head: Row = [
                report.day, report.first, report.last, one.currency, scope.kind, scope.name
            ]  # fmt: skip
            found += [[*head, *row] for row in _figure_rows(scope, translate)]
            found += [[*head, *row] for row in _bucket_rows(scope, one.currency, translate)]
    return found


def _figure_rows(scope: Scope, translate: Translate) -> Iterator[Row]:
    for figure in scope.figures:
        parts = "; ".join(f"{n}={plain_part(p, figure.currency)}" for n, p in figure.parts.items())
        yield [
            figure.key, translate(figure.name), plain_value(figure), figure.unit, figure.bound,
            translate(figure.missing) if figure.missing else "", translate(figure.formula),
            translate(figure.perimeter), translate(figure.definition.vat), parts,
        ]  # fmt: skip


def _bucket_rows(scope: Scope, currency: str, translate: Translate) -> Iterator[Row]:
    for ageing in (scope.ageing, scope.by_issue):
        for bucket in ageing.buckets if ageing else ():
            yield [
                f"ageing:{ageing.basis}:{bucket.name}" if ageing else "",
                translate(names.BUCKETS[bucket.name]), str(to_decimal(bucket.amount, currency)),
                "money", "", "", translate(_AGES["due" if ageing and ageing.basis == "due" else "issued"]),
                "", "", f"items={bucket.items}",
            ]  # fmt: skip


_AGES = {
    "due": N_("by days past the due date"),
    "issued": N_("by days since the date of issue"),
}


def sheets(report: Report, translate: Translate) -> list[tuple[str, Sequence[Sequence[Cell]]]]:
    """Return the sheets of the workbook: titles, and rows whose first is the headings."""
    _ = translate
    return [
        (_("Figures"), _figures(report, _)),
        (_("Ageing"), _ageing(report, _)),
        (_("Months"), _months(report, _)),
        (_("Roll rates"), _rolls(report, _)),
        (_("Debtors"), _debtors(report, _)),
        (_("Slipping"), _deviating(report, _)),
        (_("Without reminder"), _without(report, _)),
    ]


def _amount(minor: int | None, one: OfCurrency) -> Decimal | None:
    return None if minor is None else to_decimal(minor, one.currency)


def _figures(report: Report, _: Translate) -> list[Row]:
    head: Row = [
        _("Currency"), _("Of"), _("Name"), _("Figure"), _("Value"), _("Unit"), _("Bound"),
        _("Date"), _("Formula"), _("Perimeter"), _("VAT"), _("Needed"),
    ]  # fmt: skip
    units = {
        "money": _("amount"), "days": _("days"), "percent": "%", "count": _("number"), "ratio": "",
    }  # fmt: skip
    rows = [head]
    for one in report.currencies:
        for scope in one.scopes:
            name = "" if scope.kind == "whole" else scope_text(scope.kind, scope.name, _)
            rows += [
                [
                    one.currency, _(SCOPES[scope.kind]), name, _(figure.name), cell(figure),
                    units[figure.unit], _("over") if figure.bound else "", report.day,
                    _(figure.formula), _(figure.perimeter), _(figure.definition.vat),
                    _(figure.missing) if figure.missing else "",
                ]
                for figure in scope.figures
            ]  # fmt: skip
    return rows


def _ageing(report: Report, _: Translate) -> list[Row]:
    buckets = [_(name) for name in names.BUCKETS.values()]
    rows: list[Row] = [
        [
            _("Currency"), _("Of"), _("Name"), _("Age"), *buckets, _("Receivables"), _("Credits"),
            _("Not allocated"), _("Net balance"), _("Date"),
        ]
    ]  # fmt: skip
    for one in report.currencies:
        for scope in one.scopes:
            for ageing in filter(None, (scope.ageing, scope.by_issue)):
                name = "" if scope.kind == "whole" else scope_text(scope.kind, scope.name, _)
                totals = (ageing.receivables, ageing.credits, ageing.unallocated, ageing.net)
                amounts = [bucket.amount for bucket in ageing.buckets] + list(totals)
                rows.append(
                    [one.currency, _(SCOPES[scope.kind]), name, _(_AGES[ageing.basis]),
                     *(_amount(minor, one) for minor in amounts), report.day]
                )  # fmt: skip
    return rows


def _months(report: Report, _: Translate) -> list[Row]:
    rows: list[Row] = [
        [
            _("Currency"), _("Month"), _("Sales"), _("Receipts"), _("Receivables"), _("Past due"),
            _("DSO, counted back"), _("Bound"),
        ]
    ]  # fmt: skip
    for one in report.currencies:
        for month in one.months:
            amounts = (month.sales, month.receipts, month.open, month.overdue)
            rows.append(
                [one.currency, month.last, *(_amount(minor, one) for minor in amounts), month.dso,
                 _("over") if month.over else ""]
            )  # fmt: skip
    return rows


def _rolls(report: Report, _: Translate) -> list[Row]:
    rows: list[Row] = [
        [_("Currency"), _("From"), _("Age"), _("Amount"), _("Older after 30 days"), _("Paid"), "%"]
    ]
    for one in report.currencies:
        for roll in one.rolls:
            amounts = (roll.amount, roll.rolled, roll.paid)
            rows.append(
                [one.currency, roll.month, _(names.BUCKETS[roll.bucket]),
                 *(_amount(minor, one) for minor in amounts), roll.rate]
            )  # fmt: skip
    return rows


def _debtors(report: Report, _: Translate) -> list[Row]:
    rows: list[Row] = [
        [
            _("Currency"), _("Debtor"), _("Name"), _("Segment"), _("Owner"), _("Open"),
            _("Past due"), _("Days past due"), "%",
        ]
    ]  # fmt: skip
    for one in report.currencies:
        rows += [
            [one.currency, d.debtor, d.name, d.segment, d.owner, _amount(d.open, one),
             _amount(d.overdue, one), d.oldest, d.share]
            for d in one.top
        ]  # fmt: skip
    return rows


def _deviating(report: Report, _: Translate) -> list[Row]:
    rows: list[Row] = [
        [
            _("Currency"), _("Debtor"), _("Name"), _("Segment"), _("Owner"), _("Days before"),
            _("Receivables before"), _("Days lately"), _("Receivables lately"), _("Past due"),
        ]
    ]  # fmt: skip
    for one in report.currencies:
        rows += [
            [one.currency, d.debtor, d.name, d.segment, d.owner, d.earlier_days, d.earlier,
             d.recent_days, d.recent, _amount(d.overdue, one)]
            for d in one.deviating
        ]  # fmt: skip
    return rows


def _without(report: Report, _: Translate) -> list[Row]:
    rows: list[Row] = [
        [_("Currency"), _("Number"), _("Debtor"), _("Name"), _("Open"), _("Days past due")]
    ]
    for one in report.currencies:
        rows += [
            [one.currency, u.number, u.debtor, u.name, _amount(u.open, one), u.days_past_due]
            for u in one.coverage.without
        ]
    return rows
