"""Letters by any service that takes them over HTTP, as the policy describes it."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import ClassVar, Literal

from pydantic import BaseModel, Field, model_validator

from relance.channels.contract import Capabilities
from relance.channels.http import Request
from relance.channels.http_multipart import File, multipart
from relance.channels.http_service import Service, ServiceSettings
from relance.channels.http_templates import (
    TYPES,
    check_body,
    check_names,
    in_body,
    in_header,
    names_in,
)
from relance.channels.post import POST, Last, Parcel, PostChannel, PostSettings, agreed, refusal
from relance.channels.post_signing import Signing
from relance.policy.values import Flag

_LINES = 7
_VALUES = (
    "recipient", "name", "street", "postcode", "city", "country", "email", "subject", "filename",
    "content", "sha256", "key", *(f"line_{n}" for n in range(1, _LINES + 1)),
)  # fmt: skip
_FREE = set(_VALUES) - {"key", "sha256", "country", "filename"}
"""Values that may hold what no header can."""


class PostHttpSettings(PostSettings, ServiceSettings):
    """Settings of a channel by a service of your own choice.

    In `url`, `headers`, `body` and `fields` stand {name}, {street}, {postcode}, {city}, {country}
    (two letters), {line_1} to {line_7} (the address as it stands in the window), {email},
    {recipient}, {subject}, {filename}, {content} (the PDF in base64), {sha256}, {key} (of the
    notice) and the names of `secrets`.
    """

    format: Literal["json", "form", "xml", "multipart"] = Field(
        default="multipart", description="What is sent; values are escaped for it."
    )
    body: str = Field(
        default="",
        description="What is sent but for multipart; in JSON, {names} stand inside quotes.",
    )
    fields: dict[str, str] = Field(
        default_factory=dict, description="Field of multipart: its text."
    )
    file: str = Field(default="file", description="Field of multipart that holds the PDF.")
    signing: Signing | None = Field(default=None, description="How requests are signed.")
    electronic: Flag = Field(
        default=False, description="The letter goes to an e-mail address as registered mail."
    )
    consent: str | None = Field(
        default=None, description="Tag of the customers who agreed to electronic registered mail."
    )

    @model_validator(mode="after")
    def _coherent(self) -> PostHttpSettings:
        known = {*_VALUES, *self.secrets}
        if self.method == "GET":
            raise ValueError("a letter is not sent by GET")
        self.check(_VALUES, _FREE, self._names())
        for template in (self.body, *self.fields.values()):
            check_names(template, known)
        if self.format == "multipart":
            if self.body:
                raise ValueError("body is not for multipart: give fields")
        else:
            check_body(self.body, self.format)
            if self.fields or "content" not in names_in(self.body):
                raise ValueError("{content} must stand in body, and fields are for multipart")
        return self

    def _names(self) -> set[str]:
        templates = (self.url, self.body, *self.headers.values(), *self.fields.values())
        return {name for template in templates for name in names_in(template)}


class PostHttp(PostChannel):
    """Has letters posted by a service that the policy describes. Tried only against our own server."""

    settings: ClassVar[type[BaseModel]] = PostHttpSettings
    _settings: PostHttpSettings

    def __init__(self, name: str, settings: BaseModel, root: Path) -> None:
        super().__init__(name, settings, root)
        self.capabilities = self.able(settings)
        self._service = Service(self._settings, root, self._client)

    @classmethod
    def able(cls, settings: BaseModel) -> Capabilities:
        """Return what the service can do: one that knows a key again may be asked twice."""
        assert isinstance(settings, PostHttpSettings)
        able = settings.able(POST)
        return replace(able, address="email", consent=True) if settings.electronic else able

    def _check(self, parcel: Parcel) -> None:
        if not self._settings.electronic:
            super()._check(parcel)
        elif not agreed(parcel.to, self._settings.consent):
            raise refusal("a consumer who has not agreed to electronic registered mail")

    def _prepared(self, parcel: Parcel) -> Last:
        values = _values(parcel)
        content, kind = self._content(parcel, values | self._service.secrets())
        request = self._service.request(values, content, {"Content-Type": kind})
        return self._signed(request, parcel.key), lambda reply: self._service.outcome(reply, values)

    def _content(self, parcel: Parcel, values: Mapping[str, str]) -> tuple[bytes, str]:
        given, message = self._settings, parcel.message
        if given.format != "multipart":
            return in_body(given.body, given.format, values), TYPES[given.format]
        fields = [(name, in_header(text, values)) for name, text in given.fields.items()]
        file = File(given.file, message.filename, "application/pdf", message.content)
        return multipart(fields, [file])

    def _signed(self, request: Request, key: str) -> Request:
        signing = self._settings.signing
        if signing is None:
            return request
        secret = self._secret(signing.secret)
        parts = (request.method, request.url, request.content)
        headers = {**request.headers, **signing.headers(secret, parts, key)}
        return replace(request, headers=headers, secrets=(*request.secrets, secret))


def _values(parcel: Parcel) -> dict[str, str]:
    message, to = parcel.message, parcel.to
    lines = (*to.block, *[""] * _LINES)
    return {
        "recipient": message.recipient,
        "name": to.name,
        "street": "\n".join(to.street),
        "postcode": to.postcode,
        "city": to.city,
        "country": to.country,
        "email": to.email or "",
        "subject": message.subject,
        "filename": message.filename,
        "content": base64.b64encode(message.content).decode(),
        "sha256": message.sha256,
        "key": parcel.key,
    } | {f"line_{n}": lines[n - 1] for n in range(1, _LINES + 1)}
