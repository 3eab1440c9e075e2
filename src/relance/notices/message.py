"""What a channel carries: the exact bytes, rendered once."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Message:
    """A notice rendered for one medium.

    Attributes:
        key: the notice's key.
        medium: "email", "letter", "sms" or "task".
        recipient: e-mail address, phone number or postal address on one line.
        sender: e-mail address or SMS sender; "" where the medium has none.
        subject: for people and file names; never sent by itself.
        content: the exact bytes: MIME of an e-mail, PDF of a letter, UTF-8 text of an SMS or task.
        message_id: of an e-mail, with its angle brackets; "" for other media.
        filename: file name to use when it is written to a folder: a slug and 8 hex of the key.
    """

    key: str
    medium: str
    recipient: str
    sender: str
    subject: str
    content: bytes
    message_id: str
    filename: str

    @property
    def sha256(self) -> str:
        """Hex digest of the content."""
        return hashlib.sha256(self.content).hexdigest()
