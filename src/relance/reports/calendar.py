"""Tasks as a calendar file (RFC 5545), which any calendar takes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta

from relance.dunning.worklist import Work

_LONGEST = 75
"""Octets of a line; longer ones are folded (RFC 5545 §3.1)."""


def calendar(works: Iterable[Work], creditor: str, now: datetime) -> str:
    """Return the tasks that are due on a day as all-day events, lines ending in CRLF.

    An event keeps its UID whatever becomes of its task: imported again, it is replaced. `now` is
    UTC.
    """
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//relance//worklist//EN",
        "CALSCALE:GREGORIAN",
    ]
    for work in works:
        if work.due is not None:
            lines += _event(work, work.due, creditor, now)
    return "".join(f"{line}\r\n" for whole in [*lines, "END:VCALENDAR"] for line in _folded(whole))


def _event(work: Work, due: date, creditor: str, now: datetime) -> list[str]:
    name = work.debtor_name or work.debtor
    about = "\n".join(part for part in (", ".join(work.numbers), work.text) if part)
    return [
        "BEGIN:VEVENT",
        f"UID:task-{work.number}@{_word(creditor)}.relance",
        f"DTSTAMP:{now:%Y%m%dT%H%M%SZ}",
        f"DTSTART;VALUE=DATE:{due:%Y%m%d}",
        f"DTEND;VALUE=DATE:{due + timedelta(days=1):%Y%m%d}",
        f"SUMMARY:{_text(f'{work.number} · {name} · {work.subject}')}",
        *([f"DESCRIPTION:{_text(about)}"] if about else []),
        f"CATEGORIES:{_text(work.kind)}",
        "TRANSP:TRANSPARENT",
        "END:VEVENT",
    ]


def _word(text: str) -> str:
    return "".join(c for c in text if c.isascii() and c.isalnum()) or "creditor"


def _text(text: str) -> str:
    """Return `text` as a value of the type TEXT: what could end it or its line is escaped."""
    plain = "".join(c for c in text.replace("\r\n", "\n") if c == "\n" or c.isprintable())
    for sign in ("\\", ";", ","):
        plain = plain.replace(sign, f"\\{sign}")
    return plain.replace("\n", "\\n")


def _folded(line: str) -> Iterator[str]:
    """Yield the pieces of a line, none longer than allowed, no letter cut in two."""
    piece, size, most = "", 0, _LONGEST
    for letter in line:
        octets = len(letter.encode())
        if size + octets > most:
            yield piece
            piece, size, most = " ", 1, _LONGEST
        piece, size = piece + letter, size + octets
    yield piece
