"""Electronic registered letters by AR24. Tried only against our own server.

Each request carries the date, and the date encrypted by the private key as signature. Replies say
200 whatever they mean: errors in clear JSON, successes encrypted by a key made of that date.

Such a letter equals a registered one on paper (art. L100 CPCE), for whom is a professional or
agreed to it before: others are refused.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
import re
from dataclasses import dataclass, replace
from typing import Any, ClassVar
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from pydantic import BaseModel, Field

from relance.channels import aes
from relance.channels.blot import on_one_line
from relance.channels.contract import Accepted, Capabilities, NotAccepted, Outcome, Unknown
from relance.channels.hosts import Url
from relance.channels.http import Reply, Request, as_id
from relance.channels.http_multipart import File, multipart
from relance.channels.http_outcomes import outcome_of
from relance.channels.http_settings import Reference
from relance.channels.post import (
    POST,
    PROFESSIONAL,
    Last,
    Parcel,
    PostChannel,
    PostSettings,
    Refused,
    agreed,
    refusal,
)
from relance.clock import now
from relance.policy.values import Flag

_PARIS = ZoneInfo("Europe/Paris")
_OURS = re.compile("token|signature|date|user|account|credit", re.IGNORECASE)
"""What errors are about that are about us, not about one letter."""
_MAINTENANCE = "maintenance"


class Ar24Settings(PostSettings):
    """Settings of a channel by AR24."""

    token: Reference = Field(description="A reference (env:NAME, file:PATH) to the token.")
    private_key: Reference = Field(description="A reference to the private key, which signs.")
    user: str = Field(description="Id of the user who sends.")
    consent: str | None = Field(
        default=None,
        description="Tag of the customers who agreed to electronic registered mail; others than "
        "professionals get none without it.",
    )
    eidas: Flag = Field(default=True, description="A qualified letter, or a simple one.")
    endpoint: Url = Field(default="https://app.ar24.fr/api", description="Address of the service.")


class Ar24(PostChannel):
    """Sends electronic registered letters by AR24. Tried only against our own server."""

    settings: ClassVar[type[BaseModel]] = Ar24Settings
    capabilities: Capabilities = replace(
        POST, address="email", consent=True, proof=("receipt", "deposit", "refusal", "neglect")
    )
    _settings: Ar24Settings

    def _check(self, parcel: Parcel) -> None:
        if "@" not in parcel.message.recipient:
            raise refusal("an electronic letter goes to an e-mail address")
        if not agreed(parcel.to, self._settings.consent):
            raise refusal("a consumer who has not agreed to electronic registered mail")

    def _prepared(self, parcel: Parcel) -> Last:
        document = self._uploaded(parcel)
        fields = self._letter(parcel) | {"attachment[0]": document}
        sealed = self._sealed()
        return self._request(sealed, "/mail/", fields), sealed.meaning

    def _uploaded(self, parcel: Parcel) -> str:
        """Return the id of the document at the service; nothing is sent by that."""
        sealed = self._sealed()
        reply = self._asked(self._request(sealed, "/attachment/", {}, parcel.message))
        outcome = sealed.meaning(reply)
        if isinstance(outcome, Accepted):
            return outcome.reference
        if isinstance(outcome, NotAccepted):
            raise Refused(outcome)
        raise Refused(NotAccepted("transient", "recipient", outcome.detail))

    def _request(
        self, sealed: Sealed, path: str, fields: dict[str, str], document: Any = None
    ) -> Request:
        given = {"token": sealed.token, "date": sealed.date, "id_user": self._settings.user}
        if document is None:
            content = urlencode(given | fields).encode()
            kind = "application/x-www-form-urlencoded"
        else:
            file = File("file", document.filename, "application/pdf", document.content)
            content, kind = multipart((given | fields).items(), [file])
        headers = {"Content-Type": kind, "signature": sealed.signature}
        secrets = (sealed.token, sealed.private_key)
        url = self._settings.endpoint.rstrip("/") + path
        return Request("POST", url, headers, content, secrets)

    def _letter(self, parcel: Parcel) -> dict[str, str]:
        to = parcel.to
        professional = to.kind in PROFESSIONAL
        first, last = ("", to.name) if professional else _parted(to.name)
        return {
            "eidas": str(int(self._settings.eidas)),
            "to_firstname": first,
            "to_lastname": last,
            "to_company": to.name if professional else "",
            "to_email": parcel.message.recipient,
            "dest_statut": "professionnel" if professional else "particulier",
            "address1": to.street[0] if to.street else "",
            "address2": " ".join(to.street[1:]),
            "zipcode": to.postcode,
            "city": to.city,
            "country": to.country,
            "ref_client": parcel.key,
            "message_object": parcel.message.subject,
        }

    def _sealed(self) -> Sealed:
        moment = now().astimezone(_PARIS).strftime("%Y-%m-%d %H:%M:%S")
        given = self._settings
        return Sealed(moment, self._secret(given.token), self._secret(given.private_key))


@dataclass(frozen=True, slots=True, repr=False)
class Sealed:
    """What proves a request to be ours, and opens its reply: the date of it, and the private key."""

    date: str
    token: str
    private_key: str

    @property
    def signature(self) -> str:
        """The date, encrypted by the digest of the private key."""
        key = _hex(self.private_key)[:32].encode()
        return base64.b64encode(aes.encrypt(self.date.encode(), key, self._vector)).decode()

    @property
    def _vector(self) -> bytes:
        return _hex(_hex(self.private_key))[:16].encode()

    def meaning(self, reply: Reply) -> Outcome:
        """Return what the reply means; one that cannot be read tells nothing."""
        if not 200 <= reply.status < 300:
            return outcome_of(reply, lambda _: None)
        found = self.opened(reply)
        return Unknown(f"not readable: {reply.said}") if found is None else _meaning(found)

    def opened(self, reply: Reply) -> dict[str, Any] | None:
        """Return what the reply says, in clear or encrypted; None if that cannot be read."""
        clear = reply.json()
        if isinstance(clear, dict):
            return clear
        key = _hex(self.date + self.private_key)[:32].encode()
        try:
            closed = base64.b64decode(reply.content.strip(), validate=True)
            found = json.loads(aes.decrypt(closed, key, self._vector))
        except (ValueError, binascii.Error, RecursionError):
            return None
        return found if isinstance(found, dict) else None

    def closed(self, value: object) -> bytes:
        """Return `value` as the service encrypts its replies."""
        key = _hex(self.date + self.private_key)[:32].encode()
        return base64.b64encode(aes.encrypt(json.dumps(value).encode(), key, self._vector))


def _hex(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def _meaning(found: dict[str, Any]) -> Outcome:
    status = str(found.get("status", ""))
    said = on_one_line(" ".join(str(found.get(name, "")) for name in ("status", "slug", "message")))
    if status.upper() == "SUCCESS":
        result = found.get("result")
        given = result if isinstance(result, dict) else {}
        reference = as_id(given.get("id")) or as_id(given.get("file_id"))
        return Unknown(f"taken without an id: {said}") if reference is None else Accepted(reference)
    if status.lower() == _MAINTENANCE:
        return NotAccepted("transient", "channel", said)
    if status.upper() != "ERROR":
        return Unknown(f"neither yes nor no: {said}")
    ours = _OURS.search(str(found.get("slug", "")))
    return NotAccepted("permanent", "channel" if ours else "recipient", said)


def _parted(name: str) -> tuple[str, str]:
    """Return first name and family name of a person as far as a name on one line tells."""
    first, _, last = name.partition(" ")
    return (first, last) if last else ("", first)
