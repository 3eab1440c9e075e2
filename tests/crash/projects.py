"""Small projects for the tests of this folder, their history in a file or on a server."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg

from scenarios.stage import Stage, new_stage

TESTS = Path(__file__).parents[1]
SALES = "\n".join(f"F{n},C{n},2026-03-02,2026-04-01,250.50,250.50,EUR,invoice" for n in range(1, 4))
DAY = "2026-04-08"


def by_smtp(port: int, **more: object) -> dict[str, Any]:
    return {
        "kind": "smtp", "host": "127.0.0.1", "port": port, "security": "none", "folder": None,
        "from": "compta@dubreuil.example", **more,
    }  # fmt: skip


def schema_of(place: Path, server: str) -> str:
    """Return the URL of a new schema on `server`."""
    name = f"at_{abs(hash(str(place)))}"
    with psycopg.connect(server.replace("+psycopg", ""), autocommit=True) as connection:
        connection.execute(f"CREATE SCHEMA {name}")
    return f"{server}?options=-csearch_path%3D{name}"


def project(root: Path, server: str = "", email: dict[str, Any] | None = None) -> Stage:
    """Return a project with three debtors; its history is in a schema of `server` if given one."""
    policy: dict[str, Any] = {"channels": {"email": email}} if email else {}
    if server:
        policy["database"] = schema_of(root, server)
    return new_stage(root, {"open": SALES, "policy": policy})


@contextmanager
def runners(count: int) -> Iterator[list[subprocess.Popen[str]]]:
    """Start processes that each run the program when told to."""
    command = [sys.executable, "-m", "crash.runner"]
    started = [
        subprocess.Popen(
            command, cwd=TESTS, text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE
        )
        for _ in range(count)
    ]
    try:
        yield started
    finally:
        for process in started:
            process.communicate()


def at_once(processes: list[subprocess.Popen[str]], calls: list[list[str]]) -> list[int]:
    """Let each of `processes` make its call at the same moment; return the exit codes."""
    for process, words in zip(processes, calls, strict=True):
        assert process.stdin
        process.stdin.write(json.dumps(words) + "\n")
    for process in processes:
        assert process.stdin
        process.stdin.flush()
    return [json.loads(process.stdout.readline())["code"] for process in processes]  # type: ignore[union-attr]
