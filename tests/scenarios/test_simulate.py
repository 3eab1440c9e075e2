"""`relance simulate` as users meet it: what is shown, what is not, and what is refused."""

from __future__ import annotations

import csv
import io
import re
from pathlib import Path

import pytest

from relance.policy.costs import TaskKind
from relance.reports.names import TASKS

from .stage import Fields, Stage, new_stage
from .test_payments import PAID, SOURCES, bank

PERIOD = ("--date", "2026-04-01", "--to", "2026-04-17")
SALES = """
F1,C1,2026-03-02,2026-04-01,250.50,250.50,EUR,invoice
F2,C1,2026-03-20,2026-04-19,80.00,80.00,EUR,invoice
F3,C2,2026-03-05,2026-04-04,900.00,900.00,EUR,invoice
F4,C3,2026-03-05,2026-04-04,70.00,70.00,CHF,invoice
"""
GENTLE = {"levels": [{"id": "only", "days": 9, "channel": "letter", "template": "reminder"}]}
CALL = {
    "id": "call",
    "days": 12,
    "channel": "task",
    "task": {"kind": "call", "subject": "Appeler", "owner": "Léa"},
}


@pytest.fixture
def stage(tmp_path: Path) -> Stage:
    levels = [
        {"id": "reminder-1", "days": 5, "channel": "email", "template": "reminder"},
        CALL,
    ]
    procedures = {"standard": {"levels": levels}, "gentle": GENTLE}
    return new_stage(tmp_path / "project", {"open": SALES, "procedures": procedures})


def played(stage: Stage, *words: str) -> Fields:
    said = stage("simulate", *PERIOD, "--json", *words)
    assert said.code == 0, said
    found: Fields = said.json
    return found


def counts(side: Fields) -> tuple[int, int]:
    return side["notices"], side["tasks"]


def test_the_first_day_sends_what_the_plan_of_that_day_proposes(stage: Stage):
    day = "2026-04-07"
    said = stage("simulate", "--date", day, "--to", day, "--json").json["simulations"][0]
    plan = stage.plan(day)
    assert counts(said) == (len(plan["notices"]), len(plan["tasks"])) == (1, 0)


def test_figures_add_up_over_days_people_channels_and_levels(stage: Stage):
    found = played(stage)["simulations"][0]
    notices, tasks = counts(found)
    assert notices > 1
    assert tasks > 0
    for part in ("by_day", "by_owner"):
        assert sum(each["notices"] for each in found[part]) == notices
        assert sum(each["tasks"] for each in found[part]) == tasks
    assert sum(each["notices"] for each in found["channels"]) == notices
    assert sum(each["tasks"] for each in found["task_kinds"]) == tasks
    assert {each["owner"] for each in found["by_owner"] if each["tasks"]} == {"Léa"}
    assert {each["currency"] for each in found["left"]} == {"CHF", "EUR"}


def test_nothing_is_written_and_the_same_seed_says_the_same_bytes(stage: Stage):
    before = stage.bytes_of()
    one, again, other = (
        stage("simulate", *PERIOD, "--csv", "--seed", seed).out for seed in ("5", "5", "6")
    )
    assert one == again != other
    assert stage.bytes_of() == before


def test_two_procedures_see_the_same_payments(stage: Stage):
    found = played(stage, "--against", "gentle")
    one, two = found["simulations"]
    assert one["left"] == two["left"]
    assert counts(one) != counts(two)
    assert found["differences"]["tasks"] == two["tasks"] - one["tasks"] == -one["tasks"]
    assert {each["level"] for each in two["levels"]} == {"only"}


def test_another_directory_is_played_on_the_receivables_of_this_one(stage: Stage, tmp_path: Path):
    other = new_stage(tmp_path / "other", {"open": "X1,C9,2026-03-01,2026-03-31,5.00,5.00,EUR,invoice"})  # fmt: skip
    found = played(stage, "--against", str(other.root))
    one, two = found["simulations"]
    assert one["receivables"] == two["receivables"] == 4
    assert {each["level"] for each in two["levels"]} == {"reminder-1"}  # fmt: skip


def test_what_is_over_is_played_with_the_payments_that_came(tmp_path: Path):
    sales = "F-2026-101,C1,2026-03-02,2026-04-01,250.50,250.50,EUR,invoice\n"
    stage = new_stage(tmp_path / "project", {"open": sales, "policy": {"sources": SOURCES}})
    bank(stage, PAID)  # on 9 April, after the first reminder of 7 April
    said = stage("simulate", "--from", "2026-03-30", "--to", "2026-04-24", "--date", "2026-05-29", "--json")  # fmt: skip
    assert said.code == 0, said
    side = said.json["simulations"][0]
    assert [each["day"] for each in side["by_day"] if each["notices"]] == ["2026-04-07"]
    assert side["left"] == [{"currency": "EUR", "receivables": 0, "open": "0.00", "overdue": "0.00", "credits": "0.00"}]  # fmt: skip
    assert said.json["payments"]["drawn"] is False


