"""The smallest case for each code about handovers, and what is said of it."""

from __future__ import annotations

from pathlib import Path

import pytest

from relance.diagnostics import RULES
from relance.runs import handover_codes
from scenarios.stage import new_stage

DAY = "2026-04-10"
STEPS = [
    {"id": "recouvra", "kind": "agency", "name": "Recouvra", "when": {"open": {"min": 100}}},
    {"id": "roy", "kind": "lawyer", "name": "Me Roy", "sheet": "be-undisputed"},
]
OPEN = (
    "F1,C1,2026-03-02,2026-04-01,250.50,250.50,EUR,invoice\n"
    "F2,C2,2026-03-02,2026-04-01,50.00,50.00,EUR,invoice"
)
GIVE = ["handover", "give", "F1", "--to", "recouvra"]
RETURN = ["handover", "return", "F1"]
BLOCK = ["record", "block", "F1"]
NOTHING = ["handover", "give", "F9"]
NOTE = ["record", "handover", "--debtor", "C1"]
CASES: dict[str, tuple[list[list[str]], str]] = {
    "D165": (
        [["handover", "give", "F1", "--to", "reconvra"]],
        "F1 cannot be handed over: no step `reconvra` under `handovers`",
    ),
    "D166": ([BLOCK, GIVE], "F1 is not handed over: its verdict is `blocked`"),
    "D167": ([GIVE], "F1 is not handed over: no notice about it has left yet"),
    "D168": (
        [["run"], ["handover", "give", "F2", "--to", "recouvra"]],
        "F2 is not handed over: `recouvra` does not take it",
    ),
    "D169": ([NOTHING], "nothing of F9 can be handed over"),
    "D170": ([RETURN], "nothing of F1 is with others"),
    "D171": (
        [["run"], GIVE, NOTE, RETURN],
        "F1 is with others in several cases: {numbers}",
    ),
    "D172": (
        [["run"], GIVE, ["handover", "result", "F1", "--collected", "250.51"]],
        "250.51 EUR is not what can have come of case {number}: 250.50 was handed over and is not "
        "reported yet",
    ),
    "D173": (
        [["handover", "sheet", "F1", "--sheet", "be-undisputed", "-o", "new.pdf"]],
        "the data sheet `be-undisputed` is not made for C1: the debtor is not in that country, or "
        "the country is not known (C. jud. art. 1394/20)",
    ),
    "D174": (
        [["run"], ["pause"], ["handover", "give", "F1", "--to", "sent"]],
        "the dossier of case {number} is in {file}, but was not sent: sending is paused",
    ),
    "T013": (
        [["run"], ["handover", "give", "F1", "--to", "roy"]],
        "the dossier of C1 has no data sheet `be-undisputed`: the debtor is not in that country, or "
        "the country is not known (C. jud. art. 1394/20)",
    ),
}


@pytest.mark.parametrize("code", CASES)
def test_the_smallest_case_shows_its_code(code: str, tmp_path: Path) -> None:
    lines, expected = CASES[code]
    sent = {"id": "sent", "kind": "agency", "name": "Sent", "email": "a@b.example", "channel": "email"}  # fmt: skip
    stage = new_stage(tmp_path, {"open": OPEN, "policy": {"handovers": [*STEPS, sent]}})
    *before, last = lines
    for words in before:
        assert stage(*words, "--date", DAY).code == 0

    said = stage(*last, "--json", "--date", DAY)

    assert said.code == {"D174": 1, "T013": 0}.get(code, 2)
    found = next(each for each in said.json["diagnostics"] if each["code"] == code)
    cases = stage("handover", "list", "--json", "--date", DAY).json["cases"]
    numbers = [str(case["case"]) for case in cases]
    facts = {"numbers": ", ".join(numbers), "number": next(iter(numbers), ""), "file": said.json.get("file")}  # fmt: skip
    assert found["message"] == expected.format(**facts)


def test_every_code_has_its_case() -> None:
    declared = {rule.code for rule in vars(handover_codes).values() if rule in RULES.values()}
    assert declared == set(CASES)
