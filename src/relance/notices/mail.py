"""E-mails as bytes: multipart text and HTML, the logo inside, the same bytes for the same inputs."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import datetime
from email.errors import HeaderParseError, MessageError
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP

from relance.diagnostics import Diagnostic
from relance.notices import codes
from relance.notices.codes import RenderError
from relance.notices.logo import Logo


@dataclass(frozen=True, slots=True)
class Envelope:
    """Who writes to whom. Addresses are bare; `reply_to` is "" if answers go to the sender."""

    sender_name: str
    sender: str
    reply_to: str
    recipient: str


@dataclass(frozen=True, slots=True)
class Enclosure:
    """A document that goes with an e-mail."""

    filename: str
    content: bytes

    @property
    def subtype(self) -> str:
        """What it is, below `application/`: a PDF, unless its name says ZIP."""
        return "zip" if self.filename.endswith(".zip") else "pdf"


@dataclass(frozen=True, slots=True)
class Bodies:
    """Both versions of what an e-mail says, and the image that the HTML names `cid:logo`."""

    subject: str
    language: str
    text: str
    html: str
    logo: Logo | None


def message_id(key: str, sender: str) -> str:
    """Return the Message-ID of a notice: made of its key, without personal data."""
    return f"<relance.{key}@{_domain(sender)}>"


def mime(
    key: str,
    envelope: Envelope,
    bodies: Bodies,
    moment: datetime,
    enclosures: tuple[Enclosure, ...],
) -> bytes:
    """Return the bytes of an e-mail, the same for the same arguments.

    Raises:
        RenderError: if the sender, the recipient or the reply address is no e-mail address.
    """
    message = EmailMessage(policy=SMTP)
    _write_headers(message, key, envelope, bodies, moment)
    message.set_content(bodies.text, cte="quoted-printable")
    message.add_alternative(bodies.html, subtype="html", cte="quoted-printable")
    if bodies.logo:
        _embed(message, key, envelope, bodies.logo)
    for enclosure in enclosures:
        message.add_attachment(
            enclosure.content,
            maintype="application",
            subtype=enclosure.subtype,
            filename=enclosure.filename,
        )
    message["Content-Language"] = bodies.language  # last: setting the content drops such headers
    for number, part in enumerate(p for p in message.walk() if p.is_multipart()):
        part.set_boundary(f"=_relance_{key}_{number}")
    return message.as_bytes()


def _write_headers(
    message: EmailMessage, key: str, envelope: Envelope, bodies: Bodies, moment: datetime
) -> None:
    message["From"] = _address(envelope.sender, one_line(envelope.sender_name))
    message["To"] = _address(envelope.recipient)
    if envelope.reply_to:
        message["Reply-To"] = _address(envelope.reply_to)
    message["Subject"] = one_line(bodies.subject)
    message["Date"] = moment
    message["Message-ID"] = message_id(key, envelope.sender)
    message["Auto-Submitted"] = "auto-generated"


def _embed(message: EmailMessage, key: str, envelope: Envelope, logo: Logo) -> None:
    """The HTML names its logo `cid:logo`; the real name is unique, as RFC 2392 asks."""
    cid = f"logo.{key}@{_domain(envelope.sender)}"
    html = message.get_payload(1)
    assert isinstance(html, EmailMessage)
    html.set_content(
        html.get_content().replace("cid:logo", f"cid:{cid}"),
        subtype="html",
        cte="quoted-printable",
    )
    html.add_related(
        logo.content,
        "image",
        logo.subtype,
        cid=f"<{cid}>",
        filename=f"logo.{logo.subtype}",
        disposition="inline",
    )


def one_line(text: str) -> str:
    """Return `text` without control, bidirectional and line-separating characters."""
    kept = (" " if unicodedata.category(c) in ("Cc", "Cf", "Zl", "Zp") else c for c in text)
    return " ".join("".join(kept).split(" ")).strip()


def _address(address: str, name: str = "") -> Address:
    try:
        local, _, domain = address.strip().rpartition("@")
        # A sign that does not show is refused and not left out: who wrote it had a reason.
        hidden = one_line(address) != address.strip()
        if hidden or re.search(r"[\s,;<>\"]", address.strip()) or not local or not domain:
            raise ValueError(address)
        return Address(name, local, domain.encode("idna").decode())
    except (ValueError, MessageError, HeaderParseError):
        facts = {"address": one_line(address), "owner": name or one_line(address)}
        raise RenderError(Diagnostic(codes.BAD_ADDRESS, None, facts)) from None


def _domain(address: str) -> str:
    return _address(address).domain
