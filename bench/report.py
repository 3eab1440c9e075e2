"""`relance report` over three years of receivables, as a ratio to Polars reading the same file.

python bench/report.py              1,000,000 receivables, three times
python bench/report.py 100000

The export keeps its settled invoices and says when each was settled, so that every figure is known
of every month. Floor and program take turns; read the ratios rather than the seconds.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import shutil
import sys
from datetime import date, timedelta
from pathlib import Path

import polars as pl

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from bench.generate import ACCOUNTS, POLICY, PROCEDURE, PROCEDURES, SEED, write_history  # noqa: E402
from bench.run import in_turns, print_table, verdict  # noqa: E402

RUN_DATE = date(2026, 3, 31)
FIRST = date(2023, 4, 1)
WORK = ROOT / "build" / "bench"
TARGETS = {1_000_000: 10.0}

FLOOR = """
import sys, polars as pl
frame = pl.read_csv(sys.argv[1], schema_overrides={
    "number": pl.String, "debtor": pl.String, "issued": pl.Date, "due": pl.Date,
    "amount": pl.Decimal(18, 2), "open": pl.Decimal(18, 2), "currency": pl.String,
    "kind": pl.String, "settled_on": pl.Date})
assert frame.height
"""


def write_project(count: int, folder: Path) -> None:
    """Write a project of `count` receivables of three years into `folder`, with its history."""
    (folder / "procedures").mkdir(parents=True, exist_ok=True)
    costs = "costs: {margin: 8, channels: {email: 0.02, letter: 1.89}}\n"
    (folder / "relance.yaml").write_text(POLICY + costs)
    (folder / "accounts.yaml").write_text(ACCOUNTS)
    for name, days in PROCEDURES.items():
        text = PROCEDURE.format(*days, name=name)
        (folder / "procedures" / f"{name}.yaml").write_text(text)
    debtors = max(1, count // 20)
    customers(debtors).write_csv(folder / "customers.csv")
    found = receivables(count, debtors)
    found.select(
        "number", "debtor", "issued", "due", euros("amount"), euros("open"),
        currency=pl.lit("EUR"), kind="kind", settled_on="settled_on",
    ).write_csv(folder / "ventes.csv")  # fmt: skip
    late = found.filter((pl.col("open") > 0) & (pl.col("due") < RUN_DATE - timedelta(days=10)))
    item = pl.concat_str("debtor", "number", pl.col("issued").dt.year(), separator="|")
    sent = pl.col("due") + pl.duration(days=6)
    write_history(folder, late.select("debtor", item.alias("i"), sent.alias("s"), "open").rows())


def customers(count: int) -> pl.DataFrame:
    """Return the customers, each with somebody who follows it."""
    n = pl.int_range(count, eager=True)
    return pl.select(
        id=pl.format("C{}", n),
        name=pl.format("Société {} SARL", n),
        kind=pl.when(n % 17 == 0).then(pl.lit("public")).otherwise(pl.lit("business")),
        country=pl.lit("FR"),
        email=pl.format("c{}@client.example", n),
        owner=pl.format("personne {}", n % 9),
        since=pl.lit(FIRST),
        terms=pl.lit("30 jours"),
    )


def drawn(count: int, what: str) -> pl.Expr:
    """Return numbers from 0 to 999,999 for each row, the same each time."""
    return pl.format("{}{}", pl.int_range(count), pl.lit(what)).hash(SEED) % 1_000_000


def receivables(count: int, debtors: int) -> pl.DataFrame:
    """Return invoices of three years, four in a hundred credit notes, late by the debtor's habit."""
    days = (RUN_DATE - FIRST).days
    share = drawn(count, "debtor") / 1_000_000
    owner = (share * share * debtors).cast(pl.Int64)
    habit = (owner * 7919) % 40
    rows = pl.select(
        n=pl.int_range(count),
        owner=owner,
        issued=pl.lit(FIRST) + pl.duration(days=drawn(count, "day") % days),
        amount=(500 + drawn(count, "sum").cast(pl.Int64) % 180_000),
        note=drawn(count, "note") < 40_000,
        days=30 + habit + (drawn(count, "paid") % 25).cast(pl.Int64) - 15,
    )
    settled = pl.col("issued") + pl.duration(days="days")
    paid = settled <= RUN_DATE
    sign = pl.when("note").then(-1).otherwise(1)
    return rows.select(
        number=pl.format("F{}", "n"),
        debtor=pl.format("C{}", "owner"),
        issued="issued",
        due=pl.col("issued") + pl.duration(days=30),
        amount=sign * pl.col("amount"),
        open=pl.when(paid).then(0).otherwise(sign * pl.col("amount")),
        kind=pl.when("note").then(pl.lit("credit_note")).otherwise(pl.lit("invoice")),
        settled_on=pl.when(paid).then(settled),
    )


def euros(column: str) -> pl.Expr:
    """Return cents as the export writes them."""
    return (pl.col(column) / 100).round(2).alias(column)


def project_of(count: int) -> Path:
    """Return a project of `count` receivables, made on first use."""
    folder = WORK / f"report-{count}"
    recipe = hashlib.sha256(Path(__file__).read_bytes()).hexdigest()
    stamp = folder / ".recipe"
    if not stamp.exists() or stamp.read_text() != recipe:
        shutil.rmtree(folder, ignore_errors=True)
        print(f"generating {count:,} receivables …", file=sys.stderr)
        write_project(count, folder)
        stamp.write_text(recipe)
    return folder


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("sizes", nargs="*", type=int, help="receivables (1000000)")
    parser.add_argument("--repeat", type=int, default=3)
    asked = parser.parse_args()
    rows: list[tuple[object, ...]] = [
        ("receivables", "floor s", "s", "target", "", "x floor", "cpu s", "MB")
    ]
    for count in asked.sizes or (1_000_000,):
        found = in_turns(
            {
                "floor": [sys.executable, "-c", FLOOR, "ventes.csv"],
                "report": [sys.executable, "-m", "relance", "report", "--date", str(RUN_DATE),
                           "--from", str(FIRST), "--json", "--quiet"],
            },
            project_of(count),
            asked.repeat,
        )  # fmt: skip
        floor, report = found["floor"], found["report"]
        target = TARGETS.get(count)
        rows.append(
            (f"{count:,}", floor.seconds, report.seconds, target or "", verdict(report.seconds, target),
             f"{report.seconds / floor.seconds:.1f}", report.cpu, round(report.megabytes))
        )  # fmt: skip
    load = ", ".join(f"{one:.1f}" for one in os.getloadavg())
    print_table(f"relance report --json, 36 months (medians of {asked.repeat}; load {load})", rows)


if __name__ == "__main__":
    main()
