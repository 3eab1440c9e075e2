"""What differs between two plans, in words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from relance.dunning.difference import TaskChange
from relance.dunning.difference_notices import Instead, NoticeChange
from relance.dunning.plan import Line
from relance.language import N_, translator
from relance.reports import names
from relance.reports.figures import amount_text, count_text, date_text, safe

FIELDS = {
    "procedure": N_("procedure"),
    "level": N_("level"),
    "channel": N_("channel"),
    "recipient": N_("recipient"),
    "to": N_("addressed to"),
    "language": N_("language"),
    "template": N_("template"),
    "tone": N_("tone"),
    "variant": N_("variant"),
    "link": N_("link"),
    "attach": N_("attached"),
    "approval": N_("approval"),
    "receivables": N_("items"),
    "levels": N_("level of items"),
    "open": N_("principal"),
    "interest": N_("interest"),
    "compensation": N_("compensation"),
    "fee": N_("fee"),
    "paid_late": N_("paid late"),
    "statement": N_("statement"),
    "next_level": N_("next level"),
    "next_level_days": N_("days of the next level"),
    "kind": N_("kind"),
    "subject": N_("subject"),
    "owner": N_("owner"),
    "due": N_("due"),
    "text": N_("text"),
}
AMOUNTS = ("open", "interest", "compensation", "fee")
PERSONAL = ("recipient", "link", "subject", "text", "owner")
"""Fields whose values name people: without names, only that they differ is told."""

_FEW = 3


def fields_text(change: NoticeChange | TaskChange, language: str, *, names: bool) -> str:
    """Return in which fields a notice or task differs, and how."""
    _ = translator(language)
    money = _currency(change)
    told = []
    for name, (then, now) in change.fields.items():
        if name == "recipient" and "channel" in change.fields:
            continue  # by another channel it goes elsewhere: of course
        label = _(FIELDS[name])
        if name in PERSONAL and not names:
            told.append(label)
            continue
        texts = [_value(name, value, money, language) for value in (then, now)]
        told.append(f"{label} {texts[0]} → {texts[1]}")
    return ", ".join(told)


def _currency(change: NoticeChange | TaskChange) -> str:
    if isinstance(change, TaskChange):
        return change.task.currency
    return change.outgoing.notice.currency


def _value(name: str, value: object, money: str, language: str) -> str:
    """Return one value; of a list, how long it is: what is in it stands in the JSON."""
    if name in AMOUNTS and isinstance(value, int):
        return amount_text(value, money, language)
    if isinstance(value, date):
        return date_text(value, language)
    if name == "levels" and isinstance(value, tuple):
        return ", ".join(dict.fromkeys(safe(str(level)) for level in value)) or "–"
    if isinstance(value, tuple):
        return count_text(len(value), language)
    return safe(str(value)) if value not in (None, "") else "–"


def instead_text(instead: Instead | None, language: str) -> str:
    """Return what the other plan does: its verdict, and the day on which that could change."""
    _ = translator(language)
    if instead is None or not instead.verdict:
        return "–"
    if instead.verdict == "act":
        return _("a task") if instead.is_task else _("on another notice")
    verdict = _(names.VERDICTS.get(instead.verdict, instead.verdict))
    if instead.until is None:
        return verdict
    return f"{verdict}, {date_text(instead.until, language)}"


def numbers_text(lines: Sequence[Line]) -> str:
    """Return the numbers of items, the first few of many."""
    shown = ", ".join(safe(line.number) for line in lines[:_FEW])
    return f"{shown}, +{len(lines) - _FEW}" if len(lines) > _FEW else shown or "–"


def counts_text(counts: Mapping[str, int], language: str) -> str:
    """Return how many were added, removed and changed: those that are any."""
    _ = translator(language)
    words = {
        "added": _("{count} added"),
        "removed": _("{count} removed"),
        "changed": _("{count} otherwise"),
    }
    told = [
        words[what].format(count=count_text(count, language))
        for what, count in counts.items()
        if count
    ]
    return ", ".join(told) or _("the same")
