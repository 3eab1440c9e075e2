"""The smallest case for each code about scores of others and stricter terms, and what is said of it."""

from __future__ import annotations

import shlex
import sys
from pathlib import Path

import pytest

from channels.http_server import HttpServer, status
from relance.intake import score_codes as of_files
from relance.runs import score_codes as of_runs
from scenarios.stage import Stage, new_stage

DAY = "2026-04-10"
FILE = {"name": "agence", "kind": "csv", "path": "scores.csv", "worst": "0", "best": "20"}
CUSTOMERS = "id,name,kind,registration\nC1,Un,business,552100554\nP1,Paul,consumer,\n"
CASES = {
    "D180": ("score list", 0, "the scores of `agence` were not read: no file matches scores.csv"),
    "D181": ("score list", 0, "this score is left out: its score is off the scale"),
    "D182": (
        "score list", 0,
        "scores of debtors that are not in the customers' file, or may be natural persons: 1; they are not used",
    ),
    "D183": ("score fetch", 2, "no service is there to be asked"),
    "D186": ("score evaluate --models", 2, "models need scikit-learn, which is not installed"),
    "D187": ("debtor --terms -o t.csv", 4, "terms list d60a8a04a045 is not approved: nothing was written"),
    "D188": (
        "debtor --terms --approve abc", 4, "today's terms list is d60a8a04a045, not abc: nothing was approved",
    ),
    "D189": (
        "debtor --terms --approve d60a8a04a045 --except C9", 2,
        "C9 is not on terms list d60a8a04a045: nothing was approved",
    ),
}  # fmt: skip
FILES = {
    "D181": "id,score,date\nC1,21,2026-04-01\n",
    "D182": "id,score,date\nP1,9,2026-04-01\n",
    "D183": "id,score,date\n",
}
SERVED = {
    "D184": (
        status(503, b"closed"), "bureau did not answer: 503 closed; asked about 1, not about 0 more; the older "
        "scores stay: 0",
    ),
    "D185": (
        status(200, {"note": 21}),
        "bureau: 1 answers hold no score between 0 and 20 at `note`, the first about C1",
    ),
}  # fmt: skip


def staged(tmp_path: Path, source: dict[str, str]) -> Stage:
    stage = new_stage(tmp_path / "project", {"policy": {"scores": {"sources": [source]}}})
    stage.customers(CUSTOMERS)
    return stage


@pytest.mark.parametrize("code", CASES)
def test_what_is_said(tmp_path, code, monkeypatch):
    stage = staged(tmp_path, FILE)
    if code in FILES:
        stage.write("scores.csv", FILES[code])
    if code == "D186":
        monkeypatch.setitem(sys.modules, "sklearn", None)
    words, exit_code, expected = CASES[code]
    said = stage(*shlex.split(words), "--json", "--date", DAY)
    found = {d["code"]: d["message"] for d in said.json["diagnostics"]}
    assert found[code] == expected
    assert said.code == exit_code


@pytest.mark.parametrize("code", SERVED)
def test_what_is_said_of_services(tmp_path, code):
    answer, expected = SERVED[code]
    with HttpServer({"*": answer}).running() as server:
        source = {"name": "bureau", "kind": "http", "url": f"{server.url}/{{registration}}", "score": "note",
                  "worst": "0", "best": "20"}  # fmt: skip
        said = staged(tmp_path, source)("score", "fetch", "--json", "--date", DAY)
    assert {d["code"]: d["message"] for d in said.json["diagnostics"]} == {code: expected}
    assert said.code == 1


def test_each_code_has_a_case():
    modules = (of_files, of_runs)
    declared = {r.code for m in modules for r in vars(m).values() if hasattr(r, "code")}
    assert declared == {*CASES, *SERVED}
