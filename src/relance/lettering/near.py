"""Near misses: numbers with a slip, names written otherwise. Never more than a proposal."""

from __future__ import annotations

import re

from relance.lettering.match import Match, Open, Payment, whole

NEAR_NUMBER = 85
NEAR_NAME = 88


def propose(payment: Payment) -> list[Match]:
    """Return likely matches with items of the payment's amount whose number or name is nearly said."""
    same = [o for o in payment.alike if o.left == payment.left and o.item not in payment.forbidden]
    words = _words(payment.text) if same else []
    found = [whole([o], "near_number") for o in same if _is_near_number(o, words)]
    return found + [whole([o], "near_name") for o in same if _is_near_name(o, payment)]


def _words(text: str) -> list[str]:
    pieces = re.findall("[A-Z0-9]+", text.upper())
    runs = ["".join(pieces[n : n + k]) for k in (1, 2, 3) for n in range(len(pieces) - k + 1)]
    return [run for run in runs if len(run) >= 4 and any(c.isdigit() for c in run)]


def _is_near_number(item: Open, words: list[str]) -> bool:
    from rapidfuzz import fuzz

    if len(item.number) < 5:
        return False
    return any(
        abs(len(word) - len(item.number)) <= 2 and fuzz.ratio(word, item.number) >= NEAR_NUMBER
        for word in words
    )


def _is_near_name(item: Open, payment: Payment) -> bool:
    from rapidfuzz import fuzz

    if payment.name is None or item.debtor_key is None:
        return False
    return fuzz.token_sort_ratio(payment.name, item.debtor_key) >= NEAR_NAME
