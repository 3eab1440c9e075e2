"""The worklist over real runs: what is given, done, put off, and what the next run makes of it."""

from __future__ import annotations

import csv
import io
import json
import zipfile

import pytest

from .stage import Stage, new_stage

DAY = "2026-04-14"  # both invoices are thirteen days late: their debtors are to be called
LEVELS = [
    {"id": "call", "days": 10, "channel": "task", "task": {"kind": "call", "subject": "Appeler {{ debtor.name }}"}},
    {"id": "reminder", "days": 20, "channel": "email", "template": "reminder"},
]  # fmt: skip


@pytest.fixture
def stage(tmp_path) -> Stage:
    """A project in which C1 (250.50) and C2 (80.00) are to be called, with the run done."""
    made = new_stage(
        tmp_path / "project",
        {
            "procedures": {"standard": {"levels": LEVELS}},
            "open": "F1,C1,2026-03-02,2026-04-01,250.50,250.50,EUR,invoice\n"
            "F2,C2,2026-03-02,2026-04-01,80.00,80.00,EUR,invoice",
        },
    )
    assert made("run", "--date", DAY).code == 0
    return made


def listed(stage: Stage, *more: str, day: str = DAY) -> list[dict]:
    return stage("tasks", "--json", "--date", day, *more).json["tasks"]


def number_of(stage: Stage, debtor: str, day: str = DAY) -> str:
    [task] = listed(stage, "--debtor", debtor, day=day)
    return str(task["number"])


def held(stage: Stage, number: str, day: str) -> str:
    return next(h["verdict"] for h in stage.plan(day)["held"] if h["number"] == number)


def test_what_is_worth_most_comes_first(stage):
    first, second = listed(stage)
    assert [first["debtor"], second["debtor"]] == ["C1", "C2"]
    assert (first["kind"], first["open"], first["days_late"]) == ("call", "250.50", 13)
    assert first["receivables"] == ["F1"]
    assert first["subject"] == "Appeler Client C1"


def test_a_promise_over_the_phone_holds_the_invoice_until_then(stage):
    number = number_of(stage, "C1")
    said = stage("tasks", "done", number, "--outcome", "promised", "--until", "2026-05-04", "--note", "Mme Roy", "--date", DAY)  # fmt: skip
    assert said.code == 0
    assert [t["debtor"] for t in listed(stage)] == ["C2"]
    assert held(stage, "F1", "2026-04-24") == "promised"
    [told] = [e for e in stage("explain", "F1", "--json", "--date", DAY).json["history"] if e["type"] == "promise"]  # fmt: skip
    assert (told["until"], told["reason"], told["about"]) == ("2026-05-04", "Mme Roy", int(number))


def called_about_two(tmp_path) -> tuple[Stage, str]:
    """A project in which C1 is called about F1 (100.00, due first) and F2 (80.00), and the task."""
    made = new_stage(
        tmp_path / "project",
        {
            "procedures": {"standard": {"levels": LEVELS}},
            "open": "F2,C1,2026-03-03,2026-04-02,80.00,80.00,EUR,invoice\n"
            "F1,C1,2026-03-02,2026-04-01,100.00,100.00,EUR,invoice",
        },
    )
    assert made("run", "--date", DAY).code == 0
    return made, number_of(made, "C1")


@pytest.mark.parametrize(
    ("amount", "shares"),
    [
        ("60", {"F1": "60.00"}),
        ("100", {"F1": "100.00"}),
        ("130", {"F1": "100.00", "F2": "30.00"}),
        ("180", {"F1": "100.00", "F2": "80.00"}),
    ],
)
def test_a_sum_promised_for_several_invoices_is_of_those_that_are_due_first(
    tmp_path, amount, shares
):
    made, number = called_about_two(tmp_path)
    words = ("--outcome", "promised", "--until", "2026-05-04", "--amount", amount)
    assert made("tasks", "done", number, *words, "--date", DAY).code == 0
    promises = made("promise", "list", "--json", "--date", DAY).json["promises"]
    assert {p["invoice"]: p["promised"] for p in promises} == shares


