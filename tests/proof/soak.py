"""The long run of the proof: `make soak`, or `python -m proof.soak SEQUENCES SEED PROCESSES`.

Each process takes parts of a hundred sequences, each with a seed of its own, until all are
done; what is found is printed with its seed and makes the exit code 1. The figures are written to
docs/reliability.json; `--page` brings docs/reliability.md up to date with them.
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
from concurrent.futures import ProcessPoolExecutor, as_completed
from multiprocessing import get_context
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
FIGURES = ROOT / "docs" / "reliability.json"
PAGE = ROOT / "docs" / "reliability.md"
BEGIN, END = "<!-- soak -->\n", "<!-- /soak -->\n"
PART = 100
STEPS = 8


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


def soak(sequences: int, seed: int, processes: int) -> dict[str, Any]:
    """Return the figures of the whole run; findings are printed as they come."""
    began, total, found = time.monotonic(), Counter[str](), 0
    size = min(PART, -(-sequences // processes))
    parts = [min(size, sequences - done) for done in range(0, sequences, size)]
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
    return {
        "sequences": total["sequences"], "steps": total["steps"], "runs": total["runs"],
        "deaths": total["deaths"], "stops": total["stops"], "mails": total["mails"],
        "doubts": total["in_doubt"], "findings": found, "seed": seed, "processes": processes,
        "minutes": round((time.monotonic() - began) / 60, 1), "commit": _commit(),
        "python": platform.python_version(),
    }  # fmt: skip


def _commit() -> str:
    git = ["git", "-C", str(ROOT), "rev-parse", "--short", "HEAD"]
    return subprocess.run(git, capture_output=True, text=True, check=False).stdout.strip()


def page(figures: dict[str, Any]) -> str:
    """Return the lines of the page that tell the figures."""
    rows = {
        "sequences": f"{figures['sequences']:,}",
        "steps (runs, changes of exports, decisions of people)": f"{figures['steps']:,}",
        "runs": f"{figures['runs']:,}",
        "… of which killed at some line": f"{figures['deaths']:,}",
        "… of which asked to stop": f"{figures['stops']:,}",
        "messages that the mail server accepted": f"{figures['mails']:,}",
        "notices that ended in doubt": f"{figures['doubts']:,}",
        "**broken promises found**": f"**{figures['findings']}**",
        "first seed": str(figures["seed"]),
        "time": f"{figures['minutes']} minutes, {figures['processes']} processes",
        "commit": f"`{figures['commit']}`, Python {figures['python']}",
    }
    lines = ["| The last soak | |", "|---|---|", *(f"| {k} | {v} |" for k, v in rows.items())]
    return "\n".join(lines) + "\n"


def updated(text: str, figures: dict[str, Any]) -> str:
    """Return the page with the figures in their place."""
    head, _, rest = text.partition(BEGIN)
    _, _, tail = rest.partition(END)
    return head + BEGIN + page(figures) + END + tail


def main(words: list[str]) -> int:
    if words == ["--page"]:
        figures = json.loads(FIGURES.read_text("utf-8"))
        PAGE.write_text(updated(PAGE.read_text("utf-8"), figures), "utf-8")
        print(page(figures), end="")
        return 0
    sequences, seed, processes = (int(word) for word in words)
    os.environ.setdefault("POLARS_MAX_THREADS", "1")
    print(f"seed {seed}, {sequences} sequences, {processes} processes", flush=True)
    figures = soak(sequences, seed, processes)
    FIGURES.write_text(json.dumps(figures, indent=2) + "\n", "utf-8")
    PAGE.write_text(updated(PAGE.read_text("utf-8"), figures), "utf-8")
    print(page(figures), end="")
    return 1 if figures["findings"] else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
