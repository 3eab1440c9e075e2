"""What happens when people are late: disputes that nobody decides, promises that nobody keeps."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Literal

from pydantic import Field

from relance.policy.values import Days, Model, NonEmpty, PositiveAmount, Slug, Texts


class Disputes(Model):
    """Until when a dispute is to be decided, and who hears of it when it is not."""

    days: Annotated[int, Field(ge=1, le=365)] = Field(
        default=14, description="Days to decide a dispute, or to make the credit note, by default."
    )
    escalate_after: Days = Field(
        default=7, description="Days after the deadline until `escalate_to` is told."
    )
    escalate_to: NonEmpty | None = Field(
        default=None,
        description="Who is told of late disputes after their owner; nobody if absent.",
    )


class Promises(Model):
    """What follows a promise that was not kept."""

    after_broken: Slug = Field(
        default="next",
        description="`next`: the next level goes on; else the id of the level that follows at once.",
    )


class Instalments(Model):
    """Payment plans: how long an instalment may be late, and how debtors are reminded of it."""

    grace: Days | None = Field(
        default=None,
        description="Days after an instalment's date before the plan is void; else `promise_grace`.",
    )
    tolerance: PositiveAmount = Field(
        default=Decimal(0), description="A plan is kept where no more than this is missing."
    )
    interest: Literal["keep", "waive"] | None = Field(
        default=None,
        description="Interest and compensation: part of the plan, or waived while it is kept; else "
        "kept where a level of the policy claims any.",
    )
    hold_proposed: Days = Field(
        default=0, description="Days for which a proposal holds dunning; 0: it holds nothing."
    )
    after_broken: Slug = Field(
        default="next",
        description="`next`: the next level goes on; else the id of the level that follows a void plan.",
    )
    remind_before: Days = Field(
        default=0, description="Days before each instalment to remind of it; 0: nobody is reminded."
    )
    channel: Texts = Field(
        default=(), description="Channels of these reminders: the first that reaches the debtor."
    )
