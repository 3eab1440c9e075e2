"""Terminals: whatever names hold, every command writes out what would steer one."""

from __future__ import annotations

import json
import os
import pty
import re
import subprocess
import sys
import unicodedata
from pathlib import Path

import pytest

from scenarios.stage import Said, Stage, new_stage

from .corpus import entries
from .people import ROW, names_book, table

DAY = "2026-04-08"
TRICKS = [
    "rich markup", "ANSI colours", "ANSI that clears", "title of the terminal", "OSC 8 link",
    "C1 control", "backspaces", "carriage return", "line feed", "next line", "line separator",
    "right to left", "isolates", "zero width", "tag characters", "JSON",
]  # fmt: skip
COMMANDS = (
    ("plan", "--all", "--date", DAY), ("run", "--dry-run", "--all", "--date", DAY), ("import",),
    ("validate",), ("status", "--date", DAY), ("run", "--all", "--log", "run.log", "--log-names", "--date", DAY),
    ("history",), ("doubt", "list"), ("preview", "--date", DAY, "-o", "page"), ("doctor",),
    ("letter", "--date", DAY), ("accounts",), ("history", "verify"), ("run", "--date", "2026-04-21"),
)  # fmt: skip
_OURS = re.compile(r"\x1b\[[0-9;]*m|\x1b\[\?25[lh]|\x1b\[[0-9]*[A-K]|\x1b\]8;[^\x1b]*\x1b\\")


def steering(text: str) -> list[str]:
    """Return the characters of `text` that steer a terminal, line feeds aside."""
    return [
        ascii(c) for c in text
        if c != "\n" and unicodedata.category(c) in ("Cc", "Cf", "Zl", "Zp", "Cs")
    ]  # fmt: skip


@pytest.fixture
def stage(tmp_path: Path) -> Stage:
    stage = new_stage(tmp_path / "firm")
    names_book(stage, [entries("names")[trick] for trick in TRICKS])
    return stage


def test_no_command_says_what_steers_a_terminal(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(stage.root)
    for lang in ((), ("--lang", "fr")):
        for command, *words in COMMANDS:
            said = stage(command, *words, *lang)
            assert said.code in (0, 1, 2), (command, said)
            assert steering(said.out) == [], command
            assert steering(said.err) == [], command
    assert steering((stage.root / "run.log").read_text("utf-8")) == []


def test_what_the_operator_types_is_written_out_too(stage: Stage) -> None:
    for trick in TRICKS:
        text = str(entries("names")[trick])
        for words in (
            ("explain", "--date", DAY, "--", text), ("record", "block", "--date", DAY, "--", text),
            ("approve", "--", text), ("history", "--debtor", text), ("doubt", "sent", "--", text),
            ("plan", "--date", text), (text,),
        ):  # fmt: skip
            said: Said = stage(*words)
            assert steering(said.out + said.err) == [], words


def test_rows_that_are_refused_are_named_without_harm(stage: Stage) -> None:
    rows = [
        (f"F{n}", str(entries("names")[trick]), *ROW[:2], str(entries("names")[trick]), *ROW[3:])
        for n, trick in enumerate(TRICKS)
    ]
    stage.write("ventes.csv", table("number,debtor,issued,due,amount,open,currency,kind", rows))
    for words in (("import",), ("plan", "--date", DAY), ("validate", "--format", "github")):
        said = stage(*words)
        assert steering(said.out + said.err) == [], words


def test_headers_and_file_names_are_written_out(stage: Stage) -> None:
    name = "v\x1b[31m\u202ered.csv"
    (stage.root / name).write_text("numéro\x1b[2J,ville\u202e\nF1,Lyon\n", "utf-8")
    stage.policy({"sources": [{"name": "v", "kind": "csv", "path": "v*.csv", "full": True}]})
    (stage.root / "ventes.csv").unlink()
    said = stage("plan", "--date", DAY)
    assert said.code == 3
    assert steering(said.out + said.err) == []


def test_json_is_for_programs_and_escapes_by_itself(stage: Stage) -> None:
    said = stage("plan", "--json", "--date", DAY)
    names = {n["debtor_name"] for n in json.loads(said.out)["notices"]}
    assert '", "exit": 0, "x": "' in names
    assert steering(said.out) == []


def test_a_real_terminal_gets_no_code_but_ours(stage: Stage) -> None:
    """On a terminal relance colours: what is left without its colours has nothing that steers."""
    for command in (["plan", "--all", "--date", DAY], ["run", "--all", "--date", DAY], ["history"]):
        text = _OURS.sub("", on_terminal([*command, "-C", str(stage.root)]))
        assert steering(text.replace("\r\n", "\n").replace("\r", "")) == [], command
        assert "[bold red]x[/bold red]" in text or command != ["plan", "--all", "--date", DAY]


def on_terminal(words: list[str]) -> str:
    """Return what the program says to a terminal of its own."""
    ours, theirs = pty.openpty()
    environment = {**os.environ, "TERM": "xterm-256color", "COLUMNS": "200", "LANG": "C.UTF-8"}
    environment.pop("NO_COLOR", None)
    process = subprocess.Popen(
        [sys.executable, "-m", "relance", *words],
        stdin=subprocess.DEVNULL, stdout=theirs, stderr=theirs, env=environment,
    )  # fmt: skip
    os.close(theirs)
    said = b""
    try:
        while piece := os.read(ours, 65_536):
            said += piece
    except OSError:  # Linux tells the end of a terminal so
        pass
    finally:
        os.close(ours)
        process.wait()
    return said.decode("utf-8", "replace")
