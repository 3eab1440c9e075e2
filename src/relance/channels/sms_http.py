"""SMS by any service that takes them over HTTP, as the policy describes it."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Annotated, ClassVar, Literal

from pydantic import BaseModel, Field, model_validator

from relance.channels.contract import Accepted, Capabilities, NotAccepted, Outcome, Unknown
from relance.channels.hosts import trusted_url
from relance.channels.http import Reply, Request, as_id
from relance.channels.http_outcomes import outcome_of
from relance.channels.http_settings import Reference
from relance.channels.http_templates import (
    TYPES,
    Form,
    check_body,
    check_names,
    in_body,
    in_header,
    in_url,
    names_in,
)
from relance.channels.sms import ONCE, SmsChannel, SmsSettings, Text
from relance.channels.sms_numbers import Sender

_VALUES = ("recipient", "digits", "text", "key", "sender")
_CREDENTIALS = re.compile("(?i)authorization$|cookie$|key$|token$|secret$|password$")
_ID = "{id}"
_PLAIN_ID = "([A-Za-z0-9._:-]{1,200})"

SecretName = Annotated[str, Field(pattern="^[a-z][a-z_]*$")]
HeaderName = Annotated[str, Field(pattern="^[A-Za-z][A-Za-z0-9-]*$")]
Steps = Annotated[str, Field(pattern=r"^[^.\s]+(\.[^.\s]+)*$")]
Place = Annotated[str, Field(pattern=r"^[^.\s]+(\.[^.\s]+)*$|\{id\}")]


class SmsHttpSettings(SmsSettings):
    """Settings of an SMS channel by a service of your own choice.

    In `url`, `headers` and `body` stand {recipient} (+336…), {digits} (336…), {text}, {key} (of the
    notice), {sender} and the names of `secrets`.
    """

    method: Literal["POST", "PUT", "GET"] = Field(default="POST", description="How it is asked.")
    url: str = Field(description="Address, with {names} after the host.")
    headers: dict[HeaderName, str] = Field(default_factory=dict, description="Header: its value.")
    format: Form = Field(default="json", description="What `body` is; values are escaped for it.")
    body: str = Field(default="", description="What is sent; in JSON, {names} stand inside quotes.")
    secrets: dict[SecretName, Reference] = Field(
        default_factory=dict, description="Name: env:NAME or file:PATH."
    )
    sender: Sender | None = Field(
        default=None, alias="from", description="Name, short code or number with +."
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

    @model_validator(mode="after")
    def _coherent(self) -> SmsHttpSettings:
        known = {*_VALUES, *self.secrets}
        if taken := set(_VALUES) & set(self.secrets):
            raise ValueError(f"the secret {min(taken)} has the name of a value")
        for url in filter(None, (self.url, self.lookup)):
            _check_url(url, known)
        for name, template in self.headers.items():
            check_names(template, known - {"text"})
            if _CREDENTIALS.search(name) and not names_in(template) & set(self.secrets):
                raise ValueError(f"the header {name} must take its value from secrets")
        check_names(self.body, known)
        if self.body:
            check_body(self.body, self.format)
        if self.idempotency_header and self.remembers is None:
            raise ValueError("say with remembers for how many hours the service knows a key again")
        if self.remembers and not self.idempotency_header and "key" not in self._names():
            raise ValueError("remembers: give idempotency_header, or send {key}")
        if self.sender is None and "sender" in self._names():
            raise ValueError("{sender} is used: give from")
        if "text" not in self._names() or not {"recipient", "digits"} & self._names():
            raise ValueError("{text} and {recipient} (or {digits}) must stand somewhere")
        return self

    def _names(self) -> set[str]:
        templates = (self.url, self.body, *self.headers.values())
        return {name for template in templates for name in names_in(template)}


def _check_url(url: str, known: set[str]) -> None:
    check_names(url, known)
    if names_in(re.split("[/?]", url.partition("://")[2], maxsplit=1)[0]):
        raise ValueError("the host of a URL is not made from values")
    trusted_url(in_url(url, dict.fromkeys(known, "x")))


class SmsHttp(SmsChannel):
    """Sends SMS by a service that the policy describes. Tried only against our own server."""

    settings: ClassVar[type[BaseModel]] = SmsHttpSettings
    _settings: SmsHttpSettings

    def __init__(self, name: str, settings: BaseModel, root: Path) -> None:
        super().__init__(name, settings, root)
        self.capabilities = self.able(settings)

    @classmethod
    def able(cls, settings: BaseModel) -> Capabilities:
        """Return what the service can do: one that knows a key again may be asked twice."""
        assert isinstance(settings, SmsHttpSettings)
        if settings.remembers is None:
            return ONCE
        return replace(ONCE, idempotent=True, honoured=timedelta(hours=settings.remembers))

    def _outcome(self, reply: Reply, text: Text) -> Outcome:
        refusal = self._settings.refused
        if 200 <= reply.status < 300 and refusal and _at(reply, refusal) not in _NOTHING:
            return NotAccepted("permanent", "recipient", reply.said)
        duplicate = (lambda: self._looked_up(text)) if self._settings.lookup else None
        return outcome_of(reply, self._reference, duplicate)

    def _looked_up(self, text: Text) -> Outcome:
        """Return what the service has under the key of a message that it says it has already."""
        request = self._made("GET", self._settings.lookup or "", text, "")
        answer = self._client.ask(request)
        if isinstance(answer, NotAccepted):
            return Unknown(f"said to be sent already, and not looked up: {answer.detail}")
        path = self._settings.lookup_id or self._settings.id
        found = _id_at(answer, path) if 200 <= answer.status < 300 else None
        if found is None:
            return Unknown(f"said to be sent already, and not found: {answer.said}")
        return Accepted(found)

    def _request(self, text: Text) -> Request:
        given = self._settings
        return self._made(given.method, given.url, text, given.body)

    def _made(self, method: str, url: str, text: Text, body: str) -> Request:
        given = self._settings
        secrets = {name: self._secret(where) for name, where in given.secrets.items()}
        values = _values(text, given.sender or "") | secrets
        headers = {"Content-Type": TYPES[given.format]} if body else {}
        headers |= {name: in_header(value, values) for name, value in given.headers.items()}
        if given.idempotency_header:
            headers[given.idempotency_header] = text.key
        content = in_body(body, given.format, values)
        return Request(method, in_url(url, values), headers, content, tuple(secrets.values()))

    def _reference(self, reply: Reply) -> str | None:
        return _id_at(reply, self._settings.id)


_NOTHING: tuple[object, ...] = (None, "", 0, False, [], {}, "0")


def _values(text: Text, sender: str) -> dict[str, str]:
    return {
        "recipient": text.number,
        "digits": text.number.removeprefix("+"),
        "text": text.words,
        "key": text.key,
        "sender": sender,
    }


def _at(reply: Reply, path: str) -> object:
    """Return what stands under a path like messages.0.id; None if nothing does."""
    return reply.find(*(int(step) if step.isdecimal() else step for step in path.split(".")))


def _id_at(reply: Reply, place: str) -> str | None:
    if _ID not in place:
        return as_id(_at(reply, place))
    before, _, after = place.partition(_ID)
    line = reply.content.decode("utf-8", "replace").strip()
    found = re.fullmatch(re.escape(before) + _PLAIN_ID + re.escape(after), line)
    return found[1] if found else None
