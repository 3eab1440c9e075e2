"""Tokens of OAuth 2 (RFC 6749): asked for once, and used until shortly before they run out."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import urlencode

from relance.channels.contract import NotAccepted
from relance.channels.http import Client, Reply, Request
from relance.channels.http_outcomes import outcome_of, repeatable
from relance.clock import elapsed

_SPARE = 60.0
"""Seconds before its end after which a token is not used any more."""
_SHORT = 300.0
"""Seconds for which a token is used that does not say how long it is good for."""


class Bearer:
    """The token of one service, for the time of a run."""

    def __init__(self, client: Client, url: str) -> None:
        self._client = client
        self._url = url
        self._token = ""
        self._end = 0.0

    def token(self, form: Mapping[str, str], secrets: tuple[str, ...]) -> str | NotAccepted:
        """Return a token that is good now, asked for with `form` if need be."""
        if self._token and elapsed() < self._end:
            return self._token
        headers = {"Content-Type": "application/x-www-form-urlencoded"}
        content = urlencode(form).encode()
        answer = self._client.ask(Request("POST", self._url, headers, content, secrets))
        return answer if isinstance(answer, NotAccepted) else self._kept(answer)

    def _kept(self, reply: Reply) -> str | NotAccepted:
        refused = refused_login(reply)
        if refused is not None:
            return refused
        token, seconds = reply.find("access_token"), reply.find("expires_in")
        if not isinstance(token, str) or not token:
            return NotAccepted("transient", "channel", "the service gave no token")
        self._token = token
        lasting = float(seconds) if isinstance(seconds, int | float) else _SHORT
        self._end = elapsed() + max(0.0, lasting - _SPARE)
        return token


def refused_login(reply: Reply) -> NotAccepted | None:
    """Return what a reply without a token means for the channel; None for a good reply.

    Who gets no token can send no message at all.
    """
    outcome = repeatable(outcome_of(reply, lambda _: ""))
    if not isinstance(outcome, NotAccepted):
        return None
    known = 400 <= reply.status < 500 and outcome.kind == "permanent"
    return NotAccepted("permanent" if known else "transient", "channel", outcome.detail)
