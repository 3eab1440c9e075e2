"""The amounts and currencies of rows: read by `amounts`, each fault said with its line."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import polars as pl

from relance.diagnostics import Diagnostic, Span
from relance.intake import amounts, codes, values
from relance.intake.findings import shown
from relance.intake.sieve import Sieve

AMOUNTS = ("amount", "open", "debit", "credit")
"""The columns of amounts that a file may have."""


@dataclass(frozen=True)
class Settings:
    """What the policy says about a file's cells.

    Attributes:
        decimal: the decimal mark; None to detect it.
        dates: the order or format of dates; None to detect it.
        currency: of rows without one; None to take the amounts' symbol, else `home`.
        home: the creditor's currency.
        country: the creditor's country.
    """

    decimal: amounts.Mark | None
    dates: str | None
    currency: str | None
    home: str
    country: str


def read_amounts(sieve: Sieve, names: Mapping[str, str], ask: Settings) -> str:
    """Add `…_micro`, and `…_symbol` where there is one, for each column of amounts of the rows.

    Rows whose amounts cannot be read are left out. Returns the decimal mark, "" without one.
    """
    present = [name for name in AMOUNTS if name in sieve.frame.columns]
    marks = amounts.detect([sieve.frame[name] for name in present], ask.decimal)
    if marks.mixed:
        facts = {"comma": shown(marks.comma), "point": shown(marks.point)}
        sieve.diagnostics.append(Diagnostic(codes.MIXED_DECIMALS, Span(sieve.file), facts))
    elif not marks.fixed and marks.decimal is None and marks.unsure:
        facts = {"example": shown(marks.unsure)}
        sieve.diagnostics.append(Diagnostic(codes.AMBIGUOUS_AMOUNTS, Span(sieve.file), facts))
    for name in present:
        found = amounts.parse(sieve.frame[name], marks)
        found.columns = [f"{name}_{column}" for column in found.columns]
        sieve.frame = sieve.frame.with_columns(found)
    for name in present:
        if f"{name}_fault" in sieve.frame.columns:
            _reject_faults(sieve, name, shown(names.get(name, name)), ask)
    return ",/." if marks.mixed else marks.decimal or ""


def _reject_faults(sieve: Sieve, name: str, header: str, ask: Settings) -> None:
    fault, text = pl.col(f"{name}_fault"), {"text": pl.col(name)}
    sieve.reject(codes.BAD_AMOUNT, fault == "bad", text, column=header)
    sieve.reject(codes.UNSURE_AMOUNT, fault == "unsure", text, column=header)
    texts = {**text, "currency": _currency_text(sieve.frame, ask)}
    sieve.reject(codes.TOO_PRECISE, fault == "precise", texts, column=header)
    sieve.frame = sieve.frame.drop(f"{name}_fault")


def _currency_text(frame: pl.DataFrame, ask: Settings) -> pl.Expr:
    home = pl.lit(ask.currency or ask.home)
    return pl.col("currency").fill_null(home) if "currency" in frame.columns else home


def read_currencies(sieve: Sieve, names: Mapping[str, str], ask: Settings) -> None:
    """Give each row its currency: its column, else the policy, else its symbol, else at home."""
    column = "currency" in sieve.frame.columns
    given = pl.lit(None, pl.String)
    if column:
        text = pl.col("currency")
        read = values.mapped(sieve.frame["currency"], values.currency_of)
        sieve.frame = sieve.frame.with_columns(read.alias("given"))
        unknown = text.is_not_null() & pl.col("given").is_null()
        sieve.reject(codes.BAD_CURRENCY, unknown, {"text": text})
        given = pl.col("given")
    symbols = [c for c in sieve.frame.columns if c.endswith("_symbol")]
    if symbols:
        _read_symbols(sieve, names, pl.coalesce(given, pl.lit(ask.currency, pl.String)), ask)
    else:
        home = pl.lit(ask.currency or ask.home)
        sieve.frame = sieve.frame.with_columns(currency=pl.coalesce(given, home))
    sieve.frame = sieve.frame.drop(symbols, "given", strict=False)
    _to_minor(sieve, names)


def _read_symbols(sieve: Sieve, names: Mapping[str, str], given: pl.Expr, ask: Settings) -> None:
    """Take the currency from the amounts where none is given; reject what contradicts it."""
    home = pl.lit(ask.home)
    for name in AMOUNTS:
        if f"{name}_symbol" not in sieve.frame.columns:
            continue
        symbol = pl.col(f"{name}_symbol")
        read = values.mapped(sieve.frame[f"{name}_symbol"], values.currency_of)
        sieve.frame = sieve.frame.with_columns(read.alias("told"))
        odd = symbol.is_not_null() & pl.col("told").is_null()
        sieve.reject(codes.BAD_CURRENCY, odd, {"text": symbol})
        at_home = pl.lit(ask.home in values.DOLLARS) & (symbol == "$").fill_null(False)
        meant = pl.when(at_home).then(home).otherwise(pl.col("told"))
        currency = pl.coalesce(given, meant)
        bare = (symbol == "$") & currency.is_in(sorted(values.DOLLARS))
        contrary = (pl.col("told") != currency) & ~bare
        texts = {"text": symbol, "currency": currency}
        sieve.reject(codes.OTHER_CURRENCY, contrary, texts, column=shown(names.get(name, name)))
        sieve.frame = sieve.frame.with_columns(given=currency)
        given = pl.col("given")
    sieve.frame = sieve.frame.with_columns(currency=pl.coalesce(given, home)).drop("told")


def _to_minor(sieve: Sieve, names: Mapping[str, str]) -> None:
    step = amounts.step_of(sieve.frame["currency"])
    sieve.frame = sieve.frame.with_columns(step.alias("step"))
    for name in AMOUNTS:
        if f"{name}_micro" not in sieve.frame.columns:
            continue
        minor, precise = amounts.to_minor(pl.col(f"{name}_micro"), pl.col("step"))
        texts = {"text": pl.col(name), "currency": pl.col("currency")}
        sieve.reject(codes.TOO_PRECISE, precise, texts, column=shown(names.get(name, name)))
        sieve.frame = sieve.frame.with_columns(minor.alias(f"{name}_minor"))
        sieve.frame = sieve.frame.drop(f"{name}_micro")
