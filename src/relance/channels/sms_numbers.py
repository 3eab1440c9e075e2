"""Telephone numbers as SMS services want them: E.164, or not at all.

Sources: ITU-T E.164; the numbering plans of the countries below (for France, ARCEP's).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Annotated, Literal, get_args

from pydantic import AfterValidator

Country = Literal[
    "AT", "BE", "CH", "DE", "ES", "FR", "GB", "IE", "IT", "LU", "MC", "NL", "PT"
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Plan:
    """A country's numbers: its code, whether a 0 precedes at home, and what mobiles look like."""

    code: str
    mobile: str
    trunk: bool = True


_PLANS = {
    "AT": _Plan("43", "6[0-9]{7,12}"),
    "BE": _Plan("32", "4[0-9]{8}"),
    "CH": _Plan("41", "7[0-9]{8}"),
    "DE": _Plan("49", "1[567][0-9]{8,9}"),
    "ES": _Plan("34", "[67][0-9]{8}", trunk=False),
    "FR": _Plan("33", "[67][0-9]{8}"),
    "GB": _Plan("44", "7[0-9]{9}"),
    "IE": _Plan("353", "8[0-9]{8}"),
    "IT": _Plan("39", "3[0-9]{8,9}", trunk=False),
    "LU": _Plan("352", "6[0-9]{8}", trunk=False),
    "MC": _Plan("377", "[346][0-9]{7,8}", trunk=False),
    "NL": _Plan("31", "6[0-9]{8}"),
    "PT": _Plan("351", "9[0-9]{8}", trunk=False),
}
assert set(_PLANS) == set(get_args(Country))

_OVERSEAS = {
    "639": "262", "690": "590", "691": "590", "692": "262", "693": "262", "694": "594",
    "696": "596", "697": "596",
}  # fmt: skip
"""French mobiles of the overseas departments, by their first digits: each has a code of its own."""

_SEPARATORS = re.compile("[\\s\u00a0\u2009\u202f\u2011.()/-]")
_ANY = re.compile("[1-9][0-9]{7,14}")
_LONGEST_NAME = 11
_NAME = re.compile("[A-Za-z0-9](?:[A-Za-z0-9 ._-]*[A-Za-z0-9.])?")
_SHORT_CODE = re.compile("[0-9]{3,8}")


def e164(written: str, country: Country) -> str | None:
    """Return the mobile number `written` as +33612345678; None if no SMS can reach it.

    Numbers without a country's code are those of `country`; a 0 or + that a spreadsheet lost is
    given back. Landlines of the countries that are known here are refused, as are two numbers in
    one.
    """
    sign = written.strip()
    digits = _SEPARATORS.sub("", sign.replace("(0)", ""))
    if digits.startswith("+"):
        return _international(digits[1:])
    if digits.startswith("00"):
        return _international(digits[2:])
    return _national(digits, country)


def _national(digits: str, country: Country) -> str | None:
    plan = _PLANS[country]
    bare = digits.removeprefix("0") if plan.trunk else digits
    if re.fullmatch(plan.mobile, bare):
        code = _OVERSEAS.get(bare[:3], plan.code) if country == "FR" else plan.code
        return f"+{code}{bare}"
    if digits.startswith(plan.code):
        return _international(digits)
    return None


def _international(digits: str) -> str | None:
    if not _ANY.fullmatch(digits):
        return None
    for plan in _PLANS.values():
        if digits.startswith(plan.code):
            bare = digits.removeprefix(plan.code)
            bare = bare.removeprefix("0") if plan.trunk else bare
            return f"+{plan.code}{bare}" if re.fullmatch(plan.mobile, bare) else None
    return f"+{digits}"


def sender_name(text: str) -> str:
    """Return `text` if an SMS can come from it: a name, a short code or a number with +.

    Raises:
        ValueError: if not. Since 2023 ARCEP forbids French mobile numbers as senders of programs.
    """
    if re.fullmatch(r"\+[1-9][0-9]{7,14}", text):
        if re.match(r"\+33[67]", text):
            raise ValueError("a program may not send from a French mobile number (06, 07)")
        return text
    if _SHORT_CODE.fullmatch(text):
        return text
    if len(text) > _LONGEST_NAME:
        raise ValueError("the name of a sender has 11 characters at most")
    if not _NAME.fullmatch(text) or text.isdigit():
        raise ValueError("a sender is a name of letters and digits, a short code, or +33…")
    return text


Sender = Annotated[str, AfterValidator(sender_name)]
