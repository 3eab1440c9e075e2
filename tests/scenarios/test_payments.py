"""Payments as a user meets them: bank statements beside the exports, and what is dunned after."""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path
from typing import Any

import pytest

from .stage import Fields, Said, Stage, new_stage

ACCOUNT = "FR7630006000011234567890189"
HEAD = "date,amount,counterparty,counterparty iban,text,end to end,account\n"
SOURCES = [
    {"name": "ventes", "kind": "csv", "path": "ventes.csv", "full": True},
    {"name": "banque", "kind": "bank", "path": "releves/*.csv",
     "columns": {"end_to_end": "end to end", "counterparty_iban": "counterparty iban"}},
]  # fmt: skip
F101 = "F-2026-101,C1,2026-03-02,2026-04-01,250.50,250.50,EUR,invoice\n"
F102 = "F-2026-102,C1,2026-03-02,2026-04-01,100.00,100.00,EUR,invoice\n"
TWINS = """
F-2026-103,C2,2026-03-02,2026-04-01,80.00,80.00,EUR,invoice
F-2026-104,C2,2026-03-02,2026-04-01,80.00,80.00,EUR,invoice
"""
PAID = "2026-04-09,250.50,Client C1,,VIR SEPA FACTURE F-2026-101,E2E-1\n"
LIKELY = "2026-04-09,80.00,Client C2,,VIREMENT,E2E-2\n"
STRANGE = "2026-04-09,999.00,Inconnu,,VIREMENT,E2E-3\n"
RETURN = "2026-04-20,-250.50,Client C1,,REJET F-2026-101,E2E-1\n"


def stage_with(tmp_path: Path, sales: str, *movements: str) -> Stage:
    stage = new_stage(tmp_path / "project", {"open": sales, "policy": {"sources": SOURCES}})
    bank(stage, *movements)
    return stage


def bank(stage: Stage, *movements: str, name: str = "avril") -> None:
    rows = "".join(f"{line.strip()},{ACCOUNT}\n" for line in movements)
    stage.write(f"releves/{name}.csv", HEAD + rows)


def ran(stage: Stage, day: str) -> Said:
    said = stage("run", "--date", day)
    assert said.code == 0, said
    return said


def payments(stage: Stage, day: str = "2026-04-10") -> Any:
    said = stage("letter", "list", "--json", "--date", day)
    assert said.code == 0, said
    return said.json


def claimed(plan: Fields) -> dict[str, str]:
    return {r["number"]: r["open"] for n in plan["notices"] for r in n["receivables"]}


def rows_of(stage: Stage, table: str) -> int:
    with sqlite3.connect(stage.root / "relance.db") as database:
        (count,) = database.execute(f"SELECT count(*) FROM {table}").fetchone()
    database.close()
    return int(count)


def test_who_paid_last_night_is_not_reminded(tmp_path):
    stage = stage_with(tmp_path, F101 + F102, PAID)
    plan = stage.plan("2026-04-10")
    assert claimed(plan) == {"F-2026-102": "100.00"}
    assert stage.verdict("F-2026-101", "2026-04-10") == "settled"
    ran(stage, "2026-04-10")
    assert len(stage.outbox()) == 1


def test_a_part_payment_lowers_what_is_claimed(tmp_path):
    part = "2026-04-09,50.50,Client C1,,ACOMPTE FACTURE F-2026-101,E2E-1"
    stage = stage_with(tmp_path, F101, part)
    proposed = payments(stage)["pending"]
    if proposed:  # a part is likely, not certain: a person says so
        key = proposed[0]["movement"]
        assert stage("letter", "accept", key, "--date", "2026-04-10").code == 0
    assert claimed(stage.plan("2026-04-10")) == {"F-2026-101": "200.00"}


def test_the_plan_after_a_run_with_payments_is_empty(tmp_path):
    stage = stage_with(tmp_path, F101 + F102 + TWINS, PAID, LIKELY, STRANGE)
    ran(stage, "2026-04-10")
    plan = stage.plan("2026-04-10")
    assert (plan["notices"], plan["tasks"]) == ([], [])


