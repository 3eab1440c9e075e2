"""Handovers over real runs: proposed, accepted, dunning held, dossiers, results, and what goes wrong."""

from __future__ import annotations

import csv
import hashlib
import io
import shutil
import zipfile
from pathlib import Path
from typing import Any

import pytest

from .stage import Stage, new_stage

LEVELS = [
    {"id": "reminder-1", "days": 5, "channel": "email", "template": "reminder"},
    {
        "id": "formal-notice",
        "days": 20,
        "channel": "letter",
        "template": "formal-notice",
        "mandatory": True,
    },
    {"id": "collection", "days": 40, "channel": "task", "handover": "recouvra"},
]
STEPS: list[dict[str, Any]] = [
    {"id": "recouvra", "kind": "agency", "name": "Recouvra", "days": 60, "next": "seconde"},
    {"id": "seconde", "kind": "agency", "name": "Seconde Chance", "days": 30, "next": "roy"},
    {"id": "roy", "kind": "lawyer", "name": "Me Roy"},
]
OPEN = (
    "F1,C1,2026-02-02,2026-03-04,1000.00,{0},EUR,invoice\n"
    "F2,C1,2026-04-02,2026-06-02,200.00,200.00,EUR,invoice\n"
    "A1,C1,2026-03-20,,-50.00,-50.00,EUR,credit_note"
)
REMINDED, FORMAL, DAY = "2026-03-20", "2026-03-27", "2026-04-13"


def staged(root: Path, steps: list[dict[str, Any]] = STEPS, **given: Any) -> Stage:
    """Return a project whose invoice F1 was reminded, formally noticed, and is to be handed over."""
    policy = {"handovers": steps, **given.pop("policy", {})}
    stage = new_stage(
        root,
        {
            "open": OPEN.format("1000.00"),
            "policy": policy,
            "procedures": {"standard": {"levels": LEVELS}},
            **given,
        },
    )
    for day in (REMINDED, FORMAL, DAY):
        assert stage("run", "--date", day).code == 0
    return stage


@pytest.fixture
def stage(tmp_path_factory: pytest.TempPathFactory) -> Stage:
    """Return the project of `staged`, made once: a history belongs to its path, so that it stays there."""
    base = tmp_path_factory.getbasetemp() / "handovers"
    root, kept = base / "project", base / "kept"
    if not kept.exists():
        staged(root)
        shutil.copytree(root, kept)
    shutil.rmtree(root)
    shutil.copytree(kept, root)
    return Stage(root)


def handover(stage: Stage, *words: str, day: str = DAY) -> Any:
    said = stage("handover", *words, "--json", "--date", day)
    assert said.code == 0, said
    return said.json


def refused(stage: Stage, *words: str, day: str = DAY) -> list[str]:
    said = stage("handover", *words, "--json", "--date", day)
    assert said.code == 2, said
    return [found["code"] for found in said.json["diagnostics"]]


def given(stage: Stage, subject: str = "C1", day: str = DAY, *more: str) -> Any:
    return handover(stage, "give", subject, *more, day=day)


def tasks(stage: Stage, day: str) -> dict[str, str]:
    return {task["kind"]: task["subject"] for task in stage.plan(day)["tasks"]}


def paid(stage: Stage, left: str) -> None:
    stage.sales(OPEN.format(left))


def archive(made: Any, stage: Stage) -> zipfile.ZipFile:
    return zipfile.ZipFile(stage.root / made["file"])


def shown(stage: Stage, day: str = DAY, *more: str) -> Any:
    return handover(stage, "list", *more, day=day)["cases"]


# The cascade


def test_a_level_proposes_it_and_nothing_leaves_before_a_person_accepts(stage: Stage):
    [proposed] = handover(stage, "list")["proposed"]
    assert (proposed["to"], proposed["numbers"], proposed["open"]) == (
        "recouvra",
        ["F1"],
        "1000.00",
    )
    assert stage.verdict("F1", "2026-04-14") == "complete"
    assert not (stage.root / "out/dossiers").exists()

    made = handover(stage, "accept", str(proposed["task"]))

    assert (made["numbers"], made["to"], made["until"]) == (["F1"], "recouvra", "2026-06-12")
    assert stage.verdict("F1", "2026-04-14") == "handed_over"
    assert handover(stage, "list")["proposed"] == []
    assert stage("tasks", "--json", "--date", DAY).json["tasks"] == []


