"""What a channel carries: the exact bytes, rendered once."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Addressee:
    """Whom a letter is for, part by part, as those who print and post it want it.

    Attributes:
        street: the lines between name and town.
        country: ISO 3166 alpha-2.
        block: the lines in the window of the letter, name first; the country only if it is abroad.
        kind: "business", "consumer" or "public"; None if not known.
        email: for electronic registered mail; None if not known.
        tags: what the customers' file says of the debtor, in words of the firm.
    """

    name: str
    street: tuple[str, ...]
    postcode: str
    city: str
    country: str
    block: tuple[str, ...]
    kind: str | None = None
    email: str | None = None
    tags: tuple[str, ...] = ()

    @property
    def line(self) -> str:
        """The postal address on one line, without the name: what `Message.recipient` has."""
        town = " ".join(part for part in (self.postcode, self.city) if part)
        return ", ".join(part for part in (*self.street, town) if part)


@dataclass(frozen=True, slots=True)
class Message:
    """A notice rendered for one medium.

    Attributes:
        key: the notice's key.
        medium: "email", "letter", "sms" or "task".
        recipient: e-mail address, phone number or postal address on one line.
        sender: e-mail address or SMS sender; "" where the medium has none.
        subject: for people and file names; never sent by itself.
        content: the exact bytes: MIME of an e-mail, PDF of a letter, text of an SMS and JSON of a task in UTF-8.
        message_id: of an e-mail, with its angle brackets; "" for other media.
        filename: file name to use when it is written to a folder: a slug and 8 hex of the key.
        addressee: of a letter: whom it is for, part by part; None of other media.
    """

    key: str
    medium: str
    recipient: str
    sender: str
    subject: str
    content: bytes
    message_id: str
    filename: str
    addressee: Addressee | None = None

    @property
    def sha256(self) -> str:
        """Hex digest of the content."""
        return hashlib.sha256(self.content).hexdigest()
