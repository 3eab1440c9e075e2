"""Hostile and careless input: a finding or a refusal with its place, never a fault."""

from __future__ import annotations

import csv
import email
import email.policy
import io
from pathlib import Path

import pytest

from .stage import CUSTOMERS, HEADER, Stage, new_stage, spawn, verdicts

ROW = ["F1", "C1", "2026-03-02", "2026-04-01", "100.00", "100.00", "EUR", "invoice"]
NAMES = (
    "A|B", "A B", "<b>x</b>", "{{7*7}}", "{% raw %}", "[red]x[/red]", "\u202eabc", "\x1b[31mred",
    "'; DROP TABLE events", "../../etc", "=1+1", "C\u00a01", "é", "a" * 300, "日本", "{x}", "%s",
    "\\", "C:1", "0001", "1", "NULL", "nan", "TRUE", "1e5", "-1", "--json", '"q"', "a,b",
)  # fmt: skip


def written(header: str, rows: list[list[str]]) -> str:
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows([header.split(","), *rows])
    return text.getvalue()


@pytest.fixture
def stage(tmp_path: Path) -> Stage:
    return new_stage(tmp_path / "Société É")


def test_names_and_numbers_are_shown_as_they_are_and_do_nothing(stage: Stage) -> None:
    sales = [[f"{n}/{name}", name, *ROW[2:]] for n, name in enumerate(NAMES)]
    people = [
        [name, f"Sté {name}", "business", "FR", "fr", f"c{n}@client.example", "1 rue", "75001", "P"]
        for n, name in enumerate(NAMES)
    ]
    stage.write("ventes.csv", written(HEADER, sales))
    stage.write("customers.csv", written(CUSTOMERS, people))
    plan = stage("plan", "--json", "--date", "2026-04-08").json
    assert stage("approve", plan["plan_hash"], "--date", "2026-04-08").code == 0
    said = stage("run", "--date", "2026-04-08", "--all")
    assert said.code == 0, said.err
    mails = [
        email.message_from_bytes(p.read_bytes(), policy=email.policy.default)
        for p in stage.outbox()
    ]
    assert len(mails) == len(NAMES)
    templated = next(m for m in mails if m["To"] == "c3@client.example")
    for part in ("plain", "html"):
        body = templated.get_body((part,))
        assert body is not None
        assert "{{7*7}}" in body.get_content()
    marked_up = next(m for m in mails if m["To"] == "c2@client.example").get_body(("html",))
    assert marked_up is not None
    assert "<b>x</b>" not in marked_up.get_content()
    outputs = [said, stage("status"), stage("history"), stage("plan", "--date", "2026-04-30")]
    outputs.append(stage("explain", "--date", "2026-04-08", "--", "7/[31mred"))
    outputs.append(stage("explain", "--date", "2026-04-08", "--", "\x1b[31mred"))
    for out in outputs:
        assert "\x1b" not in out.out + out.err
        assert "\u202e" not in out.out + out.err
    assert stage("run", "--date", "2026-04-08").code == 0
    assert len(stage.outbox()) == len(NAMES)


CELLS = {
    "huge": (4, "99999999999999999999.99"), "exponent": (4, "1e3"), "infinite": (4, "inf"),
    "not a number": (4, "NaN"), "other digits": (4, "١٠٠"), "wide digits": (4, "１００"),
    "no amount": (4, ""), "other sign": (5, "-100.00"), "more decimals": (5, "100.0055"),
    "other date digits": (3, "٢٠٢٦-٠٤-٠١"), "no such day": (3, "2026-02-30"),
    "year 1": (3, "0001-01-01"), "year 9999": (3, "9999-12-31"), "year 1900": (3, "1900-01-01"),
    "unknown currency": (6, "ZZZ"), "unknown kind": (7, "banana"), "no number": (0, ""),
    "no debtor": (1, ""),
}  # fmt: skip


def test_a_row_that_cannot_be_read_is_told_with_its_line_and_stops_no_other(stage: Stage) -> None:
    rows = []
    for n, (column, text) in enumerate(CELLS.values(), start=100):
        rows.append([f"X{n}" if i == 0 else cell for i, cell in enumerate(ROW)])
        rows[-1][column] = text
    stage.write("ventes.csv", written(HEADER, [ROW, *rows]))
    plan = stage.plan("2026-04-08")
    assert verdicts(plan) == {"F1": "act"}
    told = {d["line"] for d in plan["diagnostics"] if d["file"] == "ventes.csv"}
    assert set(range(3, 3 + len(CELLS))) <= told


