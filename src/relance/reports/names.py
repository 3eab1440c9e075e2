"""What verdicts, tasks, ageing buckets and states are called on the screen."""

from __future__ import annotations

from relance.language import N_

VERDICTS = {
    "act": N_("due today"),
    "not_due": N_("next level not reached"),
    "interval": N_("reminded a short while ago"),
    "payment_pending": N_("a payment to be looked at"),
    "unlawful_now": N_("the law says not yet"),
    "below_minimum": N_("under the minimum"),
    "deferred": N_("no sending day"),
    "capped": N_("contacted often enough"),
    "unreachable": N_("no address to write to"),
    "promised": N_("payment promised"),
    "instalments": N_("payment plan being kept"),
    "offered": N_("reduction offered"),
    "disputed": N_("disputed"),
    "blocked": N_("blocked"),
    "insolvent": N_("collective proceedings"),
    "handed_over": N_("handed over"),
    "in_doubt": N_("last notice in doubt"),
    "complete": N_("all levels done"),
    "undecided": N_("cannot be decided"),
    "missing": N_("absent from the last export"),
    "credit": N_("credits"),
    "settled": N_("settled"),
}
"""Verdicts in the order in which an operator wants to read them."""

TASKS = {
    "call": N_("call"),
    "check": N_("check"),
    "decide": N_("decide"),
    "letter": N_("letter to write"),
    "visit": N_("visit"),
    "verification": N_("invoice to verify"),
    "send_copy": N_("copy to send"),
    "find_address": N_("address to find"),
    "declare_claim": N_("claim to declare"),
    "late_dispute": N_("dispute to decide"),
    "credit_note": N_("credit note to make"),
    "broken_promise": N_("promise not kept"),
    "handover": N_("claim to hand over"),
    "handover_over": N_("claim to take back"),
    "tell_agency": N_("tell those who collect"),
    "void_plan": N_("payment plan void"),
    "late_offer": N_("offer taken late"),
    "limitation": N_("claim about to be barred"),
    "lettering": N_("payment to look at"),
    "undelivered": N_("notice to deliver otherwise"),
    "read_reply": N_("answer to read"),
    "other": N_("other"),
}

BUCKETS = {
    "not_due": N_("not due"),
    "1-30": N_("1 to 30 days"),
    "31-60": N_("31 to 60 days"),
    "61-90": N_("61 to 90 days"),
    "91-120": N_("91 to 120 days"),
    "over_120": N_("over 120 days"),
}

STATES = {
    "sent": N_("sent"),
    "in_doubt": N_("in doubt"),
    "retry": N_("to be tried again"),
    "failed": N_("failed"),
    "rejected": N_("rejected"),
    "bounced": N_("came back"),
    "cancelled": N_("cancelled"),
    "claimed": N_("begun"),
    "transmitting": N_("being sent"),
    "resolved_sent": N_("settled as sent"),
    "resolved_unsent": N_("settled as not sent"),
    "abandoned": N_("given up"),
    "awaiting": N_("to approve"),
    "stopped": N_("channel stopped"),
    "held_back": N_("held back"),
    "waiting": N_("later"),
    "already": N_("sent before"),
}
