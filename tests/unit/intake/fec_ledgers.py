"""Small synthetic ledgers, written as a FEC in any of the forms that software gives it."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import polars as pl

from relance.diagnostics import Diagnostic
from relance.intake.fec import read_fec
from relance.policy.model import FecSource

COLUMNS = (
    "JournalCode", "JournalLib", "EcritureNum", "EcritureDate", "CompteNum", "CompteLib",
    "CompAuxNum", "CompAuxLib", "PieceRef", "PieceDate", "EcritureLib", "Debit", "Credit",
    "EcritureLet", "DateLet", "ValidDate", "Montantdevise", "Idevise",
)  # fmt: skip
BOOKS = {"VE": "Ventes", "BQ": "Banque", "OD": "Opérations diverses", "AN": "A nouveaux"}
NAMES = {"411": "Clients", "416": "Clients douteux", "419": "Clients créditeurs"}

Row = dict[str, str]


def euros(amount: float | str) -> str:
    return amount if isinstance(amount, str) else f"{amount:.2f}".replace(".", ",")


@dataclass
class Fec:
    """A ledger under construction; `day` is AAAAMMJJ, amounts are euros."""

    rows: list[Row] = field(default_factory=list)
    entries: int = 0

    def entry(self, book: str, day: str, *lines: Row, number: str | None = None) -> Fec:
        self.entries += 1
        for line in lines:
            account = line["CompteNum"]
            self.rows.append(
                {
                    "JournalCode": book,
                    "JournalLib": BOOKS.get(book, book),
                    "EcritureNum": str(self.entries) if number is None else number,
                    "EcritureDate": day,
                    "CompteLib": NAMES.get(account[:3], "Compte"),
                    "PieceDate": day,
                    "EcritureLib": "Mouvement",
                    "ValidDate": day,
                    **line,
                }
            )
        return self

    def sale(
        self, debtor: str, piece: str, day: str, amount: float, letter: str = "", **more: str
    ) -> Fec:
        number = more.pop("number", None)
        customer = line(f"411000/{debtor}", amount, piece, letter, EcritureLib="Facture", **more)
        return self.entry("VE", day, customer, line("706000", -amount, piece), number=number)

    def credit_note(
        self, debtor: str, piece: str, day: str, amount: float, letter: str = ""
    ) -> Fec:
        return self.sale(debtor, piece, day, -amount, letter)

    def receipt(
        self, debtor: str, day: str, amount: float, letter: str = "", piece: str = "VIR"
    ) -> Fec:
        customer = line(f"411000/{debtor}", -amount, piece, letter, EcritureLib="Règlement")
        return self.entry("BQ", day, line("512000", amount, piece), customer)

    def opening(self, day: str, *customers: Row) -> Fec:
        total = sum(cents(row) for row in customers)
        return self.entry("AN", day, *customers, line("120000", -total / 100, "RAN"))

    def write(
        self,
        separator: str = "\t",
        eol: str = "\n",
        encoding: str = "utf-8",
        columns: tuple[str, ...] = COLUMNS,
        last_eol: bool = True,
    ) -> bytes:
        lines = [separator.join(columns)]
        lines += [separator.join(row.get(name, "") for name in columns) for row in self.rows]
        return (eol.join(lines) + (eol if last_eol else "")).encode(encoding)


def line(account: str, amount: float, piece: str = "", letter: str = "", **more: str) -> Row:
    """A line on `account`, or on `account/auxiliary`; a negative amount is a credit."""
    number, _, auxiliary = account.partition("/")
    debit, credit = (amount, 0.0) if amount >= 0 else (0.0, -amount)
    return {
        "CompteNum": number,
        "CompAuxNum": auxiliary,
        "CompAuxLib": f"Client {auxiliary}" if auxiliary else "",
        "PieceRef": piece,
        "Debit": euros(debit),
        "Credit": euros(credit),
        "EcritureLet": letter,
        **more,
    }


def cents(row: Row) -> int:
    return round(
        100 * (float(row["Debit"].replace(",", ".")) - float(row["Credit"].replace(",", ".")))
    )


@dataclass(frozen=True)
class Read:
    """What came out of a reading, in the shape that tests ask for."""

    items: pl.DataFrame
    diagnostics: list[Diagnostic]
    files: list[Any]

    def open(self) -> dict[str, int]:
        """Open cents by number, of what is not settled."""
        rows = self.items.filter(pl.col("open") != 0)
        return dict(rows.select("number", "open").iter_rows())

    def item(self, number: str) -> dict[str, Any]:
        return self.items.row(by_predicate=pl.col("number") == number, named=True)

    @property
    def sums(self) -> tuple[int, int]:
        """Balance and what may be dunned."""
        return int(self.items["balance"].sum()), int(self.items["open"].sum())

    @property
    def codes(self) -> set[str]:
        """Codes of the diagnostics, without the two that every reading has."""
        return {d.code for d in self.diagnostics} - {"I074", "I075"}


def read(folder: Path, *ledgers: Fec | bytes, **source: Any) -> Read:
    """Read the ledgers as files of one source, in this order."""
    for number, ledger in enumerate(ledgers, start=1):
        data = ledger if isinstance(ledger, bytes) else ledger.write()
        (folder / f"{number}FEC.txt").write_bytes(data)
    return Read(*read_fec(FecSource(name="compta", kind="fec", path="*FEC.txt", **source), folder))
