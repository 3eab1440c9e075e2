"""The arithmetic of the chain: what is sealed, how one event is linked to the one before.

What may be personal is sealed with a salt of its own. Erasing it takes the salt along: the seal
stays, so that the chain still holds, and tells nothing any more.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from hashlib import sha256

START = "0" * 64
"""The hash that the first event is linked to."""


@dataclass(frozen=True, slots=True)
class Head:
    """An event's number and hash. The last one's vouch for all that was ever recorded."""

    seq: int = 0
    hash: str = START

    def __str__(self) -> str:
        return f"{self.seq}:{self.hash}"


def head_of(text: str) -> Head | None:
    """Return the head that `text` gives as SEQ:HASH, 16 digits of the hash at least; None if none."""
    seq, _colon, digits = text.strip().partition(":")
    digits = digits.lower()
    plausible = 16 <= len(digits) <= 64 and not set(digits) - set("0123456789abcdef")
    return Head(int(seq), digits) if seq.isascii() and seq.isdigit() and plausible else None


def digest(*values: object) -> str:
    """Return the SHA-256, in hex, of `values` as canonical JSON: an array, ASCII, no spaces."""
    return sha256(_canonical(values)).hexdigest()


def digest_of_rows(rows: Iterable[Sequence[object]]) -> str:
    """Return the SHA-256, in hex, of `rows`, each as canonical JSON on a line of its own."""
    whole = sha256()
    for row in rows:
        whole.update(_canonical(row) + b"\n")
    return whole.hexdigest()


def new_salt() -> str:
    """Return 128 bits of chance in hex."""
    return secrets.token_hex(16)


def seal(salt: str, *personal: object) -> str:
    """Return the seal of what may be personal: the SHA-256 of `salt`, then of canonical JSON."""
    return sha256(salt.encode() + _canonical(personal)).hexdigest()


def link(previous: str, *plain: object) -> str:
    """Return an event's hash: the SHA-256 of the `previous` one, then of canonical JSON.

    `plain` is seq, at, date, run, type, dispatch, seal.
    """
    return sha256(previous.encode() + _canonical(plain)).hexdigest()


def _canonical(values: Sequence[object]) -> bytes:
    return json.dumps(list(values), separators=(",", ":")).encode()
