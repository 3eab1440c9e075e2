"""Searching as people type: without accents, in any order, parts of words."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence
from typing import Protocol, TypeVar


class Searched(Protocol):
    """What has a text to search, already folded."""

    @property
    def text(self) -> str:
        """The text."""


Found = TypeVar("Found", bound=Searched)


def folded(*parts: str | None) -> str:
    """Return `parts` on one line, in small letters and without accents."""
    text = " ".join(part for part in parts if part).casefold()
    if text.isascii():
        return text
    return "".join(c for c in unicodedata.normalize("NFD", text) if not unicodedata.combining(c))


def matching(lines: Iterable[Found], asked: str) -> Sequence[Found]:
    """Return the lines in which each word of `asked` occurs; all of them without a word."""
    words = folded(asked).split()
    return [line for line in lines if all(word in line.text for word in words)]
