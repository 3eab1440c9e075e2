"""Before the due date: whether an invoice arrived, and what its answer does to later reminders."""

from __future__ import annotations

from email import message_from_bytes, policy
from pathlib import Path

import pytest

from .stage import Fields, Stage, new_stage

EARLY = "2026-03-25"  # F1 is due on the first of April: it is verified a week before
LATE = "2026-04-10"
CUSTOMER = (
    "id,name,kind,country,language,email,phone,requires,portal,accounts_name,accounts_phone\n"
)


@pytest.fixture
def stage(tmp_path: Path) -> Stage:
    """A project that verifies invoices a week before they are due; one run was done."""
    verify = {
        "kind": "verification",
        "subject": "Facture {{ numbers }} : reçue, validée ?",
        "owner": "anne",
    }
    levels = [
        {"id": "verify", "days": -7, "channel": "task", "task": verify},
        {"id": "reminder-1", "days": 5, "channel": "email", "template": "reminder"},
    ]
    stage = new_stage(tmp_path / "p", {"procedures": {"standard": {"levels": levels}}})
    assert stage("run", "--date", EARLY).code == 0
    return stage


def works(stage: Stage, day: str = EARLY) -> list[Fields]:
    found: list[Fields] = stage("tasks", "--json", "--date", day).json["tasks"]
    return found


def answer(stage: Stage, *words: str) -> None:
    said = stage("tasks", "done", str(works(stage)[0]["number"]), *words, "--date", EARLY)
    assert said.code == 0, said


def reminder(stage: Stage) -> str:
    assert stage("run", "--date", LATE).code == 0
    message = message_from_bytes(stage.outbox()[-1].read_bytes(), policy=policy.default)
    body = message.get_body(("plain",))
    assert body
    return " ".join(body.get_content().split())


def test_a_level_before_the_due_date_asks_whether_the_invoice_arrived(stage: Stage):
    [task] = works(stage)
    assert (task["kind"], task["owner"], task["subject"]) == (
        "verification", "anne", "Facture F1 : reçue, validée ?",
    )  # fmt: skip


def test_what_was_approved_is_said_again_by_the_next_reminder(stage: Stage):
    answer(stage, "--outcome", "approved")
    assert stage.verdict("F1", EARLY) == "not_due"
    assert "Le 25 mars 2026, vous nous avez indiqué que cette facture était reçue et validée." in (
        reminder(stage)
    )


def test_what_is_on_the_portal_is_noted(stage: Stage):
    answer(stage, "--outcome", "on_portal", "--note", "lot 12")
    assert "enregistrée sur votre portail" in reminder(stage)
    told = stage("explain", "F1", "--json", "--date", LATE).json["history"]
    assert "verified" in {each["type"] for each in told}


def test_what_was_not_approved_is_a_dispute_with_its_reason_before_it_is_due(stage: Stage):
    number = str(works(stage)[0]["number"])
    assert stage("tasks", "done", number, "--outcome", "not_approved", "--date", EARLY).code == 2
    answer(stage, "--outcome", "not_approved", "--note", "prix du lot 3")
    assert stage.verdict("F1", LATE) == "disputed"
    [dispute] = stage("dispute", "--json", "--date", EARLY).json["disputes"]
    assert dispute["reason"] == "prix du lot 3"


def test_what_was_not_received_is_held_until_a_copy_was_sent(stage: Stage):
    answer(stage, "--outcome", "not_received")
    assert stage.verdict("F1", LATE) == "disputed"
    [task] = works(stage)
    assert (task["kind"], task["receivables"], task["owner"]) == ("send_copy", ["F1"], "anne")
    answer(stage)
    assert stage.verdict("F1", LATE) == "act"
    assert works(stage) == []


def test_a_dispute_that_was_opened_since_takes_the_approval_back(stage: Stage):
    answer(stage, "--outcome", "approved")
    for words in (["open", "F1", "--reason", "price"], ["reject", "F1"]):
        said = stage("dispute", *words, "--date", "2026-03-30")
        assert said.code == 0, said
    assert "vous nous avez indiqué" not in reminder(stage)


def test_an_invoice_to_verify_is_never_hidden_in_a_call_about_another(stage: Stage):
    call = {"kind": "call", "subject": "Appeler"}
    levels = [
        {
            "id": "verify",
            "days": -7,
            "channel": "task",
            "task": {"kind": "verification", "subject": "?"},
        },
        {"id": "call", "days": 5, "channel": "task", "task": call},
    ]
    stage.procedures({"standard": {"levels": levels}})
    stage.sales(
        "F8,C1,2026-02-02,2026-03-01,100.00,100.00,EUR,invoice\n"
        "F9,C1,2026-03-02,2026-04-15,100.00,100.00,EUR,invoice"
    )
    tasks = stage.plan(LATE)["tasks"]
    assert sorted((t["kind"], t["receivables"][0]) for t in tasks) == [
        ("call", "F8"), ("verification", "F9"),
    ]  # fmt: skip


def test_the_call_sheet_says_whom_to_ask_for_and_what_the_invoices_need(stage: Stage):
    stage.customers(
        CUSTOMER + "C1,Mairie de Vire,public,FR,fr,m@vire.example,02 31 00 00 00,order_number,,"
        "Mme Roy,02 31 00 00 01\n"
    )
    number = str(works(stage)[0]["number"])
    sheet = stage("tasks", "show", number, "--json", "--date", EARLY).json["tasks"][0]["sheet"]
    assert sheet["portal"] == "Chorus Pro"
    assert sheet["needs"] == ["order_number", "chorus"]
    assert {each["number"] for each in sheet["lacks"]} == {"F1"}
    shown = stage("tasks", "show", number, "--date", EARLY).out
    assert "Mme Roy · 02 31 00 00 01" in shown
    assert "order number, Chorus Pro" in shown
    assert "order number, Chorus Pro" in stage("debtor", "C1", "--date", EARLY).out


def test_an_answer_after_the_reminder_opens_no_second_task(stage: Stage):
    answer(stage, "--outcome", "approved")
    assert stage("run", "--date", EARLY).code == 0
    assert works(stage) == []
    assert works(stage, LATE) == []


def test_what_was_paid_before_it_was_verified_asks_nobody_any_more(stage: Stage):
    stage.sales("F1,C1,2026-03-02,2026-04-01,250.50,0.00,EUR,invoice")
    assert stage.verdict("F1", LATE) == "settled"
    assert stage("run", "--date", LATE).code == 0
    assert stage.outbox() == []


def test_an_approval_holds_nothing_when_the_due_date_passes(stage: Stage):
    answer(stage, "--outcome", "approved")
    assert stage.verdict("F1", LATE) == "act"
