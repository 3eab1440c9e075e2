"""A project directory in a few words, and the program run on it as a user runs it."""

from __future__ import annotations

import csv
import io
import json
import os
import shlex
import signal
import subprocess
import sys
from collections.abc import Mapping
from contextlib import redirect_stderr, redirect_stdout
from copy import deepcopy
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any, ClassVar

import yaml

import forked

Fields = dict[str, Any]

POLICY: Fields = {
    "creditor": {
        "name": "Atelier Dubreuil SAS",
        "country": "FR",
        "registration": "732829320",
        "address": ["4 quai des Brumes", "44000 Nantes"],
        "email": "compta@dubreuil.example",
        "timezone": "Europe/Paris",
        "language": "fr",
    },
    "accounts": "accounts.yaml",
    "database": "sqlite:///relance.db",
    "customers": {"kind": "csv", "path": "customers.csv"},
    "sources": [{"name": "ventes", "kind": "csv", "path": "ventes.csv", "full": True}],
    "segments": [{"name": "standard", "procedure": "standard"}],
    "channels": {
        "email": {"kind": "outbox", "folder": "out"},
        "letter": {"kind": "letter", "folder": "out/letters"},
        "task": {"kind": "task"},
    },
}
PROCEDURE: Fields = {
    "name": "standard",
    "group": "debtor",
    "minimum": "15.00",
    "interval": 7,
    "levels": [
        {"id": "reminder-1", "days": 5, "channel": "email", "template": "reminder"},
        {"id": "reminder-2", "days": 20, "channel": "email", "template": "reminder"},
        {
            "id": "formal-notice",
            "days": 40,
            "channel": "letter",
            "template": "formal-notice",
            "mandatory": True,
        },
    ],
}
ACCOUNTS = [{"iban": "FR7630006000011234567890189", "holder": "Atelier Dubreuil SAS"}]
HEADER = "number,debtor,issued,due,amount,open,currency,kind"
CUSTOMERS = "id,name,kind,country,language,email,address,postcode,city"


def merged(base: Any, changes: Any) -> Any:
    """Return `base` with `changes` put over it, key by key; null takes a key away."""
    if not isinstance(base, Mapping) or not isinstance(changes, Mapping):
        return deepcopy(changes)
    both = {k: merged(base.get(k), v) if k in base else deepcopy(v) for k, v in changes.items()}
    return {k: v for k, v in {**base, **both}.items() if v not in (None, "null")}


@dataclass(frozen=True, slots=True)
class Said:
    """What a call of the program said: its exit code, stdout and stderr."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


def _headed(header: str, rows: str) -> str:
    """Return `rows` as CSV under `header`, unless they bring their own."""
    first = rows.strip().partition("\n")[0]
    own = first.startswith(("number", "id,", "N°"))
    return ("" if own else header + "\n") + rows.strip("\n") + "\n"


@dataclass(frozen=True, slots=True)
class Stage:
    """A project directory."""

    root: Path

    def write(self, name: str, text: str) -> None:
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")

    def policy(self, changes: Fields | None = None) -> None:
        self.write("relance.yaml", _yaml(merged(POLICY, changes or {})))

    def procedures(self, changes: Mapping[str, Fields] | None = None) -> None:
        for name, own in {"standard": {}, **(changes or {})}.items():
            whole = merged(PROCEDURE, {"name": name, **own})
            self.write(f"procedures/{name}.yaml", _yaml(whole))

    def sales(self, rows: str) -> None:
        self.write("ventes.csv", _headed(HEADER, rows))

    def customers(self, rows: str) -> None:
        self.write("customers.csv", _headed(CUSTOMERS, rows))

    def customers_of(self, rows: str) -> None:
        """Write a customers' file with whoever the rows name."""
        cells = list(csv.DictReader(io.StringIO(_headed(HEADER, rows))))
        names = sorted({row["debtor"] for row in cells})
        self.customers(
            "".join(
                f"{n},Client {n},business,FR,fr,{n.lower()}@client.example,1 rue Haute,75001,Paris\n"
                for n in names
            )
        )

    def __call__(self, *words: str) -> Said:
        """Run the program in this process, on this project."""
        command, *rest = words
        return call(command, "-C", str(self.root), *rest)

    def plan(self, day: str) -> Fields:
        said = self("plan", "--json", "--date", day)
        assert said.code == 0, said
        plan: Fields = said.json
        return plan

    def verdict(self, number: str, day: str) -> str:
        return verdicts(self.plan(day))[number]

    def bytes_of(self) -> dict[str, str]:
        """Return a fingerprint of each file of the project."""
        files = (p for p in self.root.rglob("*") if p.is_file())
        return {str(p.relative_to(self.root)): sha256(p.read_bytes()).hexdigest() for p in files}

    def outbox(self) -> list[Path]:
        return sorted(p for p in self.root.rglob("out/**/*") if p.suffix in (".eml", ".pdf"))