def test_an_invoice_that_falls_due_later_goes_on_being_dunned(stage: Stage):
    given(stage)
    assert stage.verdict("F2", "2026-06-08") == "act"
    assert stage.verdict("F1", "2026-06-08") == "handed_over"


def test_when_their_days_are_over_a_task_names_the_next_and_the_hold_stays(stage: Stage):
    given(stage)
    assert stage.verdict("F1", "2026-06-12") == "handed_over"
    assert "handover_over" not in tasks(stage, "2026-06-12")
    subject = tasks(stage, "2026-06-15")["handover_over"]
    assert "Seconde Chance" in subject
    assert stage("run", "--date", "2026-06-15").code == 0
    assert stage.verdict("F1", "2026-06-16") == "handed_over"
    assert shown(stage, "2026-06-16")[0]["state"] == "over"


def test_it_goes_on_to_the_second_and_to_the_third(stage: Stage):
    given(stage)
    second = handover(stage, "next", "C1", day="2026-06-15")
    third = handover(stage, "next", "C1", day="2026-07-20")
    assert (second["to"], second["until"], third["to"]) == ("seconde", "2026-07-15", "roy")
    states = [(case["to"], case["state"]) for case in shown(stage, "2026-07-20", "--all")]
    assert states == [("recouvra", "returned"), ("seconde", "returned"), ("roy", "out")]
    assert refused(stage, "next", "C1", day="2026-07-21") == ["D165"]


def test_passing_on_takes_along_what_was_there_and_nothing_else(stage: Stage):
    given(stage)
    for day in ("2026-06-08", "2026-06-29"):
        assert stage("run", "--date", day).code == 0
    assert handover(stage, "next", "C1", day="2026-06-29")["numbers"] == ["F1"]


def test_who_does_not_take_it_is_passed_over(tmp_path: Path):
    small = [
        {**STEPS[0], "when": {"open": {"max": 500}}},
        {**STEPS[1], "segments": "others"},
        STEPS[2],
    ]
    segments = [
        {"name": "others", "procedure": "standard", "when": {"country": "BE"}},
        {"name": "standard", "procedure": "standard"},
    ]
    stage = staged(tmp_path / "p", small, policy={"segments": segments})
    assert handover(stage, "list")["proposed"][0]["to"] == "roy"
    assert refused(stage, "give", "C1", "--to", "recouvra") == ["D168", "D169"]
    assert given(stage)["to"] == "roy"


def test_what_came_back_is_dunned_again_by_its_level(stage: Stage):
    given(stage)
    made = handover(stage, "return", "F1", day="2026-05-04")
    assert (made["numbers"], made["next"]) == (["F1"], "seconde")
    assert stage.verdict("F1", "2026-05-05") == "complete"
    assert refused(stage, "return", "C1", day="2026-05-05") == ["D170"]


def test_a_claim_that_was_paid_comes_back_and_nobody_is_written_to(stage: Stage):
    given(stage)
    paid(stage, "0.00")
    assert stage("run", "--date", "2026-05-04").code == 0
    sent = stage.outbox()
    handover(stage, "return", "C1", day="2026-05-05")
    for day in ("2026-05-05", "2026-05-25"):
        assert stage.verdict("F1", day) == "settled"
        assert {"handover", "handover_over"} & set(tasks(stage, day)) == set()
        assert stage("run", "--date", day).code == 0
    assert stage.outbox() == sent


def test_a_payment_that_bounces_after_the_return_is_dunned_from_the_beginning(stage: Stage):
    given(stage)
    paid(stage, "0.00")
    assert stage("run", "--date", "2026-05-04").code == 0
    handover(stage, "return", "C1", day="2026-05-05")
    paid(stage, "1000.00")
    [notice] = stage.plan("2026-05-11")["notices"]
    assert [(line["number"], line["level"]) for line in notice["receivables"]] == [
        ("F1", "reminder-1")
    ]


def test_an_agency_that_brings_part_of_it_gives_back_the_rest(stage: Stage):
    given(stage)
    handover(stage, "result", "C1", "--collected", "400.00", "--fee", "60.00", day="2026-05-04")
    paid(stage, "600.00")
    made = handover(stage, "next", "C1", day="2026-05-05")
    assert (made["to"], made["numbers"]) == ("seconde", ["F1"])
    [case] = shown(stage, "2026-05-05")
    assert (case["to"], case["open"]) == ("seconde", "600.00")


