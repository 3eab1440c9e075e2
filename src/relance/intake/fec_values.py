"""Amounts and dates of a FEC, as software really writes them."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date

import polars as pl

_SPACES = re.compile(r"[\s\u00a0\u202f]+")
_AMOUNT = re.compile(r"\d+(?:[.,]\d+)*[.,]?|[.,]\d+")
_SCIENTIFIC = re.compile(r"(\d)(?:[.,](\d{1,9}))?E\+?(\d{1,2})", re.IGNORECASE)
_LONGEST = 15


def parse_amount(text: str) -> int | None:
    """Return the cents that `text` states; 0 when it is blank, None when it is no amount.

    Comma or point, thousands in groups of three when the decimal mark is another sign, a sign
    before or after, parentheses for a negative. Three decimals are refused: “1.234” may be a
    thousand.
    """
    body = _SPACES.sub("", text)
    if not body:
        return 0
    negative = body[0] == "-" or body[-1] == "-" or (body[0] == "(" and body[-1] == ")")
    if body[0] in "+-":
        body = body[1:]
    elif body[-1] in "+-":
        body = body[:-1]
    elif negative:
        body = body[1:-1]
    cents = _cents(body)
    return -cents if cents is not None and negative else cents


def _cents(body: str) -> int | None:
    if found := _SCIENTIFIC.fullmatch(body):
        return _from_scientific(found)
    if not _AMOUNT.fullmatch(body):
        return None
    parts = re.split(r"[.,]", body)
    marks = re.findall(r"[.,]", body)
    if not marks:
        return _joined(body, "")
    if len(marks) == 1:
        return _joined(parts[0], parts[1])
    grouped = _grouped(parts[:-1]) if marks[-1] != marks[0] else _grouped(parts)
    if grouped is None or len(set(marks[:-1])) != 1:
        return None
    return _joined(grouped, parts[-1] if marks[-1] != marks[0] else "")


def _grouped(parts: list[str]) -> str | None:
    """Digits of a number in groups of three; None if the groups are of another size."""
    rest = all(len(part) == 3 for part in parts[1:])
    return "".join(parts) if rest and 1 <= len(parts[0]) <= 3 else None


def _joined(whole: str, decimals: str) -> int | None:
    if len(decimals) == 3 or decimals[2:].strip("0"):
        return None
    digits = (whole.lstrip("0") or "0") + decimals[:2].ljust(2, "0")
    return int(digits) if len(digits) <= _LONGEST else None


def _from_scientific(found: re.Match[str]) -> int | None:
    decimals = found[2] or ""
    shift = int(found[3]) - len(decimals) + 2
    if shift < 0 or shift > _LONGEST:
        return None
    return int(found[1] + decimals + "0" * shift)


def amounts(texts: pl.Series) -> pl.Series:
    """Return the cents of `texts`; 0 where blank or null, null where there is no amount."""
    trimmed = texts.str.strip_chars()
    mark = _usual_mark(trimmed)
    text = pl.col("text")
    # Two decimals after the one mark: taking the mark out gives cents. The rest is read by itself.
    usual = text.str.slice(-3, 1) == mark
    cents = (
        pl.DataFrame({"text": trimmed})
        .select(
            pl.when(usual & (text.str.len_bytes() <= _LONGEST))
            .then(text.str.replace(mark, "", literal=True).cast(pl.Int64, strict=False))
            .when(text.is_null() | (text == ""))
            .then(0)
        )
        .to_series()
    )
    unread = cents.is_null()
    if not unread.any():
        return cents
    return cents.fill_null(by_distinct(trimmed, parse_amount, pl.Int64, unread))


def _usual_mark(texts: pl.Series) -> str:
    sample = texts.head(1000).str.slice(-3, 1)
    return "." if (sample == ".").sum() > (sample == ",").sum() else ","


def by_distinct(
    texts: pl.Series,
    parse: Callable[[str], object],
    dtype: type[pl.DataType],
    where: pl.Series | None = None,
) -> pl.Series:
    """Return `parse` of each text, called once per distinct one; `where` limits what is read."""
    some = texts if where is None else texts.filter(where)
    distinct = some.unique().drop_nulls()
    values = pl.Series([parse(text) for text in distinct], dtype=dtype)
    return texts.replace_strict(distinct, values, default=None, return_dtype=dtype)


_YMD = re.compile(r"((?:19|20|21)\d\d)([-/.]?)(\d\d)\2(\d\d)")
_DMY = re.compile(r"(\d\d)([-/.]?)(\d\d)\2((?:19|20|21)\d\d)")
_TIME = re.compile(r"[ T]\d\d:\d\d(?::\d\d(?:\.\d+)?)?$")


def is_blank_date(text: str) -> bool:
    """Return whether `text` states no date: blank, or zeros and signs (`00000000`, `--`)."""
    return not text.strip(" 0-/.:")


def parse_date(text: str) -> date | None:
    """Return the date that `text` states; None when it states none or is not one of 1900 to 2199."""
    day = _TIME.sub("", text.strip()).strip()
    if found := _YMD.fullmatch(day):
        parts = (found[1], found[3], found[4])
    elif found := _DMY.fullmatch(day):
        parts = (found[4], found[3], found[1])
    else:
        return None
    try:
        return date(int(parts[0]), int(parts[1]), int(parts[2]))
    except ValueError:
        return None


def dates(texts: pl.Series) -> pl.Series:
    """Return the dates of `texts`; null where there is none."""
    return by_distinct(texts, parse_date, pl.Date)


def sides(texts: pl.Series) -> pl.Series:
    """Return 1 for a debit (D, +1), -1 for a credit (C, -1), null for anything else."""
    return by_distinct(texts, _side, pl.Int64)


def _side(text: str) -> int | None:
    plain = _SPACES.sub("", text).upper()
    return {"D": 1, "+1": 1, "1": 1, "+": 1, "C": -1, "-1": -1, "-": -1}.get(plain)
