"""The tone of a reminder by how its debtor pays, and the page that it points to."""

from __future__ import annotations

from email import message_from_bytes, policy
from pathlib import Path

import pytest

from .stage import Fields, Stage
from .test_debtor import book

DAY = "2025-03-17"  # the fifth invoice is due on the fifth of March: its first reminder is due


def project(tmp_path: Path, days: list[int], level: Fields, **more: object) -> Stage:
    """Return a project whose debtor paid so many days late, and left the fifth invoice unpaid."""
    stage = book(tmp_path, {"C1": [*days, 999]})
    levels = [{"id": "reminder-1", "days": 5, "channel": "email", "template": "reminder", **level}]
    stage.procedures({"standard": {"levels": levels}})
    sources = [
        {"name": "ventes", "kind": "csv", "path": "ventes.csv", "full": True},
        {"name": "banque", "kind": "bank", "path": "banque.csv"},
    ]
    stage.policy({"sources": sources, **more})
    return stage


def tone(stage: Stage) -> tuple[str, str]:
    told = stage("explain", "F-2025-1005", "--json", "--date", DAY).json["tone"]
    return told["tone"], told["reason"]


def sent(stage: Stage) -> tuple[str, str, str]:
    """Return subject, text and HTML of the only message."""
    assert stage("run", "--date", DAY).code == 0
    [file] = stage.outbox()
    message = message_from_bytes(file.read_bytes(), policy=policy.default)
    text, html = message.get_body(("plain",)), message.get_body(("html",))
    assert text
    assert html
    return message["subject"], text.get_content(), html.get_content()


AUTO = {"tone": "auto"}


def test_the_first_slip_of_a_good_payer_is_kindly_worded(tmp_path: Path):
    stage = project(tmp_path, [0, -1, 0, 0], AUTO)
    assert tone(stage) == (
        "friendly",
        "tone friendly: what relance takes from how the debtor pays (0 % paid late, 0 promises broken)",
    )
    assert "sans doute d’un oubli" in sent(stage)[1]


def test_who_always_pays_late_is_written_to_firmly(tmp_path: Path):
    stage = project(tmp_path, [20, 9, 30, 0], AUTO)
    assert tone(stage)[0] == "firm"
    assert "sans doute d’un oubli" not in sent(stage)[1]


def test_of_whom_little_is_known_the_tone_is_neutral(tmp_path: Path):
    stage = project(tmp_path, [0, 999, 999, 999], AUTO)
    assert tone(stage) == ("neutral", "tone neutral: no rule says another one of this debtor")


def test_the_policy_says_which_tone_is_for_whom(tmp_path: Path):
    rules = [
        {"tone": "firm", "when": {"overdue": {"min": 1000}}},
        {"tone": "friendly", "when": {"late_ratio": {"max": "0.5"}}},
    ]
    stage = project(tmp_path, [0, -1, 0, 0], AUTO, tones=rules)
    assert tone(stage) == ("firm", "tone firm: rule 1 of `tones` fits how the debtor pays")


def test_two_broken_promises_make_the_tone_firm(tmp_path: Path):
    stage = project(tmp_path, [0, -1, 0, 0], AUTO)
    for day, until in (("2025-03-06", "2025-03-07"), ("2025-03-11", "2025-03-12")):
        said = stage("promise", "F-2025-1005", "--until", until, "--date", day)
        assert said.code == 0, said
    assert tone(stage)[0] == "firm"


def test_a_plan_whose_tones_changed_is_another_plan(tmp_path: Path):
    stage = project(tmp_path, [0, -1, 0, 0], AUTO)
    before = stage.plan(DAY)["plan_hash"]
    project(tmp_path, [20, 9, 30, 0], AUTO)
    assert stage.plan(DAY)["plan_hash"] != before


@pytest.mark.parametrize("level", [{"mandatory": True}, {"template": "formal-notice"}])
def test_behaviour_never_softens_a_formal_step(tmp_path: Path, level: Fields):
    said = project(tmp_path, [0, 0, 0, 0], {**AUTO, **level})("validate")
    assert said.code == 2
    assert "P232" in said.out + said.err


LINK = "https://video.example/{debtor}?f={number}&l={language}"


def test_a_notice_points_to_a_page_of_its_own_in_text_and_html(tmp_path: Path):
    stage = project(tmp_path, [0, 0, 0, 0], {"link": LINK})
    there = "https://video.example/C1?f=F-2025-1005&l=fr"
    assert stage.plan(DAY)["notices"][0]["link"] == there
    _, text, html = sent(stage)
    assert f"Un message pour vous\N{NO-BREAK SPACE}: {there}" in " ".join(text.split(" "))
    assert 'href="https://video.example/C1?f=F-2025-1005&amp;l=fr"' in html


def test_the_page_of_the_customers_file_is_shown_where_there_is_one(tmp_path: Path):
    stage = project(tmp_path, [0, 0, 0, 0], {"link": "customer"})
    assert "link" not in stage.plan(DAY)["notices"][0]
    stage.customers("id,name,kind,email,link\nC1,Un,business,a@b.example,https://v.example/x?a=1\n")
    assert stage.plan(DAY)["notices"][0]["link"] == "https://v.example/x?a=1"


@pytest.mark.parametrize(
    "link",
    [
        "http://v.example/",
        "https://bank@evil.example/",
        "javascript:alert(1)",
        'https://v.example/"><b>',
    ],
)
def test_a_page_that_is_no_plain_https_address_is_never_shown(tmp_path: Path, link: str):
    stage = project(tmp_path, [0, 0, 0, 0], {"link": "customer"})
    quoted = link.replace('"', '""')
    stage.customers(f'id,name,kind,email,link\nC1,Un,business,a@b.example,"{quoted}"\n')
    plan = stage.plan(DAY)
    assert "link" not in plan["notices"][0]
    assert "I042" in {each["code"] for each in plan["diagnostics"]}


def test_an_account_that_is_not_ours_does_not_leave_in_a_page(tmp_path: Path):
    stage = project(tmp_path, [0, 0, 0, 0], {"link": "https://v.example/?iban=BE68539007547034"})
    said = stage("run", "--date", DAY)
    assert said.code != 0
    assert stage.outbox() == []


def test_who_approved_a_notice_approved_its_page(tmp_path: Path):
    level = {"approval": "required"}
    stage = project(tmp_path, [0, 0, 0, 0], {**level, "link": LINK})
    key = stage.plan(DAY)["notices"][0]["key"]
    assert stage("approve", key, "--date", DAY).code == 0
    levels = [{"id": "reminder-1", "days": 5, "channel": "email", "template": "reminder"}]
    levels[0] |= {**level, "link": "https://other.example/{debtor}"}
    stage.procedures({"standard": {"levels": levels}})
    assert stage("run", "--date", DAY).code == 4
    assert stage.outbox() == []
