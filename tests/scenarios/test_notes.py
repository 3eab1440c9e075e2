"""Notes as a user keeps them: on debtors, invoices and notices, with files that may change."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from .stage import Stage, new_stage

DAY = ("--date", "2026-04-08")


@pytest.fixture
def stage(tmp_path: Path) -> Stage:
    sales = """
F1,C1,2026-03-02,2026-04-01,250.50,250.50,EUR,invoice
F2,C2,2026-03-02,2026-04-01,80.00,80.00,EUR,invoice
SAME,C1,2026-03-02,2026-04-01,10.00,10.00,EUR,invoice
SAME,C2,2026-03-02,2026-04-01,10.00,10.00,EUR,invoice
"""
    return new_stage(tmp_path / "p", {"open": sales})


def notes(stage: Stage, *about: str) -> list[str]:
    return [each["text"] for each in stage("note", "list", *about, "--json").json["notes"]]


def test_a_note_on_an_invoice_shows_in_explain_and_in_the_history(stage):
    said = stage("note", "add", "f 1", "pallet 3 broken", "--json", *DAY)
    assert (said.code, type(said.json["note"])) == (0, int)
    assert "pallet 3 broken" in stage("explain", "F1", *DAY).out
    assert "pallet 3 broken" not in stage("explain", "F2", *DAY).out
    assert "pallet 3 broken" in stage("history").out


def test_a_note_on_a_debtor_shows_with_each_of_its_invoices(stage):
    stage("note", "add", "C1", "pays by cheque", *DAY)
    assert "pays by cheque" in stage("explain", "F1", *DAY).out
    assert notes(stage, "C1") == ["pays by cheque"]
    assert notes(stage, "C2") == []


def test_a_note_on_a_notice_is_found_by_its_key(stage):
    stage("run", *DAY)
    (key,) = {e["dispatch"] for e in stage("history", "--debtor", "C1", "--json").json["events"]
              if e.get("dispatch")}  # fmt: skip
    assert stage("note", "add", key[:10], "came back", *DAY).code == 0
    (note,) = stage("note", "list", key[:10], "--json").json["notes"]
    assert (note["notice"], note["debtor"], note["item"]) == (key, "C1", None)


def test_an_attachment_is_kept_by_path_and_hash_and_its_change_is_told(stage):
    file = stage.root / "photo.jpg"
    file.write_bytes(b"pallet")
    stage("note", "add", "F1", "see the photo", "--attach", str(file), *DAY)
    (note,) = stage("note", "list", "--json").json["notes"]
    digest = hashlib.sha256(b"pallet").hexdigest()
    kept = {"path": "photo.jpg", "sha256": digest, "bytes": 6, "state": "as_attached"}
    assert note["attachments"] == [kept]
    file.write_bytes(b"another")
    said = stage("note", "list")
    assert "D135" in said.err
    assert "photo.jpg (changed)" in said.out
    file.unlink()
    assert "D136" in stage("debtor", "C1", *DAY).err


def test_a_number_that_two_debtors_use_needs_the_debtor(stage):
    assert "D132" in stage("note", "add", "SAME", "which?", *DAY).err
    assert stage("note", "add", "SAME", "this one", "--debtor", "C2", *DAY).code == 0
    assert notes(stage, "C2") == ["this one"]


def test_an_invoice_that_was_dunned_and_paid_long_ago_can_still_be_noted(stage):
    stage("run", *DAY)
    stage.sales("F2,C2,2026-03-02,2026-04-01,80.00,80.00,EUR,invoice")
    stage("run", "--date", "2026-04-20")
    assert stage("note", "add", "F1", "paid in the end", "--date", "2026-04-21").code == 0
    assert notes(stage, "F1") == ["paid in the end"]


def test_an_erased_debtor_has_no_notes_left(stage):
    stage("note", "add", "C1", "Mme Perrin is on leave", *DAY)
    assert stage("gdpr", "erase", "C1", "--confirm", "--although-open", *DAY).code == 0
    assert notes(stage) == []
    assert stage("history", "verify").code == 0


def test_what_is_no_subject_and_what_says_nothing_is_refused_and_not_recorded(stage):
    assert stage("note", "add", "NOPE", "x", *DAY).code == 2
    assert stage("note", "add", "C1", "  ", *DAY).code == 2
    assert stage("note", "add", "C1", "x", "--attach", "nothing.pdf", *DAY).code == 2
    assert stage("note", "add").code == 2
    assert notes(stage) == []
