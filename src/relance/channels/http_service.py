"""A service that the policy describes by itself: what it is asked, and what its replies say."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field

from relance.channels.contract import Accepted, Capabilities, NotAccepted, Outcome, Unknown
from relance.channels.hosts import trusted_url
from relance.channels.http import Client, Reply, Request, as_id
from relance.channels.http_outcomes import outcome_of
from relance.channels.http_settings import HttpSettings, Reference
from relance.channels.http_templates import check_names, in_header, in_url, names_in
from relance.policy.secrets import resolve

_CREDENTIALS = re.compile("(?i)authorization$|cookie$|key$|token$|secret$|password$")
_ID = "{id}"
_PLAIN_ID = "([A-Za-z0-9._:-]{1,200})"
_NOTHING: tuple[object, ...] = (None, "", 0, False, [], {}, "0")

SecretName = Annotated[str, Field(pattern="^[a-z][a-z_]*$")]
HeaderName = Annotated[str, Field(pattern="^[A-Za-z][A-Za-z0-9-]*$")]
Steps = Annotated[str, Field(pattern=r"^[^.\s]+(\.[^.\s]+)*$")]
Place = Annotated[str, Field(pattern=r"^[^.\s]+(\.[^.\s]+)*$|\{id\}")]


class ServiceSettings(HttpSettings):
    """Settings of every channel by a service of your own choice."""

    method: Literal["POST", "PUT", "GET"] = Field(default="POST", description="How it is asked.")
    url: str = Field(description="Address, with {names} after the host.")
    headers: dict[HeaderName, str] = Field(default_factory=dict, description="Header: its value.")
    secrets: dict[SecretName, Reference] = Field(
        default_factory=dict, description="Name: env:NAME or file:PATH."
    )
    id: Place = Field(
        description="Where the id stands: in JSON, messages.0.id; in a reply of one line, OK {id}."
    )
    refused: Steps | None = Field(
        default=None, description="Where a reply that says 200 names a refusal, if it refuses so."
    )
    idempotency_header: HeaderName | None = Field(
        default=None,
        description="Header that carries the key, of a service that sends one key once only.",
    )
    remembers: Annotated[int, Field(ge=1, le=8760)] | None = Field(
        default=None, description="For how many hours the service knows a key again."
    )
    lookup: str | None = Field(
        default=None, description="Address that gives the message by {key}, asked after a 409."
    )
    lookup_id: Place | None = Field(
        default=None, description="Where the id stands in that reply; as `id` if absent."
    )

    def check(self, values: Collection[str], long: Collection[str], used: Collection[str]) -> None:
        """Refuse what cannot work.

        Args:
            values: names that templates may have, beside those of the secrets.
            long: those of them that no header can hold.
            used: names that stand in the URL, a header or the body.

        Raises:
            ValueError: with the reason.
        """
        known = {*values, *self.secrets}
        if taken := set(values) & set(self.secrets):
            raise ValueError(f"the secret {min(taken)} has the name of a value")
        for url in filter(None, (self.url, self.lookup)):
            _check_url(url, known)
        for name, template in self.headers.items():
            check_names(template, known - set(long))
            if _CREDENTIALS.search(name) and not names_in(template) & set(self.secrets):
                raise ValueError(f"the header {name} must take its value from secrets")
        if self.idempotency_header and self.remembers is None:
            raise ValueError("say with remembers for how many hours the service knows a key again")
        if self.remembers and not self.idempotency_header and "key" not in used:
            raise ValueError("remembers: give idempotency_header, or send {key}")

    def able(self, once: Capabilities) -> Capabilities:
        """Return what the service can do: one that knows a key again may be asked twice."""
        if self.remembers is None:
            return once
        return replace(once, idempotent=True, honoured=timedelta(hours=self.remembers))


class Service:
    """Asks a service as `settings` describe it. Values are by name; `key` is always one of them."""

    def __init__(self, settings: ServiceSettings, root: Path, client: Client) -> None:
        self._settings = settings
        self._root = root
        self._client = client

    def secrets(self) -> dict[str, str]:
        """Return the secrets by name. Raises SecretError."""
        given = self._settings.secrets
        return {name: resolve(where, self._root) for name, where in given.items()}

    def request(
        self, values: Mapping[str, str], content: bytes, headers: Mapping[str, str]
    ) -> Request:
        """Return the request that sends the message; `headers` are those of its content."""
        given = self._settings
        return self._made(given.method, given.url, values, (content, headers))

    def outcome(self, reply: Reply, values: Mapping[str, str]) -> Outcome:
        """Return what the reply means; a message that it has already is looked up by its key."""
        refusal = self._settings.refused
        if 200 <= reply.status < 300 and refusal and at(reply, refusal) not in _NOTHING:
            return NotAccepted("permanent", "recipient", reply.said)
        duplicate = (lambda: self._looked_up(values)) if self._settings.lookup else None
        return outcome_of(reply, lambda found: id_at(found, self._settings.id), duplicate)

    def _looked_up(self, values: Mapping[str, str]) -> Outcome:
        """Return what the service has under the key of a message that it says it has already."""
        request = self._made("GET", self._settings.lookup or "", values, (b"", {}))
        answer = self._client.ask(request)
        if isinstance(answer, NotAccepted):
            return Unknown(f"said to be sent already, and not looked up: {answer.detail}")
        path = self._settings.lookup_id or self._settings.id
        found = id_at(answer, path) if 200 <= answer.status < 300 else None
        if found is None:
            return Unknown(f"said to be sent already, and not found: {answer.said}")
        return Accepted(found)

    def _made(
        self,
        method: str,
        url: str,
        values: Mapping[str, str],
        body: tuple[bytes, Mapping[str, str]],
    ) -> Request:
        given, secrets = self._settings, self.secrets()
        known = {**values, **secrets}
        content, of_content = body
        headers = dict(of_content)
        headers |= {name: in_header(value, known) for name, value in given.headers.items()}
        if given.idempotency_header:
            headers[given.idempotency_header] = known["key"]
        return Request(method, in_url(url, known), headers, content, tuple(secrets.values()))


def at(reply: Reply, path: str) -> object:
    """Return what stands under a path like messages.0.id; None if nothing does."""
    return reply.find(*(int(step) if step.isdecimal() else step for step in path.split(".")))


def id_at(reply: Reply, place: str) -> str | None:
    """Return the id at `place`: a path in JSON, or a line of text with {id}; None if none is."""
    if _ID not in place:
        return as_id(at(reply, place))
    before, _, after = place.partition(_ID)
    line = reply.content.decode("utf-8", "replace").strip()
    found = re.fullmatch(re.escape(before) + _PLAIN_ID + re.escape(after), line)
    return found[1] if found else None


def _check_url(url: str, known: set[str]) -> None:
    check_names(url, known)
    if names_in(re.split("[/?]", url.partition("://")[2], maxsplit=1)[0]):
        raise ValueError("the host of a URL is not made from values")
    trusted_url(in_url(url, dict.fromkeys(known, "x")))
