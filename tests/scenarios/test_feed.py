"""A file of what people and programs have to tell: all of it is recorded, once, or none of it."""

from __future__ import annotations

import json
import re

import pytest

from .stage import Said, Stage, new_stage

DAY = "2026-04-14"
LEVELS = [
    {"id": "call", "days": 10, "channel": "task", "task": {"kind": "call", "subject": "Appeler {{ debtor.name }}"}},
    {"id": "reminder", "days": 20, "channel": "email", "template": "reminder"},
]  # fmt: skip
SALES = """F1,C1,2026-03-02,2026-04-01,250.50,250.50,EUR,invoice
F2,C2,2026-03-02,2026-04-01,80.00,80.00,EUR,invoice
F3,C3,2026-03-02,2026-04-01,90.00,90.00,EUR,invoice
"""


@pytest.fixture
def stage(tmp_path) -> Stage:
    """A project in which C1, C2 and C3 are to be called about an invoice each."""
    given = {"procedures": {"standard": {"levels": LEVELS}}, "open": SALES}
    made = new_stage(tmp_path / "project", given)
    assert made("run", "--date", DAY).code == 0
    return made


def fed(stage: Stage, content: str | bytes, *more: str, name: str = "said.csv") -> Said:
    """Hand in a file."""
    path = stage.root.parent / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return stage("feed", str(path), "--date", DAY, *more)


def events(stage: Stage, debtor: str) -> list[dict]:
    """Return what the history has of a debtor, oldest first, without what the run did."""
    sheet = stage("debtor", debtor, "--json", "--date", DAY).json
    return [event for event in reversed(sheet["history"]) if event.get("by")]


def faults(said: Said) -> list[str]:
    """Return line, code and message of each error, in the order in which they are shown."""
    found = re.findall(r"error\[(\w+)\]: (.*)\n +--> .*?:(\d+)$", said.err, re.MULTILINE)
    return [f"{line} {code} {message}" for code, message, line in found]


def task_of(stage: Stage, debtor: str) -> int:
    [task] = stage("tasks", "--debtor", debtor, "--json", "--date", DAY).json["tasks"]
    return task["number"]


def verdict(stage: Stage, number: str) -> str:
    return stage("explain", number, "--json", "--date", DAY).json["verdict"]


def test_each_kind_is_what_its_command_would_have_recorded(stage):
    task = task_of(stage, "C3")
    said = fed(stage, f"""event,debtor,number,task,until,amount,outcome,code,note,owner,by
promise,,F1,,2026-04-30,100,,,Mrs Roy,,
dispute,C2,F2,,,20.50,,price,offer 17,paul,
note,C1,,,,,,,new accountant,,anne
outcome,,,{task},,,paid,,by cheque,,
block,C2,,,2026-05-10,,,,key account,,
task,C2,,,2026-04-20,,,check,Ask for the slip,karim,
""")  # fmt: skip
    assert said.code == 0, said.err
    assert verdict(stage, "F1") == "promised"
    assert verdict(stage, "F3") == "blocked"
    [dispute] = stage("dispute", "list", "--json", "--date", DAY).json["disputes"]
    assert (dispute["disputed"], dispute["code"], dispute["owner"]) == ("20.50", "price", "paul")
    assert dispute["until"] == "2026-04-28"
    [note] = stage("note", "list", "--json").json["notes"]
    assert (note["text"], note["by"]) == ("new accountant", "anne")
    assert [event["type"] for event in events(stage, "C3")] == ["task_done", "block"]
    tasks = stage("tasks", "--owner", "karim", "--json", "--date", DAY).json["tasks"]
    assert [(each["subject"], each["due"]) for each in tasks] == [
        ("Ask for the slip", "2026-04-20")
    ]


def test_a_call_that_no_task_asked_for_is_recorded_with_what_follows(stage):
    assert fed(stage, "event,number,date,outcome,until\ncall,F2,2026-04-10,promised,2026-04-30\n").code == 0  # fmt: skip
    called, promise = events(stage, "C2")
    assert (called["type"], called["code"], called["date"]) == ("called", "promised", "2026-04-10")
    assert (promise["type"], promise["until"]) == ("promise", "2026-04-30")


