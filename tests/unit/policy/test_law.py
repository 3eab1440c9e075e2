"""Whom a procedure reaches, and what the law says of it."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from relance.channels.registry import kinds
from relance.dates import next_sending_day
from relance.law.waiting import first_day_of_costs
from relance.policy.checks.law_consumers import (
    ELECTRONIC_GAP,
    ELECTRONIC_WAIT,
    LETTER_GAP,
    LETTER_WAIT,
)
from relance.policy.checks.law_reach import takes
from relance.policy.load import read_project
from relance.policy.model import Condition

from .projects import ACCOUNTS, LADDER, MAIN, write_project

BELGIAN = (
    MAIN.replace("country: FR", "country: BE").replace('"732829320"', '"0123456749"')
    + "law: {consumer_clause: true, limitation: {business: 120, consumer: 12}}\n"
)
BELGIAN_ACCOUNT = ACCOUNTS.replace("FR7630006000011234567890189", "BE68539007547034")
CONSUMERS = "- {name: standard, procedure: ladder}"
ONLY_CONSUMERS = (
    "- {name: private, procedure: ladder, when: {kind: consumer}}\n"
    "  - {name: rest, procedure: plain}"
)
PLAIN = "name: plain\nlevels:\n  - {id: one, days: 5, channel: email, template: reminder}\n"
CHARGES = "charges: {interest: legal, compensation: legal}"


def law_codes(
    root: Path, main: str, *levels: str, head: str = "", today: date | None = None
) -> list[str]:
    ladder = "name: ladder\n" + head + "levels:\n" + "".join(f"  - {{{one}}}\n" for one in levels)
    accounts = BELGIAN_ACCOUNT if "country: BE" in main else ACCOUNTS
    project = write_project(root, main, ladder if levels else LADDER, accounts)
    (project / "procedures/plain.yaml").write_text(PLAIN)
    found = read_project(project, kinds(), today).diagnostics
    return [d.code for d in found if d.code.startswith("L")]


def first(channel: str = "email", more: str = "") -> str:
    return f"id: first, days: 5, channel: {channel}, template: reminder{more}"


def second(days: int, more: str = ", " + CHARGES) -> str:
    return f"id: second, days: {days}, channel: email, template: reminder{more}"


@pytest.mark.parametrize(
    ("when", "debtor", "held"),
    [
        (None, {"kind": "consumer"}, True),
        ({"kind": "consumer"}, {"kind": "consumer"}, True),
        ({"kind": "consumer"}, {"kind": "business"}, False),
        ({"kind": ["business", "public"]}, {"kind": "consumer"}, False),
        ({"not": {"kind": "consumer"}}, {"kind": "consumer"}, False),
        ({"outstanding": {"min": 5}}, {"kind": "consumer"}, None),
        ({"not": {"sector": ["x"]}, "kind": "business"}, {"kind": "consumer"}, False),
        ({"any": [{"kind": "consumer"}, {"sector": ["x"]}]}, {"kind": "consumer"}, True),
        ({"any": [{"kind": "public"}, {"sector": ["x"]}]}, {"kind": "consumer"}, None),
        ({"all": [{"country": "BE"}, {"kind": "consumer"}]}, {"kind": "consumer"}, None),
        ({"country": "BE"}, {"kind": "consumer", "country": "FR"}, False),
    ],
)
def test_whether_a_condition_takes_a_debtor_of_whom_little_is_known(
    when: dict[str, Any] | None, debtor: dict[str, str], held: bool | None
) -> None:
    condition = None if when is None else Condition.model_validate(when)

    assert takes(condition, debtor) is held


@pytest.mark.parametrize(
    ("medium", "wait", "gap"),
    [("letter", LETTER_WAIT, LETTER_GAP), ("email", ELECTRONIC_WAIT, ELECTRONIC_GAP)],
)
def test_the_longest_waits_hold_over_all_days_of_a_generation(
    medium: str, wait: int, gap: int
) -> None:
    waits, gaps = set(), set()
    for number in range(366 * 30):
        day = date(2015, 1, 1) + timedelta(number)
        sent = next_sending_day(day, ("BE",))
        lawful = first_day_of_costs(sent, medium)
        waits.add((lawful - sent).days)
        least = (lawful - day).days
        while next_sending_day(day + timedelta(least - 1), ("BE",)) >= lawful:
            least -= 1
        gaps.add(least)

    assert (max(waits), max(gaps)) == (wait, gap)


@pytest.mark.parametrize(
    ("levels", "head", "codes"),
    [
        ([first(more=", " + CHARGES)], "", ["L001"]),
        ([first(), second(22)], "", ["L003"]),
        ([first(), second(23)], "", []),
        ([first("letter"), second(25)], "", ["L003"]),
        ([first("letter"), second(26)], "", []),
        ([first("[email, letter]"), second(25)], "", ["L003"]),
        ([first(), second(19)], "interval: 15\n", []),
        ([first(), second(19)], "interval: 14\n", ["L003"]),
        ([first(more=", when: {open: {min: 50}}"), second(60)], "", ["L001"]),
        ([first(more=", when: {kind: consumer}"), second(60)], "", []),
        ([first(more=", mandatory: true"), second(60)], "catch_up: by_age\n", []),
        ([first(), second(60)], "catch_up: by_age\n", ["L001"]),
        ([first(), second(60, ", when: {kind: business}, charges: {fee: 9}")], "", []),
        ([first(), second(60, ", charges: {fee: 9}")], "", ["L007"]),
        (["id: early, days: -3, channel: email, template: courtesy", second(60)], "", ["L001"]),
        (["id: c, days: 5, channel: task, task: {subject: Call}", second(60)], "", ["L001"]),
    ],
)
def test_belgian_consumers_have_a_free_reminder_and_14_days(
    tmp_path: Path, levels: list[str], head: str, codes: list[str]
) -> None:
    main = BELGIAN.replace(CONSUMERS, ONLY_CONSUMERS)

    assert law_codes(tmp_path, main, *levels, head=head) == codes


def test_a_segment_without_kind_is_only_warned_of(tmp_path: Path) -> None:
    assert law_codes(tmp_path, BELGIAN, first(more=", " + CHARGES)) == ["L002"]


def test_a_small_creditor_may_ask_for_interest_at_once(tmp_path: Path) -> None:
    main = BELGIAN.replace(CONSUMERS, ONLY_CONSUMERS)
    small = main.replace("law: {", "law: {small_creditor: true, ")
    interest = ", charges: {interest: legal}"

    assert law_codes(tmp_path, main, first(), second(12, interest)) == ["L003"]
    assert law_codes(tmp_path, small, first(), second(12, interest)) == []


def test_consumers_taken_by_an_earlier_segment_are_none_of_a_procedure(tmp_path: Path) -> None:
    main = MAIN.replace(
        CONSUMERS, "- {name: private, procedure: plain, when: {kind: consumer}}\n  " + CONSUMERS
    )

    assert law_codes(tmp_path, main, first(more=", " + CHARGES)) == []
    assert law_codes(tmp_path / "other", MAIN, first(more=", " + CHARGES)) == ["L011"]


@pytest.mark.parametrize(
    ("charges", "codes"),
    [
        ("charges: {compensation: legal}", ["L010"]),
        ("charges: {interest: legal}", []),
        ("charges: {fee: 3}", ["L012"]),
    ],
)
def test_french_consumers_owe_interest_alone_and_after_the_formal_notice(
    tmp_path: Path, charges: str, codes: list[str]
) -> None:
    main = MAIN.replace(CONSUMERS, ONLY_CONSUMERS).replace("out/letters}", "out/l, proof: receipt}")
    formal = "id: formal, days: 30, channel: letter, template: formal-notice"

    assert law_codes(tmp_path, main, formal, second(60, ", " + charges)) == codes
    before = law_codes(tmp_path / "b", main, first(more=", charges: {interest: legal}"), formal)
    assert before == ["L014"]


def test_a_belgian_consumer_keeps_belgian_law_with_a_french_creditor(tmp_path: Path) -> None:
    main = MAIN.replace(
        CONSUMERS,
        "- {name: belgians, procedure: ladder, when: {kind: consumer, country: BE}}\n"
        "  - {name: rest, procedure: plain}",
    )

    assert "L001" in law_codes(tmp_path, main, first(more=", " + CHARGES))


@pytest.mark.parametrize(
    ("law", "codes"),
    [
        ("contract_rate: 15", []),
        ("contract_rate: 8.25", []),
        ("contract_rate: 8.24", ["L040"]),
        ("sector: transport", []),
        ("sector: fishing", ["L018"]),
    ],
)
def test_agreed_rates_and_sectors(tmp_path: Path, law: str, codes: list[str]) -> None:
    assert law_codes(tmp_path, MAIN + f"law: {{{law}}}\n", today=date(2026, 9, 1)) == codes


def test_a_rate_that_the_policy_gives_is_not_missing(tmp_path: Path) -> None:
    own = (
        "rates: [{table: fr_default, from: 2027-01-01, percent: 12.40, source: Banque de France}]\n"
    )
    main = MAIN.replace(
        CONSUMERS, "- {name: private, procedure: plain, when: {kind: consumer}}\n  " + CONSUMERS
    )
    level = first(more=", charges: {interest: legal}")

    assert law_codes(tmp_path, main, level, today=date(2026, 11, 15)) == []
    assert law_codes(tmp_path, main, level, today=date(2026, 12, 1)) == ["L042"]
    assert law_codes(tmp_path, main + own, level, today=date(2026, 12, 1)) == []
    assert law_codes(tmp_path, main, level, today=date(2027, 2, 1)) == ["L042"]


@pytest.mark.parametrize("channel", ["email", "letter", "[letter, email]"])
def test_a_formal_notice_wants_a_proof_of_sending(tmp_path: Path, channel: str) -> None:
    formal = f"id: formal, days: 30, channel: {channel}, template: formal-notice"
    proving = MAIN.replace("folder: out/letters}", "folder: out/letters, proof: receipt}")

    assert law_codes(tmp_path, MAIN, formal) == ["L025"]
    assert law_codes(tmp_path, proving, formal) == ([] if channel == "letter" else ["L025"])


def test_a_letter_that_a_person_is_to_write_is_read_and_other_tasks_are_not(tmp_path: Path) -> None:
    letter = (
        'id: w, days: 5, channel: task, task: {kind: letter, subject: "Dernier avis avant saisie"}'
    )

    assert law_codes(tmp_path, MAIN, letter) == ["L030"]
    assert law_codes(tmp_path, MAIN, letter.replace("kind: letter", "kind: decide")) == []


def test_the_place_of_a_word_in_a_template(tmp_path: Path) -> None:
    project = write_project(tmp_path)
    text = "{% block opening %}\r\nBonjour,\r\n\r\nl’huissier viendra.\r\n{% endblock %}"
    (project / "templates/note/fr.wording").write_text(text, "utf-8", newline="")

    (found,) = read_project(project, kinds()).diagnostics

    assert (str(found.span), found.code) == ("templates/note/fr.wording:4:3", "L031")
    assert found.span is not None
    assert found.span.excerpt == "l’huissier viendra."


def test_mentions_are_said_in_the_language_of_the_operator(tmp_path: Path) -> None:
    project = write_project(tmp_path, MAIN.replace("csv}", "csv, terms: 90 jours}", 1))

    (found,) = read_project(project, kinds()).diagnostics

    assert found.code == "L020"
    assert "60 days from the invoice" in found.message()
    assert "60 jours" in found.message("fr")
