"""The kinds of values that a policy is written in: texts, flags, amounts, numbers of days.

The YAML reader leaves every scalar as text; these types give it its meaning.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints
from pydantic_core import PydanticCustomError

Language = Literal["fr", "nl", "de", "en"]

SLUG = "^[a-z0-9][a-z0-9_-]*$"


class Model(BaseModel):
    """A frozen model that refuses unknown keys."""

    model_config = ConfigDict(
        frozen=True,
        extra="forbid",
        populate_by_name=True,
        # Built when first used: a validator per nested model would double the time of `validate`.
        defer_build=True,
    )


def listed(value: Any) -> Any:
    """Return a list of one for a single text, anything else as it is."""
    return [value] if isinstance(value, str) else value


def _truth(value: Any) -> Any:
    """Only the two words of YAML 1.2: what an editor calls text must not be a yes."""
    if not isinstance(value, str):
        return value
    if value.lower() not in ("true", "false"):
        raise PydanticCustomError("bool_parsing", "true or false expected")
    return value.lower() == "true"


NonEmpty = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
"""Text that says something."""

Slug = Annotated[str, Field(pattern=SLUG)]
"""A name that can stand in file names and keys: lower case letters, digits, - and _."""

Country = Annotated[str, Field(pattern="^[A-Z]{2}$")]
"""ISO 3166 alpha-2, upper case."""

Currency = Annotated[str, Field(pattern="^[A-Z]{3}$")]
"""ISO 4217, upper case."""

Texts = Annotated[tuple[NonEmpty, ...], BeforeValidator(listed)]
"""One text or a list of texts."""

Flag = Annotated[bool, BeforeValidator(_truth)]
"""true or false."""

# Sixteen digits keep every amount inside 64 bits of minor units.
Amount = Annotated[Decimal, Field(max_digits=16)]
"""A signed amount in the main unit of its currency."""

PositiveAmount = Annotated[Decimal, Field(ge=0, max_digits=16)]
"""An amount that is not negative."""

Count = Annotated[int, Field(ge=1, le=10_000_000)]
"""How many, at least one."""

Days = Annotated[int, Field(ge=0, le=3650)]
"""A number of days, ten years at most."""

SignedDays = Annotated[int, Field(ge=-365, le=3650)]
"""Days from the due date, negative before it."""
