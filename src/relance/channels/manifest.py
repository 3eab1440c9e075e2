"""The list of the letters in a batch, for whoever prints and posts them."""

from __future__ import annotations

import csv
import hashlib
import io

from relance.channels.folder import Folder
from relance.notices.cells import harmless
from relance.notices.message import Message

NAME = "manifest.csv"
COLUMNS = ("file", "recipient", "subject", "key", "sha256")

Row = tuple[str, ...]


class Manifest:
    """`manifest.csv` of an open folder. A line is there before its letter is, and once only."""

    def __init__(self, folder: Folder) -> None:
        self.folder = folder
        content = folder.read(NAME) or b""
        self._rows: dict[str, Row] = {row[0]: row for row in _read(content)}
        # A line that a crash cut short must not swallow the next one.
        self._before = b"" if content.endswith(b"\n") else b"\r\n" if content else _line(COLUMNS)

    def enter(self, name: str, key: str, message: Message) -> None:
        """Add the line of the letter `name`, unless it is there already."""
        row = (name, harmless(message.recipient), harmless(message.subject), key, message.sha256)
        if self._rows.get(name) == row:
            return
        self.folder.append(NAME, self._before + _line(row))
        self._before = b""
        self._rows[name] = row

    def tidy(self) -> None:
        """Write the list anew: one line per letter that is there, sorted by file name.

        A letter without a line, after a crash, gets one with what its file tells.
        """
        present = [name for name in self.folder.names() if name.endswith(".pdf")]
        rows = [self._rows.get(name) or self._found(name) for name in present]
        content = _line(COLUMNS) + b"".join(_line(row) for row in rows)
        if self.folder.read(NAME) != content:
            self.folder.put(NAME, content)

    def _found(self, name: str) -> Row:
        content = self.folder.read(name) or b""
        return (name, "", "", "", hashlib.sha256(content).hexdigest())


def _read(content: bytes) -> list[Row]:
    lines = csv.reader(io.StringIO(content.decode("utf-8-sig", "replace"), newline=""))
    rows = [tuple(row) for row in lines if len(row) == len(COLUMNS)]
    return [row for row in rows if row != COLUMNS and len(row[-1]) == 64]


def _line(row: Row) -> bytes:
    out = io.StringIO(newline="")
    csv.writer(out, lineterminator="\r\n").writerow(row)
    return out.getvalue().encode()
