"""A debtor's sheet as a user reads it: behaviour from facts, the estimate, the credit limit."""

from __future__ import annotations

import csv
from datetime import date, timedelta
from pathlib import Path

import pytest

from .stage import Fields, Stage, new_stage

ACCOUNT = "FR7630006000011234567890189"
SOURCES = [
    {"name": "ventes", "kind": "csv", "path": "ventes.csv", "full": True},
    {"name": "banque", "kind": "bank", "path": "banque.csv"},
]
DAY = ("--date", "2026-04-20")
START = date(2025, 1, 6)
HEADER = "id,name,kind,country,language,email,credit_limit\n"


def book(
    tmp_path: Path, days: dict[str, list[int]], kind: str = "business", limit: str = ""
) -> Stage:
    """Return a project whose debtors paid their invoices so many days after the due date."""
    sales, bank, number = "", "date,amount,counterparty,text,account\n", 1000
    for debtor, late in days.items():
        for place, days_late in enumerate(late):
            number += 1
            issued = START + timedelta(days=7 * place)
            due = issued + timedelta(days=30)
            name = f"F-{issued.year}-{number}"
            sales += f"{name},{debtor},{issued},{due},{number}.00,{number}.00,EUR,invoice\n"
            if days_late < 999:
                paid = due + timedelta(days=days_late)
                bank += f"{paid},{number}.00,Client {debtor},FACTURE {name},{ACCOUNT}\n"
    stage = new_stage(tmp_path / "p", {"open": sales, "policy": {"sources": SOURCES}})
    stage.write("banque.csv", bank)
    rows = (f"{d},Client {d},{kind},FR,fr,{d.lower()}@client.example,{limit}\n" for d in days)
    stage.customers(HEADER + "".join(rows))
    return stage


def sheet(stage: Stage, debtor: str = "C1", *more: str) -> Fields:
    said = stage("debtor", debtor, "--json", *(more or DAY))
    assert said.code == 0, said
    found: Fields = said.json
    return found


def test_behaviour_is_told_with_the_counts_it_rests_on(tmp_path):
    found = sheet(book(tmp_path, {"C1": [0, 10, -2, 20, 999]}))["behaviour"]
    assert (found["paid"], found["late"], found["late_share"]) == (4, 2, 0.5)
    assert (found["mean_days_late"], found["median_days"]) == (7.5, 5.0)
    assert (found["amount"], found["late_amount"]) == ("4010.00", "2006.00")
    assert (found["overdue"], found["trend"]) == (1, None)


def test_below_three_paid_receivables_nothing_is_said(tmp_path):
    stage = book(tmp_path, {"C1": [40, 40, 999]})
    found = sheet(stage)["behaviour"]
    assert (found["known"], found["paid"], "late_share" in found) == (False, 2, False)
    assert "nothing is said about how it pays" in stage("debtor", "C1", *DAY).out


@pytest.mark.parametrize(
    ("days", "change"),
    [([0, 0, 1, 20, 25, 30], "slipping"), ([30, 25, 20, 0, 0, 0], "mending"), ([3, 0, 4, 2, 5, 1], "steady"),
     ([-20, -20, -20, 0, 0, 0], "steady")],
)  # fmt: skip
def test_a_recent_change_is_seen_and_paying_early_is_none(tmp_path, days, change):
    trend = sheet(book(tmp_path, {"C1": days}))["behaviour"]["trend"]
    assert (trend["change"], trend["recent"], trend["earlier"]) == (change, 3, 3)


def test_the_estimate_is_the_shrunk_ratio_and_orders_nothing_but_lists(tmp_path):
    stage = book(tmp_path, {"C1": [30] * 10 + [999], "C2": [0] * 40})
    before = stage("plan", "--json", *DAY).out
    found = sheet(stage)["estimate"]
    assert (found["known"], found["late"], found["book_known"], found["book_late"]) == (
        11,
        11,
        51,
        11,
    )
    assert found["late_chance"] == pytest.approx((5 * 11 / 51 + 11) / 16, abs=1e-4)
    assert found["days_from"] <= found["days"] <= found["days_to"]
    assert stage("plan", "--json", *DAY).out == before


