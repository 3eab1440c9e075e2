"""The aged balance, per currency, and how many items have each verdict."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import polars as pl

from relance.language import N_, translator
from relance.ledger.ageing import BUCKETS, bucket
from relance.money import to_text
from relance.reports import names
from relance.reports.figures import amount_text, count_text
from relance.reports.tables import Column, Table

_BAR = 20
_HERE = ~pl.col("missing")
_DEBIT = ~pl.col("credit")


def balances(facts: pl.DataFrame, home: str) -> pl.DataFrame:
    """Return one row per currency, `home` first: what the accounts of the sources come to.

    Columns, in minor units: currency, receivables, credits (positive), net, overdue, chaseable (what may be
    claimed, which a FEC's items lettered after closing may not), one per ageing bucket and
    `items_…` with its count. Items absent from the last export are not in it.

    Args:
        facts: frame of `decide`.
    """
    sums = {
        "receivables": pl.col("balance").filter(_DEBIT).sum(),
        "credits": -pl.col("balance").filter("credit").sum(),
        "net": pl.col("balance").sum(),
        "overdue": pl.col("balance").filter(_DEBIT & (pl.col("days_past_due") > 0)).sum(),
        "chaseable": pl.col("open").sum(),
        "items_credits": (pl.col("credit") & (pl.col("balance") != 0)).sum(),
    }
    ageing = {
        name: pl.col("balance").filter(_DEBIT & (pl.col("bucket") == name)) for name in BUCKETS
    }
    return (
        facts.lazy()
        .filter(_HERE)
        .with_columns(bucket(pl.col("days_past_due")).alias("bucket"))
        .group_by("currency")
        .agg(
            *(expression.alias(name) for name, expression in sums.items()),
            *(column.sum().alias(name) for name, column in ageing.items()),
            *((column != 0).sum().alias(f"items_{name}") for name, column in ageing.items()),
        )
        .sort(pl.col("currency") != home, "currency")
        .collect()
    )


Unallocated = Mapping[str, Any]
"""What payments are not allocated: the lists of _LISTS, minor units by currency, each
with its count (`suspense_count`, …); empty when there are no payments."""

NO_PAYMENTS: Unallocated = {}

_LISTS = ("suspense", "uncounted", "pending", "returns")


def status_json(
    facts: pl.DataFrame, today: date, summary: Mapping[str, int], home: str,
    unallocated: Unallocated = NO_PAYMENTS,
) -> dict[str, Any]:  # fmt: skip
    """Return the JSON of `relance status`; `summary` is the plan's."""
    owing = facts.filter(_HERE & (pl.col("balance") != 0))
    return {
        "schema_version": 1,
        "run_date": today.isoformat(),
        "debtors": owing["debtor"].n_unique(),
        "currencies": {
            row["currency"]: _currency_json(row)
            for row in balances(facts, home).iter_rows(named=True)
        },
        "verdicts": {name: count for name, count in summary.items() if name != "receivables"},
        "suspense": _texts(unallocated.get("suspense", {})),
        "payments": {
            name: {
                "count": unallocated.get(f"{name}_count", 0),
                "amounts": _texts(unallocated.get(name, {})),
            }
            for name in _LISTS
        },
    }


def _texts(amounts: Mapping[str, int]) -> dict[str, str]:
    return {currency: to_text(amount, currency) for currency, amount in amounts.items()}


def _currency_json(row: Mapping[str, Any]) -> dict[str, Any]:
    def text(name: str) -> str:
        return to_text(row[name], row["currency"])

    totals = ("receivables", "credits", "net", "overdue", "chaseable")
    return {
        **{name: text(name) for name in totals},
        "ageing": {name: text(name) for name in BUCKETS},
    }


def ageing_table(row: Mapping[str, Any], language: str) -> Table:
    """Return the aged balance of one currency, a row of `balances`."""
    _ = translator(language)
    total = row["receivables"]

    def amount(minor: int) -> str:
        return amount_text(minor, row["currency"], language) if minor else "–"

    lines = [
        [_(names.BUCKETS[name]), _items(row[f"items_{name}"], language), amount(row[name]),
         _percent(row[name], total, language), _bar(row[name], total)]
        for name in BUCKETS
    ]  # fmt: skip
    items = sum(row[f"items_{name}"] for name in BUCKETS)
    overdue = _percent(row["overdue"], total, language)
    totals = [
        [_("Receivables"), _items(items, language), amount(total), "", ""],
        ["  " + _("of which past due"), "", amount(row["overdue"]), overdue, ""],
        [_("Credits and payments on account"), _items(row["items_credits"], language),
         amount(-row["credits"]), "", ""],
        [_("Net balance"), "", amount(row["net"]), "", ""],
    ]  # fmt: skip
    if row["chaseable"] != row["net"]:
        label = "  " + _("of which may be claimed")
        totals.append([label, "", amount(row["chaseable"]), "", ""])
    columns = [
        Column(_("Past due")), Column(_("Items"), "right"), Column(_("Balance"), "right"),
        Column("%", "right"), Column("", fit="drop", style="cyan"),
    ]  # fmt: skip
    title = _("Aged balance in {currency}").format(currency=row["currency"])
    return Table(title, columns, lines, totals)


def _items(count: int, language: str) -> str:
    return count_text(count, language) if count else "–"


_UNALLOCATED = {
    "pending": N_("waiting for a decision"),
    "suspense": N_("of unknown payers"),
    "uncounted": N_("of known debtors, counting for nothing"),
    "returns": N_("returned, the payment is not known"),
}


def payments_table(unallocated: Unallocated, language: str) -> Table:
    """Return what payments are not allocated, by currency; without rows where there are none."""
    _ = translator(language)
    rows = [
        [_(label), currency, amount_text(amount, currency, language)]
        for name, label in _UNALLOCATED.items()
        for currency, amount in unallocated.get(name, {}).items()
    ]
    columns = [Column(_("Payments")), Column(_("Currency")), Column(_("Amount"), "right")]
    note = _("They are not in the balance above; `relance letter list` shows them.")
    return Table(_("Payments not allocated"), columns, rows, note=note)


def verdicts_table(facts: pl.DataFrame, language: str) -> Table:
    """Return how many items have each verdict, and their balance."""
    _ = translator(language)
    order = {verdict: n for n, verdict in enumerate(names.VERDICTS)}
    groups = (
        facts.group_by("verdict", "currency")
        .agg(pl.len().alias("items"), pl.col("balance").sum())
        .with_columns(pl.col("verdict").replace_strict(order, default=99).alias("order"))
        .sort("order", "currency")
    )
    return Table(
        _("Where the items stand"),
        [Column(_("Why")), Column(_("Verdict"), style="dim"),
         Column(_("Items"), "right"), Column(_("Balance"), "right")],
        [
            [_(names.VERDICTS.get(r["verdict"], r["verdict"])), r["verdict"],
             count_text(r["items"], language), amount_text(r["balance"], r["currency"], language)]
            for r in groups.iter_rows(named=True)
        ],
    )  # fmt: skip


def _percent(part: int, total: int, language: str) -> str:
    if not total:
        return "–"
    tenths = (2000 * part + total) // (2 * total)  # rounded half up, in integers
    mark = "," if language == "fr" else "."
    return f"{tenths // 10}{mark}{tenths % 10}"


def _bar(part: int, total: int) -> str:
    if total <= 0 or part <= 0:
        return ""
    return "█" * max(1, (2 * _BAR * part + total) // (2 * total))
