"""Names that are nearly the same."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import partial
from itertools import compress, count

import polars as pl

_FORMS = re.findall(
    "[a-z]+",
    "sa sas sasu sarl sarlu eurl eirl ei snc sci scp scop scea earl gaec gie selarl selas sca"
    " societe ste ets etablissements etablissement entreprise cie compagnie groupe"
    " nv bv bvba srl sprl scrl sc cv vof vzw asbl aisbl comm scomm gcv"
    " gmbh ag kg ohg ug gbr ev mbh"
    " ltd limited llp plc inc llc co company corp"
    " et en und and the le la les de du des van der den het",
)
_THRESHOLD = 92
"""Least similarity in percent: one letter in a dozen."""

_WINDOW = 6
"""How many names after it, in alphabetical order, a name is compared with."""

_SHORTEST = 5
"""Shorter names are alike only if they are the same."""


def compared(name: pl.Expr) -> pl.Expr:
    """Return names as they are compared: plain letters and digits, no legal forms, words sorted."""
    plain = name.str.normalize("NFD").str.replace_all(r"\p{M}", "").str.to_lowercase()
    # S.A.R.L. is one word; other marks part words.
    plain = plain.str.replace_all(r"\b([a-z])\.", "$1").str.replace_all(r"[^a-z0-9]+", " ")
    words = plain.str.strip_chars().str.split(" ")
    kept = words.list.filter(~pl.element().is_in(_FORMS))
    return pl.when(kept.list.len() > 0).then(kept).otherwise(words).list.sort().list.join(" ")


def near_names(debtors: pl.DataFrame) -> pl.DataFrame:
    """Return `debtor` and `other` (an earlier one) whose names are nearly the same.

    Numbers in the names must be equal; postcodes and registrations (of a SIRET its SIREN) too,
    where both are known.
    Only neighbours in the alphabet, from the front and from the back, are compared: a hundred
    thousand names take seconds, and a name that is alike only in its middle is not found.

    Args:
        debtors: `debtor`, `name`, `postcode`, `registration`.
    """
    legal = pl.col("registration").str.replace("^([0-9]{9})[0-9]{5}$", "$1")
    named = debtors.select("debtor", "postcode", legal, key=compared(pl.col("name"))).filter(
        pl.col("key").str.len_chars() > 0
    )
    keys = named["key"].to_list()
    rank = {debtor: place for place, debtor in enumerate(named["debtor"])}
    rows = list(named.select("debtor", "postcode", "registration").iter_rows())
    pairs: set[tuple[str, str]] = set()
    for order in (sorted(range(len(keys)), key=keys.__getitem__),
                  sorted(range(len(keys)), key=lambda place: keys[place][::-1])):  # fmt: skip
        for first, second in _neighbours(order, keys):
            if all(a is None or b is None or a == b
                   for a, b in zip(rows[first][1:], rows[second][1:], strict=True)):  # fmt: skip
                a, b = sorted((rows[first][0], rows[second][0]), key=rank.__getitem__)
                pairs.add((b, a))
    schema = {"debtor": pl.String, "other": pl.String}
    return pl.DataFrame(sorted(pairs), schema=schema, orient="row")


def _neighbours(order: list[int], keys: list[str]) -> Iterator[tuple[int, int]]:
    """Yield the places of names near one another in `order` that are alike."""
    from rapidfuzz.fuzz import ratio

    alike = partial(ratio, score_cutoff=_THRESHOLD)
    ordered = [keys[place] for place in order]
    for step in range(1, _WINDOW + 1):
        scores = map(alike, ordered, ordered[step:])  # runs without Python in between
        for place in compress(count(), scores):
            first, second = order[place], order[place + step]
            if _same_numbers(keys[first], keys[second]):
                yield first, second


def _same_numbers(key: str, other: str) -> bool:
    numbers = re.findall("[0-9]+", key) == re.findall("[0-9]+", other)
    return key == other or (numbers and min(len(key), len(other)) >= _SHORTEST)
