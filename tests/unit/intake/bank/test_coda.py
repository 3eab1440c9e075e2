"""CODA: payments counted once, with what the bank tells of them."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from relance.diagnostics import Diagnostic
from relance.intake.bank.checks import added_up
from relance.intake.bank.coda import read_coda
from relance.intake.bank.statement import Defaults, Statement

from . import fixed_forms as f

SAMPLES = Path(__file__).parents[4].parent / "shared" / "data" / "samples" / "coda"


def read(content: bytes) -> tuple[list[Statement], list[Diagnostic]]:
    return read_coda(content, "c.cod", Defaults("EUR"))


def only(content: bytes) -> Statement:
    (statement,), said = read(content)
    assert not said
    assert not added_up("c.cod", [statement])
    return statement


def rows(statement: Statement) -> list[dict[str, Any]]:
    names = list(statement.movements)
    return [
        dict(zip(names, row, strict=True))
        for row in zip(*statement.movements.values(), strict=True)
    ]


def row(*records: str) -> dict[str, Any]:
    """Return the only movement of a file with these records."""
    (found,) = rows(only(f.coda(list(records))))
    return found


def test_a_payment_has_everything_that_its_records_tell() -> None:
    found = row(
        f.movement(1, 12_000, "101" + "010806817183", structured=True, reference="R-1"),
        f.second(1, reference="E2E-7"),
        f.third(1, "BE43068999999501", "CAFE DU PORT"),
    )
    assert found == {
        "line": 3,
        "booked": date(2026, 12, 1),
        "value": date(2026, 11, 30),
        "amount": 12_000,
        "kind": "payment",
        "counterparty": "CAFE DU PORT",
        "counterparty_iban": "BE43068999999501",
        "reference": "010806817183",
        "end_to_end": "E2E-7",
        "text": None,
        "bank_reference": "R-1",
        "mandate": None,
        "parts": 1,
    }


def test_the_statement_has_account_balances_number_and_day() -> None:
    statement = only(f.coda([f.movement(1, -250)], start=1000))
    assert (statement.account, statement.currency) == (f.ACCOUNT, "EUR")
    assert (statement.opening, statement.closing) == (1000, 750)
    assert (statement.number, statement.day) == ("007", date(2026, 12, 1))
    assert not statement.partial


def test_free_text_goes_on_over_three_records() -> None:
    text = "FACTURES F-2026-042 F-2026-043 F-2026-044 F-2026-045 F-2026-046 F-2026-047 ET " * 2
    found = row(
        f.movement(1, 100, text[:53]),
        f.second(1, text[53:106]),
        f.third(1, "", "X", text[106:149]),
    )
    assert found["text"] == text[:149].strip()


@pytest.mark.parametrize(
    ("communication", "reference"),
    [
        ("101010806817183", "010806817183"),
        ("102010806817183", "010806817183"),
        ("100RF18539007547034", "RF18539007547034"),
        ("105" + f"{'':0<15}" * 2 + f"{1:012d}" + "EUR" + "010806817183", "010806817183"),
        ("101000000000000", None),
        ("101 CANNOT BE", None),
    ],
)
def test_structured_communications_give_the_reference(
    communication: str, reference: str | None
) -> None:
    found = row(f.movement(1, 100, communication, structured=True), f.second(1, communication[53:]))
    assert found["reference"] == reference
    assert found["text"] is None


def test_other_structured_communications_are_text() -> None:
    found = row(f.movement(1, 100, "113CARD 1234  LIEGE", structured=True))
    assert (found["reference"], found["text"]) == (None, "CARD 1234 LIEGE")


def direct_debit(paid: str = "0", back: str = "0") -> str:
    return f"127301126110{'BE12ZZZ0403019261':<35}{'MANDAT-9':<35}{'ABO 2026-11':<62}{back}    ".replace(
        "301126110", f"30112611{paid}"
    )


@pytest.mark.parametrize(
    ("cents", "communication", "back", "kind"),
    [
        (5000, direct_debit(), " ", "payment"),
        (-5000, direct_debit(paid="4"), " ", "return"),
        (-5000, direct_debit(back="3"), " ", "return"),
        (-5000, direct_debit(), "2", "return"),
        (-5000, direct_debit(), " ", "other"),
    ],
)
def test_direct_debits_carry_their_mandate_and_come_back(
    cents: int, communication: str, back: str, kind: str
) -> None:
    found = row(
        f.movement(1, cents, communication, code="00550000", structured=True),
        f.second(1, communication[53:106], back=back),
        f.third(1, "", "", communication[106:]),
    )
    assert (found["kind"], found["mandate"], found["text"]) == (kind, "MANDAT-9", "ABO 2026-11")


@pytest.mark.parametrize(
    ("code", "kind"),
    [("00503000", "return"), ("00505000", "return"), ("00309000", "return"),
     ("00149000", "return"), ("00101000", "other"), ("00137000", "other")],
)  # fmt: skip
def test_the_operation_tells_debits_that_take_a_payment_back(code: str, kind: str) -> None:
    assert row(f.movement(1, -5000, code=code))["kind"] == kind


def test_a_reference_of_the_bank_in_older_files_is_no_return() -> None:
    record = f.second(1)
    record = record[:109] + "0035203" + record[116:]
    assert row(f.movement(1, -5000), record)["kind"] == "other"


def total(cents: int, *parts: int, kind: str = "1") -> list[str]:
    level = {"1": "5", "2": "6", "3": "8"}[kind]
    first = f.movement(1, cents, code=f"{kind}0150000")
    return [first] + [
        f.movement(1, part, f"PART {n}", detail=n, code=f"{level}0150000")
        for n, part in enumerate(parts, 1)
    ]


@pytest.mark.parametrize("kind", ["1", "2"])
def test_a_total_is_replaced_by_its_details(kind: str) -> None:
    statement = only(f.coda([*total(10_000, 2500, 7500, kind=kind), f.movement(2, 300)]))
    assert statement.movements["amount"] == [2500, 7500, 300]
    assert statement.movements["text"] == ["PART 1", "PART 2", None]
    assert statement.movements["parts"] == [1, 1, 1]


def test_details_of_details_are_not_counted() -> None:
    records = [
        f.movement(1, 10_000, code="20150000"),
        f.movement(1, 10_000, "PART", detail=1, code="70150000"),
        f.movement(1, 10_100, detail=2, code="90150001"),
        f.movement(1, -100, detail=3, code="90150006"),
    ]
    statement = only(f.coda(records))
    assert (statement.movements["amount"], statement.movements["text"]) == ([10_000], ["PART"])


def test_a_net_amount_stays_one_payment_and_takes_the_reference_of_its_detail() -> None:
    communication = "105" + f"{'':0<15}" * 2 + f"{1:012d}" + "EUR" + "010806817183"
    found = row(
        f.movement(1, 9_900, "ABC", code="34150000"),
        f.movement(1, 10_000, communication, detail=1, code="84150100", structured=True),
        f.second(1, communication[53:], detail=1),
        f.movement(1, -100, detail=2, code="84150006"),
    )
    assert (found["amount"], found["reference"], found["text"]) == (9_900, "010806817183", "ABC")


def test_a_total_without_details_is_one_movement_of_several_payments() -> None:
    statement = only(f.coda(total(10_000)))
    assert (statement.movements["amount"], statement.movements["parts"]) == ([10_000], [2])


def test_details_that_do_not_add_up_leave_the_total() -> None:
    (statement,), (said,) = read(f.coda(total(10_000, 2500, 2500, 2500)))
    assert (statement.movements["amount"], statement.movements["parts"]) == ([10_000], [3])
    assert (said.code, said.span and said.span.line) == ("I155", 3)


def test_information_records_are_attached_to_their_movement() -> None:
    found = row(
        f.movement(1, 100),
        f.third(1, "", "CAFE DU PORT ET DE LA GARE MARITIME"),
        f.note(1, "001CAFE DU PORT ET DE LA GARE MARITIME D'OSTENDE SPRL", structured=True),
        f.note_on("32", 1, "QUAI 1                             8400 OSTENDE"),
        f.note(1, "WE HAVE KEPT OUR CHARGES", detail=2),
        f.note_on("33", 1, "OF 5 EUR", detail=2),
        f.note(1, "004SOME BANK ON THE WAY", detail=3, structured=True),
    )
    assert found["counterparty"] == "CAFE DU PORT ET DE LA GARE MARITIME D'OSTENDE SPRL"
    assert found["text"] == "WE HAVE KEPT OUR CHARGES OF 5 EUR"


def test_several_accounts_in_one_file() -> None:
    other = f.holder("BE43068999999501")
    second = [f.opening(0, account=other), f.movement(1, 50), f.closing(50, account=other)]
    records = [*f.block([f.movement(1, 100)]), f.header(), *second, f.trailer(second)]
    statements, said = read(f.written(records))
    assert not said
    assert [(s.account, s.movements["amount"]) for s in statements] == [
        (f.ACCOUNT, [100]),
        ("BE43068999999501", [50]),
    ]


@pytest.mark.parametrize("closed", [True, False])
def test_a_file_that_goes_on_in_another_is_partial(closed: bool) -> None:
    records = [f.opening(0), f.movement(1, 100)] + ([f.closing(900)] if closed else [])
    (statement,), said = read(f.written([f.header(), *records, f.trailer(records, more="1")]))
    assert not said
    assert statement.partial


@pytest.mark.parametrize(
    ("structure", "account", "expected"),
    [
        ("0", f"{'539007547034 EUR0BE':<37}", ("539007547034", "EUR")),
        ("1", f"{'12345678':<34}USD", ("12345678", "USD")),
        ("3", f"{'LU28 0019 4006 4475 0000':<34}EUR", ("LU280019400644750000", "EUR")),
    ],
)
def test_account_structures(structure: str, account: str, expected: tuple[str, str]) -> None:
    records = [f.opening(0, structure, account), f.closing(0, account)]
    (statement,), said = read(f.written([f.header(), *records, f.trailer(records)]))
    assert not said
    assert (statement.account, statement.currency) == expected


def test_three_decimals_count_for_currencies_that_have_them() -> None:
    account = f"{'12345678':<34}TND"
    move = f.movement(1, 1).replace("0000000000000010", "0000000000001234")
    records = [f.opening(0, "1", account), move, f.closing(0, account)]
    (statement,), _ = read(f.written([f.header(), *records, f.trailer(records)]))
    assert statement.movements["amount"] == [1234]


def test_a_zero_date_is_taken_from_the_other() -> None:
    found = row(f.movement(1, 100, value="000000"))
    assert found["value"] == found["booked"] == date(2026, 12, 1)


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("encoding", ["cp1252", "utf-8", "utf-8-sig", "utf-16"])
def test_line_ends_and_encodings(end: str, encoding: str) -> None:
    records = f.block([f.movement(1, 100, "Facture n° 7 réglée")])
    (statement,), said = read(f.written(records, end, encoding))
    assert not said
    assert statement.movements["text"] == ["Facture n° 7 réglée"]


def test_blank_lines_and_blanks_cut_by_an_editor_are_tolerated() -> None:
    records = [record.rstrip() for record in f.block([f.movement(1, 100), f.second(1)])]
    records.insert(3, "")
    assert len(only(f.written([*records, "", "\x1a"])).movements["amount"]) == 1


def test_free_communications_of_the_bank_are_passed_over() -> None:
    records = f.block([f.movement(1, 100)])
    records.insert(-1, f"4 {'00010000':<30}{'NEW CONDITIONS':<80}{'':<15}0")
    assert only(f.written(records)).movements["amount"] == [100]


@pytest.mark.skipif(not SAMPLES.is_dir(), reason="the samples are not here")
def test_the_public_sample_reads_and_adds_up() -> None:
    statement = only((SAMPLES / "febelfin-coda_CODA.txt").read_bytes())
    assert (len(statement.movements["amount"]), statement.closing) == (67, 940_529_699)
