"""Payment plans over real runs: proposed, accepted, kept, missed, paid early, and their reminders."""

from __future__ import annotations

import email
import email.policy
from pathlib import Path
from typing import Any

import pytest

from .stage import Stage, new_stage

DAY = "2026-04-10"
F1 = "F1,C1,2026-03-02,2026-04-01,300.00,{f1},EUR,invoice"
F2 = "F2,C1,2026-03-05,2026-04-04,700.00,{f2},EUR,invoice"
PLAN = {"grace": 5, "interest": "waive"}


@pytest.fixture
def stage(tmp_path: Path) -> Stage:
    """A debtor with invoices of 300 and 700, both due at the start of April; five days of grace."""
    given = {
        "open": f"{F1}\n{F2}".format(f1="300.00", f2="700.00"),
        "policy": {"instalments": PLAN},
    }
    return new_stage(tmp_path / "project", given)


def policy(stage: Stage, **more: Any) -> None:
    stage.policy({"instalments": {**PLAN, **more}})


def propose(stage: Stage, *words: str, day: str = DAY) -> dict[str, Any]:
    rest = words or ("C1", "--count", "4", "--first", "2026-04-30")
    said = stage("instalments", "propose", *rest, "--json", "--date", day)
    assert said.code == 0, said
    plan: dict[str, Any] = said.json
    return plan


def agree(stage: Stage, *words: str, day: str = DAY) -> dict[str, Any]:
    """Propose and accept: by default 4 × 250, at the end of each month from April on."""
    plan = propose(stage, *words, day=day)
    said = stage(
        "instalments", "accept", str(plan["number"]), "--by-whom", "Mme Roy", "--date", day
    )
    assert said.code == 0, said
    return plan


def show(stage: Stage, subject: str, day: str) -> dict[str, Any]:
    said = stage("instalments", "show", subject, "--json", "--date", day)
    assert said.code == 0, said
    plan: dict[str, Any] = said.json
    return plan


def parts(stage: Stage, day: str) -> list[str]:
    return [each["state"] for each in show(stage, "C1", day)["instalments"]]


def paid(stage: Stage, f1: str, f2: str, *more: str) -> None:
    stage.sales("\n".join([F1.format(f1=f1), F2.format(f2=f2), *more]))


def refused(stage: Stage, *words: str) -> str:
    said = stage("instalments", *words, "--json", "--date", DAY)
    assert said.code == 2, said
    assert "nothing was done" in said.err
    return str(said.json["diagnostics"][0]["code"])


def test_the_sum_of_the_instalments_is_what_is_owed_and_the_last_bears_the_cents(stage: Stage):
    plan = propose(stage, "C1", "--count", "3", "--every", "end-of-month", "--first", "2026-04-30")
    assert [each["amount"] for each in plan["instalments"]] == ["333.33", "333.33", "333.34"]
    assert [each["due"] for each in plan["instalments"]] == [
        "2026-04-30",
        "2026-05-31",
        "2026-06-30",
    ]
    assert plan["total"] == "1000.00"


def test_the_first_may_be_larger_and_the_rest_of_an_amount(stage: Stage):
    words = ("F2", "--amount", "150", "--first-amount", "300", "--every", "week")
    plan = propose(stage, *words, "--first", "2026-04-20")
    assert [each["amount"] for each in plan["instalments"]] == [
        "300.00",
        "150.00",
        "150.00",
        "100.00",
    ]
    assert plan["instalments"][1]["due"] == "2026-04-27"
    assert plan["invoices"] == ["F2"]


def test_interest_and_compensation_are_part_of_the_plan_where_they_are_kept(stage: Stage):
    words = ("F2", "--count", "2", "--first", "2026-04-30", "--interest")
    kept = propose(stage, *words, "keep")
    # 700 × 12.15 % × 6 / 365, and the lump sum of 40 (C. com. art. L441-10, D441-5)
    assert (kept["owed"], kept["interest"], kept["total"]) == ("700.00", "41.40", "741.40")
    waived = propose(stage, *words, "waive")
    assert (waived["interest"], waived["total"]) == ("0.00", "700.00")


