"""Whether the record is whole, and whether all that stands beside it is what it tells."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, select

from relance.diagnostics import Diagnostic, Phrase, Rule, Severity
from relance.history import chain, codes, projection, schema
from relance.history.chain import START, Head
from relance.history.events import hash_of
from relance.language import N_

VERDICTS = {
    codes.CHANGED.code: "changed",
    codes.UNCHAINED.code: "changed",
    codes.REMOVED.code: "removed",
    codes.TRUNCATED.code: "truncated",
    codes.REWRITTEN.code: "rewritten",
    codes.DISPATCH_DIFFERS.code: "differs",
    codes.MESSAGE_DIFFERS.code: "differs",
    codes.ROWS_DIFFER.code: "differs",
    codes.ERASED_DIFFERS.code: "differs",
    codes.ERASED.code: "erased",
}
"""The verdict that each code stands for; `intact` is that there is none but `erased`."""

_GRAVEST = ("rewritten", "truncated", "removed", "changed", "differs")
_table = schema.events
_AT_ONCE = 5000


@dataclass(frozen=True, slots=True)
class Known:
    """A head that was kept outside the database; `source` says where, for people."""

    head: Head
    source: str


@dataclass(frozen=True, slots=True)
class Verification:
    """What was found.

    Attributes:
        head: the last event's number and hash.
        events: how many there are.
        erased: how many tell no personal data any more.
        findings: all that is not as it was recorded, and what was erased.
    """

    head: Head
    events: int
    erased: int
    findings: tuple[Diagnostic, ...]

    @property
    def verdict(self) -> str:
        """Return the gravest verdict; "intact" when nothing is wrong."""
        wrong = {VERDICTS[f.code] for f in self.findings if f.severity is Severity.ERROR}
        return next((verdict for verdict in _GRAVEST if verdict in wrong), "intact")


class _Walk:
    """Goes along the chain once and gathers what the record tells of the other tables."""

    def __init__(self, known: Iterable[Known]) -> None:
        self.head = Head()
        self.events = 0
        self.told = projection.Told()
        self._known = list(known)

    def findings(self, connection: Connection) -> Iterator[Diagnostic]:
        while rows := _after(connection, self.head.seq):
            for row in rows:
                yield from self._step(row)
        for known in self._known:
            if known.head.seq > self.head.seq:
                yield _about_head(codes.TRUNCATED, known, self.head)

    def _step(self, row: Mapping[str, Any]) -> Iterator[Diagnostic]:
        last, self.head = self.head, Head(row["seq"], row["hash"] or START)
        self.events += 1
        self.told.hear(row)
        if row["hash"] is None or row["seal"] is None:
            yield _about(codes.UNCHAINED, row)
            return
        fits = hash_of(last.hash, row) == row["hash"]
        if not fits and row["seq"] > last.seq + 1:
            span = {"first": last.seq + 1, "last": row["seq"] - 1}
            yield Diagnostic(codes.REMOVED, facts=span)
        elif not fits or not _is_sealed(row):
            yield _about(codes.CHANGED, row)
        for known in self._known:
            if known.head.seq == row["seq"] and not row["hash"].startswith(known.head.hash):
                yield _about_head(codes.REWRITTEN, known, self.head)


def verify(connection: Connection, known: Sequence[Known] = ()) -> Verification:
    """Return whether the record is whole; `known` are heads that were kept outside."""
    walk = _Walk(known)
    findings = list(walk.findings(connection))
    findings += projection.findings(connection, walk.told)
    erased = sum(walk.told.erased.values())
    return Verification(walk.head, walk.events, erased, tuple(findings))


def _after(connection: Connection, number: int) -> list[dict[str, Any]]:
    wanted = select(_table).where(_table.c.seq > number).order_by(_table.c.seq).limit(_AT_ONCE)
    return [row._asdict() for row in connection.execute(wanted)]


def _is_sealed(row: Mapping[str, Any]) -> bool:
    """Return whether what may be personal is as it was sealed, or was erased since."""
    if row["salt"] is None:
        return row["erased"] is not None
    personal = (row["debtor"], row["item"], row["data"])
    return row["erased"] is None and chain.seal(row["salt"], *personal) == row["seal"]


def _about(rule: Rule, row: Mapping[str, Any]) -> Diagnostic:
    return Diagnostic(rule, facts={"seq": row["seq"], "type": row["type"], "at": row["at"][:10]})


def _about_head(rule: Rule, known: Known, head: Head) -> Diagnostic:
    return Diagnostic(
        rule, facts={"known": known.head.seq, "last": head.seq, "source": Phrase(known.source)}
    )


GIVEN = N_("the head that was given")
WITNESS = N_("the witness of the project")
"""Where heads come from, in the words of messages."""
