"""From customers' entries to items: lettered, numbered, one row per document."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from relance.intake.fec_file import CURRENCY
from relance.intake.fec_kinds import shown_clean, with_debtors, with_kinds, with_opening_kinds
from relance.intake.fec_numbers import numbered
from relance.intake.fec_references import with_letters_of_moves, with_targets
from relance.ledger.letters import ACCOUNT, apply_lettering, match_oldest_first
from relance.ledger.schema import ITEMS, conform
from relance.ledger.settling import ENTRIES
from relance.policy.model import FecSource


@dataclass(frozen=True)
class Settled:
    """The customers' entries after lettering.

    Attributes:
        rows: entries of customers with their kind, number and `open`, `balance`, `settlement`.
        nobody: entries on accounts of advances that name no customer.
        drawn: debits on accounts of advances: what was used of them.
    """

    rows: pl.DataFrame
    nobody: pl.DataFrame
    drawn: pl.DataFrame


def settle(rows: pl.DataFrame, tolerance: int, *, later_is_open: bool) -> Settled:
    """Return the customers' entries `rows` of all years, lettered and numbered."""
    owned, nobody = with_debtors(rows.filter(pl.col("amount") != 0))
    known = with_opening_kinds(numbered(with_kinds(owned)))
    targeted = with_letters_of_moves(with_targets(known.with_row_index("row")))
    advance = pl.col("kind") == "advance"
    receivable = targeted.filter(~advance).with_columns(
        entered="date", date="issued", auxiliary=pl.col("auxiliary").fill_null("")
    )
    lettered = apply_lettering(receivable, tolerance, later_is_open=later_is_open)
    given, drawn = _netted(targeted.filter(advance))
    return Settled(pl.concat([lettered, given], how="diagonal_relaxed"), nobody, drawn)


def _netted(advances: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Advances less what invoices have used of them, and that: a debit here is never a claim."""
    met = match_oldest_first(advances, ACCOUNT).with_columns(
        balance="left", open=pl.min_horizontal("left", 0), settlement=pl.lit("none")
    )
    given = pl.col("amount") < 0
    return met.filter(given).drop("left"), met.filter(~given).drop("left")


def entries_of(settled: Settled, source: FecSource) -> pl.DataFrame:
    """Return all entries of customers, columns of `ledger.settling.ENTRIES`, in their order.

    A payment sent back stands with the dates of the invoice that it opens again. Debits on accounts
    of advances have no `kind`: they are no claims.
    """
    drawn = settled.drawn.with_columns(kind=pl.lit(None, pl.String))
    rows = pl.concat([_reopened(settled.rows), drawn], how="diagonal_relaxed")
    entered = ["entered", "date"] if "entered" in rows.columns else ["date"]
    sold = (pl.col("kind") == "invoice") | ((pl.col("kind") == "credit_note") & pl.col("sale"))
    moved = pl.col("moved").fill_null(value=False)
    return conform(
        rows.with_columns(
            source=pl.lit(source.name),
            number=shown_clean(pl.col("number")),
            terms=pl.lit(source.terms, pl.String),
            currency=pl.lit(CURRENCY),
            auxiliary=pl.col("auxiliary").fill_null(""),
            booked=pl.coalesce(entered),
            sale=sold & ~moved & ~pl.col("opening"),
            cash=pl.col("bank"),
        ),
        ENTRIES,
    )


def items_of(rows: pl.DataFrame, source: str) -> pl.DataFrame:
    """Return the items (columns of ITEMS) of settled `rows`; payments used up are left out.

    Rows of one entry with one number are one item. An entry that names a settled invoice (a
    payment sent back, a move to 416) opens that invoice again, with its number and dates.
    """
    rows = _reopened(rows)
    used_up = (pl.col("open") == 0) & (pl.col("balance") == 0)
    left = rows.filter(~(pl.col("kind").is_in(["payment", "advance"]) & used_up))
    several = left["entry_id"].is_duplicated()
    items = pl.concat([_alone(left.filter(~several)), _summed(left.filter(several))])
    named = (
        items.sort("file", "line", "number", "kind")
        .join(_names(rows), on="debtor", how="left", maintain_order="left")
        .with_columns(
            source=pl.lit(source), currency=pl.lit(CURRENCY), number=shown_clean(pl.col("number"))
        )
    )
    return conform(named, ITEMS)


_DOUBTFUL = pl.col("account").str.starts_with("416") & (pl.col("balance") != 0)
_ITEM = (
    "debtor", "entry_id", "number", "kind", "issued", "due", "file", "line", "amount", "open",
    "balance", "doubtful",
)  # fmt: skip


def _alone(rows: pl.DataFrame) -> pl.DataFrame:
    """Rows that are an item each."""
    return rows.with_columns(doubtful=_DOUBTFUL).select(_ITEM)


def _summed(rows: pl.DataFrame) -> pl.DataFrame:
    """Rows of one document as one item; what was moved to it adds nothing to its amount."""
    first = [pl.col(name).first() for name in ("issued", "due", "file", "line")]
    return (
        rows.sort("moved", "file", "line")
        .group_by("debtor", "entry_id", "number", "kind")
        .agg(
            *first,
            pl.col("amount").filter(~pl.col("moved")).sum(),
            pl.col("open", "balance").sum(),
            _DOUBTFUL.any().alias("doubtful"),
        )
        .select(_ITEM)
    )


def _reopened(rows: pl.DataFrame) -> pl.DataFrame:
    """The rows with `moved`; those that name a settled invoice take its identity."""
    invoices = rows.filter((pl.col("kind") == "invoice") & (pl.col("open") == 0))
    facts = ("entry_id", "number", "issued", "due", "kind")
    targets = invoices.select(
        pl.col("row").alias("target"), *(pl.col(f).alias(f"of_{f}") for f in facts)
    )
    joined = rows.join(targets, on="target", how="left", maintain_order="left")
    moved = pl.col("of_entry_id").is_not_null() & (pl.col("amount") > 0)
    return joined.with_columns(
        moved=moved,
        **{f: pl.when(moved).then(f"of_{f}").otherwise(f) for f in facts},
    )


def _names(rows: pl.DataFrame) -> pl.DataFrame:
    """The latest name of each debtor."""
    own = pl.when(pl.col("auxiliary").fill_null("") == "").then("account_name")
    return (
        rows.select("debtor", "entered", debtor_name=pl.coalesce("auxiliary_name", own))
        .drop_nulls("debtor_name")
        .sort("debtor", "entered", "debtor_name")
        .unique("debtor", keep="last", maintain_order=True)
        .select("debtor", shown_clean(pl.col("debtor_name")))
    )