def test_excel_in_french_writes_semicolons_latin_letters_and_its_own_dates(stage):
    rows = (
        "Événement;Facture;Promis pour le;Montant;Remarque\r\n"
        'Promesse;F1;30/04/2026;100,50 €;Mme Lefèvre, "à l\'échéance"\r\n'
        ";;;;\r\n"
    )
    said = fed(stage, rows.encode("cp1252"), "--json")
    assert said.code == 0, said.err
    assert [each["line"] for each in said.json["recorded"]] == [2]
    [promise] = events(stage, "C1")
    assert (promise["until"], promise["reason"]) == ("2026-04-30", 'Mme Lefèvre, "à l\'échéance"')
    assert promise["amount"] == 10050


def test_the_same_row_twice_in_a_file_is_recorded_once_and_said(stage):
    said = fed(stage, "event,debtor,note\nnote,C1,pays by cheque\nnote,C1,pays by cheque\n")
    assert said.code == 0
    assert "Recorded: note 1." in said.err + said.out
    assert "twice in the file: 1" in said.err + said.out
    assert len(events(stage, "C1")) == 1


def test_the_same_file_again_records_nothing_and_a_longer_one_only_what_is_new(stage):
    rows = f"event,debtor,task,outcome,until,note\ncall,C1,,no_answer,2026-04-16,\noutcome,,{task_of(stage, 'C2')},promised,2026-04-30,Mr X\n"  # fmt: skip
    assert fed(stage, rows).code == 0
    before = [events(stage, debtor) for debtor in ("C1", "C2")]
    assert [[event["type"] for event in told] for told in before] == [
        ["called", "task_added"],
        ["task_done", "promise"],
    ]
    again = fed(stage, rows, "--json")
    assert again.code == 0
    assert again.json["recorded"] == []
    assert [each["line"] for each in again.json["known"]] == [2, 3]
    longer = fed(stage, rows + "note,C3,,,,new\n", "--json").json
    assert [(each["line"], each["event"]) for each in longer["recorded"]] == [(4, "note")]
    assert [events(stage, debtor) for debtor in ("C1", "C2")] == before


def test_a_file_that_is_half_bad_writes_nothing_and_says_all_that_is_bad(stage):
    before = stage.bytes_of()["relance.db"]
    said = fed(
        stage,
        "event,debtor,number,until,amount,outcome,note\n"
        "promise,,F1,2026-04-30,,,\n"
        "promise,,F2,30/02/2026,,,\n"
        "promise,,F2,,,,\n"
        "note,C99,,,,,hello\n"
        "promise,,F3,2026-04-30,90.01,,\n"
        "call,C1,,,,sleeping,\n"
        "note,C1,,,=1+1,,\n"
        "smile,C1,,,,,\n",
    )
    assert said.code == 3
    assert stage.bytes_of()["relance.db"] == before
    assert [fault for fault in faults(said) if "C99" not in fault] == [
        "3 D152 until: 30/02/2026 is not a date",
        "4 D153 promise: until is needed",
        "6 D141 promise: 90.01 EUR is more than what is open, 90.00",
        "7 D152 outcome: sleeping is not an outcome",
        "8 D152 amount: =1+1 is not an amount",
        "8 D153 note: note is needed",
        "9 D152 event: smile is not an event",
    ]
    [unknown] = [fault for fault in faults(said) if "C99" in fault]
    assert unknown.startswith("5 ")


def test_an_id_is_recorded_once_whatever_it_says_the_second_time(stage):
    assert fed(stage, "event,debtor,note,id\nnote,C1,first,crm-1\n").code == 0
    changed = fed(stage, "event,debtor,note,id\nnote,C1,second,crm-1\n")
    assert changed.code == 3
    assert "`id` crm-1 said something else before (#" in changed.err
    other = fed(stage, "event,debtor,note,id\nnote,C1,first,crm-1\nnote,C1,first,crm-2\n", "--json")
    assert [each["id"] for each in other.json["recorded"]] == ["crm-2"]
    assert [event["reason"] for event in events(stage, "C1")] == ["first", "first"]


def test_a_task_that_two_rows_end_or_that_was_done_before_is_refused(stage):
    first, second = task_of(stage, "C1"), task_of(stage, "C2")
    assert stage("tasks", "done", str(second), "--outcome", "refused", "--date", DAY).code == 0
    said = fed(stage, f"task,outcome,debtor\n{first},no_answer,\n{first},refused,\n{first},done,\n{second},done,\n{first},done,C3\n7x,done,\n")  # fmt: skip
    assert said.code == 3
    *wrong, ended = sorted(faults(said), key=lambda fault: " D150 " in fault)
    assert wrong == [
        f"4 D152 task: {first} is not open: a row before ends it",
        f"6 D152 task: {first} is not a task about this debtor",
        "7 D152 task: 7x is not the number of a task",
    ]
    assert ended.startswith(f"5 D150 task {second} was done on")


