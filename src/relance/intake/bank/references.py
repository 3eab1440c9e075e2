"""Structured references: in one form, and found in free text where a bank leaves them there."""

from __future__ import annotations

import re

import polars as pl

_MARKED = r"(?:\+{3}|\*{3})\s*([0-9]{3}\s?/\s?[0-9]{4}\s?/\s?[0-9]{5})\s*(?:\+{3}|\*{3})"
_RF = r"(?i)(?:^|[^A-Z0-9])(RF[0-9]{2}(?: ?[A-Z0-9]){1,21})(?:$|[^A-Z0-9])"
_OGM = re.compile(r"[+*]{0,3}\s*(\d{3})\s?/?\s?(\d{4})\s?/?\s?(\d{5})\s*[+*]{0,3}")
_ISO = re.compile(r"RF\d{2}[A-Z0-9]{1,21}")
_LETTERS = {chr(ord("A") + n): str(10 + n) for n in range(26)}


def normalised(text: str) -> str:
    """Return a structured reference in one form.

    An OGM (Belgium) is its 12 digits, an RF reference (ISO 11649) upper case without spaces.
    Anything else, check digits that are wrong included, stays as given.
    """
    found = _OGM.fullmatch(text.strip())
    if found:
        ogm = "".join(found.groups())
        return ogm if is_ogm(ogm) else text
    plain = "".join(text.split()).upper()
    return plain if is_rf(plain) else text


def is_ogm(digits: str) -> bool:
    """Return whether 12 `digits` are an OGM: the last two are the rest of the first ten by 97."""
    return int(digits[10:]) == (int(digits[:10]) % 97 or 97)


def is_rf(text: str) -> bool:
    """Return whether `text` is a creditor reference of ISO 11649 with right check digits."""
    if not (text.isascii() and _ISO.fullmatch(text)):
        return False
    turned = text[4:] + text[:4]
    return int("".join(_LETTERS.get(c, c) for c in turned)) % 97 == 1


def with_references(frame: pl.DataFrame) -> pl.DataFrame:
    """Return `frame` with `reference` in one form, and from `text` where the bank left it there.

    A reference in free text counts only if it is marked (+++…+++, RF…) and its digits are right.
    """
    given = _mapped(frame["reference"], normalised)
    frame = frame.with_columns(given.alias("reference"))
    bare = pl.col("reference").is_null()
    marked = pl.when(bare).then(pl.col("text").str.extract(_MARKED))
    found = frame.select(ogm=marked, rf=pl.when(bare).then(pl.col("text").str.extract(_RF)))
    if found.null_count().sum_horizontal()[0] == 2 * frame.height:
        return frame
    ogm, rf = _mapped(found["ogm"], _proven), _mapped(found["rf"], _proven)
    return frame.with_columns(pl.coalesce("reference", ogm.alias("ogm"), rf.alias("rf")))


def _proven(text: str) -> str | None:
    plain = "".join(c for c in text if c.isalnum()).upper()
    while plain.startswith("RF") and len(plain) > 4 and not is_rf(plain):
        # What follows in the text may look like a part of it: the words after it are dropped.
        text = text.rpartition(" ")[0]
        plain = "".join(text.split()).upper()
    right = is_rf(plain) or (plain.isdigit() and len(plain) == 12 and is_ogm(plain))
    return plain if right else None


def _mapped(column: pl.Series, how: object) -> pl.Series:
    texts = column.unique().drop_nulls().to_list()
    if not texts:
        return column
    changed = {text: how(text) for text in texts}  # type: ignore[operator]
    return column.replace_strict(changed, default=None, return_dtype=pl.String)