class _PlainDumper(yaml.SafeDumper):
    """Writes text without quotation marks wherever YAML can do without them."""

    yaml_implicit_resolvers: ClassVar[dict[str, Any]] = {}

    def ignore_aliases(self, _data: Any) -> bool:
        return True


_PlainDumper.add_representer(int, lambda dumper, n: dumper.represent_str(str(n)))
_PlainDumper.add_representer(bool, lambda dumper, b: dumper.represent_str(str(b).lower()))


def _yaml(value: object) -> str:
    return yaml.dump(value, Dumper=_PlainDumper, sort_keys=False, allow_unicode=True, width=999)


def new_stage(root: Path, given: Fields | None = None) -> Stage:
    """Return a project with what a scenario gives of it, the rest as in `POLICY`."""
    given = given or {}
    stage = Stage(root)
    root.mkdir(parents=True, exist_ok=True)
    stage.policy(given.get("policy"))
    stage.write("accounts.yaml", _yaml(ACCOUNTS))
    stage.procedures(given.get("procedures"))
    stage.sales(given.get("open", "F1,C1,2026-03-02,2026-04-01,250.50,250.50,EUR,invoice"))
    if "customers" in given:
        stage.customers(given["customers"])
    else:
        stage.customers_of((root / "ventes.csv").read_text("utf-8"))
    return stage


def call(*words: str) -> Said:
    """Run the program in this process as its console script would."""
    from relance.cli.main import main

    out, err = io.StringIO(), io.StringIO()
    arguments, sys.argv = sys.argv, ["relance", "--lang", "en", *words]
    handler = signal.getsignal(signal.SIGTERM)
    try:
        with redirect_stdout(out), redirect_stderr(err):
            main()
    except SystemExit as end:
        code = end.code
    finally:
        sys.argv = arguments
        signal.signal(signal.SIGTERM, handler)
    assert isinstance(code, int)
    assert "Traceback" not in err.getvalue(), err.getvalue()
    assert "unexpected error" not in err.getvalue(), err.getvalue()
    return Said(code, out.getvalue(), err.getvalue())


def spawn(*words: str, cwd: Path, **environment: str) -> Said:
    """Run the program in a process of its own."""
    plain = {n: v for n, v in os.environ.items() if not n.startswith(("LC_", "LANG"))}
    env = {**plain, "LANG": "C.UTF-8", "NO_COLOR": "1", **environment}
    if any(name.startswith(("PYTHON", "LC_")) for name in environment):
        command = [sys.executable, "-m", "relance", *words]
        done = subprocess.run(
            command, cwd=cwd, env=env, stdin=subprocess.DEVNULL, capture_output=True, check=False
        )
    else:
        done = forked.run(["-m", "relance", *words], cwd=cwd, env=env)
    err = done.stderr.decode("utf-8", "replace")
    assert "Traceback" not in err, err
    assert "unexpected error" not in err, err
    return Said(done.returncode, done.stdout.decode("utf-8"), err)


def split(line: str) -> list[str]:
    """Return the words of a command line."""
    return shlex.split(line)


def verdicts(plan: Fields) -> dict[str, str]:
    """Return the verdict of each number of a plan."""
    acting = [r["number"] for n in plan["notices"] for r in n["receivables"]]
    acting += [number for t in plan["tasks"] for number in t["receivables"]]
    return dict.fromkeys(acting, "act") | {h["number"]: h["verdict"] for h in plan["held"]}
