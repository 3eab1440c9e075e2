"""Open items out of a FEC (fichier des écritures comptables, art. A47 A-1 LPF)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path

import polars as pl

from relance.diagnostics import Diagnostic, Span
from relance.intake import fec_codes as codes
from relance.intake.fec_entries import CUSTOMERS
from relance.intake.fec_file import CURRENCY, LedgerRead, as_ledger_refusal, cents, read_ledger
from relance.intake.fec_items import Settled, entries_of, items_of, settle
from relance.intake.fec_numbers import number_findings
from relance.intake.fec_years import in_years, without_superseded
from relance.intake.files import load, matching
from relance.intake.findings import Refusal, shown
from relance.intake.reading import FileRead
from relance.ledger.schema import ITEMS, empty
from relance.money import to_text
from relance.policy.model import FecSource


@dataclass(frozen=True)
class Kept:
    """What else is wanted of a ledger than its items.

    Attributes:
        until: entries dated after it are as if they were not there; None for all.
        entries: where the customers' entries are put, one frame per source; None for nowhere.
    """

    until: date | None = None
    entries: list[pl.DataFrame] | None = None


ALL = Kept()


def read_fec(
    source: FecSource, root: Path, kept: Kept = ALL
) -> tuple[pl.DataFrame, list[Diagnostic], list[FileRead]]:
    """Return the items of the FECs that `source` names under `root`, with what there is to say.

    The frame has the columns of ITEMS: `item` and `terms` are null, and `due` but for payments
    sent back. Its rows are the customers' documents, settled ones included (`open` 0), and
    credits that are left. Over the accounts 411 and 416 the sum of `balance` is the accounts'
    balance and the sum of `open` what may be dunned; advances (4191, 4198) come on top, as
    credits, by as much as no invoice has used.

    A file that is refused (a diagnostic with a code of `fec_codes.REFUSALS`) gives no row and no
    `FileRead`; one such file and there are no items at all, for its entries may be payments.
    """
    read: list[LedgerRead] = []
    refused: list[Diagnostic] = []
    try:
        paths = matching(root, source.path)
    except Refusal as refusal:
        return empty(ITEMS), list(refusal.diagnostics), []
    for number, path in enumerate(paths):
        try:
            read.append(read_ledger(load(root, path), source, number))
        except Refusal as refusal:
            refused += as_ledger_refusal(refusal)
    findings = [*refused, *(d for one in read for d in one.diagnostics)]
    files = [one.file for one in read]
    if refused:
        return empty(ITEMS), findings, files
    items, more = _items(read, source, kept)
    return items, findings + more, files


def _items(
    read: list[LedgerRead], source: FecSource, kept: Kept
) -> tuple[pl.DataFrame, list[Diagnostic]]:
    ledgers, superseded = without_superseded([one.ledger for one in read])
    rows, openings = in_years(ledgers)
    last = Span(ledgers[-1].file)
    if rows.is_empty():
        return empty(ITEMS), [*superseded, Diagnostic(codes.NO_CUSTOMERS, last)]
    all_there = rows.height
    if kept.until is not None:
        rows = rows.filter(pl.col("date") <= kept.until)
    # What is lettered with an entry of after the day is open on the day.
    later_is_open = source.lettered_later == "open" or rows.height < all_there
    settled = settle(rows, cents(source.tolerance), later_is_open=later_is_open)
    if kept.entries is not None:
        kept.entries.append(entries_of(settled, source))
    findings = [
        *superseded,
        *openings,
        *number_findings(settled.rows),
        *_settlements(settled, source, last),
    ]
    return items_of(settled.rows, source.name), findings


def _settlements(settled: Settled, source: FecSource, span: Span) -> list[Diagnostic]:
    """What lettering did, in sums."""
    rows = settled.rows
    mine = rows.filter(pl.any_horizontal(pl.col("account").str.starts_with(p) for p in CUSTOMERS))
    later = mine.filter(pl.col("settlement") == "later")
    rounded = mine.filter(pl.col("settlement") == "rounded")
    later_rule = codes.LATER_OPEN if source.lettered_later == "open" else codes.SETTLED_LATER
    facts = {"balance": _text(mine["balance"]), "open": _text(mine["open"])}
    findings = [Diagnostic(codes.BALANCE, span, facts)]
    if not later.is_empty():
        findings.append(Diagnostic(later_rule, span, _sum(later)))
    if not rounded.is_empty():
        left = rounded.filter(pl.col("balance") != 0)
        facts = {**_sum(left), "tolerance": str(source.tolerance)}
        findings.append(Diagnostic(codes.ROUNDED, span, facts))
    if mine["letter"].is_null().all() and (mine["amount"] < 0).any():
        findings.append(Diagnostic(codes.NO_LETTERS, span))
    return findings + _of_nobody(settled.nobody, span)


def _of_nobody(rows: pl.DataFrame, span: Span) -> list[Diagnostic]:
    sums = rows.group_by("account").agg(pl.col("amount").sum()).filter(pl.col("amount") != 0)
    return [
        Diagnostic(
            codes.ADVANCE_OF_NOBODY,
            span,
            {"account": shown(account), "amount": to_text(amount, CURRENCY)},
        )
        for account, amount in sums.sort("account").iter_rows()
    ]


def _sum(rows: pl.DataFrame) -> dict[str, str]:
    return {"count": str(rows.height), "amount": _text(rows["balance"])}


def _text(amounts: pl.Series) -> str:
    return to_text(int(amounts.sum()), CURRENCY)
