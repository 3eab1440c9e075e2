"""No-break spaces of French: where they go, and where they never go."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from relance.notices.typography import set_spaces

CASES = [
    ("Bonjour !", "Bonjour\u202f!"),
    ("Pourquoi ? Parce que ; donc.", "Pourquoi\u202f? Parce que\u202f; donc."),
    ("Total : 12", "Total\u00a0: 12"),
    ("le « solde » dû", "le «\u00a0solde\u00a0» dû"),
    ("à 12:30, ratio 3:1", "à 12:30, ratio 3:1"),
    (
        "voir https://pay.example/a?b=1;c=2 : merci",
        "voir https://pay.example/a?b=1;c=2\u00a0: merci",
    ),
    ("écrire à compta@lenoir.example !", "écrire à compta@lenoir.example\u202f!"),
    ("IBAN : FR76 3000 6000 0112 3456 7890 189", "IBAN\u00a0: FR76 3000 6000 0112 3456 7890 189"),
]


@pytest.mark.parametrize(("typed", "printed"), CASES)
def test_french_gets_its_spaces(typed: str, printed: str) -> None:
    assert set_spaces(typed, "fr_FR") == printed
    assert set_spaces(typed, "fr_BE") == printed


@pytest.mark.parametrize("locale", ["nl_BE", "de_DE", "en_GB", "fr_CA"])
@pytest.mark.parametrize("text", [typed for typed, _ in CASES])
def test_other_languages_stay_as_they_are(text: str, locale: str) -> None:
    assert set_spaces(text, locale) == text


@given(st.text(alphabet="ab :;!?«»\u00a0\u202f@/.", max_size=40))
def test_twice_is_the_same_as_once(text: str) -> None:
    once = set_spaces(text, "fr_FR")
    assert set_spaces(once, "fr_FR") == once
