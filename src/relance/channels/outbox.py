"""The embedded channel: messages as files in a folder, by the same path as a real server."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import ClassVar

from pydantic import BaseModel, ConfigDict, Field

from relance.channels.contract import Accepted, Capabilities, NotAccepted, Outcome
from relance.channels.folder import Folder
from relance.notices.message import Message

_SUFFIXES = {"email": ".eml", "letter": ".pdf", "sms": ".txt"}


class OutboxSettings(BaseModel):
    """Settings of an outbox."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)

    folder: Path = Field(description="Folder for the messages, relative to the project.")
    sender: str | None = Field(
        default=None,
        alias="from",
        description="Address that e-mails come from; the creditor's if absent.",
    )
    reply_to: str | None = Field(default=None, description="Address that answers go to.")


class Outbox:
    """Writes `<key>.eml`, `<key>.pdf` or `<key>.txt`; writing the same key again changes nothing."""

    settings: ClassVar[type[BaseModel]] = OutboxSettings
    capabilities: ClassVar[Capabilities] = Capabilities(
        media=("email", "letter", "sms"), idempotent=True, attachments=True, local=True
    )

    def __init__(self, name: str, settings: BaseModel, root: Path) -> None:
        self.name = name
        assert isinstance(settings, OutboxSettings)
        self._path = root / settings.folder
        self._folder: Folder | None = None

    def send(self, message: Message, key: str, transmitting: Callable[[], None]) -> Outcome:
        """Write the message; a folder that cannot be written stops the channel."""
        suffix = _SUFFIXES.get(message.medium)
        if suffix is None:
            return NotAccepted("permanent", "recipient", f"an outbox takes no {message.medium}")
        try:
            if self._folder is None:
                self._folder = Folder(self._path)
            self._folder.put(key + suffix, message.content, transmitting)
        except OSError as error:
            return NotAccepted("permanent", "channel", f"{self._path}: {error.strerror or error}")
        return Accepted(key + suffix)

    def close(self) -> None:
        """Close the folder."""
        if self._folder is not None:
            self._folder.close()
            self._folder = None
