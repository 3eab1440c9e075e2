"""The address block of a letter, as the post of the debtor's country wants it.

Sources: NF Z 10-011 (France), bpost's guide to addressing (Belgium), UPU S42 (abroad: the country
in the language of the sender's, in capitals, on the last line).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from relance.dunning.plan import Party
from relance.notices.message import Addressee
from relance.policy.model import Creditor

LINE_MAX = 38
LINES_MAX = 6
_WIDE = 32

# A street type that makes a line too long is shortened as the standard says.
_FRENCH_SHORT = {
    "ALLÉE": "ALL", "AVENUE": "AV", "BÂTIMENT": "BAT", "BOULEVARD": "BD", "CENTRE": "CTRE",
    "CHEMIN": "CHE", "COMMERCIAL": "CCIAL", "FAUBOURG": "FG", "IMMEUBLE": "IMM", "IMPASSE": "IMP",
    "INDUSTRIELLE": "IND", "LOTISSEMENT": "LOT", "PASSAGE": "PAS", "PLACE": "PL", "RÉSIDENCE": "RES",
    "ROUTE": "RTE", "SAINT": "ST", "SAINTE": "STE", "SQUARE": "SQ", "ZONE": "Z",
}  # fmt: skip
_POSTCODE = re.compile(r"(?:[A-Z]{1,3}-)?\d{4,6}(?:\s?[A-Z]{2}\b)?\s+")


def address_block(debtor: Party, creditor: Creditor) -> tuple[str, ...]:
    """Return the lines of the address of `debtor`, name first; the country only if it is abroad.

    French ones have at most 38 characters a line where words allow it, the last three in capitals
    and no punctuation from the street on. Lines beyond the sixth are kept: a long address is still
    an address.
    """
    country = debtor.country or creditor.country
    last = f"{debtor.postcode or ''} {debtor.city or ''}".strip()
    street = [line.strip(" ,;") for line in debtor.address if line.strip(" ,;")]
    if country == "FR":
        lines = _french(debtor.name, street, last)
    else:
        lines = list(_cut([debtor.name, *street, _locality(debtor, country, last)]))
    if country != creditor.country:
        lines = [*lines[:-1], lines[-1].upper(), country_name(country, creditor.language)]
    return tuple(line for line in lines if line)


def addressee(debtor: Party, creditor: Creditor) -> Addressee:
    """Return whom a letter to `debtor` is for, part by part."""
    return Addressee(
        name=debtor.name,
        street=debtor.address,
        postcode=debtor.postcode or "",
        city=debtor.city or "",
        country=debtor.country or creditor.country,
        block=address_block(debtor, creditor),
        kind=debtor.kind,
        email=debtor.email,
        tags=debtor.tags,
    )


def is_wide(lines: Iterable[str]) -> bool:
    """Return whether the block needs the smaller letters (9 pt instead of 10) to fit its window."""
    lines = tuple(lines)
    return len(lines) > LINES_MAX or any(len(line) > _WIDE for line in lines)


def place_of(address: Iterable[str]) -> str:
    """Return the town of a creditor's `address`: its last line without the postcode."""
    *_, last = address
    return _POSTCODE.sub("", last, count=1).strip()


def country_name(country: str, language: str) -> str:
    """Return the name of `country` (ISO 3166 alpha-2) in `language`, in capitals."""
    from babel import Locale

    return (Locale(language).territories.get(country) or country).upper()


def _french(name: str, street: list[str], last: str) -> list[str]:
    """The lines of a French address; from the street's number on they are plain capitals."""
    numbered = [i for i, line in enumerate(street) if line[0].isdigit()]
    start = numbered[0] if numbered else max(len(street) - 1, 0)
    plain = map(_plain_capitals, [*street[start:], last])
    lines = [line for line in _cut([name, *street[:start], *plain]) if line]
    return [*lines[:-3], *(line.upper() for line in lines[-3:])]


def _plain_capitals(line: str) -> str:
    """Capitals without punctuation; a mark between two numbers stays ("12-14 RUE")."""
    bare = re.sub(r"(?<!\d)[-/]|[-/](?!\d)|[.,;:()\"'’«»]", " ", line)
    capitals = " ".join(bare.upper().split())
    if len(capitals) > LINE_MAX:
        return " ".join(_FRENCH_SHORT.get(word, word) for word in capitals.split())
    return capitals


def _locality(debtor: Party, country: str, last: str) -> str:
    """The line of the town; British post wants the postcode after it."""
    if country in ("GB", "IE", "US", "CA"):
        return f"{debtor.city or ''} {debtor.postcode or ''}".strip()
    return re.sub(r"^(?:B|BE)-(?=\d{4}\b)", "", last) if country == "BE" else last


def _cut(lines: Iterable[str]) -> Iterator[str]:
    """Yield the lines, those that are too long broken between words."""
    for line in lines:
        rest = " ".join(line.split())
        while len(rest) > LINE_MAX and (space := rest.rfind(" ", 1, LINE_MAX + 1)) > 0:
            yield rest[:space]
            rest = rest[space + 1 :]
        yield rest
