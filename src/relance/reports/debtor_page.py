"""The debtor's sheet as one page: offline, without scripts, to read, print or pass on."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from relance.language import N_, translator
from relance.money import to_minor
from relance.reports import names
from relance.reports.debtor_view import (
    about_text,
    contacts_text,
    dispute_columns,
    dispute_rows,
    head_rows,
    heading,
    limit_text,
    next_text,
    promise_columns,
    promise_rows,
    task_columns,
    task_rows,
)
from relance.reports.debtor_words import (
    CHANGES,
    STATES,
    Sheet,
    amount,
    behaviour_lines,
    days_text,
    estimate_text,
)
from relance.reports.figures import date_text, long_date_text, safe
from relance.reports.history_table import history_table
from relance.reports.score_view import number_text, share_text
from relance.reports.tables import Column

_WORDS = {
    "ageing": N_("Aged balance"),
    "open": N_("Open items"),
    "none_open": N_("Nothing is open."),
    "pays": N_("How it pays"),
    "chart": N_("Days from the due date to the payment, receivable by receivable"),
    "due_line": N_("due date"),
    "late": N_("late"),
    "in_time": N_("in time"),
    "estimate_note": N_("An estimate orders lists and forecasts cash. No level is sent or withheld because of it."),
    "notes": N_("Notes"),
    "no_notes": N_("There are no notes."),
    "history": N_("History"),
    "about": N_("About the debtor"),
    "confidential": N_("Confidential: personal and commercial data. Made by relance; nothing on this page is loaded from a network."),
    "open_sheet": N_("Debtor's sheet"),
}  # fmt: skip

_BUCKETS = ("not_due", "1-30", "31-60", "61-90", "91-120", "over_120")
_HEIGHT, _STEP, _MOST = 110, 14, 60
"""The chart: its height in pixels, those from one bar to the next, days shown at most."""


def debtor_page(sheet: Sheet, language: str) -> str:
    """Return the page of a debtor's sheet, the JSON of `relance debtor`, as HTML.

    It loads nothing, runs nothing and sends nothing; what the data say is text, never markup.
    """
    from jinja2 import Environment, StrictUndefined

    _ = translator(language)
    environment = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True)
    source = Path(__file__).with_name("debtor_page.html").read_text("utf-8")
    return environment.from_string(source).render(
        t={name: _(words) for name, words in _WORDS.items()},
        language=language,
        heading=heading(sheet),
        creditor=safe(sheet["creditor"]),
        day=long_date_text(date.fromisoformat(sheet["run_date"]), language),
        contacts=contacts_text(sheet),
        cards=list(_cards(sheet, language)),
        facts=list(head_rows(sheet, language)),
        ageing=list(_ageing(sheet, language)),
        items=_items(sheet, language),
        item_titles=_item_titles(sheet, language),
        any_expected=any(item["expected"] for item in sheet["items"]),
        behaviour=list(behaviour_lines(sheet, language)),
        chart=_chart(sheet["behaviour"]["payments"]) if sheet["behaviour"]["known"] else None,
        estimate=estimate_text(sheet, language),
        stories=[story for story in _stories(sheet, language) if story["rows"]],
        notes=[_note(note, language) for note in reversed(sheet["notes"])],
        history=_history(sheet, language),
    )


def _cards(sheet: Sheet, language: str) -> Iterator[dict[str, str]]:
    """Yield the figures at the head of the page: label, figure, what there is to say of it, tone."""
    _ = translator(language)
    for balance in sheet["balances"]:
        money = balance["currency"]
        yield _card(
            _("Owed"), amount(balance["net"], money, language), _("receivables less credits")
        )
        late = to_minor(Decimal(balance["overdue"]), money) > 0
        oldest = _("the oldest for {days} days").format(
            days=sheet["behaviour"]["oldest_days_past_due"]
        )
        yield _card(
            _("Overdue"),
            amount(balance["overdue"], money, language),
            oldest if late else "",
            "bad" * late,
        )
    if sheet["credit"]["limit"] is not None:
        used = share_text(sheet["credit"]["used"], language)
        tone = "bad" if sheet["credit"]["over"] else ""
        yield _card(_("Credit limit used"), used, limit_text(sheet, language), tone)
    found = sheet["behaviour"]
    if found["known"]:
        said = _("{late} of {paid}, {mean} days late on average").format(
            late=found["late"],
            paid=found["paid"],
            mean=number_text(found["mean_days_late"], 1, language),
        )
        yield _card(_("Paid late"), share_text(found["late_share"], language), said)
    if found["known"] and found["trend"]:
        trend = found["trend"]
        tones = {"slipping": "bad", "mending": "good", "steady": ""}
        recent = _("the last {recent}: {days}").format(
            recent=trend["recent"], days=days_text(trend["recent_days"], language)
        )
        yield _card(_("Trend"), _(CHANGES[trend["change"]]), recent, tones[trend["change"]])


def _card(label: str, figure: str, said: str, tone: str = "") -> dict[str, str]:
    return {"label": label, "figure": figure, "said": said, "tone": tone}


def _ageing(sheet: Sheet, language: str) -> Iterator[dict[str, Any]]:
    """Yield, per currency, the buckets with their amount and share of the receivables."""
    _ = translator(language)
    for balance in sheet["balances"]:
        money = balance["currency"]
        minor = {name: to_minor(Decimal(balance[name]), money) for name in _BUCKETS}
        total = sum(minor.values())
        parts = [
            {
                "label": _(names.BUCKETS[name]),
                "amount": amount(balance[name], money, language),
                "share": f"{100 * minor[name] / total:.2f}",
                "name": f"b{place}",
            }
            for place, name in enumerate(_BUCKETS)
            if minor[name] > 0
        ]
        if total > 0:
            yield {"currency": money, "parts": parts}


def _item_titles(sheet: Sheet, language: str) -> Sequence[Mapping[str, Any]]:
    _ = translator(language)
    titles = [(_("Number"), False), (_("Due"), False), (_("Days"), True), (_("Open"), True),
              (_("Verdict"), False), (_("Next step"), False)]  # fmt: skip
    if any(item["expected"] for item in sheet["items"]):
        titles.append((_("Expected"), False))
    return [{"text": text, "right": right} for text, right in titles]


def _items(sheet: Sheet, language: str) -> Sequence[Mapping[str, Any]]:
    _ = translator(language)
    return [
        {
            "number": safe(item["number"]),
            "due": _day(item["due"], language),
            "days": item["days_past_due"],
            "open": amount(item["open"], item["currency"], language),
            "verdict": _(names.VERDICTS.get(item["verdict"], item["verdict"])),
            "tone": "act" if item["verdict"] == "act" else "",
            "reason": safe(item["reason"]),
            "next": next_text(item, language),
            "expected": _expected(item["expected"], language),
        }
        for item in sheet["items"]
    ]


def _expected(found: Mapping[str, Any] | None, language: str) -> str:
    if found is None:
        return "–"
    first, last = _day(found["from"], language), _day(found["to"], language)
    return f"{_day(found['date'], language)} ({first} – {last})"


def _chart(payments: Sequence[Mapping[str, Any]]) -> Mapping[str, Any]:
    """Return the bars of the chart in pixels: above the line what came late, below what came in time."""
    shown = [max(-_MOST, min(_MOST, paid["days"])) for paid in payments]
    up, down = max(0, *shown), max(0, *(-days for days in shown))
    scale = _HEIGHT / max(up + down, 10)
    middle = max(4.0, up * scale)
    bars = [
        _bar(paid, days * scale, 2 + place * _STEP, middle)
        for place, (paid, days) in enumerate(zip(payments, shown, strict=True))
    ]
    width, height = max(len(bars) * _STEP + 4, 160), middle + max(4.0, down * scale)
    return {"bars": bars, "width": width, "height": f"{height:.1f}", "middle": f"{middle:.1f}"}


def _bar(paid: Mapping[str, Any], size: float, left: int, middle: float) -> Mapping[str, Any]:
    height = max(2.0, abs(size))
    return {
        "x": left,
        "y": f"{middle - height if size > 0 else middle:.1f}",
        "height": f"{height:.1f}",
        "late": size > 0,
        "title": f"{safe(paid['number'])} · {paid['due']} · {paid['days']:+d}",
    }


def _stories(sheet: Sheet, language: str) -> Iterator[dict[str, Any]]:
    _ = translator(language)
    yield _story(_("Promises"), promise_columns(language), list(promise_rows(sheet, language)))
    yield _story(_("Disputes"), dispute_columns(language), list(dispute_rows(sheet, language)))
    yield _story(_("Tasks"), task_columns(language), list(task_rows(sheet, language)))


def _story(title: str, columns: Sequence[Column], rows: Sequence[Sequence[str]]) -> dict[str, Any]:
    return {"title": title, "columns": columns, "rows": rows}


def _note(note: Mapping[str, Any], language: str) -> Mapping[str, Any]:
    _ = translator(language)
    return {
        "date": _day(note["date"], language),
        "by": safe(note["by"]),
        "about": about_text(note, alone=True),
        "lines": [safe(line) for line in note["text"].splitlines()],
        "attachments": [
            {"path": safe(a["path"]), "state": _(STATES[a["state"]]), "odd": a["state"] != "as_attached",
             "sha256": a["sha256"][:16]}
            for a in note["attachments"]
        ],
    }  # fmt: skip


def _history(sheet: Sheet, language: str) -> Sequence[tuple[str, str, str]]:
    """Return the events, newest first: day, what happened, detail."""
    rows = history_table(sheet["history"], language).rows
    return [(row[0], row[1], row[3]) for row in rows]


def _day(text: str | None, language: str) -> str:
    return date_text(date.fromisoformat(text[:10]) if text else None, language)
