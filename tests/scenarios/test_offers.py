"""Reductions offered over real runs: taken in time, a day late, in part, granted, lapsed."""

from __future__ import annotations

import email
import email.policy
from pathlib import Path
from typing import Any

import pytest

from .stage import Stage, new_stage

DAY = "2026-04-10"
LAST = "2026-04-20"
LATE = "F-2026-101,C1,2026-03-02,2026-04-01,1000.00,{open},EUR,invoice"
EARLY = "F-2026-102,C1,2026-04-01,2026-06-01,500.00,{open},EUR,invoice"


@pytest.fixture
def stage(tmp_path: Path) -> Stage:
    """A debtor with an invoice that is late and one that is not; two days for the bank's news."""
    made = new_stage(tmp_path / "project", {"open": LATE.format(open="1000.00")})
    made.policy({"offers": {"grace": 2}})
    owed(made)
    return made


def owed(stage: Stage, late: str = "1000.00", early: str = "500.00") -> None:
    stage.sales("\n".join([LATE.format(open=late), EARLY.format(open=early)]))


def bank(stage: Stage, day: str, amount: str) -> None:
    """Let `amount` come on `day` for the late invoice, by the bank's statement."""
    source = {
        "name": "banque", "kind": "bank", "path": "banque.csv",
        "columns": {"counterparty_iban": "counterparty iban", "end_to_end": "end to end"},
    }  # fmt: skip
    sales = {"name": "ventes", "kind": "csv", "path": "ventes.csv", "full": True}
    stage.policy({"offers": {"grace": 2}, "sources": [sales, source]})
    head = "date,amount,counterparty,counterparty iban,text,end to end,account\n"
    row = f"{day},{amount},Client C1,,VIR FACTURE F-2026-101,E2E-1,FR7630006000011234567890189\n"
    stage.write("banque.csv", head + row)


def offer(stage: Stage, *words: str) -> dict[str, Any]:
    rest = words or ("F-2026-101", "--percent", "2", "--until", LAST)
    said = stage("offer", "make", *rest, "--json", "--date", DAY)
    assert said.code == 0, said
    made: dict[str, Any] = said.json
    return made


def state(stage: Stage, day: str) -> str:
    said = stage("offer", "show", "C1", "--json", "--date", day)
    assert said.code == 0, said
    return str(said.json["state"])


def tasks(stage: Stage, day: str) -> list[tuple[str, str]]:
    return [(task["kind"], task["subject"]) for task in stage.plan(day)["tasks"]]


def test_the_reduction_is_rounded_to_the_cent_for_each_invoice(stage: Stage):
    owed(stage, late="333.33", early="0.05")
    made = offer(stage, "F-2026-101", "--percent", "1.5", "--until", LAST)
    assert (made["owed"], made["reduction"], made["to_pay"]) == ("333.33", "5.00", "328.33")


def test_an_open_offer_holds_its_invoices_until_the_bank_has_told(stage: Stage):
    offer(stage)
    assert stage.verdict("F-2026-101", DAY) == "offered"
    assert stage.verdict("F-2026-102", DAY) == "not_due"
    assert stage.verdict("F-2026-101", "2026-04-22") == "offered"
    assert stage.verdict("F-2026-101", "2026-04-23") == "act"
    assert state(stage, "2026-04-23") == "lapsed"


def test_money_in_time_earns_it_and_the_credit_note_is_asked_for_once(stage: Stage):
    made = offer(stage)
    bank(stage, LAST, "980.00")
    assert stage.verdict("F-2026-101", "2026-04-24") == "offered"
    [(kind, subject)] = tasks(stage, "2026-04-24")
    assert kind == "credit_note"
    assert "20,00 EUR" in subject
    assert str(made["number"]) in subject
    assert stage("run", "--date", "2026-04-24").code == 0
    assert tasks(stage, "2026-04-27") == []
    assert stage.outbox() == []


def test_money_a_day_late_is_for_a_person_to_judge(stage: Stage):
    made = offer(stage)
    bank(stage, "2026-04-21", "980.00")
    assert state(stage, "2026-04-24") == "late"
    assert stage.verdict("F-2026-101", "2026-04-24") == "act"
    [(kind, subject)] = tasks(stage, "2026-04-24")
    assert kind == "late_offer"
    assert "21/04/2026" in subject

    said = stage("offer", "grant", str(made["number"]), "--date", "2026-04-24")
    assert said.code == 0, said

    assert state(stage, "2026-04-24") == "taken"
    assert stage.verdict("F-2026-101", "2026-04-24") == "offered"
    assert [kind for kind, _ in tasks(stage, "2026-04-24")] == ["credit_note"]


def test_money_seen_after_a_reminder_went_is_late_though_nobody_knows_its_day(stage: Stage):
    offer(stage)
    assert stage("run", "--date", "2026-04-23").code == 0
    assert len(stage.outbox()) == 1
    owed(stage, late="20.00")
    assert state(stage, "2026-04-24") == "late"


def test_a_part_of_the_money_earns_nothing(stage: Stage):
    offer(stage)
    bank(stage, LAST, "979.99")
    assert state(stage, "2026-04-22") == "open"
    assert state(stage, "2026-04-23") == "lapsed"
    assert stage.verdict("F-2026-101", "2026-04-23") == "act"
    assert tasks(stage, "2026-04-23") == []


