"""Addresses of pages that notices point to, as the policy and the customers' file may write them."""

from __future__ import annotations

import re

OF_CUSTOMER = "customer"
"""What a level says whose link is in the customers' file."""

PLACES = ("debtor", "number", "level", "language")
"""What is filled in between braces."""

PLACE = re.compile(r"\{(\w*)\}")
_ADDRESS = re.compile(
    r"https://[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?(?::\d{1,5})?(?:[/?#][!#$%&()*+,./:;=?@\[\]_~A-Za-z0-9-]*)?"
)
_LONGEST = 1000


def is_link(text: str) -> bool:
    """Return whether `text` is an https address that can stand in any medium.

    No user name before the host, no spaces, quotes or angle brackets, no letters beside ASCII: what
    is shown is where it leads.
    """
    return len(text) <= _LONGEST and bool(_ADDRESS.fullmatch(text))


def is_template(text: str) -> bool:
    """Return whether `text` is an address with PLACES to fill in, none of them in the host."""
    known = all(name in PLACES for name in PLACE.findall(text))
    return known and is_link(PLACE.sub("x", text)) and "{" not in text[8:].partition("/")[0]
