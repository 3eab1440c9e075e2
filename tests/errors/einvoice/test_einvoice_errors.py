"""The smallest folder for each code of the reader of e-invoices, and what is said of it."""

from __future__ import annotations

import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from einvoice_forms import cii, ubl

from relance.diagnostics import Diagnostic, Rule
from relance.intake import einvoice_codes
from relance.intake.reading import read
from relance.policy.model import Account, Policy

OURS = {"registration": "732829320"}


def mine(number: str = "F1", **of: Any) -> bytes:
    return ubl(number, seller=OURS, **of)


@dataclass(frozen=True)
class Case:
    """The files of a folder, and the line that is said of them."""

    code: str
    files: dict[str, bytes]
    said: str
    source: dict[str, Any] = field(default_factory=dict)
    customers: str = ""
    without: str = ""


CUSTOMERS = "id;name;registration\nA;Parc;404833048\nB;Le Parc;404833048\n"

CASES = [
    Case("I170", {"a.pdf": b"%PDF-1.7\n"},
         "f/a.pdf: error I170: reading the e-invoice in a PDF needs a package that is not "
         "installed; PDF files: 1", without="facturx"),
    Case("I171", {"a.xml": b"<Invoice>\n<x>"},
         "f/a.xml:2: error I171: the XML cannot be read: Premature end of data in tag x line 2, "
         "line 2, column 4"),
    Case("I172", {"a.xml": b"<!DOCTYPE a><a/>"},
         "f/a.xml:1: error I172: the XML declares a document type, which no e-invoice does"),
    Case("I173", {"a.xml": b" " * 51_000_000},
         "f/a.xml: error I173: the file has 51 MB; e-invoices are read up to 50 MB"),
    Case("I174", {"a.pdf": b"%PDF-1.7\n"},
         "f/a.pdf: error I174: the PDF cannot be read: Stream has ended unexpectedly"),
    Case("I175", {"a.pdf": b""},
         "f/a.pdf: warning I175: a PDF without an e-invoice in it; not taken"),
    Case("I176", {"a.xml": b"<Order/>"},
         "f/a.xml:1: warning I176: neither an invoice nor a credit note that relance reads: Order; "
         "not taken"),
    Case("I177", {"a.xml": ubl(seller={"registration": "404833048"})},
         "f/a.xml:3: warning I177: F1 is an invoice of Menuiserie Lenoir SARL (404833048), not of "
         "the creditor; not taken"),
    Case("I178", {"a.xml": mine("")},
         "f/a.xml:2: warning I178: the invoice has no number (BT-1); left out"),
    Case("I179", {"a.xml": mine(total="12,50")},
         "f/a.xml:3: warning I179: amount (BT-112) cannot be read: 12,50; left out"),
    Case("I180", {"a.xml": mine(type="325")},
         "f/a.xml:3: warning I180: F1 is a document of type 325, which claims nothing that relance "
         "knows; left out"),
    Case("I181", {"a.xml": mine(), "b.xml": mine()},
         "f/b.xml:3: info I181: the same F1 of 404833048 as in f/a.xml; read once"),
    Case("I182", {"a.xml": mine(), "b.xml": mine(total="1")},
         "f/b.xml:3: warning I182: F1 of 404833048 is not the same here and in f/a.xml; neither is "
         "taken"),
    Case("I183", {"a.xml": mine(), "b.xml": mine("F2", type="384", preceding=["F1"])},
         "f/a.xml:3: info I183: F1 of 404833048 is replaced by the corrected invoice F2; not claimed"),
    Case("I184", {"a.xml": mine(ibans=["DE75512108001245126199"])},
         "f/a.xml:3: warning I184: invoices to be paid to DE75512108001245126199, which is no "
         "account of accounts.yaml: 1; the first is F1"),
    Case("I185", {"a.xml": cii(seller=OURS, dues=("2026-03-31", "2026-04-30"))},
         "f/a.xml:2: warning I185: F1 has several due dates (2026-03-31, 2026-04-30); the last is "
         "taken"),
    Case("I186", {"a.xml": mine()},
         "f/a.xml:3: warning I186: customers that Hôtel du Parc SAS (404833048) could be: A, B; it "
         "is kept apart from them", customers=CUSTOMERS),
    Case("I187", {"a.xml": mine(), "b.xml": mine("A1", root="CreditNote")},
         "f: info I187: e-invoices read: 2 of 2 files (2 UBL, 0 CII, 0 PDF), credit notes among "
         "them: 1"),
    Case("I188", {f"{n:02}.xml": b"<Order/>" for n in range(52)},
         "f/50.xml:1: warning I188: further files with I176: 2, the last f/51.xml"),
    Case("I189", {"a.xml": mine(), "a.pdf": b"%PDF"},
         "f: info I189: PDF files beside the XML of the same name, not opened: 1"),
    Case("I190", {"a.xml": b"<Order/>"},
         "f: error I190: the folder is to hold all open items, and no invoice in it could be taken",
         {"full": True}),
]  # fmt: skip


def concise(diagnostic: Diagnostic) -> str:
    return f"{diagnostic.span}: {diagnostic.severity} {diagnostic.code}: {diagnostic.message()}"


def project(root: Path, case: Case) -> Policy:
    (root / "f").mkdir()
    for name, content in case.files.items():
        (root / "f" / name).write_bytes(content or page())
    (root / "c.csv").write_text(case.customers)
    source = {"name": "factures", "kind": "einvoice", "path": "f", **case.source}
    made = Policy.model_validate(
        {
            "creditor": {
                "name": "Menuiserie Lenoir SARL",
                "country": "FR",
                "registration": "732829320",
                "address": ["69003 Lyon"],
                "email": "compta@lenoir.example",
            },
            "sources": [source],
            "customers": {"path": "c.csv"} if case.customers else None,
            "segments": [{"name": "standard", "procedure": "standard"}],
            "channels": {"email": {"kind": "outbox", "folder": "out"}},
        }
    )
    account = Account(iban="FR7630006000011234567890189", holder="Lenoir")
    return made.model_copy(update={"root": root, "bank_accounts": (account,)})


def page() -> bytes:
    from weasyprint import HTML

    made: bytes = HTML(string="<p>Facture").write_pdf()
    return made


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.code)
def test_each_code_has_its_smallest_folder(
    tmp_path: Path, case: Case, monkeypatch: pytest.MonkeyPatch
) -> None:
    if case.without:
        monkeypatch.setitem(sys.modules, case.without, None)
    reading = read(project(tmp_path, case))
    assert case.said in [concise(d) for d in reading.diagnostics]
    assert reading.refused == any(d.severity == "error" for d in reading.diagnostics)


def test_every_code_has_a_case_and_is_explained() -> None:
    rules = [rule for rule in vars(einvoice_codes).values() if isinstance(rule, Rule)]
    assert sorted(rule.code for rule in rules) == [case.code for case in CASES]
    assert all(rule.explanation for rule in rules)
