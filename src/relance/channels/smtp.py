"""E-mail by a server: the phase of the dialogue decides what became of a message."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from typing import Annotated, ClassVar, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from relance.channels.blot import blotted
from relance.channels.contract import Accepted, Capabilities, NotAccepted, Outcome, Unknown
from relance.channels.hosts import is_loopback
from relance.channels.smtp_session import Refused, Session, credentials
from relance.notices.message import Message

_ADDRESS = re.compile(r"[^\s<>\x00-\x1f\x7f]+@[^\s<>\x00-\x1f\x7f@]+")
_PORTS = {"starttls": 587, "tls": 465, "none": 25}

Seconds = Annotated[float, Field(gt=0)]


class SmtpSettings(BaseModel):
    """Settings of an SMTP channel."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)

    host: str = Field(min_length=1, description="Name of the server.")
    port: Annotated[int, Field(ge=1, le=65535)] | None = Field(
        default=None, description="587 for starttls, 465 for tls, 25 for none if absent."
    )
    security: Literal["starttls", "tls", "none"] = Field(
        default="starttls", description="Never falls back to clear text: `none` must be asked for."
    )
    user: str | None = Field(default=None, description="Name, or env:NAME, or file:PATH.")
    password: Annotated[str, Field(pattern="^(env|file):.+")] | None = Field(
        default=None, description="A reference: env:NAME or file:PATH."
    )
    sender: Annotated[str, Field(pattern=_ADDRESS.pattern)] = Field(
        alias="from", description="Address that e-mails come from, and that bounces go to."
    )
    reply_to: str | None = Field(default=None, description="Address that answers go to.")
    ca_file: Path | None = Field(
        default=None, description="PEM file of a private certificate authority."
    )
    hostname: str | None = Field(default=None, description="Name to greet the server with.")
    connect_timeout: Seconds = Field(default=10, description="Seconds to connect.")
    reply_timeout: Seconds = Field(default=300, description="Seconds for each reply.")
    final_timeout: Seconds = Field(default=600, description="Seconds for the last reply.")

    @model_validator(mode="after")
    def _coherent(self) -> SmtpSettings:
        if (self.user is None) != (self.password is None):
            raise ValueError("give user and password, or neither")
        if self.password and self.security == "none" and not is_loopback(self.host):
            raise ValueError("security: none would send the password in clear text")
        return self

    @property
    def port_used(self) -> int:
        """The port to connect to."""
        return self.port or _PORTS[self.security]


class Smtp:
    """Sends each message in a transaction of its own, over a connection that is kept."""

    settings: ClassVar[type[BaseModel]] = SmtpSettings
    capabilities: ClassVar[Capabilities] = Capabilities(
        media=("email",), idempotent=False, attachments=True
    )

    def __init__(self, name: str, settings: BaseModel, root: Path) -> None:
        self.name = name
        assert isinstance(settings, SmtpSettings)
        self._settings = settings
        self._root = root
        self._session: Session | None = None

    def send(
        self,
        message: Message,
        key: str,  # noqa: ARG002 - a server takes no key; the Message-ID is made from it
        transmitting: Callable[[], None],
    ) -> Outcome:
        """Send the message; what the server says, and when, decides the outcome."""
        return self._blotted(self._attempted(message, transmitting))

    def _attempted(self, message: Message, transmitting: Callable[[], None]) -> Outcome:
        if message.medium != "email":
            return NotAccepted("permanent", "recipient", f"e-mail carries no {message.medium}")
        recipient = _on_the_wire(message.recipient)
        if recipient is None:
            return NotAccepted("permanent", "recipient", "not an e-mail address")
        try:
            session = self._addressed(recipient, len(message.content))
        except Refused as refused:
            return refused.outcome
        try:
            transmitting()
        except Exception:  # it is not to leave: sender and recipient were given for nothing
            self._after(session)
            raise
        return self._transmit(session, message.content)

    def probe(self) -> str:
        """Return what keeps us from the server; "" when it answers, is trusted and lets us in."""
        try:
            self._connected()
        except Refused as refused:
            return blotted(refused.outcome.detail, self._secrets)
        return ""

    def close(self) -> None:
        """Take leave of the server."""
        self._drop()

    def _addressed(self, recipient: str, size: int) -> Session:
        """Return a session that has accepted sender and recipient.

        A server may have closed a kept connection in the meantime: that is tried anew, once.
        """
        kept = self._session is not None
        session = self._connected()
        try:
            session.address(self._settings.sender, recipient, size)
        except Refused as refused:
            self._after(session, lost=refused.dropped)
            if kept and refused.dropped:
                return self._addressed(recipient, size)
            raise
        return session

    def _transmit(self, session: Session, content: bytes) -> Outcome:
        try:
            session.offer(content)
        except Refused as refused:
            self._after(session, lost=refused.dropped)
            return refused.outcome
        outcome = session.finish(self._settings.final_timeout)
        if isinstance(outcome, Unknown):
            self._drop()
        elif not isinstance(outcome, Accepted):
            self._after(session)
        return outcome

    def _blotted(self, outcome: Outcome) -> Outcome:
        """Return `outcome` without our password: a hostile server may say it, and it is recorded."""
        if isinstance(outcome, Accepted):
            return replace(outcome, reference=blotted(outcome.reference, self._secrets))
        return replace(outcome, detail=blotted(outcome.detail, self._secrets))

    @cached_property
    def _secrets(self) -> tuple[str, ...]:
        """The password, alone and as `AUTH PLAIN` joins it; nothing where there is none to read."""
        try:
            given = credentials(self._settings, self._root)
        except Refused:
            return ()
        return (given[1], f"\0{given[0]}\0{given[1]}") if given else ()

    def _connected(self) -> Session:
        if self._session is None:
            self._session = Session.opened(self._settings, self._root)
        return self._session

    def _after(self, session: Session, *, lost: bool = False) -> None:
        """Clear a failed transaction, or drop the connection where that is not possible.

        A connection that kept silent once is `lost` too: the reply may still come, and would be
        taken for that of the next command.
        """
        if lost or not session.reset():
            self._drop()

    def _drop(self) -> None:
        if self._session is not None:
            self._session.close()
            self._session = None


def _on_the_wire(address: str) -> str | None:
    """Return `address` with an ASCII domain; None if it is none that could be given to a server."""
    if not _ADDRESS.fullmatch(address):
        return None
    local, _, domain = address.rpartition("@")
    try:
        return f"{local}@{domain.encode('idna').decode()}"
    except UnicodeError:
        return None
