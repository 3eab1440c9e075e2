"""The cash of the coming weeks: drawn for each item, summed, and only then told in quantiles.

The items of one debtor move together: who pays one invoice late pays the others late, so that a sum
spreads wider than if each was on its own. Quantiles are of the sums, never sums of quantiles.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt

import polars as pl

from relance.simulation.behaviour import Behaviour, paid_shares
from relance.simulation.chance import keys_of, normal, score_of

OPEN_ITEMS = pl.Schema(
    {
        "item": pl.String,
        "debtor": pl.String,
        "own": pl.String,
        "book": pl.String,
        "currency": pl.String,
        "amount": pl.Int64,
        "open_for": pl.Int32,
        "sure_in": pl.Int32,
        "sure_share": pl.Float64,
        "wait": pl.Int32,
    }
)
"""What is to be paid. `own`: the debtor where it may be learned of, else null. `amount`: minor units.
`open_for`: days from the due date to the day before the first one. `sure_in`: in how many days it is
promised, 0 the first; null where nothing is. `sure_share`: of such promises that are kept. `wait`: days,
from the first one on, in which nothing else than what is promised is expected."""

DRAWS = 1000
SEED = "relance"
_BLOCK = 400_000

LOW, MIDDLE, HIGH = 0.1, 0.5, 0.9


@dataclass(frozen=True, slots=True)
class Together:
    """How much the items of one debtor move together: 0 each on its own, 1 all as one."""

    share: float

    @property
    def common(self) -> float:
        """Weight of what the items of a debtor have in common."""
        return sqrt(self.share)

    @property
    def apart(self) -> float:
        """Weight of what is the item's own."""
        return sqrt(1 - self.share)


@dataclass(frozen=True, slots=True)
class Drawing:
    """How is drawn: how often, from what seed, and how much a debtor's items move together."""

    together: Together
    draws: int = DRAWS
    seed: str = SEED


def drawn_sums(
    items: pl.DataFrame, behaviour: Behaviour, ends: Sequence[int], drawing: Drawing
) -> pl.DataFrame:
    """Return what each draw brings in: `currency`, `week`, `draw`, `amount` (minor units).

    Weeks are numbered from 0; what comes after the last is left out, and so are sums of 0.

    Args:
        items: columns of OPEN_ITEMS.
        ends: for each week the number of its days and of those before it, rising.
    """
    rows, draws = _thresholds(items, behaviour, ends, drawing.seed), drawing.draws
    size = max(1, _BLOCK // max(1, rows.height))
    blocks = [
        _sums(rows, range(first, min(first + size, draws)), len(ends), drawing.together)
        for first in range(0, draws, size)
    ]
    return pl.concat(blocks).sort("currency", "week", "draw")


def _thresholds(
    items: pl.DataFrame, behaviour: Behaviour, ends: Sequence[int], seed: str
) -> pl.DataFrame:
    """Return `items` with a key to draw by, and below which score each is paid by which week.

    What is promised and does not come on its day is drawn as what is not promised, after its `wait`.
    """
    items = items.sort("item")
    asked = items.select(pl.col("own").alias("debtor"), "book", "open_for", "wait")
    shares = paid_shares(behaviour, asked, ends)
    scores = shares.select(score_of(pl.col(name)).alias(name) for name in shares.columns)
    week = pl.lit(0, pl.Int32)
    for end in ends:
        week = week + (pl.col("sure_in") >= end).cast(pl.Int32)
    return items.select(
        "currency",
        "amount",
        week.alias("sure_week"),
        score_of(pl.col("sure_share").fill_null(0.0)).alias("sure_score"),
        keys_of(items["debtor"], f"{seed}\0debtor").alias("debtor_key"),
        keys_of(items["item"], f"{seed}\0item").alias("item_key"),
        keys_of(items["item"], f"{seed}\0promise").alias("promise_key"),
    ).hstack(scores)


def _sums(rows: pl.DataFrame, draws: range, weeks: int, together: Together) -> pl.DataFrame:
    numbers = pl.DataFrame({"draw": draws}, schema={"draw": pl.Int32})
    draw = pl.col("draw")
    common = pl.lit(together.common) * normal(pl.col("debtor_key"), draw)
    score = common + together.apart * normal(pl.col("item_key"), draw)
    week = pl.lit(0, pl.Int32)
    for number in range(weeks):
        week = week + (pl.col("score") >= pl.col(f"by_{number}")).cast(pl.Int32)
    if rows["sure_week"].null_count() < rows.height:
        promise = common + together.apart * normal(pl.col("promise_key"), draw)
        kept = pl.col("sure_week").is_not_null() & (promise < pl.col("sure_score"))
        week = pl.when(kept).then("sure_week").otherwise(week)
    return (
        rows.lazy()
        .join(numbers.lazy(), how="cross")
        .with_columns(score.alias("score"))
        .select("currency", "draw", "amount", week.alias("week"))
        .filter(pl.col("week") < weeks)
        .group_by("currency", "week", "draw")
        .agg(pl.col("amount").sum())
        .collect()
    )


@dataclass(frozen=True, slots=True)
class Quantiles:
    """What a sum is below in one draw of ten, in half of them, and in nine of ten. Minor units."""

    low: int
    middle: int
    high: int


def quantiles(sums: Sequence[int], draws: int) -> Quantiles:
    """Return the quantiles of `sums`; draws of which none is there brought in nothing."""
    ordered = sorted([*sums, *([0] * (draws - len(sums)))])

    def at(share: float) -> int:
        return ordered[min(draws - 1, int(share * draws))]

    return Quantiles(at(LOW), at(MIDDLE), at(HIGH))
