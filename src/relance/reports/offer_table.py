"""Offers as tables: all of them, and the invoices of one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from relance.language import N_, translator
from relance.money import to_minor
from relance.reports.figures import amount_text, date_text, safe
from relance.reports.tables import Column, Table

STATES = {
    "open": N_("offered"),
    "taken": N_("earned"),
    "late": N_("paid too late: to decide"),
    "lapsed": N_("not taken up"),
    "withdrawn": N_("taken back"),
    "draft": N_("not recorded"),
}
"""What became of an offer, in the words of the screen."""


def offers_table(offers: Sequence[Mapping[str, Any]], language: str) -> Table:
    """Return `offers`, entries of `runs.offers.listed_offers`, in their order."""
    _ = translator(language)
    columns = [
        Column(_("No."), "right"),
        Column(_("Debtor"), fit="cut"),
        Column(_("Invoices"), fit="cut"),
        Column(_("Until")),
        Column(_("Less"), "right"),
        Column(_("To pay"), "right"),
        Column(_("State"), fit="wrap"),
    ]
    rows = [
        [
            str(offer["number"]),
            safe(offer["debtor"]),
            safe(", ".join(each["number"] for each in offer["invoices"])),
            date_text(date.fromisoformat(offer["until"]), language),
            _money(offer["reduction"], offer, language),
            _money(offer["to_pay"], offer, language),
            _(STATES[offer["state"]]),
        ]
        for offer in offers
    ]
    return Table(_("Offers"), columns, rows)


def offer_lines_table(offer: Mapping[str, Any], language: str) -> Table:
    """Return the invoices of `offer`, an entry of `runs.offers.listed_offers`."""
    _ = translator(language)
    columns = [
        Column(_("Invoice"), fit="cut"),
        Column(_("Owed"), "right"),
        Column(_("Less"), "right"),
        Column(_("To pay"), "right"),
        Column(_("Open"), "right"),
        Column(_("State"), fit="wrap"),
    ]
    rows = [
        [
            safe(each["number"]),
            *(_money(each[k], offer, language) for k in ("owed", "reduction", "to_pay", "open")),
            _(STATES[each["state"]]),
        ]
        for each in offer["invoices"]
    ]
    title = _("{debtor}: {less} off, if {to_pay} comes by {until}").format(
        debtor=safe(offer["debtor_name"] or offer["debtor"]),
        less=_money(offer["reduction"], offer, language),
        to_pay=_money(offer["to_pay"], offer, language),
        until=date_text(date.fromisoformat(offer["until"]), language),
    )
    return Table(title, columns, rows)


def _money(text: str, offer: Mapping[str, Any], language: str) -> str:
    currency = offer["currency"]
    return amount_text(to_minor(Decimal(text), currency), currency, language)
