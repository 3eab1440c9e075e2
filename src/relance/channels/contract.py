"""The contract of a channel: one method, its settings and what it can do.

A third party's channel is a class registered under the entry-point group `relance.channels`,
named by the `kind` that policies use; `relance.channels.conformance` has the suite that it must pass.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import ClassVar, Literal, Protocol

from pydantic import BaseModel

from relance.notices.message import Message


@dataclass(frozen=True, slots=True)
class Capabilities:
    """What a channel can do; asked for at `validate` and when the plan is made.

    Attributes:
        media: the media it carries, preferred first ("email", "letter", "sms", "task").
        idempotent: sending the same key twice leaves one copy (a file with a fixed name), so that
            a send that was cut short is repeated and is never in doubt.
        attachments: whether messages may carry documents.
        proof: kinds of proof that it gives ("receipt"), empty if none.
        contact: whether a message counts as a contact of the debtor (a task does not).
        local: what it is given stays on this machine; a test may write it to anybody.
        address: to which of the debtor's addresses it goes ("email"), where that is not the medium's
            own: an electronic registered letter goes to an e-mail address.
        consent: others than professionals must have agreed to it; its setting `consent` is the
            tag that the customers' file gives them.
        honoured: for how long the next hop knows a key again, of an idempotent channel; None for
            ever, as files do.
    """

    media: tuple[str, ...]
    idempotent: bool
    attachments: bool
    proof: tuple[str, ...] = ()
    contact: bool = True
    local: bool = False
    address: str | None = None
    consent: bool = False
    honoured: timedelta | None = None


@dataclass(frozen=True, slots=True)
class Accepted:
    """The next hop took the message; `reference` is what it gave for it ("" if nothing)."""

    reference: str = ""


@dataclass(frozen=True, slots=True)
class NotAccepted:
    """The message definitely did not leave.

    `kind` transient means try again later, permanent means never. `scope` recipient is about this
    message; channel is about the channel as a whole: the run stops using it. `retry_after` is what
    the next hop asked for, where it asked for something.
    """

    kind: Literal["transient", "permanent"]
    scope: Literal["recipient", "channel"]
    detail: str
    retry_after: timedelta | None = None


@dataclass(frozen=True, slots=True)
class Unknown:
    """Nobody can tell whether it left: in doubt until a person settles it."""

    detail: str


Outcome = Accepted | NotAccepted | Unknown


class Channel(Protocol):
    """A channel. Constructed once per run with its settings; `close` is called at the end.

    `send` calls `transmitting()` exactly once, as late as it can: after it, the message may have
    left. An exception before that call means not sent; after it, in doubt.
    """

    settings: ClassVar[type[BaseModel]]
    capabilities: ClassVar[Capabilities]

    def __init__(self, name: str, settings: BaseModel, root: Path) -> None: ...

    def send(self, message: Message, key: str, transmitting: Callable[[], None]) -> Outcome:
        """Carry `message`; return what became of it."""
        ...

    def close(self) -> None:
        """Free what the channel holds (connections); never raises."""
        ...
