"""The source of a rate, taken apart: its name, the reference rate, the period and the points over it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

_PRINTED = re.compile(
    r"(?P<name>.+?):? (?P<percent>-?[\d.]+) % \((?P<year>\d{4})(?:-S(?P<half>[12]))?\)"
    r"(?: \+ (?P<margin>[\d.]+))?(?: · (?P<publication>.+))?",
    re.DOTALL,
)


@dataclass(frozen=True, slots=True)
class Reference:
    """Where a rate comes from.

    Attributes:
        name: of the table, see `tables.TABLES`.
        percent: the reference rate; `margin` points come on top of it.
        half: 1 or 2 where the rate is one of a half-year, 0 for a year.
        publication: where it was read, "" where the name says it.
    """

    name: str
    percent: Decimal
    year: str
    half: Literal[0, 1, 2]
    margin: Decimal
    publication: str


def reference_of(source: str) -> Reference | None:
    """Return the parts of the `source` of an interest line; None of an agreed rate, or one in the law."""
    found = _PRINTED.fullmatch(source)
    if found is None:
        return None
    half: Literal[0, 1, 2] = 1 if found["half"] == "1" else 2 if found["half"] else 0
    return Reference(
        found["name"], Decimal(found["percent"]), found["year"], half,
        Decimal(found["margin"] or 0), found["publication"] or "",
    )  # fmt: skip
