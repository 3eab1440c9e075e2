"""The smallest files for each code of bank statements, and what is said of them."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from relance.diagnostics import RULES, Diagnostic, Rule
from relance.intake.bank import codes
from relance.intake.bank.reading import read_bank
from relance.policy.model import BankSource, Creditor

IBAN = "BE68539007547034"
ACCT = f"<Acct><Id><IBAN>{IBAN}</IBAN></Id><Ccy>EUR</Ccy></Acct>"
OFX = "OFXHEADER:100\n<OFX>"


def stmt(inner: str, account: str = ACCT) -> str:
    return f"<Document><BkToCstmrStmt><Stmt><Id>S</Id>{account}{inner}</Stmt></BkToCstmrStmt></Document>"


def ntry(amount: str = "1", sign: str = "CRDT", day: str = "2026-11-04", more: str = "") -> str:
    return (
        f"<Ntry><Amt Ccy='EUR'>{amount}</Amt><CdtDbtInd>{sign}</CdtDbtInd>"
        f"<BookgDt><Dt>{day}</Dt></BookgDt>{more}</Ntry>"
    )


def bal(code: str, amount: str, day: str = "2026-11-04") -> str:
    return (
        f"<Bal><Tp><CdOrPrtry><Cd>{code}</Cd></CdOrPrtry></Tp><Amt Ccy='EUR'>{amount}</Amt>"
        f"<CdtDbtInd>CRDT</CdtDbtInd><Dt><Dt>{day}</Dt></Dt></Bal>"
    )


@dataclass(frozen=True)
class Case:
    """Files by name, how their source is declared, and the line that is said of them."""

    code: str
    files: dict[str, str]
    said: str
    source: dict[str, Any] = field(default_factory=dict)
    accounts: tuple[str, ...] = ()


def one(code: str, content: str, said: str, **source: Any) -> Case:
    return Case(code, {"f": content}, said, source)


PARTS = "<NtryDtls><TxDtls><Amt Ccy='EUR'>1</Amt></TxDtls><TxDtls><Amt Ccy='EUR'>2</Amt></TxDtls></NtryDtls>"
PAGE = "<StmtPgntn><PgNb>1</PgNb><LastPgInd>false</LastPgInd></StmtPgntn>"
CASES = [
    one("I100", "<Document>\n<Stmt>",
        "f:2: error I100: the XML breaks off or is damaged: Premature end of data in tag Stmt line 2, "
        "line 2, column 7"),
    one("I101", "<!DOCTYPE x>\n<Document/>",
        "f:1: error I101: the XML declares a document type, which no bank statement does"),
    one("I102", "<Invoice/>", "f:1: error I102: this is no bank statement: the XML is Invoice"),
    one("I103", stmt(ntry()), "f:1: error I103: this is not a file of format coda", format="coda"),
    one("I104", stmt(bal("OPBD", "1") + ntry("2") + bal("CLBD", "4")),
        f"f:1: error I104: the statement of {IBAN} does not add up: 1.00 and movements of 2.00 make "
        "3.00, the closing balance is 4.00: 1.00 EUR apart"),
    one("I105", stmt(ntry("0.001")), "f:1: error I105: 0.001 is not an amount of EUR"),
    one("I106", stmt(ntry(day="2026-02-30")), "f:1: error I106: 2026-02-30 is not a booking date"),
    one("I107", stmt(ntry(), ACCT.replace("EUR", "EUX")), "f:1: error I107: unknown currency EUX"),
    one("I108", stmt(ntry(sign="PLUS")), "f:1: error I108: PLUS says neither credit nor debit"),
    one("I109", f"{OFX}<STMTTRN></OFX>",
        "f:2: error I109: the file breaks off: STMTTRN has no end"),
    one("I110", stmt(ntry(), ""), "f:1: error I110: the file does not say which account it is of"),
    one("I111", "Date;Montant;Solde\n13/11/2026;1;1\n14/11/2026;1;3\n",
        "f:3: error I111: the balance column breaks here: 1.00 and 1.00 make 2.00, not 3.00",
        account=IBAN),
    one("I112", "Date;Montant\n13/11/2026;x\n",
        "f:2: error I112: 1 of 1 rows cannot be read, so the statement is refused whole",
        account=IBAN),
    one("I113", stmt("".join(ntry("9" * 16) for _ in range(10))),
        f"f:1: error I113: the amounts of {IBAN} are larger than any account holds"),
    one("I120", stmt(ntry()),
        f"f: info I120: 1 movements read: camt, 1 statements, accounts {IBAN}, 2026-11-04 to "
        "2026-11-04"),
    Case("I121",
         {"a": stmt(bal("OPBD", "1", "2026-11-02") + bal("CLBD", "1", "2026-11-02")),
          "b": stmt(bal("OPBD", "2") + bal("CLBD", "2"))},
         f"b:1: warning I121: a statement of {IBAN} is missing: it closes at 1.00 on 2026-11-02, "
         "the next one opens at 2.00 and closes on 2026-11-04"),
    Case("I122", {"f": stmt(ntry())}, f"f:1: warning I122: account {IBAN} is not in accounts.yaml",
         accounts=("FR7630006000011234567890189",)),
    one("I123", stmt(ntry(more="<Sts>PDNG</Sts>")),
        "f: info I123: 1 entries are announced but not booked, and left out"),
    one("I124", stmt(ntry("5", more=PARTS)),
        "f:1: info I124: the 2 payments of this entry come to 3.00, the entry to 5.00 EUR: counted "
        "as one"),
    one("I125", stmt(ntry(), PAGE + ACCT),
        f"f:1: warning I125: statement S of {IBAN} goes on in a file that is not here"),
    Case("I126", {"a": stmt(ntry()), "b": stmt(ntry())},
         "b: info I126: has the same content as a: read once"),
    Case("I127", {"a": stmt(ntry()), "b": stmt(ntry()) + "\n"},
         "b: info I127: 1 movements stand in other files too: counted once"),
    Case("I128",
         {"a": stmt(ntry()), "b": "Date;Montant;Libellé\n2026-11-04;1;VIR\n"},
         f"b: warning I128: account {IBAN} is told by csv and by camt (a), and their movements of "
         "2026-11-04 to 2026-11-04 have nothing in common", {"account": IBAN}),
    one("I129", stmt(ntry()), "f: info I129: 1 movements before 2026-11-05 left out",
        since="2026-11-05"),
]  # fmt: skip


def concise(diagnostic: Diagnostic) -> str:
    return f"{diagnostic.span}: {diagnostic.severity} {diagnostic.code}: {diagnostic.message()}"


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.code)
def test_each_code_has_its_smallest_input(tmp_path: Path, case: Case) -> None:
    for name, content in case.files.items():
        (tmp_path / name).write_text(content, encoding="utf-8")
    creditor = Creditor.model_validate(
        {"name": "Lenoir", "country": "BE", "address": ["Namur"], "email": "compta@lenoir.example"}
    )
    source = BankSource.model_validate(
        {"name": "banque", "kind": "bank", "path": "*", **case.source}
    )
    _, said, _ = read_bank(source, creditor, tmp_path, case.accounts)
    assert case.said in [concise(d) for d in said]
    assert all("{" not in d.hint() for d in said)


def test_every_code_of_bank_statements_has_a_case() -> None:
    declared = {rule.code for rule in vars(codes).values() if isinstance(rule, Rule)}
    assert declared == {case.code for case in CASES}
    assert all(RULES[code].explanation for code in declared)
