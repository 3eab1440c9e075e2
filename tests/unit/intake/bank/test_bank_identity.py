"""The same movement in several statements counts once."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from intake.conftest import policy
from relance.intake.reading import read

from .conftest import ReadBank, said_of
from .messages import OTHER, balance, details, entry, message, statement


def test_the_same_file_twice_counts_once(read_files: ReadBank) -> None:
    content = message(statement(entry("10"), entry("10")))
    frame, said, files = read_files({"a.xml": content, "b.xml": content})
    assert frame["amount"].to_list() == [1000, 1000]
    assert said_of(said, "I126") == ["b.xml: I126 has the same content as a.xml: read once"]
    assert [file.path for file in files] == ["a.xml", "b.xml"]


def test_overlapping_statements_count_what_they_share_once(read_files: ReadBank) -> None:
    one = message(statement(entry("10", ref="R1"), entry("20", ref="R2")))
    other = message(statement(entry("20", ref="R2"), entry("30", ref="R3")))
    frame, said, _ = read_files({"a.xml": one, "b.xml": other})
    assert sorted(frame["amount"]) == [1000, 2000, 3000]
    assert said_of(said, "I127") == [
        "b.xml: I127 1 movements stand in other files too: counted once"
    ]


def test_equal_movements_of_one_file_are_as_many_as_they_are(read_files: ReadBank) -> None:
    one = message(statement(entry("10"), entry("10")))
    other = message(statement(entry("10"), entry("10"), entry("10"), id="S2"))
    frame, _, _ = read_files({"a.xml": one, "b.xml": other})
    assert frame["amount"].to_list() == [1000, 1000, 1000]
    assert frame["movement"].is_unique().all()


def test_a_report_a_statement_and_a_notification_of_one_entry_are_one(read_files: ReadBank) -> None:
    told = details("<RmtInf><Ustrd>F-2026-042</Ustrd></RmtInf>")
    files = {
        "052.xml": message(statement(entry("10", ref="R1"), kind="Rpt"), version="052.001.02"),
        "053.xml": message(statement(entry("10", told, ref="R1")), version="053.001.08"),
        "054.xml": message(statement(entry("10", ref="R1"), kind="Ntfctn"), version="054.001.04"),
    }
    frame, _, _ = read_files(files)
    assert frame.select("amount", "text", "file").rows() == [(1000, "F-2026-042", "053.xml")]


def test_a_batch_told_whole_and_in_parts_counts_as_its_parts(read_files: ReadBank) -> None:
    whole = entry("100", "<Btch><NbOfTxs>2</NbOfTxs></Btch>", ref="R1")
    parts = entry("100", details(amount="70") + details(amount="30"), ref="R1")
    files = {
        "053.xml": message(statement(whole)),
        "054.xml": message(statement(parts, kind="Ntfctn"), version="054.001.02"),
    }
    frame, _, _ = read_files(files)
    assert sorted(frame["amount"]) == [3000, 7000]


def test_a_virtual_iban_that_one_file_tells_does_not_make_two(read_files: ReadBank) -> None:
    told = details(f"<RltdPties><CdtrAcct><Id><IBAN>{OTHER}</IBAN></Id></CdtrAcct></RltdPties>")
    files = {
        "053.xml": message(statement(entry("10", ref="R1"))),
        "054.xml": message(statement(entry("10", told, ref="R1"), kind="Ntfctn"), version="054.001.02"),
    }  # fmt: skip
    frame, _, _ = read_files(files)
    assert frame.select("amount", "account").rows() == [(1000, OTHER)]


def test_without_a_bank_reference_party_and_text_tell_movements_apart(read_files: ReadBank) -> None:
    def told(text: str) -> str:
        return entry("10", details(f"<RmtInf><Ustrd>{text}</Ustrd></RmtInf>"))

    one = message(statement(told("Facture  F-1"), told("F-2")))
    other = message(statement(told("FACTURE F1"), told("F-3"), id="S2"))
    frame, _, _ = read_files({"a.xml": one, "b.xml": other})
    assert frame.height == 3


def test_identities_do_not_depend_on_names_or_order_of_files(
    read_files: ReadBank, tmp_path: Path
) -> None:
    one, other = message(statement(entry("10"))), message(statement(entry("20")))
    first, _, _ = read_files({"a.xml": one, "b.xml": other})
    os.utime(tmp_path / "b.xml", (0, 0))
    again, _, _ = read_files({})
    assert first.equals(again)
    (tmp_path / "b.xml").unlink()
    renamed, _, _ = read_files({"0.xml": other})
    assert renamed["movement"].to_list() == first["movement"].to_list()
    assert first["movement"][0] == "4b4746f94d11b57073a6777c"


def test_a_statement_that_stands_twice_in_a_file_counts_once(read_files: ReadBank) -> None:
    told = statement(balance("OPBD", "0"), balance("CLBD", "10"), entry("10"))
    frame, said, _ = read_files({"a.xml": message(told, told)})
    assert frame["amount"].to_list() == [1000]
    assert not said_of(said, "I104")


def test_movements_before_the_source_begins_are_left_out(read_files: ReadBank) -> None:
    content = message(statement(entry("10", day="2026-10-31"), entry("20", day="2026-11-01")))
    frame, said, _ = read_files({"a.xml": content}, since="2026-11-01")
    assert frame["amount"].to_list() == [2000]
    assert said_of(said, "I129") == ["a.xml: I129 1 movements before 2026-11-01 left out"]


@pytest.mark.parametrize("names", [("a", "b"), ("b", "a")])
def test_sources_that_overlap_count_once_too(tmp_path: Path, names: tuple[str, str]) -> None:
    for name, amounts in (("a", ("10", "20")), ("b", ("20", "30"))):
        entries = [entry(amount, ref=f"R{amount}") for amount in amounts]
        (tmp_path / f"{name}.xml").write_bytes(message(statement(*entries)))
    (tmp_path / "v.csv").write_text("number;debtor;amount\nF1;C1;10\n")
    sources = [{"name": n, "kind": "bank", "path": f"{n}.xml"} for n in names]
    ventes = {"name": "ventes", "kind": "csv", "path": "v.csv"}
    reading = read(policy(tmp_path, [ventes, *sources]))
    assert sorted(reading.movements["amount"]) == [1000, 2000, 3000]
    assert not reading.refused
    assert [file.kind for file in reading.files] == ["csv", "bank", "bank"]
    assert reading.items.height == 1
