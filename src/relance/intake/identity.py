"""Who the debtors are: numbers with check digits, and debtors who may be there twice."""

from __future__ import annotations

import re
from collections.abc import Callable

import polars as pl

from relance.diagnostics import Diagnostic, Rule, Span
from relance.intake import identity_codes as codes
from relance.intake.alike import near_names
from relance.intake.findings import BOUND, shown

_SEPARATORS = r"[\s./-]"
_FRENCH_OTHER = re.compile(r"W[0-9A-Z]{9}")
"""Associations have a number of the RNA where they have no SIREN."""


def check_debtors(debtors: pl.DataFrame) -> list[Diagnostic]:
    """Return what is wrong with the numbers of `debtors`, and who may be there twice.

    Args:
        debtors: columns of `ledger.schema.DEBTORS`.

    Of each rule the first findings are named, the others counted. Nothing is looked up outside.
    """
    known = debtors.with_columns(
        _plain("registration"), _plain("vat"), _plain("iban"), home=_home()
    ).sort("file", "line", "debtor", nulls_last=True)
    return [
        *_wrong(known, "registration", codes.WRONG_REGISTRATION, is_registration),
        *_wrong(known, "vat", codes.WRONG_VAT, is_vat_of),
        *_wrong(known, "iban", codes.WRONG_IBAN, _is_iban),
        *_of_others(known),
        *_same(known, "registration", codes.SAME_REGISTRATION),
        *_same(known, "iban", codes.SAME_IBAN),
        *_near(known),
    ]


def _plain(name: str) -> pl.Expr:
    return pl.col(name).str.replace_all(_SEPARATORS, "").str.to_uppercase().alias(name)


def _home() -> pl.Expr:
    """The country whose numbers a debtor has: its own, else that of its VAT number."""
    prefix = pl.col("vat").str.extract(r"^\s*([A-Za-z]{2})", 1).str.to_uppercase()
    return pl.coalesce("country", prefix.replace({"EL": "GR"}))


def is_registration(number: str, country: str | None) -> bool:
    """Return whether `number` (capitals, no separators) can be a registration of `country`.

    True for countries whose numbers have no known form. Without a country the French and Belgian
    ones are tried, and other forms are taken for right.
    """
    from stdnum.be import vat as enterprise
    from stdnum.fr import siren, siret

    french = siren.is_valid(number) or siret.is_valid(number)
    belgian = bool(enterprise.is_valid(number.removeprefix("BE").zfill(10)))
    if country == "FR":
        return bool(french or _FRENCH_OTHER.fullmatch(number))
    if country == "BE":
        return belgian
    return country is not None or french or belgian or not re.fullmatch("[0-9]{9,10}", number)


def is_vat_of(number: str, country: str | None) -> bool:
    """Return whether `number` (capitals, no separators) is a VAT number; True where forms are unknown."""
    from stdnum import get_cc_module

    prefix = {"EL": "GR"}.get(number[:2], number[:2]) if number[:2].isalpha() else country
    module = get_cc_module(prefix.lower(), "vat") if prefix else None
    return module is None or bool(module.is_valid(number))


def _is_iban(number: str, _country: str | None) -> bool:
    from stdnum import iban

    return bool(iban.is_valid(number))


def _wrong(
    debtors: pl.DataFrame, column: str, rule: Rule, holds: Callable[[str, str | None], bool]
) -> list[Diagnostic]:
    """Return a finding for each number that does not hold; each distinct one is checked once."""
    unsure = debtors.filter(~_proven(column).fill_null(False))
    pairs = unsure.select(column, "home").drop_nulls(column).unique()
    right = [holds(number, country) for number, country in pairs.iter_rows()]
    wrong = pairs.filter(~pl.Series(right, dtype=pl.Boolean))
    if wrong.is_empty():
        return []
    rows = debtors.join(wrong, on=[column, "home"], nulls_equal=True, maintain_order="left")
    prefix = pl.col("vat").str.extract("^([A-Z]{2})") if column == "vat" else None
    country = pl.coalesce(prefix, pl.col("home"), pl.lit("–"))
    return _each(rows.with_columns(number=pl.col(column), country=country), rule,
                 ("debtor", "number", "country"))  # fmt: skip


