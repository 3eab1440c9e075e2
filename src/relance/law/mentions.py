"""What a notice must say, and whether the text of a template says it.

A template says it by a variable that relance fills in, or in words. Sources: CDE art. XIX.2
(Belgian consumers' first reminder), C. civ. 1344 and practice (formal notice).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from relance.language import N_


@dataclass(frozen=True, slots=True)
class Mention:
    """Something that a notice must say.

    Attributes:
        name: English name; also the key of its translation.
        shown_by: variables of the templates that print it.
        said_by: the same in words, regular expressions by language; "" for any.
        instead: what to add to the template.
    """

    name: str
    shown_by: tuple[str, ...]
    said_by: dict[str, str]
    instead: str


_FREE = ("free_reminder",)

FIRST_REMINDER = (
    Mention(
        N_("the amount due"), ("total", "lines", "sums", "first.open", "balance"), {}, "{{ total }}"
    ),
    Mention(
        N_("the invoice and its due date"),
        ("lines", "first.due", "first.due_long", "numbers"), {}, "{{ first.due_long }}",
    ),
    Mention(
        N_("the 14 days"), _FREE,
        {"fr": r"\b14\b|quatorze", "nl": r"\b14\b|veertien", "de": r"\b14\b|vierzehn", "en": r"\b14\b|fourteen"},
        "{{ free_reminder }}",
    ),
    Mention(
        N_("the compensation that will be claimed"), _FREE,
        {"fr": "indemnit|clause p[ée]nale", "nl": "schadevergoeding|schadebeding", "de": "entsch[äa]digung",
         "en": "compensation|indemnity"},
        "{{ free_reminder }}",
    ),
)  # fmt: skip
"""What the first reminder to a Belgian consumer must say (CDE art. XIX.2), beside the creditor's
name and number, which stand at the foot of each notice."""

FORMAL_NOTICE = (
    Mention(
        N_("the words that make it a formal notice"), ("law",),
        {"fr": "mises? en demeure|mettons en demeure|mettre en demeure",
         "nl": "ingebrekestelling|in gebreke|sommeren|aanmaning",
         "de": "mahnung|mahnen|fristsetzung|in verzug", "en": "formal notice|formal demand|letter before"},
        "Mise en demeure",
    ),
    Mention(
        N_("the deadline to pay"), ("deadline",),
        {"fr": r"\b(?:sous|dans (?:un d[ée]lai de|les)|avant le|au plus tard le)\b",
         "nl": r"\b(?:binnen|uiterlijk)\b", "de": r"\b(?:innerhalb|binnen|bis zum|sp[äa]testens)\b",
         "en": r"\b(?:within|no later than|by)\b"},
        "{{ deadline | date_long }}",
    ),
    Mention(
        N_("the sum claimed"), ("total", "sums", "lines", "balance", "first.open"), {}, "{{ total }}"
    ),
    Mention(
        N_("the invoices claimed"), ("lines", "first.number", "numbers"), {}, "{{ numbers }}"
    ),
)  # fmt: skip
"""What a formal notice must say to have its effect (C. civ. 1344)."""

_PLACES = re.compile(r"\{\{.*?\}\}|\{%.*?%\}", re.DOTALL)
_COMMENT = re.compile(r"\{#.*?#\}", re.DOTALL)


def missing(text: str, language: str, mentions: tuple[Mention, ...]) -> list[Mention]:
    """Return those of `mentions` that the template `text` in `language` has neither way."""
    text = _COMMENT.sub("", text)
    places = " ".join(_PLACES.findall(text))
    words = _PLACES.sub(" ", text)
    return [one for one in mentions if not _has(one, places, words, language)]


def _has(mention: Mention, places: str, words: str, language: str) -> bool:
    if any(_variable(name).search(places) for name in mention.shown_by):
        return True
    pattern = mention.said_by.get(language)
    return pattern is not None and re.search(pattern, words, re.IGNORECASE) is not None


@cache
def _variable(name: str) -> re.Pattern[str]:
    return re.compile(rf"(?<![\w.]){re.escape(name)}(?!\w)")


_PERFORMS = {
    "fr": r"mettons en demeure|vaut mise en demeure|met en demeure",
    "nl": r"stel(?:len)? u (?:hierbij )?in gebreke|geldt als ingebrekestelling",
    "de": r"mahnen [^.]{0,40}hiermit an\b|gilt als mahnung",
    "en": r"give you formal notice|is a formal (?:notice|demand)|hereby demand",
}


def is_formal(text: str, language: str) -> bool:
    """Return whether a template puts the debtor in default, rather than announcing that it will."""
    pattern = _PERFORMS.get(language)
    return bool(pattern and re.search(pattern, text, re.IGNORECASE))
