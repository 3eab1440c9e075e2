"""All figures of the books on a day: the whole, segments, owners and months."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, timedelta
from typing import Any

import polars as pl

from relance.indicators import balances, dso, flows, measures, needs
from relance.indicators.balances import Key, days_past
from relance.indicators.definitions import figure
from relance.indicators.deviating import deviating
from relance.indicators.dso import percent, rounded
from relance.indicators.figure import Figure
from relance.indicators.ground import Ground
from relance.indicators.months import first_of, months_between
from relance.indicators.report import Coverage, Month, OfCurrency, Scope, ScopeKind, TopDebtor
from relance.indicators.rolls import rolls

SHOWN = 10
_DAY = timedelta(days=1)
_KINDS: tuple[ScopeKind, ...] = ("whole", "segment", "owner")

Names = Mapping[str, str]
"""Name by debtor."""


def compute(
    ground: Ground, period: tuple[date, date], names: Names, home: str
) -> tuple[OfCurrency, ...]:
    """Return the figures of each currency on the day of `ground`, `home` first.

    Args:
        period: first and last day of the figures that are about one, both included.
    """
    ground.period = period
    scopes: dict[str, list[Scope]] = {}
    for kind in _KINDS:
        for (currency, name), found in _by_scope(ground, kind, ground.day, period).items():
            row = ground.aged(kind).get((currency, name), {})
            scopes.setdefault(currency, []).append(_scope(ground, kind, name, row, found))
    months = months_between(*period)
    for first, last in months:
        for (currency, _), found in _by_scope(ground, "month", last, (first, last)).items():
            if currency in scopes:
                scopes[currency].append(Scope("month", f"{first:%Y-%m}", found))
    starts = [first - _DAY for first, _ in months if first == first_of(first)]
    cohorts = rolls(ground, starts)
    slipping = deviating(ground.books, ground.standing(ground.day), ground.day, names)
    covered = ground.evidence.coverage.get("whole", {})
    return tuple(
        OfCurrency(
            currency, tuple(scopes[currency]), tuple(_series(ground, currency, months)),
            tuple(cohorts.get(currency, ())), _top(ground, currency, names),
            tuple(slipping.get(currency, ())), covered.get((currency, ""), Coverage(0, 0, {}, ())),
            _on_or_before(ground.books.known_from.get(currency), ground.day),
            ground.books.sales_from.get(currency),
        )
        for currency in sorted(scopes, key=lambda currency: (currency != home, currency))
    )  # fmt: skip


def _on_or_before(since: date | None, day: date) -> date | None:
    return since if since is not None and since <= day else None


def _scope(
    ground: Ground, kind: ScopeKind, name: str, row: Mapping[str, Any], found: tuple[Figure, ...]
) -> Scope:
    currency = row.get("currency", "")
    if not ground.knows_stock(currency, ground.day):
        return Scope(kind, name, found)
    # Payments in nobody's balance are of no segment and no owner.
    nobody = ground.evidence.unallocated.get(currency, 0) if kind == "whole" else 0
    ages = [balances.ageing_of(row, basis, nobody) for basis in ("due", "issued")]
    return Scope(kind, name, found, *ages)


def _by_scope(
    ground: Ground, kind: ScopeKind, day: date, period: tuple[date, date]
) -> dict[Key, tuple[Figure, ...]]:
    """Return the figures of each scope of `kind`; a month is the whole on its last day."""
    sums = _Sums(ground, kind, day, period)
    keys = sorted({*sums.stock, *sums.before, *sums.flow_keys()})
    return {key: tuple(_figures(ground, sums, key, kind)) for key in keys}


class _Sums:
    """Sums of a dimension and period, by currency and scope."""

    def __init__(self, ground: Ground, kind: str, day: date, period: tuple[date, date]) -> None:
        first, last = period
        standing = ground.standing(day)
        self.day, self.first, self.last = day, first, last
        self.months = max(1, len(months_between(first, last)))
        self.stock = ground.stock(kind, day)
        self.before = ground.stock(kind, first - _DAY)
        self.after = ground.stock(kind, last)
        self.sales = ground.sales(kind)
        self.by_month = flows.open_by_invoice_month(standing, kind, day)
        self.largest = balances.largest(standing, kind)
        self.late = flows.late_so_far(ground.standing(last), kind, last)
        self.disputes = ground.evidence.disputes_by(kind)
        self.flows = ground.flows(kind)
        self.month = f"{first:%Y-%m}" if kind == "month" else ""

    def flow_keys(self) -> Iterator[Key]:
        """Yield the currencies and scopes that something happened in."""
        for currency, scope in self.flows.sums:
            if not self.month or scope == self.month:
                yield currency, "" if self.month else scope

    def of_flow(self, key: Key) -> Key:
        """Return the key of `key` in the flows: months are told apart there by their scope."""
        return (key[0], self.month) if self.month else key


def _figures(ground: Ground, sums: _Sums, key: Key, kind: ScopeKind) -> Iterator[Figure]:
    currency, day = key[0], sums.day
    evidence = ground.evidence
    row = {
        **sums.stock.get(key, {}),
        "by_month": sums.by_month.get(key, {}),
        "largest": sums.largest.get(key, 0),
    }
    flows_of, own = sums.flows, sums.of_flow(key)
    flow = flows_of.sums.get(own, {})
    known = ground.knows_stock(currency, day)
    nobody = evidence.unallocated.get(currency, 0) if kind == "whole" else 0
    yield from measures.stock_figures(row, currency, nobody, known)
    since = ground.sold_from(currency, day)
    told = since is not None and since <= sums.first
    need = needs.FRESH if ground.stale(currency, day) else needs.SALES
    money = ground.knows_stock(currency, sums.first)
    yield from measures.flow_figures(flow, currency, told, money, need)
    sold = measures.Sold(
        sums.sales.get(key, {}), since if known else None, need if known else needs.STOCK
    )
    period = (sums.first, sums.last, flow.get("sales", 0))
    yield from measures.days_of_sales(row, sold, currency, day, period)
    yield measures.days_late(
        flows_of.paid_late.get(own, {}), sums.late.get(key, {}), currency, money
    )
    if told and ground.knows_stock(currency, sums.first - _DAY):
        before, after = sums.before.get(key, {}), sums.after.get(key, {})
        yield measures.effectiveness(before, after, flow, currency, sums.months)
    else:
        yield figure("cei", None, currency, missing=need if not told else needs.STOCK)
    yield from measures.rhythm_figures(flows_of.rhythm.get(own), currency, sums.months, told)
    yield from measures.promise_figures(flows_of.promises.get(own), currency)
    costs = None if evidence.costs is None else evidence.costs.get(currency)
    yield from measures.sent_figures(flows_of.sent.get(own), currency, costs)
    if kind != "month":
        yield from measures.dispute_figures(
            sums.disputes.get(key), row.get("receivables", 0), currency
        )
        yield measures.make_up(row, currency, evidence.margin, known)
        yield from measures.reach_figures(evidence, kind, key)


def _series(ground: Ground, currency: str, months: Iterable[tuple[date, date]]) -> Iterator[Month]:
    """Yield each month of the period, with what is known of it."""
    key = (currency, "")
    for first, last in months:
        row = ground.stock("whole", last).get(key, {})
        flow = ground.flows("month").sums.get((currency, f"{first:%Y-%m}"), {})
        stock = ground.knows_stock(currency, last)
        since = ground.sold_from(currency, last)
        sold = since is not None and since <= first
        days = (
            dso.count_back(balances.net(row), ground.sales("whole").get(key, {}), last, since)
            if stock
            else None
        )
        yield Month(
            first, last,
            sales=flow.get("sales", 0) if sold else None,
            receipts=flow.get("receipts", 0) if ground.knows_stock(currency, first) else None,
            open=row.get("receivables", 0) if stock else None,
            overdue=row.get("overdue", 0) if stock else None,
            dso=rounded(days.value) if days else None,
            over=bool(days and days.over),
        )  # fmt: skip


def _top(ground: Ground, currency: str, names: Names) -> tuple[TopDebtor, ...]:
    day = ground.day
    if not ground.knows_stock(currency, day):
        return ()
    rows = ground.standing(day).filter(pl.col("debit") & (pl.col("currency") == currency))
    late = days_past("due", day).fill_null(0)
    total = int(rows["left"].sum())
    most = (
        rows.group_by("debtor")
        .agg(
            pl.col("segment", "owner").first(),
            open=pl.col("left").sum(),
            overdue=pl.col("left").filter(late > 0).sum(),
            oldest=late.max(),
        )
        .sort(["open", "debtor"], descending=[True, False])
        .head(SHOWN)
    )
    return tuple(
        TopDebtor(
            r["debtor"], names.get(r["debtor"], r["debtor"]), r["segment"], r["owner"], r["open"],
            r["overdue"], max(0, r["oldest"]), percent(r["open"], total),
        )
        for r in most.iter_rows(named=True)
    )  # fmt: skip
