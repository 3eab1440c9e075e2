from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from relance.channels.registry import kinds
from relance.policy.checks.conditions import implies
from relance.policy.load import read_policy
from relance.policy.model import Condition

from .projects import ACCOUNTS, LADDER, MAIN, write_project


def codes_of(project: Path) -> list[str]:
    return [d.code for d in read_policy(project, kinds())[1]]


def condition(data: dict[str, Any]) -> Condition:
    return Condition.model_validate(data)


@pytest.mark.parametrize(
    ("narrow", "wide"),
    [
        ({"kind": "public"}, {"kind": ["public", "consumer"]}),
        ({"overdue": {"min": 500}}, {"overdue": {"min": 100}}),
        ({"overdue": {"min": 500, "max": 900}}, {"overdue": {"max": 900}}),
        ({"kind": "public", "country": "FR"}, {"kind": "public"}),
        ({"all": [{"kind": "public"}, {"country": "FR"}]}, {"country": "FR"}),
        ({"kind": "public"}, {"any": [{"kind": "public"}, {"country": "BE"}]}),
        ({"any": [{"country": "FR"}, {"country": "BE"}]}, {"country": ["FR", "BE", "LU"]}),
        ({"not": {"kind": ["public", "consumer"]}}, {"not": {"kind": "public"}}),
    ],
)
def test_a_condition_that_takes_no_more_than_another(
    narrow: dict[str, Any], wide: dict[str, Any]
) -> None:
    assert implies(condition(narrow), condition(wide))


@pytest.mark.parametrize(
    ("narrow", "wide"),
    [
        ({"kind": ["public", "consumer"]}, {"kind": "public"}),
        ({"overdue": {"min": 100}}, {"overdue": {"min": 500}}),
        ({"overdue": {"min": 100}}, {"overdue": {"min": 50, "max": 500}}),
        ({"kind": "public"}, {"kind": "public", "country": "FR"}),
        ({"any": [{"country": "FR"}, {"country": "BE"}]}, {"country": "FR"}),
        ({"not": {"kind": "public"}}, {"not": {"kind": ["public", "consumer"]}}),
        ({"kind": "business"}, {"not": {"kind": "public"}}),
    ],
)
def test_a_condition_of_which_it_cannot_be_said(
    narrow: dict[str, Any], wide: dict[str, Any]
) -> None:
    assert not implies(condition(narrow), condition(wide))


def test_two_levels_of_one_day_with_a_condition_are_alternatives(tmp_path: Path) -> None:
    ladder = LADDER.replace("template: note", "template: note, when: {open: {min: 500}}")
    ladder += "  - {id: small, days: 5, channel: letter, template: note}\n"

    assert codes_of(write_project(tmp_path, ladder=ladder)) == []


def test_the_interval_does_not_count_between_a_notice_and_a_task(tmp_path: Path) -> None:
    ladder = LADDER + "  - {id: call, days: 7, channel: task, task: {subject: Call}}\n"

    assert codes_of(write_project(tmp_path, ladder=ladder)) == []


def test_a_letter_carries_the_letter(tmp_path: Path) -> None:
    ladder = LADDER.replace("channel: email", "channel: [email, letter], attach: letter")

    assert codes_of(write_project(tmp_path, ladder=ladder)) == []


def test_a_shipped_procedure_that_no_segment_uses_needs_no_channel(tmp_path: Path) -> None:
    assert codes_of(write_project(tmp_path)) == []


def test_a_shipped_procedure_that_is_used_needs_its_channels(tmp_path: Path) -> None:
    main = MAIN.replace("procedure: ladder", "procedure: consumer-fr")

    assert set(codes_of(write_project(tmp_path, main))) == {"P115"}


def test_a_template_of_single_media_serves_those_alone(tmp_path: Path) -> None:
    project = write_project(tmp_path, ladder=LADDER.replace("email", "[email, letter]"))
    folder = project / "templates/note"
    (folder / "fr.wording").unlink()
    (folder / "fr.email.txt").touch()
    (folder / "fr.email.html").touch()

    assert codes_of(project) == ["P119"]  # the letter is missing

    (folder / "fr.letter.html").touch()
    assert codes_of(project) == []


