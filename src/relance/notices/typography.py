"""Spaces of French, put where the author of a wording typed ordinary ones."""

from __future__ import annotations

import re

NARROW = "\u202f"
NO_BREAK = "\u00a0"

_KEPT = r"https?://\S+|\S+@\S+|\b[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4})+(?: ?[A-Z0-9]{1,3})?\b"
_GAP = f"[ {NO_BREAK}{NARROW}]+"
_FRENCH = re.compile(f"(?P<kept>{_KEPT})|{_GAP}(?P<high>[;!?])|{_GAP}(?P<wide>[:»])|«{_GAP}")


def _french(match: re.Match[str]) -> str:
    if match["kept"]:
        return match["kept"]
    if match["high"]:
        return NARROW + match["high"]
    if match["wide"]:
        return NO_BREAK + match["wide"]
    return "«" + NO_BREAK


def set_spaces(text: str, locale: str) -> str:
    """Return `text` with the no-break spaces of its locale; twice is the same as once.

    French puts U+202F before ; ! ? and U+00A0 before : and inside « » (Canada does not). A space
    is made unbreakable where the author wrote one, and never added. Links, e-mail addresses and
    account numbers stay as they are.
    """
    if not locale.startswith("fr") or locale == "fr_CA":
        return text
    return _FRENCH.sub(_french, text)


def plain_spaces(text: str) -> str:
    """Return `text` with ordinary spaces, for subjects and SMS."""
    return re.sub(f"[{NO_BREAK}{NARROW}\u2009]", " ", text)
