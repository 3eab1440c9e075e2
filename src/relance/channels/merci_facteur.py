"""Letters by Merci Facteur (API 1.2). Tried only against our own server.

Its replies say 200 and whether they mean success. The secret signs the request for a token, which
is good for a day, and is never sent. `antidoublon` carries the key of the notice: the service says
that it refuses a second letter with the same one for 30 days. That was never tried against the real
service, so a lost reply stays in doubt, and the key is one more net under whoever sends it again.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from dataclasses import replace
from pathlib import Path
from typing import Annotated, Any, ClassVar, Literal
from urllib.parse import urlencode

from pydantic import BaseModel, Field, model_validator

from relance.channels.contract import Accepted, Capabilities, NotAccepted, Outcome, Unknown
from relance.channels.hosts import Url
from relance.channels.http import Reply, Request
from relance.channels.http_bearer import refused_login
from relance.channels.http_outcomes import outcome_of
from relance.channels.http_settings import Reference
from relance.channels.post import (
    POST,
    Last,
    Parcel,
    PostChannel,
    PostSettings,
    Refused,
    Sender,
    agreed,
    refusal,
)
from relance.clock import now
from relance.notices.address import country_name

_ENDPOINT = "https://www.merci-facteur.com/api/1.2/prod/service"
_SPARE = 60
_STREETS = 3


class MerciFacteurSettings(PostSettings):
    """Settings of a channel by Merci Facteur."""

    service_id: str = Field(description="Id of the service, from the page API of the account.")
    secret: Reference = Field(description="A reference (env:NAME, file:PATH) to the secret key.")
    user: Annotated[int, Field(ge=1)] = Field(description="Id of the user who sends.")
    mode: Literal["normal", "suivi", "lrar", "lrare", "ere_otp_mail"] = Field(
        description="Plain, tracked, registered (lrar, lrare) or electronic registered mail."
    )
    sender: Sender = Field(description="Whom the letters are from.")
    authorized_ip: str = Field(
        default="111.111.111", description="Addresses the account is bound to, parted by ;."
    )
    consent: str | None = Field(
        default=None, description="Tag of the customers who agreed to electronic registered mail."
    )
    endpoint: Url = Field(default=_ENDPOINT, description="Address of the service.")

    @model_validator(mode="after")
    def _coherent(self) -> MerciFacteurSettings:
        if self.proof and self.mode in ("normal", "suivi"):
            raise ValueError(f"mode {self.mode} brings no receipt back")
        if self.is_electronic and not self.sender.email:
            raise ValueError("electronic registered mail needs the sender's email")
        return self

    @property
    def is_electronic(self) -> bool:
        """Whether nothing is printed: the letter is opened by a code sent by e-mail."""
        return self.mode == "ere_otp_mail"


class MerciFacteur(PostChannel):
    """Has letters printed and posted by Merci Facteur. Tried only against our own server."""

    settings: ClassVar[type[BaseModel]] = MerciFacteurSettings
    _settings: MerciFacteurSettings

    def __init__(self, name: str, settings: BaseModel, root: Path) -> None:
        super().__init__(name, settings, root)
        self.capabilities = self.able(settings)
        self._token = ""
        self._end = 0

    @classmethod
    def able(cls, settings: BaseModel) -> Capabilities:
        """Return what the mode can do: electronic mail goes to who agreed, by e-mail."""
        assert isinstance(settings, MerciFacteurSettings)
        if settings.is_electronic:
            return replace(POST, address="email", consent=True)
        return POST if settings.mode in ("lrar", "lrare") else replace(POST, proof=())

    def _check(self, parcel: Parcel) -> None:
        if not self._settings.is_electronic:
            super()._check(parcel)
        elif not agreed(parcel.to, self._settings.consent):
            raise refusal("a consumer who has not agreed to electronic registered mail")

    def _prepared(self, parcel: Parcel) -> Last:
        token = self._valid_token()
        message, given = parcel.message, self._settings
        letter = {
            "files": "",
            "base64files": [base64.b64encode(message.content).decode()],
            "final_filename": message.filename.removesuffix(".pdf"),
            "print_sides": "",
        }
        fields = {
            "idUser": str(given.user),
            "modeEnvoi": given.mode,
            "adress": _json({"exp": _from(given.sender), "dest": [self._to(parcel)]}),
            "content": _json({"letter": letter, "photo": "", "card": ""}),
            "designation": message.subject[:50],
            "antidoublon": parcel.key,
        }
        headers = {
            "Content-Type": "application/x-www-form-urlencoded",
            "ww-service-id": given.service_id,
            "ww-access-token": token,
        }
        url = f"{given.endpoint.rstrip('/')}/sendCourrier"
        request = Request("POST", url, headers, urlencode(fields).encode(), (token,))
        return request, lambda reply: self._meaning(reply, parcel.key)

    def _meaning(self, reply: Reply, key: str) -> Outcome:
        if not 200 <= reply.status < 300 or reply.find("success") is True:
            return outcome_of(reply, lambda found: found.text("envoi_id"))
        if reply.find("success") is not False:
            return Unknown(f"neither success nor failure: {reply.said}")
        if "doublon" in reply.said.lower():
            return Accepted(f"known already as {key}")
        if "token" in reply.said.lower():
            self._token = ""
            return NotAccepted("transient", "channel", reply.said)
        return NotAccepted("permanent", "recipient", reply.said)

    def _valid_token(self) -> str:
        moment = int(now().timestamp())
        if self._token and moment < self._end - _SPARE:
            return self._token
        given, secret = self._settings, self._secret(self._settings.secret)
        signed = f"{given.service_id}{moment}".encode()
        headers = {
            "ww-service-signature": hmac.new(secret.encode(), signed, hashlib.sha256).hexdigest(),
            "ww-timestamp": str(moment),
            "ww-service-id": given.service_id,
            "ww-authorized-ip": given.authorized_ip,
        }
        url = f"{given.endpoint.rstrip('/')}/getToken"
        reply = self._client.ask(Request("GET", url, headers, b"", (secret,)))
        if isinstance(reply, NotAccepted):
            raise Refused(reply)
        if refused := refused_login(reply):
            raise Refused(refused)
        token, end = reply.find("token"), reply.find("expire")
        if reply.find("success") is not True or not isinstance(token, str) or not token:
            raise Refused(NotAccepted("permanent", "channel", f"no token: {reply.said}"))
        self._token, self._end = token, end if isinstance(end, int) else 0
        return token

    def _to(self, parcel: Parcel) -> dict[str, Any]:
        to, electronic = parcel.to, self._settings.is_electronic
        if len(to.street) > _STREETS:
            raise refusal(f"the address has more than {_STREETS} lines between name and town")
        email = parcel.message.recipient if electronic else ""
        return _address(
            to.name, to.street, (to.postcode, to.city, to.country), (email, parcel.key[:30])
        ) | ({"consent": 1} if electronic else {})


def _from(sender: Sender) -> dict[str, Any]:
    where = (sender.postcode, sender.city, sender.country)
    return _address(sender.name, tuple(sender.address), where, (sender.email, ""))


def _address(
    name: str, street: tuple[str, ...], where: tuple[str, str, str], contact: tuple[str, str]
) -> dict[str, Any]:
    """Return an address with all its keys: the service refuses one of which any is missing."""
    lines = (*street, "", "", "")
    postcode, city, country = where
    email, reference = contact
    return {
        "civilite": "", "nom": "", "prenom": "", "societe": name,
        "adresse1": lines[0], "adresse2": lines[1], "adresse3": lines[2],
        "cp": postcode, "ville": city, "pays": country_name(country, "fr"),
        "email": email, "phone": "", "reference": reference,
    }  # fmt: skip


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