# What cannot be handed over


def test_what_nobody_reminded_of_is_not_handed_over(stage: Stage):
    assert refused(stage, "give", "F2", day="2026-06-03") == ["D167", "D169"]


def test_what_is_not_due_promised_or_in_a_plan_is_not(stage: Stage):
    assert refused(stage, "give", "F2") == ["D166", "D169"]
    assert stage("promise", "F1", "--until", "2026-04-20", "--date", DAY).code == 0
    said = stage("handover", "give", "C1", "--json", "--date", DAY).json
    assert "promised" in said["diagnostics"][0]["message"]


@pytest.mark.parametrize(
    ("words", "verdict"),
    [
        (["dispute", "open", "F1", "--amount", "0.01"], "disputed"),
        (["offer", "make", "F1", "--percent", "2", "--until", "2026-04-20"], "offered"),
    ],
)
def test_what_is_disputed_in_part_or_offered_for_less_stays_with_us(
    stage: Stage, words: list[str], verdict: str
):
    assert stage(*words, "--date", DAY).code == 0
    said = stage("handover", "give", "F1", "--json", "--date", DAY)
    assert said.code == 2
    assert f"`{verdict}`" in said.json["diagnostics"][0]["message"]


def test_a_dispute_of_a_part_is_told_to_those_who_collect(stage: Stage):
    given(stage)
    assert stage("dispute", "open", "F1", "--amount", "10", "--date", "2026-04-14").code == 0
    assert "F1" in tasks(stage, "2026-04-15")["tell_agency"]


def test_only_accept_takes_the_number_of_a_task(stage: Stage):
    [proposed] = handover(stage, "list")["proposed"]
    assert refused(stage, "give", str(proposed["task"])) == ["D169"]
    assert not (stage.root / "out/dossiers").exists()


def test_a_disputed_invoice_goes_to_no_agency_but_to_a_lawyer(stage: Stage):
    assert stage("dispute", "open", "F1", "--date", DAY).code == 0
    assert refused(stage, "give", "F1") == ["D166", "D169"]
    said = given(stage, "F1", DAY, "--to", "roy")
    assert said["numbers"] == ["F1"]
    assert [found["code"] for found in said["diagnostics"]] == ["T013"]
    assert "sheet.pdf" not in archive(said, stage).namelist()


def test_proceedings_before_bar_it(stage: Stage):
    opened = ("open", "C1", "--published", "2026-04-09", "--date", DAY)
    assert stage("insolvency", *opened).code == 0
    assert refused(stage, "give", "C1") == ["D166", "D169"]


def test_what_is_there_already_is_not_given_twice(stage: Stage):
    given(stage)
    assert refused(stage, "give", "C1") == ["D166", "D169"]
    assert refused(stage, "give", "C1", "--to", "seconde") == ["D166", "D169"]


# Money, and what happens meanwhile


def test_a_payment_to_us_meanwhile_is_told_to_them_once_per_amount(stage: Stage):
    given(stage)
    paid(stage, "600.00")
    assert "400,00 EUR" in tasks(stage, "2026-05-04")["tell_agency"]
    assert stage("run", "--date", "2026-05-04").code == 0
    assert "tell_agency" not in tasks(stage, "2026-05-05")
    paid(stage, "0.00")
    assert "1000,00 EUR" in tasks(stage, "2026-05-05")["tell_agency"]
    assert stage("run", "--date", "2026-05-05").code == 0
    open_tasks = stage("tasks", "--json", "--date", "2026-05-06").json["tasks"]
    assert [task["kind"] for task in open_tasks if task["kind"] == "tell_agency"] == [
        "tell_agency"
    ] * 2
    [case] = shown(stage, "2026-05-06")
    assert (case["state"], case["open"], case["unreported"]) == ("paid", "0.00", "1000.00")


def test_what_they_reported_themselves_is_not_told_to_them(stage: Stage):
    given(stage)
    handover(stage, "result", "C1", "--collected", "400.00", "--fee", "60.00", day="2026-05-04")
    paid(stage, "600.00")
    assert "tell_agency" not in tasks(stage, "2026-05-05")
    paid(stage, "500.00")
    assert shown(stage, "2026-05-05")[0]["unreported"] == "100.00"
    assert "tell_agency" in tasks(stage, "2026-05-05")


