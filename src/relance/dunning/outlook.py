"""What to expect of the receivable that a task is about, and what may be said of its debtor.

It orders the list of people. No condition, level or verdict reads anything of this.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal, Protocol

Why = Literal["", "not_a_firm", "small_book", "beyond"]
"""Why no day is expected: nobody is estimated but firms; the book knows too little; it is open for
longer than anything was that was paid."""


@dataclass(frozen=True, slots=True)
class Outlook:
    """What to expect of a receivable.

    Attributes:
        number: of the receivable: the one of the task that is open for longest; "" where none is open.
        why: why no day is expected; "" where one is.
        day, first, last: of the expected payment; eight of ten come between the last two.
        chance: that the debtor's next receivable is paid late, 0 to 1; None where nothing may be said.
        by: what gave `chance`: the shrunk ratio, or the model that was better on the user's past.
        known, late: receivables of the debtor of which it is known whether they are late, and the
            late ones; book_known, book_late: those of all firms.
        risk: of the score of others, 0 the best to 1 the worst; None without one that counts.
        tried: a model was tried on the user's past and was not better.
    """

    number: str = ""
    why: Why = ""
    day: date | None = None
    first: date | None = None
    last: date | None = None
    chance: float | None = None
    by: Literal["ratio", "logistic"] = "ratio"
    known: int = 0
    late: int = 0
    book_known: int = 0
    book_late: int = 0
    risk: float | None = None
    tried: bool = False


class Outlooks(Protocol):
    """Whoever can tell what to expect."""

    def of(self, debtor: str, oldest: Mapping[str, Any] | None) -> Outlook:
        """Return what to expect of `oldest`, a row of the facts (None: nothing is open) of `debtor`."""
        ...
