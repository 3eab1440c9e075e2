"""Claims that will soon be barred: who must be told, and when."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any, get_args

import polars as pl

from relance.dunning.events import Past
from relance.dunning.keys import key_of
from relance.dunning.plan import Task
from relance.dunning.writing import Occasion, line_of, party_of
from relance.language import N_, day_text, translator
from relance.law.claim import Kind
from relance.law.limitation import WARNINGS, Period, months_after, period_of, stage
from relance.ledger.lookup import look_up
from relance.ledger.schema import RECEIVABLE_KINDS
from relance.policy.model import Policy

_SOON = N_(
    "{number}: claim it in court by {end}, after which it is barred ({article}); reminders do not "
    "stop the time"
)
_BARRED = N_(
    "{number}: barred since {end} ({article}), unless the debtor acknowledged it or it is in court: "
    "then record it"
)
_OUT_OF_COURT = ("settled", "credit", "missing", "undecided", "insolvent")
_SHORTEST = 24
"""Months of the shortest period that `law.limitation` knows."""
_RESTARTS = ("acknowledged", "claimed_in_court")


def add_last_days(items: pl.DataFrame, past: Past, policy: Policy) -> pl.DataFrame:
    """Return `items` with `court_until` and `limitation_article`.

    The first is the last day on which a receivable can be taken to court, null for credits, without
    a due date and where no period is known. A debtor whose kind is not known counts as a business;
    a consumer keeps the law of the country he lives in. What was recorded as acknowledged or
    claimed in court begins the period anew (C. civ. art. 2231).
    """
    rows = _with_law(items, policy)
    periods = _periods(rows.select("limited_country", "limited_kind").unique(), policy)
    rows = look_up(rows, periods, "limited_country", "limited_kind")
    start = pl.max_horizontal(
        pl.when("from_year_end").then(pl.coalesce("issued", "due")).otherwise("due"),
        _restarted(rows, past),
    )
    start = pl.when("from_year_end").then(pl.date(start.dt.year(), 12, 31)).otherwise(start)
    claim = pl.col("kind").is_in(RECEIVABLE_KINDS) & pl.col("due").is_not_null()
    end = start.dt.offset_by(pl.format("{}mo", pl.col("months").fill_null(0)))
    rows = rows.with_columns(
        pl.when(claim & pl.col("months").is_not_null()).then(end).alias("court_until")
    )
    return rows.select(*items.columns, "court_until", "limitation_article")


def _with_law(items: pl.DataFrame, policy: Policy) -> pl.DataFrame:
    home = pl.lit(policy.governing_law)
    kind = pl.col("debtor_kind").fill_null("business")
    abroad = pl.when(kind == "consumer").then(pl.coalesce("country", home))
    return items.with_columns(
        kind.alias("limited_kind"), abroad.otherwise(home).alias("limited_country")
    )


def _periods(pairs: pl.DataFrame, policy: Policy) -> pl.DataFrame:
    """Return the period of each pair of country and kind that has one."""
    found = [(country, kind, period_for(country, kind, policy)) for country, kind in pairs.rows()]
    rows = [(c, k, p.months, p.from_year_end, p.article) for c, k, p in found if p is not None]
    schema = {
        "limited_country": pl.String,
        "limited_kind": pl.String,
        "months": pl.Int32,
        "from_year_end": pl.Boolean,
        "limitation_article": pl.String,
    }
    return pl.DataFrame(rows, schema=schema, orient="row")


def period_for(country: str, kind: str, policy: Policy) -> Period | None:
    """Return the period of claims; what the policy gives holds under the governing law alone."""
    if kind not in get_args(Kind):
        return None
    own = policy.law.limitation if country == policy.governing_law else None
    return period_of(country, kind, getattr(own, kind, None))  # type: ignore[arg-type]


def _restarted(rows: pl.DataFrame, past: Past) -> pl.Series:
    """Return, for each row, the last day on which its period began anew; null if it never did."""
    events = past.holds.filter(pl.col("type").is_in(_RESTARTS))
    of_item = events.drop_nulls("item").group_by("item").agg(pl.col("date").max().alias("own"))
    of_debtor = (
        events.filter(pl.col("item").is_null())
        .group_by("debtor")
        .agg(pl.col("date").max().alias("all"))
    )
    plain = rows.select("item", "debtor")
    dated = look_up(look_up(plain, of_item, "item"), of_debtor, "debtor")
    return dated.select(pl.max_horizontal("own", "all").alias("restarted"))["restarted"]


def limitation_tasks(decided: pl.DataFrame, occasion: Occasion) -> Iterator[Task]:
    """Yield a task for each open receivable whose end is six, three or one month away, or past.

    Each warning is given once: its key is made from the receivable and the warning.
    """
    policy, today, past = occasion.policy, occasion.today, occasion.past
    old = decided.filter(
        (pl.col("due") <= _oldest_due(policy, today))
        & (pl.col("open") > 0)
        & pl.col("debtor_known")
        & ~pl.col("verdict").is_in(_OUT_OF_COURT)
    )
    if old.is_empty():
        return
    reached = pl.col("court_until") <= months_after(today, max(WARNINGS) + 1)
    rows = add_last_days(old, past, policy).filter(reached)
    for row in rows.sort("debtor", "due", "item").iter_rows(named=True):
        warning = stage(row["court_until"], today)
        if warning is not None:
            yield _task(row, warning, occasion)


def _oldest_due(policy: Policy, today: date) -> date:
    """Return the latest due date that a warning can concern: what is younger need not be looked at."""
    given = policy.law.limitation
    months = [m for m in (given.business, given.consumer, given.public) if m is not None]
    return months_after(today, max(WARNINGS) - min([_SHORTEST, *months]))


def _task(row: dict[str, Any], warning: int, occasion: Occasion) -> Task:
    party = party_of(row, occasion.policy)
    language = occasion.policy.creditor.language
    say = translator(language)
    end = day_text(row["court_until"], language)
    facts = {"number": row["number"], "end": end, "article": row["limitation_article"]}
    subject = say(_SOON if warning else _BARRED).format_map(facts)
    return Task(
        key=key_of(["limitation", row["item"], str(row["cycle"]), str(warning)]),
        kind="limitation",
        debtor=party,
        subject=subject,
        receivables=(line_of(row),),
        currency=row["currency"],
        due=row["court_until"] if warning else occasion.today,
        owner=party.owner,
    )
