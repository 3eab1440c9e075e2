"""Bank sources as movements: files read, checked, and each movement taken once."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from relance.diagnostics import Diagnostic, Severity, Span, has_errors
from relance.intake.bank import checks, codes
from relance.intake.bank.doubles import told_twice
from relance.intake.bank.forms import form_of, read_statement
from relance.intake.bank.frames import rows
from relance.intake.bank.identity import once
from relance.intake.bank.statement import Defaults, Statement
from relance.intake.files import Content, load, matching
from relance.intake.findings import Refusal, shown
from relance.intake.reading import FileRead
from relance.ledger.schema import MOVEMENTS, empty
from relance.policy.model import BankSource, Creditor

IMPORT = "import"
"""Source of movements of files that `relance import bank` names."""

_ALLOWED = ("XML", "JSON")
"""Formats of files that bank statements look like: MT940 begins with a brace, as JSON does."""

Movements = tuple[pl.DataFrame, list[Diagnostic], list[FileRead]]


@dataclass(frozen=True)
class Loaded:
    """One file of statements.

    Attributes:
        file: what is told of it.
        form: camt, coda, cfonb, mt940, ofx or csv.
        statements: what it holds; none if it is refused.
        frame: its movements, columns of `frames.ROWS`, without identity.
    """

    file: FileRead
    form: str
    statements: list[Statement]
    frame: pl.DataFrame


@dataclass(frozen=True)
class Gathered:
    """Files of statements on their way to movements, and what was said of them."""

    loaded: list[Loaded]
    said: list[Diagnostic]


def read_bank(
    source: BankSource, creditor: Creditor, root: Path, accounts: Collection[str] = ()
) -> Movements:
    """Return the movements of one source's files, what is said of them, and the files read.

    Movements have the columns of `ledger.schema.MOVEMENTS`, each once. `accounts` are the IBANs of
    accounts.yaml; without any no account is foreign. A file that is refused gives no movements and
    an error.
    """
    return settle([gather(source, creditor, root, accounts)], accounts)


def read_files(
    paths: Sequence[Path], creditor: Creditor, root: Path, accounts: Collection[str] = ()
) -> Movements:
    """Return the movements of the files `paths` (`relance import bank`), as `read_bank` does."""
    return settle([gather_files(paths, creditor, root, accounts)], accounts)


def gather_files(
    paths: Sequence[Path], creditor: Creditor, root: Path, accounts: Collection[str] = ()
) -> Gathered:
    """Return the files `paths`, read and checked one by one, each with its statements."""
    source = BankSource(name=IMPORT, kind="bank", path=IMPORT)
    defaults = _defaults(source, creditor, accounts)
    return _gather([root / path for path in paths], source, defaults, root)


def gather(
    source: BankSource, creditor: Creditor, root: Path, accounts: Collection[str] = ()
) -> Gathered:
    """Return the files of `source`, read and checked one by one."""
    try:
        files = matching(root, source.path)
    except Refusal as refusal:
        return Gathered([], list(refusal.diagnostics))
    return _gather(files, source, _defaults(source, creditor, accounts), root)


def settle(gathered: Iterable[Gathered], accounts: Collection[str] = ()) -> Movements:
    """Return the movements of all sources together, each once, with what is said and the files.

    Statements of several files are joined, and missing ones told.
    """
    parts = list(gathered)
    said = [finding for part in parts for finding in part.said]
    loaded = _distinct([one for part in parts for one in part.loaded], said)
    told = [checks.Told(one.file.path, s) for one in loaded for s in one.statements]
    whole = checks.joined(told)
    said += whole + checks.gaps(told) + checks.foreign(told, accounts)
    refused = _files_of(finding for finding in whole if finding.severity is Severity.ERROR)
    files = [one.file for part in parts for one in part.loaded if one.file.path not in refused]
    loaded = [one for one in loaded if one.file.path not in refused]
    if not loaded:
        return empty(MOVEMENTS), said, files
    together = pl.concat([one.frame for one in loaded])
    said += told_twice(together, {one.file.path: one.form for one in loaded})
    frame, repeated = once(together)
    for file, count in repeated.iter_rows():
        said.append(Diagnostic(codes.OVERLAP, Span(file), {"count": count}))
    return frame, said, files


def _files_of(findings: Iterable[Diagnostic]) -> set[str]:
    spans = [span for finding in findings for span in (finding.span, *finding.related)]
    return {span.file for span in spans if span}


def _distinct(loaded: list[Loaded], said: list[Diagnostic]) -> list[Loaded]:
    """Return the files by path, without those whose content another one has."""
    kept: dict[str, Loaded] = {}
    for one in sorted(loaded, key=lambda one: (one.file.path, one.file.source)):
        first = kept.setdefault(one.file.fingerprint, one)
        if first is not one and first.file.path != one.file.path:
            facts = {"other": shown(first.file.path)}
            said.append(Diagnostic(codes.SAME_FILE, Span(one.file.path), facts))
    return list(kept.values())


def _gather(files: Iterable[Path], source: BankSource, defaults: Defaults, root: Path) -> Gathered:
    loaded: list[Loaded] = []
    said: list[Diagnostic] = []
    for path in files:
        try:
            content = load(root, path, _ALLOWED)
        except Refusal as refusal:
            said += refusal.diagnostics
            continue
        found, findings = _load(content, source, defaults)
        said += findings
        if found is not None:
            loaded.append(found)
    return Gathered(loaded, said)


def _load(
    content: Content, source: BankSource, defaults: Defaults
) -> tuple[Loaded | None, list[Diagnostic]]:
    name = content.path
    form = source.format or form_of(content.data)
    statements, said = read_statement(content.data, name, defaults, source.format)
    if not has_errors(said):
        statements = _without_repeats(statements)
        said += checks.added_up(name, statements)
    if has_errors(said):
        return None, said
    frame = rows(statements, source.name, name)
    told = _told(statements, frame, form)
    if source.since is not None:
        kept = frame.filter(pl.col("booked") >= source.since)
        if kept.height < frame.height:
            facts = {"count": frame.height - kept.height, "since": source.since}
            said.append(Diagnostic(codes.EARLIER, Span(name), facts))
        frame = kept
    read = Diagnostic(codes.READ, Span(name), {"rows": frame.height, **told})
    file = FileRead(
        source.name, name, "bank", frame.height, content.fingerprint, told, content.modified
    )
    return Loaded(file, form, statements, frame), [read, *said]


def _without_repeats(statements: list[Statement]) -> list[Statement]:
    """Return `statements` without those that stand twice in the file, word for word."""
    kept: list[Statement] = []
    by_head: dict[tuple[object, ...], list[Statement]] = {}
    for one in statements:
        head = (one.account, one.currency, one.number, one.day, one.opening, one.closing)
        same = by_head.setdefault(head, [])
        if not any(_same(one, other) for other in same):
            same.append(one)
            kept.append(one)
    return kept


def _same(one: Statement, other: Statement) -> bool:
    return len(one.movements["amount"]) > 0 and all(
        list(one.movements[name]) == list(other.movements[name])
        for name in one.movements
        if name != "line"
    )


def _told(statements: Sequence[Statement], frame: pl.DataFrame, form: str) -> dict[str, str]:
    accounts = dict.fromkeys(shown(statement.account) for statement in statements)
    first, last = frame["booked"].min(), frame["booked"].max()
    return {
        "form": form,
        "statements": str(len(statements)),
        "accounts": ", ".join(accounts) or "–",
        "first": str(first or "–"),
        "last": str(last or "–"),
    }


def _defaults(source: BankSource, creditor: Creditor, accounts: Collection[str]) -> Defaults:
    """Return what files of `source` are taken to have; the only account where there is but one."""
    own = ["".join(iban.split()).upper() for iban in accounts]
    account = "".join(source.account.split()).upper() if source.account else None
    settings = {
        "columns": source.columns,
        "decimal": source.decimal,
        "dates": source.dates,
        "encoding": source.encoding,
        "delimiter": source.delimiter,
        "unterminated": source.unterminated,
        "country": creditor.country,
    }
    given = {name: value for name, value in settings.items() if value}
    only = own[0] if len(own) == 1 else None
    return Defaults(source.currency or creditor.currency, account or only, given)
