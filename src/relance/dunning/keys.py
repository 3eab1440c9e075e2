"""Keys made from what they claim: no amount, date, run or text in them."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable


def key_of(parts: Iterable[str]) -> str:
    """Return 32 hex digits for `parts`, whatever their order."""
    text = "\x1e".join(sorted(parts))
    return hashlib.sha256(text.encode()).hexdigest()[:32]


def claim_of(item: str, procedure: str, level: str, cycle: int) -> str:
    """Return the text of one claim: a receivable, a procedure, a level and a cycle."""
    return "\x1f".join((item, procedure, level, str(cycle)))
