"""Letters by Pingen (API 2). Tried only against our own server.

The pages are put where the service says, a letter is made of them, and it leaves when it is sent:
what fails before that has not been sent, and lies as a draft at the service.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any, ClassVar, Literal

from pydantic import BaseModel, Field, model_validator

from relance.channels.contract import Accepted, NotAccepted, Outcome, Unknown
from relance.channels.hosts import Url, trusted_url
from relance.channels.http import Reply, Request
from relance.channels.http_bearer import Bearer
from relance.channels.http_outcomes import outcome_of
from relance.channels.http_settings import Reference
from relance.channels.http_templates import compact
from relance.channels.post import Last, Parcel, PostChannel, PostSettings, Refused, found, refusal
from relance.clock import elapsed, wait

_TYPE = "application/vnd.api+json"
_UNFIT = ("invalid", "unprintable", "action_required")
"""States of a letter that its service cannot print as it is."""
_DRAFTS = (*_UNFIT, "draft", "valid", "validating", "fixing")
"""States of a letter that was not handed over for printing."""
_CHECKING = ("validating", "fixing")
_PAUSE = 0.5
"""Seconds between two looks at a letter that the service looks at."""


class PingenSettings(PostSettings):
    """Settings of a channel by Pingen."""

    organisation: str = Field(pattern="^[A-Za-z0-9-]{1,64}$", description="Id of the organisation.")
    client_id: Reference = Field(description="A reference: env:NAME or file:PATH.")
    client_secret: Reference = Field(description="A reference: env:NAME or file:PATH.")
    product: str = Field(
        pattern="^[a-z0-9_]{1,40}$",
        description="How it is posted: cheap, fast, registered…, as the account offers.",
    )
    address_position: Literal["left", "right"] = Field(
        default="right", description="On which side the window is."
    )
    color: Literal["grayscale", "color"] = Field(default="grayscale", description="Print so.")
    sides: Literal["simplex", "duplex"] = Field(default="simplex", description="Print so.")
    checking: Annotated[float, Field(gt=0, le=600)] = Field(
        default=60, description="Seconds to wait until the service has looked at the pages."
    )
    endpoint: Url = Field(default="https://api.pingen.com", description="Address of the service.")
    login: Url = Field(
        default="https://identity.pingen.com/auth/access-tokens",
        description="Address that gives tokens.",
    )

    @model_validator(mode="after")
    def _coherent(self) -> PingenSettings:
        if self.proof and "registered" not in self.product:
            raise ValueError(f"product {self.product} brings no receipt back")
        return self


class Pingen(PostChannel):
    """Has letters printed and posted by Pingen. Tried only against our own server."""

    settings: ClassVar[type[BaseModel]] = PingenSettings
    _settings: PingenSettings

    def __init__(self, name: str, settings: BaseModel, root: Path) -> None:
        super().__init__(name, settings, root)
        self._bearer = Bearer(self._client, self._settings.login)

    def _prepared(self, parcel: Parcel) -> Last:
        pages = self._uploaded(parcel)
        attributes = pages | {
            "file_original_name": parcel.message.filename,
            "address_position": self._settings.address_position,
            "auto_send": False,
        }
        content = compact({"data": {"type": "letters", "attributes": attributes}})
        made = self._asked(self._request("POST", "", content))
        letter = found(made, "data", "id")
        self._see_that_it_prints(letter, made)
        given = self._settings
        how = {
            "delivery_product": given.product,
            "print_mode": given.sides,
            "print_spectrum": given.color,
        }
        data = {"id": letter, "type": "letters", "attributes": how}
        sending = self._request("PATCH", f"/{letter}/send", compact({"data": data}))
        return sending, lambda reply: outcome_of(
            reply, lambda _: letter, lambda: self._looked_up(letter)
        )

    def _looked_up(self, letter: str) -> Outcome:
        """Return whether the letter that cannot be sent (again) was handed over for printing."""
        answer = self._client.ask(self._request("GET", f"/{letter}", b""))
        if isinstance(answer, NotAccepted):
            return Unknown(f"refused as being sent already, and not looked up: {answer.detail}")
        state = answer.text("data", "attributes", "status")
        if state is None or answer.status != 200:
            return Unknown(f"refused as being sent already, and not found: {answer.said}")
        if state in _DRAFTS:
            return NotAccepted("transient", "recipient", f"not sent, the letter is {state}")
        return Accepted(letter)

    def _see_that_it_prints(self, letter: str, made: Reply) -> None:
        """Refuse a letter that the service cannot print, once it has looked at it.

        Raises:
            Refused: if it cannot, or has not looked in time: another run makes another draft.
        """
        end = elapsed() + self._settings.checking
        state = made.text("data", "attributes", "status")
        while state in _CHECKING and elapsed() < end:
            wait(_PAUSE)
            reply = self._asked(self._request("GET", f"/{letter}", b""))
            state = reply.text("data", "attributes", "status")
        if state in _UNFIT:
            raise refusal(f"the service finds the letter {state}")
        if state in _CHECKING:
            detail = f"the service still looks at the letter: {state}"
            raise Refused(NotAccepted("transient", "recipient", detail))

    def _uploaded(self, parcel: Parcel) -> dict[str, Any]:
        """Return where the pages are, as the service wants to be told."""
        where = self._asked(self._bare("GET", "/file-upload", b""))
        url = where.find("data", "attributes", "url")
        signature = where.find("data", "attributes", "url_signature")
        if not isinstance(url, str) or not isinstance(signature, str):
            raise Refused(NotAccepted("transient", "recipient", "no place for the pages was given"))
        try:
            trusted_url(url)
        except ValueError as error:
            raise Refused(NotAccepted("permanent", "channel", f"file-upload: {error}")) from None
        # The place is another server's: it gets no token of ours.
        self._asked(Request("PUT", url, {}, parcel.message.content))
        return {"file_url": url, "file_url_signature": signature}

    def _request(self, method: str, path: str, content: bytes) -> Request:
        return self._bare(
            method, f"/organisations/{self._settings.organisation}/letters{path}", content
        )

    def _bare(self, method: str, path: str, content: bytes) -> Request:
        token = self._valid_token()
        headers = {"Authorization": f"Bearer {token}", "Accept": _TYPE}
        headers |= {"Content-Type": _TYPE} if content else {}
        url = self._settings.endpoint.rstrip("/") + path
        return Request(method, url, headers, content, (token,))

    def _valid_token(self) -> str:
        given = self._settings
        secret = self._secret(given.client_secret)
        form = {
            "grant_type": "client_credentials",
            "client_id": self._secret(given.client_id),
            "client_secret": secret,
        }
        token = self._bearer.token(form, (secret,))
        if isinstance(token, NotAccepted):
            raise Refused(token)
        return token
