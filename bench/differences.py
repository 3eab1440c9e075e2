"""`relance diff` of 100,000 open items, as a ratio to a dry run of the same project in the same run.

The change puts off the second reminder by three days; the floor is `relance run --dry-run`.
"""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from bench.generate import RUN_DATE
from bench.run import RELANCE, in_turns, print_table, project_of, verdict

COUNT = 100_000
TARGET = 2.5
"""Dry runs that a comparison may take: two plans, and what is between them."""

_POLICY = ("relance.yaml", "accounts.yaml", "procedures")


def changed(project: Path) -> Path:
    """Return a directory with the policy of `project`, the second reminder of each ladder later."""
    folder = project.with_name(f"{project.name}-changed")
    shutil.rmtree(folder, ignore_errors=True)
    for name in _POLICY:
        source = project / name
        folder.mkdir(exist_ok=True)
        (shutil.copytree if source.is_dir() else shutil.copy2)(source, folder / name)
    for file in (folder / "procedures").glob("*.yaml"):
        days = {"20": "23", "30": "33", "17": "20", "23": "26"}
        text = file.read_text()
        for old, new in days.items():
            if f"id: reminder-2, days: {old}," in text:
                text = text.replace(
                    f"id: reminder-2, days: {old},", f"id: reminder-2, days: {new},"
                )
                break
        file.write_text(text)
    return folder


def main() -> None:
    """Print the table."""
    project = project_of(COUNT)
    day = ["--date", str(RUN_DATE), "--quiet"]
    found = in_turns(
        {
            "dry run": [*RELANCE, "run", "--dry-run", *day],
            "the same policy": [*RELANCE, "diff", ".", ".", *day],
            "a level later": [*RELANCE, "diff", ".", str(changed(project)), "--data", ".", *day],
        },
        project,
        3,
    )
    floor = found["dry run"].cpu
    rows: list[list[object]] = [["", "s", "cpu s", "x dry run (cpu)", "target", "", "MB"]]
    for name, m in found.items():
        ratio = m.cpu / floor
        rows.append(
            [name, m.seconds, m.cpu, ratio, TARGET, verdict(ratio, TARGET), round(m.megabytes)]
        )
    print_table(f"relance diff, {COUNT:,} open items, whole process (medians of 3)", rows)


if __name__ == "__main__":
    main()
