"""Every block of code of the pages is run: what is shown is what comes, and what is not run says why."""

from __future__ import annotations

import ast
import configparser
import csv
import io
import json
import re
import shlex
import tomllib
from collections import Counter
from pathlib import Path

import pytest
import yaml
from page_blocks import ROOT, Block, Scene, agrees, blocks, commands, steps

PAGES = sorted([ROOT / "README.md", *(ROOT / "docs").rglob("*.md")])
WITH_BLOCKS = [page for page in PAGES if blocks(page)]

TWINS = yaml.safe_load((ROOT / "tools/site/twins.yml").read_text("utf-8"))
ENGLISH = {french: english for english, french in TWINS.items()}

NOT_RUN = Counter({
    "README.md": 1, "docs/contributing.md": 1, "docs/desk.md": 1, "docs/fr/demarrage.md": 2,
    "docs/fr/poste-de-travail.md": 1, "docs/fr/scores.md": 2, "docs/operating.md": 1, "docs/quickstart.md": 2,
    "docs/reliability.md": 1, "docs/instalments.md": 1, "docs/fr/echeanciers.md": 1, "docs/scores.md": 2,
})  # fmt: skip
"""How many blocks of a page cannot be run here, each with its reason in the page."""

TEXTS = Counter({
    "docs/ci.md": 1, "docs/contributing.md": 1, "docs/fr/scores.md": 1, "docs/fr/tests.md": 1, "docs/handover.md": 1,
    "docs/scores.md": 1, "docs/templates.md": 1, "docs/testing.md": 1,
})  # fmt: skip
"""How many blocks of a page are text that is shown, and no code."""

USUAL = {
    "project": "atelier",
    "date": "2026-04-15",
    "first": ["relance run --quiet --date 2026-04-08", "relance run --quiet"],
}
"""What a page has that prepares nothing: a project on its second sending day."""

_CRON = re.compile(r"(?:[\d*,/-]+\s+){5}(?P<command>.+)")


def _name(page: Path) -> str:
    return str(page.relative_to(ROOT))


def _session(scene: Scene, block: Block) -> None:
    typed = commands(block.text, session=block.language == "console")
    exits = [int(code) for code in block.options.get("exits", "").split(",") if code]
    before = scene.saved() if "alternatives" in block.words else None
    for number, command in enumerate(typed):
        if before and number:
            scene.restore(before)
        code, out, err = scene.run(command.typed)
        expected = exits[number] if number < len(exits) else 0
        assert code == expected, f"{command.typed}: exit {code}\n{out}{err}"
        if any(line.strip() for line in command.shown):
            assert agrees(command.shown, out), f"{command.typed} says:\n{out}{err}"
    if before:
        scene.restore(before)


def _cron(scene: Scene, block: Block) -> None:
    for line in block.text.splitlines():
        if not line.startswith("#"):
            entry = _CRON.fullmatch(line)
            assert entry, line
            code, out, err = scene.run(entry["command"])
            assert code == 0, f"{line}: exit {code}\n{out}{err}"


def _unit(scene: Scene, block: Block) -> None:
    unit = configparser.ConfigParser(interpolation=None, strict=True)
    unit.read_string(block.text)
    assert set(unit.sections()) <= {"Unit", "Service", "Timer", "Install"}
    if "Service" in unit:
        started = unit["Service"]["ExecStart"].rpartition("/")[2]
        code, out, err = scene.run(started)
        assert code == 0, f"{started}: exit {code}\n{out}{err}"


def _table(_scene: Scene, block: Block) -> None:
    sample = csv.Sniffer().sniff(block.text, delimiters=",;")
    widths = {len(row) for row in csv.reader(io.StringIO(block.text), sample)}
    assert len(widths) == 1, block.text


def _wording(scene: Scene, block: Block) -> None:
    assert "file" in block.options, "say which template of the project it is"
    code, out, err = scene.run("relance preview")
    assert code == 0, out + err


def _none(_scene: Scene, _block: Block) -> None:
    """Looked at elsewhere: YAML in test_pages, and text is no code."""


RUN = {
    "console": _session,
    "sh": _session,
    "cron": _cron,
    "ini": _unit,
    "csv": _table,
    "json": lambda _, block: json.loads(block.text),
    "toml": lambda _, block: tomllib.loads(block.text),
    "python": lambda _, block: ast.parse(block.text),
    "jinja": _wording,
    "yml": lambda _, block: yaml.safe_load(block.text),
    "yaml": _none,
    "text": _none,
}


def _gist(page: Path) -> tuple[list[tuple[str, ...]], bool]:
    """Return the commands of a page without the texts in them, and whether it shows what they say."""
    typed = [
        command
        for block in blocks(page)
        if block.language in ("console", "sh", "cron") and "not-run" not in block.options
        for command in commands(block.text, session=block.language == "console")
    ]
    words = (shlex.split(command.typed, comments=True) for command in typed)
    gists = [tuple(re.sub(r".*[ /.].*", "…", word) for word in command) for command in words]
    return gists, any(command.shown for command in typed)


def _run_by_its_twin(page: Path) -> bool:
    """Return whether the English page has all commands of a French one."""
    if page.parent.name != "fr" or page.name not in ENGLISH:
        return False
    if {block.language for block in blocks(page)} - {"console", "sh", "cron", "yaml", "text"}:
        return False
    mine, shows = _gist(page)
    theirs = _gist(ROOT / "docs" / ENGLISH[page.name])[0]
    return not shows and all(command in theirs for command in mine)


PROJECT = {"console", "sh", "cron", "ini"}


@pytest.mark.parametrize(
    "page", [page for page in WITH_BLOCKS if not _run_by_its_twin(page)], ids=_name
)
def test_blocks_of_a_page_do_what_it_says(
    page: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    scene = Scene(
        tmp_path_factory.getbasetemp() / "pages", "fr_FR" if page.parent.name == "fr" else "en_GB"
    )
    prepared = False
    for step in steps(page):
        if isinstance(step, dict):
            scene.prepare(step)
            prepared = True
            continue
        if not prepared and step.language in PROJECT and "not-run" not in step.options:
            scene.prepare(USUAL)
            prepared = True
        if "not-run" not in step.options:
            assert step.language in RUN, (
                f"line {step.line}: nobody knows how to run {step.language}"
            )
            if "file" in step.options:
                scene.write(step.options["file"], step.text)
            try:
                RUN[step.language](scene, step)
            except AssertionError as wrong:
                raise AssertionError(f"{_name(page)}:{step.line}: {wrong}") from None


def test_what_is_not_run_is_counted_and_has_its_reason() -> None:
    found = [(_name(page), block) for page in PAGES for block in blocks(page)]
    silent = [(name, b.line) for name, b in found if len(b.options.get("not-run", "why so?")) < 6]
    assert silent == []
    assert Counter(name for name, b in found if "not-run" in b.options) == NOT_RUN


def test_text_that_is_no_code_is_counted() -> None:
    written = [page for page in PAGES if "<!-- Generated" not in page.read_text("utf-8")]
    found = (_name(page) for page in written for b in blocks(page) if b.language == "text")
    assert Counter(found) == TEXTS
