"""What came out of the policy's files: items, debtors, what was understood and what was not."""

from __future__ import annotations

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import date

import polars as pl

from relance.diagnostics import Diagnostic, has_errors
from relance.intake.stillness import marks_of, moved
from relance.ledger.schema import DEBTORS, ITEMS, MOVEMENTS, RECEIVABLE_KINDS, empty
from relance.ledger.settling import ENTRIES
from relance.policy.model import CsvSource, FecSource, ItemSource, Policy, XlsxSource


@dataclass(frozen=True)
class FileRead:
    """A file that was read.

    Attributes:
        source: name of the source in relance.yaml ("customers" for the customers' file).
        path: relative to the project, with forward slashes.
        kind: "csv", "fec", "bank".
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
        movements: columns of `ledger.schema.MOVEMENTS`, each movement once.
        debtors: columns of `ledger.schema.DEBTORS`; those of the customers' file, then those
            whom only e-invoices name.
        diagnostics: everything there is to say about the files, rows included.
        files: the files read, in the order of the policy.
        refused: a file was refused whole; nothing may be sent on such a reading.
        later: names of the sources that hold items of after `Wanted.until`: they tell how things
            were on a later day, unless they tell when.
        kept: by `source` and `currency`, `first`: date of issue of the oldest receivable that is
            settled; `keeps`: whether as many are settled as are open, or more. Of the whole files.
        entries: columns of `ledger.settling.ENTRIES`, of ledgers (FEC), where they were asked for.
    """

    items: pl.DataFrame
    debtors: pl.DataFrame
    diagnostics: tuple[Diagnostic, ...]
    files: tuple[FileRead, ...]
    refused: bool
    movements: pl.DataFrame = field(default_factory=lambda: empty(MOVEMENTS))
    entries: pl.DataFrame = field(default_factory=lambda: empty(ENTRIES))
    later: frozenset[str] = frozenset()
    kept: pl.DataFrame = field(default_factory=lambda: _kept(empty(ITEMS)))


@dataclass(frozen=True)
class Wanted:
    """What is wanted of the files beside the items as they stand.

    Attributes:
        until: nothing dated after this day counts; None for all.
        entries: whether the entries of ledgers are wanted too.
    """

    until: date | None = None
    entries: bool = False


ITEMS_ONLY = Wanted()


def read(policy: Policy, wanted: Wanted = ITEMS_ONLY) -> Reading:
    """Return what the sources and the customers' file of `policy` hold.

    Files are looked for under `policy.root`. No fault in a file raises: it is a diagnostic, and
    one of severity error refuses the reading.
    """
    before = marks_of(policy)
    with ThreadPoolExecutor(2) as other:  # the customers and the banks are read beside the sources
        customers, banks = other.submit(_customers, policy), other.submit(_banks, policy)
        beside = _Beside(wanted)
        sources = [_source(source, policy, beside) for source in policy.item_sources]
        parts = [*sources, banks.result(), customers.result()]
    items = pl.concat([empty(ITEMS), *(frame for frame, _, _ in sources)])
    said = [finding for _, findings, _ in parts for finding in findings]
    said += moved(before, marks_of(policy))
    files = tuple(file for _, _, read_files in parts for file in read_files)
    movements, debtors = parts[-2][0], parts[-1][0]
    if beside.buyers:
        names = [source.name for source in policy.item_sources if source.kind == "einvoice"]
        items, debtors, findings = _with_buyers(items, names, beside.buyers, debtors)
        said += findings
    later: frozenset[str] = frozenset()
    kept = _kept(items if wanted.entries else empty(ITEMS))
    if wanted.until is not None:
        after = pl.col("issued") > wanted.until
        later = frozenset(items.filter(after)["source"].unique())
        items = _open_again(items.filter(~after.fill_null(value=False)), wanted.until)
        movements = movements.filter(pl.col("booked") <= wanted.until)
    entries = pl.concat([empty(ENTRIES), *beside.entries])
    return Reading(
        items, debtors, tuple(said), files, has_errors(said), movements, entries, later, kept
    )


def _kept(items: pl.DataFrame) -> pl.DataFrame:
    settled = pl.col("open") == 0
    claims = items.lazy().filter(pl.col("kind").is_in(RECEIVABLE_KINDS))
    sums = claims.group_by("source", "currency").agg(
        first=pl.col("issued").filter(settled).min(), keeps=settled.sum() >= (~settled).sum()
    )
    return sums.collect()


def _open_again(items: pl.DataFrame, day: date) -> pl.DataFrame:
    """Return `items` with those open in full that were settled after `day`."""
    later = (pl.col("settled_on") > day).fill_null(value=False) & (pl.col("open") == 0)
    return items.with_columns(
        *(
            pl.when(later).then("amount").otherwise(name).alias(name)
            for name in ("open", "balance")
        ),
        pl.when(~later).then("settled_on").alias("settled_on"),
    )


@dataclass
class _Beside:
    """What sources tell beside their items: debtors that invoices name, entries of ledgers."""

    wanted: Wanted
    buyers: list[pl.DataFrame] = field(default_factory=list)
    entries: list[pl.DataFrame] = field(default_factory=list)


_Part = tuple[pl.DataFrame, list[Diagnostic], list[FileRead]]


def _source(source: ItemSource, policy: Policy, beside: _Beside) -> _Part:
    """Return what `source` holds; what it tells beside that is added to `beside`."""
    if isinstance(source, CsvSource):
        from relance.intake.receivables import read_csv

        return read_csv(source, policy.creditor, policy.root)
    if isinstance(source, FecSource):
        from relance.intake.fec import Kept, read_fec

        entries = beside.entries if beside.wanted.entries else None
        return read_fec(source, policy.root, Kept(beside.wanted.until, entries))
    if isinstance(source, XlsxSource):
        from relance.intake.xlsx import read_xlsx

        return read_xlsx(source, policy.creditor, policy.root)
    from relance.intake.einvoice.folder import read_einvoices

    folder = read_einvoices(source, policy)
    beside.buyers.append(folder.debtors)
    return folder.items, folder.findings, folder.read


def _with_buyers(
    items: pl.DataFrame, sources: list[str], buyers: list[pl.DataFrame], customers: pl.DataFrame
) -> tuple[pl.DataFrame, pl.DataFrame, list[Diagnostic]]:
    from relance.intake.einvoice.buyers import with_customers

    return with_customers(items, sources, buyers, customers)


def _banks(policy: Policy) -> _Part:
    if not policy.bank_sources:
        return empty(MOVEMENTS), [], []
    from relance.intake.bank.reading import gather, settle

    accounts = [account.iban for account in policy.bank_accounts]
    sources = [gather(s, policy.creditor, policy.root, accounts) for s in policy.bank_sources]
    return settle(sources, accounts)


def _customers(policy: Policy) -> _Part:
    from relance.intake.customers import read_customers

    if policy.customers is None:
        return empty(DEBTORS), [], []
    return read_customers(policy.customers, policy.creditor, policy.root)
