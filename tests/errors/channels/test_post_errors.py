"""The smallest case for each code about letters that were written, and what is said of it."""

from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path

import pytest

from relance.channels.conformance import message, opened
from relance.diagnostics import Diagnostic
from relance.history.store import History
from relance.history.values import Claim, Dispatch
from relance.runs.delivery import deliver
from relance.runs.opening import check, open_history
from relance.runs.printed import unprinted
from relance.runs.receipts import Receipt, record_receipt

TUESDAY, MONDAY = date(2026, 4, 7), date(2026, 4, 13)


@pytest.fixture
def history(tmp_path: Path):
    """A project whose channel `letter` wrote one letter about F1 on a Tuesday."""
    source = Path(__file__).parents[3] / "examples" / "menuiserie-lenoir"
    shutil.copytree(source, tmp_path, dirs_exist_ok=True)
    policy = tmp_path / "relance.yaml"
    letters = "letter: {kind: letter, folder: out/letters"
    policy.write_text(policy.read_text().replace(letters, f"{letters}, printed: printed"))
    with open_history(policy_of(tmp_path), readonly=False) as opened_history:
        write(opened_history, tmp_path, "C1")
        yield opened_history


def policy_of(root: Path):
    policy = check(root).policy
    assert policy
    return policy


def write(history: History, root: Path, debtor: str) -> None:
    key = f"{len(debtor)}{debtor[-1]}" * 16
    dispatch = Dispatch(
        key, "notice", TUESDAY, debtor, "letter", "letter", "1 rue Haute, 75001 Paris", "EUR",
        100, "standard", "reminder-1", 1, idempotent=True,
    )  # fmt: skip
    claims = [Claim(f"{debtor}|F1|2026", "standard", "reminder-1", 1)]
    channel = opened(root, kind="letter", folder="out/letters")
    [done] = deliver([(dispatch, claims, message("letter", key))], history, {"letter": channel}, 1)
    channel.close()
    assert done.state == "sent"


def said(found: list[Diagnostic]) -> list[tuple[str, str]]:
    assert all(each.hint() for each in found)
    return [(each.code, each.message()) for each in found]


def test_c025_a_letter_that_nobody_printed(history, tmp_path):
    assert said(list(unprinted(policy_of(tmp_path), history, MONDAY))) == [
        (
            "C025",
            "channel letter: 1 letters were not printed 3 working days after they were written, "
            "as 2026-03-02-reminder-1-garage-21212121.pdf",
        )
    ]


def test_c026_other_bytes_under_the_name_of_a_letter(history, tmp_path):
    (tmp_path / "printed").mkdir()
    name = "2026-03-02-reminder-1-garage-21212121.pdf"
    (tmp_path / "printed" / name).write_bytes(b"%PDF-1.7 another")
    assert said(list(unprinted(policy_of(tmp_path), history, TUESDAY))) == [
        (
            "C026",
            f"printed/{name} has the name of a letter, and other bytes: it does not count as "
            "printed",
        )
    ]


def test_c027_a_folder_that_cannot_be_watched(history, tmp_path):
    (tmp_path / "printed").write_text("a file")
    assert said(list(unprinted(policy_of(tmp_path), history, TUESDAY))) == [
        (
            "C027",
            "channel letter: the folder of printed letters printed cannot be watched: "
            "Not a directory",
        )
    ]


def test_c028_a_proof_of_no_letter(history, tmp_path):
    receipt = Receipt("F2", TUESDAY)
    assert said(record_receipt(receipt, policy_of(tmp_path), history)) == [
        ("C028", "no letter about F2 left yet")
    ]


def test_c029_a_proof_of_letters_to_two_debtors(history, tmp_path):
    write(history, tmp_path, "C2")
    receipt = Receipt("F1", TUESDAY)
    assert said(record_receipt(receipt, policy_of(tmp_path), history)) == [
        ("C029", "F1 is what letters to several debtors are about: C1, C2")
    ]
