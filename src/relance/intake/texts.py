"""Cells as text: spaces, control characters and accents in one form."""

from __future__ import annotations

from collections.abc import Callable

import polars as pl

# Control, format (direction, joiner), private and line separator characters.
UNSAFE = r"[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Co}]"
_SPACES = r"[\s\u00a0\u202f\u2000-\u200a\u3000]+"
_ODD_SPACES = r"[\t\r\n\u00a0\u202f\u2000-\u200a\u2028\u2029\u3000\x0b\x0c\u0085]|  "
_NOT_ASCII = r"[^\x20-\x7e]"


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


def as_iban(name: str) -> pl.Expr:
    """Return the column `name` as accounts are compared: in capitals, without spaces."""
    return filled(pl.col(name).str.replace_all(r"[\s.-]", "").str.to_uppercase()).alias(name)


def without_edges(frame: pl.DataFrame, plain: bool = False) -> pl.DataFrame:
    """Return the columns of text of `frame` trimmed, empty texts null; others as they are.

    With `plain` the columns are known to be printable ASCII.
    """
    return frame.with_columns(
        trimmed(pl.col(column.name)) if _has_edges(column, plain) else filled(pl.col(column.name))
        for column in frame
        if column.dtype == pl.String
    )


def _has_edges(column: pl.Series, plain: bool) -> bool:
    if not plain:
        return _has(column, r"^\s|\s$")
    return bool((column.str.starts_with(" ") | column.str.ends_with(" ")).any())


def _has(column: pl.Series, pattern: str) -> bool:
    return bool(column.str.contains(pattern).any())


def clean(column: pl.Series, lines: bool = False, plain: bool = False) -> tuple[pl.Series, int]:
    """Return the trimmed `column` cleaned, and how many of its cells held unsafe characters.

    Cleaned is in NFC, without unsafe characters, runs of spaces one space each. With `lines`
    line feeds are kept; with `plain` the column is known to be printable ASCII.
    """
    if plain or not _has(column, _NOT_ASCII):
        return (_by_distinct(column, _one_space) if _has(column, "  ") else column), 0
    texts = column.unique().drop_nulls()
    visible = texts.str.replace_all(r"[\t\r\n]", "")
    unsafe = texts.filter(visible.str.contains(UNSAFE))
    count = int(column.is_in(unsafe.implode()).sum()) if len(unsafe) else 0
    return _by_distinct(column, _all_lines if lines else _all), count


def _by_distinct(column: pl.Series, how: Callable[[pl.Series], pl.Series]) -> pl.Series:
    """Return `column` with `how` done to each distinct text once."""
    distinct = column.unique().drop_nulls()
    changed = how(distinct)
    differ = (changed != distinct).fill_null(True)
    if not differ.any():
        return column
    table = pl.DataFrame({"text": distinct.filter(differ), "clean": changed.filter(differ)})
    joined = column.to_frame("text").join(
        table.with_columns(pl.lit(True).alias("changed")),
        on="text", how="left", maintain_order="left",
    )  # fmt: skip
    kept = pl.when(pl.col("changed")).then(pl.col("clean")).otherwise(pl.col("text"))
    return joined.select(kept.alias(column.name)).to_series()


def _one_space(texts: pl.Series) -> pl.Series:
    return texts.str.replace_all(_SPACES, " ")


def _all(texts: pl.Series) -> pl.Series:
    if _has(texts, _ODD_SPACES):
        texts = _one_space(texts)
    if _has(texts, UNSAFE):
        texts = texts.str.replace_all(UNSAFE, "")
    texts = texts.str.normalize("NFC").alias("text")
    return texts.to_frame().select(trimmed(pl.col("text"))).to_series()


def _all_lines(texts: pl.Series) -> pl.Series:
    frame = texts.alias("text").to_frame().with_row_index("row")
    lines = frame.with_columns(pl.col("text").str.split("\n")).explode("text")
    lines = lines.with_columns(_all(lines["text"]).alias("text"))
    joined = lines.group_by("row", maintain_order=True).agg(
        pl.col("text").drop_nulls().str.join("\n")
    )
    return joined.select(trimmed(pl.col("text"))).to_series()
