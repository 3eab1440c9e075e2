"""SMS: the alphabet, what a text costs, and writing it in the cheap alphabet."""

from __future__ import annotations

import pytest

from relance.notices.sms import Segments, segments, transliterate


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a" * 160, Segments(1, "GSM-7", 160)),
        ("a" * 161, Segments(2, "GSM-7", 161)),
        ("a" * 306, Segments(2, "GSM-7", 306)),
        ("a" * 307, Segments(3, "GSM-7", 307)),
        ("a" * 459, Segments(3, "GSM-7", 459)),
        ("ê" * 70, Segments(1, "UCS-2", 70)),
        ("ê" * 71, Segments(2, "UCS-2", 71)),
        ("ê" * 134, Segments(2, "UCS-2", 134)),
        ("ê" * 135, Segments(3, "UCS-2", 135)),
        ("ê" * 201, Segments(3, "UCS-2", 201)),
        ("", Segments(1, "GSM-7", 0)),
    ],
)
def test_a_text_costs_what_operators_charge(text: str, expected: Segments) -> None:
    assert segments(text) == expected


@pytest.mark.parametrize("sign", "^{}\\[~]|€")
def test_signs_of_the_extension_count_twice(sign: str) -> None:
    assert segments(sign * 80) == Segments(1, "GSM-7", 160)
    assert segments(sign * 81) == Segments(2, "GSM-7", 162)


def test_a_sign_of_two_units_is_never_cut() -> None:
    assert segments("a" * 152 + "€" + "a" * 152).count == 3
    assert segments("ê" * 66 + "😀" + "ê" * 66).count == 3


@pytest.mark.parametrize("sign", "àéèùìòÇÉÄÖÜäöüñæÆß£$@§")
def test_these_letters_are_cheap_and_stay(sign: str) -> None:
    assert transliterate(sign) == sign
    assert segments(sign).encoding == "GSM-7"


@pytest.mark.parametrize("sign", "âêîôûëïçœÀÈÊÔ«»’—…")
def test_these_letters_are_dear_and_are_rewritten(sign: str) -> None:
    assert segments(sign).encoding == "UCS-2"
    assert segments(transliterate(sign)).encoding == "GSM-7"


def test_french_stays_readable() -> None:
    text = "Reçu : l’œuvre « très » coûte 1\u202f234,50\u00a0€ – même à Noël…"
    assert transliterate(text) == 'Recu : l\'oeuvre " très " coute 1 234,50 € - meme à Noel...'


def test_other_scripts_stay_whole() -> None:
    assert transliterate("Москва") == "Москва"
    assert segments("Москва").encoding == "UCS-2"
