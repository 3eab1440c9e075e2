"""What people and runs did, as the report counts it: out of the history and the decision of the day."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from decimal import Decimal

import polars as pl

from relance.dates import is_sending_day
from relance.dunning.decide import decide
from relance.dunning.disputes import open_disputes
from relance.dunning.promises import promise_states
from relance.dunning.reach import Reach, reaches
from relance.history.store import History
from relance.indicators.balances import Key
from relance.indicators.books import DIMENSIONS, KEY, scoped
from relance.indicators.evidence import DISPUTED, PROMISED, SENT, Evidence
from relance.indicators.report import Coverage, Uncovered
from relance.ledger.lookup import look_up
from relance.ledger.schema import conform
from relance.money import digits
from relance.policy.model import Policy
from relance.runs.payment_facts import sums
from relance.runs.portfolio import Portfolio
from relance.runs.reach import reach_of

SHOWN = 50
"""Receivables without reminder and without reason that are named one by one."""

DUE = ("kept", "part_kept", "broken", "renewed")
"""What became of promises that were due. A renewed one was not kept, and is a new one."""


def evidence(portfolio: Portfolio, history: History, margin: Decimal | None) -> Evidence:
    """Return the evidence of the day of `portfolio`; `margin`, in percent, wins over the policy's."""
    policy, today = portfolio.policy, portfolio.today
    reach = reach_of(policy)
    live = portfolio.facts.filter((pl.col("open") != 0) & ~pl.col("missing"))
    facts = decide(live, policy, today, reach)
    return Evidence(
        promises=_promises(portfolio),
        disputes=_disputes(portfolio, facts),
        sent=_sent(portfolio, history.dispatches_by_day()),
        costs=_costs(policy),
        margin=policy.costs.margin if margin is None else margin,
        unallocated=_unallocated(portfolio),
        coverage=_coverage(facts, portfolio),
        reach=_reach(facts, reach),
    )


def owners(portfolio: Portfolio) -> pl.DataFrame:
    """Return `debtor`, `segment` and `owner` of each debtor that has items."""
    return portfolio.facts.select("debtor", "segment", "owner").unique("debtor", keep="any")


def _owned(frame: pl.DataFrame, portfolio: Portfolio) -> pl.DataFrame:
    """Return `frame` with segment and owner of its `debtor`, and the creditor's currency for none."""
    own = look_up(frame, owners(portfolio), "debtor")
    home = portfolio.policy.creditor.currency
    currency = pl.when(pl.col("currency").fill_null("") == "").then(pl.lit(home))
    return own.with_columns(
        pl.col("segment", "owner").fill_null(""), currency.otherwise("currency").alias("currency")
    )


def _promises(portfolio: Portfolio) -> pl.DataFrame:
    past, facts = portfolio.past, portfolio.facts
    days = (portfolio.today, portfolio.policy.limits.promise_grace)
    states = promise_states(past.holds, facts, past.allocations, days)
    due = states.filter(pl.col("state").is_in(DUE))
    money = look_up(due.select("debtor", "item", "until", "state", "promised"),
                    facts.select("item", "currency").unique("item"), "item")  # fmt: skip
    return conform(
        _owned(money, portfolio).with_columns(
            day="until", kept=pl.col("state") == "kept", amount="promised"
        ),
        PROMISED,
    )


def _disputes(portfolio: Portfolio, facts: pl.DataFrame) -> pl.DataFrame:
    """Return the open disputes: few, so that plain Python goes through them."""
    rows = [
        {
            "debtor": dispute["debtor"],
            "currency": dispute["rows"][0]["currency"],
            "amount": dispute["disputed"],
            "days": (portfolio.today - dispute["opened"]).days,
        }
        for dispute in open_disputes(portfolio.past.holds, facts, portfolio.today)
    ]
    schema = {"debtor": pl.String, "currency": pl.String, "amount": pl.Int64, "days": pl.Int32}
    return conform(_owned(pl.DataFrame(rows, schema=schema), portfolio), DISPUTED)


_LEFT = {
    "sent": "left", "resolved_sent": "left", "in_doubt": "in_doubt", "transmitting": "in_doubt",
    "abandoned": "in_doubt", "bounced": "returned", "rejected": "returned",
}  # fmt: skip


