"""Cells as text: spaces, control characters and accents in one form."""

from __future__ import annotations

import polars as pl

# Control, format (direction, joiner) and line separator characters; see docs/decisions.
UNSAFE = r"[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Co}]"
_SPACES = r"[\s\u00a0\u202f\u2000-\u200a\u3000]+"


def is_plain(data: bytes) -> bool:
    """Return whether `data` is printable ASCII with line feeds: its cells need no cleaning."""
    return data.isascii() and not data.translate(None, bytes(range(0x20, 0x7F)) + b"\n")


def trimmed(column: pl.Expr) -> pl.Expr:
    """Return `column` without spaces around its cells; cells without more are null."""
    text = column.str.strip_chars()
    return pl.when(text != "").then(text)


def cleaned(column: pl.Expr) -> pl.Expr:
    """Return `column` in NFC, without unsafe characters, its runs of spaces one space each."""
    spaced = column.str.replace_all(_SPACES, " ")
    return trimmed(spaced.str.replace_all(UNSAFE, "").str.normalize("NFC"))


def collapsed(column: pl.Expr) -> pl.Expr:
    """Return `column` trimmed, with its runs of spaces as one space each."""
    return trimmed(column.str.replace_all(r"\s+", " "))


def cleaned_lines(column: pl.Expr) -> pl.Expr:
    """Return `column` like `cleaned`, with its line feeds kept (street lines)."""
    lines = column.str.split("\n").list.eval(cleaned(pl.element()).drop_nulls())
    return trimmed(lines.list.join("\n"))


def count_unsafe(rows: pl.DataFrame, columns: list[str]) -> int:
    """Return how many cells of `columns` hold unsafe characters other than tabs and line ends."""
    odd = [pl.col(c).str.replace_all(r"[\t\r\n]", "").str.contains(UNSAFE).sum() for c in columns]
    return sum(value or 0 for value in rows.select(odd).row(0)) if odd else 0
