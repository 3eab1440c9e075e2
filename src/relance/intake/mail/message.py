"""A mail as values: what it is by itself, before anybody asks what it answers."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import datetime
from email import message_from_bytes
from email.message import Message
from typing import Literal

from relance.intake.mail.bounces import deliveries_in_words, is_bounce, original_in_words
from relance.intake.mail.faults import UnreadableMail
from relance.intake.mail.headers import address_of, header, identity_of, ids_of, moment_of
from relance.intake.mail.reports import Delivery, Original, deliveries_of, original_of
from relance.intake.mail.text import MOST_PARTS, written_text

LARGEST = 1_000_000
"""Bytes of a mail that are read: what a person writes and a server says stands at its beginning."""

Nature = Literal["report", "automatic", "list", "letter"]
"""What a mail is: a server's report, an automatic answer, mail of a list, a person's letter."""

_OUT_OF_OFFICE = re.compile(
    r"absen[ct]|out of (?:the )?office|automatic reply|auto(?:matic)?[ -]?(?:reply|response)|"
    r"r[ée]ponse automatique|abwesenheit|automatische antwort|afwezig|automatisch antwoord",
    re.IGNORECASE,
)
_LIST_HEADERS = ("List-Id", "List-Post", "List-Help")


@dataclass(frozen=True, slots=True)
class Mail:
    """A mail that came in.

    Attributes:
        identity: digest that tells it from others.
        sender: address, in lower case; "" if there is none, or several.
        answers: Message-IDs that it answers or is in one thread with.
        text: what its author wrote, without the quoted part; a report has none.
        deliveries, original: of a report: what became of which mail.
    """

    identity: str
    nature: Nature
    sender: str
    subject: str
    written: datetime | None
    answers: tuple[str, ...]
    text: str = ""
    deliveries: tuple[Delivery, ...] = ()
    original: Original = field(default_factory=Original)


def read_mail(content: bytes) -> Mail:
    """Return the mail in `content`, of which `LARGEST` bytes are looked at.

    Raises:
        UnreadableMail: if it is too deep or too broken to be read.
    """
    content = content[:LARGEST]
    # The parser compares each line with each boundary that is open, and calls itself for each.
    if content.lower().count(b"boundary") > MOST_PARTS:
        raise UnreadableMail("it has too many parts")
    try:
        return _read(message_from_bytes(content), identity_of(content))
    except UnreadableMail:
        raise
    except Exception as error:  # hostile mail finds faults of the parser before we do
        raise UnreadableMail(type(error).__name__) from error


def _read(message: Message, identity: str) -> Mail:
    deliveries, original = _reported(message)
    nature = "report" if deliveries else _nature(message)
    return Mail(
        identity=identity,
        nature=nature,
        sender=address_of(message, "From"),
        subject=header(message, "Subject"),
        written=moment_of(message),
        answers=ids_of(message, "References", "In-Reply-To"),
        text="" if deliveries else written_text(message),
        deliveries=deliveries,
        original=original,
    )


def _reported(message: Message) -> tuple[tuple[Delivery, ...], Original]:
    if found := deliveries_of(message):
        return found, original_of(message)
    if is_bounce(message) and (found := deliveries_in_words(message)):
        returned = original_of(message)
        words = original_in_words(message)
        return found, returned if returned.recipients or not words.ids else words
    return (), Original()


def _nature(message: Message) -> Nature:
    precedence = header(message, "Precedence").lower()
    if precedence == "list" or any(name in message for name in _LIST_HEADERS):
        return "list"
    return "automatic" if _is_automatic(message, precedence) else "letter"


def _is_automatic(message: Message, precedence: str) -> bool:
    """Return whether a program answered; a subject alone says nothing, people write them too."""
    submitted = re.split(r"[\s;(]", header(message, "Auto-Submitted").lower(), maxsplit=1)[0]
    if submitted not in ("", "no") or precedence in ("bulk", "junk", "auto_reply", "auto-reply"):
        return True
    told = [header(message, name).lower() for name in ("X-Autoreply", "X-Autorespond")]
    if any(value not in ("", "no") for value in told) or is_bounce(message):
        return True
    hinted = header(message, "Return-Path") == "<>" or "X-Auto-Response-Suppress" in message
    return hinted and bool(_OUT_OF_OFFICE.search(header(message, "Subject")))
