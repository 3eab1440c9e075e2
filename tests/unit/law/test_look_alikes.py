from __future__ import annotations

import pytest

from relance.law.wording import look_alikes
from relance.library import shipped


def found(text: str, language: str = "fr") -> list[tuple[str, str]]:
    return [(one.words, one.sort) for one in look_alikes(text, language)]


@pytest.mark.parametrize(
    ("text", "language", "words"),
    [
        ("Dernier avis avant saisie", "fr", "avis avant saisie"),
        ("RÉPUBLIQUE FRANÇAISE", "fr", "RÉPUBLIQUE FRANÇAISE"),
        ("Commandement de payer", "fr", "Commandement de payer"),
        ("Bevel tot betaling", "nl", "Bevel tot betaling"),
        ("Pfändungsankündigung", "de", "Pfändungsankündigung"),
        ("Notice of seizure", "en", "Notice of seizure"),
    ],
)
def test_imitations_are_found_wherever_they_stand(text: str, language: str, words: str) -> None:
    assert found(text, language) == [(words, "imitation")]


@pytest.mark.parametrize(
    ("words", "language"),
    [
        ("tribunal", "fr"), ("huissier", "fr"), ("commissaire de justice", "fr"),
        ("gerechtsdeurwaarder", "nl"), ("beslag", "nl"), ("Gerichtsvollzieher", "de"),
        ("bailiff", "en"), ("court", "en"),
    ],
)  # fmt: skip
def test_a_heading_that_names_the_court_or_its_officers_imitates_them(
    words: str, language: str
) -> None:
    assert found(f"{{% block subject %}}{words}{{% endblock %}}", language) == [
        (words, "imitation")
    ]
    assert found(f"<h1>{words}</h1>", language) == [(words, "imitation")]


@pytest.mark.parametrize(
    ("text", "language", "words"),
    [
        ("nous confierons le dossier à un huissier", "fr", "huissier"),
        ("sous peine de saisie", "fr", "saisie"),
        ("wij sturen de deurwaarder", "nl", "deurwaarder"),
        ("wir schicken den Gerichtsvollzieher", "de", "Gerichtsvollzieher"),
        ("we will call your employer", "en", "your employer"),
    ],
)
def test_threats_in_the_text_are_told_apart(text: str, language: str, words: str) -> None:
    assert found(text, language) == [(words, "threat")]


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("par les voies de droit, devant le tribunal compétent", "fr"),
        ("votre saisie comptable", "en"),
        ("{# pas un mot de l'huissier #}", "fr"),
        ("une saisissante remise", "fr"),
        ("langs gerechtelijke weg", "nl"),
        ("auf dem Rechtsweg", "de"),
        ("huissier", "es"),
    ],
)
def test_what_may_be_said(text: str, language: str) -> None:
    assert found(text, language) == []


def test_no_shipped_template_is_taken_for_an_act_of_a_court() -> None:
    for path in shipped("templates").glob("*/*"):
        for language in ("fr", "nl", "de", "en"):
            if language in path.name.split("."):
                assert found(path.read_text("utf-8"), language) == [], path
