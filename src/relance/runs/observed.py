"""What a run observes beside what it sends: payments, cycles, and the exports as they were."""

from __future__ import annotations

import polars as pl

from relance.dunning.exposures import exposures
from relance.history.store import History
from relance.history.values import Payments, Record
from relance.runs.figures import addresses_of
from relance.runs.portfolio import snapshot_of
from relance.runs.proposal import Proposal


def keep_payments(proposal: Proposal, history: History, run_number: int) -> None:
    """Record the payments read and what they were set against, all before anything is sent."""
    lettered, past = proposal.portfolio.lettered, proposal.portfolio.past
    if lettered is None:
        return
    known = past.allocations.head(past.allocations.height - lettered.allocations.height)
    read = proposal.reading.movements
    history.record_payments(Payments(read, lettered.allocations, known), run=run_number)


def observe_cycles(proposal: Proposal, history: History, run_number: int) -> None:
    """Record which dunned receivables are settled now, and which settled ones are open again."""
    past = proposal.portfolio.past
    dunned = past.levels.select("item").unique()
    # What is gone from its export is seen all the same where payments cover it.
    seen = ~pl.col("missing") | ((pl.col("paid") != 0) & (pl.col("open") == 0))
    state = dunned.join(past.cycles, on="item", how="left").join(
        proposal.facts.filter(seen).select("item", "open"), on="item", how="inner"
    )
    was = pl.col("settled").fill_null(value=False)
    settled = state.filter((pl.col("open") == 0) & ~was)["item"].sort().to_list()
    reopened = state.filter((pl.col("open") != 0) & was)["item"].sort().to_list()
    if settled or reopened:
        history.record_cycles(settled, reopened, proposal.today, run_number)


EXPOSED = "exposed"
"""The event that keeps that a receivable met an experiment, and in which arm its debtor is."""


def note_exposures(proposal: Proposal, history: History) -> None:
    """Record the receivables that meet an experiment for the first time, of all its arms.

    Of a debtor only those of the first day: it is compared once.
    """
    met = exposures(proposal.facts, proposal.policy, proposal.today)
    if met.is_empty():
        return
    known = {(told["code"], told["debtor"]) for told in history.told((EXPOSED,))}
    history.record(
        Record(
            EXPOSED, proposal.today, row["debtor"], item=row["item"], code=row["experiment"],
            facts={name: row[name] for name in ("arm", "procedure", "level")},
        )
        for row in met.iter_rows(named=True)
        if (row["experiment"], row["debtor"]) not in known
    )  # fmt: skip


def save_snapshots(proposal: Proposal, history: History) -> None:
    """Remember each full export as it was, and where debtors could be reached."""
    history.save_addresses(proposal.today, addresses_of(proposal.portfolio.debtors))
    for source in proposal.policy.item_sources:
        if not source.full:
            continue
        prints = sorted(f.fingerprint for f in proposal.reading.files if f.source == source.name)
        items = snapshot_of(proposal.portfolio, source.name)
        history.save_snapshot(source.name, proposal.today, ",".join(prints), items)