def test_partial_results_add_up_to_the_cent_and_never_to_more_than_was_given(stage: Stage):
    given(stage)
    for amount, fee in (("333.33", "50.00"), ("333.33", "50.01")):
        made = handover(stage, "result", "C1", "--collected", amount, "--fee", fee)
    assert (made["net"], made["collected_in_all"]) == ("283.32", "666.66")
    [case] = shown(stage)
    assert (case["collected"], case["fees"]) == ("666.66", "100.01")
    assert refused(stage, "result", "C1", "--collected", "333.35") == ["D172"]
    assert refused(stage, "result", "C1", "--collected", "1.001") == ["D172"]
    assert handover(stage, "result", "C1", "--collected", "333.34")["collected_in_all"] == "1000.00"


def reported(stage: Stage, rows: str, day: str = "2026-05-04") -> Any:
    """Hand in what an agency reports in its spreadsheet."""
    path = stage.root.parent / "recouvra.csv"
    path.write_text(f"événement;n° facture;montant;honoraires\n{rows}", encoding="cp1252")
    return stage("feed", str(path), "--date", day)


def test_an_agency_reports_in_a_spreadsheet_and_the_same_one_again_changes_nothing(stage: Stage):
    case = given(stage)["case"]
    rows = f"encaissé;F1;333,33;50\nencaissé;{case};666,67;\n"

    assert reported(stage, rows).code == 0
    [one] = shown(stage, "2026-05-04")
    assert (one["collected"], one["fees"]) == ("1000.00", "50.00")
    assert reported(stage, rows, "2026-05-05").code == 0
    assert shown(stage, "2026-05-05")[0]["collected"] == "1000.00"


@pytest.mark.parametrize(
    ("rows", "code"),
    [
        ("encaissé;F1;600;\nencaissé;F1;400,01;\n", "D172"),
        ("encaissé;F1;600;\nencaissé;F9;10;\n", "D170"),
        ("encaissé;F1;600;\nencaissé;F1;;\n", "D153"),
        ("encaissé;F1;600;\nencaissé;;10;\n", "D153"),
        ("encaissé;F1;600;dix\n", "D152"),
    ],
)
def test_a_report_with_one_wrong_row_is_refused_whole(stage: Stage, rows: str, code: str):
    given(stage)
    said = reported(stage, rows)
    assert (said.code, f"error[{code}]" in said.err) == (3, True), said
    assert shown(stage, "2026-05-04")[0]["collected"] == "0.00"


def test_a_result_is_told_as_its_reader_writes_sums(stage: Stage):
    given(stage)
    words = ("C1", "--collected", "400.00", "--fee", "60.00", "--lang", "fr", "--date", DAY)
    said = stage("handover", "result", *words)
    assert said.code == 0, said
    assert "400,00 EUR" in said.err.replace("\u00a0", " ")
    assert "340,00 EUR" in said.err.replace("\u00a0", " ")


def test_a_result_comes_after_the_debtor_paid_us_and_after_the_return(stage: Stage):
    given(stage)
    paid(stage, "0.00")
    assert handover(stage, "return", "C1", day="2026-05-04")["next"] is None
    assert stage.verdict("F1", "2026-05-05") == "settled"
    made = handover(stage, "result", "C1", "--fee", "25.00", day="2026-05-05")
    assert (made["collected"], made["net"]) == ("0.00", "-25.00")
    assert shown(stage, "2026-05-05") == []
    [case] = shown(stage, "2026-05-05", "--all")
    assert (case["state"], case["fees"]) == ("returned", "25.00")


def test_an_invoice_that_leaves_the_export_meanwhile_is_asked_about(stage: Stage):
    given(stage)
    stage.sales(OPEN.format("1000.00").partition("\n")[2])
    assert "F1" in tasks(stage, "2026-05-04")["tell_agency"]


def test_proceedings_meanwhile_are_told_and_the_claim_is_to_be_declared(stage: Stage):
    given(stage)
    words = ("open", "C1", "--published", "2026-05-04", "--date", "2026-05-04")
    assert stage("insolvency", *words).code == 0
    made = tasks(stage, "2026-05-05")
    assert {"tell_agency", "declare_claim"} <= set(made)
    assert stage("run", "--date", "2026-05-05").code == 0
    assert stage.verdict("F1", "2026-05-06") == "insolvent"
    assert shown(stage, "2026-05-06")[0]["state"] == "insolvent"


