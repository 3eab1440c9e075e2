"""The smallest CODA, CFONB 120 or MT940 file for each code, and what is said of it."""

from __future__ import annotations

import fixed_forms as f
import pytest

from relance.diagnostics import Rule, has_errors
from relance.intake.bank import fixed_codes
from relance.intake.bank.cfonb import read_cfonb
from relance.intake.bank.coda import read_coda
from relance.intake.bank.mt940 import read_mt940
from relance.intake.bank.statement import Defaults

READERS = {"coda": read_coda, "cfonb": read_cfonb, "mt940": read_mt940}
MT940 = ":20:M\n:25:BE68539007547034\n:60F:C261130EUR100,00\n"


def changed(records: list[str], at: int, record: str) -> bytes:
    """Return a CODA file whose record `at` is another one."""
    return f.written([*records[:at], record, *records[at + 1 :]])


BLOCK = f.block([f.movement(1, 100)])
OTHER = f"{'BE43068999999501':<34}EUR"

CASES = [
    ("I140", "coda", b"Date;Amount\n",
     "x:1: error I140: this is not a statement in the form CODA: it begins with “Date;Amount”"),
    ("I140", "cfonb", b"\n\n0\n",
     "x:3: error I140: this is not a statement in the form CFONB 120: it begins with “0”"),
    ("I140", "mt940", b"",
     "x:1: error I140: this is not a statement in the form MT940: it begins with “”"),
    ("I141", "coda", f.written([f.header(version="1")]),
     "x:1: error I141: CODA version “1” is not read"),
    ("I142", "coda", changed(BLOCK, 2, BLOCK[2] + "0"),
     "x:3: error I142: the line has 129 characters where a record of CODA has 128"),
    ("I142", "cfonb", f.written([f.old(0), f.entry(100)[:90]]),
     "x:2: error I142: the line has 88 characters where a record of CFONB 120 has 120"),
    ("I143", "coda", f.written([BLOCK[0], BLOCK[2]]),
     "x:2: error I143: record 2100010000 cannot stand here"),
    ("I143", "coda", changed(BLOCK, 2, f.movement(1, 100, code="50150000")),
     "x:3: error I143: record 2100010000 cannot stand here"),
    ("I143", "cfonb", f.written([f.old(0), f.detail("LIB", "X")]),
     "x:2: error I143: record 05 cannot stand here"),
    ("I144", "coda", changed(BLOCK, 2, "5" + BLOCK[2][1:]),
     "x:3: error I144: “51” begins no record of CODA"),
    ("I144", "cfonb", f.written([f.old(0), "06" + f.entry(1)[2:]]),
     "x:2: error I144: “06” begins no record of CFONB 120"),
    ("I145", "coda", changed(BLOCK, 2, BLOCK[2].replace("000000000001000", "0000000000O1000")),
     "x:3: error I145: “00000000000O1000” is not an amount"),
    ("I145", "cfonb", f.written([f.old(0), f.entry(1).replace("A", "?", 1).replace("VIR SEP?", "VIR SEPA").replace("0000A", "0000?")]),
     "x:2: error I145: “0000000000000?” is not an amount"),
    ("I145", "mt940", MT940.replace("100,00", "100.00").encode(),
     "x:3: error I145: “C261130EUR100.00” is not an amount"),
    ("I146", "coda", changed(BLOCK, 2, f.movement(1, 100, booked="310226")),
     "x:3: error I146: “310226” is not a date"),
    ("I146", "cfonb", f.written([f.old(0), f.entry(100, day="      ", value="      "), f.new(100)]),
     "x:2: error I146: “      ” is not a date"),
    ("I146", "mt940", MT940.replace("261130", "261131").encode(),
     "x:3: error I146: “261131” is not a date"),
    ("I147", "coda", f.written(BLOCK[:3]), "x:3: error I147: the statement has no end: “8” is missing"),
    ("I147", "coda", f.written(BLOCK[:4]), "x:4: error I147: the statement has no end: “9” is missing"),
    ("I147", "cfonb", f.written([f.old(0)]), "x:1: error I147: the statement has no end: “07” is missing"),
    ("I147", "mt940", MT940.encode(), "x:3: error I147: the statement has no end: “:62F:” is missing"),
    ("I148", "coda", f.written([*BLOCK[:4], BLOCK[4].replace("000003", "000004", 1)]),
     "x:5: error I148: record 9 counts 000004 records, the file has 3"),
    ("I149", "coda", f.written([*BLOCK[:4], BLOCK[4].replace("000001000", "000002000")]),
     "x:5: error I149: record 9 tells debits of 0.000 and credits of 2.000; the movements have 0.000 and 1.000"),
    ("I150", "mt940", (MT940 + ":61:261201X1,00NTRFNONREF\n:62F:C261201EUR100,00\n-\n").encode(),
     "x:4: error I150: the movement “:61:261201X1,00NTRFNONREF” cannot be read"),
    ("I151", "cfonb", f.written([f.old(0), f.entry(1, head=f.HEAD.replace("123456", "123457"))]),
     "x:2: error I151: account 12345778901 stands inside a statement of account 12345678901"),
    ("I152", "coda", changed(BLOCK, 3, f.closing(100, OTHER)),
     "x:4: warning I152: the closing balance names account BE43068999999501 EUR, the opening balance BE68539007547034"),
    ("I153", "coda", changed(BLOCK, 0, f.header(duplicate="D")),
     "x:1: info I153: the bank marks this file as a duplicate"),
    ("I154", "coda", changed(BLOCK, 0, f.header(application="00013")),
     "x:1: error I154: this CODA file holds the details of application 00013 only, without statement"),
    ("I155", "coda", f.coda([f.movement(1, 100, code="10150000"), f.movement(1, 60, detail=1, code="50150000")]),
     "x:3: warning I155: the details of this total add up to 0.60, not to 1.00: the total is kept as one payment"),
    ("I156", "cfonb", f"31{'':<237}1\n".encode(),
     "x:1: error I156: this is a CFONB file of 240 characters (unpaid items), not a statement"),
    ("I157", "coda", changed(BLOCK, 2, BLOCK[2].replace("000000000001000", "000000000001001")),
     "x:3: error I157: 1.001 has more decimals than EUR has"),
    ("I158", "mt940", (MT940 + ":62F:C261201USD100,00\n").encode(),
     "x:4: error I158: a balance in USD stands in a statement in EUR"),
    ("I159", "mt940", b":20:M\n:60F:C261130EUR100,00\n",
     "x:2: error I159: field :25: is missing before this line"),
    ("I159", "mt940", b":20:M\n:25:1\n:61:261201C1,00NTRFNONREF\n",
     "x:3: error I159: field :60F: is missing before this line"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("code", "form", "content", "expected"), CASES, ids=[f"{c[0]}-{c[1]}" for c in CASES]
)
def test_the_smallest_file_that_shows_a_code(
    code: str, form: str, content: bytes, expected: str
) -> None:
    statements, said = READERS[form](content, "x", Defaults("EUR"))
    assert [f"{d.span}: {d.severity} {d.code}: {d.message()}" for d in said] == [expected]
    assert said[0].hint()
    assert bool(statements) != has_errors(said)


def test_every_declared_code_has_a_smallest_file() -> None:
    rules = {rule for rule in vars(fixed_codes).values() if isinstance(rule, Rule)}
    assert sorted(rule.code for rule in rules) == sorted({case[0] for case in CASES})
    assert all(rule.explanation for rule in rules)
