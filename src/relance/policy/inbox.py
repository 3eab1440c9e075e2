"""Where answers and bounces arrive, and how long an answer holds the next level."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field

from relance.policy.values import Days, Flag, Model, NonEmpty

_HOLD = "Days for which an answer holds the debtor's next levels; 0 holds nothing."
_DAYS = "How many days back the mailbox is read."
_SEEN = "Mark what was understood as read; without it the mailbox stays as it was."
_MOVE = "Folder that what was understood is moved to; without it nothing is moved."
_DEFAULT_PORTS = {"tls": 993, "starttls": 143}


class ImapInbox(Model):
    """A mailbox on a server. The certificate is always verified, nothing goes in clear."""

    kind: Literal["imap"] = Field(description="imap: a mailbox on a server.")
    host: NonEmpty = Field(description="Name of the server.")
    port: Annotated[int, Field(ge=1, le=65535)] | None = Field(
        default=None, description="993 for tls, 143 for starttls if absent."
    )
    security: Literal["tls", "starttls"] = Field(
        default="tls", description="tls from the first byte on, or starttls; never clear text."
    )
    user: NonEmpty = Field(description="Name, or env:NAME, or file:PATH.")
    password: Annotated[str, Field(pattern="^(env|file):.+")] = Field(
        description="A reference: env:NAME or file:PATH."
    )
    ca_file: Path | None = Field(
        default=None, description="PEM file of a private certificate authority."
    )
    timeout: Annotated[int, Field(ge=1, le=600)] = Field(
        default=30, description="Seconds to wait for the server each time."
    )
    folder: NonEmpty = Field(default="INBOX", description="Folder of the mailbox that is read.")
    hold: Days = Field(default=7, description=_HOLD)
    days: Annotated[int, Field(ge=1, le=3650)] = Field(default=30, description=_DAYS)
    seen: Flag = Field(default=False, description=_SEEN)
    move_to: NonEmpty | None = Field(default=None, description=_MOVE)

    @property
    def port_used(self) -> int:
        """The port to connect to."""
        return self.port or _DEFAULT_PORTS[self.security]


class MaildirInbox(Model):
    """A mailbox in a folder of this machine, which a mail server or a fetcher fills."""

    kind: Literal["maildir"] = Field(description="maildir: a folder of this machine.")
    path: Path = Field(description="The maildir, relative to the project, or absolute.")
    hold: Days = Field(default=7, description=_HOLD)
    days: Annotated[int, Field(ge=1, le=3650)] = Field(default=30, description=_DAYS)
    seen: Flag = Field(default=False, description=_SEEN)
    move_to: Path | None = Field(
        default=None, description="Maildir that what was understood is moved to; it must exist."
    )


Inbox = Annotated[ImapInbox | MaildirInbox, Field(discriminator="kind")]
"""The mailbox that debtors answer to."""
