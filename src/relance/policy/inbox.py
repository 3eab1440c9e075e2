"""Where answers and bounces arrive, and how long an answer holds the next level."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field

from relance.policy.values import Days, Model, NonEmpty


class Inbox(Model):
    """The mailbox that debtors answer to."""

    kind: Literal["imap", "maildir"] = Field(description="A server, or a folder of this machine.")
    hold: Days = Field(default=7, description="Days for which an answer holds the next level.")
    path: Path | None = Field(default=None, description="The maildir, relative to the project.")
    host: NonEmpty | None = Field(default=None, description="Name of the IMAP server.")
    port: Annotated[int, Field(ge=1, le=65535)] = Field(default=993, description="Its port.")
    user: NonEmpty | None = Field(default=None, description="Name, or env:NAME, or file:PATH.")
    password: Annotated[str, Field(pattern="^(env|file):.+")] | None = Field(
        default=None, description="A reference: env:NAME or file:PATH."
    )
    folder: NonEmpty = Field(default="INBOX", description="Folder of the mailbox.")
