"""Tells a monitoring service (healthchecks and the like) that a run begins or ended."""

from __future__ import annotations

from pathlib import Path

from relance.channels.contract import NotAccepted, Unknown
from relance.channels.http import Client, Request
from relance.policy.secrets import SecretError, resolve

PATIENCE = 5.0
"""Seconds in all: a service that is slow must not hold up a run."""


def ping(url: str, root: Path, path: str, body: str) -> str:
    """Return why the service at `url` (or its reference) was not told; "" if it was.

    `path` is put behind the URL, `body` is kept by the service.
    """
    try:
        base = resolve(url, root).rstrip("/")
    except SecretError as error:
        return str(error)
    headers = {"Content-Type": "text/plain; charset=utf-8"}
    # The URL is the key to the check: whoever knows it can pretend that runs go well.
    request = Request("POST", base + path, headers, body.encode(), secrets=(base,))
    answer = Client(root, deadline=PATIENCE).send(request, lambda: None)
    if isinstance(answer, NotAccepted | Unknown):
        return answer.detail
    return "" if 200 <= answer.status < 300 else answer.said
