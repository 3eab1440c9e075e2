"""Notices in doubt, for people and for programs."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from relance.language import translator
from relance.money import to_text
from relance.reports.figures import amount_text, date_text, safe
from relance.reports.tables import Column, Table


def doubt_fields(doubt: Any, now: datetime) -> dict[str, Any]:
    """Return a doubt of the history as JSON, with its age in hours."""
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
        "age_hours": _hours(doubt, now),
        "detail": doubt.detail,
    }


def _hours(doubt: Any, now: datetime) -> int:
    """Return for how many whole hours nobody has known; 0 where a clock went back."""
    return max(0, int((now - doubt.since).total_seconds() // 3600))


def _age(hours: int, language: str) -> str:
    _ = translator(language)
    if hours < 48:
        return _("{count} h").format(count=hours)
    return _("{count} days").format(count=hours // 24)


def doubts_table(doubts: list[Any], language: str, now: datetime) -> Table:
    """Return the doubts as a table, oldest first, with their age."""
    _ = translator(language)
    columns = [
        Column(_("Key")), Column(_("Date")), Column(_("For")), Column(_("Debtor"), fit="cut"), Column(_("Level")),
        Column(_("Recipient"), fit="drop"), Column(_("Amount"), "right"), Column(_("Why"), fit="wrap"),
    ]  # fmt: skip
    rows = [
        [d.dispatch.key[:12], date_text(d.dispatch.run_date, language),
         _age(_hours(d, now), language), safe(d.dispatch.debtor),
         d.dispatch.level or "–", safe(d.dispatch.recipient),
         amount_text(d.dispatch.total, d.dispatch.currency, language), safe(d.detail)]
        for d in doubts
    ]  # fmt: skip
    note = _("`relance doubt sent KEY` or `relance doubt resend KEY` settles one.")
    return Table(_("In doubt"), columns, rows, note=note)
