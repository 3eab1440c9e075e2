"""What every reader of a bank's form gives: statements, with their movements as columns."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Protocol

from relance.diagnostics import Diagnostic

OWN = (
    "line", "booked", "value", "amount", "kind", "counterparty", "counterparty_iban", "reference",
    "end_to_end", "text", "bank_reference", "mandate", "parts",
)  # fmt: skip
"""Columns of `ledger.schema.MOVEMENTS` that a reader fills; the others are those of its statement."""


def columns() -> dict[str, list[Any]]:
    """Return an empty list for each of OWN: readers append to all of them, row by row.

    Lists of columns, not rows: a million movements are put into a frame without an object each.
    """
    return {name: [] for name in OWN}


@dataclass(slots=True)
class Statement:
    """One statement of one account.

    Attributes:
        account: IBAN without spaces, or the number as the bank writes it.
        currency: ISO 4217.
        opening, closing: balances in minor units, None when the form does not give them (camt.054,
            OFX). When both are there, opening and the booked movements add up to closing.
        number: the bank's number of the statement; None if it gives none.
        day: date of the closing balance; None if not known.
        line: 1-based line on which it begins.
        movements: `columns()`, filled; or a Polars series by column. Amounts are minor units, signed; only booked movements. A
            batch whose parts the file gives is its parts, counted once.
        credited: by place in the movements, the IBAN that was paid to where it is not `account`: a
            virtual one that belongs to one debtor or item.
        partial: the file says that more of the statement follows in another file: its balances
            are not checked alone.
    """

    account: str
    currency: str
    opening: int | None = None
    closing: int | None = None
    number: str | None = None
    day: date | None = None
    line: int | None = None
    movements: dict[str, Any] = field(default_factory=columns)
    credited: dict[int, str] = field(default_factory=dict)
    partial: bool = False


@dataclass(frozen=True, slots=True)
class Defaults:
    """What a file that does not say it is taken to have.

    Attributes:
        currency: of accounts without one.
        account: IBAN of the account; None when the source does not name it.
        settings: ways of writing of the source (columns, decimal, dates, encoding, delimiter).
    """

    currency: str
    account: str | None = None
    settings: Mapping[str, Any] = field(default_factory=dict)


class Reader(Protocol):
    """A reader of one form: no content raises; what cannot be read is a diagnostic with its line."""

    def __call__(
        self, content: bytes, name: str, defaults: Defaults
    ) -> tuple[list[Statement], list[Diagnostic]]:
        """Return the statements in `content`, the bytes of the file `name`, and the findings.

        A finding of severity error refuses the file whole.
        """
        ...
