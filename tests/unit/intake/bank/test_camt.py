"""What is read of camt.052, camt.053 and camt.054."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import polars as pl
import pytest

from .conftest import ReadBank, said_of
from .messages import IBAN, OTHER, balance, details, entry, message, statement

ReadOne = Callable[..., pl.DataFrame]
SAMPLES = Path(__file__).parents[5] / "shared" / "data" / "samples" / "camt"


@pytest.mark.parametrize("version", ["053.001.02", "053.001.08", "052.001.08", "054.001.12"])
def test_every_message_and_version_is_read_by_its_names(read_one: ReadOne, version: str) -> None:
    kind = {"053": "Stmt", "052": "Rpt", "054": "Ntfctn"}[version[:3]]
    frame = read_one(message(statement(entry("12.50"), kind=kind), version=version))
    row = frame.row(0, named=True)
    assert (row["account"], row["currency"], row["amount"]) == (IBAN, "EUR", 1250)
    assert (row["booked"], row["value"], row["line"]) == (date(2026, 11, 4), date(2026, 11, 4), 4)
    assert (row["kind"], row["parts"]) == ("payment", 1)


@pytest.mark.parametrize(
    "party",
    ["<Dbtr><Nm>Café du Port</Nm></Dbtr>", "<Dbtr><Pty><Nm>Café du Port</Nm></Pty></Dbtr>",
     "<UltmtDbtr><Nm>Café du Port</Nm></UltmtDbtr>"],
)  # fmt: skip
def test_the_payer_is_named_as_versions_2_and_8_name_it(read_one: ReadOne, party: str) -> None:
    account = f"<DbtrAcct><Id><IBAN>{OTHER}</IBAN></Id></DbtrAcct>"
    inner = details(f"<RltdPties>{party}{account}</RltdPties>")
    row = read_one(message(statement(entry("1", inner)))).row(0, named=True)
    assert (row["counterparty"], row["counterparty_iban"]) == ("Café du Port", OTHER)


def test_who_it_was_paid_for_stands_in_the_text(read_one: ReadOne) -> None:
    parties = "<Dbtr><Nm>Holding</Nm></Dbtr><UltmtDbtr><Nm>Filiale</Nm></UltmtDbtr>"
    inner = details(f"<RltdPties>{parties}</RltdPties><RmtInf><Ustrd>F1</Ustrd></RmtInf>")
    row = read_one(message(statement(entry("1", inner)))).row(0, named=True)
    assert (row["counterparty"], row["text"]) == ("Holding", "F1 Filiale")


def test_references_are_those_of_the_remittance_only(read_one: ReadOne) -> None:
    inner = details(
        "<Refs><EndToEndId>NOTPROVIDED</EndToEndId><MndtId>MND-1</MndtId>"
        "<Prtry><Tp>x</Tp><Ref>100</Ref></Prtry></Refs><RmtInf><Ustrd>line one</Ustrd>"
        "<Ustrd>line two</Ustrd><Strd><RfrdDocInf><Nb>F-2026-042</Nb></RfrdDocInf><CdtrRefInf>"
        "<Tp><CdOrPrtry><Cd>SCOR</Cd></CdOrPrtry><Issr>BBA</Issr></Tp><Ref>010/8068/17183</Ref>"
        "</CdtrRefInf></Strd></RmtInf>"
    )
    row = read_one(message(statement(entry("1", inner, ref="R1")))).row(0, named=True)
    assert row["reference"] == "010806817183"
    assert row["text"] == "line one line two F-2026-042"
    assert (row["end_to_end"], row["mandate"], row["bank_reference"]) == (None, "MND-1", "R1")


@pytest.mark.parametrize(
    ("text", "reference"),
    [
        ("merci +++010/8068/17183+++ bien", "010806817183"),
        ("***010/8068/17183***", "010806817183"),
        ("010/8068/17183", None),
        ("+++010/8068/17184+++", None),
        ("facture rf18 5390 0754 7034 du 3/11", "RF18539007547034"),
        ("RF19539007547034", None),
    ],
)
def test_marked_references_in_free_text_count_if_their_digits_are_right(
    read_one: ReadOne, text: str, reference: str | None
) -> None:
    inner = details(f"<RmtInf><Ustrd>{text}</Ustrd></RmtInf>")
    assert read_one(message(statement(entry("1", inner))))["reference"].to_list() == [reference]


def test_an_invalid_structured_reference_stays_as_given(read_one: ReadOne) -> None:
    inner = details("<RmtInf><Strd><CdtrRefInf><Ref>INV 12</Ref></CdtrRefInf></Strd></RmtInf>")
    assert read_one(message(statement(entry("1", inner))))["reference"].to_list() == ["INV 12"]


def test_what_is_not_booked_is_left_out_and_told(read_files: ReadBank) -> None:
    entries = [
        entry("1", status="<Sts>PDNG</Sts>"),
        entry("2", status="<Sts><Cd>INFO</Cd></Sts>"),
        entry("3", status="<Sts><Cd>BOOK</Cd></Sts>"),
        entry("0.00"),
    ]
    frame, said, _ = read_files({"f.xml": message(statement(*entries))})
    assert frame["amount"].to_list() == [300]
    assert said_of(said, "I123") == [
        "f.xml: I123 2 entries are announced but not booked, and left out"
    ]


def test_a_batch_counts_as_its_parts_where_they_add_up(read_one: ReadOne) -> None:
    parts = details(amount="70") + details(amount="30.00")
    frame = read_one(message(statement(entry("100", parts, ref="R1"))))
    assert sorted(frame["amount"]) == [3000, 7000]
    assert frame["bank_reference"].to_list() == ["R1", "R1"]


def test_a_batch_whose_parts_do_not_add_up_counts_whole(read_files: ReadBank) -> None:
    parts = details(amount="70") + details(amount="20")
    frame, said, _ = read_files({"f.xml": message(statement(entry("100", parts)))})
    assert frame.select("amount", "parts").rows() == [(10000, 2)]
    assert said_of(said, "I124") == [
        "f.xml:4: I124 the 2 payments of this entry come to 90.00, the entry to 100.00 EUR: "
        "counted as one"
    ]


def test_a_batch_without_details_says_how_many_payments_it_holds(read_one: ReadOne) -> None:
    inner = (
        f"<Btch><NbOfTxs>102</NbOfTxs></Btch>{details('<Refs><EndToEndId>E</EndToEndId></Refs>')}"
    )
    frame = read_one(message(statement(entry("5000", inner))))
    assert frame.select("amount", "parts", "end_to_end").rows() == [(500000, 102, None)]


def test_parts_may_give_their_amount_as_version_2_does(read_one: ReadOne) -> None:
    told = "<AmtDtls><TxAmt><Amt Ccy='EUR'>50</Amt></TxAmt></AmtDtls>"
    frame = read_one(message(statement(entry("100", details(told) * 2))))
    assert frame["amount"].to_list() == [5000, 5000]


def test_an_amount_in_another_currency_is_what_the_account_received(read_one: ReadOne) -> None:
    told = "<AmtDtls><InstdAmt><Amt Ccy='USD'>110</Amt></InstdAmt></AmtDtls>"
    frame = read_one(message(statement(entry("100", details(told)))))
    assert frame.select("amount", "currency").rows() == [(10000, "EUR")]


def test_a_payment_to_a_virtual_iban_says_which(read_one: ReadOne) -> None:
    def paid_to(iban: str) -> str:
        return details(f"<RltdPties><CdtrAcct><Id><IBAN>{iban}</IBAN></Id></CdtrAcct></RltdPties>")

    content = statement(
        entry("1", paid_to(IBAN)), entry("2", paid_to("BE62510007547061")), entry("-3", paid_to(OTHER))
    )  # fmt: skip
    assert read_one(message(content))["account"].to_list() == [IBAN, "BE62510007547061", IBAN]


RETURNED = "<RtrInf><Rsn><Cd>AM04</Cd></Rsn></RtrInf>"
UNPAID = "<BkTxCd><Domn><Cd>PMNT</Cd><Fmly><Cd>IDDT</Cd><SubFmlyCd>UPDD</SubFmlyCd></Fmly></Domn></BkTxCd>"
FEES = "<BkTxCd><Domn><Cd>PMNT</Cd><Fmly><Cd>IDDT</Cd><SubFmlyCd>FEES</SubFmlyCd></Fmly></Domn></BkTxCd>"


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (entry("-10", mark="<RvslInd>true</RvslInd>"), "return"),
        (entry("-10", details(RETURNED)), "return"),
        (entry("-10", code=UNPAID), "return"),
        (entry("-3", code=FEES), "other"),
        (entry("-10"), "other"),
        (entry("10", mark="<RvslInd>true</RvslInd>"), "other"),
        (entry("10", mark="<RvslInd>false</RvslInd>"), "payment"),
    ],
)
def test_what_the_bank_takes_back_is_a_return(read_one: ReadOne, content: str, kind: str) -> None:
    assert read_one(message(statement(content)))["kind"].to_list() == [kind]


def test_a_return_names_the_debtor_of_what_it_returns(read_one: ReadOne) -> None:
    parties = f"""<RltdPties><Dbtr><Nm>Client</Nm></Dbtr><DbtrAcct><Id><IBAN>{OTHER}</IBAN></Id>
    </DbtrAcct><Cdtr><Nm>Lenoir</Nm></Cdtr></RltdPties>"""
    turned = f"""<RltdPties><Dbtr><Nm>Lenoir</Nm></Dbtr><DbtrAcct><Id><IBAN>{IBAN}</IBAN></Id>
    </DbtrAcct><Cdtr><Nm>Client</Nm></Cdtr></RltdPties>"""
    for told in (parties, turned):
        frame = read_one(message(statement(entry("-10", details(RETURNED + told)))))
        assert frame["counterparty"].to_list() == ["Client"]


def test_decimals_that_are_zero_are_exact_and_others_refuse_the_file(read_files: ReadBank) -> None:
    frame, _, _ = read_files({"f.xml": message(statement(entry("8.85000")))})
    assert frame["amount"].to_list() == [885]
    frame, said, _ = read_files({"f.xml": message(statement(entry("1"), entry("8.85001")))})
    assert frame.height == 0
    assert said_of(said, "I105") == ["f.xml:5: I105 8.85001 is not an amount of EUR"]


def test_several_statements_and_currencies_are_kept_apart(read_one: ReadOne) -> None:
    content = message(
        statement(balance("OPBD", "0"), entry("5"), balance("CLBD", "5")),
        statement(entry("700", currency="JPY"), currency="JPY", id="S2"),
        statement(entry("1"), entry("2", currency="USD"), account=OTHER, id="S3"),
    )
    rows = read_one(content).select("account", "currency", "amount").sort("amount").rows()
    assert rows == [(OTHER, "EUR", 100), (OTHER, "USD", 200), (IBAN, "EUR", 500),
                    (IBAN, "JPY", 700)]  # fmt: skip


def test_comments_and_instructions_do_not_split_texts(read_one: ReadOne) -> None:
    inner = details("<RmtInf><Ustrd>F-2026<!-- x -->-042<?y z?></Ustrd></RmtInf>")
    assert read_one(message(statement(entry("1", inner))))["text"].to_list() == ["F-2026-042"]


@pytest.mark.parametrize("encoding", ["utf-16", "iso-8859-1", "windows-1252"])
def test_encodings_that_banks_use_are_read(read_one: ReadOne, encoding: str) -> None:
    inner = details("<RltdPties><Dbtr><Nm>Café</Nm></Dbtr></RltdPties>")
    text = message(statement(entry("1", inner))).decode().replace("UTF-8", encoding)
    assert read_one(text.encode(encoding))["counterparty"].to_list() == ["Café"]


def test_lines_are_true_in_long_files(read_one: ReadOne) -> None:
    content = message(statement(*(entry(str(n), day="2026-11-04") for n in range(1, 70_001))))
    frame = read_one(content)
    assert frame["line"].to_list() == list(range(4, 70_004))


def test_the_public_samples_are_read_or_refused_for_their_sums(read_files: ReadBank) -> None:
    if not SAMPLES.exists():
        pytest.skip("the shared samples are not here")
    files = {path.name: path.read_bytes() for path in SAMPLES.iterdir()}
    frame, said, _ = read_files(files)
    assert sorted(frame.select("currency", "amount").rows()) == [
        ("EUR", -700), ("EUR", 885), ("EUR", 885), ("SEK", -20000000),
    ]  # fmt: skip
    assert len(said_of(said, "I104")) == 1
