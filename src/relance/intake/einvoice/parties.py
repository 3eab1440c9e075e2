"""Who an e-invoice is from and to: registration, VAT number, and the debtor that it makes."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from relance.intake.einvoice.document import Party
from relance.intake.items import EMAIL
from relance.intake.values import country_of
from relance.policy.model import Creditor
from relance.policy.numbers import compact, is_enterprise, is_siren, is_vat

_SIRET, _SIREN, _FRENCH_ADDRESS, _ENTERPRISE = "0009", "0002", "0225", "0208"
_BELGIAN_OTHERS = ("9925", "9956")
"""Schemes of the Peppol network that hold the enterprise number: of VAT, and the one before 0208."""
_LANGUAGES = {"FR": "fr", "MC": "fr", "LU": "fr", "NL": "nl", "DE": "de", "AT": "de", "GB": "en",
              "IE": "en", "US": "en"}  # fmt: skip
_PUBLIC = ("1", "2")
"""First digits of the SIREN of French public bodies (INSEE); no other body has them."""


@dataclass(frozen=True, slots=True)
class Identity:
    """The numbers of a party; empty where it has none.

    Attributes:
        registration: SIRET, SIREN or enterprise number without spaces, else as given.
        legal: what identifies the legal person: SIREN, enterprise number; else as `registration`.
        vat: VAT number without spaces.
    """

    registration: str
    legal: str
    vat: str


def identity_of(party: Party) -> Identity:
    """Return the numbers of `party`; a SIREN or enterprise number is also read from its VAT number."""
    vat = compact(party.vat)
    by_scheme: dict[str, str] = {}
    for scheme, number in party.identifiers:
        by_scheme.setdefault(scheme, compact(number))
    siret = by_scheme.get(_SIRET, "")
    siren = by_scheme.get(_SIREN, "") or by_scheme.get(_FRENCH_ADDRESS, "")[:9]
    if len(siren) == 14:
        siret, siren = siret or siren, siren[:9]
    enterprise = next((by_scheme[s] for s in (_ENTERPRISE, *_BELGIAN_OTHERS) if s in by_scheme), "")
    if siret or siren:
        siren = siren or siret[:9]
        return Identity(siret if siret.startswith(siren) else siren, siren, vat)
    if enterprise:
        number = _enterprise(enterprise)
        return Identity(number, number, vat)
    return _from_others(party, vat)


def _from_others(party: Party, vat: str) -> Identity:
    """Numbers without a scheme count if their check digits hold; VAT numbers hold registrations."""
    scheme, given = party.identifiers[0] if party.identifiers else ("", "")
    plain = compact(given) if not scheme else ""
    if re.fullmatch("[0-9]{14}", plain) and is_siren(plain[:9]):
        return Identity(plain, plain[:9], vat)
    if is_siren(plain):
        return Identity(plain, plain, vat)
    if plain and is_enterprise(plain) and (country_of(party.country) or "BE") == "BE":
        return Identity(_enterprise(plain), _enterprise(plain), vat)
    if vat.startswith("FR") and is_vat(vat, "FR") and is_siren(vat[4:]):
        return Identity(vat[4:], vat[4:], vat)
    if vat.startswith("BE") and is_enterprise(vat):
        return Identity(_enterprise(vat), _enterprise(vat), vat)
    return Identity("", "", vat)


def _enterprise(number: str) -> str:
    return number.removeprefix("BE").zfill(10)


def is_creditor(party: Party, creditor: Creditor) -> bool:
    """Return whether `party` is the creditor; True where one of them has no numbers to tell."""
    theirs = identity_of(party)
    ours = {_legal(creditor.registration or ""), compact(creditor.vat or "")} - {""}
    if not ours or not (theirs.legal or theirs.vat):
        return True
    return bool(ours & {_legal(theirs.legal), theirs.vat})


def _legal(number: str) -> str:
    plain = compact(number).removeprefix("BE")
    return plain[:9] if len(plain) == 14 else plain.lstrip("0")


def own_id(party: Party, identity: Identity) -> str:
    """Return the id of a debtor whom only its invoices name; "" if they say nothing of it.

    Its SIREN or enterprise number, else its VAT number, else its name with its postcode.
    """
    name = unicodedata.normalize("NFKD", f"{party.name} {party.postcode if party.name else ''}")
    plain = "".join(c for c in name.casefold() if not unicodedata.combining(c))
    return identity.legal or identity.vat or re.sub(r"\W+", "-", plain).strip("-")


def debtor_row(party: Party, identity: Identity) -> dict[str, str | None]:
    """Return the columns of `ledger.schema.DEBTORS` that an invoice gives of its buyer."""
    country = country_of(party.country) or _country_of_numbers(identity)
    emails = (party.email, *(n for scheme, n in party.identifiers if scheme == "EM"))
    given = {
        "name": party.name,
        "kind": _kind(identity, country),
        "country": country,
        "language": _language(country, party.postcode),
        "email": next((email for email in emails if re.match(EMAIL, email)), ""),
        "phone": party.phone,
        "address": "\n".join(party.lines),
        "postcode": party.postcode,
        "city": party.city,
        "region": party.region,
        "registration": identity.registration,
        "vat": identity.vat,
    }
    return {name: text or None for name, text in given.items()}


def _country_of_numbers(identity: Identity) -> str | None:
    if is_siren(identity.legal):
        return "FR"
    if len(identity.legal) == 10 and is_enterprise(identity.legal):
        return "BE"
    return country_of(identity.vat[:2]) if identity.vat[:2].isalpha() else None


def _kind(identity: Identity, country: str | None) -> str | None:
    """Public by its SIREN, else a business if it is registered; not known otherwise."""
    if country == "FR" and is_siren(identity.legal) and identity.legal.startswith(_PUBLIC):
        return "public"
    return "business" if identity.legal or identity.vat else None


def _language(country: str | None, postcode: str) -> str | None:
    """The language of the country; in Belgium by postcode, not known for Brussels."""
    if country != "BE":
        return _LANGUAGES.get(country or "")
    if not re.fullmatch("[1-9][0-9]{3}", postcode):
        return None
    number = int(postcode)
    if number < 1300:
        return None
    if 4700 <= number < 4800 or number in (4950, 4960):
        # The East Cantons speak German, but for Malmedy and Waimes.
        return "fr" if number in (4950, 4960) else "de"
    return "fr" if number < 1500 or 4000 <= number < 8000 else "nl"
