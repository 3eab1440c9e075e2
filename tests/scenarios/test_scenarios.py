"""The contract as scenarios: a project, dated steps, and what the program says of them.

Each YAML file beside this one is a list of scenarios. A scenario gives what differs from the
project of `stage.py` (`policy`, `procedures`, `open`, `customers`) and `steps`, each with one
action (`export`, `customers`, `policy`, `procedures`, `plan`, `run`, `record`, `adopt`, `call`)
and what is expected after it.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from .stage import Fields, Said, Stage, new_stage, split, verdicts

HERE = Path(__file__).parent
ACTIONS = (
    "export", "customers", "policy", "procedures", "plan", "run", "record", "adopt", "call"
)  # fmt: skip


class _TextLoader(yaml.BaseLoader):
    """Keeps every scalar as text: dates and amounts are compared as the program writes them."""


def _scenarios() -> Iterator[Any]:
    for file in sorted(HERE.glob("*.yaml")):
        for scenario in yaml.load(file.read_text("utf-8"), _TextLoader):
            yield pytest.param(scenario, id=f"{file.stem}: {scenario['name']}")


@pytest.mark.parametrize("scenario", list(_scenarios()))
def test_scenario(scenario: Fields, tmp_path: Path) -> None:
    stage = new_stage(tmp_path / "project", scenario)
    for step in scenario["steps"]:
        (action,) = [a for a in ACTIONS if a in step]
        said = _do(stage, action, step[action], step)
        try:
            _check(stage, said, step)
        except AssertionError as error:
            error.add_note(f"in step {action}: {step[action]}\n{said.err if said else ''}")
            raise


def _do(stage: Stage, action: str, value: Any, step: Fields) -> Said | None:
    if action in ("export", "customers", "policy", "procedures"):
        write = {"export": stage.sales}.get(action) or getattr(stage, action)
        write(value)
        return None
    day = ["--date", step["date"]] if "date" in step else []
    words = {
        "plan": ["plan", "--json", "--date", value],
        "run": ["run", "--json", "--date", value],
        "adopt": ["adopt", "--yes", "--date", value],
        "record": ["record", *split(value), *day],
        "call": [*split(value), *day],
    }[action]
    said = stage(*words)
    assert said.code == int(step.get("exit", 0)), (said.code, said.err, said.out)
    return said


def _check(stage: Stage, said: Said | None, step: Fields) -> None:
    if said is None:
        return
    for text in step.get("says", ()):
        assert text in said.out + said.err, (text, said)
    if "sent" in step:
        assert len(stage.outbox()) == int(step["sent"]), stage.outbox()
    if "plan" in step and said.code == 0:
        _check_plan(said.json, step)


def _check_plan(plan: Fields, step: Fields) -> None:
    if "verdicts" in step:
        found = verdicts(plan)
        assert {n: found.get(n) for n in step["verdicts"]} == step["verdicts"]
    assert sum(plan["summary"].values()) == 2 * plan["summary"]["receivables"]
    claimed = [r for n in plan["notices"] for r in n["receivables"]]
    if "levels" in step:
        assert {r["number"]: r["level"] for r in claimed} == step["levels"]
    held = {h["number"]: h for h in plan["held"]}
    for number, until in step.get("until", {}).items():
        assert str(held[number]["until"]) == until.replace("null", "None"), held[number]
    for number, level in step.get("next", {}).items():
        assert str(held[number]["next_level"]) == level.replace("null", "None"), held[number]
    for kind in ("notices", "tasks"):
        if kind in step:
            _match(plan[kind], step[kind], kind)
    for expected in step.get("diagnostics", ()):
        assert any(_like(d, expected) for d in plan["diagnostics"]), plan["diagnostics"]


def _match(found: list[Fields], expected: list[Fields], kind: str) -> None:
    """Assert that each expected entry has its own found one, and that none is left."""
    rest = list(found)
    for wanted in expected:
        hit = next((entry for entry in rest if _like(_flat(entry, kind), wanted)), None)
        assert hit is not None, f"no {kind[:-1]} like {wanted} among {rest}"
        rest.remove(hit)
    assert not rest, f"not expected: {rest}"


def _flat(entry: Fields, kind: str) -> Fields:
    """Return the entry with the numbers it covers in one list of text."""
    if kind == "tasks":
        return {**entry, "numbers": entry["receivables"]}
    names = {"receivables": "numbers", "other_open": "others", "credits": "credit_numbers"}
    lists = {new: [r["number"] for r in entry[old]] for old, new in names.items()}
    return {**entry, **lists}


def _like(found: Fields, wanted: Fields) -> bool:
    for key, value in wanted.items():
        have = found.get(key)
        if isinstance(value, list):
            if have is None or [str(x) for x in have] != value:
                return False
        elif key in ("message", "file", "reason"):
            if value not in str(have):
                return False
        elif str(have) != value.replace("null", "None"):
            return False
    return True
