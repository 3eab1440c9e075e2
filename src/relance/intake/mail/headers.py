"""Headers of strangers as plain text: bounded, on one line, without control characters."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Iterable
from datetime import UTC, datetime
from email.header import decode_header
from email.message import Message
from email.parser import BytesHeaderParser
from email.utils import getaddresses, parsedate_to_datetime

LONGEST = 2_000
"""Characters of a header that are looked at; mail programs fold at 998."""

IDENTITY_HEADERS = ("Message-ID", "From", "Date", "Subject", "Received")
"""What tells one mail from another; the last only where there is no Message-ID."""

_ID = re.compile(r"<[!-;=?-~]{3,250}>")
_NO_ADDRESS = r"\s<>,;:\"()\[\]\\@\x00-\x1f\x7f-\xa0\u200b-\u200f\u2028-\u202e\u2060-\u206f\ud800-\uf8ff\ufeff"
_ADDRESS = re.compile(f"[^{_NO_ADDRESS}]{{1,64}}@[^{_NO_ADDRESS}]{{1,253}}")
_MOST_IDS = 50
_UNSAFE = ("Cc", "Cf", "Zl", "Zp", "Co", "Cs")


def identity_of(content: bytes) -> str:
    """Return the identity of a mail: a digest of the headers that tell it from others.

    Not the Message-ID alone: some programs give all their mails the same one. A digest, so that
    what is kept of strangers' mail is nothing personal.
    """
    headers = BytesHeaderParser().parsebytes(content)
    *names, received = IDENTITY_HEADERS
    told = ["".join(str(headers.get(name, "")).split()) for name in names]
    if not told[0]:  # bounces of qmail have none, and come by the dozen in one second
        told += ["".join(str(value).split()) for value in headers.get_all(received, [])]
    return hashlib.sha256("\0".join(told).encode("utf-8", "surrogateescape")).hexdigest()


def header(message: Message, name: str) -> str:
    """Return the first header `name` decoded, on one line; "" if there is none."""
    return one_line(_decoded(_raw(message, name)))


def address_of(message: Message, name: str) -> str:
    """Return the one address of a header, in lower case; "" if it has none, or several."""
    found = addresses_of(message, name)
    return found[0] if len(found) == 1 else ""


def addresses_of(message: Message, name: str) -> tuple[str, ...]:
    """Return the addresses of the headers `name`, in lower case."""
    values = [str(value)[:LONGEST] for value in message.get_all(name, [])[:5]]
    return tuple(plain_address(address) for _, address in getaddresses(values) if address)


def plain_address(text: str) -> str:
    """Return the address in `text` as addresses are compared; "" if there is none."""
    found = _ADDRESS.search(text)
    return found[0].rstrip(".").lower() if found else ""


def all_addresses(text: str) -> tuple[str, ...]:
    """Return the addresses that stand in `text`, each once, a hundred at most."""
    found = (match[0].rstrip(".").lower() for match in _ADDRESS.finditer(text))
    return tuple(dict.fromkeys(found))[:100]


def ids_of(message: Message, *names: str) -> tuple[str, ...]:
    """Return the Message-IDs that headers name, each once; the last of long lists, the newest."""
    found: list[str] = []
    for name in names:
        found += ids_in(" ".join(str(value)[-20_000:] for value in message.get_all(name, [])[:5]))
    return tuple(dict.fromkeys(found))[-_MOST_IDS:]


def ids_in(text: str) -> tuple[str, ...]:
    """Return the Message-IDs that stand in `text`, with their brackets."""
    return tuple(match[0] for match in _ID.finditer(text))


def moment_of(message: Message) -> datetime | None:
    """Return when the mail says that it was written, in UTC; None if it does not say."""
    try:
        moment = parsedate_to_datetime(_raw(message, "Date"))
        return moment.replace(tzinfo=moment.tzinfo or UTC).astimezone(UTC)
    except (ValueError, TypeError, OverflowError, IndexError):
        return None


def one_line(text: str, most: int = 300) -> str:
    """Return `text` on one line without characters that steer, `most` long at most."""
    kept = (" " if unicodedata.category(c) in _UNSAFE else c for c in text[:LONGEST])
    line = " ".join(unicodedata.normalize("NFC", "".join(kept)).split())
    return line if len(line) <= most else line[: most - 1] + "…"


def lines(text: Iterable[str], most: int) -> str:
    """Return lines without characters that steer, joined; `most` characters at most."""
    joined = "\n".join(one_line(line, LONGEST) for line in text).strip()
    return joined if len(joined) <= most else joined[: most - 1].rstrip() + "…"


def _raw(message: Message, name: str) -> str:
    return str(message.get(name, ""))[:LONGEST]


def _decoded(value: str) -> str:
    """Return encoded words as text; what is wrongly encoded is shown as far as it goes."""
    try:
        parts = decode_header(value)
    except (ValueError, LookupError):
        return value
    return "".join(
        part if isinstance(part, str) else text_of(part, charset or "utf-8")
        for part, charset in parts
    )


def text_of(data: bytes, charset: str) -> str:
    """Return `data` as text: in its charset, else UTF-8, else the one of Western mail programs."""
    for name in (charset, "utf-8"):
        try:
            return data.decode(name)
        except (UnicodeError, LookupError, ValueError):
            continue
    return data.decode("cp1252", "replace")
