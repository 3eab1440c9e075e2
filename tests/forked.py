"""The program in a process of its own, without the second that a new process spends on imports.

A first process imports all and forks itself for each call: what runs has its own memory, streams,
directory, environment and exit code, and may be killed. How an interpreter starts (`PYTHON*`,
encodings of a locale, hash seeds, what `--help` imports) is for tests that start a real one.
"""

from __future__ import annotations

import json
import os
import pkgutil
import runpy
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any, NoReturn

_LARGEST = 1 << 20
_PRELOADED = (
    "typer.main", "rich.console", "sqlalchemy.dialects.sqlite", "polars", "jinja2", "pydantic",
    "asyncio", "holidays.countries", "dateutil.rrule", "stdnum.iban", "alembic.command", "tomllib",
)  # fmt: skip
_NOT_PRELOADED = ("relance.cli", "relance.__main__", "relance.desk", "relance.history.migrations")
"""The texts of `relance.cli` are in the language of whoever imports it; migrations run when imported."""


def run(
    words: Sequence[str], *, cwd: Path, env: Mapping[str, str], umask: int | None = None
) -> subprocess.CompletedProcess[bytes]:
    """Return what `python WORDS` said and how it ended; `words` begin with -m MODULE or a script."""
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        asked = {"words": [*words], "cwd": str(cwd), "env": dict(env), "umask": umask}
        with open(os.devnull, "rb") as nothing:  # noqa: PTH123
            streams = [stream.fileno() for stream in (nothing, out, err)]
            code = _first(os.getpid()).ask(asked, streams)
        out.seek(0)
        err.seek(0)
        return subprocess.CompletedProcess([*words], code, out.read(), err.read())


class _First:
    """The process that forks; it ends when this one does, whose end of the wire it hears."""

    def __init__(self) -> None:
        self._wire, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with theirs:
            command = [sys.executable, __file__, str(theirs.fileno())]
            self._process = subprocess.Popen(command, pass_fds=[theirs.fileno()])

    def ask(self, asked: Mapping[str, Any], streams: list[int]) -> int:
        socket.send_fds(self._wire, [json.dumps(asked).encode()], streams)
        told = self._wire.recv(_LARGEST)
        assert told, "the process that forks has ended"
        return int(told)


@cache
def _first(_process: int) -> _First:
    return _First()


def _serve(wire: socket.socket) -> None:
    for name in (*_PRELOADED, *_own_modules()):
        __import__(name)
    while True:
        told, streams, _, _ = socket.recv_fds(wire, _LARGEST, 3)
        if not told:
            return
        process = os.fork()
        if process == 0:
            wire.close()
            _become(json.loads(told), streams)
        for stream in streams:
            os.close(stream)
        _, status = os.waitpid(process, 0)
        wire.send(str(os.waitstatus_to_exitcode(status)).encode())


def _own_modules() -> Iterator[str]:
    import relance

    for module in pkgutil.walk_packages(relance.__path__, "relance.", onerror=_never):
        if not module.name.startswith(_NOT_PRELOADED):
            yield module.name


def _never(name: str) -> None:
    raise ImportError(name)


def _become(asked: Mapping[str, Any], streams: Sequence[int]) -> NoReturn:
    for number, stream in enumerate(streams):
        os.dup2(stream, number)
        os.close(stream)
    os.chdir(asked["cwd"])
    os.environ.clear()
    os.environ.update(asked["env"])
    time.tzset()
    if asked["umask"] is not None:
        os.umask(asked["umask"])
    sys.stdin = open(0, encoding="utf-8", closefd=False)  # noqa: SIM115
    sys.stdout = open(1, "w", encoding="utf-8", closefd=False)  # noqa: SIM115
    sys.stderr = open(2, "w", encoding="utf-8", errors="backslashreplace", closefd=False)  # noqa: SIM115
    code = _ended(asked["words"])
    for stream in (sys.stdout, sys.stderr):
        stream.flush()
    os._exit(code)


def _ended(words: Sequence[str]) -> int:
    """Run the module or script as an interpreter would; return its exit code."""
    import atexit
    import threading
    import traceback

    try:
        if words[0] == "-m":
            sys.path.insert(0, os.getcwd())  # noqa: PTH109
            sys.argv = [words[1], *words[2:]]
            runpy.run_module(words[1], run_name="__main__", alter_sys=True)
        else:
            sys.path.insert(0, os.path.dirname(words[0]))  # noqa: PTH120
            sys.argv = [*words]
            runpy.run_path(words[0], run_name="__main__")
        code = 0
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else 0 if end.code is None else 1
    except BaseException:
        traceback.print_exc()
        code = 1
    threading._shutdown()  # type: ignore[attr-defined]
    atexit._run_exitfuncs()
    return code


if __name__ == "__main__":
    sys.path.pop(0)  # the folder of the tests is nobody's to import from
    _serve(socket.socket(fileno=int(sys.argv[1])))
