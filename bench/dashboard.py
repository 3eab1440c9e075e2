"""The dashboard of a hundred thousand debtors in Chromium, as a ratio to an empty page.

python bench/dashboard.py                    100,000 debtors, 800,000 open items (minutes)
python bench/dashboard.py 10000 --repeat 9

Each opening is a browser context of its own, over file://; the empty page and the dashboard take
turns. "load" is the load event, "ready" the moment at which the whole list sorts and filters.
Names are drawn from many syllables, as those of real customers hardly compress.
"""

from __future__ import annotations

import argparse
import os
import random
import re
import shutil
import sys
from pathlib import Path
from statistics import median

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from bench.generate import RUN_DATE, SEED, write_project  # noqa: E402
from bench.run import WORK, measure, print_table, verdict  # noqa: E402

CHROMIUM = shutil.which("chromium") or "/usr/bin/chromium"
DEBTORS, ITEMS_EACH = 100_000, 8
SECONDS, MEGABYTES = 2.0, 5.0
_EMPTY = "<!doctype html><html lang=en><title>empty</title><p>empty"
_SYLLABLES = [
    "ba",
    "be",
    "bru",
    "ca",
    "char",
    "clo",
    "da",
    "del",
    "du",
    "fa",
    "fon",
    "ga",
    "gri",
    "ho",
    "ja",
    "ker",
    "la",
    "lem",
    "ma",
    "mer",
    "mon",
    "na",
    "no",
    "or",
    "pa",
    "per",
    "ro",
    "sa",
    "ser",
    "ta",
    "tur",
    "va",
    "ver",
    "vil",
    "zan",
]
_FORMS = ("SARL", "SA", "SAS", "SRL", "BV", "& Fils", "et Cie", "")
_TIMES = """() => {
  const nav = performance.getEntriesByType('navigation')[0];
  const ready = performance.getEntriesByName('relance-ready')[0];
  const paint = performance.getEntriesByName('first-contentful-paint')[0];
  return [paint ? paint.startTime : 0, nav.loadEventEnd, ready ? ready.startTime : 0];
}"""


def page_of(debtors: int) -> Path:
    """Return the page of a portfolio of that many debtors, made once; print what that took."""
    folder = WORK / f"dashboard-{debtors}"
    if not (folder / "ventes.csv").exists():
        print(f"generating {debtors:,} debtors …", file=sys.stderr)
        write_project(debtors * ITEMS_EACH, folder)
        rename(folder / "customers.csv")
    page = folder / "dashboard.html"
    took = measure(
        [
            sys.executable,
            "-m",
            "relance",
            "dashboard",
            "--date",
            str(RUN_DATE),
            "--quiet",
            "-o",
            str(page),
        ],
        folder,
    )
    print(
        f"relance dashboard: {took.seconds:.1f} s, {took.cpu:.1f} s of the processor, {took.megabytes:.0f} MB"
    )
    return page


def rename(customers: Path) -> None:
    """Give the customers names, owners and sectors as various as real ones."""
    chance = random.Random(SEED)

    def name() -> str:
        words = [
            "".join(chance.choices(_SYLLABLES, k=chance.randint(2, 4))).title()
            for _ in range(chance.randint(1, 2))
        ]
        return " ".join([*words, chance.choice(_FORMS)]).strip()

    head, *rows = customers.read_text("utf-8").splitlines()
    owners = ("Inès", "Marc", "Sophie", "Jan", "Greta", "Tom")
    named = [
        re.sub(r"^([^,]*),[^,]*", lambda m: f"{m[1]},{name()}", row) + f",{chance.choice(owners)}"
        for row in rows
    ]
    customers.write_text("\n".join([head + ",owner", *named]) + "\n", "utf-8")


def openings(page: Path, repeat: int) -> dict[str, tuple[float, float, float]]:
    """Return the medians of first paint, load and ready of the empty page and of `page`, in seconds."""
    from playwright.sync_api import sync_playwright

    empty = page.with_name("empty.html")
    empty.write_text(_EMPTY)
    seen: dict[str, list[list[float]]] = {"empty page": [], "dashboard": []}
    with sync_playwright() as tools:
        browser = tools.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        for _ in range(repeat + 1):
            for name, file in (("empty page", empty), ("dashboard", page)):
                context = browser.new_context(viewport={"width": 1440, "height": 900})
                tab = context.new_page()
                tab.goto(file.as_uri())
                if name == "dashboard":
                    tab.wait_for_selector("html[data-ready]")
                tab.wait_for_timeout(100)
                seen[name].append([value / 1000 for value in tab.evaluate(_TIMES)])
                context.close()
        browser.close()
    # The first opening of each warms the browser up.
    return {
        name: tuple(median(run[n] for run in runs[1:]) for n in range(3))
        for name, runs in seen.items()
    }  # type: ignore[misc]


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("debtors", nargs="?", type=int, default=DEBTORS)
    parser.add_argument("--repeat", type=int, default=5)
    asked = parser.parse_args()
    if not Path(CHROMIUM).exists():
        print("the dashboard: no Chromium here, not measured")
        return
    page = page_of(asked.debtors)
    found = openings(page, asked.repeat)
    size = page.stat().st_size / 1e6
    floor = found["empty page"][1]
    rows: list[list[object]] = [
        ["", "first paint s", "load s", "x empty", "ready s", "target", "", "MB", "target", ""]
    ]
    for name, (paint, load, ready) in found.items():
        mine = name == "dashboard"
        rows.append([
            name, paint, load, f"{load / floor:.1f}", ready if mine else "", SECONDS if mine else "",
            verdict(max(load, ready), SECONDS) if mine else "", size if mine else "", MEGABYTES if mine else "",
            verdict(size, MEGABYTES) if mine else "",
        ])  # fmt: skip
    load = "/".join(f"{n:.1f}" for n in os.getloadavg())
    print_table(
        f"dashboard of {asked.debtors:,} debtors in Chromium (medians of {asked.repeat}; load {load})",
        rows,
    )


if __name__ == "__main__":
    main()
