"""MT940 of banks of Belgium, the Netherlands and Germany, and against the library `mt-940`."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import mt940
import pytest
from hypothesis import given
from hypothesis import strategies as st

from relance.diagnostics import Diagnostic
from relance.intake.bank.checks import added_up
from relance.intake.bank.mt940 import account_of, read_mt940
from relance.intake.bank.statement import Defaults, Statement

SAMPLES = Path(__file__).parents[4].parent / "shared" / "data" / "samples" / "mt940"
OPTIONS = mt940.Options(reversal_sign=True)
HEAD = ":20:M1\n:25:BE68539007547034\n:28C:00007/1\n:60F:C261130EUR100,00\n"


def read(text: str) -> tuple[list[Statement], list[Diagnostic]]:
    return read_mt940(text.encode(), "m.sta", Defaults("EUR"))


def whole(*lines: str, total: str) -> str:
    return HEAD + "".join(f"{line}\n" for line in lines) + f":62F:C261201EUR{total}\n-\n"


def row(*lines: str, total: str = "220,00") -> dict[str, Any]:
    """Return the only movement of a statement that opens with 100.00 and closes with `total`."""
    (statement,), said = read(whole(*lines, total=total))
    assert not said
    assert not added_up("m.sta", [statement])
    assert len(statement.movements["amount"]) == 1
    return {name: values[0] for name, values in statement.movements.items()}


IN = ":61:2611301201C120,00NTRFNONREF//B-1"


def test_the_statement_has_account_balances_number_and_day() -> None:
    (statement,), said = read(whole(IN, total="220,"))
    assert not said
    assert (statement.account, statement.currency) == ("BE68539007547034", "EUR")
    assert (statement.opening, statement.closing) == (10_000, 22_000)
    assert (statement.number, statement.day, statement.line) == ("00007", date(2026, 12, 1), 1)


def test_words_between_slashes() -> None:
    found = row(
        IN,
        ":86:/TRTP/SEPA OVERBOEKING/IBAN/NL91ABNA0417164300/BIC/ABNANL2A/NAME/CA",
        "FE DU PORT BV/REMI/FACTUUR F-2026-042/043/EREF/E2E-7/MARF/M-9",
    )
    assert found == {
        "line": 5,
        "booked": date(2026, 12, 1),
        "value": date(2026, 11, 30),
        "amount": 12_000,
        "kind": "payment",
        "counterparty": "CAFE DU PORT BV",
        "counterparty_iban": "NL91ABNA0417164300",
        "reference": None,
        "end_to_end": "E2E-7",
        "text": "FACTUUR F-2026-042/043",
        "bank_reference": "B-1",
        "mandate": "M-9",
        "parts": 1,
    }


@pytest.mark.parametrize(
    ("told", "name", "iban", "text", "reference"),
    [
        ("/EREF/E1//CNTP/NL32INGB0000012345/INGBNL2A/ACME BV///REMI/USTD//EV1000/",
         "ACME BV", "NL32INGB0000012345", "EV1000", None),
        ("/CNTP/NL32INGB0000012345//ACME BV///REMI/STRD/CUR/9001123412341234/",
         "ACME BV", "NL32INGB0000012345", None, "9001123412341234"),
        ("/BENM//NAME/ACME/REMI/HUUR MEI/ISDT/2026-11-30", "ACME", None, "HUUR MEI", None),
        ("/ORDP//NAME/ACME/REMI/A/B", "ACME", None, "A/B", None),
        ("/TRTP/SEPA INCASSO", None, None, "SEPA INCASSO", None),
        ("BETALING 30/11 OM 12/30 UUR", None, None, "BETALING 30/11 OM 12/30 UUR", None),
    ],
)  # fmt: skip
def test_dialects_between_slashes(
    told: str, name: str | None, iban: str | None, text: str | None, reference: str | None
) -> None:
    found = row(IN, f":86:{told}")
    assert (found["counterparty"], found["counterparty_iban"]) == (name, iban)
    assert (found["text"], found["reference"]) == (text, reference)


def test_the_parts_of_german_banks() -> None:
    found = row(
        IN,
        ":86:166?00GUTSCHRIFT?100399?20EREF+E2E-7?21MREF+M-9?22SVWZ+Rechnung",
        "F-2026?23-042 und F-2026-043?30PBNKDEFF100?31DE42100100100043921105",
        "?32Cafe am Hafen Gmb?33H?34000",
    )
    assert (found["counterparty"], found["counterparty_iban"]) == (
        "Cafe am Hafen GmbH",
        "DE42100100100043921105",
    )
    assert (found["end_to_end"], found["mandate"]) == ("E2E-7", "M-9")
    assert found["text"] == "RechnungF-2026-042 und F-2026-043"


def test_german_parts_without_marks_are_text() -> None:
    found = row(IN, ":86:051?00UEBERWEISUNG?20RECHNUNG 4711?21 WARUM? DARUM?32MEIER")
    assert (found["text"], found["counterparty"]) == ("RECHNUNG 4711 WARUM? DARUM", "MEIER")


def test_free_text_is_joined_with_blanks() -> None:
    found = row(IN, ":86:GIRO   428428 CAFE DU PORT", "FACTUUR D.D. 20-05-2026", "12:30 UUR")
    assert found["text"] == "GIRO 428428 CAFE DU PORT FACTUUR D.D. 20-05-2026 12:30 UUR"


def test_a_movement_without_information_keeps_its_own_details() -> None:
    assert row(IN, "FACTUUR 7")["text"] == "FACTUUR 7"


@pytest.mark.parametrize(
    ("field", "total", "amount", "kind"),
    [
        (":61:261201C1,5NTRFNONREF", "101,50", 150, "payment"),
        (":61:261201D1,NTRFNONREF", "99,00", -100, "other"),
        (":61:261201RC1,00NTRFNONREF", "99,00", -100, "return"),
        (":61:261201RD1,00NTRFNONREF", "101,00", 100, "other"),
        (":61:261201D1,00NRTINONREF", "99,00", -100, "return"),
        (":61:2612011201CR1,00NTRFNONREF", "101,00", 100, "payment"),
    ],
)
def test_marks_and_amounts(field: str, total: str, amount: int, kind: str) -> None:
    found = row(field, total=total)
    assert (found["amount"], found["kind"]) == (amount, kind)


@pytest.mark.parametrize(
    "told",
    ["109?00RUECKLASTSCHRIFT?20SVWZ+RETOURE", "/TRTP/SEPA INCASSO/RTRN/MS03/NAME/ACME"],
)
def test_direct_debits_that_come_back(told: str) -> None:
    assert row(":61:261201D1,00NDDTNONREF", f":86:{told}", total="99,00")["kind"] == "return"


@pytest.mark.parametrize(
    ("field", "booked", "value"),
    [
        ("2612310102", date(2027, 1, 2), date(2026, 12, 31)),
        ("2701021231", date(2026, 12, 31), date(2027, 1, 2)),
        ("2611301201", date(2026, 12, 1), date(2026, 11, 30)),
        ("2611309999", date(2026, 11, 30), date(2026, 11, 30)),
        ("261130    ", date(2026, 11, 30), date(2026, 11, 30)),
        ("261130", date(2026, 11, 30), date(2026, 11, 30)),
    ],
)
def test_the_booking_date_is_in_the_year_next_to_the_value_date(
    field: str, booked: date, value: date
) -> None:
    found = row(f":61:{field}C120,00NTRFNONREF")
    assert (found["booked"], found["value"]) == (booked, value)


@pytest.mark.parametrize(
    ("field", "account"),
    [
        ("NL08DEUT0319809633EUR", "NL08DEUT0319809633"),
        ("BE68 5390 0754 7034 EUR", "BE68539007547034"),
        ("DEUTDEFF/DE42100100100043921105", "DE42100100100043921105"),
        ("37040044/532013000", "DE89370400440532013000"),
        ("50880050/0194787400888", "50880050/0194787400888"),
        ("517852257", "517852257"),
    ],
)
def test_accounts(field: str, account: str) -> None:
    assert account_of(field) == account


def test_pages_of_a_statement_go_on() -> None:
    text = HEAD + IN + "\n:62M:C261201EUR220,00\n-\n"
    text += ":20:M2\n:25:BE68539007547034\n:28C:00007/2\n:60M:C261201EUR220,00\n"
    statements, said = read(text + ":61:261201D20,00NCHGNONREF\n:62F:C261201EUR200,00\n-\n")
    assert not said
    assert [(s.number, s.partial) for s in statements] == [("00007", True), ("00007", False)]


def test_envelopes_and_headers_of_banks_are_passed_over() -> None:
    text = whole(IN, ":86:FACTURE", total="220,00")
    swift = "{1:F01KREDBEBBAXXX0000000000}{2:I940X}{4:\r\n" + text.replace("-\n", "-}{5:}\r\n")
    glued = "{1:F01KREDBEBBAXXX0000000000}{4:" + text
    abn = "ABNANL2A\n940\nABNANL2A\n" + text + "ABNANL2A\n940\nABNANL2A\n" + text
    for content, count in ((swift, 1), (glued, 1), (abn, 2)):
        statements, said = read(content)
        assert not said
        assert [s.movements["amount"] for s in statements] == [[12_000]] * count


def test_information_about_the_statement_is_no_movement() -> None:
    text = whole(IN, ":86:FACTURE", total="220,00").replace(
        "\n-\n", "\n:64:C261201EUR220,00\n:86:TOTAL OF THE DAY\n-\n"
    )
    (statement,), _ = read(text)
    assert statement.movements["text"] == ["FACTURE"]


MOVEMENT = st.tuples(
    st.dates(date(2024, 1, 1), date(2027, 12, 31)),
    st.integers(0, 40),
    st.sampled_from(["C", "D", "RC", "RD"]),
    st.integers(0, 10**9),
    st.sampled_from(["NONREF", "R1", "INV-2026"]),
    st.sampled_from(["", "//B1", "//0724710345316116"]),
    st.sampled_from(
        ["FACTURE 7", "166?00GUTSCHRIFT?20SVWZ+Rechnung 7?32MEIER", "/REMI/F 7/EREF/E"]
    ),
)


@given(movements=st.lists(MOVEMENT, min_size=1, max_size=8))
def test_amounts_dates_and_references_are_those_of_the_library(
    movements: list[tuple[date, int, str, int, str, str, str]],
) -> None:
    lines = []
    for value, late, mark, cents, own, bank, told in movements:
        booked = date.fromordinal(value.toordinal() + late)
        lines.append(
            f":61:{value:%y%m%d}{booked:%m%d}{mark}{cents // 100},{cents % 100:02d}NTRF{own}{bank}"
        )
        lines.append(f":86:{told}")
    text = whole(*lines, total="0,00")
    compare(read_mt940(text.encode(), "m", Defaults("EUR"))[0], mt940.parse(text, options=OPTIONS))


def compare(statements: list[Statement], oracle: Any) -> None:
    """The library takes the year of the booking date from the value date: only the day is compared."""
    ours = [
        (amount, value, booked.strftime("%m%d"), reference)
        for s in statements
        for amount, value, booked, reference in zip(
            s.movements["amount"],
            s.movements["value"],
            s.movements["booked"],
            s.movements["bank_reference"],
            strict=True,
        )
    ]
    theirs = [
        (
            int(t.data["amount"].amount * 100),
            as_date(t.data["date"]),
            as_date(t.data.get("entry_date") or t.data["date"]).strftime("%m%d"),
            t.data["bank_reference"] or None,
        )
        for t in oracle.transactions
    ]
    assert ours == theirs


def as_date(found: Any) -> date:
    return date(found.year, found.month, found.day)


@pytest.mark.skipif(not SAMPLES.is_dir(), reason="the samples are not here")
@pytest.mark.parametrize(
    ("sample", "counts", "sums"),
    [
        # These extracts were made smaller by hand: the second does not add up in either file.
        ("betterplace__sepa_snippet.sta", [4, 7], [True, False]),
        ("jejik__abnamro.sta", [8, 2], [False, True]),
    ],
)
def test_the_public_samples_read_as_by_the_library(
    sample: str, counts: list[int], sums: list[bool]
) -> None:
    content = (SAMPLES / sample).read_bytes()
    statements, said = read_mt940(content, sample, Defaults("EUR"))
    assert not said
    assert [len(s.movements["amount"]) for s in statements] == counts
    assert [not added_up(sample, [s]) for s in statements] == sums
    compare(statements, mt940.parse(str(SAMPLES / sample), options=OPTIONS))
