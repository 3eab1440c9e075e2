"""Dates as people, programs and spreadsheets write them.

Each distinct text is read once: an export of a million rows has few thousand dates.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import polars as pl

ORDERS = ("dmy", "mdy", "ymd")
_MONTHS = {
    1: "january jan janvier janv januari januar janner jaenner",
    2: "february feb fevrier fevr fev februari februar",
    3: "march mar mars maart mrt marz maerz mrz",
    4: "april apr avril avr",
    5: "may mai mei",
    6: "june jun juin juni",
    7: "july jul juillet juil juli",
    8: "august aug aout augustus",
    9: "september sep sept septembre",
    10: "october oct octobre oktober okt",
    11: "november nov novembre",
    12: "december dec decembre dezember dez",
}
_MONTH_NUMBERS = {word: number for number, words in _MONTHS.items() for word in words.split()}
_TIME = (
    r"[T ]+[0-9]{1,2}:[0-9]{2}(:[0-9]{2}(\.[0-9]+)?)?\s*([AaPp][Mm])?(Z|[+-][0-9]{2}:?[0-9]{2})?$"
)
_YMD = r"^([0-9]{4})[-/. ]([0-9]{1,2})[-/. ]([0-9]{1,2})$"
_PARTS = r"^([0-9]{1,2})[-/. ]([0-9]{1,2})[-/. ]([0-9]{4}|[0-9]{2})$"
_DAY_MONTH = r"^(?:[a-z]+\.?,? )?([0-9]{1,2})(?:er|st|nd|rd|th|\.)?[-/. ]+([a-z]+)\.?[-/., ]+([0-9]{4}|[0-9]{2})$"
_MONTH_DAY = (
    r"^(?:[a-z]+\.?, )?([a-z]+)\.?[-/ ]+([0-9]{1,2})(?:st|nd|rd|th)?,?[-/ ]+([0-9]{4}|[0-9]{2})$"
)
_COMPACT = r"^([0-9]{2})([0-9]{2})([0-9]{2})$"
_SERIAL = r"^([2-7][0-9]{4})(?:[.,]0+)?$"
_NONE = r"^0{6,8}$|^0{1,4}[-/.]0{1,2}[-/.]0{1,4}$|^[-/.\s]+$"


@dataclass(frozen=True)
class Order:
    """The order of day, month and year in a file's dates.

    Attributes:
        order: "dmy", "mdy", "ymd", or a strptime format.
        fixed: whether the policy or a preset sets it.
        dmy: a date that proves day first; None if there is none.
        mdy: a date that proves month first; None if there is none.
        unsure: a date that can be read in two ways; None if there is none.
        seen: forms found, for the echo.
    """

    order: str
    fixed: bool
    dmy: str | None = None
    mdy: str | None = None
    unsure: str | None = None
    seen: tuple[str, ...] = ()

    @property
    def echo(self) -> str:
        """The order as the policy would set it; without the forms that need none: those found."""
        if self.fixed or {"parts", "compact"} & set(self.seen) or not self.seen:
            return self.order
        return "/".join(self.seen)

    @property
    def guessed(self) -> bool:
        """Whether a date can be read in two ways and none tells which is meant."""
        return not self.fixed and self.unsure is not None and not (self.dmy or self.mdy)

    @property
    def mixed(self) -> bool:
        """Whether both orders are proven and nobody chose."""
        return not self.fixed and self.dmy is not None and self.mdy is not None


def is_order(text: str) -> bool:
    """Return whether `text` is an order or a strptime format that holds a whole date."""
    if text in ORDERS:
        return True
    sample = pl.Series([date(2026, 7, 15)])
    try:
        back = sample.dt.to_string(text).str.to_date(text, strict=False)
    except pl.exceptions.PolarsError:
        return False
    return back.to_list() == sample.to_list()


def distinct(columns: list[pl.Series]) -> pl.Series:
    """Return the distinct texts of the trimmed `columns`, sorted, without null."""
    if not columns:
        return pl.Series("text", [], pl.String)
    return pl.concat([c.unique().alias("text") for c in columns]).unique().drop_nulls().sort()


def detect(texts: pl.Series, fixed: str | None, country: str) -> Order:
    """Return the order of the dates among the distinct `texts`.

    Args:
        texts: from `distinct`.
        fixed: "dmy", "mdy", "ymd" or a strptime format that the policy sets; None to detect.
        country: of the creditor: where it is the United States, month first is assumed.
    """
    seen = _forms(texts)
    if fixed:
        return Order(fixed, True, seen=seen)
    parts = _plain(texts).str.extract_groups(_PARTS).struct.unnest()
    parts.columns = ["a", "b", "y"]
    frame = parts.with_columns(
        pl.col("a").cast(pl.Int32), pl.col("b").cast(pl.Int32), text=texts
    ).drop_nulls("a")

    def first(condition: pl.Expr) -> str | None:
        found = frame.filter(condition)["text"]
        return str(found[0]) if len(found) else None

    a, b = pl.col("a"), pl.col("b")
    dmy, mdy = first((a > 12) & (b <= 12)), first((b > 12) & (a <= 12))
    unsure = first((a <= 12) & (b <= 12) & (a != b))
    month_first = mdy is not None if (dmy or mdy) else country == "US"
    return Order("mdy" if month_first else "dmy", False, dmy, mdy, unsure, seen)


def _forms(texts: pl.Series) -> tuple[str, ...]:
    patterns = {"ymd": _YMD + r"|^(19|20)[0-9]{6}$", "parts": _PARTS, "words": "[A-Za-z]{3}",
                "serial": _SERIAL, "compact": _COMPACT}  # fmt: skip
    plain = _plain(texts)
    return tuple(name for name, pattern in patterns.items() if plain.str.contains(pattern).any())


def read(texts: pl.Series, order: Order) -> pl.DataFrame:
    """Return `text` and `day` (Date, null if it is none) of the distinct `texts`.

    A zero date ("00/00/0000") is no fault: it has the `text` and `none` is true.
    """
    plain = _plain(texts)
    frame = pl.DataFrame({"text": texts, "plain": plain})
    none = pl.col("plain").str.contains(_NONE)
    if order.order not in ORDERS:
        day = pl.col("text").str.to_date(order.order, strict=False)
    else:
        day = pl.coalesce(
            _ymd(), _numeric(order.order), _worded(_DAY_MONTH, (0, 1, 2)),
            _worded(_MONTH_DAY, (1, 0, 2)), _serial(),
        )  # fmt: skip
    sane = day.dt.year().is_between(1970, 2100)
    return frame.select("text", pl.when(sane).then(day).alias("day"), none=none)


def _plain(texts: pl.Series) -> pl.Series:
    spaced = texts.str.replace_all(r"[\s\u00a0\u202f]+", " ").str.strip_chars()
    day = spaced.str.replace(_TIME, "")
    for _ in range(2):  # the digit between two marks belongs to both matches
        day = day.str.replace_all(r"([0-9])\s*([-/.])\s*([0-9])", "$1$2$3")
    return day


def _groups(pattern: str, count: int) -> list[pl.Expr]:
    return [pl.col("plain").str.extract(pattern, group) for group in range(1, count + 1)]


def _ymd() -> pl.Expr:
    year, month, day = _groups(_YMD, 3)
    compact = pl.col("plain").str.extract(r"^((?:19|20)[0-9]{6})$", 1)
    return pl.coalesce(_date(year, month, day), compact.str.to_date("%Y%m%d", strict=False))


def _numeric(order: str) -> pl.Expr:
    first, second, third = _groups(_PARTS, 3)
    c1, c2, c3 = _groups(_COMPACT, 3)
    long = pl.col("plain").str.extract(r"^([0-9]{8})$", 1)
    if order == "mdy":
        wide = long.str.to_date("%m%d%Y", strict=False)
        return pl.coalesce(_date(third, first, second), _date(c3, c1, c2), wide)
    if order == "ymd":
        return pl.coalesce(_date(first, second, third), _date(c1, c2, c3))
    wide = long.str.to_date("%d%m%Y", strict=False)
    return pl.coalesce(_date(third, second, first), _date(c3, c2, c1), wide)


def _worded(pattern: str, places: tuple[int, int, int]) -> pl.Expr:
    words = pl.col("plain").str.normalize("NFD").str.replace_all(r"\p{M}", "").str.to_lowercase()
    parts = [words.str.extract(pattern, group) for group in (1, 2, 3)]
    day, month, year = (parts[place] for place in places)
    number = month.replace_strict(_MONTH_NUMBERS, default=None, return_dtype=pl.Int32)
    return _date(year, number.cast(pl.String), day)


def _serial() -> pl.Expr:
    days = pl.col("plain").str.extract(_SERIAL, 1).cast(pl.Int32)
    return pl.date(1899, 12, 30) + pl.duration(days=days)


def _date(year: pl.Expr, month: pl.Expr, day: pl.Expr) -> pl.Expr:
    number = year.cast(pl.Int32, strict=False)
    full = (
        pl.when(year.str.len_chars() > 2).then(number)
        .when(number < 80).then(number + 2000)
        .otherwise(number + 1900)
    )  # fmt: skip
    text = pl.concat_str(full.cast(pl.String), month.str.zfill(2), day.str.zfill(2), separator="-")
    return text.str.to_date("%Y-%m-%d", strict=False)
