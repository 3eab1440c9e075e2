"""What others say, made fit to be shown: on one line, and without our secrets."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterable, Iterator
from urllib.parse import quote, quote_plus

BLOT = "*****"
_SHORTEST = 4


def on_one_line(text: str) -> str:
    """Return `text` on one line of printable characters, 300 at most."""
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())[:300]


def blotted(text: str, secrets: Iterable[str]) -> str:
    """Return `text` with asterisks for each secret, however a service may have written it.

    A secret of less than 4 characters is none, and stays.
    """
    for form in sorted({f for s in secrets for f in _forms(s)}, key=len, reverse=True):
        text = text.replace(form, BLOT)
    return text


def _forms(secret: str) -> Iterator[str]:
    if len(secret) < _SHORTEST:
        return
    yield from (secret, quote(secret, safe=""), quote(secret), quote_plus(secret))
    yield json.dumps(secret)[1:-1]
    yield json.dumps(secret)[1:-1].replace("/", "\\/")
    yield base64.b64encode(secret.encode()).decode()
