"""The explanation of one item, for a terminal."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from relance.language import N_, translator
from relance.money import to_minor
from relance.reports import history_table, names
from relance.reports.figures import amount_text, counted, date_text, safe
from relance.reports.tables import Column, Table, stacked

if TYPE_CHECKING:
    from rich.console import RenderableType

Explained = Mapping[str, Any]


def explain_view(entry: Explained, language: str, *, every: bool = False) -> RenderableType:
    """Return an explanation, the JSON of `relance explain`, for a terminal.

    `every` shows the checks that do not hold, too.
    """
    from rich.text import Text

    parts: list[RenderableType] = [
        Text(_heading(entry), style="bold"),
        _facts(entry, language),
        Text(_decision(entry, language), style="bold"),
        _checks(entry, language, every=every),
    ]
    if entry.get("payments"):
        parts.append(Text(_payments(entry["payments"], language)))
    if entry["history"]:
        parts.append(history_table.history_table(entry["history"], language))
    return stacked(parts)


def _heading(entry: Explained) -> str:
    return f"{safe(entry['number'])} · {safe(entry.get('debtor_name') or '')} ({safe(entry['debtor'])})"


def _facts(entry: Explained, language: str) -> Table:
    _ = translator(language)
    facts = entry["facts"]
    lines = [
        (_("Open"), _money(facts, "open", language)),
        *_disputed(facts, language),
        (_("Amount"), _money(facts, "amount", language)),
        (_("Due"), _due(facts, language)),
        (_("Barred after"), _barred(facts, language)),
        (_("Segment"), f"{entry['segment'] or '–'} ({entry['segment_reason'] or '–'})"),
        (_("Procedure"), entry["procedure"] or "–"),
        (_("Level reached"), _reached(facts, language)),
        *_form(entry, language),
        (_("Read from"), _place(facts)),
    ]
    return Table("", [Column("", style="dim"), Column("", fit="wrap")], lines)


_GIVEN = N_("{name}: arm {arm} of level {level}, by the debtor's code")
_LATER = N_("{name}: arm {arm}, by the debtor's code; level {level} comes {wait} days later")
_NOTHING = N_("{name}: arm {arm}, by the debtor's code; level {level} is passed over")


def _form(entry: Explained, language: str) -> list[tuple[str, str]]:
    """Return the lines of variant, tone and thanks; none where they are fixed, or not asked for."""
    _ = translator(language)
    lines = []
    if "variant" in entry:
        variant = entry["variant"]
        by = variant["task"] or ", ".join(variant["channels"])
        lines.append((_("Variant"), f"{safe(by)} ({variant['reason']})"))
    for tried in entry.get("experiments", ()):
        lines.append((_("Experiment"), _(_tried(tried)).format(**tried)))
    if "tone" in entry:
        lines.append((_("Tone"), entry["tone"]["reason"]))
    if "thanks" in entry:
        told = entry["thanks"]
        day = date.fromisoformat(told["last"]) if told["last"] else None
        last = f" ({date_text(day, language)})" if day else ""
        lines.append((_("Thanks"), told["reason"] + last))
    return lines


def _tried(tried: Mapping[str, Any]) -> str:
    """Return the sentence about an arm, with its places."""
    if not tried["sent"]:
        return _NOTHING
    return _LATER if tried["wait"] else _GIVEN


def _money(facts: Mapping[str, Any], name: str, language: str) -> str:
    currency = facts["currency"]
    return amount_text(to_minor(Decimal(facts[name]), currency), currency, language)


def _disputed(facts: Mapping[str, Any], language: str) -> list[tuple[str, str]]:
    """Return the line of the part that is in dispute and not claimed; none where nothing is."""
    if "disputed_part" not in facts:
        return []
    return [(translator(language)(N_("In dispute")), _money(facts, "disputed_part", language))]


def _due(facts: Mapping[str, Any], language: str) -> str:
    if "due" not in facts:
        return "–"
    _ = translator(language)
    days = facts["days_past_due"]
    late = _("{days} past due") if days > 0 else _("due in {days}")
    day = date_text(date.fromisoformat(facts["due"]), language)
    return f"{day} ({late.format(days=counted(abs(days), 'day', language))})"


def _barred(facts: Mapping[str, Any], language: str) -> str:
    """Return the last day to go to court with its article; a dash where no period is known."""
    if "court_until" not in facts:
        return "–"
    day = date_text(date.fromisoformat(facts["court_until"]), language)
    return f"{day} ({facts['limitation_article']})"


def _reached(facts: Mapping[str, Any], language: str) -> str:
    _ = translator(language)
    if not facts.get("level_reached"):
        return _("none")
    last = facts.get("last_notice")
    day = date_text(date.fromisoformat(last), language) if last else "–"
    return f"{facts['level_reached']} · {facts.get('last_level') or '–'} · {day}"


def _place(facts: Mapping[str, Any]) -> str:
    return safe(":".join(str(facts[name]) for name in ("file", "line") if facts.get(name))) or "–"


def _decision(entry: Explained, language: str) -> str:
    _ = translator(language)
    name = _(names.VERDICTS.get(str(entry["verdict"]), str(entry["verdict"])))
    lines = [f"→ {name} ({entry['verdict']}): {safe(entry['reason'])}"]
    following = entry["next"]
    if following["level"] and entry["verdict"] != "act":
        day = following["date"] and date.fromisoformat(following["date"])
        text = _("Next level: {level}, on {date} at the earliest.")
        lines.append("  " + text.format(level=following["level"], date=date_text(day, language)))
    return "\n".join(lines)


_PAYMENTS = {
    "lettered": N_("paid {amount} on {date} by payment {key} ({says})"),
    "returned": N_("{amount} of {date} put back by payment {key} ({says})"),
    "undone": N_("{amount} of {date} put back, payment {key} ({says})"),
    "pending": N_("probably paid {amount} by payment {key}, candidate {candidate} ({says})"),
}


def _payments(payments: Sequence[Mapping[str, Any]], language: str) -> str:
    """Return what paid the item, a line each."""
    _ = translator(language)
    lines = []
    for paid in payments:
        currency = paid["currency"]
        amount = to_minor(Decimal(paid["amount"]), currency)
        day = date.fromisoformat(paid["date"]) if paid["date"] else None
        said = _(_PAYMENTS[paid["status"]]).format(
            amount=amount_text(abs(amount), currency, language),
            date=date_text(day, language),
            key=paid["movement"][:12],
            candidate=paid.get("candidate", ""),
            says=paid["says"],
        )
        lines.append(f"· {safe(said)}")
    return "\n".join([_("Payments"), *lines])


def _checks(entry: Explained, language: str, *, every: bool) -> Table:
    _ = translator(language)
    checks: Sequence[Mapping[str, Any]] = entry["checks"]
    winner = next((n for n, check in enumerate(checks) if check["holds"]), len(checks))
    rows = [
        [
            "→" if n == winner else "",
            c["verdict"],
            _("yes") if c["holds"] else _("no"),
            safe(c["detail"]),
        ]
        for n, c in enumerate(checks)
        if every or n == winner or (c["holds"] and c["verdict"] != "act")
    ]
    columns = [Column(""), Column(_("Check")), Column(_("Holds")), Column(_("Detail"), fit="wrap")]
    note = _("The first check that holds decides. {count} checks before it do not hold.").format(
        count=winner
    )
    return Table(_("Checks"), columns, rows, note=note)