@pytest.mark.parametrize(
    ("outcome", "amount", "told"),
    [
        ("promised", "180.01", "more than what is open, 180.00"),
        ("disputed", "60", "of which invoice?"),
    ],
)
def test_a_sum_that_cannot_be_shared_out_is_refused_and_the_task_stays(
    tmp_path, outcome, amount, told
):
    made, number = called_about_two(tmp_path)
    words = ("--outcome", outcome, "--until", "2026-05-04", "--amount", amount)
    said = made("tasks", "done", number, *words, "--date", DAY)
    assert (said.code, told in said.err) == (2, True), said
    assert number_of(made, "C1") == number


def test_a_dispute_over_the_phone_is_one_of_the_invoice_with_a_deadline(stage):
    number = number_of(stage, "C1")
    stage("tasks", "done", number, "--outcome", "disputed", "--note", "wrong price", "--date", DAY)
    assert held(stage, "F1", "2026-04-24") == "disputed"
    [dispute] = stage("dispute", "list", "--json", "--date", DAY).json["disputes"]
    assert (dispute["invoices"], dispute["until"], dispute["code"]) == (
        ["F1"],
        "2026-04-28",
        "other",
    )


def test_a_promise_over_the_phone_that_is_not_kept_comes_back_as_a_task(stage):
    stage(
        "tasks",
        "done",
        number_of(stage, "C1"),
        "--outcome",
        "promised",
        "--until",
        "2026-04-17",
        "--date",
        DAY,
    )
    assert stage("run", "--date", "2026-04-21").code == 0
    tasks = {t["kind"]: t for t in listed(stage, "--debtor", "C1", day="2026-04-21")}
    assert "250,50 EUR" in tasks["broken_promise"]["subject"]


def test_who_says_that_it_is_paid_is_left_alone_for_a_few_days(stage):
    stage("tasks", "done", number_of(stage, "C1"), "--outcome", "paid", "--date", DAY)
    assert held(stage, "F1", "2026-04-19") == "blocked"
    assert stage.plan("2026-04-22")["notices"][0]["debtor"] == "C1"


def test_who_does_not_answer_is_called_again_the_next_working_day(stage):
    number = number_of(stage, "C1")
    friday = "2026-04-17"
    stage("tasks", "done", number, "--outcome", "no_answer", "--date", friday)
    [task] = listed(stage, "--debtor", "C1", day=friday)
    assert (task["due"], task["attempts"], task["state"]) == ("2026-04-20", 1, "open")
    assert [t["debtor"] for t in listed(stage, day=friday)] == ["C2", "C1"]  # later: below


def test_paid_meanwhile_there_is_nothing_left_to_do(stage):
    stage.sales(
        "F1,C1,2026-03-02,2026-04-01,250.50,0.00,EUR,invoice\n"
        "F2,C2,2026-03-02,2026-04-01,80.00,80.00,EUR,invoice"
    )
    assert [t["debtor"] for t in listed(stage)] == ["C2"]
    states = {t["debtor"]: t["state"] for t in listed(stage, "--all")}
    assert states == {"C1": "settled", "C2": "open"}


def test_an_invoice_that_is_gone_from_the_export_is_not_taken_for_paid(stage):
    stage.sales("F2,C2,2026-03-02,2026-04-01,80.00,80.00,EUR,invoice")
    assert {t["debtor"] for t in listed(stage)} == {"C1", "C2"}


def test_a_task_of_ones_own_has_an_owner_a_day_and_a_number(stage):
    added = stage("tasks", "add", "F2", "Send the signed slip", "--owner", "paul", "--due", "2026-04-16", "--json", "--date", DAY)  # fmt: skip
    [number] = added.json["tasks"]
    [task] = listed(stage, "--owner", "paul")
    assert (task["number"], task["subject"], task["due"]) == (number, "Send the signed slip", "2026-04-16")  # fmt: skip
    assert task["receivables"] == ["F2"]
    assert stage("tasks", "move", str(number), "--owner", "anne", "--date", DAY).code == 0
    assert listed(stage, "--owner", "paul") == []


