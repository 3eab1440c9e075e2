"""Each code of the computation has a smallest claim that shows it, and the exact words it gives."""

from __future__ import annotations

from datetime import date

import pytest

from relance.diagnostics import Rule
from relance.law import rate_codes
from relance.law.claim import Claim
from relance.law.compute import compute
from relance.law.rates import Rates, RateUnknown
from relance.law.regimes import NoRegime

SAID = {
    "L050": (
        Claim(10_000, "EUR", date(2026, 12, 31), date(2027, 1, 1), "FR", "business"),
        "error L050: the rate fr_default of 2027-S1 is not known (Once it is published, add it to "
        "relance.yaml: `rates: [{table: fr_default, from: 2027-01-01, percent: RATE, source: "
        "PUBLICATION}]`.)",
    ),
    "L051": (
        Claim(10_000, "EUR", date(2026, 6, 30), date(2026, 7, 1), "ES", "consumer"),
        "error L051: relance knows no rule for interest that consumer debtors owe in ES (Leave "
        "`charges` out for these debtors, or set `law: country` if another law governs the claim.)",
    ),
    "L052": (
        Claim(10_000, "EUR", date(2013, 6, 29), date(2013, 7, 31), "IT", "business"),
        "error L052: the rule for business debtors in IT is known for interest from 2013-07-01 on, "
        "not on 2013-06-30 (Compute the interest before 2013-07-01 by hand, or leave it out.)",
    ),
}


@pytest.mark.parametrize("code", SAID)
def test_the_smallest_claim_that_shows_a_code_gives_exactly_its_words(code: str) -> None:
    claim, words = SAID[code]
    with pytest.raises((RateUnknown, NoRegime)) as refused:
        compute(claim, Rates.known())
    said = refused.value.diagnostic
    assert f"{said.severity} {said.code}: {said.message()} ({said.hint()})" == words


def test_every_declared_code_has_a_smallest_claim() -> None:
    rules = {rule for rule in vars(rate_codes).values() if isinstance(rule, Rule)}
    assert {rule.code for rule in rules} == set(SAID)
    assert all(rule.hint and rule.explanation for rule in rules)