def test_a_dispute_meanwhile_is_told_to_them(stage: Stage):
    given(stage)
    assert stage("dispute", "open", "F1", "--date", "2026-05-04").code == 0
    assert "tell_agency" in tasks(stage, "2026-05-05")


def test_what_was_recorded_without_an_addressee_is_a_case_too(stage: Stage):
    words = ("handover", "F1", "--reason", "bailiff", "--until", "2026-04-20", "--date", DAY)
    assert stage("record", *words).code == 0
    [case] = shown(stage)
    assert (case["to"], case["state"], case["numbers"]) == (None, "out", ["F1"])
    assert stage.verdict("F1", "2026-04-21") == "complete"  # its date ends it, as it always did


# The dossier


def test_the_dossier_has_all_that_proves_the_claim_and_says_what_is_missing(stage: Stage):
    made = given(stage)
    content = (stage.root / made["file"]).read_bytes()
    assert hashlib.sha256(content).hexdigest() == made["sha256"]
    with archive(made, stage) as opened:
        names = opened.namelist()
        index = list(csv.DictReader(io.StringIO(opened.read("index.csv").decode())))
        notices = list(csv.DictReader(io.StringIO(opened.read("notices.csv").decode())))
        for row in index:
            if row["file"]:
                assert hashlib.sha256(opened.read(row["file"])).hexdigest() == row["sha256"]
    assert {"index.pdf", "statement.pdf", "interest.pdf", "history.csv"} <= set(names)
    assert names == sorted(names)
    assert [row["about"] for row in index if row["kind"] == "missing"] == ["F1"]
    assert made["missing"] == ["F1"]
    assert [(row["level"], row["state"]) for row in notices] == [
        ("reminder-1", "sent"),
        ("formal-notice", "sent"),
    ]
    assert all(row["file"] in names for row in notices)
    assert notices[0]["message_id"].startswith("<relance.")
    assert stage("history", "verify", "--date", DAY).code == 0


def test_a_notice_in_the_dossier_is_the_one_that_left_byte_for_byte(stage: Stage):
    made = given(stage)
    left = {path.read_bytes() for path in stage.outbox()}
    with archive(made, stage) as opened:
        kept = [opened.read(n) for n in opened.namelist() if n.startswith("notices/")]
    assert len(kept) == 2
    assert set(kept) <= left


def test_invoices_come_from_notes_and_only_if_they_did_not_change(stage: Stage):
    stage.write("scans/invoice F1.pdf", "%PDF the invoice")
    stage.write("scans/slip.txt", "delivered")
    for name in ("invoice F1.pdf", "slip.txt"):
        words = ("F1", "signed", "--attach", str(stage.root / "scans" / name), "--date", DAY)
        assert stage("note", "add", *words).code == 0
    first = handover(stage, "dossier", "C1", "-o", str(stage.root / "first.zip"))
    kinds = {part["kind"]: part["file"] for part in first["parts"]}
    assert kinds["invoice"] == "invoices/F1.pdf"
    assert kinds["document"].startswith("documents/F1")
    assert "missing" not in kinds
    stage.write("scans/invoice F1.pdf", "%PDF another one")
    second = handover(stage, "dossier", "C1", "-o", str(stage.root / "second.zip"))
    assert "missing" in {part["kind"] for part in second["parts"]}


def test_the_same_claim_on_the_same_day_gives_the_same_bytes(stage: Stage):
    one, two = stage.root / "1.zip", stage.root / "2.zip"
    handover(stage, "dossier", "C1", "-o", str(one))
    handover(stage, "dossier", "C1", "-o", str(two))
    assert one.read_bytes() == two.read_bytes()
    assert handover(stage, "list")["cases"] == []
    assert stage("handover", "dossier", "C1", "-o", str(one), "--date", DAY).code == 2


