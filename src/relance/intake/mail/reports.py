"""Delivery status notifications: what servers say became of a mail (RFC 3464, 6533, 8098)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from email.message import Message
from email.parser import HeaderParser
from typing import Literal

from relance.intake.mail.headers import (
    address_of,
    addresses_of,
    ids_in,
    ids_of,
    one_line,
    plain_address,
)
from relance.intake.mail.text import messages_in, parts_of, plain_text

Fate = Literal["failed", "refused_for_now", "delayed", "delivered"]
"""What became of it: failed for good, given up for a passing reason, still tried, arrived."""

MOST_RECIPIENTS = 100
_STATUS = re.compile(r"(?<![\d.])([245])\.(\d{1,3})\.(\d{1,3})(?![\d.])")
_REPLY = re.compile(r"(?<![\d.])([45])\d\d(?=[ \-])")
_FULL = ("5.2.2", "4.2.2")
_REPORTS = ("message/delivery-status", "message/global-delivery-status")
_RECEIPT = "message/disposition-notification"
_ORIGINALS = ("message/rfc822", "message/global", "message/rfc822-headers", "message/global-headers",
              "text/rfc822-headers")  # fmt: skip
_GROUPS = re.compile(r"\r?\n[ \t]*\r?\n")


@dataclass(frozen=True, slots=True)
class Delivery:
    """What a report says of one recipient.

    Attributes:
        recipient: the address that failed (or not), in lower case.
        original: the address that the mail was sent to, "" if it is not said.
        detail: status and the server's words, on one line.
    """

    recipient: str
    fate: Fate
    detail: str
    original: str = ""


@dataclass(frozen=True, slots=True)
class Original:
    """What a report returns of the mail that it is about; all empty where it returns nothing."""

    ids: tuple[str, ...] = ()
    sender: str = ""
    recipients: tuple[str, ...] = ()


def deliveries_of(message: Message) -> tuple[Delivery, ...]:
    """Return what the machine-readable parts of a mail say; empty if it is no such report."""
    found: list[Delivery] = []
    for part in parts_of(message):
        if part.get_content_type() in _REPORTS:
            found += [d for group in _groups(part) if (d := _delivery(group)) is not None]
        elif part.get_content_type() == _RECEIPT:
            found += [d for group in _groups(part) if (d := _receipt(group)) is not None]
    return tuple(found[:MOST_RECIPIENTS])


def original_of(message: Message) -> Original:
    """Return what `message` returns of the mail that it is about.

    Its Message-ID stands in the mail or the headers that are returned; Exchange and Gmail also
    answer it by In-Reply-To, receipts name it in a field.
    """
    returned = next(_returned(message), None)
    ids = [] if returned is None else [*ids_of(returned, "Message-ID")]
    for part in parts_of(message):
        if part.get_content_type() == _RECEIPT:
            ids += [i for group in _groups(part) for i in ids_of(group, "Original-Message-ID")]
    ids += ids_of(message, "In-Reply-To", "References")
    if returned is None:
        return Original(tuple(dict.fromkeys(ids)))
    return Original(
        tuple(dict.fromkeys(ids)), address_of(returned, "From"), addresses_of(returned, "To")
    )


def fate_of(action: str, status: str) -> Fate | None:
    """Return what became of a mail by the words of a report; None if they do not say.

    A full mailbox and a failure of class 4 pass: the address is right.
    """
    if action in ("delivered", "relayed", "expanded"):
        return "delivered"
    if action == "delayed":
        return "delayed"
    if action == "failed" or status.startswith("5"):
        return "refused_for_now" if status.startswith("4") or status in _FULL else "failed"
    return {"4": "delayed", "2": "delivered"}.get(status[:1])  # type: ignore[return-value]


def status_in(text: str) -> str:
    """Return the status that stands in `text`: an enhanced one, else `5.0.0` for a reply 5xx."""
    found = list(_STATUS.finditer(text))
    told = next((m for m in found if (m[2], m[3]) != ("0", "0")), None) or next(iter(found), None)
    if told is not None:
        return f"{told[1]}.{int(told[2])}.{int(told[3])}"
    reply = _REPLY.search(text)
    return f"{reply[1]}.0.0" if reply else ""


def _groups(part: Message) -> Iterator[Message]:
    """Yield the groups of fields of a report; the parser has made some of them messages."""
    payload = part.get_payload()
    if isinstance(payload, list):
        yield from messages_in(payload)[: MOST_RECIPIENTS + 1]
        return
    for text in _GROUPS.split(plain_text(part))[: MOST_RECIPIENTS + 1]:
        yield HeaderParser().parsestr(text.strip() + "\n\n")


def _field(group: Message, name: str) -> str:
    return one_line(str(group.get(name, "")))


def _address(group: Message, name: str) -> str:
    """Return the address of a field that says its type first: `rfc822; a@b.example`."""
    kind, typed, address = _field(group, name).partition(";")
    return plain_address(address if typed else kind)


def _delivery(group: Message) -> Delivery | None:
    recipient = _address(group, "Final-Recipient") or _address(group, "Original-Recipient")
    said = _field(group, "Diagnostic-Code")
    status = status_in(_field(group, "Status"))
    if not status or status.endswith(".0.0"):
        finer = status_in(said)
        status = finer if not status or finer[:1] == status[:1] else status
    fate = fate_of(_field(group, "Action").lower(), status)
    if not recipient or fate is None:
        return None
    words = one_line(said.partition(";")[2] or said)
    detail = " ".join(part for part in (status, words) if part)
    return Delivery(recipient, fate, detail, _address(group, "Original-Recipient"))


def _receipt(group: Message) -> Delivery | None:
    """A receipt says that a person or a program had the mail before it."""
    recipient, disposition = _address(group, "Final-Recipient"), _field(group, "Disposition")
    if not recipient or not disposition:
        return None
    original = _address(group, "Original-Recipient")
    return Delivery(recipient, "delivered", disposition.rpartition(";")[2].strip(), original)


def _returned(message: Message) -> Iterator[Message]:
    for part in parts_of(message):
        if part.get_content_type() not in _ORIGINALS:
            continue
        payload = part.get_payload()
        if isinstance(payload, list):
            yield from messages_in(payload)[:1]
        elif ids_in(text := plain_text(part)):
            yield HeaderParser().parsestr(text.lstrip())
