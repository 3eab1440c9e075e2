"""CFONB 120: French statements with their details, accounts as IBANs, unpaid items told apart."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from relance.diagnostics import Diagnostic
from relance.intake.bank.cfonb import account_of, read_cfonb
from relance.intake.bank.checks import added_up
from relance.intake.bank.forms import form_of
from relance.intake.bank.statement import Defaults, Statement

from . import fixed_forms as f

SAMPLES = Path(__file__).parents[4].parent / "shared" / "data" / "samples" / "cfonb"


def read(content: bytes, currency: str = "EUR") -> tuple[list[Statement], list[Diagnostic]]:
    return read_cfonb(content, "c.txt", Defaults(currency))


def only(content: bytes) -> Statement:
    (statement,), said = read(content)
    assert not said
    assert not added_up("c.txt", [statement])
    return statement


def row(*records: str) -> dict[str, Any]:
    statement = only(f.cfonb(list(records)))
    assert len(statement.movements["amount"]) == 1
    return {name: values[0] for name, values in statement.movements.items()}


def test_a_transfer_with_its_details() -> None:
    found = row(
        f.entry(12_345, "VIR CAFE DU PORT", reference="OP-1"),
        f.detail("NPY", "CAFE DU PORT SARL"),
        f.detail("LCC", "FACTURE F-2026-042"),
        f.detail("LC2", "ET F-2026-043"),
        f.detail("LCS", "RF18539007547034"),
        f.detail("RCN", f"{'E2E-7':<35}LOYER"),
        f.detail("REF", "BK-99"),
    )
    assert found == {
        "line": 2,
        "booked": date(2026, 12, 1),
        "value": date(2026, 11, 30),
        "amount": 12_345,
        "kind": "payment",
        "counterparty": "CAFE DU PORT SARL",
        "counterparty_iban": None,
        "reference": "RF18539007547034",
        "end_to_end": "E2E-7",
        "text": "VIR CAFE DU PORT FACTURE F-2026-042 ET F-2026-043 LOYER",
        "bank_reference": "BK-99",
        "mandate": None,
        "parts": 1,
    }


def test_a_movement_without_details_is_its_label() -> None:
    found = row(f.entry(100, "REMISE CHEQUES  12", reference="OP-1"))
    assert (found["text"], found["bank_reference"]) == ("REMISE CHEQUES 12", "OP-1")


def test_details_that_are_not_known_are_kept_with_their_qualifier() -> None:
    found = row(
        f.entry(100), f.detail("ZZZ", "WHATEVER"), f.detail("LIB", "A"), f.detail("LIB", "B")
    )
    assert found["text"] == "VIR SEPA ZZZ WHATEVER A B"


def test_the_payee_is_the_other_party_of_a_debit() -> None:
    found = row(f.entry(-100), f.detail("NBE", "FOURNISSEUR"), f.detail("CBE", f.IBAN))
    assert (found["counterparty"], found["counterparty_iban"]) == ("FOURNISSEUR", f.IBAN)
    assert found["kind"] == "other"


def test_direct_debits_carry_their_mandate() -> None:
    found = row(f.entry(-100, reason="04"), f.detail("RUM", f"{'MANDAT-9':<35}RCUR"))
    assert (found["mandate"], found["kind"]) == ("MANDAT-9", "return")


@pytest.mark.parametrize(
    ("cents", "label", "reason", "kind"),
    [
        (-100, "CHEQUE IMPAYE 1234567", "  ", "return"),
        (-100, "REJET PRLV SEPA DUPONT", "  ", "return"),
        (-100, "RETOUR VIR DUPONT", "00", "return"),
        (-100, "PRLV SEPA DUPONT", "04", "return"),
        (-100, "FRAIS REJET PRLV", "  ", "other"),
        (-100, "F FRAIS PRLV IMP 97 49EUR", "  ", "other"),
        (-100, "COMMISSION IMPAYE", "04", "other"),
        (-100, "PRLV SEPA EDF", "  ", "other"),
        (100, "REJET VIR EMIS", "04", "payment"),
        (0, "INFORMATION", "  ", "other"),
    ],
)
def test_unpaid_items_are_told_from_other_debits(
    cents: int, label: str, reason: str, kind: str
) -> None:
    assert row(f.entry(cents, label, reason=reason))["kind"] == kind


def test_the_reason_of_a_return_among_the_details_tells_it() -> None:
    found = row(f.entry(-100, "PRLV SEPA DUPONT"), f.detail("RET", "AM04 PROVISION INSUFFISANTE"))
    assert found["kind"] == "return"
    assert "AM04" in found["text"]


@pytest.mark.parametrize("cents", [0, 1, -1, 10, -10, 123_456_789, -123_456_789])
def test_the_last_character_carries_the_sign(cents: int) -> None:
    assert only(f.cfonb([f.entry(cents)], start=-cents)).movements["amount"] == [cents]


def test_the_french_variant_of_ascii_writes_accents_for_braces() -> None:
    text = f.cfonb([f.entry(120), f.entry(-70)]).decode()
    content = text.replace("{", "é").replace("}", "è").encode("cp1252")
    assert only(content).movements["amount"] == [120, -70]


def test_the_account_is_an_iban_and_the_balances_are_signed() -> None:
    statement = only(f.cfonb([f.entry(-2500)], start=1000))
    assert (statement.account, statement.currency) == (f.IBAN, "EUR")
    assert (statement.opening, statement.closing) == (1000, -1500)
    assert statement.day == date(2026, 12, 1)


@pytest.mark.parametrize(
    ("parts", "iban"),
    [
        (("20041", "01005", "0500013M026"), "FR1420041010050500013M02606"),
        (("30006", "00001", "12345678901"), f.IBAN),
        (("30006", "     ", "12345678901"), "3000612345678901"),
        (("ABCDE", "ééééé", "12345678901"), "ABCDEÉÉÉÉÉ12345678901"),
    ],
)
def test_the_iban_is_built_from_the_parts_of_a_rib(parts: tuple[str, str, str], iban: str) -> None:
    assert account_of(*parts) == iban


def test_days_and_accounts_follow_one_another() -> None:
    other = f.HEAD.replace("12345678901", "98765432100")
    records = [
        f.old(0), f.entry(100), f.new(100, day="011226"),
        f.old(100, day="011226"), f.new(100, day="021226"),
        f.old(0, other), f.entry(5, head=other), f.new(5, other),
    ]  # fmt: skip
    statements, said = read(f.written(records))
    assert not said
    assert [s.movements["amount"] for s in statements] == [[100], [], [5]]
    assert [s.day for s in statements] == [date(2026, 12, n) for n in (1, 2, 1)]
    assert len({s.account for s in statements}) == 2


def test_an_account_without_currency_has_that_of_the_source() -> None:
    bare = f.HEAD.replace("EUR2", "    ")
    content = f.written([f.old(0, bare), f.entry(150, head=bare), f.new(150, bare)])
    (statement,), _ = read(content, "CHF")
    assert (statement.currency, statement.movements["amount"]) == ("CHF", [150])


def test_the_scale_of_the_header_counts() -> None:
    head = f.HEAD.replace("EUR2", "EUR3")
    (statement,), _ = read(f.written([f.old(0, head), f.entry(1500, head=head), f.new(1500, head)]))
    assert statement.movements["amount"] == [150]


def test_no_movement_that_day() -> None:
    words = f.old(100)[:48] + f"{'** PAS DE MOUVEMENT CE JOUR **':<42}" + f.old(100)[90:]
    statement = only(f.written([words, f.new(100)]))
    assert statement.movements["amount"] == []


@pytest.mark.parametrize("end", ["\r\n", "\n", "\n\n", "\r", ""])
def test_line_ends_blank_lines_and_records_without_ends(end: str) -> None:
    records = f.cfonb([f.entry(100), f.detail("LIB", "ETE")]).decode().split("\r\n")[:-1]
    assert only(f.written(records, end)).movements["text"] == ["VIR SEPA ETE"]


@pytest.mark.parametrize("encoding", ["cp1252", "latin-1", "utf-8"])
def test_encodings(encoding: str) -> None:
    records = f.cfonb([f.entry(100, "VIR ÉTÉ")]).decode("cp1252").split("\r\n")[:-1]
    assert only(f.written(records, encoding=encoding)).movements["text"] == ["VIR ÉTÉ"]


def test_blanks_cut_by_an_editor_are_tolerated() -> None:
    records = [r.rstrip() for r in f.cfonb([f.entry(100)]).decode().split("\r\n")[:-1]]
    assert only(f.written(records, "\n")).movements["amount"] == [100]


@pytest.mark.parametrize(("day", "year"), [("010160", 1960), ("010159", 2059), ("010126", 2026)])
def test_years_turn_at_sixty(day: str, year: int) -> None:
    assert row(f.entry(100, day=day))["booked"] == date(year, 1, 1)


def test_a_file_of_unpaid_items_is_recognised() -> None:
    assert form_of(f"31{'':<237}1\r\n".encode()) == form_of(f.cfonb([])) == "cfonb"


@pytest.mark.skipif(not SAMPLES.is_dir(), reason="the samples are not here")
@pytest.mark.parametrize(
    ("sample", "statements", "movements"),
    [("pennylane_example.txt", 2, 6), ("silarhi_complex-test.txt", 8, 5)],
)
def test_the_public_samples_read_and_add_up(sample: str, statements: int, movements: int) -> None:
    found, said = read((SAMPLES / sample).read_bytes())
    assert not said
    assert not added_up(sample, found)
    assert len(found) == statements
    assert sum(len(s.movements["amount"]) for s in found) == movements
