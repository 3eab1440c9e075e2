"""The cash of the coming weeks, out of what is open and how debtors paid before."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta

import polars as pl

from relance.dunning.disputes import undisputed
from relance.dunning.estimate import BOOK_FEWEST
from relance.dunning.instalments import HELD, PaymentPlan, Rules, plans_of
from relance.dunning.promises import promise_states
from relance.ledger.lookup import look_up
from relance.runs.expectations import Expectations
from relance.runs.proposal import Proposal
from relance.simulation.behaviour import behaviour_of
from relance.simulation.cash import OPEN_ITEMS, SEED, Drawing, Quantiles, drawn_sums, quantiles
from relance.simulation.forecasts import (
    LEFT_OUT,
    CashForecast,
    LeftOut,
    Promises,
    Sum,
    Week,
    weeks_from,
)
from relance.simulation.past import FEWEST_SETTLED, PAST_ITEMS, RECEIPTS, Book, Trial, tried

_ISSUED_BEFORE = timedelta(days=30)
_ONE_DAY = timedelta(days=1)


def forecast_cash(proposal: Proposal, count: int, seed: str = SEED) -> CashForecast:
    """Return the cash of `count` weeks, the one of the proposal's day first. Reads only."""
    weeks = weeks_from(proposal.today, count)
    ends = [(week.last - proposal.today).days + 1 for week in weeks]
    rows, promises = _expected(proposal)
    book = _book(proposal, rows)
    rows = _placed(rows, book, proposal.today)
    settled = book.settled_before(proposal.today)
    trial = tried(book, proposal.today, ends) if settled >= FEWEST_SETTLED else None
    open_ = dict(rows.group_by("currency").agg(pl.col("amount").sum()).sort("currency").iter_rows())
    sums = {}
    if trial is not None:
        seen = book.seen_before(proposal.today)
        drawing = Drawing(seed=seed, together=trial.together)
        drawn = drawn_sums(rows.select(OPEN_ITEMS.names()), behaviour_of(seen), ends, drawing)
        sums = _quantiles(drawn, open_, count, drawing, trial)
    scheduled = _scheduled(rows, weeks)
    return CashForecast(
        today=proposal.today,
        weeks=weeks,
        by_week={
            name: tuple(Sum(scheduled.get((name, n), 0), sums.get((name, n))) for n in range(count))
            for name in open_
        },
        overdue={name: scheduled.get((name, -1), 0) for name in open_},
        total={
            name: Sum(
                sum(scheduled.get((name, n), 0) for n in range(count)), sums.get((name, None))
            )
            for name in open_
        },
        open=open_,
        left_out=_left_out(proposal.facts),
        promises=promises,
        settled=settled,
        seed=seed,
        trial=trial,
    )


def _quantiles(
    sums: pl.DataFrame, open_: Mapping[str, int], weeks: int, drawing: Drawing, trial: Trial
) -> dict[tuple[str, int | None], Quantiles]:
    """Return the quantiles of each currency and week, widened, and of all weeks under None."""
    whole = sums.group_by("currency", "draw").agg(pl.col("amount").sum())
    found: dict[tuple[str, int | None], Quantiles] = {}
    for currency, most in open_.items():
        own = sums.filter(pl.col("currency") == currency)
        for week in range(weeks):
            drawn = own.filter(pl.col("week") == week)["amount"].to_list()
            found[currency, week] = trial.widening.of(quantiles(drawn, drawing.draws), most)
        drawn = whole.filter(pl.col("currency") == currency)["amount"].to_list()
        found[currency, None] = trial.widening.of(quantiles(drawn, drawing.draws), most)
    return found


def _reason() -> pl.Expr:
    lines = (
        ("missing", pl.col("missing")),
        ("no_due_date", pl.col("due").is_null() | (pl.col("kind") == "opening")),
        ("insolvent", pl.col("insolvent")),
        ("handed_over", pl.col("handed_over")),
        ("doubtful", pl.col("doubtful").fill_null(value=False)),
        ("disputed", pl.col("disputed")),
        ("perhaps_paid", pl.col("payment_pending").is_not_null()),
    )
    return pl.coalesce([pl.when(holds).then(pl.lit(name)) for name, holds in lines])


_OWED = ~pl.col("credit") & (pl.col("open") > 0)


def _left_out(facts: pl.DataFrame) -> tuple[LeftOut, ...]:
    owed = facts.filter(_OWED).with_columns(_reason().alias("reason"))
    whole = owed.drop_nulls("reason").select("reason", "currency", "open")
    part = owed.filter(pl.col("reason").is_null() & (pl.col("disputed_part") > 0)).select(
        pl.lit("disputed").alias("reason"), "currency", pl.col("disputed_part").alias("open")
    )
    sums = pl.concat([whole, part]).group_by("reason", "currency").agg(
        pl.len().alias("count"), pl.col("open").sum()
    )  # fmt: skip
    rows = [LeftOut(*row) for row in sums.iter_rows()]
    return tuple(sorted(rows, key=lambda one: (LEFT_OUT.index(one.reason), one.currency)))


