"""Text out of bytes: the encoding is given by a mark, proven, or the likelier of two."""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass

from relance.diagnostics import Diagnostic, Span
from relance.intake import codes
from relance.intake.findings import refuse, shown

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
# Bytes that are letters or the euro sign in ISO 8859-15 and odd signs in Windows-1252.
_LATIN9 = b"\xa4\xa6\xa8\xb4\xb8\xbc\xbd\xbe"
_C1 = bytes(range(0x80, 0xA0))
_GARBLED = re.compile(r"Ã[©¨ªàâ´§¹»®¯«]|â‚¬|Ã\u00a0")


@dataclass(frozen=True)
class Text:
    """A file's text as UTF-8 bytes with line feeds only, and the encoding it had.

    Attributes:
        data: UTF-8 without a mark; lines end by LF.
        encoding: the encoding that was used.
        diagnostics: warnings about the encoding.
    """

    data: bytes
    encoding: str
    diagnostics: tuple[Diagnostic, ...] = ()


def detect(data: bytes) -> str:
    """Return the encoding of `data`: utf-8-sig, utf-16, utf-8, iso-8859-15 or cp1252."""
    if data.isascii():
        return "utf-8"
    for mark, name in _MARKS:
        if data.startswith(mark):
            return name
    try:
        data.decode("utf-8")
        return "utf-8"
    except UnicodeDecodeError:
        return _single_byte(data)


def _single_byte(data: bytes) -> str:
    if _holds(data, _C1):
        return "cp1252"
    return "iso-8859-15" if _holds(data, _LATIN9) else "cp1252"


def _holds(data: bytes, some: bytes) -> bool:
    return len(data.translate(None, some)) != len(data)


def read_text(data: bytes, file: str, encoding: str | None, unterminated: bool) -> Text:
    """Return the text of `data`.

    Args:
        data: the bytes of the file.
        file: path for the diagnostics.
        encoding: the one that the policy sets, or None to detect it.
        unterminated: whether a last line without an end is accepted.

    Raises:
        Refusal: if it cannot be decoded, holds NUL bytes or its last line has no end.
    """
    used = encoding or detect(data)
    utf8 = _as_utf8(data, used, file)
    if b"\0" in utf8:
        raise refuse(codes.NUL, file, utf8.count(b"\n", 0, utf8.index(b"\0")) + 1)
    utf8 = _line_feeds(utf8)
    if not utf8[:4096].strip() and not utf8.strip():
        raise refuse(codes.EMPTY, file)
    if not utf8.endswith(b"\n"):
        if not unterminated:
            raise refuse(codes.UNTERMINATED, file, utf8.count(b"\n") + 1)
        utf8 += b"\n"
    return Text(utf8, used, _garbled(utf8, file))


def _as_utf8(data: bytes, encoding: str, file: str) -> bytes:
    try:
        if codecs.lookup(encoding).name == "utf-8":
            data = data.removeprefix(codecs.BOM_UTF8)
            if not data.isascii():
                data.decode("utf-8")
            return data
        if encoding == "utf-8-sig":
            data[3:].decode("utf-8")
            return data[3:]
        # Windows-1252 leaves five bytes undefined; ISO 8859-1 gives them as control characters.
        errors = "relance-c1" if encoding == "cp1252" else "strict"
        return data.decode(encoding, errors).encode("utf-8")
    except (UnicodeError, LookupError) as error:
        reason = shown(getattr(error, "reason", None) or error)
        raise refuse(codes.ENCODING, file, encoding=shown(encoding), reason=reason) from error


def _undefined(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeDecodeError):
        raise error
    return error.object[error.start : error.end].decode("latin-1"), error.end


codecs.register_error("relance-c1", _undefined)


def _line_feeds(data: bytes) -> bytes:
    if b"\r" not in data:
        return data
    if b"\r\r\n" in data:
        data = data.replace(b"\r\r\n", b"\n")
    data = data.replace(b"\r\n", b"\n")
    return data if b"\n" in data else data.replace(b"\r", b"\n")


def _garbled(data: bytes, file: str) -> tuple[Diagnostic, ...]:
    if data.isascii():
        return ()
    found = _GARBLED.search(data[: 1 << 20].decode("utf-8", "ignore"))
    if not found:
        return ()
    return (Diagnostic(codes.GARBLED, Span(file), {"example": found.group()}),)
