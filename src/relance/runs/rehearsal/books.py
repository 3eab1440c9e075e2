"""The files of a test: receivables and customers as CSV with canonical columns."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal

from relance.policy.creditor import Creditor
from relance.policy.sources import CUSTOMER_COLUMNS, RECEIVABLE_COLUMNS

RECEIVABLES = ("number", "debtor", "issued", "due", "amount", "open", "currency", "kind")
"""Columns of rows that bring no header."""

CUSTOMERS = ("id", "name", "kind", "country", "language", "email", "address", "postcode", "city")

_TERM = timedelta(days=30)
_PLACES = {
    "FR": ("1 rue Haute", "75001", "Paris"),
    "BE": ("Rue Haute 1", "1000", "Bruxelles"),
}

Row = Mapping[str, str]


class UnknownNumber(Exception):  # noqa: N818 - a refusal that is understood
    """No receivable of the test has the number."""


@dataclass(frozen=True, slots=True)
class Book:
    """What is owed, as the exports of a test have it.

    Attributes:
        rows: cells by column; columns of RECEIVABLE_COLUMNS and `source`.
        columns: of the files.
    """

    rows: tuple[Row, ...]
    columns: tuple[str, ...]

    @property
    def debtors(self) -> list[str]:
        """The debtors whom the rows name, sorted."""
        return sorted({row["debtor"] for row in self.rows if row.get("debtor")})

    def paid(self, number: str, amount: str) -> Book:
        """Return the book once `amount` ("all" or a sum) of `number` is paid.

        Raises:
            UnknownNumber: if no row has that number.
        """
        if not any(row.get("number") == number for row in self.rows):
            raise UnknownNumber(number)
        return replace(
            self,
            rows=tuple(
                {**row, "open": _left(row, amount)} if row.get("number") == number else row
                for row in self.rows
            ),
            columns=tuple(dict.fromkeys((*self.columns, "open"))),
        )

    def text(self, source: str, first: str) -> str:
        """Return the file of `source`; rows that name none are of the `first` one."""
        rows = [row for row in self.rows if (row.get("source") or first) == source]
        return _written(rows, [c for c in self.columns if c != "source"])


def book(given: str | Sequence[Mapping[str, str | None]]) -> Book:
    """Return the receivables that a test gives, as CSV or as mappings."""
    if isinstance(given, str):
        columns, rows = _read(given, RECEIVABLES)
        return Book(tuple(rows), columns)
    rows = [_receivable(row) for row in given]
    named = {name for row in rows for name in row}
    return Book(tuple(rows), tuple(c for c in (*RECEIVABLE_COLUMNS, "source") if c in named))


def customers(
    given: str | Sequence[Mapping[str, str | None]] | None, creditor: Creditor, owing: Iterable[str]
) -> str:
    """Return the customers' file of a test: those given; the others who owe are made up.

    Customers given as CSV are all there are.
    """
    if isinstance(given, str):
        columns, rows = _read(given, CUSTOMERS)
        return _written(rows, columns)
    told = list(given or ())
    known = {row.get("id") for row in told}
    rows = [_customer(row, creditor) for row in told]
    rows += [_customer({"id": name}, creditor) for name in owing if name not in known]
    used = [c for c in CUSTOMER_COLUMNS if any(c in row for row in rows)]
    return _written(rows, used or CUSTOMERS)


def _receivable(row: Mapping[str, str | None]) -> Row:
    """Return a row with what it does not say: of debtor C1, issued thirty days before it is due."""
    cells = {key: value or "" for key, value in row.items()}
    cells.setdefault("debtor", "C1")
    if "issued" not in cells and cells.get("due"):
        try:
            cells["issued"] = (date.fromisoformat(cells["due"]) - _TERM).isoformat()
        except ValueError:
            return cells  # the reader of the export says what is wrong with it
    return cells


def _customer(row: Mapping[str, str | None], creditor: Creditor) -> Row:
    """Return a customer with what the row does not say; null takes a fact away."""
    name = row.get("id") or "C1"
    country = row.get("country", creditor.country) or ""
    street, postcode, city = _PLACES.get(country, _PLACES["FR"])
    slug = re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-") or "c"
    made_up = {
        "id": name,
        "name": f"Client {name}",
        "kind": "business",
        "country": country,
        "language": creditor.language,
        "email": f"{slug}@client.example",
        "address": street,
        "postcode": postcode,
        "city": city,
    }
    return {**made_up, **{key: value or "" for key, value in row.items()}}


def _read(text: str, header: Sequence[str]) -> tuple[tuple[str, ...], list[Row]]:
    lines = [line for line in text.strip("\n").split("\n") if line.strip()]
    first = next(csv.reader([lines[0].strip()]), [])
    own = bool(first) and first[0].strip() in (*RECEIVABLE_COLUMNS, *CUSTOMER_COLUMNS)
    columns = tuple(name.strip() for name in first) if own else tuple(header)
    cells = csv.reader(line.strip() for line in lines[1 if own else 0 :])
    return columns, [dict(zip(columns, row, strict=False)) for row in cells]


def _written(rows: Iterable[Row], columns: Sequence[str]) -> str:
    out = io.StringIO()
    writer = csv.DictWriter(out, columns, restval="", extrasaction="ignore", lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()


def _left(row: Row, amount: str) -> str:
    """Return what is open of a row after a payment, with the decimals that it had."""
    there = Decimal(row.get("open") or row.get("amount") or "0")
    return str(there * 0 if amount == "all" else there - Decimal(amount))