def test_a_dry_run_letters_and_leaves_every_byte(tmp_path):
    stage = stage_with(tmp_path, F101 + TWINS, PAID, LIKELY)
    ran(stage, "2026-04-02")
    bank(stage, PAID, LIKELY, STRANGE)
    before = stage.bytes_of()
    said = stage("run", "--dry-run", "--json", "--date", "2026-04-10")
    assert said.json["summary"]["settled"] == 1
    payments(stage)
    assert stage.bytes_of() == before


def test_the_statement_may_go_once_it_was_read(tmp_path):
    stage = stage_with(tmp_path, F101, PAID)
    ran(stage, "2026-04-10")
    bank(stage)
    assert stage.verdict("F-2026-101", "2026-04-13") == "settled"


def test_a_returned_debit_is_reminded_again_from_the_first_level(tmp_path):
    stage = stage_with(tmp_path, F101)
    ran(stage, "2026-04-07")
    assert len(stage.outbox()) == 1
    bank(stage, PAID)
    ran(stage, "2026-04-10")
    assert stage.verdict("F-2026-101", "2026-04-21") == "settled"
    bank(stage, PAID, RETURN)
    plan = stage.plan("2026-04-21")
    (line,) = plan["notices"][0]["receivables"]
    assert (line["open"], line["level"]) == ("250.50", "reminder-1")
    ran(stage, "2026-04-21")
    assert len(stage.outbox()) == 2
    told = stage("explain", "F-2026-101", "--date", "2026-04-21", "--json").json
    assert [p["status"] for p in told["payments"]] == ["lettered", "returned"]
    events = [event["type"] for event in told["history"]]
    assert events.index("lettered") < events.index("returned")
    assert told["facts"]["cycle"] == 1


def test_the_same_and_overlapping_statements_count_once(tmp_path):
    stage = stage_with(tmp_path, F101 + TWINS, PAID)
    bank(stage, PAID, STRANGE, name="mai")
    found = payments(stage)
    assert [p["left"] for p in found["suspense"]] == ["999.00"]
    ran(stage, "2026-04-10")
    assert rows_of(stage, "movements") == 2
    assert rows_of(stage, "allocations") == 1


def test_what_the_books_enter_later_is_not_counted_twice(tmp_path):
    part = "2026-04-09,100.00,Client C1,,FACTURE F-2026-101,E2E-1"
    stage = stage_with(tmp_path, F101, part)
    key = [*payments(stage)["pending"], *payments(stage)["recent"]][0]["movement"]
    stage("letter", "accept", key, "--item", "F-2026-101=100", "--date", "2026-04-10")
    ran(stage, "2026-04-10")
    assert stage("explain", "F-2026-101", "--json").json["facts"]["open"] == "150.50"
    stage.sales(F101.replace("250.50,EUR", "150.50,EUR"))
    assert stage("explain", "F-2026-101", "--json").json["facts"]["open"] == "150.50"
    net = stage("status", "--json", "--date", "2026-04-11").json["currencies"]["EUR"]["net"]
    assert net == "150.50"


def test_what_is_paid_and_gone_from_its_export_is_settled_not_missing(tmp_path):
    stage = stage_with(tmp_path, F101 + F102, PAID)
    ran(stage, "2026-04-10")
    stage.sales(F102)
    for day in ("2026-04-13", "2026-04-14"):
        plan = stage.plan(day)
        assert plan["summary"].get("missing", 0) == 0
        assert "I094" not in {d["code"] for d in plan["diagnostics"]}
        ran(stage, day)
    bank(stage, PAID, RETURN)
    assert stage.verdict("F-2026-101", "2026-04-21") == "missing"
    assert stage.plan("2026-07-20")["summary"]["receivables"] == 2


def test_what_went_long_ago_is_forgotten(tmp_path):
    stage = stage_with(tmp_path, F101 + F102, PAID)
    ran(stage, "2026-04-10")
    stage.sales(F102)
    ran(stage, "2026-04-13")
    ran(stage, "2026-07-20")
    assert stage.plan("2026-07-21")["summary"]["receivables"] == 1