def test_a_proposal_holds_nothing_unless_the_policy_says_for_how_long(stage: Stage):
    propose(stage)
    assert stage.verdict("F1", DAY) == "act"
    policy(stage, hold_proposed=7)
    propose(stage)
    assert stage.verdict("F1", "2026-04-17") == "instalments"
    assert stage.verdict("F1", "2026-04-20") == "act"


def test_a_refused_proposal_holds_nothing(stage: Stage):
    policy(stage, hold_proposed=7)
    plan = propose(stage)
    assert stage("instalments", "refuse", str(plan["number"]), "--date", DAY).code == 0
    assert stage.verdict("F1", DAY) == "act"
    assert show(stage, "C1", DAY)["state"] == "refused"


def test_an_accepted_plan_holds_its_invoices_and_no_others(stage: Stage):
    agree(stage)
    paid(stage, "300.00", "700.00", "F3,C1,2026-03-01,2026-04-01,90.00,90.00,EUR,invoice")
    assert stage.verdict("F1", "2026-04-30") == "instalments"
    assert stage.verdict("F2", "2026-04-30") == "instalments"
    assert stage.verdict("F3", "2026-04-30") == "act"
    assert show(stage, "C1", DAY)["by_whom"] == "Mme Roy"


def test_one_missed_instalment_makes_the_plan_void_after_its_grace(stage: Stage):
    agree(stage)
    assert parts(stage, "2026-05-05") == ["late", "due", "due", "due"]
    assert stage.verdict("F1", "2026-05-05") == "instalments"
    assert stage.verdict("F1", "2026-05-06") == "act"
    plan = show(stage, "C1", "2026-05-06")
    assert (plan["state"], plan["void_on"]) == ("void", "2026-05-06")
    checks = stage("explain", "F1", "--json", "--date", "2026-05-06").json["checks"]
    assert any("void since: 2026-05-06" in each["detail"] for each in checks)


def test_a_void_plan_gives_one_task_to_tell_the_debtor(stage: Stage):
    agree(stage)
    paid(stage, "200.00", "700.00")
    [task] = stage.plan("2026-05-06")["tasks"]
    assert task["kind"] == "void_plan"
    assert "100,00 EUR" in task["subject"]
    assert stage("run", "--date", "2026-05-06").code == 0
    assert stage.plan("2026-05-07")["tasks"] == []


def test_part_payments_count_and_tolerance_spares_cents(stage: Stage):
    agree(stage)
    paid(stage, "50.40", "700.00")  # 249.60 of 250
    assert parts(stage, "2026-05-05")[0] == "late"
    assert stage.verdict("F1", "2026-05-06") == "act"
    policy(stage, tolerance="1.00")
    assert parts(stage, "2026-05-06")[:2] == ["paid", "due"]
    assert stage.verdict("F1", "2026-05-06") == "instalments"


def test_a_payment_ahead_counts_for_the_next_instalments(stage: Stage):
    agree(stage)
    paid(stage, "0.00", "500.00")
    assert parts(stage, "2026-05-06") == ["paid", "paid", "due", "due"]
    assert stage.verdict("F2", "2026-06-30") == "instalments"  # two are paid: the next is of June
    assert stage.verdict("F2", "2026-07-06") == "act"


def test_a_plan_paid_early_ends_by_itself_and_what_came_beyond_is_told(stage: Stage):
    agree(stage)
    paid(stage, "0.00", "0.00", "P1,C1,2026-04-20,,-20.00,-20.00,EUR,payment")
    plan = show(stage, "C1", "2026-04-21")
    assert (plan["state"], plan["paid"], plan["over"]) == ("done", "1000.00", "20.00")
    assert stage.verdict("F1", "2026-04-21") == "settled"


def test_the_policy_says_which_level_follows_a_void_plan(stage: Stage):
    policy(stage, after_broken="reminder-2")
    agree(stage, "C1", "--count", "2", "--first", "2026-04-11")
    assert stage.plan("2026-04-16")["notices"] == []
    assert stage.plan("2026-04-17")["notices"][0]["level"] == "reminder-2"


def test_the_level_that_was_reached_stays(stage: Stage):
    assert stage("run", "--date", DAY).code == 0
    agree(stage, day="2026-04-13")
    assert stage.plan("2026-05-06")["notices"][0]["level"] == "reminder-2"


