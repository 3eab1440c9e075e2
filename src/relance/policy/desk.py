"""What happens between two reminders: disputes, promises, and thanks to those who need none."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Literal

from pydantic import Field

from relance.policy.procedures import Level, Procedure
from relance.policy.values import Count, Days, Model, NonEmpty, PositiveAmount, Slug, Texts


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
    after_rejected: Slug = Field(
        default="next",
        description="`next`: the next level goes on; else the id of the level that follows a rejected one.",
    )


class Promises(Model):
    """What follows a promise that was not kept."""

    after_broken: Slug = Field(
        default="next",
        description="`next`: the next level goes on; else the id of the level that follows at once.",
    )


class Offers(Model):
    """Reductions for those who pay by a day: how long dunning waits after it."""

    grace: Days = Field(
        default=3,
        description="Days after an offer's last day in which dunning waits for the bank's news.",
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


THANKS = "thanks"
"""Name of the procedure that `thanks` makes, and of its one level."""


class Thanks(Model):
    """A notice to debtors who pay in time; it claims nothing."""

    channel: Annotated[Texts, Field(min_length=1)] = Field(
        description="A channel, or several: the first that can reach the debtor."
    )
    months: Annotated[int, Field(ge=1, le=60)] = Field(
        default=12, description="A debtor is thanked at most once in so many months."
    )
    in_time: Count = Field(
        default=3, description="So many of the latest receivables were all paid by their due date."
    )
    template: NonEmpty = Field(default=THANKS, description="Folder of templates/ to use.")

    @property
    def procedure(self) -> Procedure:
        """A procedure of one level that no segment uses: what a thanks is written and recorded as."""
        level = Level(
            id=THANKS, days=0, channel=self.channel, template=self.template, statement=False
        )
        return Procedure(name=THANKS, levels=(level,))