def test_costs_are_told_where_every_channel_has_one(stage: Stage):
    assert played(stage)["simulations"][0]["cost"]["total"] is None
    stage.policy({"costs": {"channels": {"email": "0.10", "letter": "1.50"}, "minute": "0.50", "minutes": {"call": 12}}})  # fmt: skip
    side = played(stage)["simulations"][0]
    sent = {each["channel"]: each["notices"] for each in side["channels"]}
    assert float(side["cost"]["channels"]) == pytest.approx(sent["email"] * 0.1 + sent.get("letter", 0) * 1.5)  # fmt: skip
    assert float(side["cost"]["work"]) == side["tasks"] * 6


def test_a_wrong_kind_of_task_under_costs_is_told_with_its_place(stage: Stage):
    stage.policy({"costs": {"minutes": {"caal": 12}}})
    said = stage("simulate", *PERIOD)
    assert said.code == 2
    assert re.search(r"relance\.yaml:\d+:\d+", said.err)
    assert "caal" in said.err


def test_the_kinds_that_costs_knows_are_those_that_tasks_have():
    assert set(TaskKind.__args__) == set(TASKS)


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (("--against", "nobody"), "neither a project directory nor a procedure"),
        (("--against", "."), "neither a project directory nor a procedure"),
        (("--from", "2026-05-30"), "is before"),
        (("--from", "2020-01-01"), "longer than three years"),
        (("--synthetic", "0"), "--synthetic"),
    ],
)
def test_what_cannot_be_played_is_refused(stage: Stage, tmp_path: Path, monkeypatch, words, why):
    monkeypatch.chdir(tmp_path)
    said = stage("simulate", *PERIOD, *words)
    assert said.code == 2
    assert why in said.err


def test_an_empty_project_has_nothing_to_play(stage: Stage):
    stage.sales("A1,C1,2026-03-02,2026-03-02,-20.00,-20.00,EUR,credit_note")
    found = played(stage)["simulations"][0]
    assert counts(found) == (0, 0)
    said = stage("simulate", *PERIOD)
    assert said.code == 0
    assert "not simulated" in " ".join(said.out.split())


def test_an_export_without_any_row_is_refused_as_by_a_run(stage: Stage):
    stage.sales("")
    assert stage("simulate", *PERIOD).code == 3


def test_too_few_payments_to_draw_from_are_told(stage: Stage):
    assert played(stage)["payments"]["assumed"] is True
    assert "an assumption, no experience" in " ".join(stage("simulate", *PERIOD).out.split())


def test_a_made_up_portfolio_needs_no_data(stage: Stage):
    (stage.root / "ventes.csv").unlink()
    found = played(stage, "--synthetic", "300", "--seed", "3")
    assert found["simulations"][0]["receivables"] == 300
    assert found["simulations"][0]["notices"] > 0
    assert found == played(stage, "--synthetic", "300", "--seed", "3")


def test_the_page_loads_nothing_and_a_hostile_name_stays_text(stage: Stage):
    evil = "<script>alert(1)</script>"
    stage.customers(f"C1,x,business,FR,fr,a@b.example,1,1,P\nC2,{evil},business,FR,fr,b@b.example,1,1,P\nC3,y,business,FR,fr,,1,1,P")  # fmt: skip
    stage.policy({"creditor": {"name": f"=cmd {evil}"}})
    said = stage("simulate", *PERIOD, "--against", "gentle", "-o", str(stage.root / "sim.html"))
    assert said.code == 0, said
    page = (stage.root / "sim.html").read_text("utf-8")
    assert "<script" not in page
    assert not re.search(r"(?:src|href)=|url\(|https?://", page)
    assert page.count("<svg") >= 2
    assert page.count("<table") > page.count('role="img"')
    assert "default-src 'none'" in page


def test_the_rows_for_a_spreadsheet_hold_no_formula(stage: Stage):
    call = {**CALL, "task": {**CALL["task"], "owner": "=1+1"}}
    stage.procedures({"standard": {"levels": [call]}})
    rows = list(csv.DictReader(io.StringIO(stage("simulate", *PERIOD, "--csv").out)))
    assert rows
    assert not any(cell.startswith("=") for row in rows for cell in row.values())
