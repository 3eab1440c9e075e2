"""Structured conditions: which debtors make a segment, which items a level takes."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, model_validator
from pydantic_core import PydanticCustomError

from relance.policy.values import Amount, Model, Texts, listed

DebtorKind = Literal["business", "consumer", "public"]


class Bounds(Model):
    """An inclusive range; an absent end is open."""

    min: Amount | None = Field(default=None, description="Least value that matches.")
    max: Amount | None = Field(default=None, description="Greatest value that matches.")

    @model_validator(mode="after")
    def _not_empty(self) -> Bounds:
        if self.min is None and self.max is None:
            raise PydanticCustomError("bounds_open", "give min, max or both")
        if self.min is not None and self.max is not None and self.min > self.max:
            raise PydanticCustomError("bounds_crossed", "min is above max")
        return self


def _exactly(value: Any) -> Any:
    """A single number stands for the range that holds only it."""
    return {"min": value, "max": value} if isinstance(value, str) else value


Range = Annotated[Bounds, BeforeValidator(_exactly)]
Kinds = Annotated[tuple[DebtorKind, ...], BeforeValidator(listed)]

Wanted = Bounds | Texts
"""What a condition asks of a field: a range, or any of some values."""

DEBTOR_TEXT_FIELDS = ("country", "language", "kind", "sector", "owner", "region")
DEBTOR_SET_FIELDS = ("tags",)
DEBTOR_AMOUNT_FIELDS = ("outstanding", "overdue", "credit_limit")
DEBTOR_NUMBER_FIELDS = (
    "days_as_customer", "oldest_days_past_due", "open_items", "late_ratio", "mean_days_late",
    "broken_promises", "score",
)  # fmt: skip
ITEM_TEXT_FIELDS = ("currency", "source")
ITEM_AMOUNT_FIELDS = ("amount", "open")
ITEM_NUMBER_FIELDS = ("days_past_due",)
DEBTOR_FIELDS = DEBTOR_TEXT_FIELDS + DEBTOR_SET_FIELDS + DEBTOR_AMOUNT_FIELDS + DEBTOR_NUMBER_FIELDS
ITEM_FIELDS = ITEM_TEXT_FIELDS + ITEM_AMOUNT_FIELDS + ITEM_NUMBER_FIELDS


class Condition(Model):
    """A structured condition: several keys mean all of them; fields as listed in the documentation.

    A field whose value is not known for a debtor does not match, and neither does its `not`
    unless the condition under `not` is known to be false (three-valued logic, like SQL).
    """

    country: Texts | None = Field(default=None, description="Debtor's country, ISO 3166 alpha-2.")
    language: Texts | None = Field(default=None, description="Debtor's language: fr, nl, de, en.")
    kind: Kinds | None = Field(default=None, description="business, consumer or public.")
    sector: Texts | None = Field(default=None, description="Debtor's sector, as the customers say.")
    tags: Texts | None = Field(default=None, description="The debtor carries one of these tags.")
    owner: Texts | None = Field(default=None, description="Who follows the debtor.")
    region: Texts | None = Field(default=None, description="Debtor's region.")
    days_as_customer: Range | None = Field(default=None, description="Days since `since`.")
    outstanding: Range | None = Field(default=None, description="All that the debtor owes, net.")
    overdue: Range | None = Field(default=None, description="What the debtor owes past due.")
    oldest_days_past_due: Range | None = Field(
        default=None, description="Days past due of the debtor's oldest open item."
    )
    open_items: Range | None = Field(default=None, description="How many items are open.")
    late_ratio: Range | None = Field(
        default=None, description="Share of the debtor's items paid late, 0 to 1."
    )
    mean_days_late: Range | None = Field(default=None, description="Mean days late of payments.")
    broken_promises: Range | None = Field(default=None, description="Promises to pay not kept.")
    score: Range | None = Field(default=None, description="Score, where one is computed.")
    credit_limit: Range | None = Field(default=None, description="The debtor's credit limit.")
    amount: Range | None = Field(default=None, description="Amount of the item.")
    open: Range | None = Field(default=None, description="What is still open of the item.")
    currency: Texts | None = Field(default=None, description="Currency of the item, ISO 4217.")
    days_past_due: Range | None = Field(
        default=None, description="Days since the item's due date, negative before it."
    )
    source: Texts | None = Field(default=None, description="Source that the item comes from.")
    all: tuple[Condition, ...] | None = Field(default=None, description="Each of these holds.")
    any: tuple[Condition, ...] | None = Field(
        default=None, description="At least one of these holds."
    )
    not_: Condition | None = Field(default=None, alias="not", description="This does not hold.")

    def fields(self) -> dict[str, Wanted]:
        """Return what is asked of each field at this level, without `all`, `any` and `not`."""
        return {
            name: value
            for name in DEBTOR_FIELDS + ITEM_FIELDS
            if (value := getattr(self, name)) is not None
        }
