"""No message leaves with a bank account that the project does not declare.

Looked at are texts, HTML, subjects, names of enclosures, the text of the pages of letters as they
are laid out, and what QR codes carry.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from functools import cache
from html import unescape
from urllib.parse import unquote

from relance.diagnostics import Diagnostic
from relance.notices import codes
from relance.notices.codes import RenderError

_LONGEST = 34
_SHORTEST = 15
_INVISIBLE = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f"
    "\ufe00-\ufe0f\ufeff\ufff9-\ufffb\U000e0000-\U000e01ef]"
)
_LOOK_ALIKES = str.maketrans(
    "АВЕКМНОРСТУХІЅЈԜԌ" "ΑΒΕΖΗΙΚΜΝΟΡΤΥΧ" "ЗЬ",
    "ABEKMHOPCTYXISJWG" "ABEZHIKMNOPTYX" "3B",
)  # fmt: skip
_MEANT = str.maketrans("OIL", "011")
"""Letters that are read as digits: they are tried where the account is none as it stands."""

# An account begins a word, or follows the word IBAN; its characters may stand apart, by three
# signs at most.
_START = re.compile(
    r"(?:(?<![A-Z0-9])|(?<=IBAN))[A-Z][^A-Z0-9]{0,3}[A-Z][^A-Z0-9]{0,3}[0-9OIL][^A-Z0-9]{0,3}[0-9OIL]"
)
_NEXT = re.compile(r"[^A-Z0-9]{0,3}([A-Z0-9])")
_RUN = re.compile(f"[A-Z0-9]{{{_SHORTEST},}}")
_GLUED = re.compile(r"(?<=[A-Z0-9])[A-Z]{2}[0-9OIL]{2}")


def foreign_accounts(text: str, own: Iterable[str]) -> list[str]:
    """Return the IBANs in `text` that are not among `own`, compact, in order.

    They are seen through spaces, punctuation, invisible signs, full-width letters, digits of other
    scripts, letters that look like Latin ones, and O and I for digits. Only what a bank would accept counts: the
    structure of its country and the check digits of ISO 7064.
    """
    allowed = {re.sub(r"[^A-Z0-9]", "", account.upper()) for account in own}
    found = dict.fromkeys(_accounts(_plain(text)))
    return [account for account in found if account not in allowed]


def refuse_foreign_accounts(medium: str, key: str, text: str, own: Iterable[str]) -> None:
    """Refuse a notice whose `text` shows an account that is not among `own`.

    Raises:
        RenderError: with the account found first.
    """
    if foreign := foreign_accounts(text, own):
        raise RenderError(foreign_account(medium, key, foreign[0]))


def foreign_account(medium: str, key: str, iban: str) -> Diagnostic:
    """Return why the notice `key` is not sent: it shows the account `iban`."""
    facts = {"medium": medium, "key": key[:8], "iban": iban}
    return Diagnostic(codes.FOREIGN_ACCOUNT, None, facts)


def text_of_html(html: str) -> str:
    """Return what a reader of `html` sees and can follow: text, texts of images, titles, addresses.

    Texts that style sheets add are part of it; images are not.
    """
    visible = re.sub(r"(?s)<(style|script)\b.*?</\1>", " ", html)
    spoken = re.findall(r"""\b(?:href|alt|title|aria-label)=(["'])(?!data:)(.*?)\1""", visible)
    styled = re.findall(r"""content:\s*(["'])(.*?)\1""", html)
    beside = "\n".join(unquote(text) for _, text in (*spoken, *styled))
    return unescape(re.sub(r"<[^>]*>", "", visible) + "\n" + beside)


def _plain(text: str) -> str:
    """Return `text` in capitals, with what looks like a Latin letter or a digit as that."""
    if not text.isascii():
        text = _INVISIBLE.sub("", unicodedata.normalize("NFKC", text))
        text = text.translate(_DIGITS).upper().translate(_LOOK_ALIKES)
    return re.sub(r"[^\S\n]{2,}", " ", text.upper())


class _Digits(dict[int, str]):
    """Signs, by code point, as the digits that they are in their script; others as they are."""

    def __missing__(self, code: int) -> str:
        sign = chr(code)
        self[code] = sign if sign.isascii() else str(unicodedata.digit(sign, sign))
        return self[code]


_DIGITS = _Digits()


def _accounts(plain: str) -> Iterator[str]:
    for match in _START.finditer(plain):
        yield from _valid(_account_at(plain, match.start()))
    for run in _RUN.finditer(plain):
        for start in _GLUED.finditer(run[0]):
            account = run[0][start.start() : start.start() + _length(start[0][:2])]
            yield from _valid(account)


def _valid(account: str) -> Iterator[str]:
    """Yield `account` if it is one, or else what it is read as if that is one."""
    from stdnum import iban

    if len(account) < _SHORTEST:
        return
    read_as = account[:2] + account[2:].translate(_MEANT)
    for candidate in dict.fromkeys((account, read_as)):
        if len(candidate) == _length(candidate[:2]) and iban.is_valid(candidate, check_country=False):  # fmt: skip
            yield candidate
            return


def _account_at(plain: str, start: int) -> str:
    """The characters that would be the account, "" if no country begins so."""
    signs: list[str] = []
    place, longest = start, _LONGEST
    while len(signs) < longest and (match := _NEXT.match(plain, place)):
        signs.append(match[1])
        place = match.end()
        if len(signs) == 2:
            longest = _length(signs[0] + signs[1])
    return "".join(signs)


@cache
def _length(country: str) -> int:
    """How long the IBANs of `country` are; 0 if it has none."""
    from stdnum import numdb

    structure = numdb.get("iban").info(country)[0][1].get("bban", "")
    return 4 + sum(map(int, re.findall(r"\d+", structure))) if structure else 0
