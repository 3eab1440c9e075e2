"""Events of the history as a table."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from relance.language import N_, translator
from relance.ledger.build import number_in
from relance.reports import names
from relance.reports.figures import amount_text, date_text, safe
from relance.reports.tables import Column, Table

TYPES = {
    **names.STATES,
    "printed": N_("printed"),
    "receipt": N_("proof of sending came back"),
    "adopted": N_("level set without sending"),
    "chained": N_("record chained from here on"),
    "erased": N_("personal data erased"),
    "restored": N_("restored from a backup"),
    "pinned_place": N_("place of the database"),
    "pinned_accounts": N_("bank accounts accepted"),
    "pinned_environment": N_("environment accepted"),
    "paused": N_("sending paused"),
    "resumed": N_("sending resumed"),
    "rendered": N_("made"),
    "released": N_("released"),
    "approved": N_("approved"),
    "run_begun": N_("run begun"),
    "run_ended": N_("run ended"),
    "imported": N_("import"),
    "block": N_("blocked"),
    "unblock": N_("block lifted"),
    "dispute": N_("dispute opened"),
    "dispute_accepted": N_("dispute accepted"),
    "dispute_settled": N_("dispute settled"),
    "promise": N_("payment promised"),
    "promise_withdrawn": N_("promise withdrawn"),
    "instalments_proposed": N_("payment plan proposed"),
    "instalments_refused": N_("proposed plan refused or withdrawn"),
    "instalments": N_("payment plan agreed"),
    "instalments_ended": N_("payment plan ended"),
    "offer": N_("reduction offered"),
    "offer_granted": N_("reduction granted"),
    "offer_withdrawn": N_("offer withdrawn"),
    "insolvency": N_("collective proceedings opened"),
    "insolvency_declared": N_("claim declared"),
    "insolvency_closed": N_("collective proceedings closed"),
    "handover": N_("handed over"),
    "handover_returned": N_("taken back"),
    "handover_result": N_("collected by others"),
    "handover_sent": N_("dossier sent"),
    "handover_not_sent": N_("dossier not sent"),
    "settled": N_("settled"),
    "acknowledged": N_("debt acknowledged"),
    "claimed_in_court": N_("claimed in court"),
    "reply": N_("answer of the debtor"),
    "reply_handled": N_("answer dealt with"),
    "verified": N_("invoice verified with the debtor"),
    "called": N_("called"),
    "note": N_("note"),
    "hold_approved": N_("hold list approved"),
    "scored": N_("score of others received"),
    "score_model": N_("model tried on the past"),
    "terms_approved": N_("stricter terms approved"),
    "exposed": N_("part of an experiment"),
    "task_added": N_("task added"),
    "task_done": N_("task done"),
    "task_moved": N_("task put off or passed on"),
    "task_reopened": N_("task reopened"),
    "auto_reply": N_("automatic answer"),
    "delivered": N_("delivered"),
    "delayed": N_("still on its way"),
    "reopened": N_("open again"),
    "settled_seen": N_("seen settled"),
    "reopened_seen": N_("seen open again"),
    "lettered": N_("payment lettered"),
    "unlettered": N_("lettering undone"),
    "returned": N_("payment returned by the bank"),
}
"""What types of events are called on the screen."""


def history_table(events: Sequence[Mapping[str, Any]], language: str) -> Table:
    """Return `events`, entries of `History.timeline` or `History.entries`, in their order.

    The steps that led to a notice's last known state are left out.
    """
    _ = translator(language)
    columns = [
        Column(_("Date")),
        Column(_("Event")),
        Column(_("Debtor"), fit="cut"),
        Column(_("Detail"), fit="wrap"),
    ]
    return Table(_("History"), columns, [_row(event, language) for event in _last_states(events)])


_STEPS = ("rendered", "claimed", "transmitting")


def _last_states(events: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """Return `events` without the steps of dispatches of which a later state is among them."""
    ended = {e.get("dispatch") for e in events if e["type"] not in _STEPS}
    return [e for e in events if e["type"] not in _STEPS or e.get("dispatch") not in ended]


def _row(event: Mapping[str, Any], language: str) -> list[str]:
    _ = translator(language)
    day = event.get("date") or str(event.get("at", ""))[:10]
    return [
        date_text(date.fromisoformat(day), language) if day else "–",
        _(TYPES.get(event["type"], event["type"])),
        safe(event.get("debtor") or "–"),
        _detail(event, language),
    ]


_SHOWN = ("level", "channel", "recipient", "to_name", "item", "until", "reason", "detail", "reference", "payment", "currency",
          "counterparty", "by", "status")  # fmt: skip


_ARRANGED = ("instalments_proposed", "offer")
"""Events whose `amount` is minor units of their `currency`."""


def _detail(event: Mapping[str, Any], language: str) -> str:
    told = {name: str(event[name]) for name in _SHOWN if event.get(name)}
    if event["type"] in _ARRANGED:
        told["currency"] = amount_text(event["amount"], event["currency"], language)
    if "item" in told:
        told["item"] = number_in(told["item"])
    if event["type"] == "scored":
        told |= {name: f"{event[name]}" for name in ("code", "score") if name in event}
    if event["type"] == "exposed":
        told |= {name: str(event[name]) for name in ("code", "arm") if name in event}
    if "until" in told:
        told["until"] = date_text(date.fromisoformat(told["until"][:10]), language)
    return safe(" · ".join(told.values()))
