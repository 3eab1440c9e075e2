"""The smallest case for each code about payments, and what is said of it."""

from __future__ import annotations

from pathlib import Path

import pytest

from relance.diagnostics import RULES
from relance.runs import codes  # noqa: F401 - declares the rules
from scenarios.stage import Stage, new_stage

ACCOUNT = "FR7630006000011234567890189"
SALES = """
F-2026-101,C1,2026-03-02,2026-04-01,250.50,250.50,EUR,invoice
F-2026-103,C2,2026-03-02,2026-04-01,80.00,80.00,EUR,invoice
F-2026-104,C2,2026-03-02,2026-04-01,80.00,80.00,EUR,invoice
F-2026-105,C2,2026-03-02,2026-04-01,50.00,50.00,EUR,invoice
J1,C2,2026-03-02,2026-04-01,50,50,JPY,invoice
"""
BANK = f"""date,amount,counterparty,text,account
2026-04-09,250.50,Client C1,FACTURE F-2026-101,{ACCOUNT}
2026-04-09,80.00,Client C2,VIREMENT,{ACCOUNT}
2026-04-09,999.00,Inconnu,VIREMENT,{ACCOUNT}
"""
KEYS = {"CERTAIN": "250.50", "LIKELY": "80.00", "UNKNOWN": "999.00"}
CASES = {
    "D020": ("plan", "payments that wait for a decision: 1; what they probably pay is not dunned"),
    "D021": ("plan", "payments not allocated: 1, 999.00 EUR in all"),
    "D022": ("letter show zzz", "zzz is not the beginning of one payment's key"),
    "D023": ("letter accept UNKNOWN", "payment UNKNOWN: nothing is proposed for it"),
    "D024": ("letter accept LIKELY", "payment LIKELY has 2 candidates: which one?"),
    "D025": (
        "letter accept LIKELY --candidate 7",
        "payment LIKELY has no candidate 7, only 2",
    ),
    "D026": (
        "letter accept LIKELY --item F-2026-103=80.01",
        "payment LIKELY: 80.01 cannot be taken from it, 80.00 is left",
    ),
    "D027": (
        "letter accept LIKELY --item F-2026-105=60",
        "F-2026-105: 60.00 cannot be taken off, 50.00 is open",
    ),
    "D028": ("letter accept LIKELY --item J1", "J1 is in JPY and the payment in EUR"),
    "D029": (
        "letter undo UNKNOWN",
        "payment UNKNOWN: nothing was set against it, and nothing rejected",
    ),
    "D030": ("letter reject CERTAIN", "payment CERTAIN is set against receivables already"),
}


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Stage:
    root: Path = tmp_path_factory.mktemp("payments") / "project"
    sources = [
        {"name": "ventes", "kind": "csv", "path": "ventes.csv"},
        {"name": "banque", "kind": "bank", "path": "banque.csv"},
    ]
    made = new_stage(root, {"open": SALES, "policy": {"sources": sources}})
    made.write("banque.csv", BANK)
    return made


@pytest.fixture(scope="module")
def keys(stage: Stage) -> dict[str, str]:
    found = stage("letter", "list", "--json", "--date", "2026-04-10").json
    by_amount = {
        row["amount"]: row["movement"][:12]
        for name in ("pending", "suspense", "recent")
        for row in found[name]
    }
    return {name: by_amount[amount] for name, amount in KEYS.items()}


@pytest.mark.parametrize("code", CASES)
def test_what_is_said(stage, keys, code):
    words, expected = CASES[code]
    for name, key in keys.items():
        words, expected = words.replace(name, key), expected.replace(name, key)
    said = stage(*words.split(), "--json", "--date", "2026-04-10")
    found = {d["code"]: d["message"] for d in said.json["diagnostics"]}
    assert found[code] == expected
    assert said.code == (0 if words == "plan" else 2)


def test_a_statement_told_otherwise_is_said_when_it_comes(tmp_path):
    stage = new_stage(tmp_path / "project", {"open": SALES})
    stage.write("otherwise.csv", BANK.replace("Inconnu,VIREMENT", "INCONNU SA,VIR RECU"))
    stage.write("banque.csv", BANK)
    first, again = (str(stage.root / name) for name in ("otherwise.csv", "banque.csv"))
    assert stage("import", "bank", first).code == 0
    said = stage("import", "bank", again, "--json")
    known = {row["counterparty"]: row["movement"][:12] for row in suspense(stage)}
    found = {d["code"]: d["message"] for d in said.json["diagnostics"]}
    assert found["D031"] == (
        f"1 payments on {ACCOUNT} are known already, of the same day and amount but told "
        f"otherwise, as {known['Inconnu']} and {known['INCONNU SA']}"
    )
    assert "D031" not in {
        d["code"] for d in stage("import", "bank", again, "--json").json["diagnostics"]
    }


def suspense(stage: Stage) -> list[dict[str, str]]:
    return stage("letter", "list", "--json", "--date", "2026-04-10").json["suspense"]


def test_each_code_has_a_case():
    assert {code for code in RULES if "D020" <= code <= "D039"} == {*CASES, "D031"}