def test_an_open_invoice_is_expected_after_today_or_not_at_all(tmp_path):
    stage = book(tmp_path, {"C1": [10, 20, 30, 40, 999], "C2": [0] * 40})
    overdue = sheet(stage, "C1", "--date", "2025-03-28")["items"][-1]
    assert overdue["days_past_due"] == 23
    assert overdue["expected"]["late"] == 1.0
    assert overdue["expected"]["date"] > "2025-03-28"
    assert sheet(stage)["items"][-1]["expected"] is None  # open for longer than anything was


@pytest.mark.parametrize("kind", ["consumer", ""])
def test_nobody_who_may_be_a_person_is_estimated_or_learned_from(tmp_path, kind):
    stage = book(tmp_path, {"C1": [30] * 60, "C2": [0] * 200}, kind)
    found = sheet(stage)
    assert found["estimate"] == {"given": False, "why": "not_a_firm"}
    assert found["behaviour"]["known"]
    said = stage("score", "evaluate", *DAY)
    assert (said.code, "D139" in said.err) == (3, True)


def test_a_small_book_gives_no_estimate(tmp_path):
    found = sheet(book(tmp_path, {"C1": [30] * 5}))["estimate"]
    assert (found["given"], found["why"]) == (False, "small_book")


def test_the_estimate_is_judged_by_the_users_own_past(tmp_path):
    days = {"C1": [20] * 70, "C2": [0, -3] * 35, "C3": [0] * 70}
    said = book(tmp_path, days)("score", "evaluate", "--json", "--date", "2026-12-01").json
    assert (said["settled"], said["late"]) == (210, 70)
    assert said["auc"] > 0.9
    assert said["brier"] < said["book_brier"]
    assert said["mae"] < said["book_mae"]
    assert sum(each["count"] for each in said["bins"]) == said["judged"]


def test_promises_and_disputes_stand_on_the_sheet_with_what_became_of_them(tmp_path):
    stage = book(tmp_path, {"C1": [0, 0, 0, 999]})
    number = sheet(stage)["items"][0]["number"]
    stage("record", "promise", number, "--until", "2026-04-10", "--date", "2026-04-01")
    stage("record", "dispute", number, "--reason", "broken", "--date", "2026-04-02")
    stage("record", "dispute_settled", number, "--date", "2026-04-03")
    found = sheet(stage)
    assert [(p["number"], p["outcome"]) for p in found["promises"]] == [(number, "broken")]
    assert [(d["reason"], d["state"], d["ended"]) for d in found["disputes"]] == [
        ("broken", "settled", "2026-04-03")
    ]


def test_the_page_is_offline_and_what_the_data_say_is_text(tmp_path):
    stage = book(tmp_path, {"C1": [0, 9, 20, 999]})
    stage.customers(HEADER + "C1,<script>alert(1)</script>,business,FR,fr,c1@client.example,\n")
    stage("note", "add", "C1", "<img src=http://x.example/a.png>", *DAY)
    page = stage.root / "c1.html"
    assert stage("debtor", "C1", "--html", str(page), *DAY).code == 0
    text = page.read_text("utf-8")
    assert "Content-Security-Policy" in text
    assert "default-src 'none'" in text
    assert "<script" not in text
    assert "<img" not in text
    assert "http://" not in text.replace("http://x.example/a.png&gt;", "")
    assert "&lt;script&gt;" in text


def test_a_debtor_who_owes_nothing_has_a_sheet_and_a_stranger_has_none(tmp_path):
    stage = book(tmp_path, {"C1": [0, 0, 0]})
    stage.customers(HEADER + "C1,Un,business,FR,fr,,\nC9,Neuf,business,FR,fr,,\n")
    assert sheet(stage, "C9")["items"] == []
    assert stage("debtor", "C9", *DAY).code == 0
    said = stage("debtor", "NOBODY", *DAY)
    assert (said.code, "D130" in said.err) == (2, True)


