"""From a notice to what its channel carries: an e-mail, a letter or an SMS."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from relance.diagnostics import Diagnostic
from relance.dunning.plan import Notice
from relance.notices.address import addressee
from relance.notices.attention import attended
from relance.notices.codes import RenderError
from relance.notices.context import context_of
from relance.notices.faults import fault
from relance.notices.guard import refuse_foreign_accounts, text_of_html
from relance.notices.mail import Bodies, Enclosure, Envelope, message_id, mime
from relance.notices.message import Message
from relance.notices.payment import payment_of
from relance.notices.sms import transliterate
from relance.notices.stationery import Found, Medium, Stationery
from relance.notices.typography import plain_spaces
from relance.notices.wording import Wording, fill_wording


@dataclass(frozen=True, slots=True)
class Page:
    """A notice as text of one medium, with its subject and its language."""

    subject: str
    language: str
    text: str


def render(
    notice: Notice, stationery: Stationery, moment: datetime, letter: bytes | None = None
) -> Message:
    """Return `notice` as its medium carries it; the same arguments give the same bytes.

    `moment` is what an e-mail is dated. A level's `attach: letter` adds the letter as PDF.
    `letter` is that PDF where it is made already (see `print_run`); else it is made here.

    Raises:
        RenderError: if a template is missing or wrong, an address cannot be used, or the text
            shows a bank account that is not the creditor's.
    """
    if notice.medium == "email":
        return _email(notice, stationery, moment, letter)
    if notice.medium == "letter":
        return _letter(notice, stationery, letter)
    return _sms(notice, stationery)


def needs_letter(notice: Notice) -> bool:
    """Return whether a PDF is part of the message, as a letter or as an enclosure."""
    return notice.medium == "letter" or (notice.medium == "email" and "letter" in notice.attach)


_MEDIA: dict[str, tuple[Medium, ...]] = {
    "email": ("email.txt", "email.html"),
    "letter": ("letter.html",),
    "sms": ("sms.txt",),
}


def try_templates(notice: Notice, stationery: Stationery) -> None:
    """Fill in the templates of `notice` without making its message, to find what is wrong.

    Raises:
        RenderError: as `render` does.
    """
    for medium in _MEDIA[notice.medium]:
        _page(notice, stationery, medium)


def letter_html(notice: Notice, stationery: Stationery) -> str:
    """Return the HTML from which the PDF of `notice` is made, whatever its medium.

    Raises:
        RenderError: as `render` does.
    """
    return _page(notice, stationery, "letter.html").text


def _email(
    notice: Notice, stationery: Stationery, moment: datetime, letter: bytes | None
) -> Message:
    text = _page(notice, stationery, "email.txt")
    html = _page(notice, stationery, "email.html")
    logo = stationery.logo if stationery.logo and stationery.logo.mailable else None
    envelope = Envelope(
        sender_name=stationery.creditor.name,
        sender=stationery.setting(notice.channel, "from") or stationery.creditor.email,
        reply_to=stationery.setting(notice.channel, "reply_to") or "",
        recipient=notice.recipient,
    )
    bodies = Bodies(text.subject, text.language, text.text, html.text, logo)
    enclosures = _enclosures(notice, stationery, letter)
    return Message(
        key=notice.key,
        medium="email",
        recipient=notice.recipient,
        sender=envelope.sender,
        subject=text.subject,
        content=mime(notice.key, envelope, bodies, moment, enclosures),
        message_id=message_id(notice.key, envelope.sender),
        filename=filename(notice, "eml"),
    )


def _enclosures(
    notice: Notice, stationery: Stationery, letter: bytes | None
) -> tuple[Enclosure, ...]:
    if not needs_letter(notice):
        return ()
    name = filename(notice, "pdf")
    _look_for_accounts(notice, stationery, name)
    return (Enclosure(name, letter or _pdf(notice, stationery)),)


def _letter(notice: Notice, stationery: Stationery, letter: bytes | None) -> Message:
    page = _page(notice, stationery, "letter.html")
    made = _plain(notice, "", page.subject, letter or _pdf(notice, stationery), "pdf")
    return replace(made, addressee=addressee(attended(notice, stationery), stationery.creditor))


def _pdf(notice: Notice, stationery: Stationery) -> bytes:
    from relance.notices.assets import letter_assets
    from relance.notices.pdf import make_pdf

    made = make_pdf(letter_html(notice, stationery), letter_assets(stationery))
    if isinstance(made, Diagnostic):
        raise RenderError(made)
    return made


def _sms(notice: Notice, stationery: Stationery) -> Message:
    page = _page(notice, stationery, "sms.txt")
    text = transliterate(plain_spaces(page.text)).strip()
    _look_for_accounts(notice, stationery, text)
    sender = stationery.setting(notice.channel, "from") or ""
    return _plain(notice, sender, page.subject, text.encode(), "txt")


def _plain(notice: Notice, sender: str, subject: str, content: bytes, suffix: str) -> Message:
    return Message(
        key=notice.key,
        medium=notice.medium,
        recipient=notice.recipient,
        sender=sender,
        subject=subject,
        content=content,
        message_id="",
        filename=filename(notice, suffix),
    )


def filename(notice: Notice, suffix: str) -> str:
    """Return a file name: run date, debtor and level as a slug, and 8 hex digits of the key."""
    plain = unicodedata.normalize("NFKD", f"{notice.debtor.name} {notice.level}")
    slug = re.sub(r"[^a-z0-9]+", "-", plain.encode("ascii", "ignore").decode().lower()).strip("-")
    name = slug[:60].rstrip("-") or "notice"
    return f"{notice.run_date.isoformat()}-{name}-{notice.key[:8]}.{suffix}"


def _page(notice: Notice, stationery: Stationery, medium: Medium) -> Page:
    """Fill the template of `notice` for `medium`, and see that it shows no foreign account."""
    home = stationery.creditor.language
    found = stationery.find(notice.template, notice.language, medium, home)
    variables = context_of(notice, stationery, found.language)
    variables |= _pictures(notice, stationery, medium)
    stationery.environment.begin()
    try:
        words = _words(notice, stationery, found, variables)
        words = replace(words, subject=stationery.marked(words.subject))
        variables |= {
            "subject": words.subject,
            "opening": words.opening,
            "closing": words.closing,
            "sms": words.sms,
        }
        name = found.name if found.kind == "file" else f"_layout/{medium}"
        text = stationery.environment.get_template(name).render(variables)
    except RenderError:
        raise
    except Exception as error:  # a template can raise anything: that notice fails, not the run
        raise fault(error, stationery.folders, variables) from error
    if medium == "sms.txt":
        text = stationery.marked(text)
    _look_for_accounts(notice, stationery, f"{words.subject}\n{_seen(text, medium)}")
    return Page(words.subject, found.language, text)


def _seen(text: str, medium: Medium) -> str:
    return text_of_html(text) if medium.endswith("html") else text


def _look_for_accounts(notice: Notice, stationery: Stationery, text: str) -> None:
    own = [account.iban for account in stationery.accounts]
    refuse_foreign_accounts(notice.medium, notice.key, text, own)


def _pictures(notice: Notice, stationery: Stationery, medium: Medium) -> dict[str, Any]:
    """What only one medium can show: the logo in an e-mail; address, logo and QR code in a letter."""
    if medium == "letter.html":
        from relance.notices.letter import letter_variables

        return letter_variables(notice, payment_of(notice, stationery), stationery)
    logo = stationery.logo
    return {"logo": "cid:logo" if logo and logo.mailable else ""}


def _words(
    notice: Notice, stationery: Stationery, found: Found, variables: dict[str, Any]
) -> Wording:
    """The wording beside a template; a whole template can do without one."""
    name = f"{notice.template}/{found.language}.wording"
    if not stationery.has(name):
        return Wording(f"{variables['creditor'].name}: {variables['numbers']}", (), (), "")
    return fill_wording(stationery.environment.get_template(name), variables)