def test_names_of_debtors_and_invoices_lead_nowhere_and_are_no_formulas(tmp_path: Path):
    number, debtor = "../=F 1/é", "=C 1/.."
    rows = f"{number},{debtor},2026-02-02,2026-03-04,1000.00,1000.00,EUR,invoice"
    customer = f'{debtor},"=HYPERLINK(""x"") <b>&",business,FR,fr,c1@client.example,1 rue Haute,75001,Paris'
    stage = staged(tmp_path / "p", open=rows, customers=customer)
    made = given(stage, debtor)
    assert Path(made["file"]).parent == stage.root / "out/dossiers"
    with archive(made, stage) as opened:
        assert all(".." not in name and not name.startswith("/") for name in opened.namelist())
        text = opened.read("index.csv").decode()
    assert not any(cell.startswith("=") for row in csv.reader(io.StringIO(text)) for cell in row)


def test_notes_and_tasks_stay_in_the_house(stage: Stage):
    words = ("C1", "he is a liar", "--date", DAY)
    assert stage("note", "add", *words).code == 0
    with archive(given(stage), stage) as opened:
        told = opened.read("history.csv")
    assert b"reminder-1" in told
    assert b"liar" not in told
    assert b"collection" not in told


# Sending


def sending(tmp_path: Path, **policy: Any) -> Stage:
    step = {**STEPS[0], "email": "dossiers@recouvra.example", "channel": "email"}
    return staged(tmp_path / "p", [step, *STEPS[1:]], policy=policy)


def test_a_dossier_is_sent_by_the_channel_of_the_step(tmp_path: Path):
    stage = sending(tmp_path)
    before = set(stage.outbox())
    made = given(stage)
    [mail] = set(stage.outbox()) - before
    text = mail.read_text()
    assert "To: dossiers@recouvra.example" in text
    assert "application/zip" in text
    assert "Client C1" not in text  # it stands in the file, and not on the way
    types = [e["type"] for e in stage("history", "--json", "--date", DAY).json["events"]]
    assert types[0] == "handover_sent"
    assert made["diagnostics"] == []


def test_what_could_not_be_sent_is_handed_over_all_the_same_and_sent_again(tmp_path: Path):
    stage = sending(tmp_path)
    assert stage("pause", "--reason", "moving", "--date", DAY).code == 0
    said = stage("handover", "give", "C1", "--json", "--date", DAY)
    assert said.code == 1
    assert [found["code"] for found in said.json["diagnostics"]] == ["D174"]
    assert stage("resume", "--date", DAY).code == 0
    assert stage.verdict("F1", "2026-04-14") == "handed_over"
    assert handover(stage, "send", "C1")["diagnostics"] == []
    Path(said.json["file"]).write_bytes(b"another")
    assert stage("handover", "send", "C1", "--date", DAY).code == 2


def test_in_a_test_nobody_outside_gets_a_dossier(tmp_path: Path):
    smtp = {"kind": "smtp", "host": "127.0.0.1", "port": 9, "from": "compta@dubreuil.example"}
    policy = {"environment": "test", "test_recipients": ["me@dubreuil.example"]}
    step = {**STEPS[0], "email": "dossiers@recouvra.example", "channel": "outside"}
    stage = staged(
        tmp_path / "p", [step, *STEPS[1:]], policy={**policy, "channels": {"outside": smtp}}
    )
    said = stage("handover", "give", "C1", "--json", "--date", DAY)
    assert said.code == 1
    assert "test_recipients" in said.json["diagnostics"][0]["message"]


# Data sheets


def sheet(stage: Stage, *words: str, day: str = DAY) -> Any:
    target = stage.root / f"sheet-{len(list(stage.root.iterdir()))}.pdf"
    return stage("handover", "sheet", *words, "-o", str(target), "--json", "--date", day)


def test_the_order_for_payment_has_principal_interest_and_indemnity(stage: Stage):
    made = sheet(stage, "C1", "--sheet", "fr-order").json
    totals = made["claim"]["totals"]["EUR"]
    assert (totals["principal"], totals["compensation"]) == ("1000.00", "40.00")
    assert totals["interest"] == "13.32"
    assert made["formal_notice"] == FORMAL
    assert made["court_until"] == "2031-03-04"
    assert [notice["level"] for notice in made["notices"]] == ["reminder-1", "formal-notice"]
    assert [path for path in stage.root.glob("sheet-*.pdf") if path.read_bytes()[:4] == b"%PDF"]


def test_a_dossier_for_a_lawyer_carries_the_data_sheet(stage: Stage):
    with archive(given(stage, "C1", DAY, "--to", "roy"), stage) as opened:
        assert opened.read("sheet.pdf").startswith(b"%PDF")