WHOLE = {
    "Windows": lambda t: ("\ufeff" + t).replace("\n", "\r\n").encode(),
    "old Macintosh": lambda t: t.replace("\n", "\r").encode(),
    "UTF-16": lambda t: t.encode("utf-16"),
    "Windows-1252": lambda t: t.replace("F1", "Fé").encode("cp1252"),
    "semicolons": lambda t: t.replace(",", ";").encode(),
    "tabs": lambda t: t.replace(",", "\t").encode(),
    "lower case": lambda t: t.replace("EUR", "eur").encode(),
}


def test_the_same_book_is_read_from_any_program(stage: Stage) -> None:
    text = written(HEADER, [ROW])
    for name, encode in WHOLE.items():
        (stage.root / "ventes.csv").write_bytes(encode(text))
        (notice,) = stage.plan("2026-04-08")["notices"]
        assert (notice["total_open"], notice["currency"]) == ("100.00", "EUR"), name


REFUSED = {
    "empty": b"", "blank": b"\n\n", "no row": HEADER.encode() + b"\n",
    "NUL": written(HEADER, [ROW]).replace("F1", "F\0").encode(),
    "cut": written(HEADER, [ROW]).encode()[:-12],
    "quote": written(HEADER, [ROW]).replace("F1", '"F1').encode(),
    "ragged": written(HEADER, [ROW, ROW[:3]]).encode(),
    "no column": b"number,debtor\nF1,C1\n",
}  # fmt: skip


def test_a_file_that_is_not_whole_is_refused(stage: Stage) -> None:
    for name, data in REFUSED.items():
        (stage.root / "ventes.csv").write_bytes(data)
        said = stage("plan", "--date", "2026-04-08")
        assert said.code == 3, name
        assert "ventes.csv" in said.err, name


def test_doubled_rows_and_shared_numbers_are_told_apart(stage: Stage) -> None:
    later = [*ROW[:3], "2026-05-01", "50.00", "50.00", *ROW[6:]]
    other_year = ["F1", "C1", "2025-03-02", "2025-04-01", "10.00", "10.00", *ROW[6:]]
    stage.write("ventes.csv", written(HEADER, [ROW, ROW, later, other_year]))
    plan = stage.plan("2026-04-08")
    assert plan["summary"] == {"receivables": 3, "act": 2, "not_due": 1}
    assert plan["notices"][0]["total_open"] == "110.00"
    assert 3 in [d["line"] for d in plan["diagnostics"]]
    assert stage("record", "block", "F1", "--date", "2026-04-08").code == 2


def test_nothing_is_recorded_that_a_later_run_cannot_read(stage: Stage) -> None:
    day = ("--date", "2026-04-08")
    for words in (
        ("promise", "F1", "--until", "9999-12-31"), ("promise", "F1"), ("block",),
        ("instalments", "F1", "--instalment", "9999-12-31=5"), ("instalments", "F1"),
        ("promise", "F1", "--until", "2026-05-01", "--amount", "1.005"),
        ("promise", "F1", "--until", "2026-05-01", "--amount", "1e99"),
        ("promise", "F1", "--until", "2026-05-01", "--amount", "-1"),
        ("block", "F9"), ("block", "--debtor", "C9"), ("settled", "--debtor", "C1"),
    ):  # fmt: skip
        assert stage("record", *words, *day).code == 2, words
    assert stage("adopt", "--yes", "--level", "nope", *day).code == 2
    assert stage.verdict("F1", "2026-04-08") == "act"


def test_poor_surroundings_change_nothing(stage: Stage) -> None:
    words = ("plan", "--json", "-C", str(stage.root), "--date", "2026-04-08")
    wanted = stage(*words[:2], *words[4:]).json
    poor = {"PYTHONIOENCODING": "ascii", "LC_ALL": "C", "HOME": "/nonexistent", "TZ": "Nowhere/X"}
    said = spawn(*words, cwd=stage.root.parent, **poor)
    assert (said.code, said.json) == (0, wanted)
