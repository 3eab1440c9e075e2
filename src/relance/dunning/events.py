"""What the history tells the decision: the frames that `history` gives, declared once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date

import polars as pl

from relance.ledger.schema import ALLOCATIONS, MOVEMENTS, Column, empty
from relance.lettering.letter import REJECTIONS

PAST_LEVELS = (
    Column("item", pl.String, "identity of the receivable"),
    Column("procedure", pl.String, "procedure of the level"),
    Column("level", pl.String, "id of the level"),
    Column(
        "level_number",
        pl.Int32,
        "1-based position of the level in its procedure; 0 for the reminder of an instalment",
    ),
    Column("cycle", pl.Int32, "0 for the first, one more each time the settled item opened again"),
    Column("date", pl.Date, "run date of the dispatch"),
    Column("state", pl.String, "sent, in_doubt, adopted (a level set without sending)"),
    Column("dispatch", pl.String, "key of the notice or task; null for adopted"),
    Column("medium", pl.String, "email, letter, sms or task: how it left; null for adopted"),
)
"""Levels that count: one row per receivable and level sent, maybe sent, or adopted."""

CONTACTS = (
    Column("debtor", pl.String, "who was contacted"),
    Column("date", pl.Date, "on which run date"),
    Column("contacts", pl.Int32, "how many notices (not tasks), sent or in doubt"),
)

THANKED = (
    Column("identity", pl.String, "the debtor, as the identities of its receivables begin"),
    Column("date", pl.Date, "run date of the last thanks, sent or in doubt"),
)

CYCLES = (
    Column("item", pl.String, "a receivable that was dunned and later settled at least once"),
    Column("cycle", pl.Int32, "how often it opened again after it was settled"),
    Column("settled", pl.Boolean, "whether it was settled when last seen"),
)

HOLD_TYPES = (
    "block", "unblock", "dispute", "dispute_accepted", "dispute_settled", "promise",
    "promise_withdrawn", "instalments_proposed", "instalments_refused", "instalments",
    "instalments_ended", "insolvency", "insolvency_declared",
    "insolvency_closed", "handover", "handover_returned", "handover_result", "settled", "acknowledged", "claimed_in_court",
    "reply", "reply_handled", "verified", "offer", "offer_granted", "offer_withdrawn",
)  # fmt: skip

DESK_TYPES = (
    *HOLD_TYPES, "called", "note", "task_added", "task_done", "task_moved", "task_reopened",
    "hold_approved", "handover_sent", "handover_not_sent", "scored", "score_model",
    "terms_approved", "exposed",
)  # fmt: skip
"""What people record, and what is observed beside: what the decision reads, and what only people read."""

LINE_SUMS = ("open", "interest", "compensation")

HOLDS = (
    Column("seq", pl.Int64, "order of recording"),
    Column("date", pl.Date, "date of the event"),
    Column("type", pl.String, "one of HOLD_TYPES"),
    Column("debtor", pl.String, "debtor concerned"),
    Column("item", pl.String, "receivable concerned; null when it is the whole debtor"),
    Column("until", pl.Date, "end of a block, date promised; null when open-ended"),
    Column(
        "amount",
        pl.Int64,
        "minor units promised, or open at the start of a plan; null if not given",
    ),
    Column("open", pl.Int64, "minor units open when it was recorded; null if not known"),
    Column(
        "schedule",
        pl.List(pl.Struct({"due": pl.Date, "amount": pl.Int64})),
        "instalments; empty if none",
    ),
    Column("covers", pl.List(pl.String), "receivables that a plan names; empty if none is named"),
    Column(
        "lines",
        pl.List(pl.Struct({"item": pl.String, **dict.fromkeys(LINE_SUMS, pl.Int64)})),
        "what was open of each of `covers`, and the interest and compensation, when a plan was proposed",
    ),
    Column("less", pl.List(pl.Int64), "minor units that an offer takes off each of `covers`"),
    Column("reason", pl.String, "what the operator wrote; null if nothing"),
    Column("code", pl.String, "reason code, outcome or kind, by type of event; null if none"),
    Column("owner", pl.String, "who sees to it, of the firm or outside; null if nobody is named"),
    Column("about", pl.Int64, "number of the earlier event that it is about; null if none"),
    Column("by", pl.String, "who recorded it; null if not known"),
)


REPLIES = (
    Column("mail", pl.String, "identity of the mail"),
    Column("date", pl.Date, "day on which it was read"),
    Column("debtor", pl.String, "who wrote"),
    Column("sender", pl.String, "address it came from"),
    Column("subject", pl.String, "its subject; empty if it has none"),
    Column("text", pl.String, "what was written, without the quoted part"),
)
"""What debtors answered; what was erased since is not in it."""

REJECTED = (
    Column("debtor", pl.String, "whom the message was for"),
    Column("recipient", pl.String, "address or number that was refused for good"),
)


@dataclass(frozen=True, slots=True)
class Past:
    """All that the decision needs of the history.

    Attributes:
        levels, contacts, cycles, holds, rejected, replies, thanked: frames as declared in this module.
        tasks: keys of the tasks that were recorded; they are not proposed again.
        movements: columns of MOVEMENTS: those that were imported or that earlier runs read.
        allocations: columns of ALLOCATIONS, undone ones with their opposite.
        rejections: columns of `lettering.letter.REJECTIONS`.
    """

    levels: pl.DataFrame
    contacts: pl.DataFrame
    cycles: pl.DataFrame
    holds: pl.DataFrame
    rejected: pl.DataFrame = field(default_factory=lambda: empty(REJECTED))
    tasks: frozenset[str] = frozenset()
    replies: pl.DataFrame = field(default_factory=lambda: empty(REPLIES))
    movements: pl.DataFrame = field(default_factory=lambda: empty(MOVEMENTS))
    allocations: pl.DataFrame = field(default_factory=lambda: empty(ALLOCATIONS))
    rejections: pl.DataFrame = field(default_factory=lambda: empty(REJECTIONS))
    thanked: pl.DataFrame = field(default_factory=lambda: empty(THANKED))

    @classmethod
    def nothing(cls) -> Past:
        """Return the past of a project that never ran."""
        return cls(empty(PAST_LEVELS), empty(CONTACTS), empty(CYCLES), empty(HOLDS))

    def dunned_on(self, items: pl.Series) -> Mapping[str, list[date]]:
        """Return the days on which a level was sent about each of `items`; none of those adopted."""
        levels = self.levels.filter(
            pl.col("item").is_in(items.implode())
            & (pl.col("level_number") > 0)
            & (pl.col("state") != "adopted")
        )
        days: dict[str, list[date]] = defaultdict(list)
        for item, day in levels.select("item", "date").iter_rows():
            days[item].append(day)
        return days


def known_on(past: Past, day: date) -> Past:
    """Return what of `past` was known at the end of `day`."""
    return replace(
        past,
        **{
            name: getattr(past, name).filter(pl.col(dated) <= day)
            for name, dated in (
                ("levels", "date"), ("contacts", "date"), ("holds", "date"), ("replies", "date"),
                ("movements", "booked"), ("allocations", "day"), ("thanked", "date"),
            )
        },
    )  # fmt: skip
