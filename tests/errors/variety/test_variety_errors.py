"""The smallest case for each code about addressees, and what is said of it."""

from __future__ import annotations

from pathlib import Path

from relance.diagnostics import RULES
from relance.runs import variety_codes
from scenarios.stage import new_stage


def test_a_role_that_no_customer_has_is_told(tmp_path: Path) -> None:
    level = {"id": "a", "days": 5, "channel": "email", "template": "reminder", "to": "buyer"}
    stage = new_stage(tmp_path, {"procedures": {"standard": {"levels": [level]}}})

    found = stage.plan("2026-04-10")["diagnostics"]

    assert [each["message"] for each in found if each["code"] == "D175"] == [
        "level `a` is addressed to `buyer`, whom no customer has: it goes to the customer's own address"
    ]


def test_every_code_has_its_case() -> None:
    declared = {rule.code for rule in vars(variety_codes).values() if rule in RULES.values()}
    assert declared == {"D175"}
