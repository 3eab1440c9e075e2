"""Letters between the print folder and the post: what counts as printed, and which proof came back."""

from __future__ import annotations

import os
import shutil
from datetime import date
from pathlib import Path

import pytest

from relance.runs.opening import check
from relance.runs.printed import note_printed
from relance.runs.receipts import Receipt, record_receipt

WRITTEN = "2026-04-07"
CHANNEL = "{kind: letter, folder: out/letters, printed: out/printed, proof: receipt}"


@pytest.fixture
def letters(firm):
    firm.channels(letter=CHANNEL)
    firm.procedure("channel: email, template: reminder}", "channel: letter, template: reminder}")
    firm.run(WRITTEN)
    return firm


def written(firm) -> Path:
    [letter] = (firm.root / "out/letters").rglob("*.pdf")
    return letter


def tray(firm, below: str = "") -> Path:
    folder = firm.root / "out/printed" / below
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def events(firm, kind: str) -> list[dict]:
    with firm.history(readonly=True) as history:
        return [event for event in history.entries(100) if event["type"] == kind]


def codes(firm, day: str) -> list[str]:
    found = firm.dry(day).proposal.diagnostics
    return [d.code for d in found if d.code.startswith("C")]


def test_a_letter_moved_to_the_folder_is_recorded_as_printed_by_the_next_run_once(letters):
    shutil.move(written(letters), tray(letters))
    letters.run("2026-04-08")
    letters.run("2026-04-09")
    [event] = events(letters, "printed")
    assert event["date"] == "2026-04-08"
    assert event["debtor"] == "C1"
    assert event["detail"].endswith(".pdf")


def test_a_copy_in_the_folder_of_its_batch_counts_under_any_name(letters):
    shutil.copy(written(letters), tray(letters, WRITTEN) / "0001.PDF")
    letters.run("2026-04-08")
    assert [e["detail"] for e in events(letters, "printed")] == [f"{WRITTEN}/0001.PDF"]


def test_other_bytes_under_the_name_of_a_letter_count_for_nothing_and_are_told(letters):
    letter = written(letters)
    (tray(letters) / letter.name).write_bytes(letter.read_bytes() + b" ")
    letters.run("2026-04-08")
    assert events(letters, "printed") == []
    assert codes(letters, "2026-04-08") == ["C026"]


def test_as_many_other_bytes_count_for_nothing_either(letters):
    letter = written(letters)
    (tray(letters) / letter.name).write_bytes(letter.read_bytes()[::-1])
    assert codes(letters, "2026-04-08") == ["C026"]


def test_links_pipes_folders_and_other_files_are_passed_over(letters):
    letter, folder = written(letters), tray(letters)
    (folder / letter.name).symlink_to(letter)
    (folder / "below").symlink_to(letter.parent)
    os.mkfifo(folder / "pipe.pdf")
    (folder / "folder.pdf").mkdir()
    (folder / ".hidden.pdf").write_bytes(letter.read_bytes())
    (folder / "letter.txt").write_bytes(letter.read_bytes())
    letters.run("2026-04-08")
    assert events(letters, "printed") == []
    assert codes(letters, "2026-04-08") == []


def test_a_folder_that_leads_to_the_print_folder_is_not_watched(letters):
    letters.root.joinpath("out/printed").symlink_to(letters.root / "out/letters")
    letters.run("2026-04-08")
    assert events(letters, "printed") == []
    assert codes(letters, "2026-04-08") == ["C027"]


def test_a_letter_is_late_after_three_working_days_and_no_longer_once_printed(letters):
    # Written on a Tuesday: Wednesday, Thursday and Friday are left, Saturday does not count.
    assert [codes(letters, f"2026-04-{day}") for day in ("07", "10", "11", "13")] == [
        [], [], ["C025"], ["C025"],
    ]  # fmt: skip
    shutil.move(written(letters), tray(letters))
    assert codes(letters, "2026-04-13") == []


def test_the_print_folder_cannot_be_the_folder_of_printed_letters(firm):
    firm.channels(letter="{kind: letter, folder: out/letters, printed: ./out/}")
    [found] = check(firm.root).diagnostics
    assert "another folder" in found.message()


def test_a_receipt_is_recorded_on_the_letter_about_the_invoice(letters):
    policy = check(letters.root).policy
    letters.sales("F1,C1,2026-03-02,2026-04-01,250.50,0,EUR,invoice")  # paid meanwhile
    receipt = Receipt("f1", date(2026, 4, 10), reference="1A 200 000 0001 7", by="marie")
    with letters.history() as history:
        assert record_receipt(receipt, policy, history) == []
        [item] = history.receivables_in_letters("F1")
        last = history.timeline(item)[-1]
    assert (last["type"], last["date"], last["reference"], last["by"]) == (
        "receipt", "2026-04-10", "1A 200 000 0001 7", "marie",
    )  # fmt: skip


def test_a_receipt_may_name_the_letter_by_its_key(letters):
    policy = check(letters.root).policy
    [sent] = events(letters, "sent")
    with letters.history() as history:
        assert not record_receipt(Receipt(sent["dispatch"][:8], date(2026, 4, 10)), policy, history)
    assert [e["dispatch"] for e in events(letters, "receipt")] == [sent["dispatch"]]


def test_a_receipt_goes_to_the_last_letter_by_a_channel_that_proves(letters):
    letters.channels(
        letter="{kind: letter, folder: out/letters}",
        registered="{kind: letter, folder: out/registered, proof: receipt}",
    )
    letters.write(
        "procedures/standard.yaml",
        (letters.root / "procedures/standard.yaml")
        .read_text()
        .replace("days: 20, channel: email", "days: 20, channel: registered"),
    )
    letters.run("2026-04-22")
    policy = check(letters.root).policy
    with letters.history() as history:
        assert not record_receipt(Receipt("F1", date(2026, 5, 2)), policy, history)
    assert [e["channel"] for e in events(letters, "receipt")] == ["registered"]


@pytest.mark.parametrize("subject", ["F2", "ffffffff", "%", "F"])
def test_a_receipt_about_no_letter_is_refused(letters, subject):
    policy = check(letters.root).policy
    with letters.history() as history:
        [found] = record_receipt(Receipt(subject, date(2026, 4, 10)), policy, history)
    assert found.code == "C028"


def test_a_number_of_two_debtors_needs_the_debtor(firm):
    firm.channels(letter=CHANNEL)
    firm.procedure("channel: email, template: reminder}", "channel: letter, template: reminder}")
    firm.customers(
        "C1,Client Un,business,FR,fr,un@client.example,1 rue Haute,75001,Paris",
        "C2,Client Deux,business,FR,fr,deux@client.example,2 rue Haute,75001,Paris",
    )
    firm.sales(
        "F1,C1,2026-03-02,2026-04-01,250.50,250.50,EUR,invoice",
        "F1,C2,2026-03-02,2026-04-01,99.00,99.00,EUR,invoice",
    )
    firm.run(WRITTEN)
    policy = check(firm.root).policy
    with firm.history() as history:
        [found] = record_receipt(Receipt("F1", date(2026, 4, 10)), policy, history)
        assert found.code == "C029"
        assert not record_receipt(Receipt("F1", date(2026, 4, 10), "C2"), policy, history)


def test_what_was_printed_is_recorded_between_runs_too(letters):
    shutil.move(written(letters), tray(letters))
    policy = check(letters.root).policy
    with letters.history() as history:
        assert note_printed(policy, history, date(2026, 4, 8)) == 1
        assert note_printed(policy, history, date(2026, 4, 8)) == 0
