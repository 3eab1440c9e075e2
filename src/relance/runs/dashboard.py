"""What the dashboard shows of a project on a day, put together from the proposal."""

from __future__ import annotations

import os
import secrets
from collections import Counter
from contextlib import suppress
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import polars as pl

from relance.dates import next_sending_day
from relance.history.lock import FOLDER
from relance.indicators.report import Report
from relance.ledger.ageing import BUCKETS, bucket
from relance.policy.model import Policy
from relance.reports.dashboard.view import MOST_ITEMS, Export, View
from relance.reports.names import VERDICTS
from relance.reports.status import balances
from relance.runs.proposal import Proposal

AGENDA_DAYS = 10
"""Sending days of which the page shows what would be due."""

_KEY = "pseudonyms.key"
_DAY = timedelta(days=1)
_ORDER = {verdict: place for place, verdict in enumerate(VERDICTS)}
_DEBIT = ~pl.col("credit") & ~pl.col("missing")
_AHEAD = ("not_due", "interval", "deferred", "capped")
"""Verdicts whose next date is that of their next level."""


def view_of(proposal: Proposal, report: Report) -> View:
    """Return what the dashboard shows of `proposal`, with the figures of `report`."""
    policy, today = proposal.policy, proposal.today
    facts = _shown(proposal.facts)
    debtors = _debtors(facts, proposal).with_row_index("place")
    items = _items(facts, debtors)
    return View(
        creditor=policy.creditor.name,
        country=policy.creditor.country,
        home=policy.creditor.currency,
        today=today,
        exports=_exports(proposal),
        debtors=debtors.drop("place"),
        items=_largest(items, debtors),
        item_count=items.height,
        balances=balances(proposal.facts, policy.creditor.currency),
        standings=_standings(facts),
        agenda=_agenda(facts, proposal),
        today_levels=_today_levels(proposal),
        report=report,
    )


def _shown(facts: pl.DataFrame) -> pl.DataFrame:
    """Return the open items with their bucket and the place of their verdict."""
    ages = {name: place for place, name in enumerate(BUCKETS)}
    age = bucket(pl.col("days_past_due")).replace_strict(ages, return_dtype=pl.Int8)
    return facts.filter((pl.col("balance") != 0) | (pl.col("open") != 0)).with_columns(
        pl.when(_DEBIT).then(age).alias("bucket"),
        pl.col("verdict").replace_strict(_ORDER, return_dtype=pl.Int32).alias("standing"),
        pl.coalesce("party_name", "debtor_name", "debtor").alias("shown_name"),
        pl.when(pl.col("verdict").is_in(["act", *_AHEAD])).then("next_date").alias("ahead"),
    )


def _debtors(facts: pl.DataFrame, proposal: Proposal) -> pl.DataFrame:
    """Return one row per debtor and currency, by name."""
    sums = [
        pl.col("balance").filter(pl.col("bucket") == place).sum().alias(f"b{place}")
        for place in range(len(BUCKETS))
    ]
    late = pl.col("days_past_due").filter(_DEBIT & (pl.col("balance") > 0)).max()
    far = pl.col("level_reached").fill_null(0).arg_max()
    soon = pl.col("ahead").arg_min()
    grouped = facts.group_by("debtor", "currency").agg(
        pl.col("shown_name").first().alias("name"),
        pl.col("segment").first(),
        pl.col("owner").first(),
        *sums,
        -pl.col("balance").filter(pl.col("credit") & ~pl.col("missing")).sum().alias("credits"),
        pl.max_horizontal(late, 0).fill_null(0).alias("oldest"),
        pl.col("last_level").get(far).alias("level"),
        pl.col("next_level").get(soon).alias("next_level"),
        pl.col("ahead").min().alias("next_date"),
        pl.col("standing").min().alias("verdict"),
        (2 ** pl.col("standing").unique().cast(pl.Int64)).sum().cast(pl.Int64).alias("mask"),
        pl.col("last_notice").max().alias("noticed"),
        pl.len().alias("items"),
    )
    return (
        grouped.join(_contacts(proposal), on="debtor", how="left")
        .with_columns(pl.max_horizontal("noticed", "contacted").alias("contact"))
        .drop("noticed", "contacted")
        .rename({"debtor": "code"})
        .with_columns(_sort_key(pl.col("name")).alias("sorted"))
        .sort("sorted", "code", "currency")
        .drop("sorted")
    )


def _sort_key(name: pl.Expr) -> pl.Expr:
    """Return names as they are looked up: without accents and case."""
    return name.str.normalize("NFKD").str.replace_all(r"\p{M}", "").str.to_lowercase()


def _contacts(proposal: Proposal) -> pl.DataFrame:
    contacts = proposal.portfolio.past.contacts.filter(pl.col("date") <= proposal.today)
    return contacts.group_by("debtor").agg(pl.col("date").max().alias("contacted"))


