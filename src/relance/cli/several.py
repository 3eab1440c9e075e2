"""Several projects in one call: each in a process of its own, one summary, the worst exit code."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from relance.cli import exits, streams
from relance.cli.exits import Exit, Terminated
from relance.cli.projects import ONLY
from relance.cli.words import LANGUAGE, _

AT_ONCE = 2
"""How many projects run at the same time: a run is busy on more than one core already."""


@dataclass(frozen=True, slots=True)
class Ended:
    """What became of one project: its exit code and the files that hold what it wrote."""

    project: Path
    code: int
    out: IO[str]
    err: IO[str]


@contextmanager
def _children() -> Iterator[tuple[ThreadPoolExecutor, list[subprocess.Popen[str]]]]:
    """Yield a pool and the list of its children; no more are started once we are stopped.

    Ctrl-C reaches the children by itself, as they share our terminal; SIGTERM does not.
    """
    children: list[subprocess.Popen[str]] = []
    pool = ThreadPoolExecutor(AT_ONCE)
    try:
        yield pool, children
    except Terminated:
        for child in children:
            if child.poll() is None:
                child.terminate()
        raise
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


def _run(project: Path, children: list[subprocess.Popen[str]]) -> Ended:
    # Files, not pipes: a child that writes much is never held up, and memory stays small.
    out, err = (
        tempfile.TemporaryFile("w+", encoding="utf-8", errors="replace")  # noqa: SIM115
        for _stream in ("out", "err")
    )
    environment = dict(os.environ, **{ONLY: str(project)})
    child = subprocess.Popen(
        [sys.executable, "-m", "relance", *sys.argv[1:]],
        stdin=subprocess.DEVNULL, stdout=out, stderr=err, text=True, env=environment,
    )  # fmt: skip
    children.append(child)
    code = child.wait()
    out.seek(0)
    err.seek(0)
    return Ended(project, 128 - code if code < 0 else code, out, err)


def _label_messages(ended: Ended) -> None:
    for line in ended.err:
        streams.write_message(f"[{ended.project}] {line.rstrip()}")


def _show(ended: Ended) -> None:
    """Write what one project said: its data under a heading, its messages with its name."""
    _label_messages(ended)
    heading = f"── {ended.project} "
    rule = "─" * max(0, 72 - len(heading))
    streams.write(lambda out: out.writelines([heading, rule, "\n", *ended.out, "\n"]))


def _json_of(ended: Ended) -> str:
    """Return the JSON text of one project, or null when what it wrote was cut short."""
    text = ended.out.read().strip()
    if ended.code in (0, 1) and text[:1] in ("{", "["):
        return text
    try:
        json.loads(text)
    except ValueError:
        return "null"
    return text


def _write_json(results: Iterator[Ended]) -> list[Ended]:
    """Write one JSON object keyed by project as the results come; return them."""
    done: list[Ended] = []
    _put('{"schema_version": 1, "projects": {')
    for ended in results:
        _label_messages(ended)
        _put(",\n" if done else "\n")
        _put(f'{json.dumps(str(ended.project))}: {{"exit": {ended.code}, "result": ')
        _put(_json_of(ended) + "}")
        done.append(ended)
    _put(f'\n}}, "exit": {exits.worst(e.code for e in done)}}}\n')
    return done


def _put(text: str) -> None:
    streams.write_data(lambda out: out.write(text))


def _last_line(ended: Ended) -> str:
    """Return the last line that the project wrote: commands end with their summary."""
    ended.out.seek(0)
    last = ""
    for line in ended.out:
        last = line.strip() or last
    return last


def _summary(results: Sequence[Ended]) -> None:
    width = max(len(str(ended.project)) for ended in results)
    lines = ["── " + _("Summary") + " " + "─" * 60]
    for ended in results:
        lines.append(f"{ended.project!s:<{width}}  {exits.meaning(ended.code, LANGUAGE)}")
        if ended.code == Exit.DONE and (last := _last_line(ended)):
            lines.append(f"{'':<{width}}  {last}")
    streams.write(lambda out: out.writelines(f"{line}\n" for line in lines))


def run_each(projects: Sequence[Path], options: Mapping[str, Any]) -> int:
    """Run the command of this process for each of `projects`; return the worst exit code.

    Two run at once; what each wrote is shown in the order of `projects`.
    """
    with _children() as (pool, children):
        done: list[Ended]
        results = pool.map(lambda project: _run(project, children), projects)
        if options["json"]:
            done = _write_json(results)
        else:
            done = []
            for ended in results:
                _show(ended) if not options["quiet"] else _label_messages(ended)
                done.append(ended)
    if not options["json"] and not options["quiet"]:
        _summary(done)
    code = exits.worst(ended.code for ended in done)
    for ended in done:
        ended.out.close()
        ended.err.close()
    return code
