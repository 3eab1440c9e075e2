"""Bounces in plain words: qmail, exim, old Exchange, and servers that know no better form."""

from __future__ import annotations

import re
from email.message import Message
from email.parser import HeaderParser

from relance.intake.mail.headers import (
    address_of,
    addresses_of,
    all_addresses,
    header,
    ids_in,
    one_line,
)
from relance.intake.mail.reports import Delivery, Fate, Original, fate_of, status_in
from relance.intake.mail.text import parts_of, plain_text

_DAEMONS = ("mailer-daemon", "maildaemon", "mail-daemon", "mailerdaemon", "postmaster")
_COPY = re.compile(
    r"^[ \t]{0,9}-{2,}.*(?:copy|copie|kopie|original|returned message|headers).*$",
    re.IGNORECASE | re.MULTILINE,
)
_FAILED = re.compile(
    r"""could\ not\ be\ delivered | wasn't\ able\ to\ deliver | couldn't\ be\ delivered
      | undeliver(?:able|ed) | delivery\ (?:has\ )?failed | delivery\ failure | failure\ notice
      | did\ not\ reach | permanent\ (?:fatal\ )?error | returned\ to\ sender | user\ unknown
      | n'a\ pas\ (?:pu\ [êe]tre|[ée]t[ée])\ (?:remis|distribu[ée]|d[ée]livr[ée]) | non\ remis
      | [ée]chec\ de\ (?:la\ )?(?:remise|distribution) | adresse\ inconnue
      | konnte\ nicht\ zugestellt | unzustellbar | kon\ niet\ (?:worden\ )?(?:bezorgd|afgeleverd)
      | onbestelbaar | niet\ bezorgd""",
    re.IGNORECASE | re.VERBOSE,
)
_DELAYED = re.compile(
    r"""not\ yet\ been\ delivered | will\ (?:continue\ to|keep)\ (?:try|be\ retried) | will\ be\ retried
      | delayed | still\ trying | no\ action\ is\ required | warning:\ message
      | n'a\ pas\ encore | retard[ée] | diff[ée]r[ée] | verz[öo]gert | vertraagd""",
    re.IGNORECASE | re.VERBOSE,
)  # fmt: skip
_LONGEST = 20_000


def is_bounce(message: Message) -> bool:
    """Return whether `message` says of itself that it is a bounce: by its sender, or a header."""
    local = address_of(message, "From").partition("@")[0]
    return local in _DAEMONS or "X-Failed-Recipients" in message


def deliveries_in_words(message: Message) -> tuple[Delivery, ...]:
    """Return what a bounce says in plain words of each recipient; empty if it does not say.

    Above the copy of the mail it names the addresses; what it says holds for all of them.
    """
    own = _words(message)
    said = "\n".join((header(message, "Subject"), own))
    status = status_in(own)
    fate = _fate(said, status)
    if fate is None:
        return ()
    senders = addresses_of(message, "From") + addresses_of(message, "To")
    named = addresses_of(message, "X-Failed-Recipients") or all_addresses(own)
    detail = one_line(" ".join((status, header(message, "Subject"))))
    return tuple(Delivery(name, fate, detail) for name in named if name not in senders)


def original_in_words(message: Message) -> Original:
    """Return what the text of a bounce returns of the mail below it."""
    for part in parts_of(message):
        if part.get_content_maintype() != "text":
            continue
        copied = _COPY.split(plain_text(part), maxsplit=1)
        if len(copied) == 2 and ids_in(copied[1]):
            returned = HeaderParser().parsestr(copied[1].lstrip())
            ids = ids_in(str(returned.get("Message-ID", ""))) or ids_in(copied[1])[:5]
            return Original(ids, address_of(returned, "From"), addresses_of(returned, "To"))
    return Original()


def _words(message: Message) -> str:
    """Return what the server itself says: the text above the copy of the mail."""
    texts = (plain_text(p) for p in parts_of(message) if p.get_content_maintype() == "text")
    return _COPY.split("\n".join(texts)[:_LONGEST], maxsplit=1)[0]


def _fate(said: str, status: str) -> Fate | None:
    if _DELAYED.search(said) and not status.startswith("5"):
        return "delayed"
    if status.startswith("5") or _FAILED.search(said):
        return fate_of("failed", status)
    return None