def _items(facts: pl.DataFrame, debtors: pl.DataFrame) -> pl.DataFrame:
    owner = debtors.select("place", pl.col("code").alias("debtor"), "currency")
    return (
        facts.join(owner, on=["debtor", "currency"])
        .sort("place", "due", "number", "item", nulls_last=True)
        .select(
            "place", "number", "kind", "due", pl.when(~pl.col("credit")).then("days_past_due").alias("days"),
            pl.col("balance").alias("amount"), "bucket", pl.col("standing").alias("verdict"),
            pl.col("verdict_line").alias("line"), "until", "next_level", pl.col("ahead").alias("next_date"),
        )
    )  # fmt: skip


def _largest(items: pl.DataFrame, debtors: pl.DataFrame) -> pl.DataFrame:
    """Return the items that the page lists: all, or whole debtors, most overdue first."""
    if items.height <= MOST_ITEMS:
        return items
    overdue = pl.sum_horizontal(f"b{n}" for n in range(1, len(BUCKETS)))
    ranked = debtors.sort(overdue, "place", descending=[True, False])
    kept = ranked.filter(pl.col("items").cum_sum() <= MOST_ITEMS).select("place")
    return items.join(kept, on="place", how="semi", maintain_order="left")


def _standings(facts: pl.DataFrame) -> pl.DataFrame:
    return (
        facts.group_by("standing", "currency")
        .agg(pl.len().alias("items"), pl.col("balance").sum())
        .sort("standing", "currency")
        .rename({"standing": "verdict"})
    )


def _agenda(facts: pl.DataFrame, proposal: Proposal) -> pl.DataFrame:
    """Return, for the coming sending days, how many notices and tasks the next levels would make."""
    days = [proposal.today]
    while len(days) < AGENDA_DAYS:
        days.append(next_sending_day(days[-1] + _DAY, [proposal.policy.creditor.country]))
    asked = pl.concat_str("debtor", "currency", separator="|")
    task = pl.col("is_task").fill_null(False)
    found = (
        facts.filter(pl.col("ahead").is_not_null())
        .group_by(pl.col("ahead").alias("day"))
        .agg(
            asked.filter(~task).n_unique().alias("notices"),
            asked.filter(task).n_unique().alias("tasks"),
            pl.len().alias("items"),
        )
    )
    frame = pl.DataFrame({"day": days}, schema={"day": pl.Date})
    ahead = frame.join(found, on="day", how="left").fill_null(0).sort("day")
    now = pl.col("day") == proposal.today
    plan = proposal.plan
    return ahead.with_columns(
        pl.when(now).then(plan.notice_count).otherwise("notices").alias("notices"),
        pl.when(now).then(len(plan.tasks)).otherwise("tasks").alias("tasks"),
    )


def _today_levels(proposal: Proposal) -> pl.DataFrame:
    """Return the notices of today by level, and the tasks by kind."""
    notices = (
        proposal.plan.acting.group_by(pl.col("next_level").alias("level"))
        .agg(pl.col("group").n_unique().alias("groups"), pl.len().alias("items"))
        .with_columns(pl.lit(False).alias("is_task"), pl.col("groups", "items").cast(pl.Int64))
    )
    kinds = Counter(task.kind for task in proposal.plan.tasks)
    items = Counter[str]()
    for task in proposal.plan.tasks:
        items[task.kind] += len(task.receivables)
    tasks = pl.DataFrame(
        [(kind, count, items[kind], True) for kind, count in sorted(kinds.items())],
        schema={"level": pl.String, "groups": pl.Int64, "items": pl.Int64, "is_task": pl.Boolean},
        orient="row",
    )
    return pl.concat([notices, tasks], how="diagonal").sort("is_task", "level")


def _exports(proposal: Proposal) -> list[Export]:
    zone = ZoneInfo(proposal.policy.creditor.timezone)
    files = [
        Export(file.source, file.path, datetime.fromtimestamp(file.modified, zone))
        for file in proposal.reading.files
        if file.source != "customers"
    ]
    return sorted(files, key=lambda file: (file.written, file.path))


def pseudonym_key(policy: Policy) -> bytes:
    """Return the key of the project's pseudonyms, made on first use and kept with its state.

    Without it nobody can tell from a code what its pseudonym is, though codes are easily guessed.

    Raises:
        OSError: if it cannot be read or kept.
    """
    file = policy.root / FOLDER / _KEY
    with suppress(FileExistsError):
        file.parent.mkdir(mode=0o700, exist_ok=True)
        handle = os.open(file, os.O_CREAT | os.O_EXCL | os.O_WRONLY | os.O_NOFOLLOW, 0o600)
        with os.fdopen(handle, "w", encoding="ascii") as stream:
            stream.write(secrets.token_hex(32) + "\n")
    return bytes.fromhex(file.read_text("ascii"))
