"""The smallest debtors for each code about who they are, and what is said of them."""

from __future__ import annotations

from typing import Any

import polars as pl
import pytest

from relance.diagnostics import Diagnostic, Rule
from relance.intake import identity_codes
from relance.intake.identity import check_debtors
from relance.ledger.schema import DEBTORS, conform

SIREN, IBAN = "732829320", "FR7630006000011234567890189"

CASES: dict[str, tuple[list[dict[str, Any]], str]] = {
    "I200": ([{"country": "FR", "registration": "732829321"}],
             "c.csv:2: warning I200: C1: 732829321 is no registration of FR: its form or its check "
             "digits are wrong"),
    "I201": ([{"vat": "BE0403019262"}],
             "c.csv:2: warning I201: C1: BE0403019262 is no VAT number of BE: its form or its check "
             "digits are wrong"),
    "I202": ([{"iban": IBAN[:-1]}],
             "c.csv:2: warning I202: C1: FR763000600001123456789018 is no IBAN: its length or its "
             "check digits are wrong"),
    "I203": ([{"country": "FR", "registration": SIREN, "vat": "FR83404833048"}],
             "c.csv:2: warning I203: C1: the VAT number FR83404833048 is not that of registration "
             "732829320"),
    "I204": ([{"registration": SIREN}, {"registration": SIREN}],
             "c.csv:3: warning I204: C2 has the registration 732829320 of C1: the same company twice?"),
    "I205": ([{"iban": IBAN}, {"iban": IBAN}],
             "c.csv:3: warning I205: C2 pays from the account FR7630006000011234567890189 of C1"),
    "I206": ([{"name": "Dupont SARL"}, {"name": "SAS DUPONT"}],
             "c.csv:3: info I206: C2 (SAS DUPONT) looks like C1 (Dupont SARL)"),
    "I207": ([{"iban": "X"}] * 51, "c.csv:52: info I207: further debtors with I202: 1"),
}  # fmt: skip


def concise(diagnostic: Diagnostic) -> str:
    return f"{diagnostic.span}: {diagnostic.severity} {diagnostic.code}: {diagnostic.message()}"


@pytest.mark.parametrize("code", CASES)
def test_each_code_has_its_smallest_debtors(code: str) -> None:
    rows, said = CASES[code]
    numbered = [
        {"debtor": f"C{n}", "file": "c.csv", "line": n + 1, **row} for n, row in enumerate(rows, 1)
    ]
    debtors = conform(pl.DataFrame(numbered, infer_schema_length=None), DEBTORS)
    assert said in [concise(d) for d in check_debtors(debtors)]


def test_every_code_has_a_case_and_is_explained() -> None:
    rules = [rule for rule in vars(identity_codes).values() if isinstance(rule, Rule)]
    assert sorted(rule.code for rule in rules) == list(CASES)
    assert all(rule.hint and rule.explanation for rule in rules)
