"""The blocks of code of a page, and a project of its own in which they are run in order.

What a page needs beforehand stands in a comment that no reader sees:

    <!-- run: {project: menuiserie-lenoir, date: 2026-03-16, first: ["relance run"]} -->

`project` is a folder of examples/, `atelier` (beside this file) or `none`, and begins anew. `date` is
given to each command that names none. `first` are commands run beforehand, `files` texts by name,
`names` what stands for a key or number that only a run can know: {KEY: "doubt list --json | doubts.0.key"},
`paths` what lies elsewhere on the reader's machine: {/srv/relance: ..}, `instead` other words for some
that the page has, `in_doubt: true` sends by a server whose answers are lost.

After its language a block may say `exits=4,0` (one code per command), `alternatives` (each command
from where the block began), `file=PATH` (write it into the project) or `not-run="why"`.
"""

from __future__ import annotations

import json
import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Any

import yaml

import forked
from channels.servers import DROP, Scripted

ROOT = Path(__file__).parents[2]
PROJECTS = {path.name: path for path in (ROOT / "examples").iterdir() if path.is_dir()}
PROJECTS["atelier"] = Path(__file__).parent / "atelier"
_STEP = re.compile(
    r"^<!-- *(?P<run>run:.*?)-->$|^(?P<indent> *)```(?P<info>[^\n`]+)\n(?P<text>.*?)^(?P=indent)```$",
    re.MULTILINE | re.DOTALL,
)
SAID = ("names", "paths", "instead")
"""What a comment says of later commands; the rest makes the project."""

_SHELL = re.compile(r"[|<>;`]|\$\(|\$\{")


@dataclass(frozen=True, slots=True)
class Block:
    """A block of code: where it begins, its language, what it says to the tests, and its text."""

    line: int
    language: str
    words: tuple[str, ...]
    options: Mapping[str, str]
    text: str


@dataclass(frozen=True, slots=True)
class Command:
    """A command as it was typed, and the lines shown below it."""

    typed: str
    shown: tuple[str, ...]


def steps(page: Path) -> Iterator[Block | dict[str, Any]]:
    """Yield the blocks of `page`, and the comments that prepare them, in their order."""
    whole = page.read_text("utf-8")
    for found in _STEP.finditer(whole):
        if found["run"]:
            yield yaml.safe_load(found["run"])["run"]
            continue
        language, *rest = shlex.split(found["info"])
        yield Block(
            whole.count("\n", 0, found.start()) + 1,
            language,
            tuple(word for word in rest if "=" not in word),
            dict(word.split("=", 1) for word in rest if "=" in word),
            re.sub(rf"^{found['indent']}", "", found["text"], flags=re.MULTILINE),
        )


def blocks(page: Path) -> list[Block]:
    """Return the blocks of `page`."""
    return [step for step in steps(page) if isinstance(step, Block)]


def commands(text: str, *, session: bool) -> list[Command]:
    """Return the commands of a block; in a session they stand after `$`, and answers below them."""
    found: list[tuple[str, list[str]]] = []
    for line in text.splitlines():
        if found and found[-1][0].endswith("\\"):
            found[-1] = (found[-1][0][:-1] + line.strip(), found[-1][1])
        elif session and not line.startswith("$ "):
            assert found, f"an answer before any command: {line}"
            found[-1][1].append(line)
        elif line.strip() and not line.startswith("#"):
            found.append((line.removeprefix("$ "), []))
    return [Command(typed, tuple(shown)) for typed, shown in found]


def agrees(shown: tuple[str, ...], said: str) -> bool:
    """Return whether what a page shows is what was said; `…` stands for whatever was left out.

    No-break spaces are spaces here: nobody sees which of them a page has.
    """
    shown, said = tuple(_plain(line) for line in shown), _plain(said)
    pattern = "".join(
        r"(?:.*\n)*?" if line.strip() == "…" else re.escape(line).replace("…", ".*") + r"\s*?\n"
        for line in shown
    )
    return re.fullmatch(pattern + r"\s*", said + "\n") is not None


def _plain(text: str) -> str:
    return text.replace("\N{NO-BREAK SPACE}", " ").replace("\N{NARROW NO-BREAK SPACE}", " ")


