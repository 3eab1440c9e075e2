"""The smallest project for each code about what open invoices lack, and what is said of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from einvoice_forms import ubl

from relance.diagnostics import Diagnostic, Rule
from relance.policy.model import Policy
from relance.runs import invoice_codes
from relance.runs.opening import open_history
from relance.runs.receivables_check import NAMED, check_receivables

DAY = date(2026, 3, 20)
OURS = {"registration": "732829320"}
ROW = "F1,C1,2026-03-02,2026-04-01,10,,,,\n"
HEAD = "number,debtor,issued,due,amount,reference,order_number,market_number,service_code\n"


@dataclass(frozen=True)
class Case:
    """What C1 requires, its other columns, the rows, and the line that is said."""

    code: str
    said: str
    requires: str = ""
    kind: str = "business"
    registration: str = ""
    terms: str = ""
    rows: str = ROW
    invoice: bytes = b""


def lacking(what: str) -> str:
    return f"v.csv:2: warning {{code}}: F1 of C1 (Dupont), due 2026-04-01 (12 days left){what}"


NOTES = ["PMD: 3 fois", "PMT: 40 €", "AAB: néant"]


def told(*notes: str, **of: Any) -> bytes:
    buyer = {"name": "Dupont", "registration": "404833048"}
    return ubl("F1", seller=OURS, buyer=buyer, notes=[f"#{n[:3]}#{n[5:]}" for n in notes], **of)


OF_INVOICE = "f/a.xml:3: warning {code}: F1 of 404833048 (Dupont), due 2026-03-31 (11 days left)"
CASES = [
    Case("I210", lacking(", has no order number"), "order_number"),
    Case("I211", lacking(", has no number of the public contract"), "market_number"),
    Case("I212", lacking(", has no service code"), "service_code"),
    Case("I213", lacking(", has no payment reference"), "reference"),
    Case("I214", lacking(": the registration of the debtor is not known"), "registration"),
    Case("I215", lacking(": the VAT number of the debtor is not known"), "vat"),
    Case("I216", lacking(": its source does not carry the text of the invoice"), "mentions"),
    Case("I217",
         "f/a.xml:3: warning {code}: F1 of 404833048 (Dupont) does not say on which date it is to "
         "be paid", invoice=told(*NOTES, due="")),
    Case("I218", OF_INVOICE + ", does not state the rate of the penalties for late payment",
         invoice=told(*NOTES[1:])),
    Case("I219", OF_INVOICE + ", does not state the 40 € for costs of recovery",
         invoice=told(NOTES[0], NOTES[2])),
    Case("I220", OF_INVOICE + ", does not say whether there is a discount for early payment",
         invoice=told(*NOTES[:2])),
    Case("I221", lacking(": the SIRET of the public buyer is not known"), kind="public",
         registration="214401093"),
    Case("I222", lacking(", has neither service code nor order number"), kind="public",
         registration="21440109300015"),
    Case("I223",
         "v.csv:2: warning {code}: F1 of C1 (Dupont) is due 2026-07-01, 47 days after the latest "
         "lawful date, 2026-05-15 (60 days from the invoice, or 45 days end of month)",
         rows="F1,C1,2026-03-02,2026-07-01,10,,,,\n"),
    Case("I224", "c.csv:2: warning {code}: the terms of payment of C1 are not understood: à la Saint-Glinglin",
         terms="à la Saint-Glinglin"),
    Case("I225", "None: info {code}: open invoices looked at: 1; lacking something: 0, of them not yet due: 0"),
    Case("I226", "None: warning {code}: further invoices with I210: 1", "order_number",
         rows="".join(ROW.replace("F1", f"F{n}") for n in range(NAMED + 1))),
    Case("I227",
         "c.csv:2: warning {code}: the terms of payment of C1 go beyond what the law lets businesses "
         "agree, by 30 days at most: 90 jours", terms="90 jours"),
]  # fmt: skip


def project(root: Path, case: Case) -> Policy:
    (root / "f").mkdir()
    (root / "f" / "a.xml").write_bytes(case.invoice or told(*NOTES, total="0.00"))
    (root / "v.csv").write_text(HEAD + (case.rows if not case.invoice else ""))
    columns = "id,name,country,kind,registration,requires,terms\n"
    cells = ("C1", "Dupont", "FR", case.kind, case.registration, case.requires, case.terms)
    (root / "c.csv").write_text(columns + ",".join(cells) + "\n")
    made = Policy.model_validate(
        {
            "creditor": {
                "name": "Menuiserie Lenoir SARL",
                "country": "FR",
                "registration": "732829320",
                "address": ["69003 Lyon"],
                "email": "compta@lenoir.example",
            },
            "sources": [
                {"name": "ventes", "kind": "csv", "path": "v.csv"},
                {"name": "factures", "kind": "einvoice", "path": "f"},
            ],
            "customers": {"path": "c.csv"},
            "segments": [{"name": "standard", "procedure": "standard"}],
            "channels": {"email": {"kind": "outbox", "folder": "out"}},
        }
    )
    return made.model_copy(update={"root": root})


def concise(diagnostic: Diagnostic) -> str:
    return f"{diagnostic.span}: {diagnostic.severity} {diagnostic.code}: {diagnostic.message()}"


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.code)
def test_each_code_has_its_smallest_project(tmp_path: Path, case: Case) -> None:
    policy = project(tmp_path, case)
    with open_history(policy, readonly=True) as history:
        checked = check_receivables(policy, DAY, history)
    assert case.said.format(code=case.code) in [concise(d) for d in checked.findings]


def test_every_code_has_a_case_and_is_explained() -> None:
    rules = [rule for rule in vars(invoice_codes).values() if isinstance(rule, Rule)]
    assert sorted(rule.code for rule in rules) == [case.code for case in CASES]
    assert all(rule.explanation for rule in rules)
