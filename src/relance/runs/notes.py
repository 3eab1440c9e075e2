"""Notes on debtors, invoices and notices, and the files that they name."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl

from relance.diagnostics import Diagnostic
from relance.history.store import History
from relance.history.values import Record
from relance.ledger.build import number_in
from relance.runs import debtor_codes as codes
from relance.runs.portfolio import Portfolio
from relance.runs.subjects import bears

NOTE = "note"
KEY_LENGTH = 6
"""Characters of a notice's key that must be given at least: a number of an invoice may be a prefix."""


@dataclass(frozen=True, slots=True)
class Note:
    """A note as somebody writes it.

    `subject` is the number of a debtor or an invoice, or the beginning of a notice's key;
    `debtor` says whose invoice it is where several have the number.
    """

    subject: str
    text: str
    day: date
    by: str
    debtor: str | None = None
    attachments: Sequence[Path] = ()


@dataclass(frozen=True, slots=True)
class Subject:
    """What a note is about: a debtor, one of its items, or a notice to it."""

    debtor: str
    item: str | None = None
    notice: str | None = None

    def __str__(self) -> str:
        return self.notice or self.item or self.debtor


def add_note(note: Note, portfolio: Portfolio, history: History) -> int | list[Diagnostic]:
    """Record `note`; return the number of its event, or what is wrong with it."""
    made = written(note, portfolio)
    if isinstance(made, list):
        return made
    (number,) = history.record([made])
    return number


def written(note: Note, portfolio: Portfolio) -> Record | list[Diagnostic]:
    """Return `note` as it is recorded, or what is wrong with it."""
    if not note.text.strip():
        return [Diagnostic(codes.EMPTY_NOTE)]
    subject = subject_of(note.subject, note.debtor, portfolio)
    if isinstance(subject, Diagnostic):
        return [subject]
    attached = [_attachment(path, portfolio.policy.root) for path in note.attachments]
    missing = [fault for fault in attached if isinstance(fault, Diagnostic)]
    if missing:
        return missing
    facts = {"notice": subject.notice, "attachments": attached or None}
    return Record(
        type=NOTE,
        day=note.day,
        debtor=subject.debtor,
        item=subject.item,
        reason=note.text.strip(),
        by=note.by,
        facts={name: value for name, value in facts.items() if value},
    )


def subject_of(text: str, debtor: str | None, portfolio: Portfolio) -> Subject | Diagnostic:
    """Return what `text` names; a finding where it names nothing, or several things."""
    found = sorted(set(_subjects(text, portfolio)), key=str)
    if debtor is not None:
        found = [
            subject for subject in found if subject.debtor == debtor and str(subject) != debtor
        ]
    if len(found) == 1:
        return found[0]
    if not found:
        return Diagnostic(codes.NO_NOTED, None, {"subject": text})
    named = ", ".join(str(subject) for subject in found[:5])
    return Diagnostic(codes.SEVERAL_NOTED, None, {"subject": text, "found": named})


def _subjects(text: str, portfolio: Portfolio) -> Iterator[Subject]:
    """Yield all that `text` may name: paid invoices and notices of long ago as well."""
    known = {*portfolio.debtors["debtor"], *portfolio.facts["debtor"]}
    if text in known:
        yield Subject(text)
    wanted = "".join(text.split()).upper()
    facts, past = portfolio.facts, portfolio.past
    rows = facts.filter(bears(text))
    for debtor, item in rows.select("debtor", "item").iter_rows():
        yield Subject(debtor, item)
    if rows.is_empty():
        for debtor, item in _gone(portfolio).iter_rows():
            if number_in(item) == wanted or item == text:
                yield Subject(debtor, item)
    if len(text) >= KEY_LENGTH:
        sent = past.levels.filter(pl.col("dispatch").str.starts_with(text.lower()))
        for item, key in sent.select("item", "dispatch").iter_rows():
            yield Subject(_debtor_of(item, facts), notice=key)


def _gone(portfolio: Portfolio) -> pl.DataFrame:
    """Return the receivables that no export has any more and the history knows: debtor, item."""
    paid = portfolio.past.allocations.select("debtor", "item")
    dunned = portfolio.past.levels.select(
        pl.col("item").str.split("|").list.first().alias("debtor"), "item"
    )
    return pl.concat([paid, dunned]).unique("item", keep="first").sort("item")


def _debtor_of(item: str, facts: pl.DataFrame) -> str:
    """Return the debtor of `item`: as the sources have it, else as the identity tells."""
    rows = facts.filter(pl.col("item") == item)["debtor"]
    return str(rows[0]) if len(rows) else item.partition("|")[0]


def _attachment(path: Path, root: Path) -> dict[str, Any] | Diagnostic:
    """Return the path (from the project's folder where it is inside), SHA-256 and size of a file."""
    whole = path.absolute()
    digest = _digest(whole)
    if digest is None:
        return Diagnostic(codes.NO_FILE, None, {"path": str(path)})
    folder = root.absolute()
    inside = whole.is_relative_to(folder)
    kept = whole.relative_to(folder) if inside else whole
    return {"path": str(kept), "sha256": digest, "bytes": whole.stat().st_size}


def _digest(path: Path) -> str | None:
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError:
        return None


def notes_of(history: History, root: Path, debtor: str | None = None) -> list[dict[str, Any]]:
    """Return the notes, of `debtor` if one is given, oldest first, as JSON.

    Each of its attachments has a `state`: as_attached, changed or missing. A note that was erased
    has no text any more and is left out.
    """
    told = history.told((NOTE,), debtor)
    return [_told(event, root) for event in told if event.get("reason")]


def _told(event: Mapping[str, Any], root: Path) -> dict[str, Any]:
    return {
        "note": event["seq"],
        "date": event["date"],
        "debtor": event["debtor"],
        "number": number_in(event["item"]) if event["item"] else None,
        "item": event["item"],
        "notice": event.get("notice"),
        "text": event["reason"],
        "by": event.get("by"),
        "attachments": [
            {**each, "state": _state(root / each["path"], each["sha256"])}
            for each in event.get("attachments", ())
        ],
    }


def _state(path: Path, sha256: str) -> str:
    digest = _digest(path)
    if digest is None:
        return "missing"
    return "as_attached" if digest == sha256 else "changed"


_STATES = {"changed": codes.ATTACHMENT_CHANGED, "missing": codes.ATTACHMENT_MISSING}


def findings_of(notes: Sequence[Mapping[str, Any]]) -> list[Diagnostic]:
    """Return a warning for each attachment that is not there, or not what was attached."""
    return [
        Diagnostic(_STATES[each["state"]], None, {"path": each["path"], "note": note["note"]})
        for note in notes
        for each in note["attachments"]
        if each["state"] in _STATES
    ]
