"""What a reply over HTTP means for a message."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, timedelta
from email.utils import parsedate_to_datetime
from urllib.parse import urlsplit

from relance.channels.blot import on_one_line
from relance.channels.contract import Accepted, NotAccepted, Outcome, Unknown
from relance.channels.http import Reply
from relance.clock import now

LONGEST_WAIT = timedelta(hours=24)

_LATER = frozenset({425, 429, 503})
_REFUSES_US = frozenset({401, 402, 403, 405, 406, 407, 410, 411, 415, 417, 426, 428, 501, 505})
"""What is about our account or our way of asking: the next message would fare no better."""
_MAYBE = frozenset({408})
"""A refusal that proxies also give when the server behind them is slow: it may have been done."""


def outcome_of(
    reply: Reply,
    reference: Callable[[Reply], str | None],
    duplicate: Callable[[], Outcome] | None = None,
) -> Outcome:
    """Return what a whole reply means.

    Args:
        reference: gives the id that the service has for the message; None when the reply has none.
        duplicate: asks the service for the message of which it says (409) that it has it already;
            without it, such an answer is a doubt.
    """
    status = reply.status
    if 200 <= status < 300:
        found = reference(reply)
        if found is None:
            return Unknown(f"taken without an id: {reply.said}")
        return Accepted(found)
    if 300 <= status < 400:
        return NotAccepted("permanent", "recipient", _redirect(reply))
    if status == 409 and duplicate:
        return duplicate()
    return _of_refusal(reply)


def _of_refusal(reply: Reply) -> Outcome:
    """Return what a reply means that is neither a success nor a redirect.

    What a server refuses (4xx) it has not done; what it failed at (5xx), it may have.
    """
    status, said = reply.status, reply.said
    if status in _LATER:
        return NotAccepted("transient", "recipient", said, retry_after(reply))
    if status in _REFUSES_US:
        return NotAccepted("permanent", "channel", said)
    if 400 <= status < 500 and status != 409 and status not in _MAYBE:
        return NotAccepted("permanent", "recipient", said)
    return Unknown(said)


def repeatable(outcome: Outcome) -> Outcome:
    """Return `outcome` of a reply of a service that knows a message again: a doubt is to be tried later."""
    if isinstance(outcome, Unknown):
        return NotAccepted("transient", "recipient", outcome.detail)
    return outcome


def retry_after(reply: Reply) -> timedelta | None:
    """Return how long the reply asks to wait (seconds or a date), 24 h at most; None if it does not."""
    written = reply.headers.get("retry-after", "").strip()
    if re.fullmatch("[0-9]+", written):
        return min(timedelta(seconds=int(written[:9])), LONGEST_WAIT)
    try:
        moment = parsedate_to_datetime(written)
        wait = moment.replace(tzinfo=moment.tzinfo or UTC) - now()
    except (ValueError, OverflowError):
        return None
    return max(timedelta(), min(wait, LONGEST_WAIT))


def _redirect(reply: Reply) -> str:
    try:
        where = urlsplit(reply.headers.get("location", "")).hostname
    except ValueError:
        where = None
    target = f" to {on_one_line(where)}" if where else ""
    return f"{reply.status}: redirected{target}, which a message never follows"
