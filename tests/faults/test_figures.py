"""Exports that are not what they were: order, names, numbers, amounts, currencies, credits."""

from __future__ import annotations

import json
import random
import re
from datetime import UTC, date, datetime, timedelta

import pytest

from proof.fake_clock import fake_clock
from scenarios.stage import verdicts

from .book import DAY, book, is_quiet, numbers, project, row, states

LATER = "2026-04-22"


def test_the_same_export_again_sorted_otherwise_and_under_another_name_sends_nothing(tmp_path):
    stage = project(
        tmp_path,
        book(6),
        {"sources": [{"name": "ventes", "kind": "csv", "path": "ventes*.csv", "full": True}]},
    )
    assert stage("run", "--date", DAY).code == 0
    assert len(stage.outbox()) == 6
    assert is_quiet(stage)
    rows = book(6).splitlines()
    random.Random(1).shuffle(rows)
    stage.sales("\n".join(rows))
    assert is_quiet(stage)
    (stage.root / "ventes.csv").rename(stage.root / "ventes-2026-04.csv")
    assert is_quiet(stage)


def test_a_number_that_another_debtor_uses_is_another_receivable(tmp_path):
    stage = project(tmp_path, row("F1", "C1"))
    assert stage("run", "--date", DAY).code == 0
    both = row("F1", "C1") + "\n" + row("F1", "C2")
    stage.sales(both)
    stage.customers_of(both)
    assert stage("run", "--date", DAY).code == 0
    assert len(stage.outbox()) == 2
    assert is_quiet(stage)


def test_a_number_of_another_year_is_another_receivable(tmp_path):
    stage = project(tmp_path, "F1,C1,2025-03-02,2025-04-01,100.00,100.00,EUR,invoice")
    assert stage("run", "--date", "2025-04-08").code == 0
    stage.sales("F1,C1,2026-03-02,2026-04-01,100.00,100.00,EUR,invoice")
    assert stage("run", "--date", DAY).code == 0
    assert len(stage.outbox()) == 2


@pytest.mark.parametrize(
    "changed",
    [
        "F1,C1,2026-03-02,2026-04-01,250.50,100.00,EUR,invoice",
        "F1,C1,2026-03-02,2026-04-01,300.00,300.00,EUR,invoice",
        "F1,C1,2026-03-02,2026-03-20,250.50,250.50,EUR,invoice",
        "F1,C1,2026-03-02,2026-04-04,250.50,250.50,EUR,invoice",
    ],
    ids=["paid in part", "another amount", "due earlier", "due later"],
)
def test_a_level_is_done_once_whatever_becomes_of_amount_and_due_date(tmp_path, changed):
    stage = project(tmp_path, row("F1", "C1"))
    assert stage("run", "--date", DAY).code == 0
    stage.sales(changed)
    assert is_quiet(stage)
    for day in ("2026-04-09", "2026-04-10", "2026-04-13", "2026-04-14"):
        assert is_quiet(stage, day)
    assert stage("run", "--date", "2026-04-24").code == 0
    keys = [re.search(rb"^Message-ID: .*", p.read_bytes(), re.M) for p in stage.outbox()]
    assert len(keys) == 2
    plan = stage.plan("2026-04-24")
    assert plan["notices"] == []


def test_a_procedure_that_changes_in_mid_cycle_goes_on_above_the_level_reached(tmp_path):
    stage = project(tmp_path, row("F1", "C1"))
    assert stage("run", "--date", DAY).code == 0
    first = {"id": "first", "days": "3", "channel": "email", "template": "reminder"}
    second = {"id": "second", "days": "6", "channel": "email", "template": "reminder"}
    stage.procedures({"standard": {"levels": [first, second]}})
    assert is_quiet(stage, "2026-04-09")
    assert stage("run", "--date", "2026-04-16").code == 0
    assert len(stage.outbox()) == 2
    assert verdicts(stage.plan("2026-04-30")) == {"F1": "complete"}


