"""The portfolio: all open items with their facts, put together from files and history."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import date, timedelta

import polars as pl

from relance.diagnostics import Diagnostic, Rule, Span
from relance.dunning.events import Past, known_on
from relance.dunning.segments import unknown_choices
from relance.dunning.standing import standing
from relance.dunning.thanks import thanks_apart
from relance.history.store import History
from relance.intake.reading import ITEMS_ONLY, Reading, Wanted, read
from relance.ledger import codes
from relance.ledger.build import IS_CREDIT, build_ledger
from relance.ledger.due import with_due
from relance.ledger.schema import DEBTORS, ITEMS, conform, empty
from relance.lettering.letter import Lettered
from relance.money import to_text
from relance.policy.model import Policy
from relance.runs.addressees import absent_roles, without_refused
from relance.runs.payments import findings_of, letter_portfolio
from relance.runs.told_again import told_again

SHOWN_PER_RULE = 200
"""Items named one by one for one rule; further ones are counted in one diagnostic."""


@dataclass(frozen=True)
class Portfolio:
    """What a run starts from.

    Attributes:
        policy, today: what it was put together for.
        reading: what came out of the files.
        items: columns of ITEMS and `missing`; identities set, due dates computed, payments taken
            off (`paid` and `payment_pending` then, see `lettering.letter.Lettered`).
        facts: the frame of `standing`.
        past: what the history told, with what was lettered now.
        lettered: what payments pay; None when there are none.
        debtors: columns of DEBTORS; every debtor that is known, also those who owe nothing.
        diagnostics: of the intake and of the items.
    """

    policy: Policy
    today: date
    reading: Reading
    items: pl.DataFrame
    facts: pl.DataFrame
    past: Past
    diagnostics: tuple[Diagnostic, ...]
    lettered: Lettered | None = None
    debtors: pl.DataFrame = field(default_factory=lambda: empty(DEBTORS))


def assemble(policy: Policy, today: date, history: History, *, as_of: bool = False) -> Portfolio:
    """Return the portfolio of the project on `today`.

    `as_of`: nothing dated after `today` counts, and the entries of ledgers are read too.
    """
    wanted = Wanted(today, entries=True) if as_of else ITEMS_ONLY
    with ThreadPoolExecutor(1) as other:  # files and database do not wait for each other
        reading_to_come = other.submit(read, policy, wanted)
        past = known_on(history.past(), today) if as_of else history.past()
        reading = reading_to_come.result()
    debtors = _debtors(reading, past, policy)
    terms = {source.name: source.terms for source in policy.item_sources}
    rows = with_due(reading.items, debtors.select("debtor", "terms"), terms)
    names = [source.name for source in policy.item_sources]
    ledger, doubles = build_ledger(rows, names, past.levels["item"])
    past = thanks_apart(past)
    items = _with_missing(ledger, policy, history)
    again = list(told_again(reading.movements, past))
    lettered, past = letter_portfolio(items, debtors, past, reading, policy)
    items = lettered.items if lettered else items
    facts = standing(_live(items) if as_of else items, debtors, past, policy, today)
    diagnostics = (*reading.diagnostics, *doubles, *_absent(items, policy), *findings_of(lettered),
                   *again,
                   *_undecided(facts, policy), *_choices(debtors, policy),
                   *absent_roles(debtors, policy))  # fmt: skip
    return Portfolio(policy, today, reading, items, facts, past, diagnostics, lettered, debtors)


def _live(items: pl.DataFrame) -> pl.DataFrame:
    """Return the items that are open or missing, and one of each other debtor.

    Of what is settled nothing is decided; a report of years has far more of it.
    """
    live = items.filter((pl.col("open") != 0) | pl.col("missing"))
    one_each = items.unique("debtor", keep="any")
    return pl.concat([live, one_each.join(live, on="debtor", how="anti")])


def _debtors(reading: Reading, past: Past, policy: Policy) -> pl.DataFrame:
    """Return the known debtors: of the customers' file and e-invoices, without a file of the exports.

    An address that a channel refused for good is not an address any more.
    """
    named = (
        reading.items.sort("debtor_name", "debtor_email", nulls_last=True)
        .group_by("debtor")
        .agg(pl.col("debtor_name").first(), pl.col("debtor_email").drop_nulls().first())
    )
    debtors = (
        reading.debtors.join(named, on="debtor", how="left", maintain_order="left")
        .with_columns(
            pl.coalesce("name", "debtor_name").alias("name"),
            pl.coalesce("email", "debtor_email").alias("email"),
        )
        .drop("debtor_name", "debtor_email")
    )
    if policy.customers is None:
        others = named.join(debtors, on="debtor", how="anti").with_columns(
            pl.lit([], pl.List(pl.String)).alias(name) for name in ("tags", "requires")
        )
        others = others.rename({"debtor_name": "name", "debtor_email": "email"})
        debtors = pl.concat([debtors, conform(others, DEBTORS)])
    return _without_rejected(debtors, past.rejected)


def _without_rejected(debtors: pl.DataFrame, rejected: pl.DataFrame) -> pl.DataFrame:
    bad = pl.struct("debtor", "recipient")
    refused = rejected.select(bad).to_series() if rejected.height else None
    if refused is None:
        return debtors
    debtors = without_refused(debtors, rejected)
    return debtors.with_columns(
        pl.when(~pl.struct("debtor", pl.col(name).alias("recipient")).is_in(refused.implode()))
        .then(name)
        .alias(name)
        for name in ("email", "mobile")
    )


def _with_missing(ledger: pl.DataFrame, policy: Policy, history: History) -> pl.DataFrame:
    """Return `ledger` with `missing`, and as rows what the last full exports had and these lack."""
    absent = [empty(ITEMS)]
    for source in policy.item_sources:
        snapshot = history.snapshot(source.name) if source.full else None
        if snapshot is not None:
            absent.append(conform(snapshot.items, ITEMS).join(ledger, on="item", how="anti"))
    missing = pl.concat(absent).unique("item", keep="first", maintain_order=True)
    both = [
        ledger.with_columns(pl.lit(False).alias("missing")),
        missing.with_columns(pl.lit(True).alias("missing")),
    ]
    return pl.concat(both)


def _absent(items: pl.DataFrame, policy: Policy) -> Iterator[Diagnostic]:
    """Yield how many receivables each full export lacks; those that payments cover are settled."""
    gone = items.filter(pl.col("missing") & (pl.col("open") != 0))
    count = dict(gone.group_by("source").len().iter_rows())
    for source in policy.item_sources:
        if source.name in count:
            facts = {"source": source.name, "missing": count[source.name]}
            yield Diagnostic(codes.MISSING, Span(source.path), facts)


RETURNABLE = timedelta(days=70)
"""How long what is paid and gone from its export is remembered: a debtor may have a direct debit
returned for eight weeks (SEPA Direct Debit Core rulebook), and the bank takes its days."""


def snapshot_of(portfolio: Portfolio, source: str) -> pl.DataFrame:
    """Return what to remember of `source`: its open receivables, and those still missing.

    They are kept as the source gave them, before payments were taken off.
    """
    settled = portfolio.facts.filter("settled_by_hand").select("item")
    items = portfolio.items.filter((pl.col("source") == source) & ~IS_CREDIT)
    if "paid" in items.columns:
        items = items.join(_forgotten(portfolio), on="item", how="anti").with_columns(
            pl.col("open", "balance") + pl.col("paid")
        )
    return (
        items.filter(pl.col("open") != 0)
        .join(settled, on="item", how="anti")
        .select(column.name for column in ITEMS)
    )


def _forgotten(portfolio: Portfolio) -> pl.DataFrame:
    """Return the items that are gone from their export and were paid long ago."""
    last = portfolio.past.allocations.group_by("item").agg(pl.col("day").max())
    gone = portfolio.items.filter(pl.col("missing") & (pl.col("open") == 0))
    old = last.filter(pl.col("day") + RETURNABLE < portfolio.today)
    return gone.select("item").join(old, on="item", how="semi")


def _undecided(facts: pl.DataFrame, policy: Policy) -> list[Diagnostic]:
    live = facts.filter((pl.col("open") != 0) & ~pl.col("credit") & ~pl.col("missing"))
    known = live.filter("debtor_known")
    customers = policy.customers.path if policy.customers else ""
    lumps = known.filter(pl.col("kind") == "opening")
    undated = known.filter((pl.col("kind") != "opening") & pl.col("due").is_null())
    return [
        *_each(live.filter(~pl.col("debtor_known")), codes.UNKNOWN_DEBTOR, customers),
        *_each(lumps, codes.OPENING_LUMP, customers),
        *_each(undated, codes.NO_DUE_DATE, customers),
    ]


def _each(rows: pl.DataFrame, rule: Rule, customers: str) -> Iterable[Diagnostic]:
    ordered = rows.sort("file", "line", "item")
    for row in ordered.head(SHOWN_PER_RULE).iter_rows(named=True):
        amount = f"{to_text(row['open'], row['currency'])} {row['currency']}"
        facts = {
            "number": row["number"],
            "debtor": row["debtor"],
            "customers": customers,
            "amount": amount,
        }
        yield Diagnostic(rule, Span(row["file"], row["line"]), facts)
    if rows.height > SHOWN_PER_RULE:
        facts = {"count": rows.height - SHOWN_PER_RULE, "code": rule.code}
        yield Diagnostic(codes.MORE, None, facts)


def _choices(debtors: pl.DataFrame, policy: Policy) -> list[Diagnostic]:
    rows = unknown_choices(debtors, policy.segments, policy.procedures)
    return [
        Diagnostic(codes.UNKNOWN_CHOICE, Span(row["file"] or "", row["line"]), row)
        for row in rows.iter_rows(named=True)
    ]
