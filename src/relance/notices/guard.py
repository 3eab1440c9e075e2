"""No message leaves with a bank account that the project does not declare."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from functools import cache
from html import unescape

_LONGEST = 34
_INVISIBLE = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f"
    "\ufe00-\ufe0f\ufeff\ufff9-\ufffb\U000e0000-\U000e01ef]"
)
# An account begins a word; its characters may stand apart, by three signs at most.
_START = re.compile(r"(?<![A-Z0-9])[A-Z][^A-Z0-9]{0,3}[A-Z][^A-Z0-9]{0,3}[0-9][^A-Z0-9]{0,3}[0-9]")
_NEXT = re.compile(r"[^A-Z0-9]{0,3}([A-Z0-9])")


def foreign_accounts(text: str, own: Iterable[str]) -> list[str]:
    """Return the IBANs in `text` that are not among `own`, compact, in order.

    They are seen through spaces, punctuation, invisible signs and full-width letters. Only what a
    bank would accept counts: the structure of its country and the check digits of ISO 7064.
    """
    from stdnum import iban

    plain = _INVISIBLE.sub("", unicodedata.normalize("NFKC", text)).upper()
    allowed = {re.sub(r"[^A-Z0-9]", "", account.upper()) for account in own}
    found = (_account_at(plain, match.start()) for match in _START.finditer(plain))
    return [a for a in found if a not in allowed and iban.is_valid(a, check_country=False)]


def text_of_html(html: str) -> str:
    """Return what a reader of `html` sees, and its addresses, without markup and images."""
    visible = re.sub(r"(?s)<(style|head)\b.*?</\1>", " ", html)
    links = " ".join(re.findall(r"href=\"(?!data:)([^\"]*)\"", visible))
    return unescape(re.sub(r"<[^>]*>", "", visible) + "\n" + links)


def _account_at(plain: str, start: int) -> str:
    """The characters that would be the account, "" if no country begins so."""
    signs: list[str] = []
    place = start
    while len(signs) < _LONGEST and (match := _NEXT.match(plain, place)):
        signs.append(match[1])
        place = match.end()
    return "".join(signs)[: _length(signs[0] + signs[1])]


@cache
def _length(country: str) -> int:
    """How long the IBANs of `country` are; 0 if it has none."""
    from stdnum import numdb

    structure = numdb.get("iban").info(country)[0][1].get("bban", "")
    return 4 + sum(map(int, re.findall(r"\d+", structure))) if structure else 0
