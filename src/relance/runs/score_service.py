"""A service is asked for the score of one firm, and its answer is read."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from math import isfinite
from pathlib import Path

from relance.channels.contract import NotAccepted
from relance.channels.http import Client, Reply, Request
from relance.channels.http_service import at
from relance.channels.http_templates import in_header, in_url, names_in
from relance.dunning.scores import off_scale
from relance.policy.model import ScoreService
from relance.policy.secrets import resolve

LARGEST = 256 * 1024
"""Bytes of an answer, headers included, after which it is not read any further."""

_UNKNOWN = frozenset({204, 404, 410})
"""Answers that say: no such firm, or no score of it."""

_ABOUT_IT = frozenset({400, 409, 422})
"""Refusals that are about this question; all others would meet the next one too."""


@dataclass(frozen=True, slots=True)
class Given:
    """A score; None where the provider says that it has none of this firm."""

    score: float | None
    dated: date


@dataclass(frozen=True, slots=True)
class Odd:
    """An answer that is not understood, or a question that was refused: the next may fare better."""

    why: str


@dataclass(frozen=True, slots=True)
class Down:
    """No answer, or one that the next question would get too."""

    why: str


Answer = Given | Odd | Down


class Service:
    """Asks the service that `source` describes. No redirect is followed, no proxy used."""

    def __init__(self, source: ScoreService, root: Path) -> None:
        """Raises SecretError if a secret of the source cannot be opened."""
        self._source = source
        self._secrets = {name: resolve(where, root) for name, where in source.secrets.items()}
        self._client = Client(
            root, deadline=source.timeout, ca_file=source.ca_file, largest=LARGEST
        )

    def ask(self, firm: dict[str, str], today: date) -> Answer:
        """Return the answer about `firm`: its registration, vat and country as question_of gives them."""
        known = {**firm, **self._secrets}
        given = self._source
        headers = {"Accept": "application/json"}
        headers |= {name: in_header(value, known) for name, value in given.headers.items()}
        secrets = tuple(self._secrets.values())
        reply = self._client.ask(Request("GET", in_url(given.url, known), headers, secrets=secrets))
        if isinstance(reply, NotAccepted):
            return Down(reply.detail)
        return self._read(reply, today)

    def _read(self, reply: Reply, today: date) -> Answer:
        if reply.status in _UNKNOWN:
            return Given(None, today)
        if 300 <= reply.status < 400:
            return Down(f"{reply.status}: redirected, which is never followed")
        if not 200 <= reply.status < 300:
            return Odd(reply.said) if reply.status in _ABOUT_IT else Down(reply.said)
        return self._found(reply, today)

    def _found(self, reply: Reply, today: date) -> Given | Odd:
        score = number_in(at(reply, self._source.score))
        if score is None or off_scale(score, self._source.worst, self._source.best):
            return Odd("no score")
        if self._source.dated is None:
            return Given(score, today)
        dated = _day_in(at(reply, self._source.dated))
        if dated is None or dated > today:
            return Odd("no date")
        return Given(score, dated)


def question_of(source: ScoreService, debtor: dict[str, object]) -> dict[str, str] | None:
    """Return what a question about `debtor`, a row of DEBTORS, names; None where it lacks something.

    Letters and digits only: a registration number can lead to no other address of the service.
    """
    wanted = names_in(source.url) - set(source.secrets)
    found = {
        name: re.sub("[^A-Za-z0-9]", "", str(debtor[name] or ""))
        for name in ("registration", "vat", "country")
    }
    return found if all(found[name] for name in wanted) else None


def number_in(found: object) -> float | None:
    """Return `found` as a number; a text is one if it is written plainly. None for anything else."""
    if isinstance(found, bool) or not isinstance(found, int | float | str):
        return None
    if isinstance(found, str) and not re.fullmatch(r"-?[0-9]{1,9}(\.[0-9]{1,9})?", found.strip()):
        return None
    try:
        number = float(found)
    except OverflowError:
        return None
    return number if isfinite(number) else None


def _day_in(found: object) -> date | None:
    try:
        return date.fromisoformat(str(found)[:10])
    except ValueError:
        return None