def _sent(portfolio: Portfolio, totals: pl.DataFrame) -> pl.DataFrame:
    known = totals.filter((pl.col("day") <= portfolio.today) & pl.col("state").is_in(list(_LEFT)))
    named = known.with_columns(
        pl.col("state").replace_strict(_LEFT), notice=pl.col("kind") == "notice"
    )
    return conform(_owned(named, portfolio), SENT)


def _costs(policy: Policy) -> Mapping[str, Mapping[str, Decimal]] | None:
    """Return the costs in minor units of the creditor's currency: none are known in another."""
    home, given = policy.creditor.currency, policy.costs.channels
    if not given:
        return None
    return {home: {name: cost.scaleb(digits(home)) for name, cost in given.items()}}


def _unallocated(portfolio: Portfolio) -> dict[str, int]:
    found: dict[str, int] = {}
    lists = sums(portfolio)
    for name in ("suspense", "uncounted", "pending"):
        for currency, amount in lists.get(name, {}).items():
            found[currency] = found.get(currency, 0) + amount
    return found


def _overdue(facts: pl.DataFrame) -> pl.DataFrame:
    late = (pl.col("open") > 0) & (pl.col("days_past_due") > 0)
    return facts.filter(late & ~pl.col("credit")).with_columns(
        pl.col("segment", "owner").fill_null("")
    )


def _last_chance(today: date, country: str) -> date:
    """Return the sending day before `today`: what became due since could not be sent before."""
    day = today - timedelta(days=1)
    while not is_sending_day(day, [country]):
        day -= timedelta(days=1)
    return day


def _coverage(facts: pl.DataFrame, portfolio: Portfolio) -> dict[str, dict[Key, Coverage]]:
    levels = portfolio.past.levels.filter(pl.col("level_number") > 0)
    adopted = pl.col("state") == "adopted"
    had = levels.group_by("item").agg(had_reminder=(~adopted).any(), had_adopted=adopted.any())
    before = _last_chance(portfolio.today, portfolio.policy.creditor.country)
    # What could not have been sent before today is not late.
    fresh = (pl.col("verdict") == "act") & (pl.col("level_day") > before)
    reason = (
        pl.when(pl.col("had_adopted").fill_null(value=False))
        .then(pl.lit("adopted"))
        .when(pl.col("verdict").is_in(["act", "undecided"]) & ~fresh)
        .then(None)
        .otherwise("verdict")
    )
    rows = look_up(_overdue(facts), had, "item").with_columns(
        pl.col("had_reminder").fill_null(value=False), why_not=reason
    )
    return {kind: _covered(scoped(rows, kind)) for kind in ("whole", *DIMENSIONS)}


def _covered(rows: pl.DataFrame) -> dict[Key, Coverage]:
    found: dict[Key, Coverage] = {}
    for (currency, scope), own in rows.group_by(KEY):
        bare = own.filter(~pl.col("had_reminder"))
        why = bare.drop_nulls("why_not").group_by("why_not").len().sort("why_not")
        without = bare.filter(pl.col("why_not").is_null()).sort(
            ["days_past_due", "open", "item"], descending=[True, True, False]
        )
        shown = tuple(
            Uncovered(
                r["number"],
                r["debtor"],
                r["party_name"] or r["debtor"],
                r["open"],
                r["days_past_due"],
            )
            for r in without.head(SHOWN).iter_rows(named=True)
        )
        found[str(currency), str(scope)] = Coverage(
            own.height, own.height - bare.height, dict(why.iter_rows()), shown,
            without.height - len(shown),
        )  # fmt: skip
    return found


def _reach(facts: pl.DataFrame, reach: Reach) -> dict[str, dict[Key, tuple[int, int]]]:
    ways = sorted({way for way in reach.values() if way.by != "task"})
    reached = pl.any_horizontal([pl.lit(False), *(reaches(way) for way in ways)])
    debtors = _overdue(facts).with_columns(reached=reached.fill_null(value=False))
    return {
        kind: {
            (currency, scope): (owing, able)
            for currency, scope, owing, able in scoped(debtors, kind)
            .unique([*KEY, "debtor"])
            .group_by(KEY)
            .agg(pl.len(), pl.col("reached").sum())
            .iter_rows()
        }
        for kind in ("whole", *DIMENSIONS)
    }
