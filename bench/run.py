"""Speed and memory of whole processes, as ratios to a floor measured in the same run.

make bench                          everything: 10,000, 100,000 and 1,000,000 open items (minutes)
python bench/run.py 100000          one size
python bench/run.py --repeat 5      medians of five

The floor is Polars reading the same CSV with types and dates. Floor and program take turns, so that
a noisy machine disturbs both; read the ratios rather than the seconds.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from itertools import pairwise
from pathlib import Path
from statistics import median

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from bench.generate import RUN_DATE, write_project  # noqa: E402

WORK = ROOT / "build" / "bench"
RELANCE = [str(Path(sys.executable).parent / "relance")]
SIZES = (10_000, 100_000, 1_000_000)
TARGETS = {100_000: (3.0, 400), 1_000_000: (15.0, 2000)}

SIMULATED = (10_000, 100_000)
YEAR_TARGETS = {100_000: 60.0}

FLOOR = """
import sys, polars as pl
frame = pl.read_csv(sys.argv[1], schema_overrides={
    "number": pl.String, "debtor": pl.String, "issued": pl.Date, "due": pl.Date,
    "amount": pl.Decimal(18, 2), "open": pl.Decimal(18, 2), "currency": pl.String,
    "kind": pl.String, "order_number": pl.String})
