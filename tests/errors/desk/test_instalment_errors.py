"""The smallest case for each code about payment plans and offers, and what is said of it."""

from __future__ import annotations

from pathlib import Path

import pytest

from relance.diagnostics import RULES
from relance.runs import instalment_codes
from scenarios.stage import new_stage

DAY = "2026-04-10"
PLAN = ["instalments", "propose"]
MADE = ["--first", "2026-05-01", "--count", "2"]
OFFER = ["offer", "make", "F1", "--until", "2026-05-01", "--percent"]
OPEN = (
    "F1,C1,2026-03-02,2026-04-01,250.50,250.50,EUR,invoice\n"
    "F2,C2,2026-03-02,2026-06-01,80.00,80.00,EUR,invoice\n"
    "F3,C1,2026-03-02,2026-04-01,10.00,10.00,EUR,invoice\n"
    "F4,C1,2026-03-02,2026-04-01,11.00,11.00,EUR,invoice\n"
    "F5,C1,2026-03-02,2026-04-01,12.00,12.00,EUR,invoice"
)
CASES: dict[str, tuple[list[list[str]], str]] = {
    "D155": (
        [[*PLAN, "F1", *MADE, "--first-amount", "300"]],
        "250.50 EUR cannot be paid in such instalments",
    ),
    "D156": ([[*PLAN, "C2", *MADE]], "nothing of C2 is open and past due"),
    "D157": (
        [["dispute", "open", "F1"], [*PLAN, "F1", *MADE]],
        "F1 cannot be part of a payment plan or an offer: disputed",
    ),
    "D158": (
        [[*PLAN, "F1", "F2", *MADE]],
        "a payment plan or an offer is of one debtor and one currency, not of C1, C2",
    ),
    "D159": (
        [["instalments", "accept", "F1"]],
        "F1 is no payment plan on which this can be done",
    ),
    "D160": (
        [[*PLAN, "F1", *MADE, "--interest", "waive"], ["instalments", "accept", "F1"], [*PLAN, "F1", *MADE]],
        "F1 is on plan {number}, which is being kept",
    ),
    "D164": (
        [[*PLAN, "F1", "F3", *MADE, "--interest", "waive"], ["instalments", "accept", "C1"], [*PLAN, "F4", "F5", *MADE]],
        "C1 has plan {number} over several invoices already",
    ),
    "D161": ([["offer", "grant", "F1"]], "F1 is no offer on which this can be done"),
    "D162": ([[*OFFER, "2"], [*OFFER, "3"]], "F1 is in offer {offer}, which is open"),
    "D163": ([[*OFFER, "50"]], "50 % of 250.50 EUR is no reduction that can be offered for F1"),
}  # fmt: skip


@pytest.mark.parametrize("code", CASES)
def test_the_smallest_case_shows_its_code(code: str, tmp_path: Path) -> None:
    lines, expected = CASES[code]
    given = {"open": OPEN, "policy": {"instalments": {"interest": "waive"}}}
    stage = new_stage(tmp_path, given)
    *before, last = lines
    for words in before:
        assert stage(*words, "--date", DAY).code == 0

    said = stage(*last, "--json", "--date", DAY)

    assert said.code == 2
    [found] = said.json["diagnostics"]
    assert found["code"] == code
    plans = stage("instalments", "--json", "--date", DAY).json["plans"]
    offers = stage("offer", "--json", "--date", DAY).json["offers"]
    assert found["message"] == expected.format(
        number=plans[0]["number"] if plans else None, offer=offers[0]["number"] if offers else None
    )


def test_every_code_has_its_case() -> None:
    declared = {rule.code for rule in vars(instalment_codes).values() if rule in RULES.values()}
    assert declared == set(CASES)
