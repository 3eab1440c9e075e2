"""How notices leave: what the policy says of a channel, whatever its kind."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from relance.policy.values import Count, Model, NonEmpty

ClockTime = Annotated[str, Field(pattern="^([01][0-9]|2[0-3]):[0-5][0-9]$")]


class SendingWindow(Model):
    """The hours of the creditor's day in which messages leave."""

    opens: ClockTime = Field(alias="from", description="HH:MM, the creditor's time.")
    closes: ClockTime = Field(alias="to", description="HH:MM, the creditor's time.")


class SendingRate(Model):
    """How many messages leave in an hour, at most; the others wait for a later run."""

    per_hour: Count | None = Field(default=None, description="To all recipients together.")
    per_domain: Count | None = Field(
        default=None, description="To the recipients of one mail domain, in an hour."
    )


class ChannelConfig(BaseModel):
    """A channel as the policy names it: its `kind` finds the adapter, which types the rest."""

    model_config = ConfigDict(frozen=True, extra="allow", defer_build=True)
    kind: NonEmpty = Field(description="Which adapter: outbox, smtp, letter, task, …")
    connections: Annotated[int, Field(ge=1, le=16)] = Field(
        default=1, description="How many messages are on their way at once."
    )
    rate: SendingRate | None = Field(default=None, description="How many leave in an hour.")
    window: SendingWindow | None = Field(default=None, description="Hours in which they leave.")