def _proven(column: str) -> pl.Expr:
    """Whether the check digits of the commonest numbers hold, computed for all at once.

    What is not proven so is asked of the library of numbers, one by one.
    """
    number = pl.col(column)
    french, belgian = pl.col("home") == "FR", pl.col("home") == "BE"
    if column == "registration":
        siren = number.str.contains("^[0-9]{9}$") & _luhn(number, 9)
        siret = number.str.contains("^[0-9]{14}$") & _luhn(number.str.slice(0, 9), 9)
        of_belgium = number.str.replace("^BE", "").str.zfill(10)
        return (french & (siren | (siret & _luhn(number, 14)))) | (belgian & _by_97(of_belgium))
    if column == "vat":
        siren = number.str.slice(4)
        key = (12 + 3 * siren.cast(pl.Int64, strict=False)) % 97
        of_france = number.str.contains("^FR[0-9]{11}$") & _luhn(siren, 9)
        same_key = number.str.slice(2, 2).cast(pl.Int64, strict=False) == key
        of_belgium = number.str.contains("^BE[01][0-9]{9}$") & _by_97(number.str.slice(2))
        return (of_france & same_key) | of_belgium
    return number.is_null()


def _luhn(number: pl.Expr, length: int) -> pl.Expr:
    total = pl.lit(0, pl.Int64)
    for place in range(length):
        digit = number.str.slice(length - 1 - place, 1).cast(pl.Int64, strict=False)
        doubled = digit * 2
        total += (doubled // 10 + doubled % 10) if place % 2 else digit
    return total % 10 == 0


def _by_97(number: pl.Expr) -> pl.Expr:
    """Whether a Belgian enterprise number of ten digits ends with its check digits."""
    value = number.cast(pl.Int64, strict=False)
    of_ten = number.str.contains("^[01][0-9]{9}$") & (value > 0)
    return of_ten & (value // 100 % 97 + value % 100 == 97)


def _of_others(debtors: pl.DataFrame) -> list[Diagnostic]:
    """Return the French and Belgian VAT numbers that belong to another registration."""
    digits = pl.col("registration").str.replace("^BE", "").str.slice(0, 9)
    belgian = pl.col("registration").str.replace("^BE", "").str.zfill(10)
    number = pl.col("vat").str.slice(2)
    french = (pl.col("home") == "FR") & pl.col("vat").str.contains("^FR[0-9A-Z]{2}[0-9]{9}$")
    rows = debtors.filter(
        (french & (pl.col("registration").str.contains("^([0-9]{9}|[0-9]{14})$"))
         & (number.str.slice(2) != digits))
        | ((pl.col("home") == "BE") & pl.col("vat").str.contains("^BE[0-9]{9,10}$")
           & pl.col("registration").str.contains("^(BE)?[0-9]{9,10}$")
           & (number.str.zfill(10) != belgian))
    )  # fmt: skip
    named = rows.with_columns(number=pl.col("registration"))
    return _each(named, codes.OTHER_REGISTRATION, ("debtor", "vat", "number"))


def _same(debtors: pl.DataFrame, column: str, rule: Rule) -> list[Diagnostic]:
    """Return a finding for each debtor but the first that has the same number as another."""
    numbered = debtors.filter(pl.col(column).is_not_null() & (pl.col(column) != ""))
    shared = numbered.filter(pl.col(column).is_duplicated())
    first = pl.col("debtor").first().over(column)
    rows = shared.with_columns(other=first, number=pl.col(column))
    rows = rows.filter(pl.col("debtor") != pl.col("other"))
    return _each(rows, rule, ("debtor", "number", "other"))


def _near(debtors: pl.DataFrame) -> list[Diagnostic]:
    pairs = near_names(debtors)
    if pairs.is_empty():
        return []
    named = debtors.select("debtor", "name", "file", "line")
    rows = pairs.join(named, on="debtor").join(
        named.select(other="debtor", other_name="name"), on="other"
    )
    rows = rows.sort("file", "line", "debtor", "other", nulls_last=True)
    return _each(rows, codes.NEAR_NAME, ("debtor", "name", "other", "other_name"))


def _each(rows: pl.DataFrame, rule: Rule, texts: tuple[str, ...]) -> list[Diagnostic]:
    named = [
        Diagnostic(
            rule, Span(row["file"] or "", row["line"]), {name: shown(row[name]) for name in texts}
        )
        for row in rows.head(BOUND).iter_rows(named=True)
    ]
    if rows.height > BOUND:
        row = rows.row(BOUND, named=True)
        facts = {"count": rows.height - BOUND, "code": rule.code, "shown": BOUND}
        named.append(Diagnostic(codes.MORE, Span(row["file"] or "", row["line"]), facts))
    return named
