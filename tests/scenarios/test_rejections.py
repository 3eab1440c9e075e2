"""Rejected disputes over real runs: the next notice says so, once, and the policy says which it is."""

from __future__ import annotations

from email import message_from_bytes, policy
from pathlib import Path

import pytest

from .stage import Stage, new_stage

OPENED, REJECTED, DAY = "2026-03-30", "2026-04-09", "2026-04-10"
WHY = "bon de livraison signé le 2 mars"


@pytest.fixture
def stage(tmp_path: Path) -> Stage:
    """A project with two invoices due on the first of April; the first of them is disputed."""
    stage = new_stage(
        tmp_path / "p",
        {
            "open": "F1,C1,2026-03-02,2026-04-01,250.50,250.50,EUR,invoice\n"
            "F2,C1,2026-03-02,2026-04-01,99.00,99.00,EUR,invoice"
        },
    )
    do(stage, "dispute", "open", "F1", "--code", "quantity", "--reason", "rien reçu", day=OPENED)
    return stage


def do(stage: Stage, *words: str, day: str = DAY) -> None:
    said = stage(*words, "--date", day)
    assert said.code == 0, said


def reject(stage: Stage, *more: str, subject: str = "F1", day: str = REJECTED) -> None:
    do(stage, "dispute", "reject", subject, *more, day=day)


def text(stage: Stage, day: str = DAY, kind: str = "plain") -> str:
    """Return what the last message of the run of `day` says."""
    before = set(stage.outbox())
    do(stage, "run", day=day)
    [file] = [each for each in stage.outbox() if each not in before]
    message = message_from_bytes(file.read_bytes(), policy=policy.default)
    body = message.get_body((kind,))
    assert body
    return " ".join(body.get_content().split())


SAID = (
    "Nous avons examiné avec attention votre contestation du 30 mars 2026 concernant la facture F1."
)


def test_the_next_notice_says_that_the_dispute_was_rejected_and_why(stage: Stage):
    reject(stage, "--reason", WHY)
    said = text(stage)
    assert SAID in said
    assert f"Motif : {WHY}." in said
    assert "éléments nouveaux" in said


def test_only_the_next_notice_says_so(stage: Stage):
    reject(stage, "--reason", WHY)
    assert SAID in text(stage)
    assert SAID not in text(stage, "2026-04-21")


def test_a_rejection_of_the_day_of_the_run_is_said_by_that_run_and_not_again(stage: Stage):
    reject(stage, day=DAY)
    assert SAID in text(stage)
    assert "contestation" not in text(stage, "2026-04-21")


def test_without_a_reason_of_ours_that_of_the_debtor_is_not_put_in_its_place(stage: Stage):
    reject(stage)
    said = text(stage)
    assert SAID in said
    assert "Motif" not in said
    assert "rien reçu" not in said


def test_a_dispute_that_was_closed_or_opened_again_is_not_said_to_be_rejected(stage: Stage):
    reject(stage)
    do(stage, "dispute", "open", "F1", day=REJECTED)
    do(stage, "dispute", "close", "F1", day=REJECTED)
    assert "contestation" not in text(stage)


def test_only_the_invoice_that_was_disputed_is_named(stage: Stage):
    reject(stage)
    said = text(stage)
    assert "F2" in said
    assert "la facture F1. Nous" in said


def test_a_dispute_about_all_names_each_invoice_of_the_notice(stage: Stage):
    reject(stage)
    do(stage, "dispute", "open", "--debtor", "C1", day=REJECTED)
    reject(stage, "--reason", WHY, subject="C1")
    said = text(stage)
    first, _, second = said.partition("concernant la facture F1")
    assert first
    assert "concernant la facture F2" in second
    assert WHY in second


def test_a_reason_is_text_and_nothing_else(stage: Stage):
    reject(stage, "--reason", "<b>{{ 7*7 }}</b> {}")
    assert "Motif : <b>{{ 7*7 }}</b> {}." in text(stage)


