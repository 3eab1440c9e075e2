"""What lettering is given and what it gives: settings, earlier decisions, and frames."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

import polars as pl

from relance.ledger.schema import ALLOCATIONS, MOVEMENTS, Column, empty

PROPOSALS = (
    Column("movement", pl.String, "payment that a person should look at"),
    Column("candidate", pl.Int32, "1-based rank of the candidate among those of the movement"),
    Column("item", pl.String, "an item of the candidate: several rows when it is a sum"),
    Column("debtor", pl.String, "debtor of the item"),
    Column("amount", pl.Int64, "minor units that would be taken off the item; negative: put back"),
    Column("kind", pl.String, "one of ledger.schema.ALLOCATION_KINDS"),
    Column("evidence", pl.String, "one of `evidence.EVIDENCE`"),
    Column("confidence", pl.Int32, "in ten thousandths"),
)
"""Likely allocations: they hold dunning of their items until a person has decided."""

SUSPENSE = (
    Column("movement", pl.String, "payment that is not, or not wholly, allocated"),
    Column("debtor", pl.String, "who paid, where that is certain; else null"),
    Column("currency", pl.String, "ISO 4217"),
    Column(
        "amount", pl.Int64, "minor units that are left of it; negative for a return: never a credit"
    ),
    Column("reason", pl.String, "English template of why; also the key of its translation"),
    Column("credit", pl.Boolean, "whether it is a credit, and so in the balance, of the debtor"),
)
"""What is left of payments after lettering."""

ANSWERED = (
    Column("movement", pl.String, "payment or return that needs no lettering"),
    Column("amount", pl.Int64, "minor units of it that need none"),
    Column("by", pl.String, "identity of the item that shows it, or the movement that it meets"),
    Column("reason", pl.String, "English template of why; also the key of its translation"),
)
"""Money that the books have already, and payments that the bank took back."""

REJECTIONS = (
    Column("movement", pl.String, "payment"),
    Column("item", pl.String, "an item that a person said it does not pay"),
)


@dataclass(frozen=True, slots=True)
class Settings:
    """How payments are set against receivables.

    Attributes:
        bank_charges: minor units that a payment may fall short by, by currency.
        discount: part in percent as text ("2.5") and days from the issue; None for none.
        oldest_first: a payment that says nothing pays its debtor's oldest receivables.
        most_items: most items that one sum is looked for in.
        since: per source of movements, the first booking date that is lettered.
        booked_until: movements booked up to this day are in the sources' books already; None when
            no source says so (a FEC does: the date of its last entry).
    """

    bank_charges: Mapping[str, int] = field(default_factory=dict)
    discount: tuple[str, int] | None = None
    oldest_first: bool = False
    most_items: int = 6
    since: Mapping[str, date] = field(default_factory=dict)
    booked_until: date | None = None


@dataclass(frozen=True)
class Decided:
    """What was decided before, out of the history: columns of ALLOCATIONS and of REJECTIONS."""

    allocations: pl.DataFrame = field(default_factory=lambda: empty(ALLOCATIONS))
    rejections: pl.DataFrame = field(default_factory=lambda: empty(REJECTIONS))


@dataclass(frozen=True)
class Lettered:
    """A portfolio after lettering.

    Sums are kept: what a movement that is lettered was allocated, ever, with its rows of `suspense`
    and `answered`, is its amount; what an item's source has open less `paid` is its `open`.

    Attributes:
        items: the items given, `open` and `balance` lowered by what is paid and the source does not
            know yet; with `paid` (Int64, minor units taken off, so that `open + paid` is the source's
            open) and `payment_pending` (String, the movement whose likely allocation holds it; null
            if none). What a known debtor paid too much is appended as credits of kind payment.
        allocations: columns of ALLOCATIONS: the new certain ones, not those of `Decided`.
        proposals: columns of PROPOSALS.
        suspense: columns of SUSPENSE.
        answered: columns of ANSWERED.
    """

    items: pl.DataFrame
    allocations: pl.DataFrame
    proposals: pl.DataFrame
    suspense: pl.DataFrame
    answered: pl.DataFrame = field(default_factory=lambda: empty(ANSWERED))


NO_MOVEMENTS = empty(MOVEMENTS)
