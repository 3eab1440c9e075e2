"""Structured conditions as Polars expressions, in the three-valued logic of SQL."""

from __future__ import annotations

from functools import reduce
from operator import and_, or_

import polars as pl

from relance.ledger.amounts import bound
from relance.policy.model import (
    DEBTOR_AMOUNT_FIELDS,
    DEBTOR_SET_FIELDS,
    ITEM_AMOUNT_FIELDS,
    Bounds,
    Condition,
    Wanted,
)


def holds(condition: Condition | None) -> pl.Expr:
    """Return the expression that is true where `condition` holds, false where it does not.

    What is not known does not match: a null is taken for false at the end, and only there, so
    that `not` over an unknown fact does not match either.
    """
    return _logic(condition).fill_null(value=False) if condition else pl.lit(True)


def _logic(condition: Condition) -> pl.Expr:
    parts = [_field(name, wanted) for name, wanted in condition.fields().items()]
    if condition.all is not None:
        parts += [_logic(part) for part in condition.all]
    if condition.any is not None:
        parts.append(reduce(or_, (_logic(part) for part in condition.any), pl.lit(False)))
    if condition.not_ is not None:
        parts.append(~_logic(condition.not_))
    return reduce(and_, parts, pl.lit(True))


def _field(name: str, wanted: Wanted) -> pl.Expr:
    column = pl.col("debtor_kind" if name == "kind" else name)
    if isinstance(wanted, Bounds):
        amount = name in DEBTOR_AMOUNT_FIELDS or name in ITEM_AMOUNT_FIELDS
        digits = pl.col("digits" if name in ITEM_AMOUNT_FIELDS else "home_digits")
        return _between(column, wanted, digits if amount else None)
    if name in DEBTOR_SET_FIELDS:
        return reduce(or_, (column.list.contains(value) for value in wanted), pl.lit(False))
    return column.is_in(list(wanted))


def _between(column: pl.Expr, bounds: Bounds, digits: pl.Expr | None) -> pl.Expr:
    parts: list[pl.Expr] = []
    if bounds.min is not None:
        parts.append(
            column
            >= (bound(bounds.min, "min", digits) if digits is not None else float(bounds.min))
        )
    if bounds.max is not None:
        parts.append(
            column
            <= (bound(bounds.max, "max", digits) if digits is not None else float(bounds.max))
        )
    return reduce(and_, parts)
