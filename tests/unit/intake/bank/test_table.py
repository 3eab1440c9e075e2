"""What is read of banks' CSV files."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import polars as pl
import pytest

from .conftest import ReadBank, concise, said_of

ReadOne = Callable[..., pl.DataFrame]
IBAN = "FR7630006000011234567890189"
FRENCH = """Relevé du compte;FR76 3000 6000 0112 3456 7890 189
Période;01/11/2026 - 15/11/2026

Date;Date de valeur;Libellé;Détail;Débit;Crédit;Solde
15/11/2026;16/11/2026;VIR DUPONT;F-2026-042 +++010/8068/17183+++;;1 234,56 €;2 234,56
14/11/2026;14/11/2026;FRAIS;;\u221210,00;;1 000,00
Solde au 13/11/2026;;;;;;1 010,00
"""


@pytest.mark.parametrize("encoding", ["utf-8", "cp1252"])
def test_a_french_export_is_read_with_its_preamble(read_one: ReadOne, encoding: str) -> None:
    text = FRENCH.replace("\u221210", "-10") if encoding == "cp1252" else FRENCH
    frame = read_one(text.encode(encoding))
    assert frame.select("line", "account", "booked", "value", "amount", "kind").rows() == [
        (5, IBAN, date(2026, 11, 15), date(2026, 11, 16), 123456, "payment"),
        (6, IBAN, date(2026, 11, 14), date(2026, 11, 14), -1000, "other"),
    ]
    assert frame["text"][0] == "VIR DUPONT F-2026-042 +++010/8068/17183+++"
    assert frame["reference"].to_list() == ["010806817183", None]


DUTCH = """"Datum","Naam / Omschrijving","Rekening","Tegenrekening","Code","Af Bij","Bedrag (EUR)","Mededelingen"
"20261104","Bakkerij Jansen","NL20INGB0001234567","NL91ABNA0417164300","GT","Bij","120,00","factuur 42"
"20261105","Huur","NL20INGB0001234567","NL91ABNA0417164300","GT","Af","20,00",""
"""
BELGIAN = """Rekeningnummer;Datum;Valuta;Munt;Bedrag;Saldo;Rekeningnummer tegenpartij;Naam tegenpartij;gestructureerde mededeling;Vrije mededeling
BE68 5390 0754 7034;04/11/2026;04/11/2026;EUR;120,00;220,00;BE62510007547061;Garage Peeters;***010/8068/17183***;
"""
GERMAN = """Buchungstag;Wertstellung;Auftraggeber/Begünstigter;Verwendungszweck;IBAN Auftraggeber;Betrag;Währung
04.11.2026;04.11.2026;Müller GmbH;Rechnung 42;DE89370400440532013000;1.120,00;EUR
"""
ENGLISH = "Date,Description,Paid out,Paid in,Balance\n04 Nov 2026,SMITH LTD 42,,120.00,220.00\n"


@pytest.mark.parametrize(
    ("content", "amounts", "party", "iban"),
    [
        (DUTCH, [12000, -2000], "Bakkerij Jansen", "NL91ABNA0417164300"),
        (BELGIAN, [12000], "Garage Peeters", "BE62510007547061"),
        (GERMAN, [112000], "Müller GmbH", "DE89370400440532013000"),
        (ENGLISH, [12000], None, None),
    ],
)
def test_exports_of_other_countries_are_recognised(
    read_one: ReadOne, content: str, amounts: list[int], party: str | None, iban: str | None
) -> None:
    frame = read_one(content, account=IBAN)
    assert frame["amount"].to_list() == amounts
    assert (frame["counterparty"][0], frame["counterparty_iban"][0]) == (party, iban)


def test_columns_are_mapped_by_the_source(read_one: ReadOne) -> None:
    columns = {"booked": "Quand", "amount": "Combien", "text": "Pourquoi"}
    content = "Quand;Combien;Pourquoi\n2026-11-04;12,5;F-1\n"
    frame = read_one(content, columns=columns, account=IBAN, currency="CHF")
    assert frame.select("amount", "text", "currency", "account").rows() == [
        (1250, "F-1", "CHF", IBAN)
    ]


@pytest.mark.parametrize("debit", ["10,00", "-10,00"])
def test_debits_are_money_paid_whatever_their_sign(read_one: ReadOne, debit: str) -> None:
    content = f"Date;Libellé;Débit;Crédit\n04/11/2026;A;{debit};\n13/11/2026;B;;20,00\n"
    assert read_one(content, account=IBAN)["amount"].to_list() == [-1000, 2000]


BALANCED = "Date;Libellé;Montant;Solde\n{}"
ROWS = ["02/11/2026;A;10,00;110,00\n", "03/11/2026;B;-5,00;105,00\n", "13/11/2026;C;20,00;125,00\n"]


def test_balances_may_run_either_way(read_one: ReadOne) -> None:
    up, down = "".join(ROWS), "".join(reversed(ROWS))
    first = read_one(BALANCED.format(up), account=IBAN)
    again = read_one(BALANCED.format(down), account=IBAN)
    assert sorted(first["amount"]) == sorted(again["amount"]) == [-500, 1000, 2000]


def test_a_row_that_is_missing_breaks_the_balance(read_files: ReadBank) -> None:
    content = BALANCED.format(ROWS[0] + ROWS[2])
    frame, said, _ = read_files({"a.csv": content}, account=IBAN)
    assert frame.height == 0
    assert said_of(said, "I111") == [
        "a.csv:3: I111 the balance column breaks here: 110.00 and 20.00 make 130.00, not 125.00"
    ]


def test_consecutive_exports_with_a_gap_are_told(read_files: ReadBank) -> None:
    one, three = BALANCED.format(ROWS[0]), BALANCED.format(ROWS[2])
    _, said, _ = read_files({"a.csv": one, "c.csv": three}, account=IBAN, dates="dmy")
    assert len(said_of(said, "I121")) == 1


def test_a_row_that_cannot_be_read_refuses_the_file(read_files: ReadBank) -> None:
    content = "Date;Libellé;Montant\n14/11/2026;A;10,00\n15/11/2026;B;dix\n"
    frame, said, _ = read_files({"a.csv": content}, account=IBAN)
    assert frame.height == 0
    assert [concise(d) for d in said] == [
        "a.csv:3: I032 row left out: Montant is not an amount: dix",
        "a.csv:3: I112 1 of 2 rows cannot be read, so the statement is refused whole",
    ]


def test_a_file_without_account_says_how_to_name_it(read_files: ReadBank) -> None:
    content = "Date;Libellé;Montant\n14/11/2026;A;10,00\n"
    _, said, _ = read_files({"a.csv": content})
    assert said_of(said, "I110") == ["a.csv:2: I110 the file does not say which account it is of"]
    frame, _, _ = read_files({}, (IBAN,))
    assert frame["account"].to_list() == [IBAN]


def test_a_last_line_without_end_is_refused_unless_accepted(read_files: ReadBank) -> None:
    content = "Date;Libellé;Montant\n14/11/2026;A;10,00"
    _, said, _ = read_files({"a.csv": content}, account=IBAN)
    assert len(said_of(said, "I007")) == 1
    frame, _, _ = read_files({}, account=IBAN, unterminated="accept")
    assert frame.height == 1
