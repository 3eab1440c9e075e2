"""Amounts as people and programs write them, read exactly into minor units.

Read are `1234.56`, `1 234,56 €`, `1.234,56`, `1'234.56`, `(12,00)`, `12,00-`, `EUR 12.00` and
`$4,250.00`, with any kind of space or minus sign. Nothing is ever rounded.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

import polars as pl

from relance.money import digits

Mark = Literal[",", "."]

_SYMBOL = r"([€$£¥]|[A-Za-z]{2,6}\$?\.?)?"
_SPACE = r"[\s\u00a0\u202f\u2007\u2009]*"
_SHAPE = (
    rf"^{_SPACE}{_SYMBOL}{_SPACE}([-+(\u2212\u2013\u2010\u2011]?){_SPACE}{_SYMBOL}{_SPACE}"
    r"([0-9][0-9.,'’\s\u00a0\u202f\u2007\u2009]*?|[.,][0-9]+)"
    rf"{_SPACE}{_SYMBOL}{_SPACE}([-+)\u2212\u2013]?){_SPACE}{_SYMBOL}{_SPACE}$"
)
_PLAIN = r"^-?[0-9]{1,12}(?:[.,][0-9]{1,2})?$"
_SPACED = r"^-?(?:[0-9]{1,12}|[1-9][0-9]{0,2}(?:[ \u00a0\u202f][0-9]{3}){1,3})(?:[.,][0-9]{1,2})?(?:[ \u00a0\u202f]?€)?$"
_GROUPED = r"^[1-9][0-9]{0,2}(?:(?:\.[0-9]{3})+|(?:,[0-9]{3})+|(?:['’ ][0-9]{3})+)?$"
_UNSURE = r"^[1-9][0-9]{0,2}[.,][0-9]{3}$"
_COMMA = (
    r",[0-9]{1,2}[^0-9]*$|[0-9]\.[0-9]{3},[0-9]|^[^0-9]*0,[0-9]|[0-9]{4},[0-9]|,[0-9]{4,}[^0-9]*$"
)
_POINT = r"\.[0-9]{1,2}[^0-9]*$|[0-9],[0-9]{3}\.[0-9]|^[^0-9]*0\.[0-9]|[0-9]{4}\.[0-9]|\.[0-9]{4,}[^0-9]*$"
_UNSURE_CELL = r"^[^0-9]*[1-9][0-9]{0,2}[.,][0-9]{3}[^0-9]*$"
_MICRO = 6
_LARGEST = 12
"""Most digits before the decimal mark: micro-units must fit 64 bits."""


@dataclass(frozen=True)
class Marks:
    """Which decimal mark a file's amounts have.

    Attributes:
        decimal: the mark that was set or found; None if no amount tells.
        fixed: whether the policy sets it, so that other amounts are errors.
        comma: an amount that proves the comma; None if there is none.
        point: an amount that proves the point; None if there is none.
        unsure: an amount that can be read in two ways; None if there is none.
        form: "plain" if all amounts are digits with at most one mark and two decimals, "spaced"
            if they may have spaces between thousands and a euro sign behind, else "any".
    """

    decimal: Mark | None
    fixed: bool
    comma: str | None = None
    point: str | None = None
    unsure: str | None = None
    form: Literal["plain", "spaced", "any"] = "any"

    @property
    def mixed(self) -> bool:
        """Whether both marks are proven and the policy does not choose."""
        return not self.fixed and self.comma is not None and self.point is not None


def detect(columns: list[pl.Series], fixed: Mark | None) -> Marks:
    """Return the decimal mark of the amounts in the trimmed text `columns`."""
    form = _form(columns)
    if fixed:
        other = "," if fixed == "." else "."
        contrary = form != "any" and _first(columns, re.escape(other)) is not None
        return Marks(fixed, True, form="any" if contrary else form)
    patterns = (_COMMA, _POINT) if form == "any" else (",", r"\.")
    comma, point = (_first(columns, pattern) for pattern in patterns)
    unsure = _first(columns, _UNSURE_CELL) if form == "any" else None
    decimal: Mark | None = None
    if (comma is None) != (point is None):
        decimal = "," if comma is not None else "."
    return Marks(decimal, False, comma, point, unsure, form)


def _form(columns: list[pl.Series]) -> Literal["plain", "spaced", "any"]:
    if all(column.str.contains(_PLAIN).all() for column in columns):
        return "plain"
    return "spaced" if all(column.str.contains(_SPACED).all() for column in columns) else "any"


def _first(columns: list[pl.Series], pattern: str) -> str | None:
    """The least text that matches, which does not depend on the order of rows."""
    for column in columns:
        found = column.filter(column.str.contains(pattern))
        if len(found):
            return str(found.min())
    return None


def parse(column: pl.Series, marks: Marks) -> pl.DataFrame:
    """Return for each trimmed text of `column` its `micro`, `symbol` and `fault`.

    Of plain amounts only `micro`: they have neither symbols nor faults.

    `micro` is Int64 millionths of the main unit; null where the cell is null or has a fault.
    `symbol` is the currency symbol or code in the cell; null if none.
    `fault` is "bad", "precise" (more than six decimals) or "unsure"; null if the amount is read.
    """
    if marks.form == "any":
        return _parse_any(column, marks)
    if marks.form == "plain":
        return _from_digits(column, marks).to_frame("micro")
    euro = column.str.ends_with("€")
    nothing = pl.repeat(None, len(column), dtype=pl.String, eager=True)
    symbol = pl.select(pl.when(euro).then(pl.lit("€"))).to_series() if euro.any() else nothing
    digits_only = column.str.replace_many([" ", "\u00a0", "\u202f", "€"], [""])
    return pl.DataFrame(
        {"micro": _from_digits(digits_only, marks), "symbol": symbol, "fault": nothing}
    )


def _from_digits(column: pl.Series, marks: Marks) -> pl.Series:
    text = column if marks.decimal == "." else column.str.replace(",", ".", literal=True)
    micro: pl.Series = (text.cast(pl.Decimal(20, _MICRO)) * 10**_MICRO).cast(pl.Int64)
    return micro


def _parse_any(column: pl.Series, marks: Marks) -> pl.DataFrame:
    parts = column.str.extract_groups(_SHAPE).struct.unnest()
    parts.columns = ["s1", "before", "s2", "body", "s3", "after", "s4"]
    frame = parts.with_columns(
        raw=column,
        body=pl.col("body").str.replace_all(r"[\s\u00a0\u202f\u2007\u2009]", " ").str.strip_chars(),
        symbol=pl.concat_str(
            [pl.when(pl.col(s) != "").then(pl.col(s)) for s in ("s1", "s2", "s3", "s4")],
            separator=" ",
            ignore_nulls=True,
        ),
    )
    frame = frame.with_columns(_mark(marks).alias("mark"), sign=_sign())
    whole, rest = _split()
    frame = frame.with_columns(whole=whole, rest=rest).with_columns(_digits())
    frame = frame.with_columns(fault=_fault(marks))
    number = pl.concat_str(
        pl.lit("0"), pl.col("whole"), pl.col("rest").str.pad_end(_MICRO, "0")
    ).cast(pl.Int64, strict=False)
    micro = pl.when(pl.col("fault").is_null()).then(number * pl.col("sign"))
    symbol = pl.when(pl.col("symbol") != "").then(pl.col("symbol"))
    return frame.select(micro=micro, symbol=symbol, fault=pl.col("fault"))


def _digits() -> list[pl.Expr]:
    """The digits before and after the decimal mark; null where there is more than digits."""
    whole, rest = pl.col("whole"), pl.col("rest")
    grouped = whole.str.contains(_GROUPED) | whole.str.contains(r"^[0-9]+$")
    bare = whole.str.replace_all(r"[^0-9]", "").str.strip_chars_start("0")
    return [
        pl.when(grouped).then(bare).when(whole == "").then(pl.lit("")).alias("whole"),
        pl.when(rest.str.contains(r"^[0-9]*$")).then(rest.str.strip_chars_end("0")).alias("rest"),
    ]


def _fault(marks: Marks) -> pl.Expr:
    unsure = pl.col("body").str.contains(_UNSURE) & pl.lit(marks.mixed)
    readable = (
        pl.col("whole").is_not_null()
        & pl.col("rest").is_not_null()
        & pl.col("sign").is_not_null()
        & (pl.col("whole").str.len_bytes() <= _LARGEST)
    )
    return (
        pl.when(pl.col("raw").is_null()).then(None)
        .when(unsure).then(pl.lit("unsure"))
        .when(~readable.fill_null(False)).then(pl.lit("bad"))
        .when(pl.col("rest").str.len_bytes() > _MICRO).then(pl.lit("precise"))
    )  # fmt: skip


def _sign() -> pl.Expr:
    before, after = pl.col("before"), pl.col("after")
    minus = r"^[-\u2212\u2013\u2010\u2011]$"
    return (
        pl.when((before == "(") & (after == ")")).then(-1)
        .when((before == "(") | (after == ")")).then(None)
        .when((before != "") & (after != "")).then(None)
        .when(before.str.contains(minus) | after.str.contains(minus)).then(-1)
        .otherwise(1)
    )  # fmt: skip


def _mark(marks: Marks) -> pl.Expr:
    """The decimal mark of each body: what the body itself proves, else what the file has."""
    body = pl.col("body")
    if marks.fixed:
        return pl.lit(marks.decimal)
    commas, points = (body.str.count_matches(m, literal=True) for m in (",", "."))
    last_comma = body.str.contains(r",[^.,]*$")
    # Without any proof three digits after the only mark are thousands: cents have two digits.
    fallback = marks.decimal if marks.decimal else "-"
    return (
        pl.when((commas > 0) & (points > 0))
        .then(pl.when(last_comma).then(pl.lit(",")).otherwise(pl.lit(".")))
        .when(commas > 1).then(pl.lit("."))
        .when(points > 1).then(pl.lit(","))
        .when(body.str.contains(_UNSURE)).then(pl.lit(fallback))
        .when(commas == 1).then(pl.lit(","))
        .otherwise(pl.lit("."))
    )  # fmt: skip


def _split() -> tuple[pl.Expr, pl.Expr]:
    """The text before the decimal mark, and the text after it."""
    body, mark = pl.col("body"), pl.col("mark")
    comma, point = body.str.splitn(",", 2), body.str.splitn(".", 2)

    def pick(field: str) -> pl.Expr:
        return (
            pl.when(mark == ",").then(comma.struct.field(field).fill_null(""))
            .when(mark == ".").then(point.struct.field(field).fill_null(""))
            .otherwise(body if field == "field_0" else pl.lit(""))
        )  # fmt: skip

    whole = pl.when(body.is_not_null()).then(pick("field_0"))
    rest = pl.when(body.is_not_null()).then(pick("field_1"))
    return whole, rest


def to_minor(micro: pl.Expr, step: pl.Expr) -> tuple[pl.Expr, pl.Expr]:
    """Return the minor units of `micro`, and whether it has too many decimals for them."""
    return micro // step, (micro % step != 0).fill_null(False)


def step_of(currency: pl.Series) -> pl.Series:
    """Return how many millionths one minor unit of each `currency` is (Int64)."""
    exact = {code: 10 ** (_MICRO - digits(code)) for code in currency.unique().drop_nulls()}
    if not exact:
        return pl.repeat(1, len(currency), dtype=pl.Int64, eager=True)
    return currency.replace_strict(exact, default=None, return_dtype=pl.Int64)
