"""One FEC: from bytes to the customers' entries it holds."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

import polars as pl

from relance.diagnostics import Diagnostic, Span
from relance.intake import codes as common
from relance.intake import fec_codes as codes
from relance.intake.encoding import Text, read_text
from relance.intake.fec_entries import (
    ADVANCES,
    CUSTOMERS,
    NOT_CHASED,
    check_balance,
    entries_of,
    span_of_dates,
    unbalanced,
    with_keys,
    with_openings,
)
from relance.intake.fec_header import Header, read_header
from relance.intake.fec_kinds import trimmed
from relance.intake.fec_rows import read_rows
from relance.intake.fec_values import dates
from relance.intake.fec_years import Ledger
from relance.intake.files import Content
from relance.intake.findings import Refusal, refuse, shown
from relance.intake.reading import FileRead
from relance.money import to_text
from relance.policy.model import FecSource

CURRENCY = "EUR"
_FLAGS = ("sale", "bank", "result", "doubtful", "opening", "sure")


@dataclass(frozen=True)
class LedgerRead:
    """A FEC that was read: its customers' entries, the file, and what there is to say."""

    ledger: Ledger
    file: FileRead
    diagnostics: tuple[Diagnostic, ...]


def read_ledger(content: Content, source: FecSource, number: int) -> LedgerRead:
    """Return what the FEC `content` holds; `number` tells its entries from other files'.

    Raises:
        Refusal: if the file is refused whole.
    """
    text = read_text(content.data, content.path, None, source.unterminated == "accept")
    header = read_header(_first_line(text.data), content.path)
    rows, repairs = read_rows(text.data, header, content.path)
    if rows.is_empty():
        raise refuse(common.EMPTY, content.path)
    rows = with_keys(rows)
    entries = with_openings(rows, entries_of(rows))
    lone = check_balance(rows, entries, cents(source.tolerance), content.path)
    first, last = span_of_dates(rows, entries)
    ledger = Ledger(
        file=content.path,
        rows=_customers(rows, entries, content.path, number),
        first=first,
        last=last,
        snapshot=max([last, *_latest(rows)]),
        modified=content.modified,
    )
    detected = _detected(ledger.rows.filter("opening"), text, header)
    file = _file_read(content, source, ledger, rows.height, detected)
    findings = (
        *text.diagnostics,
        *repairs,
        *lone,
        *unbalanced(entries, content.path),
        *_left_aside(rows, content.path),
        _understood(file, ledger),
    )
    return LedgerRead(ledger, file, findings)


def cents(tolerance: Decimal) -> int:
    """Return the whole cents of `tolerance`; parts of a cent settle nothing."""
    return max(0, int(tolerance * 100))


def _first_line(data: bytes) -> str:
    return data[: data.index(b"\n")].decode("utf-8", "replace").replace("\r", " ")


def _customers(rows: pl.DataFrame, entries: pl.DataFrame, file: str, number: int) -> pl.DataFrame:
    """The rows on customers' accounts, with what their entries are."""
    account = pl.col("account")
    wanted = pl.any_horizontal(account.str.starts_with(p) for p in (*CUSTOMERS, *ADVANCES))
    mine = trimmed(rows.filter(wanted))
    flags = entries.select("entry_id", *_FLAGS)
    joined = mine.join(flags, on="entry_id", how="left", maintain_order="left")
    doc = pl.col("entry_id").cast(pl.Int64) + (number << 32)
    return joined.with_columns(entry_id=doc, file=pl.lit(file))


def _latest(rows: pl.DataFrame) -> list[date]:
    """Latest dates of validation and lettering, where there are any."""
    found = (dates(rows[name]).max() for name in ("valid_date", "letter_date"))
    return [day for day in found if isinstance(day, date)]


def _left_aside(rows: pl.DataFrame, file: str) -> list[Diagnostic]:
    """An info for each account of customers that is not dunned and has a balance."""
    prefixes = pl.any_horizontal(pl.col("account").str.starts_with(p) for p in NOT_CHASED)
    sums = (
        rows.filter(prefixes)
        .group_by("account")
        .agg(pl.col("amount").sum(), pl.col("account_name").drop_nulls().min().str.strip_chars())
    )
    return [
        Diagnostic(
            codes.NOT_CHASED,
            Span(file),
            {"account": shown(account), "name": shown(name), "amount": to_text(amount, CURRENCY)},
        )
        for account, amount, name in sums.filter(pl.col("amount") != 0).sort("account").iter_rows()
    ]


def _detected(rows: pl.DataFrame, text: Text, header: Header) -> dict[str, str]:
    return {
        "encoding": text.encoding,
        "delimiter": header.delimiter,
        "columns": str(header.width),
        "amounts": "Debit, Credit" if "debit" in header.amounts else "Montant, Sens",
        "opening books": ", ".join(shown(book) for book in rows["book"].unique().sort()),
    }


def _file_read(
    content: Content, source: FecSource, ledger: Ledger, rows: int, detected: dict[str, str]
) -> FileRead:
    days = {name: getattr(ledger, name).isoformat() for name in ("first", "last", "snapshot")}
    return FileRead(
        source=source.name,
        path=content.path,
        kind="fec",
        rows=rows,
        fingerprint=content.fingerprint,
        detected={**detected, **days},
        modified=content.modified,
    )


def _understood(file: FileRead, ledger: Ledger) -> Diagnostic:
    facts = {
        name: file.detected[name] for name in ("encoding", "delimiter", "first", "last", "snapshot")
    }
    return Diagnostic(codes.UNDERSTOOD, Span(ledger.file), {"rows": file.rows, **facts})


def as_ledger_refusal(refusal: Refusal) -> tuple[Diagnostic, ...]:
    """Return the diagnostics of `refusal`, worded for a FEC where they speak of CSV."""
    return tuple(
        Diagnostic(codes.NOT_A_LEDGER, d.span, {"kind": d.facts["what"]})
        if d.rule is common.NOT_TEXT
        else d
        for d in refusal.diagnostics
    )
