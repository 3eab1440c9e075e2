"""SMS: the GSM 7-bit alphabet, what it costs, and how to write French in it.

Source: 3GPP TS 23.038 (alphabet), TS 23.040 (concatenated messages).
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

_BASIC = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
_EXTENDED = frozenset("\f^{}\\[~]|€")
_WRITTEN = {
    "’": "'", "‘": "'", "‚": "'", "ʼ": "'", "“": '"', "”": '"', "„": '"', "«": '"', "»": '"',
    "–": "-", "—": "-", "‑": "-", "−": "-", "…": "...", "œ": "oe", "Œ": "OE", "•": "-", "·": "-",
    "°": "o", "\u00a0": " ", "\u202f": " ", "\u2009": " ", "\t": " ", "ẞ": "SS", "ł": "l",
    "Ł": "L", "đ": "d", "Đ": "D",
}  # fmt: skip

Encoding = Literal["GSM-7", "UCS-2"]


@dataclass(frozen=True, slots=True)
class Segments:
    """What a text costs: how many messages, in which encoding, for how many characters.

    `characters` counts as operators do: septets in GSM-7 (€ is two), UTF-16 units in UCS-2.
    """

    count: int
    encoding: Encoding
    characters: int


def transliterate(text: str) -> str:
    """Return `text` in GSM-7 letters where it can be written so; é è à ù and € stay.

    A character without a likeness (Greek capitals apart, other scripts) stays as it is: the text
    then travels as UCS-2, complete.
    """
    return "".join(map(_letter, text))


def _letter(sign: str) -> str:
    if sign in _BASIC or sign in _EXTENDED:
        return sign
    if sign in _WRITTEN:
        return _WRITTEN[sign]
    base = unicodedata.normalize("NFKD", sign)[0]
    return base if base in _BASIC else sign


def segments(text: str) -> Segments:
    """Return what `text` costs: 160 septets alone or 153 a part; 70 UTF-16 units or 67 a part."""
    if all(sign in _BASIC or sign in _EXTENDED for sign in text):
        sizes = [2 if sign in _EXTENDED else 1 for sign in text]
        return Segments(_parts(sizes, 160, 153), "GSM-7", sum(sizes))
    sizes = [2 if ord(sign) > 0xFFFF else 1 for sign in text]
    return Segments(_parts(sizes, 70, 67), "UCS-2", sum(sizes))


def _parts(sizes: Iterable[int], alone: int, part: int) -> int:
    """How many parts hold the characters; one of two units is never cut."""
    sizes = list(sizes)
    if sum(sizes) <= alone:
        return 1
    count, room = 1, part
    for size in sizes:
        if size > room:
            count, room = count + 1, part
        room -= size
    return count
