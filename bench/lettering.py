"""Speed and truth of lettering: 100,000 payments against 1,000,000 open items.

python bench/lettering.py [PAYMENTS] [ITEMS]

The floor is the hash join of the payments' structured references with those of the items, in the
same process. What is drawn, and what it is worth, is said in bench/payments.py.
"""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Sequence
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

import polars as pl
from bench.payments import SETTINGS, Market, draw
from bench.run import print_table, verdict

from relance.lettering.letter import Decided, Lettered, letter
from relance.lettering.words import plain

TARGET = 10.0
GIVEN = ("items", "debtors", "movements")
FOUND = ("items", "allocations", "proposals", "suspense", "answered")
PRECISE, WITHOUT_A_PERSON = 99.95, 90.0


def floor(items: pl.DataFrame, movements: pl.DataFrame) -> float:
    """Return the seconds of the join of references alone."""
    start = time.perf_counter()
    owed = items.select("item", reference=plain(pl.col("reference"))).drop_nulls()
    said = movements.select("movement", reference=plain(pl.col("reference"))).drop_nulls()
    assert said.join(owed, on="reference").height
    return time.perf_counter() - start


def letter_alone(folder: Path) -> None:
    """Letter the frames of `folder` in a process of its own; write what is found, print what it took."""
    frames = [pl.read_parquet(folder / f"{name}.parquet") for name in GIVEN]
    before = peak()
    seconds = floor(frames[0], frames[2])
    cpu, start = time.process_time(), time.perf_counter()
    found = letter(*frames, Decided(), SETTINGS)
    took = time.perf_counter() - start
    cpu = time.process_time() - cpu
    print(json.dumps({"floor": seconds, "s": took, "cpu": cpu, "before": before, "peak": peak()}))
    for name in FOUND:
        getattr(found, name).write_parquet(folder / f"{name}.parquet")


def peak() -> int:
    """Return the peak of this process's memory in MB."""
    return round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e3)


def measure(market: Market) -> tuple[dict[str, float], Lettered]:
    """Return what lettering of `market` took, and what it found."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for given in GIVEN:
            getattr(market, given).write_parquet(folder / f"{given}.parquet")
        command = [sys.executable, __file__, "--letter", name]
        told = subprocess.run(command, check=True, capture_output=True, text=True).stdout
        found = {part: pl.read_parquet(folder / f"{part}.parquet") for part in FOUND}
    return json.loads(told), Lettered(**found)


def judge(market: Market, found: Lettered) -> list[Sequence[object]]:
    """Return the rows of the table of truth, by scenario; the last are all of them."""
    given: dict[str, dict[str, int]] = defaultdict(dict)
    money = found.allocations.filter(pl.col("kind") == "payment")
    for movement, item, amount in money.select("movement", "item", "amount").iter_rows():
        given[movement][item] = given[movement].get(item, 0) + amount
    left = {
        m: (d, a) for m, d, a in found.suspense.select("movement", "debtor", "amount").iter_rows()
    }
    asked = set(found.proposals["movement"])
    answered = set(found.answered["movement"])
    count: dict[str, Counter[str]] = defaultdict(Counter)
    for movement, truth in market.truth.items():
        got, tally = given.get(movement, {}), count[market.scenario[movement]]
        right = all(item in truth and amount == truth[item] for item, amount in got.items())
        alone = movement in answered or (
            (got == truth)
            and movement not in asked
            and (movement not in left or left[movement][0] == market.payer[movement] is not None)
        )
        tally["payments"] += 1
        tally["allocated"] += bool(got)
        tally["right"] += bool(got) and right
        tally["alone"] += alone
        tally["asked"] += movement in asked
        tally["items"] += len(got)
        tally["items_right"] += sum(truth.get(i) == a for i, a in got.items())
    count["all"] = sum(count.values(), Counter())
    return [_row(name, tally) for name, tally in count.items()]


def _row(name: str, tally: Counter[str]) -> Sequence[object]:
    def share(part: str, of: str) -> str:
        return f"{100 * tally[part] / tally[of]:.3f}" if tally[of] else "-"

    return (
        name, tally["payments"], tally["allocated"], share("right", "allocated"),
        share("items_right", "items"), share("alone", "payments"), share("asked", "payments"),
    )  # fmt: skip


def by_evidence(market: Market, found: Lettered) -> list[Sequence[object]]:
    """Return the rows of the table of evidence: how often, and how often right."""
    count: dict[str, Counter[bool]] = defaultdict(Counter)
    money = found.allocations.filter(pl.col("kind") == "payment")
    for movement, item, amount, evidence in money.select(
        "movement", "item", "amount", "evidence"
    ).rows():
        count[evidence][market.truth[movement].get(item) == amount] += 1
    rows = sorted(count.items(), key=lambda row: -row[1].total())
    return [(name, n.total(), f"{100 * n[True] / n.total():.3f}") for name, n in rows]


def main() -> None:
    """Print the tables."""
    if sys.argv[1:2] == ["--letter"]:
        letter_alone(Path(sys.argv[2]))
        return
    payments, items = (int(a) for a in (*sys.argv[1:], *("100000", "1000000")[len(sys.argv) - 1 :]))
    print(f"drawing {payments:,} payments and {items:,} open items …", file=sys.stderr)
    market = draw(payments, items)
    told, found = measure(market)
    target = TARGET if (payments, items) == (100_000, 1_000_000) else None
    head = ("", "floor s", "s", "target", "", "x floor", "cpu s", "MB", "MB of the frames given")
    times = f"{told['s'] / told['floor']:.1f}"
    row = ("letter", told["floor"], told["s"], target or "", verdict(told["s"], target), times)
    title = f"lettering {payments:,} payments against {items:,} open items, process of its own"
    print_table(title, [head, (*row, told["cpu"], told["peak"], told["before"])])
    head = ("", "payments", "allocated", "right %", "items right %", "no person %", "asked %")
    rows = judge(market, found)
    print_table("certain allocations against the truth (assumed mix)", [head, *rows])
    precise, alone = float(str(rows[-1][3])), float(str(rows[-1][5]))
    print(
        f"precision {precise:.3f} % (target {PRECISE}: {'ok' if precise >= PRECISE else 'MISSED'}), "
        f"without a person {alone:.1f} % (target {WITHOUT_A_PERSON:.0f}: "
        f"{'ok' if alone >= WITHOUT_A_PERSON else 'MISSED'})"
    )
    print_table("by evidence", [("", "items", "right %"), *by_evidence(market, found)])


if __name__ == "__main__":
    main()
