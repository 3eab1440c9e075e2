from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import yaml
from jsonschema import Draft7Validator

from relance.channels.registry import kinds
from relance.dunning.verdicts import VERDICTS
from relance.library import shipped
from relance.policy import scenarios
from relance.policy.schema import SUBJECTS, json_schema

from .projects import ACCOUNTS, MAIN

ROOT = Path(__file__).parents[3]


def faults(subject: str, text: str) -> list[str]:
    validator = Draft7Validator(json_schema(subject, kinds()))
    return [error.message for error in validator.iter_errors(yaml.safe_load(text))]


def keys(schema: Any) -> set[str]:
    if isinstance(schema, list):
        return set().union(*map(keys, schema))
    if isinstance(schema, dict):
        return set(schema).union(*map(keys, schema.values()))
    return set()


@pytest.mark.parametrize("subject", SUBJECTS)
def test_schemas_are_draft_07(subject: str) -> None:
    schema = json_schema(subject, kinds())

    Draft7Validator.check_schema(schema)
    newer = {"$defs", "prefixItems", "unevaluatedProperties", "dependentRequired", "minContains"}
    assert not keys(schema) & newer


@pytest.mark.parametrize("path", sorted(shipped("procedures").glob("*.yaml")), ids=lambda p: p.stem)
def test_shipped_procedures_are_valid(path: Any) -> None:
    assert faults("procedure", path.read_text(encoding="utf-8")) == []


def test_a_project_is_valid_with_numbers_written_as_numbers() -> None:
    main = MAIN.replace('"732829320"', "732829320") + "limits: {max_notices: 50}\n"

    assert faults("relance", main) == []
    assert faults("accounts", ACCOUNTS) == []


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("country: FR", "countri: FR"),
        ("country: FR", "country: France"),
        ("procedure: ladder", "procedure: ladder, when: {kind: publc}"),
        ("procedure: ladder", "procedure: ladder, when: {overdue: lots}"),
        ("kind: outbox", "kind: outbix"),
        ("kind: outbox, folder: out", "kind: outbox, foldr: out"),
        ("creditor:", "root: /\ncreditor:"),
    ],
)
def test_an_editor_is_told_of_mistakes(old: str, new: str) -> None:
    assert faults("relance", MAIN.replace(old, new)) != []


@pytest.mark.parametrize(
    "path",
    [
        *sorted((ROOT / "tests/scenarios").glob("*.yaml")),
        *sorted(ROOT.glob("procedures/tests/*.yaml")),
    ],
    ids=lambda p: p.stem,
)
def test_tests_of_procedures_are_valid(path: Any) -> None:
    value = json.loads(json.dumps(yaml.safe_load(path.read_text("utf-8")), default=str))

    assert [e.message for e in Draft7Validator(json_schema("tests")).iter_errors(value)] == []


def test_an_editor_is_told_of_mistakes_in_a_test() -> None:
    schema = Draft7Validator(json_schema("tests"))
    step = {"plan": "2026-04-08", "notices": [], "paid": ["F1"]}

    assert schema.is_valid([{"name": "a", "steps": [step]}])
    assert not schema.is_valid([{"name": "a", "steps": [{**step, "notises": []}]}])
    assert not schema.is_valid([{"name": "a", "steps": [{**step, "verdicts": {"F1": "atc"}}]}])


def test_the_verdicts_of_tests_are_those_of_the_decision() -> None:
    assert scenarios.VERDICTS == VERDICTS


def test_conditions_accept_the_three_forms_of_the_reader() -> None:
    when = "when: {kind: public, sector: [a, b], overdue: {min: 5}, open_items: 3, not: {tags: x}}"

    assert faults("relance", MAIN.replace("procedure: ladder", f"procedure: ladder, {when}")) == []


def test_every_key_is_described() -> None:
    def undescribed(schema: Any, at: str) -> list[str]:
        found = []
        for name, part in schema.get("properties", {}).items():
            if "description" not in part and "const" not in part:
                found.append(f"{at}.{name}")
        for name, part in schema.get("definitions", {}).items():
            found += undescribed(part, name)
        return found

    assert [u for subject in SUBJECTS for u in undescribed(json_schema(subject), subject)] == []
