"""The shipped procedures keep to the law and to the ordinary channels and templates."""

from __future__ import annotations

import pytest

from relance.library import shipped
from relance.policy.model import Charges, Procedure
from relance.policy.yaml import read_yaml

PATHS = sorted(shipped("procedures").glob("*.yaml"))


def procedure(name: str) -> Procedure:
    path = shipped("procedures") / f"{name}.yaml"
    document, found = read_yaml(path.read_bytes(), path.name)
    assert document is not None
    assert found == []
    return Procedure.model_validate(document.value)


def test_all_seven_are_there() -> None:
    names = "consumer-be consumer-fr gentle key-accounts public standard strict"

    assert [path.stem for path in PATHS] == names.split()


@pytest.mark.parametrize("name", [path.stem for path in PATHS])
def test_each_is_named_like_its_file_titled_in_four_languages_and_ends_in_a_formal_notice(
    name: str,
) -> None:
    one = procedure(name)
    last = one.levels[-1]

    assert one.name == name
    assert set(one.title) == {"fr", "nl", "de", "en"}
    assert (last.template, last.mandatory, last.approval) == ("formal-notice", True, "required")
    assert {c for level in one.levels for c in level.channels} <= {
        "email", "letter", "registered", "task",
    }  # fmt: skip
    assert {level.template for level in one.levels if level.template} <= {
        "courtesy", "reminder", "last-reminder", "formal-notice", "statement",
    }  # fmt: skip


@pytest.mark.parametrize("name", ["consumer-fr", "consumer-be"])
def test_consumers_are_charged_nothing(name: str) -> None:
    assert all(level.charges == Charges() for level in procedure(name).levels)


def test_belgian_consumers_have_fourteen_days_after_the_free_first_reminder() -> None:
    # CDE art. XIX.2: 14 days from the third working day after posting, with a holiday and a
    # weekend in between.
    one = procedure("consumer-be")
    first, second = one.levels[:2]

    assert first.mandatory
    assert one.interval >= 14 + 6
    assert second.days - first.days >= 14 + 6


def test_key_accounts_are_called_before_anything_is_written_after_the_due_date() -> None:
    after = [level for level in procedure("key-accounts").levels if level.days >= 0]

    assert after[0].task is not None
    assert after[0].task.kind == "call"