def test_a_plan_that_is_cancelled_is_dunned_again_and_another_can_take_its_place(stage: Stage):
    plan = agree(stage)
    assert refused(stage, "propose", "F1", "--count", "2", "--first", "2026-04-30") == "D160"
    assert stage("instalments", "cancel", "C1", "--date", DAY).code == 0
    assert show(stage, str(plan["number"]), DAY)["state"] == "ended"
    assert stage.verdict("F1", DAY) == "act"
    agree(stage, "F1", "--count", "2", "--first", "2026-05-15")
    assert stage.verdict("F1", "2026-05-10") == "instalments"


def test_reminders_go_once_before_each_instalment_and_count_as_contacts(stage: Stage):
    policy(stage, remind_before=3, channel="email")
    agree(stage)
    assert stage.plan("2026-04-26")["notices"] == []  # a Sunday, four days before
    [notice] = stage.plan("2026-04-27")["notices"]
    assert (notice["level"], notice["level_number"], notice["total_due"]) == (
        "reminder",
        0,
        "250.00",
    )
    assert stage("run", "--date", "2026-04-27").code == 0
    assert stage.plan("2026-04-27")["notices"] == []
    assert stage.plan("2026-04-30")["notices"] == []
    [told] = stage.outbox()
    message = email.message_from_bytes(told.read_bytes(), policy=email.policy.default)
    assert "30 avril 2026" in message["subject"]
    explained = stage("explain", "F1", "--json", "--date", "2026-04-30").json
    assert (explained["facts"]["level_reached"], explained["facts"]["contacts"]) == (0, 0)


def test_a_reminder_waits_for_room_under_the_cap(stage: Stage):
    stage.policy({
        "instalments": {**PLAN, "remind_before": 3, "channel": ["email", "letter"]},
        "limits": {"contacts_per_debtor": {"max": 1, "days": 19}},
    })  # fmt: skip
    assert stage("run", "--date", DAY).code == 0  # a first reminder: one contact
    agree(stage)
    assert stage.plan("2026-04-28")["notices"] == []
    assert stage.plan("2026-04-29")["notices"][0]["level"] == "reminder"


def test_a_reminder_asks_for_what_is_left_and_for_nothing_when_it_came(stage: Stage):
    policy(stage, remind_before=3, channel="email")
    agree(stage)
    paid(stage, "200.00", "700.00")
    assert stage.plan("2026-04-27")["notices"][0]["total_due"] == "150.00"
    paid(stage, "50.00", "700.00")
    assert stage.plan("2026-04-27")["notices"] == []


def test_nothing_is_reminded_of_while_an_invoice_of_the_plan_is_in_dispute(stage: Stage):
    policy(stage, remind_before=3, channel="email")
    agree(stage)
    assert stage("dispute", "open", "F1", "--code", "price", "--date", "2026-04-20").code == 0
    assert stage.plan("2026-04-27")["notices"] == []


def with_bank(stage: Stage, *movements: str) -> None:
    columns = {"counterparty_iban": "counterparty iban", "end_to_end": "end to end"}
    source = {"name": "banque", "kind": "bank", "path": "banque.csv", "columns": columns}
    ventes = {"name": "ventes", "kind": "csv", "path": "ventes.csv", "full": True}
    stage.policy({"instalments": PLAN, "sources": [ventes, source]})
    head = "date,amount,counterparty,counterparty iban,text,end to end,account\n"
    rows = "".join(f"{line},FR7630006000011234567890189\n" for line in movements)
    stage.write("banque.csv", head + rows)


@pytest.mark.parametrize(("day", "state"), [("2026-05-05", "running"), ("2026-05-06", "void")])
def test_money_that_came_after_the_grace_does_not_bring_the_plan_back(
    stage: Stage, day: str, state: str
):
    stage.sales("F-2026-101,C1,2026-03-02,2026-04-01,1000.00,1000.00,EUR,invoice")
    agree(stage)
    with_bank(stage, f"{day},250.00,Client C1,,VIR FACTURE F-2026-101,E2E-1")
    plan = show(stage, "C1", "2026-05-07")
    assert (plan["state"], plan["paid"]) == (state, "250.00")
    assert stage.verdict("F-2026-101", "2026-05-07") == (
        "instalments" if state == "running" else "act"
    )


