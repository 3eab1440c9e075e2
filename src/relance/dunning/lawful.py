"""What the law forbids today: levels that claim charges before they may, or may never claim them.

Articles: XIX.2 and XIX.4 of the Belgian Code of economic law (consumers), 6:96 of the Dutch Civil
Code, L111-8 of the French Code of civil enforcement procedures.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import polars as pl

from relance.dunning.calendar import moved
from relance.dunning.charges import has_charges
from relance.dunning.claims import NOTICE_FACTS, PARTY_FACTS, agreed, claim_of, with_law
from relance.dunning.events import Past
from relance.dunning.levels import Rung
from relance.law.claim import Claim
from relance.law.compensation import FREE_REMINDERS
from relance.law.compute import compute
from relance.law.rates import Rates, RateUnknown
from relance.law.regimes import NoRegime
from relance.ledger.lookup import look_up
from relance.policy.model import Charges, Policy

NO_FEES = {"BE": "XIX.4 CDE", "FR": "L111-8 CPCE", "NL": "6:96 BW"}
"""Where a consumer never owes a fee for a notice, and the article that says so."""

WAITING = {"BE": "XIX.2 CDE", "NL": "6:96 BW"}
"""Where a consumer has days after a free first reminder, and the article that gives them."""


_NOTICES = ("email", "letter", "sms")
_COLUMNS = {
    "first_reminder": pl.Date,
    "first_medium": pl.String,
    "formal_notice": pl.Date,
    "formal_medium": pl.String,
    "adopted": pl.Boolean,
    "reminders_this_year": pl.Int32,
}
_HELD = {"unlawful": pl.String, "unlawful_until": pl.Date, "unlawful_by": pl.String}


def reminded(facts: pl.DataFrame, past: Past, policy: Policy, today: date) -> pl.DataFrame:
    """Return `facts` with what the law asks about earlier notices; all null where no level charges.

    Adds `first_reminder` and `first_medium` (first notice after the due date, in this cycle),
    `formal_notice` and `formal_medium` (the first by the template formal-notice), `adopted`
    (its level was set without sending), `reminders_this_year` (of the debtor). Only what was
    certainly sent counts: nobody can prove a notice that is in doubt.
    """
    if not has_charges(policy):
        return facts.with_columns(pl.lit(None, t).alias(name) for name, t in _COLUMNS.items())
    own = past.levels.join(facts.select("item", "cycle", "due"), on=["item", "cycle"], how="inner")
    sent = own.filter(
        (pl.col("state") == "sent")
        & pl.col("medium").is_in(_NOTICES)
        & (pl.col("date") > pl.col("due"))
        & (pl.col("level_number") > 0)  # a reminder of an instalment is not the free first one
    )
    adopted = own.filter(pl.col("state") == "adopted").select("item").unique()
    year = past.contacts.filter(pl.col("date").dt.year() == today.year)
    facts = look_up(facts, _first(sent, "first_reminder", "first_medium"), "item")
    facts = look_up(
        facts, _first(sent.filter(_formal(policy)), "formal_notice", "formal_medium"), "item"
    )
    facts = look_up(facts, adopted.with_columns(adopted=pl.lit(value=True)), "item")
    counted = year.group_by("debtor").agg(pl.col("contacts").sum().alias("reminders_this_year"))
    return look_up(facts, counted, "debtor").with_columns(
        pl.col("reminders_this_year").fill_null(0)
    )


def _first(sent: pl.DataFrame, day: str, medium: str) -> pl.DataFrame:
    # A letter of the same day as an e-mail gives the later date, which is the safe one.
    ordered = sent.sort("date", pl.col("medium") != "letter")
    return ordered.group_by("item", maintain_order=True).agg(
        pl.col("date").first().alias(day), pl.col("medium").first().alias(medium)
    )


def _formal(policy: Policy) -> pl.Expr:
    levels = [
        f"{procedure.name}|{level.id}"
        for procedure in policy.procedures.values()
        for level in procedure.levels
        if level.template == "formal-notice"
    ]
    return pl.concat_str("procedure", "level", separator="|").is_in(levels)


def forbidden(
    facts: pl.DataFrame, policy: Policy, ladder: tuple[Rung, ...], today: date
) -> pl.DataFrame:
    """Return `facts` with what the law says to the next level of each item whose day is reached.

    Adds `unlawful` (null, or why: fee, regular, unreminded, waiting, rate), `unlawful_until` (the
    first day on which the level may go, null if no day is known) and `unlawful_by` (the article, or
    the rate that is not known). All are null where no level charges. Moves `next_date` after them.
    """
    if not has_charges(policy):
        return facts.with_columns(pl.lit(None, t).alias(name) for name, t in _HELD.items())
    cases = _cases(facts, policy, ladder)
    cases = look_up(cases, _unknown_rates(cases, policy, today), *_RATE_KEYS)
    consumer = pl.col("law_kind") == "consumer"
    article = pl.col("law_country").replace_strict(WAITING, default=None, return_dtype=pl.String)
    no_fees = pl.col("law_country").replace_strict(NO_FEES, default=None, return_dtype=pl.String)
    waits = (
        consumer & article.is_not_null() & (pl.col("asks_costs") | (pl.col("law_country") == "BE"))
    )
    regular = (pl.col("law_country") == "BE") & policy.law.regular_contract
    fee = consumer & pl.col("asks_fee") & no_fees.is_not_null()
    cases = cases.with_columns(
        _first_that_holds(
            {
                "fee": fee & ~regular,
                "regular": fee & (pl.col("reminders_this_year") < FREE_REMINDERS),
                "unreminded": waits
                & pl.col("first_reminder").is_null()
                & pl.col("adopted").is_null(),
                "waiting": waits & (pl.col("costs_from") > today),
                "rate": pl.col("unknown_rate").is_not_null(),
            }
        ).alias("unlawful")
    )
    why = pl.col("unlawful")
    named = pl.when(why == "fee").then(no_fees).when(why == "rate").then("unknown_rate")
    held = cases.filter(why.is_not_null()).select(
        "row",
        "unlawful",
        pl.when(why == "waiting").then("costs_from").alias("unlawful_until"),
        named.otherwise(article).alias("unlawful_by"),
    )
    return _put_off(look_up(facts, held, "row"), policy, today)


def _put_off(facts: pl.DataFrame, policy: Policy, today: date) -> pl.DataFrame:
    """Return `facts` with `next_date` no sooner than the law lets the level go, on a sending day."""
    if facts["unlawful_until"].null_count() == facts.height:
        return facts
    resting = (pl.col("interval_end") > today).fill_null(value=False)
    later = pl.max_horizontal("next_date", "unlawful_until")
    facts = facts.with_columns(
        pl.when(~resting).then(later).otherwise("next_date").alias("next_date")
    )
    return facts.with_columns(moved(facts, "next_date", policy.creditor.country))


def _first_that_holds(conditions: Mapping[str, pl.Expr]) -> pl.Expr:
    return pl.coalesce([pl.when(holds).then(pl.lit(why)) for why, holds in conditions.items()])


_RATE_KEYS = ("law_country", "law_kind", "half", "half_of_notice", "asks_interest")


def _cases(facts: pl.DataFrame, policy: Policy, ladder: tuple[Rung, ...]) -> pl.DataFrame:
    """Return the items whose next level charges and is reached, with what it asks for."""
    asked = [rung.level.charges for rung in ladder]
    asks = {
        "asks_interest": [c.interest is not None for c in asked],
        "asks_costs": [c.compensation is not None for c in asked],
        "asks_fee": [c.fee is not None for c in asked],
    }
    charging = [rung.index for rung in ladder if rung.level.charges != Charges()]
    rows = (
        facts.lazy()
        .filter(pl.col("rung").is_in(charging) & pl.col("day_reached") & (pl.col("open") > 0))
        .select("row", "rung", "due", "adopted", "reminders_this_year", *PARTY_FACTS, *NOTICE_FACTS)
        .with_columns(
            pl.lit(pl.Series(flags, dtype=pl.Boolean)).gather(pl.col("rung")).alias(name)
            for name, flags in asks.items()
        )
        .collect()
    )
    return with_law(rows, policy).with_columns(
        _half("due").alias("half"), _half("interest_from").alias("half_of_notice")
    )


def _half(day: str) -> pl.Expr:
    return pl.col(day).dt.year() * 2 + (pl.col(day).dt.month() > 6)


def _unknown_rates(cases: pl.DataFrame, policy: Policy, today: date) -> pl.DataFrame:
    """Return the rate that is missing for each kind of case, tried on the oldest of them."""
    oldest = (
        cases.filter("asks_interest", pl.col("law_kind").is_not_null())
        .sort("due", "interest_from")
        .group_by(_RATE_KEYS, maintain_order=True)
        .first()
    )
    terms = agreed(policy.law)
    rates = Rates.known().and_also(policy.rates)
    found = []
    for row in oldest.iter_rows(named=True):
        whole = {**row, "open": 100_00, "currency": policy.creditor.currency, "until": today}
        found.append(_missing_rate(claim_of(whole, (), terms), rates))
    missing = pl.Series("unknown_rate", found, dtype=pl.String)
    return oldest.select(*_RATE_KEYS, missing)


def _missing_rate(claim: Claim, rates: Rates) -> str | None:
    try:
        compute(claim, rates)
    except RateUnknown as unknown:
        facts = unknown.diagnostic.facts
        return f"{facts['table']} {facts['period']}"
    except NoRegime:
        return None
    return None
