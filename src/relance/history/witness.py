"""A witness outside the database: how far the record went, and what left.

A line is added to `.relance/witness` after the record says that a message is about to leave, and
before it does. A database that knows less than its witness was restored from a backup, or another
copy of it ran. There are digests in it, no personal data.

It need not be synced to the disk: it survives the death of the program, and when the machine loses
power the database, which is synced, is what remains.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, bindparam, select

from relance.history import covering, events, schema
from relance.history.chain import Head
from relance.history.lock import FOLDER
from relance.history.quick import Quick

_HELD = Quick(
    select(*(schema.claims.c[name] for name in covering.CLAIM)).where(
        schema.claims.c.dispatch == bindparam("the_key"), schema.claims.c.released == ""
    )
)
_WAITING = "relance: lines for the witness"


@dataclass(frozen=True, slots=True)
class Seen:
    """A line: the head of the record then; and what left, with digests of its claims, if it did."""

    head: Head
    dispatch: str | None = None
    claims: tuple[str, ...] = ()


class Witness:
    """The file of the project at `root`."""

    def __init__(self, root: Path) -> None:
        self.path = root / FOLDER / "witness"

    def add(self, lines: list[str]) -> None:
        """Append `lines` in one write."""
        self.path.parent.mkdir(mode=0o700, exist_ok=True)
        flags = os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC
        file = os.open(self.path, flags, 0o600)
        try:
            with os.fdopen(file, "ab", buffering=0, closefd=False) as stream:
                stream.write("".join(f"{line}\n" for line in lines).encode())
        finally:
            os.close(file)

    def newest_first(self) -> Iterator[Seen]:
        """Yield what was seen, the last line first; a line that was cut short is left out."""
        if not self.path.exists():
            return
        for line in _lines_backwards(self.path):
            seen = _seen(line)
            if seen is not None:
                yield seen

    def last(self) -> Seen | None:
        """Return what was seen last; None if nothing was."""
        return next(self.newest_first(), None)


def see_leaving(connection: Connection, key: str) -> None:
    """Have the witness told, once this transaction is committed, that a dispatch is about to leave."""
    rows = _HELD.all(connection, {"the_key": key})
    digests = [covering.claim_digest(row._asdict()) for row in rows]
    _tell(connection, {"dispatch": key, "claims": digests})


def see_head(connection: Connection) -> None:
    """Have the witness told, once this transaction is committed, how far the record goes."""
    _tell(connection, {})


def waiting(connection: Connection) -> list[str]:
    """Return the lines that wait for the commit, and forget them."""
    lines: list[str] = connection.info.pop(_WAITING, [])
    return lines


def _tell(connection: Connection, more: dict[str, Any]) -> None:
    head = events.head(connection)
    line = json.dumps({"seq": head.seq, "hash": head.hash, **more}, separators=(",", ":"))
    connection.info.setdefault(_WAITING, []).append(line)


def _seen(line: bytes) -> Seen | None:
    try:
        told = json.loads(line)
        head = Head(int(told["seq"]), str(told["hash"]))
        return Seen(head, told.get("dispatch"), tuple(told.get("claims", ())))
    except (ValueError, KeyError, TypeError, AttributeError):
        return None


def _lines_backwards(path: Path, block: int = 65_536) -> Iterator[bytes]:
    with path.open("rb") as stream:
        end, rest = stream.seek(0, os.SEEK_END), b""
        while end > 0:
            start = max(0, end - block)
            stream.seek(start)
            first, *others = (stream.read(end - start) + rest).split(b"\n")
            yield from (line for line in reversed(others) if line)
            end, rest = start, first
        if rest:
            yield rest
