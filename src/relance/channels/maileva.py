"""Letters and registered letters by Maileva (La Poste). Tried only against our own server.

A sending is made, gets its document and its recipient, and leaves when it is submitted: what fails
before that has not been sent, and lies as a draft at the service.
"""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import ClassVar, Literal

from pydantic import BaseModel, Field, model_validator

from relance.channels.contract import Capabilities, NotAccepted
from relance.channels.hosts import Url
from relance.channels.http import Request
from relance.channels.http_bearer import Bearer
from relance.channels.http_multipart import File, multipart
from relance.channels.http_outcomes import outcome_of
from relance.channels.http_settings import Reference
from relance.channels.http_templates import compact
from relance.channels.post import (
    POST,
    Last,
    Parcel,
    PostChannel,
    PostSettings,
    Refused,
    Sender,
    found,
    window,
)
from relance.policy.values import Flag

_PATHS = {"mail": "/mail/v2", "registered": "/registered_mail/v4"}
_PLACES = {0: (), 1: (4,), 2: (3, 4), 3: (2, 3, 4), 4: (2, 3, 4, 5)}
"""Which lines of the address the lines between name and town are: the street stands on the fourth."""


class MailevaSettings(PostSettings):
    """Settings of a channel by Maileva."""

    product: Literal["mail", "registered"] = Field(description="Plain or registered mail.")
    client_id: Reference = Field(description="A reference: env:NAME or file:PATH.")
    client_secret: Reference = Field(description="A reference: env:NAME or file:PATH.")
    user: Reference | None = Field(
        default=None, description="A reference to the name, of an account that logs in by name."
    )
    password: Reference | None = Field(
        default=None, description="A reference: env:NAME or file:PATH."
    )
    postage: Literal["fast", "economic", "urgent"] = Field(
        default="fast", description="How fast plain mail goes."
    )
    color: Flag = Field(default=False, description="Print in colour.")
    duplex: Flag = Field(default=True, description="Print on both sides.")
    sender: Sender | None = Field(
        default=None, description="Whom registered mail is from; it needs one."
    )
    endpoint: Url = Field(default="https://api.maileva.com", description="Address of the service.")
    login: Url = Field(
        default="https://connexion.maileva.com/auth/realms/services/protocol/openid-connect/token",
        description="Address that gives tokens.",
    )

    @model_validator(mode="after")
    def _coherent(self) -> MailevaSettings:
        if (self.user is None) != (self.password is None):
            raise ValueError("user and password go together")
        if self.product == "registered" and self.sender is None:
            raise ValueError("registered mail needs a sender")
        if self.product == "mail" and self.proof:
            raise ValueError("plain mail brings no receipt back")
        return self


class Maileva(PostChannel):
    """Has letters printed and posted by Maileva. Tried only against our own server."""

    settings: ClassVar[type[BaseModel]] = MailevaSettings
    _settings: MailevaSettings

    def __init__(self, name: str, settings: BaseModel, root: Path) -> None:
        super().__init__(name, settings, root)
        self.capabilities = self.able(settings)
        self._bearer = Bearer(self._client, self._settings.login)

    @classmethod
    def able(cls, settings: BaseModel) -> Capabilities:
        """Return what the product can do: only registered mail brings a proof back."""
        assert isinstance(settings, MailevaSettings)
        return POST if settings.product == "registered" else replace(POST, proof=())

    def _prepared(self, parcel: Parcel) -> Last:
        window(parcel.to, max(_PLACES))  # before anything is left behind at the service
        made = self._asked(self._request("", compact(self._draft(parcel))))
        sending = found(made, "id")
        message = parcel.message
        file = File("document", message.filename, "application/pdf", message.content)
        about = json.dumps({"priority": 1, "name": message.filename})
        content, kind = multipart([("metadata", about)], [file])
        self._asked(self._request(f"/{sending}/documents", content, kind))
        self._asked(self._request(f"/{sending}/recipients", compact(_recipient(parcel))))
        submit = self._request(f"/{sending}/submit", b"")
        return submit, lambda reply: outcome_of(reply, lambda _: sending)

    def _draft(self, parcel: Parcel) -> dict[str, object]:
        given = self._settings
        draft: dict[str, object] = {
            "name": parcel.message.subject[:100],
            "custom_id": parcel.key,
            "color_printing": given.color,
            "duplex_printing": given.duplex,
            "optional_address_sheet": False,
        }
        if given.product == "mail":
            return draft | {"postage_type": given.postage.upper()}
        assert given.sender is not None
        lines = _lines(given.sender.name, tuple(given.sender.address))
        lines["address_line_6"] = f"{given.sender.postcode} {given.sender.city}"
        return (
            draft
            | {"acknowledgement_of_receipt": True, "sender_country_code": given.sender.country}
            | {f"sender_{name}": line for name, line in lines.items()}
        )

    def _request(self, path: str, content: bytes, kind: str = "application/json") -> Request:
        token = self._valid_token()
        url = self._settings.endpoint.rstrip("/") + _PATHS[self._settings.product]
        headers = {"Authorization": f"Bearer {token}", "Accept": "application/json"}
        headers |= {"Content-Type": kind} if content else {}
        return Request("POST", f"{url}/sendings{path}", headers, content, (token,))

    def _valid_token(self) -> str:
        given = self._settings
        form = {
            "client_id": self._secret(given.client_id),
            "client_secret": self._secret(given.client_secret),
            "grant_type": "password" if given.user else "client_credentials",
        }
        if given.user and given.password:
            form |= {
                "username": self._secret(given.user),
                "password": self._secret(given.password),
            }
        hidden = ("client_secret", "username", "password")
        token = self._bearer.token(form, tuple(form[name] for name in hidden if name in form))
        if isinstance(token, NotAccepted):
            raise Refused(token)
        return token


def _recipient(parcel: Parcel) -> dict[str, str]:
    between, town = window(parcel.to, max(_PLACES))
    lines = _lines(parcel.to.block[0], between) | {"address_line_6": town}
    return lines | {"custom_id": parcel.key, "country_code": parcel.to.country}


def _lines(name: str, between: tuple[str, ...]) -> dict[str, str]:
    places = dict(zip(_PLACES[len(between)], between, strict=True))
    return {"address_line_1": name} | {f"address_line_{n}": line for n, line in places.items()}
