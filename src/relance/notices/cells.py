"""Text in cells of spreadsheets, where nothing of others may become a formula."""

from __future__ import annotations

_FORMULA = ("=", "+", "-", "@", "\uff1d", "\uff0b", "\uff0d", "\uff20")
"""How formulas begin, and what programs of other languages take for these signs."""


def harmless(text: str) -> str:
    """Return `text` on one line, with an apostrophe before what would be taken for a formula."""
    line = " ".join(text.split())
    return f"'{line}" if line.startswith(_FORMULA) else line