def test_a_formula_in_a_note_is_text_and_leaves_as_text(stage):
    formula = '=HYPERLINK("http://evil.example";"x")'
    quoted = formula.replace('"', '""')
    assert fed(stage, f'event;number;note\ntask;F1;"{quoted}"\n').code == 0
    shown = stage("tasks", "--json", "--date", DAY).json["tasks"]
    assert formula in [task["subject"] for task in shown]
    out = stage.root.parent / "list.csv"
    assert stage("tasks", "-o", str(out), "--date", DAY).code == 0
    assert "'=HYPERLINK" in out.read_text("utf-8-sig")


def test_a_program_feeds_json_with_numbers_and_line_breaks(stage):
    rows = [
        {"event": "promise", "number": "F1", "until": "2026-04-30", "amount": 100.5, "id": 7},
        {"event": "note", "debtor": "C2", "note": "first line\nsecond", "by": None},
    ]
    assert fed(stage, json.dumps(rows), name="said.json").code == 0
    assert events(stage, "C1")[0]["amount"] == 10050
    again = fed(stage, json.dumps({"events": rows}), "--json", name="other.json").json
    assert (again["recorded"], len(again["known"])) == ([], 2)


@pytest.mark.parametrize(
    "content", ['{"event": "note"}', "[1]", '[{"note": {"a": 1}}]', '[{"event": true}]', "[{", "[" * 99_999]
)  # fmt: skip
def test_json_that_is_no_list_of_rows_is_refused_with_the_form_that_is(stage, content):
    said = fed(stage, content, name="said.json")
    assert said.code == 3
    assert "is no list of rows" in said.err


@pytest.mark.parametrize(
    ("content", "named"),
    [
        ("event,debtor,colour\nnote,C1,red\n", "colour"),
        ("event,debtor,client,note\nnote,C1,C2,x\n", "debtor, client"),
        ("event,debtor,note\nnote,C1,x,and more\n", "…"),
    ],
)
def test_cells_that_no_column_explains_refuse_the_file(stage, content, named):
    said = fed(stage, content)
    assert said.code == 3
    assert f"this means nothing here, or stands twice: {named}" in said.err


def test_dry_run_says_what_would_be_recorded_and_leaves_all_as_it_was(stage):
    before = stage.bytes_of()
    said = fed(stage, "event,debtor,note\nnote,C1,x\n", "--dry-run")
    assert said.code == 0
    assert "To record: note 1." in said.out + said.err
    assert stage.bytes_of() == before


def test_what_cannot_be_read_is_said(stage):
    for said, why in (
        (stage("feed", "nowhere.csv", "--date", DAY), "nowhere.csv"),
        (fed(stage, b"event,debtor\n\0\0,C1\n"), "NUL"),
        (fed(stage, b""), "empty"),
    ):
        assert (said.code, why in said.err) == (3, True), said


def test_a_day_to_come_is_no_day_of_what_was_said(stage):
    said = fed(stage, "event,debtor,note,date\nnote,C1,x,2026-04-15\n")
    assert said.code == 3
    assert "date: 2026-04-15 is not a date until today" in said.err


def test_outcomes_of_tasks_come_from_excel_in_french_too(stage):
    rows = f"number;outcome;note\r\n{task_of(stage, 'C1')};refused;Société fermée\r\n"
    (stage.root.parent / "o.csv").write_bytes(rows.encode("cp1252"))
    assert stage("tasks", "import", str(stage.root.parent / "o.csv"), "--date", DAY).code == 0
    assert events(stage, "C1")[0]["reason"] == "Société fermée"


def test_blank_lines_before_the_headings_are_passed_over(stage):
    assert fed(stage, "\r\n\nevent;debtor;note\nnote;C1;called back, all well\n").code == 0
    [note] = stage("note", "list", "--json").json["notes"]
    assert note["text"] == "called back, all well"


def test_a_quote_that_is_never_closed_is_told_as_such(stage):
    said = fed(stage, 'event,debtor,note\nnote,C1,"' + "x" * 140_000 + "\n")
    assert said.code == 3
    assert "field larger than field limit" in said.err
    assert stage("note", "list", "--json").json["notes"] == []
