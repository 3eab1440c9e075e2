"""Wrong calls end with exit code 2, a message, and the way out, in the operator's language."""

from __future__ import annotations

import pytest

from relance.cli.commands import COMMANDS


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["validte"], "did you mean validate?"),
        (["validate", "--formt", "full"], "--format"),
        (["plan", "--date", "yesterday"], "--date: yesterday is not a date"),
        (["plan", "--lang", "nl"], "--lang: nl is not one of fr, en"),
        (["explain"], "NUMBER"),
        (["plan"], "relance init"),
        (["-C", "nowhere/*", "plan"], "no project matches nowhere/*"),
        (["init"], "--country fr"),
        (["record", "promise", "F1", "--until", "soon"], "--until: soon is not a date"),
        (["record", "promise", "F1", "--amount", "much"], "--amount: much is not an amount"),
    ],
)
def test_says_what_is_wrong_and_exits_with_2(relance, arguments, said):
    done = relance(*arguments)
    assert (done.returncode, done.stdout) == (2, "")
    assert said in done.stderr


def test_usage_errors_are_french_for_a_french_operator(relance):
    done = relance("validte", LANG="fr_FR.UTF-8")
    assert "commande inconnue" in done.stderr


def test_common_options_may_stand_before_the_command(relance):
    relance("init", "--country", "be", "firm")
    before = relance("-C", "firm", "--date", "2026-03-02", "validate", "--json")
    after = relance("validate", "-C", "firm", "--date", "2026-03-02", "--json")
    assert before.stdout == after.stdout
    assert before.returncode == 0


@pytest.mark.parametrize("name", COMMANDS)
@pytest.mark.parametrize("language", ["en", "fr"])
def test_help_of_each_command_fits_and_shows_an_example(relance, name, language):
    page = relance(name, "--help", "--lang", language)
    assert page.returncode == 0
    assert f"relance {name}" in page.stdout.split("\n", 2)[2]
    assert {"-C", "--date", "--json", "--quiet", "--lang"} <= set(
        page.stdout.replace(",", "").split()
    )
    assert max(len(line) for line in page.stdout.splitlines()) <= 100


def test_help_is_french_for_a_french_operator(relance):
    page = relance("run", "--help", LANG="fr_FR.UTF-8").stdout
    assert page.startswith("Utilisation\u00a0: relance run [OPTIONS]")
    assert "Afficher cette page" in page