class TestLikely:
    def test_it_holds_dunning_and_is_a_task_once(self, tmp_path):
        stage = stage_with(tmp_path, TWINS, LIKELY)
        plan = stage.plan("2026-04-10")
        assert plan["summary"]["payment_pending"] == 2
        assert [h["verdict"] for h in plan["held"]] == ["payment_pending"] * 2
        (task,) = plan["tasks"]
        assert (task["kind"], task["receivables"]) == ("lettering", ["F-2026-103", "F-2026-104"])
        assert task["subject"] == (
            "Examiner un règlement de 80,00 EUR de Client C2 du 09/04/2026 : "
            "il règle probablement F-2026-103, F-2026-104"
        )
        ran(stage, "2026-04-10")
        assert stage.plan("2026-04-13")["tasks"] == []
        assert stage.outbox() == []

    def test_accepted_it_settles_the_right_one(self, tmp_path):
        stage = stage_with(tmp_path, TWINS, LIKELY)
        key = payments(stage)["pending"][0]["movement"]
        said = stage("letter", "accept", key[:8], "--candidate", "2", "--by", "anne",
                     "--date", "2026-04-10", "--json")  # fmt: skip
        assert (said.code, said.json["by"]) == (0, "anne")
        assert claimed(stage.plan("2026-04-10")) == {"F-2026-103": "80.00"}
        assert stage.verdict("F-2026-104", "2026-04-10") == "settled"
        told = stage("explain", "F-2026-104", "--json", "--date", "2026-04-10").json
        assert told["payments"][0]["evidence"] == "hand"
        assert told["history"][-1]["by"] == "anne"

    def test_rejected_they_are_dunned(self, tmp_path):
        stage = stage_with(tmp_path, TWINS, LIKELY)
        key = payments(stage)["pending"][0]["movement"]
        assert stage("letter", "reject", key, "--date", "2026-04-10").code == 0
        shown = stage("letter", "show", key, "--json", "--date", "2026-04-10").json
        assert shown["candidates"] == []
        plan = stage.plan("2026-04-10")
        assert plan["summary"].get("payment_pending", 0) == 0

    def test_accepted_and_undone_the_plan_is_what_it_was(self, tmp_path):
        stage = stage_with(tmp_path, F101 + TWINS, LIKELY)
        before = stage("plan", "--json", "--date", "2026-04-10").out
        key = payments(stage)["pending"][0]["movement"]
        for items in (["--candidate", "1"], ["--item", "F-2026-103=30", "--item", "F-2026-104"]):
            assert stage("letter", "accept", key, *items, "--date", "2026-04-10").code == 0
            assert stage("plan", "--json", "--date", "2026-04-10").out != before
            assert stage("letter", "undo", key, "--date", "2026-04-10").code == 0
            assert stage("plan", "--json", "--date", "2026-04-10").out == before

    def test_rejected_and_undone_the_plan_is_what_it_was(self, tmp_path):
        stage = stage_with(tmp_path, F101 + TWINS, LIKELY)
        before = stage("plan", "--json", "--date", "2026-04-10").out
        key = payments(stage)["pending"][0]["movement"]
        stage("letter", "reject", key, "--date", "2026-04-10")
        stage("letter", "undo", key, "--date", "2026-04-10")
        assert stage("plan", "--json", "--date", "2026-04-10").out == before


def test_a_certain_allocation_undone_stays_undone(tmp_path):
    stage = stage_with(tmp_path, F101, PAID)
    ran(stage, "2026-04-10")
    key = payments(stage)["recent"][0]["movement"]
    assert stage("letter", "undo", key, "--date", "2026-04-10").code == 0
    for day in ("2026-04-13", "2026-04-14"):
        assert stage.verdict("F-2026-101", day) != "settled"
        ran(stage, day)
    events = stage("history", "--json").json["events"]
    assert {"lettered", "unlettered"} <= {event["type"] for event in events}


def test_histories_name_the_invoice_as_people_do(tmp_path):
    stage = stage_with(tmp_path, F101, PAID)
    ran(stage, "2026-04-10")
    for words in (["history"], ["explain", "F-2026-101", "--date", "2026-04-13"]):
        told = stage(*words).out
        assert "F-2026-101" in told
        assert "|" not in told


def test_show_names_what_was_decided_as_people_do(tmp_path):
    stage = stage_with(tmp_path, F101 + TWINS, LIKELY, STRANGE)
    likely = payments(stage)["pending"][0]["movement"]
    stage("letter", "reject", likely, "--date", "2026-04-10")
    assert "Rejected: F-2026-103, F-2026-104" in stage("letter", "show", likely).out
    strange = payments(stage)["suspense"][-1]["movement"]
    stage("letter", "accept", strange, "--item", "F-2026-103=70", "--date", "2026-04-10")
    assert stage("letter", "show", strange, "--json").json["rejected"] == []
    stage("letter", "undo", strange)
    stage("letter", "reject", strange)
    assert "Set aside: it is for no receivable." in stage("letter", "show", strange).out


