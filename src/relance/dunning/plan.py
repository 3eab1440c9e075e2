"""The plan: today's notices, tasks and held items, as values."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property

import polars as pl

from relance.dunning.rejections import Rejection
from relance.dunning.verified import Verified
from relance.law.claim import Computation


@dataclass(frozen=True, slots=True)
class Party:
    """The debtor as a notice needs it. Unknown facts are None; `language` is never None.

    Attributes:
        language_source: "debtor" if the debtor's language is known, "contact" if it is that of
            the person addressed, else "creditor".
        address: street lines.
        tags: what the customers' file says of the debtor, in words of the firm.
        attention, role: the person of the debtor whom the notice is addressed to, "" for nobody.
        link: a page made for this debtor, as the customers' file has it.
    """

    id: str
    name: str
    kind: str | None
    country: str | None
    language: str
    language_source: str
    email: str | None
    phone: str | None
    mobile: str | None
    address: tuple[str, ...]
    postcode: str | None
    city: str | None
    registration: str | None
    vat: str | None
    owner: str | None
    tags: tuple[str, ...] = ()
    link: str | None = None
    attention: str = ""
    role: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """A receivable on a notice (or one of the debtor's other open items, or a credit).

    Amounts are minor units of the notice's currency. `level` is the item's own level today, None
    for other open items and credits. `days_past_due` is None when there is no due date.
    `open` of a claimed line is without `disputed`, the part in dispute, which is not claimed.
    `verified` is what the debtor said of it before it was due, None for nothing; `rejected` the
    dispute about it that was rejected, where no notice told of that yet.
    `computation` is what of the law's claim the notice claims, None where it is nothing; `paid` the
    day of the last payment, of an item that was paid late.
    """

    item: str
    number: str
    kind: str
    issued: date | None
    due: date | None
    days_past_due: int | None
    amount: int
    open: int
    level: str | None = None
    level_number: int | None = None
    cycle: int = 0
    reference: str | None = None
    order_number: str | None = None
    interest: int = 0
    compensation: int = 0
    fee: int = 0
    computation: Computation | None = None
    disputed: int = 0
    paid: date | None = None
    verified: Verified | None = None
    rejected: Rejection | None = None


@dataclass(frozen=True, slots=True)
class Arrangement:
    """The payment plan that a letter proposes. Amounts are minor units.

    Attributes:
        number: by which people name it.
        schedule: due date and amount of each instalment.
        mode: "keep": `beside` is part of it; "waive": it is waived while the plan is kept;
            "early" and "prompt": the letter offers a reduction instead, `beside`, to who pays by the
            one date, which is before all due dates, or is not.
        beside: interest and compensation up to the day of the letter; or the reduction.
        grace: days after a date before the plan is void.
        held_until: last day on which the proposal alone holds dunning; None if it does not.
        percent: of an offer, as it was typed.
    """

    number: int
    schedule: tuple[tuple[date, int], ...]
    mode: str
    beside: int
    grace: int
    held_until: date | None = None
    percent: str = ""

    @property
    def is_offer(self) -> bool:
        """Whether it is an offer of a reduction, and no plan."""
        return self.mode in ("early", "prompt")


@dataclass(frozen=True, slots=True)
class Notice:
    """One message to one debtor by one channel.

    Attributes:
        key: 32 hex digits made from what it claims: (receivable, procedure, level, cycle) and
            channel. No amount, date, run or text in it.
        part: "" when the level uses the first channel that reaches the debtor; the channel's name
            when the level uses several channels at once (`all`), so that each claims its own part.
        medium: "email", "letter" or "sms": what is rendered.
        recipient: e-mail address, phone number, or the postal address on one line.
        receivables: what is claimed.
        paid_late: items whose principal is paid, and whose interest or compensation is not: claimed
            too, where the level says so.
        other_open, credits: shown as a statement when the level says so.
        next_level_id, next_level_days: what comes next in the procedure, None after the last.
        recipient_before: of the last notice to this debtor by this medium, where it was another.
        link: a page for the debtor, https, "" for none.
        variant: 1-based place of the variant of its level, or of the arm, 0 where the level has none.
        experiment, arm: the experiment that it is part of, and the debtor's arm; "" for none.
        meant_for: in a test, whom it would have gone to; `recipient` is of the test then, or "".
        arrangement: the payment plan that it proposes; None of all that a run sends.
    """

    key: str
    debtor: Party
    segment: str
    procedure: str
    level: str
    level_number: int
    channel: str
    part: str
    medium: str
    recipient: str
    template: str
    tone: str
    attach: tuple[str, ...]
    language: str
    currency: str
    receivables: tuple[Line, ...]
    other_open: tuple[Line, ...]
    credits: tuple[Line, ...]
    approval: str
    run_date: date
    next_level_id: str | None = None
    next_level_days: int | None = None
    paid_late: tuple[Line, ...] = ()
    recipient_before: str | None = None
    meant_for: str | None = None
    link: str = ""
    variant: int = 0
    experiment: str = ""
    arm: str = ""
    arrangement: Arrangement | None = None

    @property
    def recipient_changed(self) -> bool:
        """Whether it goes elsewhere than the last notice to this debtor by this medium."""
        return self.recipient_before is not None

    @property
    def charged(self) -> tuple[Line, ...]:
        """The lines that may claim more than their principal."""
        return (*self.receivables, *self.paid_late)

    @property
    def total_open(self) -> int:
        """Principal claimed, minor units."""
        return sum(line.open for line in self.receivables)

    @property
    def interest(self) -> int:
        """Interest claimed, minor units."""
        return sum(line.interest for line in self.charged)

    @property
    def compensation(self) -> int:
        """Compensation claimed, minor units."""
        return sum(line.compensation for line in self.charged)

    @property
    def fee(self) -> int:
        """Fees claimed, minor units."""
        return sum(line.fee for line in self.charged)

    @property
    def asked(self) -> int | None:
        """What it asks for at once, minor units; None where a plan asks for each instalment."""
        if self.arrangement is None:
            return self.total_due
        return self.arrangement.schedule[0][1] if self.arrangement.is_offer else None

    @property
    def total_due(self) -> int:
        """All that is claimed, minor units."""
        return self.total_open + self.interest + self.compensation + self.fee


@dataclass(frozen=True, slots=True)
class Task:
    """Work for a person: a task level, an address to find, a claim to declare.

    `kind` is call, check, decide, letter, visit, find_address, declare_claim, lettering, limitation
    or read_reply. `level` is None for tasks that no level asked for. `receivables` carry the levels
    that the task claims. `text` is what there is to read beside the subject, "" if nothing.
    """

    key: str
    kind: str
    debtor: Party
    subject: str
    receivables: tuple[Line, ...]
    currency: str
    due: date
    owner: str | None
    segment: str | None = None
    procedure: str | None = None
    level: str | None = None
    level_number: int | None = None
    channel: str | None = None
    text: str = ""


@dataclass(frozen=True)
class Plan:
    """Today's proposal: all notices, tasks and held items.

    Attributes:
        run_date: the date of the run.
        creditor: name of the creditor.
        acting: one row per receivable on a notice, as `decide` gives it, sorted by notice.
        decided: the frame of `decide`, one row per item read.
        tasks: work for people, sorted by debtor and key.
        summary: `receivables` (items read) and the count of each verdict that occurs.
        plan_hash: hex digest of what would be sent to whom and claimed for how much.
        write: makes the notices of rows of `acting`.
        readdressed: how many notices go elsewhere than the last one to their debtor.
        reminders: notices of instalments that are about to be due; they belong to no level.
    """

    run_date: date
    creditor: str
    acting: pl.DataFrame
    decided: pl.DataFrame = field(repr=False, compare=False)
    tasks: tuple[Task, ...]
    summary: dict[str, int]
    plan_hash: str
    write: Callable[[pl.DataFrame], tuple[Notice, ...]] = field(repr=False, compare=False)
    readdressed: int = 0
    reminders: tuple[Notice, ...] = ()

    def with_tasks(self, more: Iterable[Task]) -> Plan:
        """Return this plan with `more` tasks, which are then part of what its hash says."""
        new = tuple(more)
        if not new:
            return self
        digest = hashlib.sha256(self.plan_hash.encode())
        for task in new:
            digest.update(task.key.encode())
        tasks = sorted((*self.tasks, *new), key=lambda task: (task.debtor.id, task.key))
        return replace(self, tasks=tuple(tasks), plan_hash=digest.hexdigest())

    @cached_property
    def notices(self) -> tuple[Notice, ...]:
        """All notices, sorted by debtor, currency and level. Made when first asked for.

        Reminders of instalments come last.
        """
        return (*self.write(self.acting), *self.reminders)

    @cached_property
    def held(self) -> pl.DataFrame:
        """One row per item that does not act, sorted by debtor and number."""
        held = self.decided.filter(pl.col("verdict") != "act")
        return held.sort("debtor", "number", "item")

    @property
    def notice_count(self) -> int:
        """How many groups are written to; a level that uses all its channels counts once."""
        return self.acting["group"].n_unique() + len(self.reminders)
