"""Notices in doubt, for people and for programs."""

from __future__ import annotations

from typing import Any

from relance.language import translator
from relance.money import to_text
from relance.reports.figures import amount_text, date_text, safe
from relance.reports.tables import Column, Table


def doubt_fields(doubt: Any) -> dict[str, Any]:
    """Return a doubt of the history as JSON."""
    sent = doubt.dispatch
    return {
        "key": sent.key,
        "run_date": sent.run_date.isoformat(),
        "debtor": sent.debtor,
        "level": sent.level,
        "channel": sent.channel,
        "recipient": sent.recipient,
        "currency": sent.currency,
        "total": to_text(sent.total, sent.currency),
        "since": doubt.since.isoformat(),
        "detail": doubt.detail,
    }


def doubts_table(doubts: list[Any], language: str) -> Table:
    """Return the doubts as a table, oldest first."""
    _ = translator(language)
    columns = [
        Column(_("Key")), Column(_("Date")), Column(_("Debtor"), fit="cut"), Column(_("Level")),
        Column(_("Recipient"), fit="drop"), Column(_("Amount"), "right"), Column(_("Why"), fit="wrap"),
    ]  # fmt: skip
    rows = [
        [d.dispatch.key[:12], date_text(d.dispatch.run_date, language), safe(d.dispatch.debtor),
         d.dispatch.level or "–", safe(d.dispatch.recipient),
         amount_text(d.dispatch.total, d.dispatch.currency, language), safe(d.detail)]
        for d in doubts
    ]  # fmt: skip
    note = _("`relance doubt sent KEY` or `relance doubt resend KEY` settles one.")
    return Table(_("In doubt"), columns, rows, note=note)
