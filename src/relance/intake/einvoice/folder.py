"""A folder of e-invoices as items and debtors."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import polars as pl

from relance.diagnostics import Diagnostic, Rule, Span
from relance.intake import codes as file_codes
from relance.intake import einvoice_codes as codes
from relance.intake.einvoice import cii, pdf, ubl
from relance.intake.einvoice.copies import once
from relance.intake.einvoice.document import Document
from relance.intake.einvoice.frames import debtors_frame, items_frame
from relance.intake.einvoice.items import Taken, taken
from relance.intake.einvoice.markup import LARGEST, name_of, root_of
from relance.intake.files import ANY_FORMAT, Content, load, matching, relative
from relance.intake.findings import BOUND, Refusal, refuse, shown
from relance.intake.reading import FileRead
from relance.policy.model import EinvoiceSource, Policy

_READERS = {**dict.fromkeys(ubl.ROOTS, ubl.read), **dict.fromkeys(cii.ROOTS, cii.read)}
_OLD = "CrossIndustryDocument"


@dataclass
class Gathered:
    """What the files of one source gave.

    Attributes:
        taken: of the documents that were read.
        findings: of the files that were not.
        prints: SHA-256 of each file that was opened, by its path.
        modified: last change of any of them.
    """

    taken: list[Taken] = field(default_factory=list)
    findings: list[Diagnostic] = field(default_factory=list)
    prints: dict[str, str] = field(default_factory=dict)
    modified: int = 0


@dataclass(frozen=True)
class Folder:
    """What a source of e-invoices holds.

    Attributes:
        items: columns of `ledger.schema.ITEMS`; the debtor is the invoice's own id of it.
        debtors: columns of `ledger.schema.DEBTORS`, `legal` and `numbers`, one row per own id.
        findings: all that is said of the files.
        read: the source as one file, for the record; empty if it was refused.
    """

    items: pl.DataFrame
    debtors: pl.DataFrame
    findings: list[Diagnostic]
    read: list[FileRead]


def read_einvoices(source: EinvoiceSource, policy: Policy) -> Folder:
    """Return what the files of `source` hold.

    A file that cannot be read gives a diagnostic of severity error, which refuses the source: it
    may be a credit note. What is no invoice of the creditor, or lacks what a claim needs, is a
    warning.
    """
    try:
        paths = _files(policy.root, source.path)
    except Refusal as refusal:
        nothing = items_frame([], source)[0], debtors_frame([])[0]
        return Folder(*nothing, list(refusal.diagnostics), [])
    opened, beside = _without_doubles(paths)
    gathered = _gather(opened, policy)
    rows, doubles = once([t.item for t in gathered.taken if t.item is not None])
    items, unsafe = items_frame(rows, source)
    said = [*gathered.findings, *(f for t in gathered.taken for f in t.findings), *doubles]
    said += _pay_to(rows, policy)
    parties = [t.debtor for t in gathered.taken if t.debtor is not None]
    debtors, odd = debtors_frame(parties)
    if unsafe + odd:
        said.append(Diagnostic(file_codes.CLEANED, Span(source.path), {"count": unsafe + odd}))
    if source.full and not rows:
        said.append(Diagnostic(codes.NOTHING_TAKEN, Span(source.path)))
    forms = Counter(row["form"] for row in rows)
    told = _told(source, forms, items, (len(paths), beside))
    return Folder(items, debtors, [*_bounded(said), *told], [_as_file(source, gathered, forms)])


def _files(root: Path, path: str) -> list[Path]:
    """Return the files of a folder (XML and PDF), or those that match a pattern."""
    if not (root / path).is_dir():
        return matching(root, path)
    inside = matching(root, path.rstrip("/") + "/*")
    wanted = [file for file in inside if file.suffix.lower() in (".xml", ".pdf")]
    if not wanted:
        raise refuse(file_codes.NO_FILE, path, pattern=f"{shown(path)}/*.xml, *.pdf")
    return wanted


def _without_doubles(paths: list[Path]) -> tuple[list[Path], int]:
    """Return the files in the order of their names without PDFs beside their XML, and how many those are."""
    with_xml = {path.with_suffix("") for path in paths if path.suffix.lower() == ".xml"}
    opened = [
        path
        for path in sorted(paths)
        if path.suffix.lower() != ".pdf" or path.with_suffix("") not in with_xml
    ]
    return opened, len(paths) - len(opened)


def _gather(paths: list[Path], policy: Policy) -> Gathered:
    found = Gathered()
    readable = pdf.is_readable()
    waiting = 0
    for path in paths:
        try:
            content = _content(policy.root, path)
            in_pdf = content.data[:1024].lstrip().startswith(b"%PDF")
            if in_pdf and not readable:
                waiting += 1
                continue
            document = _document(content, in_pdf)
        except Refusal as refusal:
            found.findings += refusal.diagnostics
            continue
        found.prints[content.path] = content.fingerprint
        found.modified = max(found.modified, content.modified)
        form = "PDF" if in_pdf else document.syntax
        found.taken.append(taken(document, content.path, form, policy.creditor))
    if waiting:
        first = next(path for path in paths if path.suffix.lower() == ".pdf")
        place = Span(relative(policy.root, first))
        found.findings.append(Diagnostic(codes.NO_EXTRA, place, {"count": waiting}))
    return found


def _content(root: Path, path: Path) -> Content:
    """Return the content of `path`.

    Raises:
        Refusal: if it cannot be read, or is larger than an invoice is.
    """
    try:
        size = path.stat().st_size / 1e6
    except OSError as error:
        reason = error.strerror or str(error)
        raise refuse(file_codes.UNREADABLE, relative(root, path), reason=reason) from error
    if size > LARGEST:
        raise refuse(codes.TOO_LARGE, relative(root, path), size=f"{size:.0f}", most=LARGEST)
    return load(root, path, ANY_FORMAT)


def _document(content: Content, in_pdf: bool) -> Document:
    """Return what the file says.

    Raises:
        Refusal: if it cannot be read (error), or is no e-invoice (warning).
    """
    file, data = content.path, content.data
    if in_pdf:
        inside = pdf.embedded(data, file)
        if inside is None:
            raise refuse(codes.PLAIN_PDF, file)
        data = inside
    root = root_of(data, file)
    read = _READERS.get(str(root.tag))
    if read is None:
        name = name_of(root)
        what = f"{name} (ZUGFeRD 1.0)" if name == _OLD else name
        raise refuse(codes.NO_INVOICE, file, 1, what=shown(what))
    return read(root)


def _pay_to(rows: list[dict[str, object]], policy: Policy) -> Iterator[Diagnostic]:
    """Yield, for each account that is not the creditor's, how many invoices name no other."""
    ours = {account.iban.replace(" ", "").upper() for account in policy.bank_accounts}
    named: dict[str, list[dict[str, object]]] = {}
    for row in rows:
        accounts = row["accounts"]
        if isinstance(accounts, list) and accounts and not ours & set(accounts):
            named.setdefault(accounts[0], []).append(row)
    for iban, of in sorted(named.items()) if ours else ():
        first = of[0]
        place = Span(str(first["file"]), first["line"] if isinstance(first["line"], int) else None)
        facts = {"iban": shown(iban), "count": len(of), "number": shown(first["number"])}
        yield Diagnostic(codes.PAY_TO, place, facts)


