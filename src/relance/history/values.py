"""The values that the history takes and gives."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any, Literal

import polars as pl

from relance.ledger.schema import ALLOCATIONS, MOVEMENTS, empty
from relance.lettering.letter import REJECTIONS

State = Literal[
    "claimed", "transmitting", "sent", "in_doubt", "retry", "failed", "rejected", "cancelled",
    "resolved_sent", "resolved_unsent", "abandoned", "bounced",
]  # fmt: skip

COUNTS_AS_SENT: tuple[State, ...] = ("sent", "resolved_sent")
"""States in which a dispatch is known to have reached the next hop."""

LEFT: tuple[State, ...] = (*COUNTS_AS_SENT, "in_doubt")
"""States in which it left, or may have left."""

DELAYS = (timedelta(minutes=15), timedelta(hours=1), timedelta(hours=4), timedelta(hours=24))
"""How long to wait after the first, second, … definite but passing refusal; then it failed."""

LONGEST_WAIT = timedelta(hours=24)
"""For so long a try is put off at most, whatever the next hop asks for."""


@dataclass(frozen=True, slots=True)
class Claim:
    """What a dispatch covers of one receivable: this level, in this cycle.

    `part` is "" or the channel, when the level uses several at once. `level_number` is None for a
    task that no level asked for; such a claim says that the task was given, not that a level was
    reached.
    """

    item: str
    procedure: str
    level: str
    level_number: int | None
    cycle: int = 0
    part: str = ""


@dataclass(frozen=True, slots=True)
class Dispatch:
    """A notice or task on its way.

    Attributes:
        key: the notice's key; the same claims by the same channel always have the same.
        total: minor units of `currency` that it claims.
        idempotent: sending it twice leaves one copy, so that a send cut short is repeated.
        contact: whether it counts as a contact of the debtor.
    """

    key: str
    kind: Literal["notice", "task"]
    run_date: date
    debtor: str
    channel: str
    medium: str
    recipient: str
    currency: str
    total: int
    procedure: str | None = None
    level: str | None = None
    level_number: int | None = None
    idempotent: bool = False
    contact: bool = True


@dataclass(frozen=True, slots=True)
class Unfinished:
    """A dispatch of which nobody can tell whether it left, and that may be transmitted again.

    `begun` is when the first transmission of its last attempt began (UTC); `state` transmitting: of
    a dead run; in_doubt: what the channel said of it left it open.
    """

    dispatch: Dispatch
    begun: datetime
    state: State


@dataclass(frozen=True, slots=True)
class Claimed:
    """The dispatch is ours to send; `attempt` is 1 the first time.

    `as_stored`: the bytes of the last attempt are to be sent again, not those just rendered.
    """

    attempt: int
    as_stored: bool = False


@dataclass(frozen=True, slots=True)
class AlreadyClaimed:
    """Something that it covers is covered already, by the dispatch `by` ("" if it was adopted)."""

    by: str


@dataclass(frozen=True, slots=True)
class NotYet:
    """It was refused for the moment; the next try is due at `until` (UTC)."""

    until: datetime


@dataclass(frozen=True, slots=True)
class GivenUp:
    """It is no use: the recipient was rejected, all tries of the same dispatch failed, or it may
    have left before the database was restored from a backup."""

    state: Literal["rejected", "failed", "in_doubt"]
    detail: str


ClaimAnswer = Claimed | AlreadyClaimed | NotYet | GivenUp


@dataclass(frozen=True, slots=True)
class Ending:
    """What became of a try.

    `kind` accepted: the next hop took it, `detail` is its reference. transient: definitely refused
    for now. rejected: definitely refused for good, because of this recipient or message.
    channel_down: the channel as a whole cannot send; nothing is held against this dispatch.
    unknown: nobody can tell. `retry_after` is what the next hop asked for, of a transient one.
    """

    kind: Literal["accepted", "transient", "rejected", "channel_down", "unknown"]
    detail: str = ""
    retry_after: timedelta | None = None


@dataclass(frozen=True, slots=True)
class Record:
    """An event that an operator enters, or an import observes.

    `type` is one of `dunning.events.DESK_TYPES`, or another word that `explain` shows. `item` None
    means the whole debtor. `amount` is in minor units; `schedule` has (due date, minor units).
    `code`, `owner` and `about` are those of the columns of HOLDS; `facts` is what else there is to
    tell, under names of its own, as JSON has it.
    """

    type: str
    day: date
    debtor: str | None = None
    item: str | None = None
    until: date | None = None
    amount: int | None = None
    schedule: tuple[tuple[date, int], ...] = ()
    reason: str | None = None
    by: str | None = None
    code: str | None = None
    owner: str | None = None
    about: int | None = None
    facts: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Snapshot:
    """The last import of a source.

    Attributes:
        fingerprint: of the files' content.
        open_totals: sum of the open amounts, minor units by currency.
        items: the frame that was saved.
    """

    source: str
    run_date: date
    fingerprint: str
    rows: int
    items: pl.DataFrame
    open_totals: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Approval:
    """What a person released.

    Attributes:
        key: hash of a plan, or key of a notice.
        at, by: when (UTC) and who.
        facts: what was approved, as it was then: see `runs.approvals`.
    """

    key: str
    at: datetime
    by: str
    facts: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Passage:
    """A run as the history keeps it.

    Attributes:
        status: running, completed, stopped or died.
        started, finished: UTC; `finished` is None of one that did not end.
        summary: `runs.report.RunReport.summary`; empty of one that did not end.
    """

    run: int
    run_date: date
    status: str
    started: datetime
    finished: datetime | None
    summary: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Doubt:
    """A dispatch of which nobody can tell whether it left."""

    dispatch: Dispatch
    since: datetime
    detail: str


@dataclass(frozen=True)
class Payments:
    """What is added about payments, all at once or not at all.

    Attributes:
        movements: columns of MOVEMENTS; those that are there already are left.
        allocations: columns of ALLOCATIONS: new rows.
        known: columns of ALLOCATIONS: the rows that were there when it was decided.
        rejections, withdrawn: columns of REJECTIONS: what payments are not for, and taken back.
    """

    movements: pl.DataFrame = field(default_factory=lambda: empty(MOVEMENTS))
    allocations: pl.DataFrame = field(default_factory=lambda: empty(ALLOCATIONS))
    known: pl.DataFrame = field(default_factory=lambda: empty(ALLOCATIONS))
    rejections: pl.DataFrame = field(default_factory=lambda: empty(REJECTIONS))
    withdrawn: pl.DataFrame = field(default_factory=lambda: empty(REJECTIONS))
