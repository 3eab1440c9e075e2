"""How good chances were, and whether one way of giving them was better than another."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise
from statistics import mean

from relance.dunning.backtest import BINS, Bin, area

GROUPS, STUDENT = 20, 2.093
"""Groups of debtors that are left out in turn, and the quantile of Student's t that goes with them."""


@dataclass(frozen=True, slots=True)
class Figures:
    """How good chances were: area under the curve, average precision, mean squared error, calibration."""

    auc: float
    ap: float
    brier: float
    bins: tuple[Bin, ...]


def figures_of(said: Sequence[float], late: Sequence[bool]) -> Figures:
    """Return how good the chances `said` were for receivables of which is known whether they were `late`."""
    return Figures(
        area(said, late) or 0.0,
        _precision(said, late),
        mean((chance - is_late) ** 2 for chance, is_late in zip(said, late, strict=True)),
        tuple(_bins(said, late)),
    )


def _precision(said: Sequence[float], late: Sequence[bool]) -> float:
    """Return the average precision; receivables with the same chance count as one step."""
    ordered = sorted(zip(said, late, strict=True), key=lambda pair: -pair[0])
    seen = hits = 0
    total = 0.0
    for _chance, tied in groupby(ordered, key=lambda pair: pair[0]):
        group = [is_late for _said, is_late in tied]
        seen += len(group)
        hits += sum(group)
        total += sum(group) * hits / seen
    return total / hits


def _bins(said: Sequence[float], late: Sequence[bool]) -> Iterator[Bin]:
    pairs = list(zip(said, late, strict=True))
    for low, high in pairwise(BINS):
        inside = [p for p in pairs if low <= p[0] and (high == BINS[-1] or p[0] < high)]
        if inside:
            yield Bin(
                low, high, len(inside), mean(p[0] for p in inside), mean(p[1] for p in inside)
            )


def half_interval(
    own: Sequence[float], told: Sequence[float], late: Sequence[bool], debtors: Sequence[str]
) -> float | None:
    """Return half of the interval of the difference of areas: a jackknife over groups of debtors."""
    names = sorted(set(debtors))
    if len(names) < GROUPS:
        return None
    group_of = {name: place % GROUPS for place, name in enumerate(names)}
    found: list[float] = []
    for group in range(GROUPS):
        kept = [nth for nth, debtor in enumerate(debtors) if group_of[debtor] != group]
        which = [late[nth] for nth in kept]
        one, two = area([told[n] for n in kept], which), area([own[n] for n in kept], which)
        if one is None or two is None:
            return None
        found.append(one - two)
    middle = mean(found)
    variance = (GROUPS - 1) / GROUPS * sum((each - middle) ** 2 for each in found)
    return float(STUDENT * variance**0.5)
