"""The smallest case for each code about charges that nobody can claim, and what is said of it."""

from __future__ import annotations

from pathlib import Path

import pytest

from relance.diagnostics import RULES
from relance.dunning import codes  # noqa: F401 - declares the rules
from scenarios.stage import new_stage

LEVELS = [
    {
        "id": "reminder",
        "days": 5,
        "channel": "email",
        "template": "reminder",
        "charges": {"interest": "legal", "compensation": "legal"},
    }
]
FEE = {**LEVELS[0], "charges": {"fee": "10.00"}, "when": {"kind": "business"}}
CUSTOMERS = """id,name,kind,country,language,email
C1,Client Un,{kind},{country},fr,c1@client.example
"""
CASES = {
    "D040": (("", "FR", "EUR", "2026-03-02"),
             "no charges are claimed of debtors whose kind is not known: C1"),
    "D041": (("business", "FR", "USD", "2026-03-02"),
             "no compensation is claimed in USD, which the law does not give it in: C1"),
    "D042": (("consumer", "PT", "EUR", "2026-03-02"),
             "no charges are claimed of consumer debtors in PT, whose law relance does not know: C1"),
    "D044": (("business", "FR", "USD", "2026-03-02"),
             "the fee of level reminder is an amount in EUR and is not claimed in USD: C1"),
}  # fmt: skip


@pytest.mark.parametrize("code", CASES)
def test_the_smallest_case_of_a_code_says_exactly_this(code: str, tmp_path: Path) -> None:
    (kind, country, currency, due), expected = CASES[code]
    stage = new_stage(
        tmp_path / "project",
        {
            "procedures": {"standard": {"levels": [FEE] if code == "D044" else LEVELS}},
            "customers": CUSTOMERS.format(kind=kind, country=country),
            "open": f"F1,C1,2026-01-02,{due},100.00,100.00,{currency},invoice",
        },
    )
    found = {d["code"]: d["message"] for d in stage.plan("2026-04-08")["diagnostics"]}
    assert found[code] == expected


def test_an_older_rate_that_is_not_known_leaves_its_invoices_without_charges(
    tmp_path: Path,
) -> None:
    """The invoice goes out with another one, whose level and rates are known."""
    levels = [
        {"id": "first", "days": 5, "channel": "email", "template": "reminder", "when": {"amount": {"min": 500}}},
        {**LEVELS[0], "id": "second", "days": 6, "when": {"amount": {"max": 499}}},
    ]  # fmt: skip
    stage = new_stage(
        tmp_path / "project",
        {
            "procedures": {"standard": {"levels": levels}},
            "open": "F1,C1,2005-01-02,2005-03-02,900.00,900.00,EUR,invoice\n"
            "F2,C1,2026-01-02,2026-03-02,100.00,100.00,EUR,invoice",
        },
    )
    plan = stage.plan("2026-04-08")
    found = {d["code"]: d["message"] for d in plan["diagnostics"]}
    assert found["D043"] == (
        "nothing beside the principal is claimed where a rate is not known for all of the time: F1"
    )
    (notice,) = plan["notices"]
    assert {r["number"]: r["interest"] == "0.00" for r in notice["receivables"]} == {
        "F1": True,
        "F2": False,
    }


def test_every_code_of_charges_has_its_case() -> None:
    declared = {rule.code for rule in RULES.values() if "D040" <= rule.code <= "D049"}
    assert declared == {*CASES, "D043"}
