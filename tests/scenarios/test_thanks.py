"""Thanks to debtors who pay in time: whom, how often, and who never gets any."""

from __future__ import annotations

from datetime import date, timedelta
from email import message_from_bytes, policy
from pathlib import Path

import pytest

from .stage import Fields, Stage
from .test_debtor import SOURCES, START, book

IN_TIME = [0, -3, -1, 0]
DUE = START + timedelta(days=30)
DAY = str(DUE + timedelta(days=3 * 7 + 1))  # the day after the fourth invoice was due and paid


def project(tmp_path: Path, days: list[int], **thanks: object) -> Stage:
    """Return a project that thanks who paid three in time; its debtor paid so many days late."""
    stage = book(tmp_path, {"C1": days})
    asking = {"channel": "email", **thanks}
    stage.policy({"sources": SOURCES, "thanks": asking})
    return stage


def thanked(stage: Stage, day: str = DAY) -> list[Fields]:
    return [n for n in stage.plan(day)["notices"] if n["level"] == "thanks"]


def why(stage: Stage, day: str = DAY, number: str = "F-2025-1001") -> str:
    said = stage("explain", number, "--json", "--date", day)
    assert said.code == 0, said
    found: str = said.json["thanks"]["why"]
    return found


def do(stage: Stage, *words: str, day: str = DAY) -> None:
    said = stage(*words, "--date", day)
    assert said.code == 0, said


def test_who_paid_the_last_three_in_time_is_thanked_and_asked_for_nothing(tmp_path: Path):
    stage = project(tmp_path, IN_TIME)
    [notice] = thanked(stage)
    assert (notice["total_due"], notice["recipient"]) == ("0.00", "c1@client.example")
    assert why(stage) == "due"
    do(stage, "run")
    [file] = stage.outbox()
    message = message_from_bytes(file.read_bytes(), policy=policy.default)
    assert message["subject"] == "Merci pour vos règlements ponctuels"
    for kind in ("plain", "html"):
        body = message.get_body((kind,))
        assert body
        text = body.get_content()
        assert "vous en remercier" in " ".join(text.split())
        assert "IBAN" not in text
        assert "0,00" not in text
        assert "1004" not in text
    assert "thanks" in stage("history", "--date", DAY).out


def test_nobody_is_thanked_unless_the_policy_says_so(tmp_path: Path):
    stage = book(tmp_path, {"C1": IN_TIME})
    assert stage.plan(DAY)["notices"] == []
    assert "thanks" not in stage("explain", "F-2025-1001", "--json", "--date", DAY).json


def test_a_debtor_is_thanked_at_most_once_in_so_many_months(tmp_path: Path):
    stage = project(tmp_path, [0] * 40, months=6)
    days, count = [], 0
    for week in range(2, 39):
        day = str(DUE + timedelta(days=7 * week + 1))
        do(stage, "run", day=day)
        days += [day] * (len(stage.outbox()) - count)
        count = len(stage.outbox())
    assert days == ["2025-02-20", "2025-08-21"]
    assert why(stage, "2025-08-20") == "before"
    assert why(stage, "2026-02-21") == "old"


def test_a_second_run_of_the_day_thanks_nobody_again(tmp_path: Path):
    stage = project(tmp_path, IN_TIME)
    do(stage, "run")
    do(stage, "run")
    assert len(stage.outbox()) == 1


@pytest.mark.parametrize(
    ("days", "reason"),
    [([0, 0, 0, 1], "few"), ([0, 5, 0, 0], "few"), ([0, 0], "few"), ([0, -1, 999, 0], "overdue")],
)
def test_one_late_payment_or_too_few_in_time_and_nobody_is_thanked(
    tmp_path: Path, days: list[int], reason: str
):
    stage = project(tmp_path, days)
    assert thanked(stage) == []
    assert why(stage) == reason


def test_old_sins_are_forgiven_when_the_last_ones_were_in_time(tmp_path: Path):
    assert thanked(project(tmp_path, [3, 0, 0, 0]))


def test_nobody_is_thanked_who_owes_something_overdue(tmp_path: Path):
    stage = project(tmp_path, [999, 0, 0, 0])
    assert why(stage) == "overdue"
    do(stage, "run")
    assert "Merci pour vos règlements" not in " ".join(f.read_text() for f in stage.outbox())


@pytest.mark.parametrize(
    "words",
    [
        ["dispute", "open", "F-2025-1005"],
        ["dispute", "open", "F-2025-1005", "--amount", "10"],
        ["dispute", "open", "--debtor", "C1"],
        ["insolvency", "open", "C1"],
        ["record", "block", "--debtor", "C1"],
    ],
)
def test_nobody_is_thanked_with_whom_something_is_at_odds(tmp_path: Path, words: list[str]):
    stage = project(tmp_path, [*IN_TIME, 999])
    assert why(stage) == "due"
    do(stage, *words)
    assert why(stage) == "held"
    assert thanked(stage) == []


def test_a_dispute_that_was_settled_lets_thanks_go(tmp_path: Path):
    stage = project(tmp_path, [*IN_TIME, 999])
    do(stage, "dispute", "open", "F-2025-1005")
    do(stage, "dispute", "close", "F-2025-1005")
    assert thanked(stage)


