"""The forms of the desk: which fields each has, and what records it."""

from __future__ import annotations

from functools import partial

from relance.desk.about import ALL, About
from relance.desk.entering import Hand
from relance.desk.form import Asked, Field, Save
from relance.dunning.disputes import REASONS
from relance.dunning.worklist import Work
from relance.language import Translate, translator
from relance.reports import names
from relance.reports.figures import date_text, safe
from relance.runs.worklist import OUTCOMES

_KINDS = ("call", "check", "decide", "letter", "visit", "other")
"""Kinds of tasks that a person adds."""


def call(hand: Hand, outcome: str = "promised") -> Asked:
    """Return the form for a call, or for what came of a task."""
    _ = _of(hand)
    outcomes = [(code, _(text)) for code, text in OUTCOMES.items()]
    fields = [
        _about_field(hand, tasks=True),
        Field("outcome", _("Outcome"), "pick", outcomes, outcome),
        Field("until", _("Until"), hint=_("promised for; next call: 30/04, +7, 2026-04-30")),
        Field("amount", _("Amount"), hint=_("promised or disputed; empty: all of it")),
        Field("note", _("Note"), hint=_("who said what")),
    ]
    title = _("Log a call") if outcome != "done" else _("End the task")
    return _asked(title, hand.about, fields, hand.call)


def promise(hand: Hand) -> Asked:
    """Return the form for a promise to pay."""
    _ = _of(hand)
    fields = [
        _about_field(hand, tasks=True),
        Field("until", _("Promised for"), hint=_("30/04, +7 or 2026-04-30")),
        Field("amount", _("Amount"), hint=_("empty: all of it")),
        Field("who", _("Who promised")),
        Field("note", _("Note"), hint=_("what was said")),
    ]
    return _asked(_("Promise to pay"), hand.about, fields, hand.promise)


def dispute(hand: Hand) -> Asked:
    """Return the form for a dispute."""
    _ = _of(hand)
    reasons = [(code, _(text)) for code, text in REASONS.items()]
    fields = [
        _about_field(hand, tasks=True),
        Field("code", _("Reason"), "choice", reasons),
        Field("amount", _("In dispute"), hint=_("empty: all of it; the rest goes on being dunned")),
        Field("owner", _("Decided by")),
        Field("until", _("Deadline"), hint=_("empty: as the policy has it")),
        Field("note", _("Note"), hint=_("what the debtor says")),
    ]
    return _asked(_("Dispute"), hand.about, fields, hand.dispute)


def note(hand: Hand) -> Asked:
    """Return the form for a note."""
    _ = _of(hand)
    fields = [_about_field(hand, tasks=False), Field("note", _("Note"))]
    return _asked(_("Note"), hand.about, fields, hand.note)


def add(hand: Hand) -> Asked:
    """Return the form for a task of one's own."""
    _ = _of(hand)
    kinds = [(kind, _(names.TASKS[kind])) for kind in _KINDS]
    fields = [
        _about_field(hand, tasks=False),
        Field("subject", _("To do")),
        Field("kind", _("Kind"), "choice", kinds),
        Field("due", _("Due"), hint=_("empty: today; 30/04, +7 or 2026-04-30")),
        Field("owner", _("Owner")),
    ]
    return _asked(_("New task"), hand.about, fields, hand.add)


def move(hand: Hand, work: Work) -> Asked:
    """Return the form that puts `work` off, or passes it on."""
    _ = _of(hand)
    fields = [
        Field("due", _("Due"), hint=date_text(work.due, hand.seat.language)),
        Field("owner", _("Owner"), hint=safe(work.owner)),
    ]
    title = _("Put off or pass on: task {number}").format(number=work.number)
    return _asked(title, hand.about, fields, partial(hand.move, work))


def _of(hand: Hand) -> Translate:
    return translator(hand.seat.language)


def _asked(title: str, about: About, fields: list[Field], save: Save) -> Asked:
    return Asked(title, f"{about.name} ({safe(about.debtor)})", fields, save)


def _about_field(hand: Hand, *, tasks: bool) -> Field:
    _ = _of(hand)
    options = hand.about.options(hand.seat.language, tasks=tasks)
    begins = hand.about.begins(tasks=tasks)
    known = {value for value, _label in options}
    return Field("about", _("About"), "choice", options, begins if begins in known else ALL)