def test_a_number_may_have_any_sign(tmp_path):
    stage = stage_with(tmp_path, F101.replace("F-2026-101", "F#101@A"), STRANGE)
    key = payments(stage)["suspense"][0]["movement"]
    words = ["--item", "F#101@A", "--date", "2026-04-10"]
    assert stage("letter", "accept", key, *words).code == 0
    assert stage.verdict("F#101@A", "2026-04-10") == "settled"


def test_a_certain_allocation_can_be_undone_before_it_is_recorded(tmp_path):
    stage = stage_with(tmp_path, F101, PAID)
    key = payments(stage)["recent"][0]["movement"]
    assert stage("letter", "undo", key, "--date", "2026-04-10").code == 0
    assert rows_of(stage, "allocations") == 0
    assert stage.verdict("F-2026-101", "2026-04-10") != "settled"


def test_money_of_a_known_debtor_that_counts_for_nothing_stands_in_the_status(tmp_path):
    early = "2026-03-01,77.00,Client C1,,ACOMPTE CLIENT C1,E2E-4\n"
    learnt = PAID.replace("C1,,", "C1,FR7630001007941234567890185,")
    stage = stage_with(
        tmp_path, F101 + F102, learnt, early.replace("C1,,", "C1,FR7630001007941234567890185,")
    )
    (left,) = payments(stage)["suspense"]
    assert (left["debtor"], left["left"]) == ("C1", "77.00")
    shown = stage("status", "--json", "--date", "2026-04-10").json
    assert shown["suspense"] == {}
    assert shown["payments"]["uncounted"] == {"count": 1, "amounts": {"EUR": "77.00"}}
    assert "77.00" in stage("status", "--date", "2026-04-10").out


def test_unknown_payers_are_shown_and_can_be_set_aside(tmp_path):
    stage = stage_with(tmp_path, F101, STRANGE)
    shown = stage("status", "--json", "--date", "2026-04-10").json
    assert shown["suspense"] == {"EUR": "999.00"}
    assert shown["payments"]["suspense"]["count"] == 1
    assert shown["currencies"]["EUR"]["net"] == "250.50"
    key = payments(stage)["suspense"][0]["movement"]
    assert stage("letter", "reject", key, "--date", "2026-04-10").code == 0
    assert stage("status", "--json", "--date", "2026-04-10").json["suspense"] == {}
    assert stage("letter", "undo", key, "--date", "2026-04-10").code == 0
    assert stage("status", "--json", "--date", "2026-04-10").json["suspense"] == {"EUR": "999.00"}


@pytest.mark.parametrize(
    ("items", "code"),
    [
        (["--item", "F-2026-103=80.01"], "D026"),
        (["--item", "F-2026-105=60"], "D027"),
        (["--item", "F-2026-103=10.001"], "D016"),
        (["--item", "J1"], "D028"),
        (["--item", "F-9"], "D011"),
        (["--candidate", "7"], "D025"),
        ([], "D024"),
    ],
)
def test_wrong_amounts_and_candidates_are_refused(tmp_path, items, code):
    small = "F-2026-105,C2,2026-03-02,2026-04-01,50,50,EUR,invoice\n"
    yen = "J1,C2,2026-03-02,2026-04-01,50,50,JPY,invoice\n"
    stage = stage_with(tmp_path, TWINS + small + yen, LIKELY)
    key = payments(stage)["pending"][0]["movement"]
    before = stage.plan("2026-04-10")
    said = stage("letter", "accept", key, *items, "--json", "--date", "2026-04-10")
    assert (said.code, [d["code"] for d in said.json["diagnostics"]]) == (2, [code])
    assert stage.plan("2026-04-10") == before


