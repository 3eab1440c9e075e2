"""The smallest input for each code of the intake of CSV files, and what is said of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from relance.diagnostics import RULES, Diagnostic
from relance.intake import codes
from relance.intake.reading import read
from relance.policy.model import Policy

HEAD = "number;debtor;due;amount\n"
ROW = "F1;C1;15/07/2026;10\n"


@dataclass(frozen=True)
class Case:
    """A file, how it is declared, and the line that is said of it."""

    code: str
    content: str | bytes | Path
    said: str
    source: dict[str, Any] = field(default_factory=dict)
    customers: bool = False


QUADRA = "M9DUPONT VE000020326 FACTURE             D+000000012345        010426     12345\n"
MANY = "number;debtor;amount\n" + "F1;C1;x\n" * 52

CASES = [
    Case("I001", "", "v*.txt: error I001: no file matches v*.txt", {"path": "v*.txt"}),
    Case("I002", Path("/proc/self/mem"),
         "v.csv: error I002: the file cannot be read: Input/output error"),
    Case("I003", "\n", "v.csv: error I003: the file is empty"),
    Case("I004", b"PK\x03\x04\n",
         "v.csv: error I004: this is not a CSV file: its format is Excel (xlsx), ZIP"),
    Case("I005", Path("/proc/self/status"), "v.csv: error I005: the file changed while it was read"),
    Case("I006", HEAD + "\0\n", "v.csv:2: error I006: the file holds NUL bytes"),
    Case("I007", HEAD + "F1;C1",
         "v.csv:2: error I007: the last line has no end: the file may be cut"),
    Case("I008", HEAD + '"F1;C1;;10\n',
         "v.csv:2: error I008: quotation marks do not pair up in the record that starts here"),
    Case("I009", HEAD + "F1;C1\n", "v.csv:2: error I009: 2 cells where the header has 4"),
    Case("I010", "nummer;ville\nF1;Lyon\n",
         "v.csv:1: error I010: no column for amount; the file has nummer, ville"),
    Case("I011", HEAD + ROW,
         "v.csv:1: error I011: `columns` maps number to N° pce, which the file does not have; "
         "it has number, debtor, due, amount", {"columns": {"number": "N° pce"}}),
    Case("I012", HEAD + ROW, "v.csv: error I012: `columns` maps nr, which is not a column of relance",
         {"columns": {"nr": "number"}}),
    Case("I013", HEAD, "v.csv:1: error I013: the full export has a header but no row that can be read",
         {"full": True}),
    Case("I014", "Client;0-30;31-60;> 60\nC1;1;2;3\n",
         "v.csv:1: error I014: this is an aged balance: sums by age (0-30, 31-60, > 60), "
         "without invoices"),
    Case("I015", HEAD + "F1;C1;15/07/2026;1\nF2;C1;07/15/2026;1\n",
         "v.csv: error I015: dates stand both day first (15/07/2026) and month first (07/15/2026)"),
    Case("I016", HEAD + "é\n", "v.csv: error I016: the file is not ascii: ordinal not in range(128)",
         {"encoding": "ascii"}),
    Case("I017", "N° facture;Réf facture;debtor;amount\nF1;R1;C1;10\n",
         "v.csv: info I017: number is read from N° facture, not from Réf facture"),
    Case("I018", HEAD + ROW,
         "v.csv:1: error I018: the file has not the columns of preset xero: ContactName, "
         "InvoiceNumber, InvoiceAmountDue; it has number, debtor, due, amount",
         {"preset": "xero"}),
    Case("I019", QUADRA + "M9DUPONT\n",
         "v.csv:2: error I019: the line has 8 characters where an entry has at least 55"),
    Case("I020", HEAD + ROW,
         "v.csv: info I020: 1 rows read: utf-8, delimiter ;, decimal mark –, dates dmy, header on "
         "line 1, columns number=number, debtor=debtor, due=due, amount=amount"),
    Case("I021", HEAD + ROW, "old.csv: info I021: not read, because v.csv is newer",
         {"path": "*.csv", "full": True}),
    Case("I022", HEAD + ";;;\n" + ROW,
         "v.csv: info I022: passed over: 0 lines before the header, 1 blank rows, 0 sums, "
         "0 headings of groups, 0 repeated headers"),
    Case("I023", HEAD + "F1;C1;03/04/2026;10\n",
         "v.csv: warning I023: no date tells day from month: read as dmy (03/04/2026)"),
    Case("I024", HEAD + "F1;C1;;1.234\n",
         "v.csv: warning I024: amounts like 1.234 are read as thousands"),
    Case("I025", HEAD + "F1;C1;;1,5\nF2;C1;;1.5\n",
         "v.csv: warning I025: amounts have both decimal commas (1,5) and decimal points (1.5)"),
    Case("I026", HEAD + "FÃ©;C1;;1\n",
         "v.csv: warning I026: accents were garbled before the export (Ã©)"),
    Case("I027", "number;debtor;amount;kind\nF1;C1;10;vendor bill\n",
         "v.csv: info I027: left out: 0 rows of draft, cancelled or paid documents, 1 of suppliers, "
         "0 on other accounts"),
    Case("I028", "number;debtor;amount;lettrage\nF1;C1;10;A\n",
         "v.csv: info I028: 0 lettered rows balance and are settled; 1 lettered rows do not and "
         "are kept"),
    Case("I029", HEAD + "F\u202e1;C1;;10\n",
         "v.csv: warning I029: 1 cells held control or direction characters, which were removed"),
    Case("I030", HEAD + ";C1;15/07/2026;10\n",
         "v.csv:2: warning I030: row left out: number is empty"),
    Case("I031", HEAD + "F1;C1;31/02/2026;10\n",
         "v.csv:2: warning I031: row left out: due is not a date: 31/02/2026"),
    Case("I032", HEAD + "F1;C1;;dix\n",
         "v.csv:2: warning I032: row left out: amount is not an amount: dix"),
    Case("I033", HEAD + "F1;C1;;0,123\n",
         "v.csv:2: warning I033: row left out: amount has more decimals than EUR has: 0,123"),
    Case("I034", HEAD + "F1;C1;;1,5\nF2;C1;;1.5\nF3;C1;;1.234\n",
         "v.csv:4: warning I034: row left out: amount can be read in two ways: 1.234"),
    Case("I035", "number;debtor;amount;currency\nF1;C1;10;EUT\n",
         "v.csv:2: warning I035: row left out: unknown currency EUT"),
    Case("I036", "number;debtor;amount;currency\nF1;C1;$10;EUR\n",
         "v.csv:2: warning I036: row left out: amount says $ in a row of EUR"),
    Case("I037", "number;debtor;amount;kind\nF1;C1;10;machin\n",
         "v.csv:2: warning I037: row left out: unknown kind machin"),
    Case("I038", "number;debtor;amount;open\nF1;C1;10;-2\n",
         "v.csv:2: warning I038: row left out: open (-2) has another sign than amount (10)"),
    Case("I039", "number;debtor;amount;open\nF1;C1;10;12\n",
         "v.csv:2: warning I039: open (12) is more than amount (10)"),
    Case("I040", HEAD + ROW + ROW,
         "v.csv:3: warning I040: row left out: it repeats line 2 cell by cell"),
    Case("I041", "number;debtor;amount;reference\nF1;C1;10;a\nF1;C1;10;b\n",
         "v.csv:3: warning I041: F1 stands here with the same debtor, due date and amount as on "
         "line 2"),
    Case("I042", "id;name;country\nC1;A;Atlantide\n",
         "c.csv:2: warning I042: country is not known: Atlantide; taken as empty", customers=True),
    Case("I043", "id;name\nC1;A\nC1;B\n",
         "c.csv:2: warning I043: row left out: customer C1 stands more than once with different "
         "data, first on line 2", customers=True),
    Case("I044", "id;name;email\nC1;A;compta@\n",
         "c.csv:2: warning I044: not an e-mail address: compta@; taken as empty", customers=True),
    Case("I045", "ContactName;InvoiceNumber;InvoiceAmountDue\nA;F1;10\nA;F1;12\n",
         "v.csv:2: warning I045: rows left out: the lines of F1 do not agree on amount"),
    Case("I046", HEAD + ";C1;15/07/2026;10\n" + ROW,
         "v.csv: warning I046: 1 of 2 rows were left out because they could not be read"),
    Case("I047", "number;debtor;issued;due;amount\nF1;C1;15/07/2026;14/07/2026;10\n",
         "v.csv:2: warning I047: due on 2026-07-14, before it was issued on 2026-07-15"),
    Case("I048", MANY, "v.csv:52: warning I048: 2 more rows with I032: 52 to 53"),
    Case("I080", HEAD + ROW, "v.csv: error I080: `dates: jour/mois` cannot be used",
         {"dates": "jour/mois"}),
    Case("I049", "id;name;since\nC1;A;hier\n",
         "c.csv:2: warning I049: since cannot be read: hier; taken as empty", customers=True),
]  # fmt: skip


def concise(diagnostic: Diagnostic) -> str:
    return f"{diagnostic.span}: {diagnostic.severity} {diagnostic.code}: {diagnostic.message()}"


def put(path: Path, content: str | bytes | Path) -> None:
    if isinstance(content, Path):
        if not content.exists():
            pytest.skip("this system has no such file")
        path.symlink_to(content)
    else:
        path.write_bytes(content.encode() if isinstance(content, str) else content)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.code)
def test_each_code_has_its_smallest_input(tmp_path: Path, case: Case) -> None:
    put(tmp_path / "v.csv", HEAD + ROW if case.customers else case.content)
    if case.customers:
        put(tmp_path / "c.csv", case.content)
    if case.code == "I021":
        put(tmp_path / "old.csv", HEAD + ROW)
        import os

        os.utime(tmp_path / "old.csv", (0, 0))
    policy = Policy.model_validate(
        {
            "creditor": {
                "name": "Menuiserie Lenoir SARL",
                "country": "FR",
                "address": ["69003 Lyon"],
                "email": "compta@lenoir.example",
            },
            "sources": [{"name": "ventes", "kind": "csv", "path": "v.csv", **case.source}],
            "customers": {"path": "c.csv"} if case.customers else None,
            "segments": [{"name": "standard", "procedure": "standard"}],
            "channels": {"email": {"kind": "outbox", "folder": "out"}},
        }
    ).model_copy(update={"root": tmp_path})
    reading = read(policy)
    assert case.said in [concise(d) for d in reading.diagnostics]
    assert reading.refused == any(d.severity == "error" for d in reading.diagnostics)
    for diagnostic in reading.diagnostics:
        assert "{" not in diagnostic.hint().replace("columns: {", "")


def test_every_code_of_the_intake_has_a_case() -> None:
    declared = {rule.code for rule in vars(codes).values() if hasattr(rule, "explanation")}
    assert declared == {case.code for case in CASES}
    assert all(RULES[code].explanation for code in declared)
    assert declared == {f"I{number:03}" for number in (*range(1, 50), 80)}
