"""What the history adds to the notices of a plan: which wait for a person, and which go elsewhere than the last one."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, replace

import polars as pl

from relance.dunning.plan import Notice, Plan
from relance.history.store import History
from relance.money import to_decimal
from relance.policy.model import Policy
from relance.runs.environment import for_test

Write = Callable[[pl.DataFrame], tuple[Notice, ...]]


@dataclass(frozen=True, slots=True)
class _Marks:
    """What is known of the past when the plan is made.

    Attributes:
        recipients: of the last notice, by debtor and medium.
        used: procedure and level of all notices that were ever sent.
    """

    policy: Policy
    recipients: dict[tuple[str, str], str]
    used: frozenset[tuple[str, str]]


def marked(plan: Plan, policy: Policy, history: History, levels: pl.DataFrame) -> Plan:
    """Return `plan` with its notices marked, and in a test for the recipients of the test.

    `levels` is `Past.levels`.
    """
    if plan.acting.is_empty() and not plan.reminders:
        return plan
    reminded = pl.Series("debtor", [n.debtor.id for n in plan.reminders], dtype=pl.String)
    debtors = pl.concat([plan.acting["debtor"], reminded]).unique().to_frame()
    last = history.last_recipients().join(debtors, "debtor", "semi")
    sent = levels.filter(pl.col("state") != "adopted").select("procedure", "level").unique()
    recipients = {(debtor, medium): to for debtor, medium, to in last.iter_rows()}
    marks = _Marks(policy, recipients, frozenset(sent.iter_rows()))
    digest = plan.plan_hash
    if policy.environment == "test":
        names = ["test", *policy.test_recipients, digest]
        digest = hashlib.sha256("\n".join(names).encode()).hexdigest()
    write = _writer(plan.write, marks)
    reminders = tuple(_marked(notice, marks) for notice in for_test(plan.reminders, policy))
    elsewhere = _readdressed(plan, last, write) + sum(n.recipient_changed for n in reminders)
    return replace(plan, write=write, plan_hash=digest, readdressed=elsewhere, reminders=reminders)


def _readdressed(plan: Plan, last: pl.DataFrame, write: Write) -> int:
    """Return how many notices go elsewhere than the last one.

    Only those are written of which no address that the debtor has now is the last one.
    """
    town = pl.concat_str("postcode", "city", separator=" ", ignore_nulls=True)
    street = pl.col("address").str.replace_all("\n", ", ", literal=True)
    postal = pl.concat_str(street, town, separator=", ", ignore_nulls=True)
    known = plan.acting.select("group", "debtor", "email", "mobile", postal.alias("postal"))
    same = [pl.col("recipient") == pl.col(way) for way in ("email", "mobile", "postal")]
    strange = known.join(last, on="debtor").filter(
        ~pl.any_horizontal(expression.fill_null(value=False) for expression in same)
    )
    rows = plan.acting.filter(pl.col("group").is_in(strange["group"].unique().implode()))
    return sum(notice.recipient_changed for notice in write(rows))


def _writer(write: Write, marks: _Marks) -> Write:
    def written(rows: pl.DataFrame) -> tuple[Notice, ...]:
        notices = for_test(write(rows), marks.policy)
        return tuple(_marked(notice, marks) for notice in notices)

    return written


def _marked(notice: Notice, marks: _Marks) -> Notice:
    before = marks.recipients.get((notice.debtor.id, notice.medium))
    other = before if before not in (None, notice.recipient) else None
    approval = "required" if waits(notice, marks.policy, marks.used) else notice.approval
    return replace(notice, recipient_before=other, approval=approval)


def waits(notice: Notice, policy: Policy, used: frozenset[tuple[str, str]]) -> bool:
    """Return whether a person releases `notice`: by its level, its amount, or its first use.

    A reminder of an instalment has no level: a person entered the plan that it is of.
    `limits.approve_above` is a figure in the notice's own currency: currencies are never compared.
    """
    most = policy.limits.approve_above
    above = most is not None and to_decimal(notice.total_due, notice.currency) > most
    new = notice.level_number > 0 and (notice.procedure, notice.level) not in used
    first = policy.limits.approve_first_use and new
    return notice.approval == "required" or above or first
