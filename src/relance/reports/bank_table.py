"""Imported statements, for people and for programs."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any, Protocol

from relance.language import translator
from relance.money import to_text
from relance.reports.figures import amount_text, count_text, date_text, safe
from relance.reports.tables import Column, Table


class Read(Protocol):
    """What is shown of a statement: see `runs.bank_import.StatementRead`."""

    @property
    def file(self) -> str:
        """Path of the file."""
        ...

    @property
    def line(self) -> int | None:
        """Line on which it begins."""
        ...

    @property
    def account(self) -> str:
        """Account."""
        ...

    @property
    def currency(self) -> str:
        """ISO 4217."""
        ...

    @property
    def number(self) -> str | None:
        """The bank's number of the statement."""
        ...

    @property
    def opening(self) -> int | None:
        """Opening balance, minor units."""
        ...

    @property
    def closing(self) -> int | None:
        """Closing balance, minor units."""
        ...

    @property
    def first(self) -> date | None:
        """First booking date."""
        ...

    @property
    def last(self) -> date | None:
        """Last booking date."""
        ...

    @property
    def movements(self) -> int:
        """Movements in all."""
        ...

    @property
    def received(self) -> int:
        """Sum of payments received, minor units."""
        ...

    @property
    def to_letter(self) -> int:
        """Payments and returns."""
        ...

    @property
    def new(self) -> int:
        """Those that were not known."""
        ...


def statement_fields(read: Read) -> dict[str, Any]:
    """Return a statement as JSON."""

    def money(minor: int | None) -> str | None:
        return None if minor is None else to_text(minor, read.currency)

    return {
        "file": read.file,
        "line": read.line,
        "account": read.account,
        "number": read.number,
        "currency": read.currency,
        "first": read.first.isoformat() if read.first else None,
        "last": read.last.isoformat() if read.last else None,
        "opening": money(read.opening),
        "closing": money(read.closing),
        "received": money(read.received),
        "movements": read.movements,
        "to_letter": read.to_letter,
        "new": read.new,
        "known": read.to_letter - read.new,
    }


def statements_table(statements: Sequence[Read], language: str) -> Table:
    """Return the statements that were read, and how many of their payments are new."""
    _ = translator(language)
    columns = [
        Column(_("Account")), Column(_("From")), Column(_("To")), Column(_("Opening"), "right"),
        Column(_("Closing"), "right"), Column(_("New payments"), fit="wrap"),
        Column(_("File"), fit="drop"), Column(_("No."), fit="drop"),
    ]  # fmt: skip
    rows = [
        [_ending(s.account), date_text(s.first, language), date_text(s.last, language),
         _money(s.opening, s, language), _money(s.closing, s, language),
         _("{new} of {count}").format(new=count_text(s.new, language), count=count_text(s.to_letter, language)),
         safe(s.file.rpartition("/")[2]),
         safe(s.number or "–")]
        for s in statements
    ]  # fmt: skip
    note = _("Payments received and returns are kept; fees and payments made are not.")
    return Table(_("Statements"), columns, rows, note=note)


def _ending(account: str) -> str:
    """Return the end of an account, by which people tell theirs apart."""
    return safe(f"…{account[-4:]}" if len(account) > 8 else account or "–")


def _money(minor: int | None, read: Read, language: str) -> str:
    return "–" if minor is None else amount_text(minor, read.currency, language)
