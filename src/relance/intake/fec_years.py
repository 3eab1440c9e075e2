"""Several FECs together: exports of one year, years that follow each other, opening balances."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import polars as pl

from relance.diagnostics import Diagnostic, Span
from relance.intake import fec_codes as codes
from relance.money import to_text

_ROW = ("book", "entry", "date", "account", "auxiliary", "amount")
_ADJOINING = timedelta(days=92)
_YEAR = timedelta(days=300)


@dataclass(frozen=True)
class Ledger:
    """The customers' entries of one file.

    Attributes:
        file: path relative to the project.
        rows: entries on accounts 411, 416 and 419, with `opening` and `year` absent.
        first: date of the first entry that is no opening.
        last: date of the last one.
        snapshot: the latest date of an entry, its validation or its lettering.
        modified: time of the file's last change, in seconds.
    """

    file: str
    rows: pl.DataFrame
    first: date
    last: date
    snapshot: date
    modified: int


def without_superseded(
    ledgers: Sequence[Ledger],
) -> tuple[list[Ledger], list[Diagnostic]]:
    """Return the `ledgers` without older exports of the same entries, and a warning for each."""
    newest_first = sorted(
        ledgers, key=lambda one: (one.last, one.snapshot, one.modified, one.file), reverse=True
    )
    kept: list[Ledger] = []
    findings = []
    for ledger in newest_first:
        newer = next((other for other in kept if _same_entries(ledger, other)), None)
        if newer is None:
            kept.append(ledger)
        else:
            findings.append(Diagnostic(codes.SUPERSEDED, Span(ledger.file), {"newer": newer.file}))
    return sorted(kept, key=lambda one: (one.first, one.file)), findings


def _same_entries(older: Ledger, newer: Ledger) -> bool:
    """Whether half of the older file's entries, or more, stand in the newer one too."""
    if older.first > newer.last or newer.first > older.last or older.rows.is_empty():
        return False
    common = older.rows.join(
        newer.rows.select(_ROW).unique(), on=_ROW, how="semi", nulls_equal=True
    )
    return common.height * 2 >= older.rows.height


def in_years(ledgers: Sequence[Ledger]) -> tuple[pl.DataFrame, list[Diagnostic]]:
    """Return all rows with `year`, without the openings of years whose year before is there.

    Years are numbered from 1; the year of an opening entry is the one that it opens.
    """
    starts = _starts(ledgers)
    rows = pl.concat([_opened(ledger, starts) for ledger in ledgers])
    rows = rows.with_columns(year=_number_of(pl.col("opens"), starts))
    repeated = [start for start in starts if _has_year_before(start, ledgers)]
    numbers = [starts.index(start) + 1 for start in repeated]
    again = pl.col("opening") & pl.col("year").is_in(numbers)
    dropped, kept = rows.filter(again), rows.filter(~again)
    if dropped.is_empty():
        return kept.drop("opens"), []
    findings = [
        Diagnostic(codes.OPENINGS_DROPPED, Span(str(file)), {"count": count})
        for file, count in dropped.group_by("file").len().sort("file").iter_rows()
    ]
    findings += _differences(kept, dropped)
    return _with_letters_of_openings(kept, dropped).drop("opens"), findings


def _starts(ledgers: Sequence[Ledger]) -> list[date]:
    """First days of the years: of files with openings, of the first file, and of later openings."""
    starts = {min(ledger.first for ledger in ledgers)}
    for ledger in ledgers:
        openings = ledger.rows.filter("opening")["date"]
        if not openings.is_empty():
            starts.add(ledger.first)
            starts |= {day for day in openings.unique() if day >= ledger.first + _YEAR}
    return sorted(starts)


def _opened(ledger: Ledger, starts: Sequence[date]) -> pl.DataFrame:
    """The file's rows with `opens`: their date or, for an opening, the start of its year."""
    later = [start for start in starts if start >= ledger.first + _YEAR]
    return ledger.rows.with_columns(
        opens=pl.when(pl.col("opening") & ~pl.col("date").is_in(later))
        .then(pl.lit(ledger.first))
        .otherwise("date")
    )


def _number_of(day: pl.Expr, starts: Sequence[date]) -> pl.Expr:
    return pl.sum_horizontal((day >= start).cast(pl.Int32) for start in starts).cast(pl.Int32)


def _has_year_before(start: date, ledgers: Sequence[Ledger]) -> bool:
    return any(one.first < start and one.last >= start - _ADJOINING for one in ledgers)


_SAME = ("account", "auxiliary", "piece", "amount")


def _with_letters_of_openings(kept: pl.DataFrame, dropped: pl.DataFrame) -> pl.DataFrame:
    """Give the letters of detailed openings, with their year, to the entries that they repeat.

    The payment of an invoice of the year before is lettered with the opening entry.
    """
    lettered = dropped.filter(pl.col("letter").is_not_null(), pl.col("piece").is_not_null())
    lettered = lettered.filter(pl.struct(_SAME).is_unique())
    bare = kept.filter(pl.col("letter").is_null(), pl.col("piece").is_not_null())
    bare = bare.filter(pl.struct(_SAME).is_unique()).select("file", "line", *_SAME)
    found = bare.join(
        lettered.select(*_SAME, given="letter", given_year="year"), on=_SAME, how="inner"
    ).select("file", "line", "given", "given_year")
    joined = kept.join(found, on=["file", "line"], how="left", maintain_order="left")
    return joined.with_columns(
        letter=pl.coalesce("letter", "given"), year=pl.coalesce("given_year", "year")
    ).drop("given", "given_year")


def _differences(kept: pl.DataFrame, dropped: pl.DataFrame) -> list[Diagnostic]:
    """Return a warning for each account whose opening is not the closing of the year before."""
    findings = []
    for (year,), openings in dropped.group_by("year", maintain_order=True):
        before = kept.filter(pl.col("year") < year).group_by("account").agg(closing=_sum())
        both = openings.group_by("account").agg(opening=_sum(), file=pl.col("file").min())
        both = both.join(before, on="account", how="left").fill_null(0)
        for row in both.filter(pl.col("opening") != pl.col("closing")).sort("account").to_dicts():
            facts = {name: to_text(row[name], "EUR") for name in ("closing", "opening")}
            facts["account"] = row["account"]
            findings.append(Diagnostic(codes.OPENING_DIFFERS, Span(row["file"]), facts))
    return findings


def _sum() -> pl.Expr:
    return pl.col("amount").sum()
