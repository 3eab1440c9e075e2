"""`relance import bank`: statements named on the command line, kept in the history."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import polars as pl

from relance.diagnostics import Diagnostic, has_errors
from relance.history.payments import TO_LETTER
from relance.history.store import History
from relance.history.values import Payments
from relance.intake.bank.identity import identified
from relance.intake.bank.reading import Gathered, Loaded, gather_files, settle
from relance.intake.bank.statement import Statement
from relance.policy.model import Policy
from relance.runs.told_again import told_again


@dataclass(frozen=True, slots=True)
class StatementRead:
    """A statement of an imported file, and what of it is new. Amounts are minor units.

    Attributes:
        opening, closing: balances; None where the file gives none.
        first, last: booking dates of its movements; None without any.
        movements: all of them; `received` is the sum of payments received.
        to_letter: payments and returns, the only ones that are kept; `new` of them were not known.
    """

    file: str
    line: int | None
    account: str
    currency: str
    number: str | None
    opening: int | None
    closing: int | None
    first: date | None
    last: date | None
    movements: int
    received: int
    to_letter: int
    new: int


@dataclass(frozen=True, slots=True)
class BankImport:
    """What files of statements hold.

    Attributes:
        statements: in the order of the files.
        movements: columns of MOVEMENTS, each once, from the first day asked for on.
        refused: a file was refused; nothing is kept then.
    """

    statements: tuple[StatementRead, ...]
    movements: pl.DataFrame
    diagnostics: tuple[Diagnostic, ...]
    refused: bool


def read_statements(
    policy: Policy, paths: Sequence[Path], history: History, since: date | None = None
) -> BankImport:
    """Return what the files `paths` hold; earlier movements than `since` are left out."""
    accounts = [account.iban for account in policy.bank_accounts]
    inside = [_inside(path, policy.root) for path in paths]
    gathered = gather_files(inside, policy.creditor, policy.root, accounts)
    movements, said, _ = settle([gathered], accounts)
    if since is not None:
        movements = movements.filter(pl.col("booked") >= since)
    past = history.past()
    said += told_again(movements, past)
    known = set(past.movements["movement"])
    statements = tuple(_statements(gathered, movements, known))
    return BankImport(statements, movements, tuple(said), has_errors(said))


def keep(read: BankImport, history: History, by: str) -> int:
    """Keep the payments and returns that were read; return how many were not known."""
    return history.record_payments(Payments(read.movements), by=by)


def _inside(path: Path, root: Path) -> Path:
    """Return `path` relative to the project where it lies in it."""
    whole = path.resolve()
    return (
        whole.relative_to(root.resolve()) if whole.is_relative_to(root.resolve()) else whole
    )  # fmt: skip


def _statements(
    gathered: Gathered, movements: pl.DataFrame, known: set[str]
) -> Iterator[StatementRead]:
    kept = set(movements.filter(pl.col("kind").is_in(TO_LETTER))["movement"])
    for loaded in gathered.loaded:
        rows = identified(loaded.frame) if loaded.frame.height else loaded.frame
        start = 0
        for statement in loaded.statements:
            own = rows.slice(start, len(statement.movements["amount"]))
            start += own.height
            wanted = kept.intersection(own["movement"])
            yield _statement(loaded, statement, own, (len(wanted), len(wanted - known)))
            known = known | wanted


def _statement(
    loaded: Loaded, statement: Statement, rows: pl.DataFrame, counts: tuple[int, int]
) -> StatementRead:
    days: list[date] = rows["booked"].drop_nulls().sort().to_list()
    return StatementRead(
        file=loaded.file.path,
        line=statement.line,
        account=statement.account,
        currency=statement.currency,
        number=statement.number,
        opening=statement.opening,
        closing=statement.closing,
        first=days[0] if days else None,
        last=days[-1] if days else None,
        movements=rows.height,
        received=int(rows.filter(pl.col("kind") == "payment")["amount"].sum()),
        to_letter=counts[0],
        new=counts[1],
    )
