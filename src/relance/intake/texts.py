"""Cells as text: spaces, control characters and accents in one form."""

from __future__ import annotations

import polars as pl

# Control, format (direction, joiner) and line separator characters; see docs/decisions.
UNSAFE = r"[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Co}]"
_SPACES = r"[\s\u00a0\u202f\u2000-\u200a\u3000]+"
_ODD = r"[^\x20-\x7e]|  "


def is_plain(data: bytes) -> bool:
    """Return whether all cells of `data` are printable ASCII on one line."""
    odd = data.isascii() and data.translate(None, bytes(range(0x20, 0x7F)) + b"\n")
    return odd == b"" and b'"' not in data


def filled(column: pl.Expr) -> pl.Expr:
    """Return `column` with null for its empty texts."""
    return pl.when(column != "").then(column)


def trimmed(column: pl.Expr) -> pl.Expr:
    """Return `column` without spaces around its cells; cells without more are null."""
    return filled(column.str.strip_chars())


def cleaned(column: pl.Expr) -> pl.Expr:
    """Return `column` in NFC, without unsafe characters, its runs of spaces one space each."""
    spaced = column.str.replace_all(_SPACES, " ")
    return trimmed(spaced.str.replace_all(UNSAFE, "").str.normalize("NFC"))


def cleaned_lines(column: pl.Expr) -> pl.Expr:
    """Return `column` like `cleaned`, with its line feeds kept (street lines)."""
    lines = column.str.split("\n").list.eval(cleaned(pl.element()).drop_nulls())
    return trimmed(lines.list.join("\n"))


def without_edges(frame: pl.DataFrame) -> pl.DataFrame:
    """Return the columns of text of `frame` trimmed, empty texts null; others as they are."""
    return frame.with_columns(
        trimmed(pl.col(column.name)) if _has_edges(column) else filled(pl.col(column.name))
        for column in frame
        if column.dtype == pl.String
    )


def _has_edges(column: pl.Series) -> bool:
    spaced = column.str.contains(r"^\s|\s$")
    return bool(spaced.any())


def clean(column: pl.Series, lines: bool = False, plain: bool = False) -> pl.Series:
    """Return the trimmed `column` cleaned, each distinct text once.

    With `lines` its line feeds are kept; with `plain` it is known to be printable ASCII.
    """
    odd = column.str.contains("  ", literal=True) if plain else column.str.contains(_ODD)
    if not odd.any():
        return column
    how = cleaned_lines if lines else cleaned
    texts = column.to_frame("text")
    distinct = texts.unique().drop_nulls().with_columns(clean=how(pl.col("text")))
    joined = texts.join(distinct, on="text", how="left", maintain_order="left")
    return joined["clean"].alias(column.name)


def count_unsafe(columns: list[pl.Series]) -> int:
    """Return how many cells of `columns` hold unsafe characters other than tabs and line ends."""
    return sum(
        int(column.str.replace_all(r"[\t\r\n]", "").str.contains(UNSAFE).sum())
        for column in columns
    )