def _expected(proposal: Proposal) -> tuple[pl.DataFrame, Promises]:
    """Return what is to be paid: item, debtor, currency, due, amount, and what is promised of it."""
    policy, past, facts = proposal.policy, proposal.portfolio.past, proposal.facts
    today, grace = proposal.today, policy.limits.promise_grace
    plans = plans_of(past, facts, Rules.of(policy), today)
    states = promise_states(past.holds, facts, past.allocations, (today, grace))
    promises = _kept(states, plans)
    owed = facts.filter(_OWED & _reason().is_null())
    owed = owed.with_columns(amount=undisputed()).filter(pl.col("amount") > 0)
    planned = pl.col("item").is_in([i for p in plans if p.state in HELD for i in p.covers])
    rows = _less_credits(owed.filter(~planned), facts)
    rows = pl.concat(
        [
            _promised(rows, states, today, promises.share),
            _instalments(
                owed.filter(planned), plans, Rules.of(policy).grace, promises.share, today
            ),
        ]
    )
    return rows.filter(pl.col("amount") > 0).sort("item"), promises


_EXPECTED = pl.Schema(
    {
        "item": pl.String, "debtor": pl.String, "currency": pl.String, "due": pl.Date,
        "issued": pl.Date, "amount": pl.Int64, "sure_in": pl.Int32, "sure_share": pl.Float64,
        "wait": pl.Int32,
    }
)  # fmt: skip


def _kept(states: pl.DataFrame, plans: Sequence[PaymentPlan]) -> Promises:
    over = states.filter(pl.col("state").is_in(["kept", "part_kept", "broken"]))["state"]
    parts = [part.state for plan in plans for part in plan.instalments]
    kept = over.to_list().count("kept") + parts.count("paid")
    return Promises(kept, len(over) + parts.count("paid") + parts.count("missed"))


def _less_credits(owed: pl.DataFrame, facts: pl.DataFrame) -> pl.DataFrame:
    """Return `owed` with what credits of the same debtor pay taken off, the oldest first."""
    credits = (
        facts.filter(pl.col("credit") & ~pl.col("missing"))
        .group_by("debtor", "currency")
        .agg(pl.col("open").sum().neg().alias("credit_sum"))
    )
    owed = look_up(owed.sort("due", "item"), credits, "debtor", "currency")
    before = pl.col("amount").cum_sum().over("debtor", "currency") - pl.col("amount")
    used = (pl.col("credit_sum").fill_null(0) - before).clip(0, pl.col("amount"))
    return owed.with_columns(amount=pl.col("amount") - used)


def _promised(rows: pl.DataFrame, states: pl.DataFrame, today: date, share: float) -> pl.DataFrame:
    """Return `rows` with what is promised on its day, and the rest of them apart."""
    running = states.filter(pl.col("state") == "open").with_columns(
        left=(pl.col("promised") - pl.col("paid")).clip(lower_bound=0),
        sure_in=(pl.col("until") - pl.lit(today)).dt.total_days().clip(lower_bound=0),
        wait=(pl.col("ends") - pl.lit(today)).dt.total_days(),
    )
    facts = ("left", "sure_in", "wait")
    on_item = running.drop_nulls("item").unique("item", keep="last").select("item", *facts)
    on_debtor = (
        running.filter(pl.col("item").is_null())
        .unique("debtor", keep="last")
        .select("debtor", *(pl.col(name).alias(f"{name}_all") for name in facts))
    )
    rows = look_up(look_up(rows.sort("due", "item"), on_item, "item"), on_debtor, "debtor")
    alone = pl.col("sure_in").is_not_null()
    held = pl.col("promised")
    of_all = held & ~alone
    before = pl.when(of_all).then("amount").otherwise(0).cum_sum().over(
        "debtor", "currency"
    ) - pl.col("amount")
    pot = pl.when(alone).then("left").otherwise(pl.col("left_all") - before)
    sure = (
        pl.when(held).then(pot.fill_null(pl.col("amount")).clip(0, pl.col("amount"))).otherwise(0)
    )
    rows = rows.with_columns(
        sure=sure,
        sure_in=pl.coalesce("sure_in", "sure_in_all"),
        wait=pl.coalesce("wait", "wait_all"),
    )
    promised = rows.filter(pl.col("sure") > 0).with_columns(
        pl.col("item") + "|promise", amount=pl.col("sure"), sure_share=pl.lit(share)
    )
    rest = rows.with_columns(
        amount=pl.col("amount") - pl.col("sure"),
        sure_in=pl.lit(None),
        sure_share=pl.lit(0.0),
        wait=pl.lit(0),
    )
    names = _EXPECTED.names()
    return pl.concat([one.select(names).cast(_EXPECTED) for one in (promised, rest)])