def _bounded(said: list[Diagnostic]) -> Iterator[Diagnostic]:
    """Yield the first findings of each rule, and of the others how many there are."""
    by_rule: dict[Rule, list[Diagnostic]] = {}
    for one in said:
        by_rule.setdefault(one.rule, []).append(one)
    for rule, of in by_rule.items():
        yield from of[:BOUND]
        if len(of) > BOUND:
            last = of[-1].span
            facts = {"code": rule.code, "count": len(of) - BOUND, "shown": BOUND,
                     "last": last.file if last else ""}  # fmt: skip
            yield Diagnostic(codes.MORE, of[BOUND].span, facts)


def _told(
    source: EinvoiceSource, forms: Counter[str], items: pl.DataFrame, counts: tuple[int, int]
) -> Iterator[Diagnostic]:
    files, beside = counts
    facts = {
        "files": files, "taken": items.height, "ubl": forms["UBL"], "cii": forms["CII"],
        "pdf": forms["PDF"], "credits": items.filter(pl.col("kind") == "credit_note").height,
    }  # fmt: skip
    yield Diagnostic(codes.READ, Span(source.path), facts)
    if beside:
        yield Diagnostic(codes.BESIDE, Span(source.path), {"count": beside})


def _as_file(source: EinvoiceSource, gathered: Gathered, forms: Counter[str]) -> FileRead:
    """Return the folder as one file whose fingerprint is that of all its invoices."""
    joined = "".join(f"{path}\n{mark}\n" for path, mark in sorted(gathered.prints.items()))
    mark = hashlib.sha256(joined.encode("utf-8", "surrogateescape")).hexdigest()
    counts = {form: str(count) for form, count in sorted(forms.items())}
    rows = sum(forms.values())
    return FileRead(source.name, source.path, "einvoice", rows, mark, counts, gathered.modified)
