"""The report on the screen: the aged balance, the figures, and what lies behind them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from relance.indicators.figure import Figure
from relance.indicators.report import Ageing, OfCurrency, Report, Scope, ScopeKind
from relance.language import N_, Translate, translator
from relance.reports import names
from relance.reports.figures import amount_text, count_text, date_text, long_date_text, safe
from relance.reports.report_words import (
    days_text,
    percent_text,
    period_text,
    plain_part,
    scope_text,
    value_text,
)
from relance.reports.tables import Column, Table

if TYPE_CHECKING:
    from rich.console import RenderableType

_BAR = 16

GROUPS = (
    (N_("What is owed"), ("overdue_share", "over_60_share", "top10_share", "unapplied", "disputed",
                          "dispute_rate", "dispute_age")),
    (N_("How fast it is paid"), ("dso", "dso_simple", "dso_true", "bpdso", "add", "days_late",
                                 "cei", "sales", "receipts")),
    (N_("What dunning does"), ("coverage", "notices", "cost", "contactable", "bounced", "in_doubt",
                               "promises_kept", "promises_kept_amount", "make_up")),
    (N_("How invoices are issued"), ("month_end_share", "invoicing_days", "invoicing_delay")),
)  # fmt: skip
"""Figures as they stand together on the screen; those of the aged balance are above them."""

_BY = {
    "segment": (N_("By segment"), N_("Segment")),
    "owner": (N_("By owner"), N_("Owner")),
    "month": (N_("By month"), N_("Month")),
}
_BESIDE = ("receivables", "overdue", "overdue_share", "dso", "days_late", "cei")
"""Figures of scopes beside one another, those that matter most first."""


def report_view(
    report: Report, language: str, *, by: Sequence[ScopeKind] = (), explain: bool = False
) -> Iterator[RenderableType]:
    """Yield what is shown of the report: `by` scopes beside one another, `explain` with formulas."""
    from rich.text import Text

    _ = translator(language)
    title = f"{safe(report.creditor)} · {long_date_text(report.day, language)}"
    yield Text(title, style="bold")
    yield Text(_("All amounts with VAT; {period}.").format(period=period_text(report, language)))
    for one in report.currencies:
        yield from _currency(one, language, by, explain=explain)


def _currency(
    one: OfCurrency, language: str, by: Sequence[ScopeKind], *, explain: bool
) -> Iterator[RenderableType]:
    if one.whole.ageing:
        yield ageing_table(one.whole.ageing, one.currency, language)
    if by:
        for kind in by:
            yield scopes_table(one, kind, language)
    else:
        months = months_table(one, language)
        if months.rows:
            yield months
    for title, keys in GROUPS:
        known = [f for key in keys if (f := one.whole.figure(key)) and f.value is not None]
        if known:
            yield figures_table(title, known, language, explain=explain)
    for table in (rolls_table, top_table, deviating_table, coverage_table):
        found = table(one, language)
        if found.rows:
            yield found
    lacks = lacks_table(one.whole, language)
    if lacks.rows:
        yield lacks


def ageing_table(ageing: Ageing, currency: str, language: str) -> Table:
    """Return the aged balance: its buckets add up to the receivables."""
    _ = translator(language)
    total = ageing.receivables

    def amount(minor: int) -> str:
        return amount_text(minor, currency, language) if minor else "–"

    rows = [
        [
            _(names.BUCKETS[bucket.name]), count_text(bucket.items, language) if bucket.items else "–",
            amount(bucket.amount), _share(bucket.amount, total, language), _bar(bucket.amount, total),
        ]
        for bucket in ageing.buckets
    ]  # fmt: skip
    totals = [
        [_("Receivables"), count_text(sum(b.items for b in ageing.buckets), language), amount(total), "", ""],
        [_("Credits and payments on account"), "", amount(-ageing.credits), "", ""],
        [_("Net balance"), "", amount(ageing.net), "", ""],
    ]  # fmt: skip
    if ageing.unallocated:
        totals.append([_("Payments in nobody's balance"), "", amount(ageing.unallocated), "", ""])
    columns = [
        Column(_("Past due")), Column(_("Items"), "right"), Column(_("Balance"), "right"),
        Column("%", "right"), Column("", fit="drop", style="cyan"),
    ]  # fmt: skip
    return Table(_("Aged balance in {currency}").format(currency=currency), columns, rows, totals)


def _share(part: int, whole: int, language: str) -> str:
    from relance.indicators.dso import percent

    return percent_text(percent(part, whole), language)


def _bar(part: int, whole: int) -> str:
    if whole <= 0 or part <= 0:
        return ""
    return "█" * max(1, (2 * _BAR * part + whole) // (2 * whole))


def figures_table(
    title: str, figures: Iterable[Figure], language: str, *, explain: bool = False
) -> Table:
    """Return figures under one another; `explain` with formula, perimeter and VAT basis."""
    _ = translator(language)
    if not explain:
        rows = [[_(figure.name), value_text(figure, language)] for figure in figures]
        return Table(_(title), [Column("", fit="wrap"), Column("", "right")], rows)
    columns = [Column("", fit="wrap"), Column("", "right"), Column("", fit="wrap", style="dim")]
    rows = [
        [_(figure.name), value_text(figure, language), _explained(figure, _)] for figure in figures
    ]
    return Table(_(title), columns, rows)


def _explained(figure: Figure, _: Translate) -> str:
    parts = ", ".join(f"{n} {plain_part(p, figure.currency)}" for n, p in figure.parts.items())
    vat = _(figure.definition.vat)
    told = f"= {_(figure.formula)} — {_(figure.perimeter)} — {vat}"
    return f"{told} [{parts}]" if parts else told


def scopes_table(one: OfCurrency, kind: ScopeKind, language: str) -> Table:
    """Return segments, owners or months beside one another."""
    _ = translator(language)
    title, head = _BY[kind]
    scopes = one.of(kind)
    keys = [
        key
        for key in _BESIDE
        if any((f := scope.figure(key)) and f.value is not None for scope in scopes)
    ]
    columns = [Column(_(head), fit="cut"), *(Column(_(_SHORT[key]), "right") for key in keys)]
    rows = [
        [safe(scope_text(kind, scope.name, _)), *(_value(scope, key, language) for key in keys)]
        for scope in scopes
    ]
    return Table(f"{_(title)}, {one.currency}", columns, rows)


_SHORT = {
    "receivables": N_("Receivables"),
    "overdue": N_("Past due"),
    "overdue_share": "%",
    "dso": "DSO",
    "days_late": N_("Late"),
    "cei": "CEI",
}


def _value(scope: Scope, key: str, language: str) -> str:
    figure = scope.figure(key)
    return value_text(figure, language) if figure else "–"


def months_table(one: OfCurrency, language: str) -> Table:
    """Return the months of the period."""
    _ = translator(language)

    def amount(minor: int | None) -> str:
        return "–" if minor is None else amount_text(minor, one.currency, language)

    known = [m for m in one.months if any((m.sales, m.receipts, m.open is not None))]
    rows = [
        [
            f"{month.last:%m/%Y}" if language == "fr" else f"{month.last:%Y-%m}",
            amount(month.sales), amount(month.receipts), amount(month.open), amount(month.overdue),
            days_text(month.dso, language, over=month.over),
        ]
        for month in known
    ]  # fmt: skip
    columns = [
        Column(_("Month")), Column(_("Sales"), "right"), Column(_("Receipts"), "right", fit="drop"),
        Column(_("Receivables"), "right"), Column(_("Past due"), "right"), Column("DSO", "right"),
    ]  # fmt: skip
    return Table(_("Months, {currency}").format(currency=one.currency), columns, rows)


def rolls_table(one: OfCurrency, language: str) -> Table:
    """Return what became within thirty days of the last cohort of each age."""
    _ = translator(language)
    last = max((roll.month for roll in one.rolls), default=None)
    rows = [
        [
            _(names.BUCKETS[roll.bucket]), amount_text(roll.amount, one.currency, language),
            amount_text(roll.paid, one.currency, language),
            amount_text(roll.rolled, one.currency, language), percent_text(roll.rate, language),
        ]
        for roll in one.rolls
        if roll.month == last
    ]  # fmt: skip
    columns = [
        Column(_("Age")), Column(_("Amount"), "right"), Column(_("Paid"), "right"),
        Column(_("Older"), "right"), Column(_("Rate"), "right"),
    ]  # fmt: skip
    title = _("What became of it in 30 days from {date}").format(date=date_text(last, language))
    return Table(title, columns, rows)


def top_table(one: OfCurrency, language: str) -> Table:
    """Return the debtors who owe most."""
    _ = translator(language)
    rows = [
        [
            safe(d.name), safe(d.segment), amount_text(d.open, one.currency, language),
            amount_text(d.overdue, one.currency, language), percent_text(d.share, language),
        ]
        for d in one.top
    ]  # fmt: skip
    columns = [
        Column(_("Who owes most"), fit="cut"), Column(_("Segment"), fit="drop", style="dim"),
        Column(_("Open"), "right"), Column(_("Past due"), "right"), Column("%", "right"),
    ]  # fmt: skip
    return Table("", columns, rows)


def deviating_table(one: OfCurrency, language: str) -> Table:
    """Return good payers who slip."""
    _ = translator(language)
    rows = [
        [
            safe(d.name), days_text(d.earlier_days, language), days_text(d.recent_days, language),
            amount_text(d.overdue, one.currency, language),
        ]
        for d in one.deviating
    ]  # fmt: skip
    columns = [
        Column(_("Good payers who slip"), fit="cut"), Column(_("Before"), "right"),
        Column(_("Lately"), "right"), Column(_("Past due"), "right"),
    ]  # fmt: skip
    note = _("Median days from the due date, of the latest third and of what was before it.")
    return Table("", columns, rows, note=note)


def coverage_table(one: OfCurrency, language: str) -> Table:
    """Return the receivables past due that had no reminder and have no reason."""
    _ = translator(language)
    rows = [
        [
            safe(u.number), safe(u.name), amount_text(u.open, one.currency, language),
            count_text(u.days_past_due, language),
        ]
        for u in one.coverage.without[:SHOWN]
    ]  # fmt: skip
    columns = [
        Column(_("Without reminder or reason"), fit="cut"), Column(_("Debtor"), fit="cut"),
        Column(_("Open"), "right"), Column(_("Days"), "right"),
    ]  # fmt: skip
    more = len(one.coverage.without) + one.coverage.more - len(rows)
    note = _("… and {count} more: -o report.xlsx has them.").format(count=more) if more else ""
    return Table("", columns, rows, note=note)


SHOWN = 10
"""Receivables without reminder that the screen shows."""


def lacks_table(scope: Scope, language: str) -> Table:
    """Return what is not known, and what would be needed to know it."""
    _ = translator(language)
    by_need: dict[str, list[str]] = {}
    for figure in scope.figures:
        if figure.missing:
            by_need.setdefault(figure.missing, []).append(_(figure.name))
    rows = [[", ".join(found), _(need)] for need, found in by_need.items()]
    columns = [Column(_("Not known"), fit="wrap"), Column(_("What it needs"), fit="wrap")]
    return Table("", columns, rows)