@pytest.mark.parametrize(
    ("number", "wrong"),
    [
        ("FR76 3000 6000 0112 3456 7890 189", False),
        ("BE68 5390 0754 7034", False),
        ("NL91ABNA0417164300", False),
        ("FR7630006000011234567890188", True),
        ("FR763000600001123456789018", True),
        ("7630006000011234567890189", True),
        ("FR76", True),
        ("ⅠⅤ76", True),
    ],
)
def test_ibans(tmp_path: Path, number: str, wrong: bool) -> None:
    accounts = ACCOUNTS.replace("FR7630006000011234567890189", number)

    assert ("P170" in codes_of(write_project(tmp_path, accounts=accounts))) is wrong


@pytest.mark.parametrize(
    ("country", "registration", "vat", "codes"),
    [
        ("FR", "732 829 320", "FR44732829320", []),
        ("BE", "0123.456.749", "BE 0123 456 749", []),
        ("BE", "BE0123456749", "BE0123456749", []),
        ("DE", "HRB 12345", "DE136695976", []),
        ("DE", "HRB 12345", "DE136695970", ["P161"]),
        ("FR", "73282932000074", "FR44732829320", ["P160"]),
        ("FR", "404833048", "FR44732829320", ["P162"]),
    ],
)
def test_numbers_of_the_creditor(
    tmp_path: Path, country: str, registration: str, vat: str, codes: list[str]
) -> None:
    main = MAIN.replace("country: FR", f"country: {country}\n  vat: {vat}")
    main = main.replace('"732829320"', f'"{registration}"')
    found = codes_of(write_project(tmp_path, main))

    assert [code for code in found if code in ("P160", "P161", "P162", "P176")] == codes


@pytest.mark.parametrize(
    "link",
    ["https://pay.example/{number!r}", "https://pay.example/{amount:.2f}", "https://pay.example/{"],
)
def test_placeholders_stand_alone_in_their_braces(tmp_path: Path, link: str) -> None:
    main = MAIN.replace("sources:", f"  payment_link: {json.dumps(link)}\nsources:")

    assert codes_of(write_project(tmp_path, main)) == ["P168"]


def test_a_logo_that_is_a_link_out_of_the_project_is_refused(tmp_path: Path) -> None:
    outside = tmp_path / "logo.png"
    outside.touch()
    main = MAIN.replace("sources:", "  logo: logo.png\nsources:")
    project = write_project(tmp_path / "project", main)
    (project / "logo.png").symlink_to(outside)

    assert codes_of(project) == ["P166"]


@pytest.mark.parametrize("path", ["/srv/x.csv", "../x.csv", "a/../../x.csv", "C:\\x.csv", "\\\\x"])
def test_sources_stay_in_the_project(tmp_path: Path, path: str) -> None:
    main = MAIN.replace("path: ventes.csv", f"path: '{path}'")

    assert codes_of(write_project(tmp_path, main)) == ["P166"]


@pytest.mark.parametrize("url", ["env:DATABASE_URL", "file:secrets/url", "sqlite:///x.db"])
def test_the_database_may_be_a_reference(tmp_path: Path, url: str) -> None:
    assert codes_of(write_project(tmp_path, MAIN + f"database: {url}\n")) == []


def test_the_wrong_setting_of_a_channel_is_shown_at_its_place(tmp_path: Path) -> None:
    main = MAIN.replace("folder: out}", "foldr: out}", 1)
    _, found = read_policy(write_project(tmp_path, main), kinds())

    assert [(str(d.span), d.code) for d in found] == [
        ("relance.yaml:12:10", "P021"),
        ("relance.yaml:12:25", "P020"),
    ]
    assert "folder" in found[1].hint()


def test_without_adapters_the_rest_is_checked(tmp_path: Path) -> None:
    main = MAIN.replace("kind: outbox", "kind: unheard-of").replace("ladder}", "lader}")
    _, found = read_policy(write_project(tmp_path, main))

    assert [d.code for d in found] == ["P130"]
