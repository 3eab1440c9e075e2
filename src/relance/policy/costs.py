"""What collecting costs, and what is left of a sale."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Literal

from pydantic import Field

from relance.policy.values import Model, PositiveAmount, Slug

TaskKind = Literal[
    "call", "check", "decide", "letter", "visit", "verification", "send_copy", "find_address",
    "declare_claim", "late_dispute", "credit_note", "broken_promise", "handover", "handover_over",
    "tell_agency", "void_plan", "late_offer", "limitation", "lettering", "undelivered", "read_reply",
    "other",
]  # fmt: skip


class Costs(Model):
    """What one notice or task costs by channel, and the margin: what reports and simulations tell by."""

    channels: dict[Slug, PositiveAmount] = Field(
        default_factory=dict,
        description="Cost of one notice (or task) by channel, in the creditor's currency.",
    )
    minute: PositiveAmount | None = Field(
        default=None,
        description="Cost of a minute of a person's work, in the creditor's currency.",
    )
    minutes: dict[TaskKind, Annotated[int, Field(ge=0, le=1440)]] = Field(
        default_factory=dict,
        description="Minutes that a task takes by its kind (call, decide, find_address, …); `other` is for kinds that are not named.",
    )
    margin: Annotated[Decimal, Field(gt=0, le=100)] | None = Field(
        default=None,
        description="Percent of turnover that is left of a sale: how much must be sold to make up for a loss.",
    )
