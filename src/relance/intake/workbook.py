"""What a workbook unpacks to, measured before it is opened: bombs and traps are refused."""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from relance.diagnostics import Phrase
from relance.intake import xlsx_codes as codes
from relance.intake.findings import Refusal, refuse, shown
from relance.language import N_

_PARTS = 5_000
_MEGABYTES = 1_000
_RATIO = 100
_RATIO_FROM = 50
"""Megabytes from which a ratio counts: small parts of blanks pack well without harm."""
_CELLS = 30_000_000
_CHUNK = 1 << 20

_ROW = re.compile(rb"<(?:\w+:)?row\b([^>]*)>")
_ROW_NUMBER = re.compile(rb"\br=[\"'](\d{1,9})[\"']")
_CELL = re.compile(rb"<(?:\w+:)?c[\s>/]")
_CELL_COLUMN = re.compile(rb"<(?:\w+:)?c\s[^>]*?\br=[\"']([A-Z]{1,4})\d")
_USUAL_CELL = re.compile(rb'<c r="([A-Z]{1,4})\d')
_DTD = re.compile(rb"<\0?!\0?D\0?O\0?C\0?T\0?Y\0?P\0?E", re.IGNORECASE)
_MARK_OF_DTD = re.compile(rb"<\0?!")
_XML = (".xml", ".rels", ".vml")
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def check_workbook(data: bytes, file: str, most: int) -> None:
    """Return if the workbook in `data` may be opened.

    `most` is how many megabytes it may have as it is stored. Its parts are unpacked once, in pieces: what they declare of their size is not believed.

    Raises:
        Refusal: if it is no xlsx workbook, is damaged, unpacks to too much, or holds a trap.
    """
    if len(data) > most * 1e6:
        raise _bomb(file, f"{len(data) / 1e6:.0f} MB", f"{most} MB")
    if data.startswith(_OLE):
        raise refuse(
            codes.NOT_WORKBOOK, file, what=Phrase(N_(".xls, or a workbook with a password"))
        )
    if not data.startswith(b"PK"):
        raise refuse(codes.NOT_WORKBOOK, file, what=Phrase(N_("no ZIP archive")))
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            _check_names(archive, file)
            _check_parts(archive, file)
    # What a broken archive makes the library raise differs by the byte that is wrong.
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, LookupError,
            NotImplementedError, RuntimeError, MemoryError, OverflowError) as error:  # fmt: skip
        raise refuse(codes.DAMAGED, file, reason=shown(error) or type(error).__name__) from error


def _check_names(archive: zipfile.ZipFile, file: str) -> None:
    entries = archive.infolist()
    names = [entry.filename for entry in entries]
    lower = {name.lower() for name in names}
    if "mimetype" in lower and "content.xml" in lower:
        raise refuse(codes.NOT_WORKBOOK, file, what="OpenDocument (.ods)")
    if "xl/workbook.bin" in lower:
        raise refuse(codes.NOT_WORKBOOK, file, what=Phrase(N_("binary workbook (.xlsb)")))
    if "xl/workbook.xml" not in lower and not any(n.endswith("workbook.xml") for n in lower):
        raise refuse(codes.NOT_WORKBOOK, file, what="ZIP")
    if len(names) > _PARTS:
        raise _bomb(file, f"{len(names)}", f"{_PARTS}")
    doubled = Counter(names)
    for entry in entries:
        if reason := _oddity(entry, doubled[entry.filename] > 1):
            raise refuse(codes.UNSAFE, file, part=shown(entry.filename), reason=Phrase(reason))


def _oddity(entry: zipfile.ZipInfo, doubled: bool) -> str | None:
    parts = entry.filename.replace("\\", "/").split("/")
    if entry.flag_bits & 1:
        return N_("encrypted")
    if ".." in parts or entry.filename.startswith(("/", "\\")) or ":" in parts[0]:
        return N_("a name that leads out of the workbook")
    return N_("a part that is there twice") if doubled else None


def _check_parts(archive: zipfile.ZipFile, file: str) -> None:
    total = 0
    packed = max(sum(entry.compress_size for entry in archive.infolist()), 1)
    for entry in archive.infolist():
        if not entry.filename.lower().endswith(_XML):
            continue  # pictures and macros are never unpacked
        grid = _Grid()
        for piece in _pieces(archive, entry):
            total += len(piece.new)
            megabytes = total / 1e6
            if megabytes > _MEGABYTES:
                raise _bomb(file, f"{megabytes:.0f} MB", f"{_MEGABYTES} MB")
            if megabytes > _RATIO_FROM and total / packed > _RATIO:
                raise _bomb(file, f"{total // packed} : 1", f"{_RATIO} : 1")
            if _MARK_OF_DTD.search(piece.whole) and _DTD.search(piece.whole):
                raise refuse(
                    codes.UNSAFE,
                    file,
                    part=shown(entry.filename),
                    reason=Phrase(N_("a document type")),
                )
            if "worksheets/" in entry.filename.lower():
                grid.add(piece.tags)
        if grid.cells > _CELLS:
            raise _bomb(file, f"{grid.rows} × {grid.columns}", f"{_CELLS}")


def _bomb(file: str, found: str, most: str) -> Refusal:
    return refuse(codes.BOMB, file, found=found, most=most)


@dataclass(frozen=True, slots=True)
class _Piece:
    """A piece of a part: what is new, with what came before it, and its whole tags."""

    new: bytes
    whole: bytes
    tags: bytes


def _pieces(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> Iterator[_Piece]:
    before = b""
    with archive.open(entry) as stream:
        while new := stream.read(_CHUNK):
            whole = before + new
            cut = whole.rfind(b"<")
            cut = cut if cut > 0 and len(whole) - cut < _CHUNK else len(whole)
            yield _Piece(new, whole, whole[:cut])
            before = whole[cut:] or whole[-64:]
    yield _Piece(b"", before, before)


class _Grid:
    """How many rows and columns a sheet spans: readers make room for all of them."""

    def __init__(self) -> None:
        self.rows = 0
        self.columns = 0
        self._run = 0

    @property
    def cells(self) -> int:
        """Rows times columns."""
        return self.rows * self.columns

    def add(self, tags: bytes) -> None:
        """Count what `tags` (whole tags of the sheet) have more."""
        rows = _ROW.findall(tags)
        numbers = [int(found[1]) for row in rows if (found := _ROW_NUMBER.search(row))]
        self.rows = max(self.rows + len(rows), *numbers, 0)
        named = _USUAL_CELL.findall(tags)
        plain = sum(tags.count(begin) for begin in (b"<c ", b"<c>", b"<c/", b":c ", b":c>", b":c/"))
        if len(named) != plain:  # another program than most
            named = _CELL_COLUMN.findall(tags)
            if len(named) < len(_CELL.findall(tags)):
                self._count_unnamed(tags)
        self.columns = max([self.columns, *map(_column, set(named))])

    def _count_unnamed(self, tags: bytes) -> None:
        """Cells without a name stand beside one another."""
        first, *others = _ROW.split(tags)[::2]
        self._run += len(_CELL.findall(first))
        runs = [len(_CELL.findall(row)) for row in others]
        self.columns = max([self.columns, self._run, *runs])
        self._run = runs[-1] if runs else self._run


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number