def test_done_twice_is_refused_and_reopened_it_is_there_again(stage):
    number = number_of(stage, "C1")
    assert stage("tasks", "done", number, "--date", DAY).code == 0
    twice = stage("tasks", "done", number, "--date", DAY)
    assert twice.code == 2
    assert f"relance tasks reopen {number}" in twice.err
    assert stage("tasks", "reopen", number, "--date", DAY).code == 0
    assert number_of(stage, "C1") == number


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("done",), "which task?"),
        (("done", "999"), "there is no task 999"),
        (("done", "NUMBER", "--outcome", "promised"), "until when?"),
        (("done", "NUMBER", "--outcome", "vanished"), "there is no outcome vanished"),
        (("done", "NUMBER", "--outcome", "promised", "--until", "2026-05-04", "--amount", "0"), "is not an amount"),
        (("done", "NUMBER", "--outcome", "promised", "--until", "2026-05-04", "--amount", "1.234"), "1.234"),
        (("done", "NUMBER", "--outcome", "promised", "--until", "2026-05-04", "--amount", "999"), "more than what is open"),
        (("move", "NUMBER"), "to when, or to whom?"),
        (("add", "F9", "x"), "F9 is not one invoice or debtor"),
        (("add", "x"), "what is to be done"),
        (("-o", "list.doc"), "of what kind?"),
        (("import",), "which file?"),
    ],
)  # fmt: skip
def test_what_cannot_be_meant_is_refused_and_nothing_is_recorded(stage, words, told):
    number = number_of(stage, "C1")
    before = stage("history", "--json").json
    said = stage("tasks", *(number if w == "NUMBER" else w for w in words), "--date", DAY)
    assert said.code == 2
    assert told in said.err
    assert stage("history", "--json").json == before


def test_a_spreadsheet_of_outcomes_is_entered_whole_or_not_at_all(stage):
    first, second = (str(t["number"]) for t in listed(stage))
    head = "number,outcome,until,amount,note\n"
    stage.write(
        "o.csv", f"{head}{first},promised,2026-05-04,100.00,by mail\n{second},promised,,,\n"
    )
    said = stage("tasks", "import", str(stage.root / "o.csv"), "--date", DAY)
    assert said.code == 2
    assert "o.csv:3: until when?" in said.err
    assert len(listed(stage)) == 2
    stage.write(
        "o.csv",
        f"\ufeff{head.replace(',', ';')}{first};promised;2026-05-04;100,00;\n{second};no_answer;;;\n",
    )
    assert stage("tasks", "import", str(stage.root / "o.csv"), "--date", DAY).code == 0
    [left] = listed(stage)
    assert (str(left["number"]), left["attempts"]) == (second, 1)
    assert held(stage, "F1", "2026-04-24") == "promised"


def test_a_task_that_stands_twice_in_a_spreadsheet_is_refused_with_its_line(stage):
    number = number_of(stage, "C2")
    stage.write("o.csv", f"number,outcome\n{number},done\n{number},refused\n")
    said = stage("tasks", "import", str(stage.root / "o.csv"), "--date", DAY)
    assert said.code == 2
    assert f"o.csv:3: task {number} stands twice" in said.err
    assert len(listed(stage)) == 2


def test_what_the_ledger_refuses_of_a_spreadsheet_names_its_line(stage):
    number = number_of(stage, "C1")
    stage.write("o.csv", f"number,outcome,until,amount\n{number},promised,2026-05-04,9999\n")
    said = stage("tasks", "import", str(stage.root / "o.csv"), "--date", DAY)
    assert said.code == 2
    assert "o.csv:2" in said.err


