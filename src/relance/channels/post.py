"""What carriers of letters over HTTP have in common.

A letter often takes several requests: a draft, its pages, its recipient. Nothing leaves before the
last one: what fails earlier has not been sent, whatever the service made of it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, ClassVar, Literal

from pydantic import BaseModel, ConfigDict, Field

from relance.channels.contract import Capabilities, NotAccepted, Outcome
from relance.channels.http import Reply, Request
from relance.channels.http_outcomes import outcome_of, repeatable
from relance.channels.http_settings import HttpSettings
from relance.notices.message import Addressee, Message
from relance.policy.secrets import SecretError, resolve
from relance.policy.values import Country, NonEmpty, Texts

POST = Capabilities(media=("letter",), idempotent=False, attachments=True, proof=("receipt",))
"""What a carrier can do that does not know a letter again: a lost reply is in doubt."""
PROFESSIONAL = ("business", "public")
"""Kinds of debtors who need not agree to electronic registered mail (art. L100 CPCE)."""


class Sender(BaseModel):
    """Whom the letter is from, as the carrier prints it on the envelope or the proof."""

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)

    name: NonEmpty = Field(description="Name.")
    address: Annotated[Texts, Field(min_length=1, max_length=3)] = Field(
        description="Lines of the address, without the town."
    )
    postcode: NonEmpty = Field(description="Postcode.")
    city: NonEmpty = Field(description="Town.")
    country: Country = Field(default="FR", description="ISO 3166 alpha-2.")
    email: str = Field(default="", description="E-mail address, where the carrier asks for one.")


class PostSettings(HttpSettings):
    """Settings of every carrier of letters over HTTP."""

    proof: Literal["receipt"] | None = Field(
        default=None, description="A proof of sending is recorded when it comes back."
    )


@dataclass(frozen=True, slots=True)
class Parcel:
    """A letter as a carrier wants it: its pages, whom it is for, and the key of the notice."""

    message: Message
    to: Addressee
    key: str


Last = tuple[Request, Callable[[Reply], Outcome]]
"""The request that makes a letter leave, and what its reply means."""


class Refused(Exception):  # noqa: N818
    """The letter did not leave: a request before the one that sends it was not answered well."""

    def __init__(self, outcome: NotAccepted) -> None:
        super().__init__(outcome.detail)
        self.outcome = outcome


class PostChannel:
    """Hands over each letter by requests of which the last one makes it leave.

    A subclass writes the requests and reads the replies.
    """

    settings: ClassVar[type[BaseModel]]
    capabilities: Capabilities = POST

    def __init__(self, name: str, settings: BaseModel, root: Path) -> None:
        self.name = name
        assert isinstance(settings, PostSettings)
        self._settings = settings
        self._root = root
        self._client = settings.client(root)

    def send(self, message: Message, key: str, transmitting: Callable[[], None]) -> Outcome:
        """Hand the letter over; the reply to the last request, or its loss, decides the outcome."""
        if message.medium != "letter":
            return NotAccepted("permanent", "recipient", f"a letter is no {message.medium}")
        if message.addressee is None:
            return NotAccepted("permanent", "recipient", "the letter does not say whom it is for")
        parcel = Parcel(message, message.addressee, key)
        try:
            self._check(parcel)
            request, meaning = self._prepared(parcel)
        except Refused as refused:
            return refused.outcome
        except SecretError as error:
            return NotAccepted("permanent", "channel", str(error))
        answer = self._client.send(request, transmitting)
        return meaning(answer) if isinstance(answer, Reply) else answer

    def close(self) -> None:
        """Nothing is held: each request has a connection of its own."""

    def _check(self, parcel: Parcel) -> None:
        """Refuse a letter that would go elsewhere than its recipient says."""
        if parcel.message.recipient != parcel.to.line:
            raise refusal("the address in its window is not the one that it is to be sent to")
        if not (parcel.to.postcode and parcel.to.city):
            raise refusal("the address has no postcode or no town")

    def _prepared(self, parcel: Parcel) -> Last:
        """Return the request that makes the letter leave, after those that prepare it.

        Raises:
            Refused: if one of them was not answered well.
            SecretError: if a secret cannot be opened.
        """
        raise NotImplementedError

    def _asked(self, request: Request) -> Reply:
        """Return the good reply to a request that makes nothing leave.

        Raises:
            Refused: if there is none.
        """
        answer = self._client.ask(request)
        if isinstance(answer, NotAccepted):
            raise Refused(answer)
        outcome = repeatable(outcome_of(answer, lambda _: ""))
        if isinstance(outcome, NotAccepted):
            raise Refused(outcome)
        return answer

    def _secret(self, reference: str) -> str:
        return resolve(reference, self._root)


def agreed(to: Addressee, tag: str | None) -> bool:
    """Return whether electronic registered mail may go to them: professionals, and who agreed."""
    return to.kind in PROFESSIONAL or (tag is not None and tag in to.tags)


def refusal(detail: str) -> Refused:
    """Return that this letter cannot be sent, now or later."""
    return Refused(NotAccepted("permanent", "recipient", detail))


def found(reply: Reply, *steps: str | int) -> str:
    """Return the id under `steps` in the reply to a request that prepares a letter.

    Raises:
        Refused: if there is none: the service may do better later.
    """
    text = reply.text(*steps)
    if text is None:
        raise Refused(NotAccepted("transient", "recipient", f"no id in the reply: {reply.said}"))
    return text


def window(to: Addressee, most: int) -> tuple[tuple[str, ...], str]:
    """Return the lines between name and town as they stand in the window, and that of the town.

    Raises:
        Refused: if there are more than `most`: a carrier would cut them off.
    """
    # A country stands alone on the last line; that of the town has the postcode's digits.
    last = -1 if any(c.isdigit() for c in to.block[-1]) else -2
    lines = to.block[1:last]
    if len(lines) > most:
        raise refusal(f"the address has more than {most} lines between name and town")
    return lines, to.block[last]
