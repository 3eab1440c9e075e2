"""What is read of OFX 1 and OFX 2."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import polars as pl
import pytest

from .conftest import ReadBank, said_of

ReadOne = Callable[..., pl.DataFrame]
SAMPLES = Path(__file__).parents[5] / "shared" / "data" / "samples" / "ofx"
HEAD = "OFXHEADER:100\nDATA:OFXSGML\nVERSION:102\nENCODING:USASCII\nCHARSET:1252\n\n<OFX>\n"
ACCOUNT = "<BANKACCTFROM><BANKID>30006<BRANCHID>00001<ACCTID>12345678901</BANKACCTFROM>\n"


def transaction(amount: str, **more: str) -> str:
    told = {
        "TRNTYPE": "CREDIT", "DTPOSTED": "20261104", "TRNAMT": amount, "FITID": "A1",
        "NAME": "VIR DUPONT", **more,
    }  # fmt: skip
    lines = "".join(f"<{tag}>{text}\n" for tag, text in told.items())
    return f"<STMTTRN>\n{lines}</STMTTRN>\n"


def listing(*transactions: str, account: str = ACCOUNT, currency: str = "EUR") -> str:
    return (
        f"<STMTTRNRS><STMTRS><CURDEF>{currency}\n{account}<BANKTRANLIST>\n{''.join(transactions)}"
        "</BANKTRANLIST>\n<LEDGERBAL><BALAMT>7<DTASOF>20261130</LEDGERBAL></STMTRS></STMTTRNRS>\n"
    )


def file(*lists: str) -> str:
    return f"{HEAD}{''.join(lists)}</OFX>\n"


def test_sgml_without_closing_tags_is_read(read_one: ReadOne) -> None:
    frame = read_one(file(listing(transaction("1234.56", MEMO="F-2026-042"))))
    row = frame.row(0, named=True)
    assert row["account"] == "FR7630006000011234567890189"
    assert (row["amount"], row["booked"], row["line"]) == (123456, date(2026, 11, 4), 11)
    assert (row["counterparty"], row["text"]) == ("VIR DUPONT", "VIR DUPONT F-2026-042")
    assert (row["bank_reference"], row["kind"], row["currency"]) == ("A1", "payment", "EUR")


def test_xml_is_read_alike(read_one: ReadOne) -> None:
    content = """<?xml version="1.0" encoding="UTF-8"?><?OFX OFXHEADER="200" VERSION="211"?>
<OFX><BANKMSGSRSV1><STMTTRNRS><STMTRS><CURDEF>EUR</CURDEF><BANKACCTFROM><BANKID>1</BANKID>
<ACCTID>BE68 5390 0754 7034</ACCTID></BANKACCTFROM><BANKTRANLIST><STMTTRN><TRNTYPE>CREDIT</TRNTYPE>
<DTPOSTED>20261104120000.000[+1:CET]</DTPOSTED><TRNAMT>10.00</TRNAMT><FITID>7</FITID>
<NAME><![CDATA[Dupont & <fils>]]></NAME><MEMO>a &lt;b&gt; &#233;&amp;</MEMO></STMTTRN>
</BANKTRANLIST></STMTRS></STMTTRNRS></BANKMSGSRSV1></OFX>"""
    row = read_one(content).row(0, named=True)
    assert row["account"] == "BE68539007547034"
    assert row["text"] == "Dupont & <fils> a <b> é&"


@pytest.mark.parametrize("encoding", ["utf-8", "cp1252"])
def test_bodies_are_utf_8_or_windows_1252_whatever_the_header_says(
    read_one: ReadOne, encoding: str
) -> None:
    content = file(listing(transaction("1", NAME="CAFÉ DU PORT"))).encode(encoding)
    assert read_one(content)["counterparty"].to_list() == ["CAFÉ DU PORT"]


@pytest.mark.parametrize(
    ("text", "minor"),
    [("-491.09", -49109), ("-491,09", -49109), ("+1.234,56", 123456), ("1,234.56", 123456),
     ("12", 1200), (".5", 50), ("1 234,50000", 123450)],
)  # fmt: skip
def test_amounts_are_read_with_comma_or_point(read_one: ReadOne, text: str, minor: int) -> None:
    assert read_one(file(listing(transaction(text))))["amount"].to_list() == [minor]


def test_lists_and_accounts_are_told_apart(read_one: ReadOne) -> None:
    other = "<BANKACCTFROM><ACCTID>BE68539007547034</BANKACCTFROM>"
    twice = listing(transaction("1")).replace(
        "</BANKTRANLIST>",
        f"</BANKTRANLIST><BANKTRANLIST>{transaction('2', FITID='A2')}</BANKTRANLIST>",
    )
    frame = read_one(file(twice, listing(transaction("3"), account=other, currency="USD")))
    rows = frame.select("account", "currency", "amount").sort("amount").rows()
    assert rows == [
        ("FR7630006000011234567890189", "EUR", 100),
        ("FR7630006000011234567890189", "EUR", 200),
        ("BE68539007547034", "USD", 300),
    ]


def test_a_reused_fitid_is_told_apart_by_day_and_amount(read_one: ReadOne) -> None:
    frame = read_one(file(listing(transaction("1"), transaction("2"), transaction("1"))))
    assert frame.height == 3


def test_rejected_debits_are_returns_and_fees_are_not(read_one: ReadOne) -> None:
    names = ["REJET PRLV DUPONT", "CHEQUE IMPAYE 123", "FRAIS REJET PRLV", "LOYER"]
    told = [
        transaction(f"-{number}", NAME=name, FITID=name) for number, name in enumerate(names, 1)
    ]
    frame = read_one(file(listing(*told)))
    assert frame["kind"].to_list() == ["return", "return", "other", "other"]


def test_interest_is_no_payment(read_one: ReadOne) -> None:
    frame = read_one(file(listing(transaction("3", TRNTYPE="INT"))))
    assert frame["kind"].to_list() == ["other"]


def test_a_file_that_breaks_off_is_refused_with_its_line(read_files: ReadBank) -> None:
    content = file(listing(transaction("1"), transaction("2")))
    frame, said, _ = read_files(
        {"a.ofx": content[:-60], "b.ofx": content.replace("</STMTTRN>", "")}
    )
    assert frame.height == 0
    assert said_of(said, "I109") == [
        "a.ofx:26: I109 the file breaks off: OFX has no end",
        "b.ofx:11: I109 the file breaks off: STMTTRN has no end",
    ]


def test_the_public_sample_is_read(read_files: ReadBank) -> None:
    if not SAMPLES.exists():
        pytest.skip("the shared samples are not here")
    frame, _, _ = read_files({path.name: path.read_bytes() for path in SAMPLES.iterdir()})
    assert frame.select("account", "amount").rows() == [("FR7611706410292993961500245", -49109)]
