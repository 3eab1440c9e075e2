"""All figures of the books on a day."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import polars as pl

from relance.indicators import balances, dso, flows
from relance.indicators.books import Books
from relance.indicators.definitions import figure
from relance.indicators.figure import Figure
from relance.indicators.report import Coverage, OfCurrency, Scope, ScopeKind, TopDebtor
from relance.language import N_

SHOWN = 10
NEEDS_SALES = N_("the sales of the period: a FEC, or an export that keeps settled receivables")


def compute(
    books: Books, names: pl.DataFrame, day: date, period: tuple[date, date], home: str
) -> tuple[OfCurrency, ...]:
    """Return the figures of each currency, `home` first.

    Args:
        names: columns `debtor` and `name`, each debtor once.
        day: what is open is open at its end.
        period: first and last day, both included.
    """
    standing = books.at(day)
    kinds: tuple[ScopeKind, ...] = ("whole", "segment", "owner")
    scopes: dict[str, list[Scope]] = {}
    for kind in kinds:
        for (currency, name), row in balances.sums_of(standing, kind, day).items():
            sold = flows.sales_by_month(books, kind, day)
            found = _figures(row, sold.get((currency, name), {}), books, currency, day, period)
            scope = Scope(
                kind, name, found, balances.ageing_of(row, "due"), balances.ageing_of(row, "issued")
            )
            scopes.setdefault(currency, []).append(scope)
    ordered = sorted(scopes, key=lambda currency: (currency != home, currency))
    return tuple(
        OfCurrency(
            currency, tuple(scopes[currency]), (), (), _top(standing, names, currency, day), (),
            Coverage(0, 0, {}, ()), books.known_from.get(currency), books.sales_from.get(currency),
        )
        for currency in ordered
    )  # fmt: skip


def _figures(  # noqa: PLR0913, PLR0917
    row: Mapping[str, Any], sold: Mapping[date, int], books: Books, currency: str, day: date,
    period: tuple[date, date],
) -> tuple[Figure, ...]:  # fmt: skip
    since = books.sales_from.get(currency)
    days = dso.count_back(balances.net(row), sold, day, since)
    span = (period[1] - period[0]).days + 1
    total = flows.in_period(sold, period[0], period[1])
    known = since is not None and since <= period[0]
    plain = dso.simple(balances.net(row), total, span) if known else None
    return (
        figure("receivables", row["receivables"], currency),
        figure("credits", row["credits"], currency),
        figure("overdue", row["overdue"], currency),
        figure("overdue_share", dso.percent(row["overdue"], row["receivables"]), currency),
        figure("dso", dso.rounded(days.value) if days else None, currency, missing=NEEDS_SALES, over=bool(days and days.over)),
        figure("dso_simple", dso.rounded(plain) if plain is not None else None, currency, missing=NEEDS_SALES, parts={"sales": total, "days": span}),
    )  # fmt: skip


def _top(
    standing: pl.DataFrame, names: pl.DataFrame, currency: str, day: date
) -> tuple[TopDebtor, ...]:
    rows = standing.filter(pl.col("debit") & (pl.col("currency") == currency))
    late = balances.days_past("due", day).fill_null(0)
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
        .join(names, on="debtor", how="left", maintain_order="left")
    )
    return tuple(
        TopDebtor(
            r["debtor"], r["name"] or r["debtor"], r["segment"], r["owner"], r["open"], r["overdue"],
            max(0, r["oldest"]), dso.percent(r["open"], total),
        )
        for r in most.iter_rows(named=True)
    )  # fmt: skip