class TestTheCreditLimit:
    """Who is over it, and the list that stops deliveries."""

    def listed(self, stage: Stage) -> Fields:
        found: Fields = stage("debtor", "--over-limit", "--json", *DAY).json
        return found

    def test_what_is_overdue_stops_deliveries_and_what_is_not_asks_prepayment(self, tmp_path):
        stage = book(tmp_path, {"C1": [999]}, limit="100")
        (over,) = self.listed(stage)["debtors"]
        assert (over["exposure"], over["over"], over["reason"]) == (
            "1001.00",
            "901.00",
            "stop_deliveries",
        )
        stage.sales("F9,C1,2026-04-15,2026-05-15,500.00,500.00,EUR,invoice")
        (over,) = self.listed(stage)["debtors"]
        assert (over["overdue"], over["reason"]) == ("0.00", "prepayment")

    def test_nothing_is_written_before_a_person_approved_exactly_that_list(self, tmp_path):
        stage = book(tmp_path, {"C1": [999]}, limit="100")
        file = stage.root / "hold.csv"
        key = self.listed(stage)["list"]
        assert stage("debtor", "--over-limit", "-o", str(file), *DAY).code == 4
        assert (
            stage("debtor", "--over-limit", "--approve", "other", "-o", str(file), *DAY).code == 4
        )
        assert not file.exists()
        assert stage("debtor", "--over-limit", "--approve", key, "-o", str(file), *DAY).code == 0
        (row,) = csv.DictReader(file.read_text("utf-8").splitlines())
        assert (row["debtor"], row["reason"], row["list"]) == ("C1", "stop_deliveries", key)
        assert row["approved_by"]
        assert row["approved_at"]
        told = sheet(stage)["history"][0]
        assert (told["type"], told["by"], told["list"]) == (
            "hold_approved",
            row["approved_by"],
            key,
        )

    def test_a_payment_after_the_approval_asks_for_a_new_one(self, tmp_path):
        stage = book(tmp_path, {"C1": [999]}, limit="100")
        key = self.listed(stage)["list"]
        stage("debtor", "--over-limit", "--approve", key, *DAY)
        assert self.listed(stage)["approved_by"]
        stage.sales("F-2025-1001,C1,2025-01-06,2025-02-05,1001.00,400.00,EUR,invoice")
        found = self.listed(stage)
        assert (found["approved_by"], found["list"] == key) == (None, False)

    def test_an_empty_list_can_be_approved_to_free_everybody(self, tmp_path):
        stage = book(tmp_path, {"C1": [999]}, limit="5000")
        file = stage.root / "hold.csv"
        key = self.listed(stage)["list"]
        assert stage("debtor", "--over-limit", "--approve", key, "-o", str(file), *DAY).code == 0
        assert file.read_text("utf-8").count("\n") == 1

    def test_who_has_no_limit_is_counted_not_judged(self, tmp_path):
        found = self.listed(book(tmp_path, {"C1": [999]}))
        assert (found["debtors"], found["without_limit"]) == ([], 1)


def test_a_score_of_others_chooses_a_segment_but_never_of_a_person(tmp_path):
    procedures = {"strict": {"name": "strict"}}
    segments = [
        {"name": "bad", "procedure": "strict", "when": {"score": {"max": 3}}},
        {"name": "standard", "procedure": "standard"},
    ]
    stage = new_stage(tmp_path / "p", {"policy": {"segments": segments}, "procedures": procedures})
    head = "id,name,kind,country,language,email,score\n"
    stage.customers(head + "C1,Un,business,FR,fr,c1@client.example,2.5\n")
    said = stage("explain", "F1", "--json", *DAY).json
    assert (said["segment"], said["facts"]["score"]) == ("bad", 2.5)
    assert sheet(stage)["debtor"]["score"] == 2.5
    stage.customers(head + "C1,Un,consumer,FR,fr,c1@client.example,2.5\n")
    said = stage("explain", "F1", "--json", *DAY).json
    assert (said["segment"], "score" in said["facts"]) == ("standard", False)
    assert sheet(stage)["debtor"]["score"] is None