@dataclass(slots=True)
class Scene:
    """The project of a page, and what was prepared for its commands.

    A history belongs to its path: all pages have theirs in the same place, one after the other, so that
    what one prepared is there for the next.
    """

    folder: Path
    language: str
    date: str = ""
    names: dict[str, str] = field(default_factory=dict)
    paths: dict[str, str] = field(default_factory=dict)
    instead: dict[str, str] = field(default_factory=dict)
    here: Path = field(init=False)

    def __post_init__(self) -> None:
        self.here = self.project
        shutil.rmtree(self.project, ignore_errors=True)
        self.project.mkdir(parents=True)

    @property
    def project(self) -> Path:
        return self.folder / "project"

    def prepare(self, asked: dict[str, Any]) -> None:
        """Do what a comment asks for."""
        if "project" in asked:
            self.here, self.names, self.paths, self.instead = self.project, {}, {}, {}
        self.date = str(asked.get("date", self.date))
        self.names |= {str(name): how for name, how in asked.get("names", {}).items()}
        self.paths |= asked.get("paths", {})
        self.instead |= asked.get("instead", {})
        made = {name: value for name, value in asked.items() if name not in SAID}
        made["language"] = self.language  # what `init` writes is in the language of its reader
        if "project" not in asked:
            self._make(made)
        elif not self._made_before(made):
            source = PROJECTS.get(asked["project"])
            shutil.rmtree(self.project)
            shutil.copytree(source, self.project) if source else self.project.mkdir()
            self._make(made)
            shutil.copytree(self.project, self._kept(made))

    def _kept(self, made: dict[str, Any]) -> Path:
        return self.folder / "made" / sha256(json.dumps(made, default=str).encode()).hexdigest()

    def _made_before(self, made: dict[str, Any]) -> bool:
        """Return whether a page before began in the same way, and begin with what it made."""
        if kept := self._kept(made).exists():
            self.restore(self._kept(made))
        return kept

    def _make(self, asked: dict[str, Any]) -> None:
        for name, text in asked.get("files", {}).items():
            self.write(name, text)
        if asked.get("in_doubt"):
            self._lose_answers()
        for typed in asked.get("first", ()):
            code, out, err = self.run(typed)
            assert code == 0, f"{typed}: exit {code}\n{out}{err}"

    def _lose_answers(self) -> None:
        policy = yaml.safe_load((self.project / "relance.yaml").read_text("utf-8"))
        with Scripted({"dot": [DROP] * 9}).running() as server:
            policy["channels"]["email"] = {
                "kind": "smtp", "host": "127.0.0.1", "port": server.port, "security": "none",
                "from": policy["creditor"]["email"],
            }  # fmt: skip
            self.write("relance.yaml", yaml.safe_dump(policy, allow_unicode=True, sort_keys=False))
            code, out, err = self.run("relance run --quiet")
            assert code in (1, 5), out + err

    def write(self, name: str, text: str) -> None:
        path = self.project / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
        if name.startswith("bin/"):
            path.chmod(0o755)

    def run(self, typed: str) -> tuple[int, str, str]:
        """Return exit code, stdout and stderr of a command line."""
        for elsewhere, here in self.paths.items():
            typed = typed.replace(
                elsewhere, str((self.project / here.replace("ROOT", str(ROOT))).resolve())
            )
        for theirs, ours in self.instead.items():
            typed = typed.replace(theirs, ours)
        for name, how in self.names.items():
            whole = rf"(?<![\w-]){re.escape(name)}(?![\w-])"
            if re.search(whole, typed):
                typed = re.sub(whole, self._known(how), typed)
        code, out, err = 0, "", ""
        for part in typed.split(" && "):
            code, more, wrong = self._one(part)
            out, err = out + more, err + wrong
            if code:
                break
        return code, out, err

    def _one(self, typed: str) -> tuple[int, str, str]:
        words = shlex.split(typed, comments=True)
        if words[0] == "cd":
            self.here = self.here / words[1]
            return 0, "", ""
        if words[0] == "relance" and not _SHELL.search(" ".join(words)):
            done = forked.run(["-m", *self._dated(words)], cwd=self.here, env=self._environment())
        else:
            done = self._by_shell(typed)
        return done.returncode, done.stdout.decode("utf-8"), done.stderr.decode("utf-8")

    def _dated(self, words: list[str]) -> list[str]:
        dated = self.date and "--date" not in words and words[1:2] not in (["init"], ["schema"])
        return [*words, "--date", self.date] if dated else words

    def _by_shell(self, typed: str) -> subprocess.CompletedProcess[bytes]:
        program = self.folder / "bin" / "relance"
        program.parent.mkdir(exist_ok=True)
        dated = f" --date {self.date}" if self.date else ""
        program.write_text(f'#!/bin/sh\nexec {sys.executable} -m relance "$@"{dated}\n')
        program.chmod(0o755)
        environment = self._environment()
        places = [program.parent, self.project / "bin", environment["PATH"]]
        environment["PATH"] = os.pathsep.join(map(str, places))
        return subprocess.run(
            ["bash", "-c", typed],
            cwd=self.here, env=environment, stdin=subprocess.DEVNULL, capture_output=True, check=False,
        )  # fmt: skip

    def _environment(self) -> dict[str, str]:
        kept = {
            name: os.environ[name] for name in ("PATH", "HOME", "PYTHONPATH") if name in os.environ
        }
        kept |= {"LANG": f"{self.language}.UTF-8", "NO_COLOR": "1", "COLUMNS": "100"}
        return kept | {"USER": "nadia", "LOGNAME": "nadia", "POLARS_MAX_THREADS": "1"}

    def _known(self, how: str) -> str:
        """Return what `COMMAND | a.0.b` finds in the JSON that the command says."""
        typed, _, path = how.rpartition(" | ")
        _, out, err = self._one(f"relance {typed}")
        assert out, f"{how}: {err}"
        value: Any = json.loads(out)
        for step in path.split("."):
            value = value[int(step)] if isinstance(value, list) else value[step]
        return str(value)

    def saved(self) -> Path:
        """Return a copy of the project as it is."""
        copy = self.folder / "saved"
        shutil.rmtree(copy, ignore_errors=True)
        return Path(shutil.copytree(self.project, copy))

    def restore(self, copy: Path) -> None:
        """Make the project what it was when `copy` was saved."""
        shutil.rmtree(self.project)
        shutil.copytree(copy, self.project)
