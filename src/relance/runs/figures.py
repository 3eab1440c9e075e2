"""The figures of an import and a plan beside those of the last run: what the brakes look at."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from hashlib import blake2b, sha256
from typing import Any

import polars as pl

from relance.history.store import History
from relance.history.values import Passage
from relance.intake.reading import FileRead
from relance.ledger.build import IS_CREDIT
from relance.runs.proposal import Proposal

LOOKED_AT = 400
"""Completed runs among which the last that sent something are looked for."""

USUAL = 20
"""Runs whose median is what is usual."""

REJECTED = "I046"
"""Code of the diagnostic that sums up the rows of a file that could not be read."""

Sum = tuple[int, int]
"""How many receivables there are in a currency, and their open balance in minor units."""


@dataclass(frozen=True, slots=True)
class Import:
    """One source as it was imported.

    Attributes:
        rows: items that it gave; of a ledger (FEC), those that are open.
        open: rows and open balance of its receivables, by currency.
        content: digest of the files' content.
        since: run date at which this content was first seen.
    """

    rows: int
    open: Mapping[str, Sum]
    content: str
    since: date


@dataclass(frozen=True, slots=True)
class Figures:
    """All that the brakes on figures look at.

    Attributes:
        plan: hash of the plan.
        notices, most: how many notices are due, and `limits.max_notices`.
        production: whether it would reach debtors.
        now, then: the imports by source; `then` has those of the last completed run.
        sent: how many notices the last runs sent that sent any, newest first.
        rejected: file, rows left out and rows, of each file that has any left out.
        debtors, moved: debtors who owe and were known, and those of them with another address.
    """

    plan: str
    notices: int
    most: int
    production: bool
    now: Mapping[str, Import]
    then: Mapping[str, Import]
    sent: Sequence[int] = ()
    rejected: Sequence[tuple[str, int, int]] = ()
    debtors: int = 0
    moved: int = 0

    def kept(self) -> dict[str, Any]:
        """Return what the history keeps of the imports, for the next run to compare with."""
        return {
            name: {
                "rows": one.rows,
                "open": {currency: list(pair) for currency, pair in one.open.items()},
                "content": one.content,
                "since": one.since.isoformat(),
            }
            for name, one in self.now.items()
        }


def figures_of(proposal: Proposal, history: History) -> Figures:
    """Return the figures of `proposal` beside those that the history keeps of the last runs."""
    policy, plan = proposal.policy, proposal.plan
    runs = history.runs(LOOKED_AT, "completed")
    then = _last_imports(runs)
    debtors, moved = _addresses(proposal, history.addresses())
    return Figures(
        plan=plan.plan_hash,
        notices=plan.notice_count,
        most=policy.limits.max_notices,
        production=policy.environment == "production",
        now=_imports(proposal, then),
        then=then,
        sent=[count for run in runs if (count := _sent(run))][:USUAL],
        rejected=_rejected(proposal),
        debtors=debtors,
        moved=moved,
    )


def _sent(run: Passage) -> int:
    """Return how many notices a run sent; runs of before they were counted tell what left in all."""
    counted = run.summary.get("deliveries", {}).get("sent", 0)
    return int(run.summary.get("sent", counted))


def _last_imports(runs: Sequence[Passage]) -> dict[str, Import]:
    kept: Mapping[str, Any] = next(
        (run.summary["imports"] for run in runs if "imports" in run.summary), {}
    )
    return {
        name: Import(
            one["rows"],
            {currency: (rows, minor) for currency, (rows, minor) in one["open"].items()},
            one["content"],
            date.fromisoformat(one["since"]),
        )
        for name, one in kept.items()
    }


def _imports(proposal: Proposal, then: Mapping[str, Import]) -> dict[str, Import]:
    items, files = proposal.reading.items, proposal.reading.files
    found = {}
    for source in proposal.policy.item_sources:
        own = items.filter(pl.col("source") == source.name)
        if source.kind == "fec":
            own = own.filter(pl.col("open") != 0)
        content = content_of([file for file in files if file.source == source.name])
        before = then.get(source.name)
        same = before is not None and before.content == content
        since = before.since if before and same else proposal.today
        found[source.name] = Import(own.height, _open(own), content, since)
    return found


def content_of(files: Sequence[FileRead]) -> str:
    """Return a digest of the content of `files`, whatever their names and order."""
    prints = "\n".join(sorted(file.fingerprint for file in files))
    return sha256(prints.encode()).hexdigest()[:32]


def _open(items: pl.DataFrame) -> dict[str, Sum]:
    sums = (
        items.filter(~IS_CREDIT).group_by("currency").agg(pl.len(), pl.col("open").sum()).sort("currency")
    )  # fmt: skip
    return {currency: (rows, minor) for currency, rows, minor in sums.iter_rows()}


def _rejected(proposal: Proposal) -> list[tuple[str, int, int]]:
    told = [d for d in proposal.reading.diagnostics if d.code == REJECTED]
    return [
        (d.span.file if d.span else "", int(str(d.facts["count"])), int(str(d.facts["rows"])))
        for d in told
    ]


_WAYS = ("email", "mobile", "postal")


def addresses_of(debtors: pl.DataFrame) -> pl.DataFrame:
    """Return a digest of each address of `debtors`: debtor, email, mobile, postal (null: none).

    Case and spaces do not count. What is kept of addresses cannot be read again.
    """
    plain = pl.concat_str("address", "postcode", "city", separator=" ", ignore_nulls=True)
    texts = debtors.select("debtor", "email", "mobile", plain.alias("postal"))
    rows = [
        (debtor, *(_digest(debtor, way) for way in ways)) for debtor, *ways in texts.iter_rows()
    ]
    names = ("debtor", *_WAYS)
    return pl.DataFrame(rows, schema=dict.fromkeys(names, pl.String), orient="row")


def _digest(debtor: str, address: str | None) -> str | None:
    compact = "".join((address or "").split()).casefold()
    if not compact:
        return None
    return blake2b(f"{debtor}|{compact}".encode(), digest_size=8).hexdigest()


def _addresses(proposal: Proposal, then: pl.DataFrame | None) -> tuple[int, int]:
    """Return how many debtors owe and were known, and how many of them have another address.

    One that was added where none was known is no other address; one that is gone is.
    """
    if then is None:
        return 0, 0
    owing = proposal.facts.filter((pl.col("open") > 0) & ~pl.col("credit")).select("debtor")
    now = addresses_of(proposal.portfolio.debtors.join(owing.unique(), on="debtor", how="semi"))
    both = now.join(then, on="debtor", how="inner", suffix="_then")
    other = [
        pl.col(f"{way}_then").is_not_null() & pl.col(f"{way}_then").ne_missing(pl.col(way))
        for way in _WAYS
    ]
    return both.height, both.filter(pl.any_horizontal(other)).height