def _instalments(
    covered: pl.DataFrame, plans: Sequence[PaymentPlan], grace: int, share: float, today: date
) -> pl.DataFrame:
    """Return the instalments that are to come of plans that are kept, each as a row of its own."""
    currencies = dict(covered.select("item", "currency").iter_rows())
    rows = []
    for plan in plans:
        known = [currencies[item] for item in plan.covers if item in currencies]
        if plan.state not in HELD or not known:
            continue
        for number, part in enumerate(plan.instalments):
            wait = max(0, (part.due - today).days + grace + 1)
            rows.append(
                (
                    f"{plan.debtor}|plan {plan.number}|{number}", plan.debtor, known[0], part.due,
                    plan.began, part.amount - part.paid, max(0, (part.due - today).days), share, wait,
                )
            )  # fmt: skip
    return pl.DataFrame(rows, schema=_EXPECTED, orient="row")


def _book(proposal: Proposal, rows: pl.DataFrame) -> Book:
    """Return what was paid before and what is open, with whose curve each belongs to."""
    portfolio = proposal.portfolio
    expectations = Expectations(portfolio)
    issued = portfolio.items.select("item", "issued").unique("item", keep="first")
    paid = look_up(expectations.paid.unique("item", keep="last"), issued, "item").select(
        "item", "debtor", "currency", "due", "issued", pl.col("paid").alias("settled"),
        pl.lit(0, pl.Int64).alias("open_now"),
    )  # fmt: skip
    behaved = rows.filter(
        pl.col("sure_in").is_null() & ~pl.col("item").is_in(paid["item"].implode())
    )
    still = behaved.select(
        "item", "debtor", "currency", "due", "issued",
        pl.lit(None, pl.Date).alias("settled"), pl.col("amount").alias("open_now"),
    )  # fmt: skip
    known_from = pl.coalesce("issued", pl.col("due") - _ISSUED_BEFORE)
    items = pl.concat([paid, still]).with_columns(
        pl.col("currency").fill_null(portfolio.policy.creditor.currency),
        known_from=pl.min_horizontal(known_from, "settled"),
    )
    items = _with_curves(items, expectations.firms, items)
    receipts = portfolio.past.allocations.select(RECEIPTS.names()).drop_nulls()
    return Book(items.select(PAST_ITEMS.names()).cast(PAST_ITEMS), receipts)


def _with_curves(rows: pl.DataFrame, firms: frozenset[str], known: pl.DataFrame) -> pl.DataFrame:
    """Return `rows` with `own` and `book`: nobody's own past counts but that of firms.

    Natural persons, and who may be one, share one curve; where too few of either were seen to pay
    there is one curve for all.
    """
    is_firm = pl.col("debtor").is_in(sorted(firms))
    paid = known.filter(pl.col("settled").is_not_null())
    by_firms = paid.filter(is_firm).height
    apart = min(by_firms, paid.height - by_firms) >= BOOK_FEWEST
    other = pl.lit("others" if apart else "firms")
    return rows.with_columns(
        own=pl.when(is_firm).then("debtor"),
        book=pl.when(is_firm).then(pl.lit("firms")).otherwise(other),
    )


def _placed(rows: pl.DataFrame, book: Book, today: date) -> pl.DataFrame:
    """Return `rows` with the other columns of OPEN_ITEMS, and `due`."""
    curves = book.items.select("debtor", "own", "book").unique("debtor")
    usual = book.items["book"].mode()
    fallback = str(usual.sort()[0]) if len(usual) else "firms"
    return (
        look_up(rows, curves, "debtor")
        .with_columns(
            pl.col("book").fill_null(fallback),
            open_for=(pl.lit(today - _ONE_DAY) - pl.col("due")).dt.total_days().cast(pl.Int32),
        )
        .with_columns(wait=(pl.col("wait")).cast(pl.Int32))
    )


def _scheduled(rows: pl.DataFrame, weeks: Sequence[Week]) -> dict[tuple[str, int], int]:
    """Return what falls due by currency and week; what was due before the first under -1."""
    place = pl.lit(-1, pl.Int32)
    for week in weeks:
        place = place + (pl.col("due") >= week.first).cast(pl.Int32)
    place = pl.when(pl.col("due") > weeks[-1].last).then(len(weeks)).otherwise(place)
    sums = rows.group_by("currency", place.alias("week")).agg(pl.col("amount").sum())
    return {(currency, week): amount for currency, week, amount in sums.iter_rows()}
