from __future__ import annotations

import pytest

from relance.law.mentions import FIRST_REMINDER, FORMAL_NOTICE, Mention, is_formal, missing
from relance.library import shipped

LAYOUT = "{{ lines }} {{ sums }}"


def names(text: str, mentions: tuple[Mention, ...], language: str = "fr") -> list[str]:
    return [mention.name for mention in missing(text, language, mentions)]


@pytest.mark.parametrize("language", ["fr", "nl", "de", "en"])
def test_the_shipped_templates_say_all_that_they_must(language: str) -> None:
    folder = shipped("templates")
    reminder = (folder / "reminder" / f"{language}.wording").read_text("utf-8")
    formal = (folder / "formal-notice" / f"{language}.wording").read_text("utf-8")

    assert names(reminder + LAYOUT, FIRST_REMINDER, language) == []
    assert names(formal + LAYOUT, FORMAL_NOTICE, language) == []
    assert is_formal(formal, language)
    for other in ("reminder", "last-reminder", "courtesy"):
        text = (folder / other / f"{language}.wording").read_text("utf-8")
        assert not is_formal(text, language), other


def test_a_mention_may_stand_in_words_or_as_a_variable() -> None:
    words = "Payez {{ total }} sous quatorze jours, sinon l’indemnité de 20 € est due. {{ lines }}"

    assert names(words, FIRST_REMINDER) == []
    assert names("{{ free_reminder }} {{ lines }}", FIRST_REMINDER) == []


def test_what_is_left_out_is_named() -> None:
    assert names("Payez {{ total }}. {{ lines }}", FIRST_REMINDER) == [
        "the 14 days",
        "the compensation that will be claimed",
    ]
    assert names("Payez.", FORMAL_NOTICE) == [
        "the words that make it a formal notice",
        "the deadline to pay",
        "the sum claimed",
        "the invoices claimed",
    ]


def test_a_comment_says_nothing() -> None:
    assert "the 14 days" in names("{# {{ free_reminder }} #} {{ lines }}", FIRST_REMINDER)
