"""Mails that came in, for people and for programs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from relance.language import N_, translator
from relance.reports.figures import date_text, safe
from relance.reports.tables import Column, Table

KINDS = {
    "bounced": N_("came back"),
    "returned": N_("came back for now"),
    "delayed": N_("still on its way"),
    "delivered": N_("delivered"),
    "auto_reply": N_("automatic answer"),
    "reply": N_("answer of the debtor"),
    "own": N_("our own mail"),
    "list": N_("mail of a list"),
    "unmatched": N_("nobody we know"),
    "stale": N_("about what did not leave"),
    "later": N_("read again later"),
    "unreadable": N_("not readable"),
}
"""What mails are called on the screen."""


def inbox_table(mails: Sequence[Any], language: str) -> Table:
    """Return what each mail was taken for."""
    _ = translator(language)
    columns = [
        Column(_("Date")), Column(_("From"), fit="cut"), Column(_("Taken for")),
        Column(_("Debtor"), fit="cut"), Column(_("Detail"), fit="wrap"),
    ]  # fmt: skip
    return Table(_("Mails"), columns, [_row(entry, language) for entry in mails])


def inbox_line(counts: Mapping[str, int], language: str) -> str:
    """Return one line that counts the mails, for logs."""
    _ = translator(language)
    if not counts:
        return _("No new mail.")
    told = ", ".join(f"{_(KINDS[kind])}: {count}" for kind, count in counts.items())
    return _("New mails: {count} ({kinds}).").format(count=sum(counts.values()), kinds=told)


def mail_fields(entry: Any) -> dict[str, Any]:
    """Return a mail and what it was taken for as JSON."""
    mail, reply = entry.mail, entry.reply
    return {
        "id": entry.identity,
        "kind": entry.kind,
        "date": mail.written.isoformat() if mail and mail.written else None,
        "from": mail.sender if mail else None,
        "subject": mail.subject if mail else None,
        "debtor": entry.debtor,
        "notice": entry.notice,
        "held_until": reply.until.isoformat() if reply and reply.until >= reply.day else None,
        "text": reply.text if reply else None,
        "detail": "" if reply else entry.detail,
    }


def _row(entry: Any, language: str) -> list[str]:
    mail = entry.mail
    first = next(iter(entry.detail.splitlines()), "") if entry.reply else entry.detail
    return [
        date_text(mail.written.date(), language) if mail.written else "–",
        safe(mail.sender) or "–",
        translator(language)(KINDS[entry.kind]),
        safe(entry.debtor or "–"),
        safe(" · ".join(part for part in (mail.subject, first) if part)[:200]),
    ]
