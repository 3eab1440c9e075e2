"""YAML: no alias, tag or depth can do harm, and scalars stay the text that was written."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from paper import MOMENT, notice, stationery

from relance.notices.codes import RenderError
from relance.notices.render import render
from relance.policy.yaml import read_yaml
from scenarios.stage import Stage, new_stage

from .corpus import built, each, entries


@each("yaml")
def test_hostile_yaml_is_refused_and_traps_stay_text(entry: dict[str, Any]) -> None:
    document, found = read_yaml(built(entry["text"]).encode(), "x.yaml")
    codes = {one.code for one in found}
    if "code" in entry:
        assert codes == {entry["code"]}
    else:
        assert codes == set()
        assert document is not None
        assert document.value == entry["value"]


@pytest.fixture
def stage(tmp_path: Path) -> Stage:
    return new_stage(tmp_path / "firm")


@pytest.mark.parametrize(
    "name", ["relance.yaml", "accounts.yaml", "procedures/standard.yaml", "procedures/other.yaml"]
)
@pytest.mark.parametrize("trick", ["billion laughs", "deep brackets", "python object", "large"])
def test_each_file_of_a_policy_is_read_so(name: str, trick: str, stage: Stage) -> None:
    text = built(entries("yaml")[trick]["text"])
    stage.write(name, text)
    said = stage("validate")
    assert said.code == 2
    assert entries("yaml")[trick]["code"] in said.out + said.err


@pytest.mark.parametrize("trick", ["billion laughs", "deep brackets", "python object", "large"])
def test_labels_are_read_so_too(trick: str, tmp_path: Path) -> None:
    path = tmp_path / "templates" / "_layout" / "labels.fr.yaml"
    path.parent.mkdir(parents=True)
    path.write_text(built(entries("yaml")[trick]["text"]), "utf-8")
    with pytest.raises(RenderError) as caught:
        render(notice(), stationery(tmp_path), MOMENT)
    assert caught.value.diagnostic.code == "T010"


def test_yaml_is_read_in_one_place_only() -> None:
    """Who loads YAML elsewhere has none of this."""
    source = Path(__file__).parents[2] / "src" / "relance"
    found = [p for p in source.rglob("*.py") if "import yaml" in p.read_text("utf-8")]
    assert [p.relative_to(source).as_posix() for p in found] == ["policy/yaml.py"]
