"""Scores of others: which of several counts, and how far it is from the best."""

from __future__ import annotations

from datetime import date, timedelta

import polars as pl

from relance.ledger.schema import Column

SCORES = (
    Column("debtor", pl.String, "whom it is about"),
    Column("source", pl.String, "name of the source in the policy"),
    Column("place", pl.Int32, "place of the source in the policy, 0 the first"),
    Column("provider", pl.String, "who gives it"),
    Column("score", pl.Float64, "on the provider's own scale"),
    Column("dated", pl.Date, "day of the score"),
    Column("worst", pl.Float64, "worst end of the scale"),
    Column("best", pl.Float64, "best end of the scale"),
)


def counting(scores: pl.DataFrame, firms: frozenset[str], today: date, valid: int) -> pl.DataFrame:
    """Return the score that counts of each firm; one row per debtor, by debtor.

    Of several the newest; of one day that of the first source in the policy, then by provider. What
    is dated after `today` is not known yet. Columns: those of SCORES, and `age` in days, `valid`
    (not older than `valid` days), `risk` (0 the best to 1 the worst; null where not valid).

    Args:
        scores: columns of SCORES.
        firms: whose scores may be used; all others are left out.
        valid: days after which a score orders nothing any more.
    """
    span = pl.col("best") - pl.col("worst")
    risk = ((pl.col("best") - pl.col("score")) / span).clip(0, 1)
    return (
        scores.filter(pl.col("debtor").is_in(sorted(firms)) & (pl.col("dated") <= today))
        .sort(
            "debtor", "dated", "place", "provider", "score",
            descending=[False, True, False, False, False],
        )
        .unique("debtor", keep="first", maintain_order=True)
        .with_columns(
            age=(pl.lit(today) - pl.col("dated")).dt.total_days(),
            valid=pl.col("dated") >= today - timedelta(days=valid),
        )
        .with_columns(risk=pl.when("valid").then(risk))
    )  # fmt: skip


def off_scale(score: float, worst: float, best: float) -> bool:
    """Return whether `score` is on no place of the scale: it is another score than is thought."""
    return not min(worst, best) <= score <= max(worst, best)