def test_thanks_are_never_merged_with_a_reminder_nor_sent_on_its_day(tmp_path: Path):
    stage = project(tmp_path, [*IN_TIME, 999])
    courtesy = {"id": "courtesy", "days": -6, "channel": "email", "template": "courtesy"}
    stage.procedures({"standard": {"levels": [courtesy]}})
    assert why(stage) == "written"
    do(stage, "run")
    assert [n["level"] for n in stage.plan(DAY)["notices"]] == []
    later = str(date.fromisoformat(DAY) + timedelta(days=1))
    [notice] = thanked(stage, later)
    assert [line["number"] for line in notice["receivables"]][-1] == "F-2025-1004"
    assert "other_open" not in notice or notice["other_open"] == []


def test_a_payment_that_bounces_after_thanks_starts_the_procedure_at_its_beginning(tmp_path: Path):
    stage = project(tmp_path, IN_TIME)
    sales, bank = SOURCES
    linked = {**bank, "columns": {"end_to_end": "end to end"}}
    stage.policy({"sources": [sales, linked], "thanks": {"channel": "email"}})
    head, *rows = (stage.root / "banque.csv").read_text().splitlines()
    numbered = [f"{row},E2E-{n}" for n, row in enumerate(rows, 1)]
    stage.write("banque.csv", "\n".join([f"{head},end to end", *numbered, ""]))
    do(stage, "run")
    assert len(stage.outbox()) == 1
    account = "FR7630006000011234567890189"
    back = f"2025-03-05,-1004.00,Client C1,REJET FACTURE F-2025-1004,{account},E2E-4"
    stage.write("banque.csv", "\n".join([f"{head},end to end", *numbered, back, ""]))
    [notice] = stage.plan("2025-03-10")["notices"]
    assert (notice["level"], notice["total_open"]) == ("reminder-1", "1004.00")
    assert notice["receivables"][0]["number"] == "F-2025-1004"


def test_thanks_take_no_contact_from_reminders(tmp_path: Path):
    stage = project(tmp_path, [*IN_TIME, 999])
    cap = {"contacts_per_debtor": {"max": 1, "days": 30}}
    asking = {"channel": "email"}
    stage.policy({"sources": SOURCES, "thanks": asking, "limits": cap})
    do(stage, "run")
    assert len(stage.outbox()) == 1
    assert stage.plan("2025-03-17")["notices"][0]["level"] == "reminder-1"


def test_who_cannot_be_reached_is_not_looked_for(tmp_path: Path):
    stage = project(tmp_path, IN_TIME)
    stage.customers("id,name,kind,country,language,email\nC1,Client,business,FR,fr,\n")
    assert why(stage) == "unreachable"
    assert stage.plan(DAY)["tasks"] == []


def test_thanks_keep_to_sending_days_and_to_what_was_paid_lately(tmp_path: Path):
    stage = project(tmp_path, IN_TIME)
    assert why(stage, "2025-03-01") == "day"
    assert why(stage, "2025-04-30") == "old"


@pytest.mark.parametrize(
    ("language", "subject"),
    [
        ("nl", "Bedankt voor uw stipte betalingen"),
        ("de", "Vielen Dank für Ihre pünktlichen Zahlungen"),
        ("en", "Thank you for paying on time"),
    ],
)
def test_thanks_speak_the_language_of_the_debtor(tmp_path: Path, language: str, subject: str):
    stage = project(tmp_path, IN_TIME)
    stage.customers(
        f"id,name,kind,country,language,email\nC1,Client,business,BE,{language},a@b.example\n"
    )
    do(stage, "run")
    [file] = stage.outbox()
    assert message_from_bytes(file.read_bytes(), policy=policy.default)["subject"] == subject


def test_thanks_go_by_letter_where_that_is_the_channel(tmp_path: Path):
    stage = project(tmp_path, IN_TIME, channel=["letter"])
    stage.customers(
        "id,name,kind,country,language,address,postcode,city\n"
        "C1,Client,business,FR,fr,1 rue Haute,75001,Paris\n"
    )
    do(stage, "run")
    [file] = stage.outbox()
    assert file.read_bytes().startswith(b"%PDF")


def test_a_reviewed_plan_with_thanks_is_carried_out_as_it_is(tmp_path: Path):
    stage = project(tmp_path, IN_TIME)
    do(stage, "plan", "-o", str(stage.root / "plan.json"))
    do(stage, "run", "--plan", str(stage.root / "plan.json"))
    assert len(stage.outbox()) == 1


@pytest.mark.parametrize(
    ("thanks", "code"),
    [
        ({"channel": "fax"}, "P114"),
        ({"channel": "task"}, "P1"),
        ({"channel": "email", "template": "thank"}, "P1"),
        ({"channel": "email", "months": 0}, "P0"),
        ({}, "P0"),
    ],
)
def test_what_cannot_be_is_refused(tmp_path: Path, thanks: Fields, code: str):
    stage = project(tmp_path, IN_TIME)
    stage.policy({"sources": SOURCES, "thanks": thanks or {"months": 3}})
    said = stage("validate", "--format", "concise")
    assert said.code == 2
    assert f"error {code}" in said.out + said.err


def test_the_explanation_fits_eighty_columns(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    stage = project(tmp_path, IN_TIME)
    do(stage, "run")
    monkeypatch.setenv("COLUMNS", "80")
    shown = stage("explain", "F-2025-1001", "--date", DAY).out
    assert "thanked in the last 12 months" in shown
    assert max(map(len, shown.splitlines())) <= 80
