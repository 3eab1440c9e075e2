"""The decision as a table: ordered lines, the first that holds wins.

Each line is an expression over the columns of `standing` and `next_levels`, with the reason it
gives and the date on which it could change. The plan, `explain`, the reports and the tests read
the same lines. A verdict may have several lines, one for each reason.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import polars as pl

from relance.language import N_, translator
from relance.ledger.amounts import text_of

VERDICTS = (
    "settled", "credit", "missing", "undecided", "blocked", "insolvent", "handed_over", "disputed",
    "promised", "instalments", "offered", "in_doubt", "complete", "payment_pending", "not_due", "interval",
    "unlawful_now", "below_minimum", "deferred", "capped", "unreachable", "act",
)  # fmt: skip

_NEVER = pl.lit(None, pl.Date)


@dataclass(frozen=True, slots=True)
class VerdictLine:
    """A line of the table.

    Attributes:
        verdict: one of VERDICTS.
        holds: Boolean expression; null counts as false.
        reason: English template of what holds; also the key of its translation.
        denial: the same of what is the case where the line does not hold.
        facts: text expressions for the places of both.
        until: the date on which the line could change; null when no date does.
    """

    verdict: str
    holds: pl.Expr
    reason: str
    denial: str
    facts: Mapping[str, pl.Expr] = field(default_factory=dict)
    until: pl.Expr = field(default_factory=lambda: _NEVER)


def _day(column: str) -> pl.Expr:
    return pl.col(column).dt.to_string("%Y-%m-%d")


def _money(column: str) -> pl.Expr:
    return pl.concat_str(text_of(pl.col(column), pl.col("currency")), pl.lit(" "), "currency")


def _why(family: str) -> pl.Expr:
    return pl.col(f"{family}_reason").fill_null("-")


_LAW: dict[str, pl.Expr] = {
    "level": pl.col("next_level"),
    "article": pl.col("unlawful_by"),
    "until": _day("unlawful_until"),
    "sent": _day("first_reminder"),
}

_RECORDED = ("insolvent", "handed_over", "disputed", "promised", "instalments", "proposed")
# An answer takes no place of what people record: while it is read a dispute stays a dispute, and
# the claim on an insolvent debtor is declared in time.
_ANSWERED = pl.col("replied") & ~pl.any_horizontal(_RECORDED)

LINES: tuple[VerdictLine, ...] = (
    VerdictLine("settled", pl.col("settled_by_hand"), N_("recorded as settled: {why}"), N_("not recorded as settled"), {"why": _why("settled_by_hand")}),
    VerdictLine("settled", (pl.col("open") == 0) & (pl.col("balance") != 0), N_("lettered with a payment that is not in the file ({balance})"), N_("not lettered with a payment of another file"), {"balance": _money("balance")}),
    VerdictLine("settled", pl.col("open") == 0, N_("nothing is left to pay"), N_("{open} is open"), {"open": _money("open")}),
    VerdictLine("credit", pl.col("credit"), N_("a credit of {open}: it lowers what the debtor owes"), N_("not a credit"), {"open": _money("open")}),
    VerdictLine("missing", pl.col("missing"), N_("absent from the last full export of {source}: not taken for paid"), N_("in the last export of {source}"), {"source": pl.col("source")}),
    VerdictLine("undecided", ~pl.col("debtor_known"), N_("debtor {debtor} is not in the customers' file"), N_("debtor {debtor} is known"), {"debtor": pl.col("debtor")}),
    VerdictLine("undecided", pl.col("kind") == "opening", N_("opening balance in one lump: its invoices and their age are not known"), N_("not an opening balance in one lump")),
    VerdictLine("undecided", pl.col("due").is_null(), N_("no due date, and no terms to compute one from"), N_("due on {due}"), {"due": _day("due")}),
    VerdictLine("blocked", pl.col("blocked") & pl.col("blocked_until").is_not_null(), N_("blocked: {why}; free again on {until}"), N_("no block for a time"), {"why": _why("blocked"), "until": _day("blocked_until")}, pl.col("blocked_until")),
    VerdictLine("blocked", pl.col("blocked"), N_("blocked without an end: {why}"), N_("no block without an end"), {"why": _why("blocked")}),
    VerdictLine("blocked", pl.col("doubtful"), N_("stands on a doubtful account (416): no friendly reminders"), N_("not on a doubtful account")),
    VerdictLine("blocked", _ANSWERED, N_("the debtor wrote ({why}): held until {until}, or until `relance record reply_handled`"), N_("no answer of the debtor holds it"), {"why": _why("replied"), "until": _day("replied_until")}, pl.col("replied_until")),
    VerdictLine("insolvent", pl.col("insolvent"), N_("collective proceedings: dunning is barred, the claim is to be declared ({why})"), N_("no collective proceedings"), {"why": _why("insolvent")}),
    VerdictLine("handed_over", pl.col("handed_over"), N_("handed over: {why}"), N_("not handed over"), {"why": _why("handed_over")}),
    VerdictLine("disputed", pl.col("disputed"), N_("disputed: {why}"), N_("not disputed"), {"why": _why("disputed")}),
    VerdictLine("promised", pl.col("promised"), N_("payment is promised; the promise and its grace end before {until}"), N_("no promise in force"), {"until": _day("promised_until")}, pl.col("promised_until")),
    VerdictLine("instalments", pl.col("instalments") & pl.col("instalments_until").is_not_null(), N_("on a payment plan that is being kept: it is void on {until} unless its next instalment has come"), N_("no payment plan that is being kept (void since: {void})"), {"until": _day("instalments_until"), "void": _day("plan_void")}, pl.col("instalments_until")),
    VerdictLine("instalments", pl.col("proposed"), N_("a payment plan was proposed; its answer is awaited until {until}"), N_("no proposal of a payment plan holds it"), {"until": _day("proposed_until")}, pl.col("proposed_until")),
    VerdictLine("offered", pl.col("reduction_due").is_not_null(), N_("paid within an offer: {less} is to be credited"), N_("no reduction that was earned is to be credited"), {"less": _money("reduction_due")}),
    VerdictLine("offered", pl.col("offered_until").is_not_null(), N_("a reduction is offered until {last}: held until {until}"), N_("no offer of a reduction holds it"), {"last": _day("offered_last"), "until": _day("offered_until")}, pl.col("offered_until")),
    VerdictLine("in_doubt", pl.col("in_doubt"), N_("it is not known whether notice {level} of {date} left: settle it with `relance doubt`"), N_("no notice in doubt"), {"level": pl.col("last_level"), "date": _day("last_notice")}),
    VerdictLine("complete", pl.col("rung").is_null(), N_("no further level of procedure {procedure} applies"), N_("the next level of procedure {procedure} is {level}"), {"procedure": pl.col("procedure"), "level": pl.col("next_level")}),
    VerdictLine("payment_pending", pl.col("payment_pending").is_not_null(), N_("a payment probably pays it ({movement}): accept or reject it with `relance letter`"), N_("no payment waits for a decision"), {"movement": pl.col("payment_pending")}),
    VerdictLine("not_due", ~pl.col("day_reached"), N_("level {level} comes {days} days after the due date {due}: on {date}"), N_("level {level}, {days} days after the due date {due}, is reached"), {"level": pl.col("next_level"), "days": pl.col("level_days").cast(pl.String), "due": _day("due"), "date": _day("next_date")}, pl.col("next_date")),
    VerdictLine("interval", pl.col("interval_end") > pl.col("today"), N_("last notice on {last}; the next one {days} days later at the earliest"), N_("no notice about it in the last {days} days"), {"last": _day("last_notice"), "days": pl.col("interval").cast(pl.String)}, pl.col("next_date")),
    VerdictLine("unlawful_now", pl.col("unlawful") == "fee", N_("level {level} asks a fee for the notice, which a consumer never owes (art. {article})"), N_("level {level} asks no fee that a consumer does not owe"), _LAW),
    VerdictLine("unlawful_now", pl.col("unlawful") == "regular", N_("level {level} asks a fee: where deliveries are regular the first three reminders of a year are free (art. {article})"), N_("level {level} asks no fee for a reminder that is free"), _LAW),
    VerdictLine("unlawful_now", pl.col("unlawful") == "unreminded", N_("level {level} claims charges of a consumer who has had no free reminder (art. {article})"), N_("level {level} claims nothing that wants a free reminder first"), _LAW),
    VerdictLine("unlawful_now", pl.col("unlawful") == "waiting", N_("level {level} may claim charges of a consumer from {until} on: the free reminder left on {sent} (art. {article})"), N_("level {level} claims nothing that the law has wait today"), _LAW, pl.col("unlawful_until")),
    VerdictLine("unlawful_now", pl.col("unlawful") == "rate", N_("level {level} claims interest, and the rate {rate} is not known: add it under `rates:` with its source"), N_("level {level} claims no interest at a rate that is not known"), _LAW | {"rate": pl.col("unlawful_by")}),
    VerdictLine("below_minimum", pl.col("net_open") <= 0, N_("the debtor's net balance is {net}"), N_("the debtor's net balance is {net}"), {"net": _money("net_open")}),
    VerdictLine("below_minimum", pl.col("claimable") < pl.col("minimum"), N_("{sum} past due less credits is under the minimum of {minimum}"), N_("{sum} past due less credits reaches the minimum of {minimum}"), {"sum": _money("claimable"), "minimum": _money("minimum")}),
    VerdictLine("deferred", pl.col("last_sending_day") < pl.col("today"), N_("today is not a sending day"), N_("today is a sending day"), {}, pl.col("next_date")),
    VerdictLine("capped", pl.col("over_cap"), N_("{contacts} contacts in the last {days} days: the debtor is left in peace until {until}"), N_("{contacts} contacts in the last {days} days: room for one more"), {"contacts": pl.col("contacts").cast(pl.String), "days": pl.col("cap_days").cast(pl.String), "until": _day("cap_end")}, pl.col("cap_end")),
    VerdictLine("unreachable", ~pl.col("reachable"), N_("no channel of level {level} can reach the debtor ({channels})"), N_("a channel of level {level} reaches the debtor ({channels})"), {"level": pl.col("next_level"), "channels": pl.col("level_channels")}),
    VerdictLine("act", pl.lit(True), N_("level {level} is due today"), N_("level {level} is due today"), {"level": pl.col("next_level")}, pl.col("today")),
)  # fmt: skip
"""The table of domain.md §3, in its order; `undecided` is what the table cannot be read for."""

EARLY = tuple(line for line in LINES if VERDICTS.index(line.verdict) <= VERDICTS.index("interval"))
"""Lines that need no sums over the debtor: what passes them all would act if alone."""


def first_line(lines: tuple[VerdictLine, ...] = LINES) -> pl.Expr:
    """Return the index of the first of `lines` that holds (Int8), null if none does."""
    return pl.coalesce(
        [pl.when(line.holds).then(pl.lit(n, pl.Int8)) for n, line in enumerate(lines)]
    )


def verdict_of(line: pl.Expr) -> pl.Expr:
    """Return the verdict of a line's index."""
    names = {n: entry.verdict for n, entry in enumerate(LINES)}
    return line.replace_strict(names, return_dtype=pl.String)


