"""Words of payments as they are compared: numbers without separators, names without legal forms."""

from __future__ import annotations

import polars as pl

LEGAL_FORMS = (
    "SA", "SAS", "SASU", "SARL", "EURL", "EIRL", "EI", "SNC", "SCI", "SCP", "SCOP", "SELARL", "GIE",
    "STE", "SOCIETE", "ETS", "ETABLISSEMENTS", "CIE", "SPRL", "BVBA", "SRL", "BV", "NV", "VOF", "SC",
    "COMMV", "ASBL", "VZW", "GMBH", "MBH", "AG", "KG", "OHG", "UG", "EV", "CO", "LTD", "LIMITED",
    "PLC", "LLP", "LLC", "INC", "SPA", "SL", "SLU", "MONSIEUR", "MADAME", "MR", "MME", "MLLE", "MRS",
    "HERR", "FRAU", "ET", "AND", "UND", "EN",
)  # fmt: skip
"""Words that one bank writes and another leaves out."""

_NO_WORD = "[^A-Z0-9]+"
_FORM = rf"\b(?:{'|'.join(LEGAL_FORMS)})\b"

MOST_PIECES = 4
_MOST_OF_RF = 8


def plain(text: pl.Expr) -> pl.Expr:
    """Return `text` in capitals, without anything that is not a letter A–Z or a digit."""
    return text.str.to_uppercase().str.replace_all(r"[^A-Z0-9]", "")


def name_key(name: pl.Expr) -> pl.Expr:
    """Return the words of `name` in alphabetical order, without accents and legal forms.

    Null when nothing of at least four letters is left.
    """
    bare = name.str.normalize("NFKD").str.to_uppercase().str.replace_all(r"[\p{M}.']", "")
    words = bare.str.replace_all(_NO_WORD, " ").str.replace_all(_FORM, "").str.strip_chars(" ")
    kept = words.str.replace_all(" +", " ").str.split(" ").list.sort().list.join(" ")
    return kept.str.extract("^(.{4,})$")


def is_distinctive(key: pl.Expr) -> pl.Expr:
    """Return whether a plain number tells itself from other words: letters and digits, or four digits."""
    mixed = key.str.contains("[A-Z]") & key.str.contains("[0-9]") & (key.str.len_bytes() >= 3)
    return (mixed | key.str.contains("[0-9]{4}")).fill_null(False)


def is_checked(reference: pl.Expr) -> pl.Expr:
    """Return whether a plain reference has check digits: OGM/VCS (mod 97) or RF (ISO 11649)."""
    body = reference.str.slice(0, 10).cast(pl.Int64, strict=False) % 97
    check = reference.str.slice(10).cast(pl.Int64, strict=False)
    ogm = reference.str.contains("^[0-9]{12}$") & (
        pl.when(body == 0).then(97).otherwise(body) == check
    )
    return (ogm | reference.str.contains("^RF[0-9]{2}[A-Z0-9]{1,21}$")).fill_null(False)


def tail(number: pl.Expr) -> pl.Expr:
    """Return what follows the letters and zeros that a plain number begins with."""
    return number.str.strip_chars_start("ABCDEFGHIJKLMNOPQRSTUVWXYZ0")


def is_tail(key: pl.Expr) -> pl.Expr:
    """Return whether a tail says enough: four digits or more, and nothing else."""
    return key.str.contains("^[0-9]{4,}$").fill_null(False)


def grams(texts: pl.DataFrame) -> pl.DataFrame:
    """Return what may be a number in `texts` (columns `m`, `text`): `m`, `gram`, `at`, `pieces`.

    A number may be written in pieces ("F 2026-042"), so each run of up to four pieces is one gram;
    of up to eight where it begins as an RF reference. `at` counts the pieces of all texts.
    """
    words = texts.select(
        "m", gram=pl.col("text").str.to_uppercase().str.extract_all("[A-Z0-9]+")
    ).explode("gram", empty_as_null=True)
    pieces = words.with_columns(at=pl.int_range(pl.len()))
    run, runs = pieces, [pieces.with_columns(pieces=pl.lit(1, pl.Int64))]
    for count in range(2, _MOST_OF_RF + 1):
        run = _lengthened(run, pieces, count)
        if count > MOST_PIECES:
            run = run.filter(pl.col("gram").str.starts_with("RF"))
        runs.append(run.with_columns(pieces=pl.lit(count, pl.Int64)))
    worth = (pl.col("gram").str.len_bytes() >= 3) & pl.col("gram").str.contains("[0-9]")
    return pl.concat(run.filter(worth) for run in runs)


def _lengthened(run: pl.DataFrame, pieces: pl.DataFrame, count: int) -> pl.DataFrame:
    """Each run with the piece that makes it `count` long, where that is of the same text."""
    last = pl.col("at") + count - 1
    longer = run.filter(last < pieces.height)
    after = pieces.select(next_m="m", next_gram="gram")[longer.select(last).to_series()]
    return (
        longer.hstack(after)
        .filter(pl.col("m") == pl.col("next_m"))
        .select("m", pl.concat_str("gram", "next_gram").alias("gram"), "at")
        .filter(pl.col("gram").str.len_bytes() <= 40)
    )
