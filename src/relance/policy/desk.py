"""What happens when people are late: disputes that nobody decides, promises that nobody keeps."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from relance.policy.values import Days, Model, NonEmpty, Slug


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
