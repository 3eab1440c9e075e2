"""The fixed-width ASCII export of Cegid Quadra (QuadraCompta): entries in 'M' lines.

Positions are 1-based: type 1, account 2 (8), journal 10 (2), date 15 (6, JJMMAA), label 22 (20),
side 42 (D or C), signed cents 43 (13), due date 64 (6), letter 70 (2), piece 75 (5) or 100 (8),
currency 108 (3). 'C' lines describe accounts: account 2 (8), label 10 (30), collective account
99 (8). Source: the layout published with Cegid's interfaces.
"""

from __future__ import annotations

import re

import polars as pl

from relance.intake import codes
from relance.intake.amounts import Mark
from relance.intake.findings import refuse
from relance.intake.presets import Preset
from relance.intake.records import physical_lines
from relance.intake.rows import Raw, with_row_identity
from relance.intake.texts import clean, trimmed

DECIMAL: Mark = "."
PRESET = Preset("quadra", (), {"journal": ("10",)}, dates="dmy", sales=("v",))
_SHORTEST = 55
_CUSTOMERS = ("411", "416")
_AUXILIARY = "9"
"""How Quadra's own customer accounts begin; those of suppliers begin with 0."""
_ENTRY = re.compile(rb"M.{8}.{2}...\d{6}.{21}[DC][+\- ]?\d{12,13}", re.DOTALL)


def looks_like(data: bytes) -> bool:
    """Return whether one of the first lines of `data` is an entry of a Quadra export."""
    return any(_ENTRY.match(line) for line in data[:20_000].split(b"\n")[:50])


def extract(data: bytes, file: str) -> Raw:
    """Return the entries on customers' accounts as rows of text.

    Raises:
        Refusal: if there is no entry, or an entry is cut.
    """
    lines = physical_lines(data)
    entries = lines.filter(pl.col("text").str.starts_with("M"))
    blank = int((lines["text"].str.strip_chars() == "").sum())
    short = entries.filter(pl.col("text").str.len_chars() < _SHORTEST)
    if short.height:
        line, text = short.row(0)
        raise refuse(codes.FIXED_WIDTH, file, line, found=len(text), expected=_SHORTEST)
    if not entries.height:
        line, text = lines.row(0)
        raise refuse(codes.FIXED_WIDTH, file, line, found=len(text), expected=_SHORTEST)
    frame = entries.select("line", *_fields()).with_columns(amount=_amount()).drop("side", "cents")
    accounts = _accounts(lines)
    frame = frame.join(accounts, on="debtor", how="left", maintain_order="left")
    collective = pl.coalesce("collective", "debtor")
    customers = pl.any_horizontal([collective.str.starts_with(a) for a in _CUSTOMERS])
    auxiliary = pl.col("collective").is_null() & pl.col("debtor").str.starts_with(_AUXILIARY)
    kept = frame.filter(customers | auxiliary).drop("collective")
    texts = [clean(kept[name]) for name in ("number", "debtor", "debtor_name")]
    kept = kept.with_columns(text for text, _ in texts)
    kept = with_row_identity(kept, lines)
    names = {name: name for name in kept.columns if name not in ("line", "row")}
    return Raw(kept, names, blank=blank, accounts=frame.height - kept.height)


def _field(name: str, start: int, length: int) -> pl.Expr:
    return trimmed(pl.col("text").str.slice(start - 1, length)).alias(name)


def _fields() -> list[pl.Expr]:
    return [
        _field("debtor", 2, 8),
        _field("journal", 10, 2),
        _field("issued", 15, 6),
        _field("side", 42, 1),
        _field("cents", 43, 13),
        _field("due", 64, 6),
        _field("letter", 70, 2),
        pl.coalesce(_field("number", 100, 8), _field("number", 75, 5)).alias("number"),
        _field("currency", 108, 3),
    ]


def _amount() -> pl.Expr:
    """The signed cents as a decimal text; a text that is no number stays as it is, to be told."""
    cents = pl.col("cents").str.replace(" ", "", literal=True)
    number = cents.cast(pl.Int64, strict=False)
    signed = pl.when(pl.col("side") == "C").then(-number).otherwise(number)
    text = signed.abs().cast(pl.String).str.zfill(3)
    shown = pl.concat_str(
        pl.when(signed < 0).then(pl.lit("-")).otherwise(pl.lit("")),
        text.str.head(-2),
        pl.lit("."),
        text.str.tail(2),
    )
    return pl.when(pl.col("side").is_in(["C", "D"])).then(pl.coalesce(shown, "cents"))


def _accounts(lines: pl.DataFrame) -> pl.DataFrame:
    described = lines.filter(pl.col("text").str.starts_with("C"))
    return described.select(
        _field("debtor", 2, 8), _field("debtor_name", 10, 30), _field("collective", 99, 8)
    ).unique("debtor", keep="last", maintain_order=True)