assert frame.height
"""


@dataclass(frozen=True)
class Measure:
    """What one process took: seconds of the clock and of the processor, and its peak of memory in MB.

    Where the seconds of the clock are far above those of the processor, other work disturbed.
    """

    seconds: float
    cpu: float
    megabytes: float


HELD_BACK = 4
"""The exit code of a dry run that does all its work and says that its notices want an approval."""


def measure(command: Sequence[str], cwd: Path) -> Measure:
    """Run `command` to its end and return what it took."""
    environment = os.environ | {"LC_ALL": "C.UTF-8", "NO_COLOR": "1"}
    with Path(os.devnull).open("w") as nothing:
        start = time.perf_counter()
        process = subprocess.Popen(command, cwd=cwd, env=environment, stdout=nothing)
        _, status, usage = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - start
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode not in (0, HELD_BACK):
        sys.exit(f"{' '.join(command)} ended with {process.returncode} in {cwd}")
    scale = 1 if sys.platform == "darwin" else 1024
    return Measure(seconds, usage.ru_utime + usage.ru_stime, usage.ru_maxrss * scale / 1e6)


def in_turns(commands: dict[str, Sequence[str]], cwd: Path, repeat: int) -> dict[str, Measure]:
    """Return the medians of each command, run one after another `repeat` times."""
    seen: dict[str, list[Measure]] = {name: [] for name in commands}
    for _ in range(repeat):
        for name, command in commands.items():
            seen[name].append(measure(command, cwd))
    return {
        name: Measure(
            median(m.seconds for m in found),
            median(m.cpu for m in found),
            median(m.megabytes for m in found),
        )
        for name, found in seen.items()
    }


def project_of(count: int) -> Path:
    """Return a project of `count` open items, made on first use."""
    folder = WORK / str(count)
    recipe = hashlib.sha256((ROOT / "bench" / "generate.py").read_bytes()).hexdigest()
    stamp = folder / ".recipe"
    if not stamp.exists() or stamp.read_text() != recipe:
        shutil.rmtree(folder, ignore_errors=True)
        print(f"generating {count:,} open items …", file=sys.stderr)
        write_project(count, folder)
        stamp.write_text(recipe)
    return folder


def verdict(measured: float, target: float | None) -> str:
    """Return whether the target is met, in a word."""
    return "" if target is None else "ok" if measured <= target else "MISSED"


def print_table(title: str, rows: Sequence[Sequence[object]]) -> None:
    """Print rows of cells in columns; the first row is the heading, the first column to the left."""
    cells = [[f"{c:.2f}" if isinstance(c, float) else str(c) for c in row] for row in rows]
    widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
    print(f"\n{title}")
    for first, *others in cells:
        aligned = [first.ljust(widths[0])]
        aligned += [c.rjust(w) for c, w in zip(others, widths[1:], strict=True)]
        print("  ".join(aligned).rstrip(), flush=True)


def bench_runs(sizes: Sequence[int], repeat: int) -> None:
    """Print the table of `relance run --dry-run`, and the growth from size to size."""
    head = ("open items", "floor s", "s", "target", "", "x floor", "cpu s", "MB", "target", "")
    rows: list[Sequence[object]] = [head]
    seconds = {}
    for count in sizes:
        found = in_turns(
            {
                "floor": [sys.executable, "-c", FLOOR, "ventes.csv"],
                "run": [*RELANCE, "run", "--dry-run", "--date", str(RUN_DATE), "--quiet"],
            },
            project_of(count),
            repeat,
        )
        floor, run = found["floor"], found["run"]
        seconds[count] = run.seconds
        target, memory = TARGETS.get(count, (None, None))
        rows.append(
            (
                f"{count:,}",
                floor.seconds,
                run.seconds,
                target or "",
                verdict(run.seconds, target),
                f"{run.seconds / floor.seconds:.1f}",
                run.cpu,
                round(run.megabytes),
                memory or "",
                verdict(run.megabytes, memory),
            )
        )
    title = "relance run --dry-run, whole process, 40 % of the items with an earlier notice"
    print_table(f"{title} (medians of {repeat})", rows)
    print_growth(seconds)
    print_peer(seconds.get(10_000))


def print_peer(seconds: float | None) -> None:
    """Print what Tryton was measured to take for 10,000 lines: quoted, on another day."""
    if seconds is None:
        return
    rows: list[Sequence[object]] = [("Tryton's dunning module, 10,000 lines", "quoted s", "ratio")]
    for name, low, high in (("under python -O", 9, 12), ("as shipped", 34, 39)):
        ratio = f"{low / seconds:.1f} to {high / seconds:.1f}"
        rows.append((name, f"{low} to {high}", ratio))
    print_table("quoted, not measured here, on the same kind of machine", rows)


def print_growth(seconds: dict[int, float]) -> None:
    """Print how the time grows from one size to the next."""
    sizes = sorted(seconds)
    for small, large in pairwise(sizes):
        times = seconds[large] / seconds[small]
        print(f"{small:,} to {large:,}: items x{large // small}, seconds x{times:.1f}")


def bench_start(repeat: int) -> None:
    """Print the table of start-up times."""
    example = ROOT / "examples" / "menuiserie-lenoir"
    found = in_turns(
        {
            "python -c 'import typer'": [sys.executable, "-c", "import typer"],
            "relance --help": [*RELANCE, "--help"],
            "relance validate": [*RELANCE, "validate"],
        },
        example,
        repeat,
    )
    floor = found["python -c 'import typer'"].seconds
    targets = {"relance --help": 1.5, "relance validate": 4.0}
    rows: list[Sequence[object]] = [("", "s", "x typer", "target", "")]
    for name, m in found.items():
        ratio, target = m.seconds / floor, targets.get(name)
        rows.append((name, m.seconds, ratio, target or "", verdict(ratio, target)))
    print_table(f"start-up, whole process (medians of {repeat})", rows)


def bench_letters(_repeat: int) -> None:
    """Let the bench of letters print its own table."""
    print("\nletters", flush=True)
    subprocess.run([sys.executable, str(ROOT / "bench" / "letters.py")], check=True, cwd=ROOT)


def bench_lettering(_repeat: int) -> None:
    """Let the bench of lettering print its own tables."""
    print("\nlettering", flush=True)
    subprocess.run([sys.executable, str(ROOT / "bench" / "lettering.py")], check=True, cwd=ROOT)


def bench_statements(_repeat: int) -> None:
    """Let the bench of bank statements print its own table."""
    subprocess.run([sys.executable, str(ROOT / "bench" / "statements.py")], check=True, cwd=ROOT)


def bench_mails(_repeat: int) -> None:
    """Let the bench of e-mails print its own table."""
    print("\ne-mails", flush=True)
    subprocess.run([sys.executable, str(ROOT / "bench" / "mails.py")], check=True, cwd=ROOT)


def bench_claims(_repeat: int) -> None:
    """Let the bench of the records of notices print its own table."""
    print("\nrecords of notices", flush=True)
    subprocess.run([sys.executable, str(ROOT / "bench" / "claims.py")], check=True, cwd=ROOT)


def bench_simulations(repeat: int) -> None:
    """Print what a year of a portfolio takes beside one dry run of it: the floor."""
    rows: list[Sequence[object]] = [
        ("open items", "dry run s", "year s", "target", "", "x dry run", "MB")
    ]
    period = ["--date", str(RUN_DATE), "--to", str(RUN_DATE + timedelta(days=364))]
    for count in SIMULATED:
        found = in_turns(
            {
                "run": [*RELANCE, "run", "--dry-run", "--date", str(RUN_DATE), "--quiet"],
                "year": [*RELANCE, "simulate", *period, "--json"],
            },
            project_of(count),
            repeat,
        )
        run, year = found["run"], found["year"]
        target = YEAR_TARGETS.get(count)
        ratio = f"{year.seconds / run.seconds:.1f}"
        met = verdict(year.seconds, target)
        cells = (run.seconds, year.seconds, target or "", met, ratio, round(year.megabytes))
        rows.append((f"{count:,}", *cells))
    print_table(f"relance simulate, a year day by day, whole process (medians of {repeat})", rows)


def bench_differences(_repeat: int) -> None:
    """Let the bench of differences print its own table."""
    subprocess.run([sys.executable, str(ROOT / "bench" / "differences.py")], check=True, cwd=ROOT)


def bench_report(_repeat: int) -> None:
    """Let the bench of the report print its own table."""
    subprocess.run([sys.executable, str(ROOT / "bench" / "report.py")], check=True, cwd=ROOT)


def bench_dashboard(_repeat: int) -> None:
    """Let the bench of the dashboard print its own table."""
    print("\ndashboard", flush=True)
    subprocess.run([sys.executable, str(ROOT / "bench" / "dashboard.py")], check=True, cwd=ROOT)


def main() -> None:
    """Print every table that the arguments ask for."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("sizes", nargs="*", type=int, help="open items (10000 100000 1000000)")
    parser.add_argument("--repeat", type=int, default=3)
    parts: dict[str, Callable[[], None]] = {
        "start": lambda: bench_start(max(asked.repeat, 5)),
        "runs": lambda: bench_runs(asked.sizes or SIZES, asked.repeat),
        "letters": lambda: bench_letters(asked.repeat),
        "lettering": lambda: bench_lettering(asked.repeat),
        "statements": lambda: bench_statements(asked.repeat),
        "mails": lambda: bench_mails(asked.repeat),
        "claims": lambda: bench_claims(asked.repeat),
        "report": lambda: bench_report(asked.repeat),
        "simulations": lambda: bench_simulations(asked.repeat),
        "differences": lambda: bench_differences(asked.repeat),
        "dashboard": lambda: bench_dashboard(asked.repeat),
    }
    parser.add_argument("--only", choices=tuple(parts))
    asked = parser.parse_args()
    for name, part in parts.items():
        if asked.only in (None, name) and not (asked.sizes and name != "runs"):
            part()


if __name__ == "__main__":
    main()