def test_the_credit_note_settles_what_was_earned(stage: Stage):
    offer(stage)
    owed(stage, late="20.00")
    assert stage.verdict("F-2026-101", "2026-04-24") == "offered"
    owed(stage, late="0.00")
    assert stage.verdict("F-2026-101", "2026-04-24") == "settled"
    assert tasks(stage, "2026-04-24") == []


def test_each_invoice_of_an_offer_stands_for_itself(stage: Stage):
    made = offer(stage, "C1", "--percent", "2", "--until", LAST)
    assert made["to_pay"] == "1470.00"
    owed(stage, late="20.00")
    assert stage.verdict("F-2026-101", "2026-04-23") == "offered"
    assert stage.verdict("F-2026-102", "2026-04-23") == "not_due"
    states = stage("offer", "show", "C1", "--json", "--date", "2026-04-23").json["invoices"]
    assert [each["state"] for each in states] == ["taken", "lapsed"]


def test_an_offer_that_is_withdrawn_holds_nothing_and_another_can_follow(stage: Stage):
    made = offer(stage)
    again = stage(
        "offer", "make", "F-2026-101", "--percent", "3", "--until", LAST, "--json", "--date", DAY
    )
    assert again.json["diagnostics"][0]["code"] == "D162"
    assert stage("offer", "withdraw", str(made["number"]), "--date", DAY).code == 0
    assert stage.verdict("F-2026-101", DAY) == "act"
    offer(stage, "F-2026-101", "--percent", "3", "--until", LAST)
    assert stage.verdict("F-2026-101", DAY) == "offered"


def test_a_dispute_comes_before_an_offer(stage: Stage):
    offer(stage)
    assert stage("dispute", "open", "F-2026-101", "--code", "price", "--date", DAY).code == 0
    assert stage.verdict("F-2026-101", DAY) == "disputed"


def test_a_dry_run_records_no_offer(stage: Stage):
    made = offer(stage, "C1", "--percent", "2", "--until", LAST, "--dry-run")
    assert (made["number"], made["state"]) == (None, "draft")
    assert stage("offer", "--json", "--date", DAY).json["offers"] == []


def letter(stage: Stage, number: int) -> tuple[str, str]:
    file = stage.root / f"{number}.eml"
    said = stage("offer", "letter", str(number), "-o", str(file), "--date", DAY)
    assert said.code == 0, said
    message = email.message_from_bytes(file.read_bytes(), policy=email.policy.default)
    body = message.get_body(("plain",))
    assert body is not None
    return message["subject"], body.get_content().replace("\u202f", " ").replace("\xa0", " ")


def test_the_letter_names_a_discount_only_what_comes_before_the_due_date(stage: Stage):
    early = offer(stage, "F-2026-102", "--percent", "2", "--until", LAST)
    subject, text = letter(stage, early["number"])
    assert subject.startswith("Escompte pour paiement anticipé")
    assert "490,00 €" in text
    assert "CGI, art. 289, I, 5" in " ".join(text.split())
    late = offer(stage)
    subject, text = letter(stage, late["number"])
    assert subject.startswith("Remise pour règlement rapide")
    assert "escompte" not in text.lower()


def test_the_table_of_the_letter_closes_with_what_is_to_be_paid(stage: Stage):
    _, text = letter(stage, offer(stage)["number"])
    ends = [" ".join(line.split()) for line in text.splitlines()]
    place = ends.index("Principal 1 000,00 €")
    assert ends[place + 1 : place + 3] == ["Remise -20,00 €", "Total à régler 980,00 €"]


def test_a_belgian_creditor_says_what_becomes_of_the_vat(stage: Stage):
    stage.policy({"creditor": {"country": "BE", "registration": "0403170701"}})
    made = offer(stage)
    _, text = letter(stage, made["number"])
    assert "à reverser à l’État" in " ".join(text.split())
    assert "CGI" not in text


def test_the_history_and_explain_name_the_offer(stage: Stage):
    offer(stage)
    told = stage("explain", "F-2026-101", "--lang", "fr", "--date", DAY).out
    assert "10/04/2026  réduction offerte  C1        F-2026-101 · 20/04/2026" in told
    assert "offer" in {e["type"] for e in stage("history", "--json").json["events"]}


def test_the_tables_of_offers_fit_eighty_columns(stage: Stage, monkeypatch: pytest.MonkeyPatch):
    offer(stage, "C1", "--percent", "2", "--until", LAST)
    monkeypatch.setenv("COLUMNS", "80")
    for words in (("list",), ("show", "C1")):
        for language in ("fr", "en"):
            shown = stage("offer", *words, "--lang", language, "--date", DAY).out
            assert max(map(len, shown.splitlines())) <= 80


def test_what_is_earned_later_asks_for_its_own_credit_note_and_for_no_other_again(stage: Stage):
    made = offer(stage, "C1", "--percent", "2", "--until", LAST)
    number = str(made["number"])
    owed(stage, late="20.00")
    [(kind, first)] = tasks(stage, "2026-04-13")
    assert (kind, "F-2026-101" in first) == ("credit_note", True)
    assert stage("run", "--date", "2026-04-13").code == 0
    owed(stage, late="20.00", early="10.00")
    [(kind, second)] = tasks(stage, "2026-04-14")
    assert (kind, number in second) == ("credit_note", True)
    assert "F-2026-102" in second
    assert "F-2026-101" not in second
