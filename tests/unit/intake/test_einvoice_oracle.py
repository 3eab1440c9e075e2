"""The library factur-x reads the same invoices: what both read is the same."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from relance.intake.einvoice import cii, ubl
from relance.intake.einvoice.document import Document
from relance.intake.einvoice.items import structured
from relance.intake.einvoice.markup import root_of
from relance.intake.einvoice.pdf import embedded
from relance.policy.model import Account

from . import einvoices
from .conftest import codes
from .einvoices import read_folder

SAMPLES = Path(__file__).parents[3].parent / "shared" / "data" / "samples" / "einvoice"
NOTES = [
    ("PMD", "Pénalités : trois fois le taux légal"),
    ("PMT", "40 €"),
    ("AAB", "Pas d'escompte"),
]
FULL: dict[str, Any] = {
    "order": "PO-9", "service": "SERV-7", "reference": "RF18539007547034", "terms": "30 jours",
    "payable": "70.00",
}  # fmt: skip


def document(content: bytes) -> Document:
    root = root_of(content, "f.xml")
    return (ubl if root.tag in ubl.ROOTS else cii).read(root)


def oracle(content: bytes) -> dict[str, Any]:
    from facturx import parse_ubl_cii_xml

    read: dict[str, Any] = parse_ubl_cii_xml(content, check_xsd=False)
    return read


def same(content: bytes) -> None:
    ours, theirs = document(content), oracle(content)
    told = {
        "BT-1": ours.number, "BT-3": ours.type, "BT-5": ours.currency, "BT-10": ours.buyer_reference,
        "BT-13": ours.order, "BT-20": ours.terms, "BT-83": ours.payment_reference,
        "BT-112": ours.total, "BT-115": ours.payable, "BT-12": ours.contract,
        "BT-84": ours.accounts[0] if ours.accounts else "",
    }  # fmt: skip
    assert {term: text for term, text in told.items() if text} == {
        term: theirs[term] for term in told if theirs.get(term)
    }
    dates = [theirs[term] for term in ("BT-2", "BT-9") if theirs.get(term)]
    read = [date.fromisoformat(text) for text in (ours.issued, *ours.due)]
    assert read == dates
    notes = [(n.get("BT-21"), n["BT-22"]) for n in theirs.get("BG-1", [])]
    assert list(ours.notes) == [f"{s}: {text}" if s else text for s, text in notes]
    for party, group in ((ours.seller, "BG-4"), (ours.buyer, "BG-7")):
        of = theirs[group]
        assert party.name == of.get("name", "")
        assert party.vat == of.get("vat_identifier", "")
        assert (party.postcode, party.city) == (of.get("postcode", ""), of.get("city", ""))
        numbers = {**of.get("identifiers", {})}
        assert dict(party.identifiers).items() >= {k or "": v for k, v in numbers.items()}.items()
        if of.get("legal_identifier"):
            first = (of["legal_identifier_schemeid"], of["legal_identifier"])
            assert party.identifiers[0] == first


@pytest.mark.parametrize(
    "content",
    [
        einvoices.ubl(**FULL, contract="M-12", notes=[f"#{s}#{t}" for s, t in NOTES]),
        einvoices.ubl(root="CreditNote", due="", **FULL),
        einvoices.ubl(buyer={"name": "Jean", "ids": [("", "C6")], "vat": "FR83404833048"}),
        einvoices.cii(**FULL, notes=NOTES),
        einvoices.cii(dues=()),
    ],
)
def test_the_library_reads_the_same(content: bytes) -> None:
    same(content)


@pytest.mark.skipif(not SAMPLES.is_dir(), reason="the samples are not here")
@pytest.mark.parametrize(
    "name", ["akr__factur-x-en16931.xml", "akr__factur-x-minimum.xml", "akr__ubl-21-extended-ctc-fr.xml",
             "fnfe_Facture_FR_MINIMUM.pdf"]
)  # fmt: skip
def test_the_library_reads_the_samples_the_same(name: str) -> None:
    content = (SAMPLES / name).read_bytes()
    inside = embedded(content, name) if name.endswith(".pdf") else content
    assert inside is not None
    same(inside)


@pytest.mark.skipif(not SAMPLES.is_dir(), reason="the samples are not here")
def test_the_samples_of_one_seller_become_its_receivables(tmp_path: Path) -> None:
    files = {path.name: path.read_bytes() for path in SAMPLES.iterdir()}
    mill = {"name": "Au bon moulin", "registration": "999999998"}
    iban = Account(iban="FR2012421242124212421242124", holder="Au bon moulin SARL")
    reading = read_folder(tmp_path, files, creditor=mill, bank_accounts=(iban,))
    assert reading.items.select("number", "debtor", "open").sort("number").rows() == [
        ("F124212", "787878784", 20803), ("FA-2017-0010", "787878784", 47015),
    ]  # fmt: skip
    assert codes(reading, "I187") == ["I177", "I177"]


def test_a_factur_x_pdf_is_read_by_its_xml(tmp_path: Path) -> None:
    from facturx import generate_from_binary
    from weasyprint import HTML

    page = HTML(string="<p>Facture F1 de 999,00</p>").write_pdf()
    made = generate_from_binary(
        page, einvoices.cii("F1", **FULL), check_xsd=False, level="en16931", lang="fr"
    )
    reading = read_folder(tmp_path, {"F1.pdf": made, "conditions.PDF": page})
    assert reading.items.select("number", "amount", "open").rows() == [("F1", 12000, 7000)]
    assert codes(reading, "I187") == ["I175"]
    assert dict(reading.files[0].detected) == {"PDF": "1"}


def test_without_the_extra_a_pdf_refuses_and_xml_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import sys

    monkeypatch.setitem(sys.modules, "facturx", None)
    reading = read_folder(tmp_path, {"F1.xml": einvoices.ubl("F1"), "F2.pdf": b"%PDF-1.7\n"})
    assert reading.items["number"].to_list() == ["F1"]
    assert codes(reading, "I187") == ["I170"]
    assert reading.refused
    told = next(d for d in reading.diagnostics if d.code == "I170")
    assert "relance[einvoice]" in told.hint()


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("+++090/9337/55493+++", "+++090/9337/55493+++"),
        ("090933755493", "+++090/9337/55493+++"),
        ("***090/9337/55493***", "+++090/9337/55493+++"),
        ("090933755494", "090933755494"),
        ("RF18 5390 0754 7034", "RF18539007547034"),
        ("2026-06-17 00:00:00", "2026-06-17 00:00:00"),
        ("", ""),
    ],
)
def test_references_are_kept_as_people_read_them(text: str, kept: str) -> None:
    assert structured(text) == kept
