"""Stricter terms for firms that pay badly: proposed from facts, approved by a person."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from .stage import Fields, Stage, new_stage
from .test_debtor import HEADER, book, sheet

DAY = ("--date", "2025-04-20")


def listed(stage: Stage, *more: str) -> Fields:
    said = stage("debtor", "--terms", "--json", *(more or DAY))
    assert said.code == 0, said
    found: Fields = said.json
    return found


def proposed(stage: Stage, *more: str) -> dict[str, tuple[str, str | None]]:
    return {d["debtor"]: (d["measure"], d["value"]) for d in listed(stage, *more)["debtors"]}


GOOD = [0] * 12
LATE = [70] * 5 + [20, 20, 20, 999]


def test_who_owes_for_two_months_and_often_pays_late_is_asked_to_prepay(tmp_path):
    stage = book(tmp_path, {"C1": [20, 20, 20, 20, 20, 20, 999], "C2": GOOD, "C3": [0] * 30})
    found = listed(stage, "--date", "2025-07-20")
    assert [(d["debtor"], d["measure"]) for d in found["debtors"]] == [("C1", "prepayment")]
    assert "6 of 6 receivables were paid late" in found["debtors"][0]["reason"]
    assert "the oldest for 123 days" in found["debtors"][0]["reason"]


def test_a_good_payer_who_is_late_once_keeps_his_terms(tmp_path):
    stage = book(tmp_path, {"C1": [0, 0, 0, 0, 0, 0, 999], "C2": [20] * 30})
    assert "C1" not in proposed(stage, "--date", "2025-12-20")


def test_over_the_limit_a_deposit_is_asked(tmp_path):
    days = {"C1": [20] * 8 + [999], "C2": [0] * 30}
    stage = book(tmp_path, days, limit="500")
    assert proposed(stage, "--date", "2025-04-10") == {"C1": ("deposit", "30")}


def test_a_limit_that_is_not_used_is_halved_in_whole_hundreds(tmp_path):
    stage = book(tmp_path, {"C1": [20] * 8 + [999], "C2": [0] * 30}, limit="4500")
    assert proposed(stage, "--date", "2025-04-10") == {"C1": ("lower_limit", "2300.00")}


def test_without_a_limit_the_terms_are_shortened_by_what_comes_late(tmp_path):
    stage = book(tmp_path, {"C1": [20] * 8 + [999], "C2": [0] * 30})
    assert proposed(stage, "--date", "2025-04-10") == {"C1": ("shorter_terms", "10")}


@pytest.mark.parametrize("kind", ["consumer", "", "public"])
def test_no_terms_are_proposed_for_persons_and_public_bodies(tmp_path, kind):
    stage = book(tmp_path, {"C1": [20] * 8 + [999], "C2": [0] * 30})
    stage.customers(HEADER + f"C1,Un,{kind},FR,fr,,\nC2,Deux,business,FR,fr,,\n")
    found = listed(stage, "--date", "2025-07-10")
    assert (found["debtors"], found["persons"]) == ([], int(kind != "public"))


def test_no_score_however_bad_proposes_anything(tmp_path):
    stage = book(tmp_path, {"C1": [0] * 8 + [999], "C2": [0] * 30}, limit="4500")
    source = {"name": "agence", "kind": "csv", "path": "scores.csv", "worst": "0", "best": "10"}
    before = listed(stage)
    stage.policy({"sources": [
        {"name": "ventes", "kind": "csv", "path": "ventes.csv", "full": True},
        {"name": "banque", "kind": "bank", "path": "banque.csv"},
    ], "scores": {"sources": [source]}})  # fmt: skip
    stage.write("scores.csv", "id,score,date\nC1,0,2025-04-01\n")
    assert stage("score", "list", "--json", *DAY).json["scores"][0]["risk"] == 1
    assert listed(stage) == before
    assert before["debtors"] == []


def test_what_is_disputed_is_not_late(tmp_path):
    stage = book(tmp_path, {"C1": [20] * 8 + [999], "C2": [0] * 30}, limit="9000")
    day = ("--date", "2025-09-10")
    assert proposed(stage, *day)["C1"] == ("prepayment", None)
    number = sheet(stage, "C1", *day)["items"][0]["number"]
    assert stage("record", "dispute", number, "--reason", "broken", *day).code == 0
    assert proposed(stage, *day)["C1"][0] == "lower_limit"


def test_what_is_late_is_counted_in_the_creditors_currency_and_without_what_is_disputed(tmp_path):
    stage = book(tmp_path, {"C1": [20] * 8 + [999], "C2": [0] * 30})
    day = ("--date", "2025-09-10")
    sales = (stage.root / "ventes.csv").read_text("utf-8")
    stage.write("ventes.csv", sales + "U-1,C1,2025-03-01,2025-04-01,700.00,700.00,USD,invoice\n")
    [number] = [i["number"] for i in sheet(stage, "C1", *day)["items"] if i["currency"] == "EUR"]
    said = stage("record", "dispute", number, "--amount", "1000.00", "--reason", "broken", *day)
    assert said.code == 0, said
    [row] = [d for d in listed(stage, *day)["debtors"] if d["debtor"] == "C1"]
    assert row["overdue"] == "9.00"


def test_leaving_somebody_out_goes_with_an_approval(tmp_path):
    stage = book(tmp_path, {"C1": [20] * 8 + [999], "C2": [0] * 30})
    said = stage("debtor", "--terms", "--except", "C1", *DAY)
    assert said.code == 2
    assert "--except goes with --approve" in said.err


def test_who_is_in_collective_proceedings_is_left_to_the_law(tmp_path):
    stage = book(tmp_path, {"C1": [20] * 8 + [999], "C2": [0] * 30})
    assert stage("record", "insolvency", "--debtor", "C1", "--date", "2025-04-01").code == 0
    assert proposed(stage, "--date", "2025-09-10") == {}


class TestTheApproval:
    """Nothing reaches the ERP before a person answered for it."""

    def stage(self, tmp_path: Path) -> Stage:
        return book(tmp_path, {"C1": [20] * 8 + [999], "C2": [0] * 30, "C3": [25] * 8 + [999]})

    def test_nothing_is_written_before_exactly_that_list_is_approved(self, tmp_path):
        stage = self.stage(tmp_path)
        day, file = ("--date", "2025-04-10"), stage.root / "terms.csv"
        key = listed(stage, *day)["list"]
        assert stage("debtor", "--terms", "-o", str(file), *day).code == 4
        assert stage("debtor", "--terms", "--approve", "other", "-o", str(file), *day).code == 4
        assert not file.exists()
        assert stage("debtor", "--terms", "--approve", key, "-o", str(file), *day).code == 0
        rows = list(csv.DictReader(file.read_text("utf-8").splitlines()))
        assert [(r["debtor"], r["measure"], r["value"]) for r in rows] == [
            ("C3", "shorter_terms", "8"), ("C1", "shorter_terms", "10")]  # fmt: skip
        assert rows[0]["approved_by"]
        assert "8 créances sur 8" in rows[0]["reason"] or "8 of 8" in rows[0]["reason"]
        told = sheet(stage, "C1", *day)["history"][0]
        assert (told["type"], told["code"], told["list"]) == (
            "terms_approved",
            "shorter_terms",
            key,
        )

    def test_a_person_may_leave_somebody_out(self, tmp_path):
        stage = self.stage(tmp_path)
        day, file = ("--date", "2025-04-10"), stage.root / "terms.csv"
        key = listed(stage, *day)["list"]
        words = ("debtor", "--terms", "--approve", key, "--except", "C3", "-o", str(file), *day)
        assert stage(*words).code == 0
        (row,) = csv.DictReader(file.read_text("utf-8").splitlines())
        assert row["debtor"] == "C1"
        assert listed(stage, *day)["without"] == ["C3"]
        assert all(e["type"] != "terms_approved" for e in sheet(stage, "C3", *day)["history"])

    def test_a_payment_after_the_approval_asks_for_a_new_one(self, tmp_path):
        stage = self.stage(tmp_path)
        day = ("--date", "2025-04-10")
        stage("debtor", "--terms", "--approve", listed(stage, *day)["list"], *day)
        assert listed(stage, *day)["approved_by"]
        bank = (stage.root / "banque.csv").read_text("utf-8")
        number = sheet(stage, "C3", *day)["items"][-1]
        paid = f"2025-04-09,{number['open']},Client C3,FACTURE {number['number']},FR7630006000011234567890189\n"
        stage.write("banque.csv", bank + paid)
        assert listed(stage, *day)["approved_by"] is None

    def test_nothing_changes_for_the_reminders(self, tmp_path):
        stage = self.stage(tmp_path)
        day = ("--date", "2025-04-10")
        before = stage("plan", "--json", *day).out
        stage("debtor", "--terms", "--approve", listed(stage, *day)["list"], *day)
        assert stage("plan", "--json", *day).out == before


def test_without_bad_payers_the_list_is_empty_and_says_so(tmp_path):
    stage = new_stage(tmp_path / "p")
    found = listed(stage)
    assert found["debtors"] == []
    said = stage("debtor", "--terms", *DAY)
    assert (said.code, "0 debtors" in said.out) == (0, True), said
    said = stage("debtor", "--terms", "--over-limit", *DAY)
    assert (said.code, "one of them" in said.err) == (2, True), said