BARRED = {
    "disputed": (["dispute", "open", "F1"], "fr-order", DAY),
    "disputed in part": (["dispute", "open", "F1", "--amount", "10"], "fr-order", DAY),
    "insolvent": (["insolvency", "open", "C1"], "fr-order", DAY),
    "too late": ([], "fr-order", "2031-03-05"),
    "no Belgian": ([], "be-undisputed", DAY),
}


@pytest.mark.parametrize("case", BARRED)
def test_the_sheet_is_refused_where_the_law_bars_the_procedure(stage: Stage, case: str):
    words, name, day = BARRED[case]
    if words:
        assert stage(*words, "--date", DAY).code == 0
    said = sheet(stage, "F1", "--sheet", name, day=day)
    assert said.code == 2
    assert [found["code"] for found in said.json["diagnostics"]] == ["D173"]


def test_small_claims_end_at_their_ceiling_of_principal_and_interest(tmp_path: Path):
    rows = "F1,C1,2026-02-02,2026-03-04,{0},{0},EUR,invoice"
    stage = staged(tmp_path / "p", open=rows.format("4900.00"))
    assert sheet(stage, "C1", "--sheet", "fr-small-claims").code == 0
    stage.sales(rows.format("4999.99"))
    said = sheet(stage, "C1", "--sheet", "fr-small-claims")
    assert said.code == 2
    assert "error[D173]" in said.err
    assert "more than 5,000 EUR" in said.err


def belgian(tmp_path: Path, kind: str = "business", number: str = "0403170701") -> Stage:
    creditor = {"country": "BE", "registration": "0403170701"}
    header = "id,name,kind,country,language,email,address,postcode,city,registration\n"
    customer = f"C1,Client 1,{kind},BE,fr,c1@client.example,1 rue Haute,1000,Bruxelles,{number}"
    return staged(tmp_path / "p", customers=header + customer, policy={"creditor": creditor})


def test_undisputed_debts_between_belgian_firms_claim_a_tenth_beside_the_principal(tmp_path: Path):
    stage = belgian(tmp_path)
    made = sheet(stage, "C1", "--sheet", "be-undisputed", day="2026-12-15")
    claimed = made.json["claimed"] if made.code == 0 else made
    assert claimed["accessories_claimed"] == "120.00"  # a tenth of the 1200.00 that are late
    assert claimed["accessories"] == "173.56"
    assert claimed["total"] == "1320.00"


@pytest.mark.parametrize(
    ("kind", "reason"),
    [("consumer", "it is for claims between firms"), ("business", "both must be registered")],
)
def test_it_is_not_for_persons_nor_for_the_unregistered(tmp_path: Path, kind: str, reason: str):
    said = sheet(belgian(tmp_path, kind, ""), "C1", "--sheet", "be-undisputed")
    assert said.code == 2
    assert "error[D173]" in said.err
    assert reason in said.err


# Personal data, and the screen


def test_what_is_erased_leaves_no_name_in_the_record_of_handovers(stage: Stage):
    given(stage, "C1", DAY, "--reason", "moved to Lyon")
    assert stage("gdpr", "erase", "C1", "--although-open", "--confirm", "--date", DAY).code == 0
    assert stage("history", "verify", "--date", DAY).code == 0
    entries = stage("history", "--json", "--date", DAY).out
    assert "Lyon" not in entries
    assert "Recouvra" not in entries


def test_the_tables_fit_eighty_columns(stage: Stage, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("COLUMNS", "80")
    waiting = stage("handover", "--date", DAY).out
    given(stage)
    handover(stage, "result", "C1", "--collected", "333.33", "--fee", "50.00")
    for text in (waiting, stage("handover", "--date", DAY).out, stage("handover", "show", "C1", "--date", DAY).out):  # fmt: skip
        assert "€1,000.00" in text
        assert max(map(len, text.splitlines())) <= 80


def test_who_is_meant_must_be_clear(stage: Stage):
    assert refused(stage, "show", "C9") == ["D170"]
    assert stage("handover", "accept", "C1", "--date", DAY).code == 2
    assert stage("handover", "accept", "1", "--date", DAY).code == 2
    assert stage("handover", "give", "--date", DAY).code == 2
