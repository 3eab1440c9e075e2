"""The tone of a notice, by how its debtor behaves: for levels with `tone: auto`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

import polars as pl

from relance.dunning.conditions import holds
from relance.dunning.levels import Rung
from relance.language import N_, Translate
from relance.policy.model import Bounds, Condition, Policy, ToneRule

AUTO = "auto"

USUAL = (
    ToneRule(
        tone="friendly",
        when=Condition(
            late_ratio=Bounds(max=Decimal("0.2")),
            broken_promises=Bounds(max=Decimal("0")),
            oldest_days_past_due=Bounds(max=Decimal("30")),
        ),
    ),
    ToneRule(
        tone="firm",
        when=Condition(
            any=(
                Condition(late_ratio=Bounds(min=Decimal("0.6"))),
                Condition(broken_promises=Bounds(min=Decimal("2"))),
            )
        ),
    ),
)
"""Where the policy has no `tones`: kind to who paid four of five in time and slips now, firm with who
pays three of five late or broke two promises; neutral with all others, and where little is known."""


def rules_of(policy: Policy) -> tuple[ToneRule, ...]:
    """Return the rules that say what `tone: auto` is: the policy's, else the usual ones."""
    return policy.tones or USUAL


def is_asked(ladder: Sequence[Rung]) -> bool:
    """Return whether any level has `tone: auto`."""
    return any(rung.level.tone == AUTO for rung in ladder)


def tone_rule(policy: Policy, ladder: Sequence[Rung]) -> pl.Expr:
    """Return the place of the rule that gives a debtor its tone (Int8); null where none does."""
    if not is_asked(ladder):
        return pl.lit(None, pl.Int8)
    rules = rules_of(policy)
    return pl.coalesce(
        [pl.when(holds(rule.when)).then(pl.lit(n, pl.Int8)) for n, rule in enumerate(rules)]
    )


def tone_of(row: Mapping[str, Any], rung: Rung, policy: Policy) -> str:
    """Return the tone of a level for the debtor of a row with the column `tone_rule`."""
    if rung.level.tone != AUTO:
        return rung.level.tone
    place = row["tone_rule"]
    return "neutral" if place is None else rules_of(policy)[place].tone


_SAID = N_("tone {tone}: rule {place} of `tones` fits how the debtor pays")
_USUAL = N_("tone {tone}: what relance takes from how the debtor pays ({paid})")
_NONE = N_("tone {tone}: no rule says another one of this debtor")


def tone_said(
    row: Mapping[str, Any], rung: Rung, policy: Policy, translate: Translate
) -> str | None:
    """Return the tone that a debtor gets and why, in the operator's language; None where it is fixed."""
    if rung.level.tone != AUTO or rung.level.task is not None:
        return None
    tone, place = tone_of(row, rung, policy), row["tone_rule"]
    if place is None:
        return translate(_NONE).format(tone=tone)
    if policy.tones:
        return translate(_SAID).format(tone=tone, place=place + 1)
    return translate(_USUAL).format(tone=tone, paid=_paid(row, translate))


def _paid(row: Mapping[str, Any], translate: Translate) -> str:
    ratio = row["late_ratio"]
    late = "–" if ratio is None else f"{round(ratio * 100)} %"
    said = N_("{late} paid late, {broken} promises broken")
    return translate(said).format(late=late, broken=row["broken_promises"])