def test_a_list_that_cannot_be_written_says_so_and_leaves_what_was_there(stage):
    said = stage("tasks", "-o", str(stage.root / "nowhere" / "list.csv"), "--date", DAY)
    assert said.code == 5
    assert "cannot be written" in said.err


def test_a_program_feeds_outcomes_as_json(stage):
    number = number_of(stage, "C2")
    stage.write("o.json", json.dumps([{"number": int(number), "outcome": "refused"}]))
    assert stage("tasks", "import", str(stage.root / "o.json"), "--date", DAY).code == 0
    [task] = [t for t in listed(stage, "--all") if str(t["number"]) == number]
    assert (task["state"], task["outcome"]) == ("done", "refused")


@pytest.mark.parametrize(
    "content", ["nonsense", "{}", '[{"outcome": "done"}]', '[{"number": 1, "colour": 2}]']
)
def test_a_file_that_is_no_list_of_outcomes_is_refused(stage, content):
    stage.write("o.json", content)
    assert stage("tasks", "import", str(stage.root / "o.json"), "--date", DAY).code == 3


def test_the_list_goes_to_excel_a_calendar_and_csv_without_formulas(stage):
    stage("tasks", "add", "F2", "=cmd|x; then\na, b", "--date", DAY)
    for kind in ("xlsx", "csv", "ics"):
        assert stage("tasks", "-o", str(stage.root / f"l.{kind}"), "--date", DAY).code == 0
    with zipfile.ZipFile(stage.root / "l.xlsx") as book:
        assert "<f>" not in book.read("xl/worksheets/sheet1.xml").decode()
        assert "=cmd|x" in book.read("xl/sharedStrings.xml").decode()
    rows = list(
        csv.reader(io.StringIO((stage.root / "l.csv").read_text("utf-8-sig")), delimiter=";")
    )
    assert "'=cmd|x; then a, b" in rows[-1]
    calendar = (stage.root / "l.ics").read_bytes().decode()
    assert calendar.count("BEGIN:VEVENT") == 3
    assert "=cmd|x\\; then\\na\\, b" in calendar.replace("\r\n ", "")
    assert all(len(line.encode()) <= 75 for line in calendar.split("\r\n"))


def test_the_list_of_an_erased_debtor_names_nobody(stage):
    for words in (["tasks", "add", "F1", "Rappeler Mme Roy"],
                  ["tasks", "done", number_of(stage, "C1"), "--outcome", "no_answer", "--note", "Mme Roy absente"]):  # fmt: skip
        said = stage(*words, "--date", DAY)
        assert said.code == 0, said
    secrets = ("Client C1", "Mme Roy", "absente")
    assert all(each in json.dumps(listed(stage, "--all")) for each in secrets)
    assert stage("gdpr", "erase", "C1", "--confirm", "--although-open", "--date", DAY).code == 0
    own = [task for task in listed(stage, "--all") if task["debtor"] != "C2"]
    assert len(own) == 2
    assert {(t["subject"], t["text"], t["note"] or "") for t in own} == {("", "", "")}
    # What the files still say of the debtor is for people to erase, and is all that was left.
    stage.sales("F2,C2,2026-03-02,2026-04-01,80.00,80.00,EUR,invoice")
    stage.customers_of((stage.root / "ventes.csv").read_text("utf-8"))
    shown = [stage("tasks", *more, "--all", "--date", DAY).out for more in ([], ["--json"])]
    for kind in ("csv", "ics"):
        assert stage("tasks", "--all", "-o", str(stage.root / f"l.{kind}"), "--date", DAY).code == 0
        shown.append((stage.root / f"l.{kind}").read_text("utf-8-sig"))
    assert stage("tasks", "--all", "-o", str(stage.root / "l.xlsx"), "--date", DAY).code == 0
    with zipfile.ZipFile(stage.root / "l.xlsx") as book:
        shown.append(book.read("xl/sharedStrings.xml").decode())
    for text in shown:
        assert "Client C2" in text
        assert [each for each in secrets if each in text] == []