def test_what_is_paid_between_plan_and_run_is_not_sent(tmp_path):
    stage = project(tmp_path, book(2))
    plan = str(stage.root / "plan.json")
    assert stage("plan", "--date", DAY, "-o", plan).code == 0
    stage.sales(row("F1", "C1") + "\n" + row("F2", "C2", "0.00"))
    refused = stage("run", "--plan", plan)
    assert refused.code == 4
    assert stage.outbox() == []
    assert stage("run", "--date", DAY).code == 0
    assert set(numbers(stage)) == {"F1"}


def test_a_payment_that_is_reversed_begins_a_new_cycle_and_nothing_before(tmp_path):
    stage = project(tmp_path, row("F1", "C1"))
    assert stage("run", "--date", DAY).code == 0
    stage.sales(row("F1", "C1", "0.00"))
    assert is_quiet(stage, "2026-04-09")
    stage.sales(row("F1", "C1"))
    assert stage("run", "--date", "2026-04-10").code == 0
    assert len(stage.outbox()) == 2
    assert is_quiet(stage, "2026-04-10")


CREDITS = {
    "whole": ("A1,C1,2026-04-02,,-250.50,-250.50,EUR,credit_note", "below_minimum"),
    "part": ("A1,C1,2026-04-02,,-100.00,-100.00,EUR,credit_note", "act"),
    "more": ("A1,C1,2026-04-02,,-900.00,-900.00,EUR,credit_note", "below_minimum"),
    "of another currency": ("A1,C1,2026-04-02,,-900.00,-900.00,CHF,credit_note", "act"),
    "of another debtor": ("A1,C2,2026-04-02,,-900.00,-900.00,EUR,credit_note", "act"),
    "an advance": ("A1,C1,2026-04-02,,-250.50,-250.50,EUR,advance", "below_minimum"),
    "a payment": ("A1,C1,2026-04-02,,-250.50,-250.50,EUR,payment", "below_minimum"),
    "used up": ("A1,C1,2026-04-02,,-250.50,0.00,EUR,credit_note", "act"),
}


@pytest.mark.parametrize("shape", CREDITS)
def test_a_credit_lowers_what_its_debtor_owes_in_its_currency_and_nothing_else(tmp_path, shape):
    credit, verdict = CREDITS[shape]
    sales = row("F1", "C1") + "\n" + credit
    stage = project(tmp_path, sales)
    assert verdicts(stage.plan(DAY))["F1"] == verdict


def test_currencies_are_never_added_to_one_another(tmp_path):
    sales = "\n".join(
        [row("F1", "C1"), row("F2", "C1", "80.00", "CHF"), row("F3", "C1", "12000", "JPY")]
    )
    stage = project(tmp_path, sales)
    notices = stage.plan(DAY)["notices"]
    assert sorted((n["currency"], n["total_open"]) for n in notices) == [
        ("CHF", "80.00"), ("EUR", "250.50"), ("JPY", "12000"),
    ]  # fmt: skip
    assert stage("run", "--date", DAY).code in (0, 1)
    assert is_quiet(stage)


def test_a_template_that_fails_for_one_debtor_keeps_no_other_from_its_notice(tmp_path):
    stage = project(tmp_path, book(200), {"limits": {"max_notices": "500"}})
    bad = "{% if debtor.id == 'C77' %}{{ debtor.nonsense.more }}{% endif %}"
    stage.write("templates/reminder/fr.email.txt.j2", f"Subject: Rappel\n\n{bad}Bonjour\n")
    stage.write("templates/reminder/fr.email.txt", f"Rappel\n\n{bad}Bonjour\n")
    plan = stage.plan(DAY)
    stage("approve", plan["plan_hash"], "--date", DAY)
    said = stage("run", "--date", DAY)
    assert said.code == 1, said
    assert states(stage)["sent"] == 199
    assert is_quiet(stage)


