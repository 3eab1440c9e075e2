"""The preview: one offline page with all that a plan would send, as its debtors will see it."""

from __future__ import annotations

import base64
import os
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.message import EmailMessage
from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template

from relance.diagnostics import Diagnostic
from relance.dunning.plan import Notice
from relance.language import N_, translator
from relance.notices.figures import date_long, locale_name, money
from relance.notices.message import Message
from relance.notices.sms import Segments, segments

_WORDS = {
    "title": N_("Preview of the notices of {date}"),
    "nothing": N_("Nothing would be sent."),
    "offline": N_("Nothing was sent: this page only shows what would be."),
    "to_send": N_("To send"),
    "medium": N_("Medium"),
    "notices": N_("Notices"),
    "amount": N_("Amount claimed"),
    "email": N_("E-mail"),
    "letter": N_("Letter"),
    "sms": N_("SMS"),
    "held": N_("Not sent today"),
    "reason": N_("Reason"),
    "items": N_("Open items"),
    "failed": N_("Notices that cannot be made"),
    "debtors": N_("Debtors"),
    "all": N_("Show all debtors"),
    "level": N_("Level"),
    "channel": N_("Channel"),
    "recipient": N_("Recipient"),
    "language": N_("Language"),
    "receivables": N_("Receivables"),
    "approval": N_("Waits for approval"),
    "text": N_("Text version"),
    "page": N_("HTML version"),
    "open_letter": N_("Open the letter (PDF)"),
    "attached": N_("Attached"),
    "segments": N_("{count} SMS, {encoding}, {characters} characters"),
}


@dataclass(frozen=True, slots=True)
class File:
    """A document beside the page, and its address from there."""

    name: str
    href: str


@dataclass(frozen=True, slots=True)
class Card:
    """One notice on the page. What its medium does not have is empty."""

    notice: Notice
    message: Message
    total: str
    numbers: str
    text: str
    html: str
    files: tuple[File, ...]
    segments: Segments | None


def write_gallery(
    messages: Iterable[Message | Diagnostic],
    notices: Iterable[Notice],
    held_summary: Mapping[str, int],
    folder: Path,
    language: str,
) -> Path:
    """Write the preview into `folder` and return its page, `index.html`.

    Notices and messages belong together by their keys; a notice without a message is left out, and
    a diagnostic among the messages is listed. `held_summary` gives the number of open items by reason, the reasons
    in the operator's words. `language` is the operator's, "fr" or "en". The page needs no network
    and no script; the mails it shows can run nothing. Files of an earlier preview are replaced.

    Raises:
        OSError: if the folder cannot be written.
    """
    messages = tuple(messages)
    by_key = {made.key: made for made in messages if isinstance(made, Message)}
    problems = [made for made in messages if isinstance(made, Diagnostic)]
    pairs = [(notice, by_key[notice.key]) for notice in notices if notice.key in by_key]
    locale = locale_name(language, "FR" if language == "fr" else "GB")
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    cards = [_card(notice, message, folder, locale) for notice, message in pairs]
    say = translator(language)
    page = _template().render(
        language=language,
        t={name: say(text) for name, text in _WORDS.items()},
        date=date_long(pairs[0][0].run_date, locale) if pairs else "",
        totals=_totals(cards, locale),
        held=sorted(held_summary.items(), key=lambda entry: (-entry[1], entry[0])),
        problems=[(d.code, str(d.span or ""), d.message(language)) for d in problems],
        debtors=_by_debtor(cards),
    )
    return _write(folder / "index.html", page.encode())


def _card(notice: Notice, message: Message, folder: Path, locale: str) -> Card:
    text, html = "", ""
    files: tuple[File, ...] = ()
    if message.medium == "email":
        text, html, files = _open_mail(message, folder)
    elif message.medium == "letter":
        files = (_file(folder, message.filename, message.content),)
    else:
        text = message.content.decode()
    return Card(
        notice=notice,
        message=message,
        total=money(notice.total_due, notice.currency, locale),
        numbers=", ".join(line.number for line in notice.receivables),
        text=text,
        html=html,
        files=files,
        segments=segments(text) if message.medium == "sms" else None,
    )


def _open_mail(message: Message, folder: Path) -> tuple[str, str, tuple[File, ...]]:
    """Both versions of an e-mail, its images put into the HTML, its enclosures beside the page."""
    mail = message_from_bytes(message.content, policy=policy.default)
    text, html = mail.get_body(("plain",)), mail.get_body(("html",))
    assert isinstance(text, EmailMessage)
    assert isinstance(html, EmailMessage)
    shown: str = html.get_content()
    for part in mail.walk():
        if cid := part.get("Content-ID"):
            data = base64.b64encode(part.get_content()).decode()
            address = f"data:{part.get_content_type()};base64,{data}"
            shown = shown.replace(f"cid:{cid.strip('<>')}", address)
    enclosed = tuple(
        _file(folder, part.get_filename() or message.filename, part.get_content())
        for part in mail.iter_attachments()
    )
    return text.get_content(), shown, enclosed


def _file(folder: Path, name: str, content: bytes) -> File:
    files = folder / "files"
    files.mkdir(mode=0o700, exist_ok=True)
    _write(files / Path(name).name, content)
    return File(Path(name).name, f"files/{Path(name).name}")


def _write(path: Path, content: bytes) -> Path:
    """Write for the owner's eyes only; a link at that place is replaced, never followed."""
    draft = path.with_name(f".{path.name}.part")
    draft.unlink(missing_ok=True)
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL
    with os.fdopen(os.open(draft, flags, 0o600), "wb") as file:
        file.write(content)
    return draft.replace(path)


def _totals(cards: Sequence[Card], locale: str) -> list[tuple[str, int, str]]:
    """Medium, number of notices and amount, for each medium and currency."""
    sums: dict[tuple[str, str], list[int]] = defaultdict(list)
    for card in cards:
        sums[card.notice.medium, card.notice.currency].append(card.notice.total_due)
    return [
        (medium, len(amounts), money(sum(amounts), currency, locale))
        for (medium, currency), amounts in sorted(sums.items())
    ]


def _by_debtor(cards: Sequence[Card]) -> list[tuple[str, str, list[Card]]]:
    """Anchor, name and notices of each debtor, in the order of the plan."""
    groups: dict[str, list[Card]] = {}
    for card in cards:
        groups.setdefault(card.notice.debtor.id, []).append(card)
    return [
        (f"d{number}", group[0].notice.debtor.name, group)
        for number, group in enumerate(groups.values(), start=1)
    ]


@cache
def _template() -> Template:
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return environment.get_template("gallery.html")