def test_a_reason_in_html_is_text_too(stage: Stage):
    reject(stage, "--reason", "<b>x</b>")
    assert "&lt;b&gt;x&lt;/b&gt;" in text(stage, kind="html")


def test_an_account_that_is_not_ours_never_leaves_in_a_reason(stage: Stage):
    reject(stage, "--reason", "payez sur BE68 5390 0754 7034")
    assert stage("run", "--date", DAY).code != 0
    assert stage.outbox() == []


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("nl", "Wij hebben uw betwisting van 30 maart 2026 over factuur F1 zorgvuldig onderzocht."),
        ("de", "Ihre Beanstandung vom 30. März 2026 zur Rechnung F1 haben wir sorgfältig geprüft."),
        ("en", "We have carefully considered your dispute of 30 March 2026 about invoice F1."),
    ],
)
def test_it_is_said_in_the_language_of_the_debtor(stage: Stage, language: str, said: str):
    stage.customers(f"C1,Client,business,BE,{language},a@b.example,Rue 1,1000,Bruxelles")
    reject(stage, "--reason", "x")
    assert said in text(stage)


def test_a_call_does_not_say_it_so_the_next_letter_does(stage: Stage):
    call = {"kind": "call", "subject": "Appeler"}
    levels = [
        {"id": "call", "days": 5, "channel": "task", "task": call},
        {"id": "reminder", "days": 20, "channel": "email", "template": "reminder"},
    ]
    stage.procedures({"standard": {"levels": levels}})
    reject(stage)
    do(stage, "run")
    assert SAID in text(stage, "2026-04-21")


def test_the_policy_may_have_a_level_of_its_own_follow_at_once(stage: Stage):
    stage.policy({"disputes": {"after_rejected": "reminder-2"}})
    assert stage.plan(REJECTED)["notices"][0]["level"] == "reminder-1"
    reject(stage)
    [notice] = stage.plan(DAY)["notices"]
    levels = {line["number"]: line["level"] for line in notice["receivables"]}
    assert levels == {"F1": "reminder-2", "F2": "reminder-1"}
    assert SAID in text(stage)
    later = stage.plan("2026-04-24")
    assert [h["next_level"] for h in later["held"] if h["number"] == "F1"] == ["formal-notice"]


def test_that_level_never_passes_over_a_mandatory_one(stage: Stage):
    levels = [
        {"id": "first", "days": 5, "channel": "email", "template": "reminder", "mandatory": True},
        {"id": "second", "days": 20, "channel": "email", "template": "reminder"},
    ]
    stage.procedures({"standard": {"levels": levels}})
    stage.policy({"disputes": {"after_rejected": "second"}})
    reject(stage)
    assert stage.plan(DAY)["notices"][0]["level"] == "first"


def test_an_unknown_level_is_refused(stage: Stage):
    stage.policy({"disputes": {"after_rejected": "remainder"}})
    said = stage("validate", "--format", "concise")
    assert said.code == 2
    assert "P224" in said.out + said.err


def test_a_plan_that_tells_of_it_is_another_plan_and_wants_another_approval(stage: Stage):
    level = {"id": "r", "days": 5, "channel": "email", "template": "reminder"}
    stage.procedures({"standard": {"levels": [{**level, "approval": "required"}]}})
    do(stage, "dispute", "close", "F1", day=REJECTED)
    before = stage.plan(DAY)
    do(stage, "approve", before["notices"][0]["key"])
    do(stage, "dispute", "open", "F1", day=REJECTED)
    reject(stage)
    assert stage.plan(DAY)["plan_hash"] != before["plan_hash"]
    assert stage("run", "--date", DAY).code == 4
    assert stage.outbox() == []


def test_what_was_paid_after_all_is_not_spoken_of(stage: Stage):
    reject(stage)
    stage.sales("F2,C1,2026-03-02,2026-04-01,99.00,99.00,EUR,invoice")
    assert "contestation" not in text(stage)