def test_what_cannot_be_arranged_is_refused(stage: Stage):
    assert (
        refused(
            stage,
            "propose",
            "C1",
            "--count",
            "4",
            "--first-amount",
            "1000",
            "--first",
            "2026-05-01",
        )
        == "D155"
    )
    assert refused(stage, "propose", "C1", "--amount", "1", "--first", "2026-05-01") == "D155"
    assert refused(stage, "accept", "99") == "D159"
    stage("dispute", "open", "F1", "--code", "price", "--date", DAY)
    assert refused(stage, "propose", "F1", "--count", "2", "--first", "2026-05-01") == "D157"
    plan = propose(stage, "C1", "--count", "2", "--first", "2026-05-01")
    assert plan["invoices"] == ["F2"]


def test_a_dry_run_records_nothing(stage: Stage):
    before = stage.bytes_of()
    plan = propose(stage, "C1", "--count", "2", "--first", "2026-05-01", "--dry-run")
    assert (plan["state"], plan["number"]) == ("draft", None)
    assert stage("instalments", "--json", "--date", DAY).json["plans"] == []
    assert {n: d for n, d in stage.bytes_of().items() if n in before} == before


def test_the_letter_shows_each_date_with_its_amount(stage: Stage):
    plan = propose(stage)
    pdf, mail = stage.root / "plan.pdf", stage.root / "plan.eml"
    for file in (pdf, mail):
        said = stage("instalments", "letter", str(plan["number"]), "-o", str(file), "--date", DAY)
        assert said.code == 0, said
    assert pdf.read_bytes().startswith(b"%PDF")
    message = email.message_from_bytes(mail.read_bytes(), policy=email.policy.default)
    body = message.get_body(("plain",))
    assert body is not None
    text = body.get_content().replace("\u202f", " ").replace("\xa0", " ")
    for due in ("30 avril 2026 : 250,00 €", "30 mai 2026 : 250,00 €", "30 juillet 2026 : 250,00 €"):
        assert due in text
    assert "novation" in text
    assert [part.get_content_type() for part in message.iter_attachments()] == ["application/pdf"]
    again = stage("instalments", "letter", "C1", "-o", str(pdf), "--date", DAY)
    assert again.code == 2  # nothing is written over


def test_each_proposal_has_a_letter_of_its_own(stage: Stage):
    other = "G1,C2,2026-03-02,2026-04-01,555.00,555.00,EUR,invoice"
    stage.sales("\n".join([F1.format(f1="300.00"), F2.format(f2="700.00"), other]))
    stage.customers_of("\n".join(["number,debtor", "F1,C1", "G1,C2"]))
    numbers = [
        propose(stage, who, "--count", "2", "--first", "2026-04-30")["number"]
        for who in ("C1", "C2")
    ]
    for number, name, invoice in zip(numbers, ("C1", "C2"), ("F1", "G1"), strict=True):
        file = stage.root / f"{name}.eml"
        assert stage("instalments", "letter", str(number), "-o", str(file), "--date", DAY).code == 0
        message = email.message_from_bytes(file.read_bytes(), policy=email.policy.default)
        body = message.get_body(("plain",))
        assert f"{name.lower()}@client.example" in message["to"]
        assert body is not None
        assert invoice in body.get_content()


def test_a_proposal_that_is_taken_back_is_said_to_be_withdrawn(stage: Stage):
    plan = propose(stage)
    said = stage("instalments", "cancel", str(plan["number"]), "--json", "--date", DAY)
    assert said.json["recorded"] == "withdrawn"
    assert show(stage, "C1", DAY)["state"] == "withdrawn"


def test_a_plan_that_was_dunned_as_void_stays_so_when_the_money_comes_late(stage: Stage):
    agree(stage)
    assert stage("run", "--date", "2026-05-06").code == 0
    paid(stage, "50.00", "700.00")
    plan = show(stage, "C1", "2026-05-07")
    assert (plan["state"], plan["void_on"], plan["paid"]) == ("void", "2026-05-06", "250.00")
    assert stage.verdict("F1", "2026-05-14") != "instalments"


def test_one_payment_may_be_spread_over_two_instalments(stage: Stage):
    agree(stage)
    paid(stage, "0.00", "600.00")  # 400: the first, and 150 of the second
    plan = show(stage, "C1", "2026-05-06")
    assert [each["paid"] for each in plan["instalments"]] == ["250.00", "150.00", "0.00", "0.00"]
    assert [each["state"] for each in plan["instalments"]] == ["paid", "part_paid", "due", "due"]
    assert stage.verdict("F2", "2026-06-04") == "instalments"
    assert stage.verdict("F2", "2026-06-05") == "act"  # 100 of the second is missing


