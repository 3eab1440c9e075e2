"""What was read of the sources, as tables."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

import polars as pl

from relance.language import translator
from relance.ledger.build import IS_CREDIT
from relance.reports.figures import amount_text, count_text, safe
from relance.reports.tables import Column, Table


class File(Protocol):
    """What is shown of a file that was read."""

    @property
    def source(self) -> str:
        """Name of the source."""
        ...

    @property
    def path(self) -> str:
        """Path relative to the project."""
        ...

    @property
    def rows(self) -> int:
        """Rows taken as data."""
        ...

    @property
    def fingerprint(self) -> str:
        """SHA-256 of its bytes."""
        ...


def files_table(files: Sequence[File], language: str) -> Table:
    """Return the files that were read."""
    _ = translator(language)
    columns = [
        Column(_("Source"), fit="cut"),
        Column(_("File"), fit="cut"),
        Column(_("Rows"), "right"),
        Column("SHA-256"),
    ]
    rows = [
        [safe(f.source), safe(f.path), count_text(f.rows, language), f.fingerprint[:12]]
        for f in files
    ]
    return Table(_("Files"), columns, rows)


def items_table(items: pl.DataFrame, language: str) -> Table:
    """Return what the items of each source come to, debits and credits apart."""
    _ = translator(language)
    sums = (
        items.group_by("source", "currency")
        .agg(
            pl.len().alias("items"),
            pl.col("balance").filter(~IS_CREDIT).sum().alias("debits"),
            pl.col("balance").filter(IS_CREDIT).sum().alias("credits"),
            pl.col("balance").sum().alias("net"),
        )
        .sort("source", "currency")
    )
    columns = [Column(_("Source"), fit="cut"), Column(_("Items"), "right"),
               Column(_("Receivables"), "right"), Column(_("Credits"), "right"),
               Column(_("Balance"), "right")]  # fmt: skip
    rows = [
        [safe(row["source"]), count_text(row["items"], language),
         *(amount_text(row[name], row["currency"], language) for name in ("debits", "credits", "net"))]
        for row in sums.iter_rows(named=True)
    ]  # fmt: skip
    return Table(_("Open items"), columns, rows)


def movements_table(movements: pl.DataFrame, language: str) -> Table:
    """Return what the movements of each bank source come to: received, returned, other."""
    _ = translator(language)
    sums = (
        movements.group_by("source", "currency")
        .agg(
            pl.len().alias("movements"),
            *(
                pl.col("amount").filter(pl.col("kind") == kind).sum().alias(kind)
                for kind in ("payment", "return", "other")
            ),
        )
        .sort("source", "currency")
    )
    columns = [Column(_("Source"), fit="cut"), Column(_("Movements"), "right"), Column(_("Received"), "right"),
               Column(_("Returned"), "right"), Column(_("Other"), "right")]  # fmt: skip
    rows = [
        [safe(row["source"]), count_text(row["movements"], language),
         *(amount_text(row[name], row["currency"], language) for name in ("payment", "return", "other"))]
        for row in sums.iter_rows(named=True)
    ]  # fmt: skip
    return Table(_("Bank movements"), columns, rows)