def test_fifty_thousand_receivables_of_one_debtor_are_one_notice(tmp_path):
    sales = "\n".join(row(f"F{n}", "C1", "10.00") for n in range(50_000))
    stage = project(tmp_path, sales)
    plan = stage.plan(DAY)
    assert len(plan["notices"]) == 1
    assert len(plan["notices"][0]["receivables"]) == 50_000


@pytest.mark.parametrize(
    "now", ["2026-03-29T00:30", "2026-03-29T01:30", "2026-10-25T00:30", "2026-10-25T01:30"]
)
def test_nights_in_which_the_clock_is_put_on_or_back_change_no_day(tmp_path, now):
    """Half an hour before and after the change, in Paris; both days are Sundays."""
    moment = datetime.fromisoformat(now).replace(tzinfo=UTC)
    with fake_clock(moment):
        stage = project(tmp_path, row("F1", "C1"))
        plan = stage("plan", "--json").json
    assert plan["run_date"] == str(moment.date())
    assert set(verdicts(plan).values()) == {"deferred" if moment.month > 3 else "not_due"}


def test_the_leap_day_is_a_day_like_others(tmp_path):
    sales = "F1,C1,2028-01-24,2028-02-24,100.00,100.00,EUR,invoice"
    stage = project(tmp_path, sales)
    assert verdicts(stage.plan("2028-02-28"))["F1"] == "not_due"
    assert verdicts(stage.plan("2028-02-29"))["F1"] == "act"
    assert stage("run", "--date", "2028-02-29").code == 0
    assert is_quiet(stage, "2028-03-01")


def test_a_clock_that_goes_back_a_day_is_refused_an_hour_is_not(tmp_path):
    moment = datetime(2026, 4, 8, 9, tzinfo=UTC)
    with fake_clock(moment) as at:
        stage = project(tmp_path, row("F1", "C1"))
        assert stage("run").code == 0
        at.moment = moment - timedelta(hours=1)
        assert stage("run").code == 0
        at.moment = moment - timedelta(days=1)
        said = stage("run")
        assert said.code == 2
        assert len(stage.outbox()) == 1


def test_a_clock_a_year_on_sends_one_level_and_the_true_day_is_refused_afterwards(tmp_path):
    moment = datetime(2026, 4, 8, 9, tzinfo=UTC)
    with fake_clock(moment) as at:
        stage = project(tmp_path, row("F1", "C1"))
        assert stage("run").code == 0
        at.moment = moment + timedelta(days=366)
        assert stage("run", "--date", "2027-04-09").code in (0, 1, 4)
        assert len(stage.outbox()) <= 2
        at.moment = moment + timedelta(days=1)
        assert stage("run").code in (0, 2)
        assert len(stage.outbox()) <= 2


def test_no_time_zone_in_the_environment_changes_nothing(tmp_path, monkeypatch):
    monkeypatch.delenv("TZ", raising=False)
    with fake_clock(datetime(2026, 4, 7, 22, 30, tzinfo=UTC)):
        stage = project(tmp_path, row("F1", "C1"))
        plan = stage("plan", "--json").json
    assert plan["run_date"] == "2026-04-08"


def test_ninety_percent_of_the_rows_gone_or_nine_times_as_many_send_nothing(tmp_path):
    first = date.fromisoformat("2026-04-02")
    stage = project(tmp_path, book(100))
    assert stage("run", "--date", str(first)).code == 0
    stage.sales(book(10))
    assert stage("run", "--date", DAY).code == 4
    stage.sales(book(900))
    stage.customers_of("number,debtor,issued,due,amount,open,currency,kind\n" + book(900))
    said = stage("run", "--date", DAY, "--json")
    assert said.code == 4
    assert stage.outbox() == []
    codes = {d["code"] for d in json.loads(said.out)["diagnostics"]}
    assert codes