def test_proceedings_opened_during_a_plan_bar_dunning_and_reminders(stage: Stage):
    policy(stage, remind_before=3, channel="email")
    agree(stage)
    said = stage(
        "insolvency", "open", "C1", "--kind", "reorganisation", "--published", "2026-04-15",
        "--date", "2026-04-20",
    )  # fmt: skip
    assert said.code == 0, said
    assert stage.verdict("F1", "2026-04-27") == "insolvent"
    assert stage.plan("2026-04-27")["notices"] == []
    assert stage.verdict("F1", "2026-05-06") == "insolvent"
    assert refused(stage, "propose", "F1", "--count", "2", "--first", "2026-05-01") == "D160"


def test_no_letter_is_made_while_the_account_is_not_the_pinned_one(stage: Stage):
    assert stage("run", "--date", DAY).code == 0
    stage.write("accounts.yaml", "- {iban: FR1420041010050500013M02606, holder: Autre}\n")
    plan = propose(stage, day="2026-04-13")
    file = stage.root / "plan.pdf"
    said = stage(
        "instalments", "letter", str(plan["number"]), "-o", str(file), "--date", "2026-04-13"
    )
    assert said.code != 0
    assert not file.exists()


def test_the_general_command_still_records_a_plan(stage: Stage):
    words = ("--debtor", "C1", "--instalment", "2026-04-30=500", "--instalment", "2026-05-31=500")
    assert stage("record", "instalments", *words, "--date", DAY).code == 0
    assert stage.verdict("F2", "2026-05-05") == "instalments"
    assert stage.verdict("F2", "2026-05-06") == "act"
    assert show(stage, "C1", "2026-05-06")["state"] == "void"


@pytest.mark.parametrize(("planned", "numbers"), [(True, []), (False, ["F1"])])
def test_interest_is_not_claimed_apart_for_what_a_kept_plan_waived(
    tmp_path: Path, planned: bool, numbers: list[str]
):
    charges = {"interest": "legal", "compensation": "legal", "paid": True}
    level = {
        "id": "reminder", "days": 60, "channel": "email", "template": "reminder", "charges": charges
    }  # fmt: skip
    sources = [
        {"name": "ventes", "kind": "csv", "path": "ventes.csv", "full": True},
        {"name": "banque", "kind": "bank", "path": "banque.csv", "since": "2026-01-01"},
    ]
    given = {
        "policy": {"instalments": PLAN, "sources": sources},
        "procedures": {"standard": {"levels": [level]}},
        "open": F1.format(f1="300.00"),
    }
    stage = new_stage(tmp_path / "project", given)
    stage.write("banque.csv", "booked,value,amount,currency,counterparty,text\n")
    if planned:
        agree(stage, "F1", "--count", "1", "--first", "2026-04-30")
    stage.write(
        "banque.csv",
        "booked,value,amount,currency,counterparty,text\n"
        "2026-04-30,2026-04-30,300.00,EUR,Client C1,Facture F1\n",
    )
    assert stage("run", "--date", "2026-05-04").code == 0
    left = stage("status", "--json", "--date", "2026-05-05").json["accessories"]
    assert [each["number"] for each in left] == numbers


def test_the_tables_fit_eighty_columns(stage: Stage, monkeypatch: pytest.MonkeyPatch):
    agree(stage)
    monkeypatch.setenv("COLUMNS", "80")
    for words in (("list",), ("show", "C1")):
        shown = stage("instalments", *words, "--date", DAY).out
        assert "250.00" in shown or "1,000.00" in shown
        assert max(map(len, shown.splitlines())) <= 80


def test_what_was_settled_by_hand_is_paid_for_the_verdict_as_for_the_list(stage: Stage):
    agree(stage)
    assert stage("record", "settled", "F2", "--date", "2026-04-20").code == 0
    assert show(stage, "C1", "2026-05-11")["state"] == "running"
    assert stage.verdict("F1", "2026-05-11") == "instalments"
    assert stage.plan("2026-05-11")["tasks"] == []
