"""What came out of the policy's files: items, debtors, what was understood and what was not."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import polars as pl

from relance.diagnostics import Diagnostic, has_errors
from relance.ledger.schema import DEBTORS, ITEMS, empty
from relance.policy.model import CsvSource, Policy


@dataclass(frozen=True)
class FileRead:
    """A file that was read.

    Attributes:
        source: name of the source in relance.yaml ("customers" for the customers' file).
        path: relative to the project, with forward slashes.
        kind: "csv" or "fec".
        rows: rows taken as data, the rejected ones included.
        fingerprint: SHA-256 of its bytes, in hexadecimal.
        detected: what was understood of its form, by name (encoding, delimiter, dates, ...).
        modified: time of last change, in whole seconds since the epoch.
    """

    source: str
    path: str
    kind: str
    rows: int
    fingerprint: str
    detected: Mapping[str, str] = field(default_factory=dict)
    modified: int = 0


@dataclass(frozen=True)
class Reading:
    """All that the policy's files hold.

    Attributes:
        items: columns of `ledger.schema.ITEMS`; `item` is null, `due` is null when only terms give it.
        debtors: columns of `ledger.schema.DEBTORS`; no rows without a customers' file.
        diagnostics: everything there is to say about the files, rows included.
        files: the files read, in the order of the policy.
        refused: a file was refused whole; nothing may be sent on such a reading.
    """

    items: pl.DataFrame
    debtors: pl.DataFrame
    diagnostics: tuple[Diagnostic, ...]
    files: tuple[FileRead, ...]
    refused: bool


def read(policy: Policy) -> Reading:
    """Return what the sources and the customers' file of `policy` hold.

    Files are looked for under `policy.root`. No fault in a file raises: it is a diagnostic, and
    one of severity error refuses the reading.
    """
    from relance.intake.customers import read_customers
    from relance.intake.receivables import read_csv

    items, debtors = [empty(ITEMS)], empty(DEBTORS)
    said: list[Diagnostic] = []
    files: list[FileRead] = []
    for source in policy.sources:
        if isinstance(source, CsvSource):
            frame, findings, read_files = read_csv(source, policy.creditor, policy.root)
        else:
            from relance.intake.fec import read_fec

            frame, findings, read_files = read_fec(source, policy.root)
        items.append(frame)
        said += findings
        files += read_files
    if policy.customers:
        debtors, findings, read_files = read_customers(
            policy.customers, policy.creditor, policy.root
        )
        said += findings
        files += read_files
    return Reading(pl.concat(items), debtors, tuple(said), tuple(files), has_errors(said))
