"""A figure with all that is needed to read it: its formula, its perimeter, and what it lacks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Literal

from relance.language import N_

Unit = Literal["money", "days", "percent", "count", "ratio"]


class Minor(int):
    """An amount in minor units among the parts of a figure; other whole numbers are counts."""

    __slots__ = ()


Part = int | Decimal | str

TTC = N_("amounts with VAT")
NO_VAT = N_("no amounts")


@dataclass(frozen=True, slots=True)
class Definition:
    """What a key of a figure means, whatever its value.

    Attributes:
        name: what it is called; formula, perimeter, vat: texts, marked for the catalogue.
        additive: whether the figures of all segments (or owners) add up to that of the whole.
    """

    name: str
    unit: Unit
    formula: str
    perimeter: str
    vat: str = TTC
    additive: bool = False


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure.

    Attributes:
        key: what it is; the key of its definition.
        value: minor units for money, percent from 0 to 100; None where the sources cannot say.
        definition: name, unit, formula, perimeter and VAT basis.
        currency: ISO 4217; None where no currency is in it.
        bound: "over" where the value is only known to be more than this, else "".
        parts: what it was computed from, by name (numerator, denominator and the like); money in
            `Minor`.
        missing: what would be needed to know it (a text marked for the catalogue); "" if known.
    """

    key: str
    value: int | Decimal | None
    definition: Definition
    currency: str | None = None
    bound: Literal["", "over"] = ""
    parts: Mapping[str, Part] = field(default_factory=dict)
    missing: str = ""

    @property
    def unit(self) -> Unit:
        """What the value counts."""
        return self.definition.unit

    @property
    def name(self) -> str:
        """What the figure is called, marked for the catalogue."""
        return self.definition.name

    @property
    def formula(self) -> str:
        """How it is computed, marked for the catalogue."""
        return self.definition.formula

    @property
    def perimeter(self) -> str:
        """What it is computed over, marked for the catalogue."""
        return self.definition.perimeter
