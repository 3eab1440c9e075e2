"""Numbers with check digits: French and Belgian registrations and VAT numbers, IBANs.

They are verified here because the library of numbers takes longer to load than all of a policy
to read; it is asked for the VAT numbers of other countries.
"""

from __future__ import annotations

import re

_IBAN = re.compile("[A-Z]{2}[0-9]{2}[A-Z0-9]{11,30}")

# Lengths in the SEPA countries; elsewhere the check digits alone are verified.
_LENGTHS = {
    "AD": 24, "AL": 28, "AT": 20, "BE": 16, "BG": 22, "CH": 21, "CY": 28, "CZ": 24, "DE": 22,
    "DK": 18, "EE": 20, "ES": 24, "FI": 18, "FR": 27, "GB": 22, "GI": 23, "GR": 27, "HR": 21,
    "HU": 28, "IE": 22, "IS": 26, "IT": 27, "LI": 21, "LT": 20, "LU": 20, "LV": 21, "MC": 27,
    "MD": 24, "ME": 22, "MK": 19, "MT": 31, "NL": 18, "NO": 15, "PL": 28, "PT": 25, "RO": 24,
    "RS": 22, "SE": 24, "SI": 19, "SK": 24, "SM": 27, "VA": 22,
}  # fmt: skip


def compact(number: str) -> str:
    """Return `number` in capitals, without the spaces, points and hyphens that people put in."""
    return re.sub(r"[\s.-]", "", number).upper()


def is_siren(number: str) -> bool:
    """Return whether `number` is a SIREN: nine digits of which the last is by Luhn's rule."""
    digits = compact(number)
    return bool(re.fullmatch("[0-9]{9}", digits)) and _luhn(digits) == 0


def _luhn(digits: str) -> int:
    doubled = (int(digit) * (2 if place % 2 else 1) for place, digit in enumerate(digits[::-1]))
    return sum(value // 10 + value % 10 for value in doubled) % 10


def is_enterprise(number: str) -> bool:
    """Return whether `number` is a Belgian enterprise number, with or without BE before it.

    Ten digits, of which the last two are 97 less the remainder by 97 of the others; the zero of
    the older numbers may be missing.
    """
    digits = compact(number).removeprefix("BE")
    if not re.fullmatch("[0-9]{9}|[01][0-9]{9}", digits) or not int(digits):
        return False
    return int(digits[:-2]) % 97 + int(digits[-2:]) == 97


def is_vat(number: str, country: str) -> bool:
    """Return whether `number` is a VAT number of `country`; True where its form is not known."""
    plain = compact(number)
    if country == "BE":
        return is_enterprise(plain)
    if country == "FR" and re.fullmatch("(FR)?[0-9]{11}", plain):
        return _is_french_vat(plain.removeprefix("FR"))
    from stdnum import get_cc_module

    module = get_cc_module(country.lower(), "vat")
    return module is None or bool(module.is_valid(number))


def _is_french_vat(digits: str) -> bool:
    """The key is 12 and three times the SIREN, by 97; that of Monaco stands on no SIREN."""
    siren = digits[2:]
    of_france = is_siren(siren) or siren.startswith("000")
    return of_france and int(digits[:2]) == (12 + 3 * int(siren)) % 97


def is_iban(number: str) -> bool:
    """Return whether `number` is an IBAN: the length of its country, and 1 by 97 (ISO 13616)."""
    iban = compact(number)
    if not _IBAN.fullmatch(iban) or len(iban) != _LENGTHS.get(iban[:2], len(iban)):
        return False
    moved = iban[4:] + iban[:4]
    return int("".join(str(int(character, 36)) for character in moved)) % 97 == 1