def test_an_unknown_payment_and_nothing_to_undo_are_refused(tmp_path):
    stage = stage_with(tmp_path, F101, STRANGE)
    key = payments(stage)["suspense"][0]["movement"]
    for words, code in (
        (["show", "zzz"], "D022"),
        (["undo", key], "D029"),
        (["accept", key], "D023"),
    ):
        said = stage("letter", *words, "--json", "--date", "2026-04-10")
        assert (said.code, said.json["diagnostics"][0]["code"]) == (2, code)
    assert stage("letter", "accept").code == 2


def test_what_pays_receivables_is_not_set_aside(tmp_path):
    stage = stage_with(tmp_path, F101, PAID)
    key = payments(stage)["recent"][0]["movement"]
    said = stage("letter", "reject", key, "--json", "--date", "2026-04-10")
    assert (said.code, said.json["diagnostics"][0]["code"]) == (2, "D030")


class TestImport:
    def imported(self, stage: Stage, name: str, *more: str) -> Said:
        return stage("import", "bank", str(stage.root / name), "--json", *more)

    def test_it_keeps_payments_once_and_needs_no_source(self, tmp_path):
        stage = new_stage(tmp_path / "project", {"open": F101 + F102})
        stage.write(
            "avril.csv", HEAD.replace("counterparty iban", "iban") + PAID.strip() + f",{ACCOUNT}\n"
        )
        first = self.imported(stage, "avril.csv")
        assert first.code == 0, first
        (statement,) = first.json["statements"]
        assert (first.json["new"], statement["new"], statement["known"]) == (1, 1, 0)
        assert (statement["account"], statement["received"]) == (ACCOUNT, "250.50")
        assert self.imported(stage, "avril.csv").json["new"] == 0
        (stage.root / "avril.csv").unlink()
        assert stage.verdict("F-2026-101", "2026-04-10") == "settled"

    def test_earlier_movements_can_be_left_out(self, tmp_path):
        stage = stage_with(tmp_path, F101, PAID)
        said = self.imported(stage, "releves/avril.csv", "--since", "2026-04-10")
        assert said.json["new"] == 0

    def test_a_refused_file_keeps_nothing(self, tmp_path):
        stage = stage_with(tmp_path, F101, PAID)
        stage.write("bad.csv", f"date,amount,text,account\n2026-04-09,12.3.4,X,{ACCOUNT}\n")
        said = stage("import", "bank", str(stage.root / "releves/avril.csv"),
                     str(stage.root / "bad.csv"), "--json")  # fmt: skip
        assert said.code == 3
        assert [d["line"] for d in said.json["diagnostics"] if d["severity"] == "error"] == [2]
        assert rows_of(stage, "movements") == 0

    def test_wrong_words_are_refused(self, tmp_path):
        stage = stage_with(tmp_path, F101)
        for words in (
            ["bonk"],
            ["bank"],
            ["--since", "2026-04-01"],
            ["bank", "x", "--since", "soon"],
        ):
            assert stage("import", *words).code in (2, 3)


def test_habits_of_paying_are_facts_for_segments(tmp_path):
    sales = "".join(
        f"F-2026-{n},C1,2026-03-02,2026-04-01,{n}.00,{n}.00,EUR,invoice\n"
        for n in (201, 202, 203, 204)
    )
    paid = [f"2026-04-{d},{n}.00,Client C1,,FACTURE F-2026-{n},E{n}" for n, d in
            ((201, "01"), (202, "07"), (203, "10"))]  # fmt: skip
    stage = stage_with(tmp_path, sales, *paid)
    facts = stage("explain", "F-2026-204", "--json", "--date", "2026-04-13").json["facts"]
    assert (round(facts["late_ratio"], 2), facts["mean_days_late"]) == (0.67, 5.0)
    bank(stage, *paid[:2])
    facts = stage("explain", "F-2026-204", "--json", "--date", "2026-04-13").json["facts"]
    assert "late_ratio" not in facts


def test_the_json_of_letter_is_stable(tmp_path):
    stage = stage_with(tmp_path, F101 + TWINS, PAID, LIKELY, STRANGE)
    first = stage("letter", "list", "--json", "--date", "2026-04-10").out
    rows = (stage.root / "releves/avril.csv").read_text("utf-8").splitlines()
    stage.write("releves/avril.csv", "\n".join([rows[0], *reversed(rows[1:]), ""]))
    again = stage("letter", "list", "--json", "--date", "2026-04-10").out
    assert json.loads(first) == json.loads(again)
