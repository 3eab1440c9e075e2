"""Paths: no name leads out of a folder, and no link that was laid there is followed."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest

from relance.channels.folder import Folder
from scenarios.stage import Fields, Stage, new_stage

from .corpus import built, each, entries
from .people import names_book

DAY = "2026-05-20"
SLUG = re.compile(r"\d{4}-\d\d-\d\d-[a-z0-9-]{1,60}-[0-9a-f]{8}\.(pdf|eml|txt)")
KEYED = re.compile(r"[0-9a-f]{32}\.(eml|pdf|txt)")


@each("paths")
def test_a_folder_takes_plain_names_only(entry: str | dict[str, str], tmp_path: Path) -> None:
    folder = Folder(tmp_path / "out")
    try:
        for act in (
            lambda: folder.put(built(entry), b"x"), lambda: folder.append(built(entry), b"x"),
            lambda: folder.read(built(entry)), lambda: folder.inside(built(entry)),
        ):  # fmt: skip
            with pytest.raises(ValueError, match="plain file name"):
                act()
    finally:
        folder.close()
    assert [p.name for p in tmp_path.rglob("*")] == ["out"]


def everything(root: Path) -> set[str]:
    return {p.relative_to(root).as_posix() for p in root.rglob("*")}


def test_names_of_debtors_and_invoices_make_no_path(tmp_path: Path) -> None:
    letters: Fields = {
        "levels": [{"id": "a", "days": 5, "channel": "letter", "template": "reminder"}]
    }
    stage = new_stage(tmp_path / "world" / "firm", {"procedures": {"standard": letters}})
    names = [built(e).replace("\0", "") for e in entries("paths").values()]
    names_book(stage, [name or "x" for name in names][:20])
    before = everything(tmp_path) - everything(stage.root)
    assert stage("run", "--date", DAY).code in (0, 1)
    stage("letter", "0/../../../../etc/passwd", "--date", DAY, "-o", str(stage.root / "one.pdf"))
    assert stage("preview", "--date", DAY, "-o", str(stage.root / "page")).code in (0, 1, 2)
    outside = {p for p in everything(tmp_path) if not p.startswith("world/firm/")}
    assert outside == {p for p in before if not p.startswith("world/firm/")}
    written = [p for p in stage.root.glob("out/letters/*/*") if p.name != "manifest.csv"]
    assert len(written) > 10
    assert [p.name for p in written if not SLUG.fullmatch(p.name)] == []


PLACES: dict[str, Fields] = {
    "accounts": {"accounts": "{}"},
    "logo": {"creditor": {"logo": "{}"}},
    "outbox": {"channels": {"email": {"kind": "outbox", "folder": "{}"}}},
}


@pytest.mark.parametrize("trick", ["above", "absolute", "above, once", "slash above inside", "NUL"])
@pytest.mark.parametrize("place", ["accounts", "logo"])
def test_a_path_of_the_policy_stays_inside_the_project(
    place: str, trick: str, tmp_path: Path
) -> None:
    path = built(entries("paths")[trick]).replace("\0", "/../..")
    changes = {key: _filled(value, path) for key, value in PLACES[place].items()}
    stage = new_stage(tmp_path / "firm", {"policy": changes})
    said = stage("run", "--date", DAY)
    assert said.code == 2, said
    assert stage.outbox() == []


def _filled(value: object, path: str) -> object:
    if isinstance(value, dict):
        return {key: _filled(inner, path) for key, inner in value.items()}
    return path if value == "{}" else value


@pytest.fixture
def stage(tmp_path: Path) -> Stage:
    return new_stage(tmp_path / "firm")


def key_of(stage: Stage) -> str:
    return str(stage.plan("2026-04-08")["notices"][0]["key"])


def test_a_link_that_waits_under_the_name_of_a_message_is_replaced_not_followed(
    stage: Stage,
) -> None:
    (victim := stage.root.parent / "victim").write_text("mine")
    (stage.root / "out").mkdir(mode=0o700)
    name = f"{key_of(stage)}.eml"
    for planted in (name, f".{name}.part"):
        (stage.root / "out" / planted).symlink_to(victim)
    assert stage("run", "--date", "2026-04-08").code == 0
    assert victim.read_text() == "mine"
    (message,) = stage.outbox()
    assert KEYED.fullmatch(message.name)
    assert not message.is_symlink()


def test_a_link_that_waits_under_the_name_of_a_batch_is_not_followed(tmp_path: Path) -> None:
    letters: Fields = {
        "levels": [{"id": "a", "days": 5, "channel": "letter", "template": "reminder"}]
    }
    stage = new_stage(tmp_path / "firm", {"procedures": {"standard": letters}})
    (elsewhere := tmp_path / "elsewhere").mkdir()
    (stage.root / "out" / "letters").mkdir(parents=True, mode=0o700)
    (stage.root / "out" / "letters" / DAY).symlink_to(elsewhere)
    assert stage("run", "--date", DAY).code in (1, 5)
    assert list(elsewhere.iterdir()) == []


def test_a_link_that_waits_under_the_name_of_the_lock_is_not_followed(stage: Stage) -> None:
    victim = stage.root.parent / "victim"
    (stage.root / ".relance").mkdir(mode=0o700)
    (stage.root / ".relance" / "lock").symlink_to(victim)
    assert stage("run", "--date", "2026-04-08").code == 5
    assert not victim.exists()


@pytest.mark.parametrize("command", ["plan", "preview"])
def test_a_link_that_waits_where_output_goes_is_replaced_not_followed(
    command: str, stage: Stage
) -> None:
    (victim := stage.root.parent / "victim").write_text("mine")
    to = stage.root / ("plan.json" if command == "plan" else "page")
    if command == "plan":
        to.symlink_to(victim)
    else:
        to.mkdir()
        (to / "index.html").symlink_to(victim)
    assert stage(command, "--date", "2026-04-08", "-o", str(to)).code == 0
    assert victim.read_text() == "mine"


def test_templates_and_sources_that_are_pipes_do_not_hang(stage: Stage) -> None:
    os.mkfifo(stage.root / "exports.csv")
    stage.policy({"sources": [{"name": "v", "kind": "csv", "path": "exports.csv", "full": True}]})
    assert stage("run", "--date", "2026-04-08").code == 3
