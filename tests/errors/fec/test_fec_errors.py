"""Each code of the FEC reader has a smallest ledger that shows it, and the exact output it gives.

`source.json` holds keys of the source where the case needs some.
"""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from relance.diagnostics import Rule, in_order
from relance.intake import fec_codes
from relance.intake.fec import read_fec
from relance.policy.model import FecSource

HERE = Path(__file__).parent
CASES = sorted(path.name for path in HERE.iterdir() if path.name.startswith("I"))


def said(case: Path) -> str:
    options = case / "source.json"
    more = json.loads(options.read_text()) if options.exists() else {}
    source = FecSource(name="compta", kind="fec", path="*FEC.txt", **more)
    _, findings, _ = read_fec(source, case)
    return "".join(
        f"{d.span}: {d.severity} {d.code}: {d.message()} ({d.hint()})\n" for d in in_order(findings)
    )


@pytest.mark.parametrize("code", CASES)
def test_the_smallest_ledger_that_shows_a_code_gives_exactly_its_output(code: str) -> None:
    text = said(HERE / code)
    golden = HERE / code / "expected.txt"
    if os.environ.get("UPDATE"):
        golden.write_text(text, encoding="utf-8")
    assert text == golden.read_text(encoding="utf-8")
    assert f" {code}: " in text


def test_every_declared_code_has_a_smallest_ledger() -> None:
    rules = {rule for rule in vars(fec_codes).values() if isinstance(rule, Rule)}
    assert sorted(rule.code for rule in rules) == CASES


@pytest.mark.parametrize("code", CASES)
def test_every_code_says_what_to_do_and_is_explained(code: str) -> None:
    rules = {r.code: r for r in vars(fec_codes).values() if isinstance(r, Rule)}
    assert rules[code].hint
    assert rules[code].explanation
