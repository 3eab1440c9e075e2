"""A CSV source of receivables as items."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from relance.diagnostics import Diagnostic, Span
from relance.intake import codes, quadra
from relance.intake.amount_cells import Settings
from relance.intake.amounts import Mark
from relance.intake.columns import Wanted
from relance.intake.duplicates import once_per_invoice, without_lettered, without_repeats
from relance.intake.echo import NONE, form, left_out, understood
from relance.intake.encoding import Text, read_text
from relance.intake.files import Content, load, matching, newest
from relance.intake.findings import Refusal, refuse, shown
from relance.intake.headers import Heading, find_heading
from relance.intake.items import Typed, type_items
from relance.intake.presets import Preset
from relance.intake.reading import FileRead
from relance.intake.records import tabulate
from relance.intake.rows import Raw, extract
from relance.intake.sieve import Sieve
from relance.intake.synonyms import receivables
from relance.intake.texts import as_iban, is_plain
from relance.ledger.schema import ITEMS, conform, empty
from relance.policy.model import Creditor, CsvSource, XlsxSource

RowsSource = CsvSource | XlsxSource
"""Sources whose files have a row per item."""

REQUIRED = (("number",), ("amount", "open", "debit"))


@dataclass(frozen=True)
class Table:
    """A file as delimited text, however it was stored.

    Attributes:
        content: the bytes of the file.
        text: its rows.
        delimiter: between the cells; None to detect it.
        decimal: decimal mark of the amounts; None to detect it.
        said: what was said of the file so far.
    """

    content: Content
    text: Text
    delimiter: str | None
    decimal: Mark | None
    said: tuple[Diagnostic, ...] = ()


def read_csv(
    source: CsvSource, creditor: Creditor, root: Path
) -> tuple[pl.DataFrame, list[Diagnostic], list[FileRead]]:
    """Return the items of a source's files, what is said of them, and the files read.

    Items have the columns of `ledger.schema.ITEMS`. A file that is refused gives no items and a
    diagnostic of severity error.
    """

    def opened(path: Path) -> Table:
        content = load(root, path)
        accepted = source.unterminated == "accept"
        text = read_text(content.data, content.path, source.encoding, accepted)
        return Table(content, text, source.delimiter, source.decimal)

    return read_files(source, creditor, root, opened)


def read_files(
    source: RowsSource, creditor: Creditor, root: Path, opened: Callable[[Path], Table]
) -> tuple[pl.DataFrame, list[Diagnostic], list[FileRead]]:
    """Return what `read_csv` does, of files that `opened` makes delimited text of."""
    try:
        files = matching(root, source.path)
    except Refusal as refusal:
        return empty(ITEMS), list(refusal.diagnostics), []
    said: list[Diagnostic] = []
    if (source.files or ("newest" if source.full else "all")) == "newest":
        last, said = newest(root, files)
        files = [last]
    frames, read = [empty(ITEMS)], []
    for path in files:
        try:
            items, findings, file = _read_table(opened(path), source, creditor)
        except Refusal as refusal:
            said += refusal.diagnostics
            continue
        said += findings
        frames.append(items)
        read.append(file)
    return pl.concat(frames), said, read


def _read_table(
    table: Table, source: RowsSource, creditor: Creditor
) -> tuple[pl.DataFrame, list[Diagnostic], FileRead]:
    content, text = table.content, table.text
    file = content.path
    raw, heading, preset = _rows(table, source)
    unread = refuse(codes.NO_ROWS, file, heading.line if heading else None)
    if source.full and not raw.frame.height:
        raise unread
    typed = type_items(
        raw.frame, raw.names, file, preset, _settings(table, source, creditor, preset)
    )
    if source.full and not typed.frame.height and typed.rejected:
        raise Refusal(*typed.diagnostics, *unread.diagnostics)
    sieve = _once(file, typed.frame, preset)
    rows = raw.frame.height
    found = form(text, heading, typed.decimal, typed.dates)
    if source.kind == "xlsx":
        found["delimiter"] = NONE
    found["preset"] = preset.name if preset else NONE
    found["skipped"] = str(raw.blank + raw.sums + raw.headings + raw.headers)
    said = [
        *table.said,
        *text.diagnostics,
        *understood(file, heading, found, rows),
        *_passed_over(file, heading, raw, typed),
        *typed.diagnostics,
        *sieve.diagnostics,
        *left_out(file, rows, typed.rejected + sieve.rejected, raw.unsafe),
    ]
    read = FileRead(
        source.name, file, source.kind, rows, content.fingerprint, found, content.modified
    )
    return _items(sieve.frame, source, file), said, read


def _settings(
    table: Table, source: RowsSource, creditor: Creditor, preset: Preset | None
) -> Settings:
    fixed = quadra.DECIMAL if preset is quadra.PRESET else None
    return Settings(
        table.decimal or fixed, source.dates, source.currency, creditor.currency, creditor.country
    )


def _once(file: str, frame: pl.DataFrame, preset: Preset | None) -> Sieve:
    """Return the items without lines of one invoice, repeats, and lettered rows that balance."""
    sieve = Sieve(file, frame)
    if preset and preset.by_line:
        once_per_invoice(sieve)
    without_repeats(sieve)
    without_lettered(sieve)
    return sieve


def _rows(table: Table, source: RowsSource) -> tuple[Raw, Heading | None, Preset | None]:
    text, file = table.text, table.content.path
    if source.preset == quadra.PRESET.name or (not source.preset and quadra.looks_like(text.data)):
        return quadra.extract(text.data, file), None, quadra.PRESET
    heading = find_heading(text.data, file, wanted(source), table.delimiter)
    raw = extract(tabulate(text.data, file, heading), heading, is_plain(text.data))
    if raw.frame.height and not {"debtor", "debtor_name"} & set(raw.frame.columns):
        headers = ", ".join(shown(cell) for cell in heading.cells if cell)
        raise refuse(
            codes.NO_COLUMN, file, heading.line,
            missing="debtor", headers=headers, example="debtor", nearest="–",
        )  # fmt: skip
    return raw, heading, heading.preset


def wanted(source: RowsSource) -> Wanted:
    """Return what is asked of the columns of a file of `source`."""
    return Wanted(receivables(), REQUIRED, source.columns, source.preset, presets=True)


def _passed_over(file: str, heading: Heading | None, raw: Raw, typed: Typed) -> list[Diagnostic]:
    said = []
    passed = {
        "preamble": heading.line - 1 if heading else 0,
        "blank": raw.blank,
        "sums": raw.sums,
        "headings": raw.headings,
        "headers": raw.headers,
    }
    if any(passed.values()):
        said.append(Diagnostic(codes.SKIPPED, Span(file), passed))
    out = {"drafts": raw.drafts, "accounts": raw.accounts, "suppliers": typed.suppliers}
    if any(out.values()):
        said.append(Diagnostic(codes.LEFT_OUT, Span(file), out))
    return said


def _items(frame: pl.DataFrame, source: RowsSource, file: str) -> pl.DataFrame:
    if "virtual_iban" in frame.columns:
        frame = frame.with_columns(virtual_iban=as_iban("virtual_iban"))
    return conform(
        frame.rename({"email": "debtor_email"}, strict=False).with_columns(
            source=pl.lit(source.name),
            file=pl.lit(file),
            terms=pl.lit(source.terms, pl.String),
            balance=pl.col("open"),
            doubtful=pl.lit(False),
        ),
        ITEMS,
    )
