"""What collecting costs, and what is left of a sale."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated

from pydantic import Field

from relance.policy.values import Model, PositiveAmount, Slug


class Costs(Model):
    """What one notice or task costs by channel, and the margin: what reports and simulations tell by."""

    channels: dict[Slug, PositiveAmount] = Field(
        default_factory=dict,
        description="Cost of one notice (or task) by channel, in the creditor's currency.",
    )
    margin: Annotated[Decimal, Field(gt=0, le=100)] | None = Field(
        default=None,
        description="Percent of turnover that is left of a sale: how much must be sold to make up for a loss.",
    )