def until_of(line: pl.Expr) -> pl.Expr:
    """Return the date on which the verdict could change, null when no date does it."""
    chain = _NEVER
    for n, entry in enumerate(LINES):
        if entry.until is not _NEVER:
            chain = pl.when(line == n).then(entry.until).otherwise(chain)
    return chain


def reason_of(line: pl.Expr, language: str) -> pl.Expr:
    """Return the reason of each row in the operator's language, given its line's index."""
    chain = pl.lit(None, pl.String)
    for n, entry in enumerate(LINES):
        chain = pl.when(line == n).then(reason(entry, language)).otherwise(chain)
    return chain.alias("reason")


def reason(line: VerdictLine, language: str) -> pl.Expr:
    """Return the text of `line` where it holds, in the operator's language."""
    return _filled(line.reason, line, language)


def finding(line: VerdictLine, language: str) -> pl.Expr:
    """Return the text of `line` for each row, whether it holds there or not."""
    denied = _filled(line.denial, line, language)
    return pl.when(line.holds).then(reason(line, language)).otherwise(denied)


def _filled(text: str, line: VerdictLine, language: str) -> pl.Expr:
    template = translator(language)(text)
    named = [name for name in line.facts if "{" + name + "}" in template]
    places = sorted(named, key=lambda name: template.find("{" + name + "}"))
    for name in places:
        template = template.replace("{" + name + "}", "{}")
    return pl.format(
        template, *(_as_read(line.facts[name], language).fill_null("–") for name in places)
    )


def _as_read(fact: pl.Expr, language: str) -> pl.Expr:
    """Return a fact's day or sum as operators of `language` read it; whatever else stays."""
    if language != "fr":
        return fact
    day = fact.str.replace(r"^(\d{4})-(\d\d)-(\d\d)$", "$3/$2/$1")
    return day.str.replace(r"^(-?\d+)\.(\d+ [A-Z]{3})$", "$1,$2")
