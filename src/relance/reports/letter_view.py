"""Payments and what they pay, for a terminal: the JSON of `relance letter` as tables."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from relance.language import N_, translator
from relance.ledger.build import number_in
from relance.money import to_minor
from relance.reports.figures import amount_text, date_text, safe
from relance.reports.tables import Column, Table, stacked

if TYPE_CHECKING:
    from rich.console import RenderableType

Fields = Mapping[str, Any]

STATUS = {
    "lettered": N_("lettered"),
    "undone": N_("undone"),
    "returned": N_("returned by the bank"),
    "pending": N_("to be decided"),
}
"""What became of an allocation."""

KINDS = {
    "payment": N_("payment"),
    "discount": N_("discount"),
    "bank_charge": N_("bank charge"),
    "difference": N_("difference"),
}
"""What an allocation is made of."""


def overview_view(shown: Fields, language: str) -> RenderableType:
    """Return what waits for a decision, what is not allocated and what was allocated last."""
    parts: list[RenderableType] = []
    if shown["pending"]:
        parts.append(_pending(shown["pending"], language))
    if shown["suspense"]:
        parts.append(_suspense(shown["suspense"], language))
    if shown["recent"]:
        parts.append(allocations_table(shown["recent"], language))
    return stacked(parts)


def detail_view(shown: Fields, language: str) -> RenderableType:
    """Return one payment with all that it was and may be set against."""
    from rich.text import Text

    _ = translator(language)
    parts: list[RenderableType] = [Text(_("Payment {key}").format(key=shown["movement"]), "bold")]
    if "amount" in shown:
        parts.append(_facts(shown, language))
    if shown["allocations"]:
        parts.append(allocations_table(shown["allocations"], language))
    if shown["candidates"]:
        parts.append(_candidates(shown, language))
    if "*" in shown["rejected"]:
        parts.append(Text(_("Set aside: it is for no receivable.")))
    elif shown["rejected"]:
        items = safe(", ".join(map(number_in, shown["rejected"])))
        parts.append(Text(_("Rejected: {items}").format(items=items)))
    return stacked(parts)


def allocations_table(rows: Sequence[Fields], language: str) -> Table:
    """Return allocations: what was paid when, by which payment, and why relance says so."""
    _ = translator(language)
    columns = [
        Column(_("Date")), Column(_("Number"), fit="cut"), Column(_("Amount"), "right"), Column(_("What"), fit="wrap"),
        Column(_("Payment")), Column(_("Payer"), fit="drop"), Column(_("Evidence"), fit="wrap"),
    ]  # fmt: skip
    lines = [
        [_day(row["date"], language), safe(row["number"]), _money(row, "amount", language),
         _what(row, language), row["movement"][:12], safe(row["counterparty"] or "–"), safe(row["says"])]
        for row in rows
    ]  # fmt: skip
    return Table(_("Payments set against receivables"), columns, lines)


def _pending(rows: Sequence[Fields], language: str) -> Table:
    _ = translator(language)
    columns = [
        Column(_("Payment")), Column(_("Date")), Column(_("Amount"), "right"), Column(_("Payer"), fit="cut"),
        Column(_("No.")), Column(_("Probably pays"), fit="wrap"), Column(_("Evidence"), fit="wrap"),
    ]  # fmt: skip
    lines = []
    for row in rows:
        head = [row["movement"][:12], _day(row["booked"], language), _money(row, "left", language),
                safe(row["counterparty"] or "–")]  # fmt: skip
        for candidate in row["candidates"]:
            lines.append([*head, str(candidate["candidate"]), _items(candidate, row, language),
                          safe(candidate["says"])])  # fmt: skip
            head = ["", "", "", ""]
    note = _("`relance letter accept PAYMENT --candidate N`, or `relance letter reject PAYMENT`.")
    return Table(_("Payments that wait for a decision"), columns, lines, note=note)


def _candidates(shown: Fields, language: str) -> Table:
    _ = translator(language)
    columns = [Column(_("No.")), Column(_("Probably pays"), fit="wrap"),
               Column(_("Confidence"), "right"), Column(_("Evidence"), fit="wrap")]  # fmt: skip
    lines = [
        [str(c["candidate"]), _items(c, shown, language), c["confidence"], safe(c["says"])]
        for c in shown["candidates"]
    ]
    return Table(_("Candidates"), columns, lines)


def _suspense(rows: Sequence[Fields], language: str) -> Table:
    _ = translator(language)
    columns = [
        Column(_("Payment")), Column(_("Date")), Column(_("Left"), "right"), Column(_("Payer"), fit="cut"),
        Column(_("Debtor"), fit="cut"), Column(_("Why"), fit="wrap"), Column(_("Text"), fit="drop"),
    ]  # fmt: skip
    lines = [
        [row["movement"][:12], _day(row["booked"], language), _money(row, "left", language),
         safe(row["counterparty"] or "–"), safe(row["debtor"] or "–"), safe(row["reason"]),
         safe(row["text"] or "–")]
        for row in rows
    ]  # fmt: skip
    note = _("`relance letter accept PAYMENT --item NUMBER` says what one pays.")
    return Table(_("Payments not allocated"), columns, lines, note=note)


def _facts(shown: Fields, language: str) -> Table:
    _ = translator(language)
    named = [
        (_("Date"), _day(shown["booked"], language)),
        (_("Amount"), _money(shown, "amount", language)),
        (_("Left"), _money(shown, "left", language)),
        (_("Payer"), shown.get("counterparty")),
        (_("Account of the payer"), shown.get("counterparty_iban")),
        (_("Reference"), shown.get("reference") or shown.get("end_to_end")),
        (_("Text"), shown.get("text")),
        (_("Read from"), f"{shown.get('file', '')}:{shown.get('line') or ''}".rstrip(":")),
    ]
    lines = [[label, safe(str(value))] for label, value in named if value]
    return Table("", [Column("", style="dim"), Column("", fit="wrap")], lines)


def _items(candidate: Fields, payment: Fields, language: str) -> str:
    return ", ".join(
        f"{safe(item['number'])} ({amount(item['amount'], payment['currency'], language)})"
        for item in candidate["items"]
    )


def _what(row: Fields, language: str) -> str:
    _ = translator(language)
    status, kind = _(STATUS[row["status"]]), _(KINDS[row["kind"]])
    if row["kind"] == "payment":
        return status
    return kind if row["status"] == "lettered" else f"{status} ({kind})"


def _money(row: Fields, name: str, language: str) -> str:
    return amount(row[name], row["currency"], language)


def amount(text: str, currency: str, language: str) -> str:
    """Return an amount of JSON as `language` writes it."""
    return amount_text(to_minor(Decimal(text), currency), currency, language)


def _day(day: str | None, language: str) -> str:
    return date_text(date.fromisoformat(day) if day else None, language)
