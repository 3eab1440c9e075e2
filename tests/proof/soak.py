"""The long run of the proof: `make soak`, or `python -m proof.soak SEQUENCES SEED PROCESSES`.

Each process takes parts of a few sequences, each with a seed of its own, until all are done; what
is found is printed with its seed and makes the exit code 1. The figures are added to
docs/reliability.json after each part; `--page` brings docs/reliability.md up to date with them.
"""

from __future__ import annotations

import json
import os
import platform
import subprocess
import sys
import time
import traceback
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from multiprocessing import get_context
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
FIGURES = ROOT / "docs" / "reliability.json"
PAGE = ROOT / "docs" / "reliability.md"
BEGIN, END = "<!-- soak -->\n", "<!-- /soak -->\n"
PART = 25
STEPS = 8
COUNTED = ("sequences", "steps", "runs", "deaths", "stops", "mails", "in_doubt")

Figures = dict[str, Any]


def part(sequences: int, seed: int) -> tuple[Counter[str], str]:
    """Return the figures of so many sequences, and what was found ("" if nothing)."""
    from hypothesis import HealthCheck, Phase, settings
    from hypothesis import seed as seeded
    from hypothesis.stateful import run_state_machine_as_test

    from proof.machine import Delivery

    Delivery.figures.clear()
    long = settings(
        max_examples=sequences, stateful_step_count=STEPS, deadline=None, database=None,
        derandomize=False, suppress_health_check=list(HealthCheck), print_blob=False,
        phases=(Phase.generate, Phase.shrink),
    )  # fmt: skip
    try:
        run_state_machine_as_test(seeded(seed)(Delivery), settings=long)
    except Exception:
        return Counter(Delivery.figures), traceback.format_exc()
    return Counter(Delivery.figures), ""


def soak(sequences: int, seed: int, processes: int) -> Iterator[Figures]:
    """Yield the figures so far after each part; findings are printed as they come."""
    began, total, found = time.monotonic(), Counter[str](), 0
    size = min(PART, -(-sequences // processes))
    parts = [min(size, sequences - done) for done in range(0, sequences, size)]
    same = {
        "seed": seed, "processes": processes, "commit": _commit(), "python": platform.python_version(),
    }  # fmt: skip
    with ProcessPoolExecutor(processes, mp_context=get_context("spawn")) as pool:
        jobs = {
            pool.submit(part, part_size, seed + n): seed + n for n, part_size in enumerate(parts)
        }
        for job in as_completed(jobs):
            figures, finding = job.result()
            total += figures
            found += bool(finding)
            if finding:
                print(f"== found with seed {jobs[job]}\n{finding}", flush=True)
            print(f"seed {jobs[job]}: {total['sequences']} sequences so far", flush=True)
            minutes = round((time.monotonic() - began) / 60, 1)
            counted = {name: total[name] for name in COUNTED}
            yield {**same, **counted, "findings": found, "minutes": minutes}


def _commit() -> str:
    git = ["git", "-C", str(ROOT), "rev-parse", "--short", "HEAD"]
    return subprocess.run(git, capture_output=True, text=True, check=False).stdout.strip()


def page(soaks: Sequence[Figures]) -> str:
    """Return the lines of the page that tell the figures of all soaks, and of the last one."""
    rows = {
        "sequences": "sequences",
        "steps (runs, changes of exports, decisions of people)": "steps",
        "runs": "runs",
        "… of which killed at some line": "deaths",
        "… of which asked to stop": "stops",
        "messages that the mail server accepted": "mails",
        "notices that ended in doubt": "in_doubt",
        "**broken promises found**": "findings",
    }
    last = soaks[-1]
    lines = ["| | the last soak | all soaks |", "|---|---:|---:|"]
    for told, name in rows.items():
        lines.append(f"| {told} | {last[name]:,} | {sum(soak[name] for soak in soaks):,} |")
    commits = ", ".join(f"`{soak['commit']}`" for soak in soaks)
    lines += [
        f"| minutes | {last['minutes']:,} | {sum(soak['minutes'] for soak in soaks):,.1f} |",
        f"| first seed | {last['seed']} | |",
        f"| commit | `{last['commit']}` | {commits} |",
    ]
    how = f"The last one: {last['processes']} processes, Python {last['python']}."
    return "\n".join([*lines, "", how]) + "\n"


def updated(text: str, soaks: Sequence[Figures]) -> str:
    """Return the page with the figures in their place."""
    head, _, rest = text.partition(BEGIN)
    _, _, tail = rest.partition(END)
    return head + BEGIN + page(soaks) + END + tail


def write(soaks: Sequence[Figures]) -> None:
    """Write the figures, and bring the page up to date with them."""
    FIGURES.write_text(json.dumps(soaks, indent=2) + "\n", "utf-8")
    PAGE.write_text(updated(PAGE.read_text("utf-8"), soaks), "utf-8")


def main(words: list[str]) -> int:
    before: list[Figures] = json.loads(FIGURES.read_text("utf-8"))
    if words == ["--page"]:
        write(before)
        return 0
    sequences, seed, processes = (int(word) for word in words)
    os.environ.setdefault("POLARS_MAX_THREADS", "1")
    print(f"seed {seed}, {sequences} sequences, {processes} processes", flush=True)
    figures: Figures = {}
    for figures in soak(sequences, seed, processes):
        write([*before, figures])  # one that is broken off has told what it did
    print(page([figures]), end="")
    return 1 if figures["findings"] else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
