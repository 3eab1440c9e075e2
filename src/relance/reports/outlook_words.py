"""What to expect of a receivable, in one sentence and as JSON."""

from __future__ import annotations

from typing import Any

from relance.dunning.outlook import Outlook
from relance.language import translator
from relance.reports.figures import date_text, safe
from relance.reports.score_view import share_text


def outlook_fields(found: Outlook) -> dict[str, Any]:
    """Return an outlook as JSON; days are ISO, shares from 0 to 1. What is not known is null."""
    days = {"date": found.day, "from": found.first, "to": found.last}
    return {
        "number": found.number or None,
        **{name: day.isoformat() if day else None for name, day in days.items()},
        "why": found.why or None,
        "chance": None if found.chance is None else round(found.chance, 4),
        "by": None if found.chance is None else found.by,
        "risk": None if found.risk is None else round(found.risk, 4),
    }


def outlook_text(found: Outlook, language: str) -> str:
    """Return what is expected, and from what, in one sentence; "" where there is nothing to say."""
    if not found.number or found.why in ("not_a_firm", "small_book"):
        return ""
    _ = translator(language)
    facts = {
        "number": safe(found.number),
        "late": found.late,
        "known": found.known,
        "book_late": found.book_late,
        "book_known": found.book_known,
    }
    if found.day is None:
        said = _(
            "{number}: no day is expected: of {known} receivables of this debtor and {book_known} in the book, none "
            "that was open for so long was seen paid."
        )
        return said.format(**facts)
    said = _(
        "{number} is expected on {day}, eight times in ten between {first} and {last}: {late} of its debtor's {known} "
        "receivables were late, and {book_late} of {book_known} in the book."
    )
    days = {
        name: date_text(day, language)
        for name, day in (("day", found.day), ("first", found.first), ("last", found.last))
    }
    return " ".join([said.format(**facts, **days), *_beside(found, language)])


def _beside(found: Outlook, language: str) -> list[str]:
    _ = translator(language)
    told = []
    if found.by == "logistic":
        said = _("The model, which was better on your own past, gives {chance} for the next one.")
        told.append(said.format(chance=share_text(found.chance, language)))
    elif found.tried:
        told.append(_("A model was not better on your own past."))
    if found.risk is not None:
        said = _("Score of others: {risk} of the way to the worst.")
        told.append(said.format(risk=share_text(found.risk, language)))
    return told
