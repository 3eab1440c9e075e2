"""The parts of the page with the figures of the report, each beside its formula."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

from relance.indicators.figure import Figure
from relance.indicators.report import OfCurrency, Report, Scope, ScopeKind
from relance.money import digits
from relance.reports.dashboard.charts import Axis, Series, bar, columns, lines
from relance.reports.dashboard.tables import NO_FILTER, Cell, Column, Table
from relance.reports.dashboard.wording import Words
from relance.reports.names import VERDICTS

CARDS, OTHERS = 10, 5
"""Figures at the head of the page, of the first currency and of each other; all are in the last part."""

COMPARED = 6
"""Figures beside the name of a segment or an owner."""

_VERDICTS = tuple(VERDICTS)
_LISTS: Mapping[str, Mapping[str, str]] = {
    "overdue": {"bucket": "late"},
    "overdue_share": {"bucket": "late"},
    "disputed": {"verdict": "disputed"},
    "promises": {"verdict": "promised"},
    "in_doubt": {"verdict": "in_doubt"},
}
"""Filters that show the list of a figure, by the beginning of its key; others have the whole list."""

_FIRST = (
    "receivables", "overdue", "overdue_share", "dso", "bpdso", "add", "days_late", "cei", "coverage", "disputed",
    "promises_kept", "over_60", "receipts",
)  # fmt: skip
"""Figures that come first at the head of the page, where they are known."""

_BUCKETS = {"not_due": 0, "1-30": 1, "31-60": 2, "61-90": 3, "91-120": 4, "over_120": 5}


def link_of(key: str, currency: str | None, *, several: bool) -> dict[str, str]:
    """Return the filter that shows what the figure `key` is about."""
    found = max((name for name in _LISTS if key.startswith(name)), key=len, default="")
    chosen = dict(_LISTS.get(found, NO_FILTER))
    if "verdict" in chosen:
        chosen["verdict"] = str(_VERDICTS.index(chosen["verdict"]))
    if several and currency:
        chosen["currency"] = currency
    return chosen


def value_text(figure: Figure, words: Words) -> str:
    """Return the value of a figure as its reader writes it."""
    value = figure.value
    if value is None:
        return words["unknown"]
    text = {
        "money": lambda: words.whole(int(value), figure.currency or ""),
        "days": lambda: words["day_many"].format(words.number(value, 1)),
        "percent": lambda: words.percent(Decimal(value)),
        "count": lambda: words.number(value),
        "ratio": lambda: words.number(value, 2),
    }[figure.unit]()
    return words["more_than"].format(text) if figure.bound == "over" else text


def cards(report: Report, words: Words) -> list[dict[str, Any]]:
    """Return the figures at the head of the page, per currency, and which are not known and why."""
    several = len(report.currencies) > 1
    found: list[dict[str, Any]] = []
    for one in report.currencies:
        known = sorted(
            (figure for figure in one.whole.figures if figure.value is not None), key=_rank
        )
        unknown: dict[str, list[str]] = {}
        for figure in one.whole.figures:
            if figure.value is None:
                unknown.setdefault(words.said(figure.missing), []).append(words.said(figure.name))
        found.append({
            "currency": one.currency if several else "",
            "cards": [_card(figure, words, several) for figure in known[: OTHERS if found else CARDS]],
            "unknown": unknown,
        })  # fmt: skip
    return found


def _rank(figure: Figure) -> int:
    return _FIRST.index(figure.key) if figure.key in _FIRST else len(_FIRST)


def _card(figure: Figure, words: Words, several: bool) -> dict[str, Any]:
    return {
        "name": words.said(figure.name),
        "value": value_text(figure, words),
        "formula": words.said(figure.formula),
        "link": link_of(figure.key, figure.currency, several=several),
    }


def methods(report: Report, words: Words) -> list[Table]:
    """Return all figures of the whole with formula, perimeter and what they were computed from."""
    tables = []
    several = len(report.currencies) > 1
    for one in report.currencies:
        found = [*one.whole.figures, *(report.figures if one is report.currencies[0] else ())]
        rows = [_method(figure, words, several) for figure in found]
        heads = [
            Column(words["figure"]), Column(words["value"], right=True), Column(words["formula"]),
            Column(words["perimeter_label"]),
        ]  # fmt: skip
        title = f"{words['methods']} ({one.currency})" if several else words["methods"]
        tables.append(Table(title, heads, rows, looks="methods"))
    return tables


def _method(figure: Figure, words: Words, several: bool) -> list[Cell]:
    about = f"{words.said(figure.perimeter)}; {words.said(figure.definition.vat)}"
    lacks = words.said(figure.missing) if figure.value is None else ""
    link = link_of(figure.key, figure.currency, several=several)
    return [
        Cell(words.said(figure.name), link=link),
        Cell(value_text(figure, words), below=lacks),
        Cell(words.said(figure.formula)),
        Cell(about),
    ]


def trend(one: OfCurrency, words: Words) -> dict[str, Any] | None:
    """Return the charts over months with their tables; None where no month is known."""
    months = [m for m in one.months if m.open is not None or m.sales is not None]
    if sum(m.overdue is not None for m in months) < 2:
        return None  # a line wants two points
    labels = [
        words.month(m.first, "MMM y" if n == 0 or m.first.month == 1 else "MMM")
        for n, m in enumerate(months)
    ]
    shares = [_overdue_share(m.overdue, m.open) for m in months]
    money = one.currency
    days = Axis(words.number, Decimal(20))
    percent = Axis(lambda value: words.percent(value, 0), Decimal(20))
    unit = Decimal(10) ** digits(money)
    sums = [
        Series(words["sales"], "col1", [None if m.sales is None else m.sales / unit for m in months]),
        Series(words["receipts"], "col2", [None if m.receipts is None else m.receipts / unit for m in months]),
    ]  # fmt: skip
    dso = Series(words["dso"], "line1", [m.dso for m in months])
    overdue = Series(words["overdue_share"], "line2", shares)

    def amount(minor: int | None) -> str:
        return words["unknown"] if minor is None else words.money(minor, money)

    heads = [Column(words["month"]), *(Column(words[n], right=True)
             for n in ("dso", "overdue_share", "receivables", "overdue"))]  # fmt: skip
    rows = [
        [Cell(words.month(m.first, "MMMM y")),
         Cell(words["unknown"] if m.dso is None else ("> " if m.over else "") + words.number(m.dso, 1)),
         Cell(words["unknown"] if s is None else words.percent(s)), Cell(amount(m.open)), Cell(amount(m.overdue))]
        for m, s in zip(months, shares, strict=True)
    ]  # fmt: skip
    flows = [
        [Cell(words.month(m.first, "MMMM y")), Cell(amount(m.sales)), Cell(amount(m.receipts))] for m in months
    ]  # fmt: skip
    return {
        "currency": money,
        "dso": lines(labels, (days, dso), (percent, overdue)),
        "dso_table": Table(words["trend_dso"], heads, rows),
        "sells": any(m.sales is not None for m in months),
        "sales": columns(labels, Axis(_thousands(words), Decimal(1)), sums),
        "sales_table": Table(
            words["trend_sales"],
            [Column(words["month"]), Column(words["sales"], right=True), Column(words["receipts"], right=True)],
            flows,
        ),
    }  # fmt: skip


def _thousands(words: Words) -> Any:
    def tell(value: Decimal) -> str:
        if value >= 1_000_000:
            return words.number(value / 1_000_000, 1) + "\u00a0M"
        return words.number(value / 1000) + "\u00a0k" if value >= 10_000 else words.number(value)

    return tell


def _overdue_share(overdue: int | None, owed: int | None) -> Decimal | None:
    if overdue is None or not owed or owed < 0:
        return None
    return Decimal(100 * overdue) / owed


def rolls_tables(one: OfCurrency, words: Words) -> Iterator[Table]:
    """Yield the roll rates of the last month that is known, where one is."""
    if not one.rolls:
        return
    last = max(roll.month for roll in one.rolls)
    rows = [
        [
            Cell(words.of("buckets", roll.bucket), link={"bucket": str(_BUCKETS.get(roll.bucket, ""))}),
            Cell(words.of("buckets", roll.into)),
            Cell(bar=bar([(roll.rate or Decimal(0), f"b{min(5, _BUCKETS.get(roll.into, 5))}")])),
            Cell(words.percent(roll.rate)),
            Cell(words.money(roll.amount, one.currency)),
            Cell(words.money(roll.rolled, one.currency)),
            Cell(words.money(roll.paid, one.currency)),
        ]
        for roll in one.rolls
        if roll.month == last
    ]  # fmt: skip
    heads = [
        Column(words["rolls_from"]), Column(words["rolls_to"]), Column(words["chart"], chart=True),
        Column(words["rolls_rate"], right=True), Column(words["rolls_amount"], right=True),
        Column(words["rolled"], right=True), Column(words["paid_off"], right=True),
    ]  # fmt: skip
    yield Table(f"{words['rolls']} · {words.month(last, 'MMMM y')}", heads, rows)


def top_table(one: OfCurrency, words: Words, *, private: bool) -> Table:
    """Return the debtors with the largest balances, with bars of what is overdue of them."""
    most = max([1, *(each.open for each in one.top)])
    rows = [
        [
            Cell(each.debtor if private else each.name, name=True, link={"q": each.debtor}),
            Cell(bar=bar([(Decimal(100 * each.overdue) / most, "late"),
                          (Decimal(100 * (each.open - each.overdue)) / most, "held")])),
            Cell(words.whole(each.open, one.currency)),
            Cell(words.whole(each.overdue, one.currency)),
            Cell(words.number(each.oldest)),
            Cell(words.percent(each.share)),
        ]
        for each in one.top
    ]  # fmt: skip
    heads = [
        Column(words["debtor"]), Column(words["chart"], chart=True), Column(words["open"], right=True),
        Column(words["overdue"], right=True), Column(words["oldest"], right=True), Column(words["share"], right=True),
    ]  # fmt: skip
    return Table(words["top"], heads, rows)


def deviating_table(one: OfCurrency, words: Words, *, private: bool) -> Table:
    """Return the debtors who pay later than they used to."""
    rows = [
        [
            Cell(each.debtor if private else each.name, name=True, link={"q": each.debtor}),
            Cell(words.number(each.earlier_days, 1), below=f"n = {each.earlier}"),
            Cell(words.number(each.recent_days, 1), below=f"n = {each.recent}"),
            Cell(words.money(each.open, one.currency)),
            Cell(words.money(each.overdue, one.currency)),
        ]
        for each in one.deviating
    ]
    heads = [
        Column(words["debtor"]), Column(words["earlier"], right=True), Column(words["recent"], right=True),
        Column(words["open"], right=True), Column(words["overdue"], right=True),
    ]  # fmt: skip
    return Table(words["deviating"], heads, rows)


def compared(one: OfCurrency, words: Words) -> Iterator[Table]:
    """Yield the figures of the segments, and of the owners, side by side."""
    kinds: tuple[tuple[ScopeKind, str], ...] = (("segment", "by_segment"), ("owner", "by_owner"))
    for kind, title in kinds:
        scopes = one.of(kind)
        if len(scopes) > 1 or (scopes and scopes[0].name):
            yield _compared(kind, words[title], words[kind], scopes, words)


def _compared(
    kind: str, title: str, head: str, scopes: Sequence[Scope], words: Words
) -> Table:  # fmt: skip
    keys = _shared_keys(scopes)
    names = {figure.key: words.said(figure.name) for scope in scopes for figure in scope.figures}
    rows = []
    for scope in scopes:
        cells = [Cell(scope.name or words["nobody" if kind == "owner" else "none"],
                      name=kind == "owner", link={kind: scope.name} if scope.name else None)]  # fmt: skip
        for key in keys:
            figure = scope.figure(key)
            cells.append(
                Cell("–" if figure is None or figure.value is None else value_text(figure, words))
            )
        rows.append(cells)
    return Table(title, [Column(head), *(Column(names[key], right=True) for key in keys)], rows)


def _shared_keys(scopes: Iterable[Scope]) -> list[str]:
    """Return the keys that some scope knows a value of, in their order."""
    found: dict[str, None] = {}
    for scope in scopes:
        found |= {figure.key: None for figure in scope.figures if figure.value is not None}
    return list(found)[:COMPARED]
