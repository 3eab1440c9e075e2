"""Who can be reached by what."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from relance.dunning.levels import Rung

Reach = Mapping[str, str]
"""Name of each channel of the policy → the medium it carries ("email", "letter", "sms", "task")."""


def reaches(medium: str) -> pl.Expr:
    """Return whether each debtor can be reached by `medium`, as far as the customers' file knows."""
    if medium == "email":
        return pl.col("email").is_not_null()
    if medium == "sms":
        return pl.col("mobile").is_not_null()
    if medium == "letter":
        return (
            pl.col("party_name").is_not_null()
            & pl.col("address").is_not_null()
            & pl.col("city").is_not_null()
        )
    return pl.lit(True)


def is_reachable(ladder: tuple[Rung, ...], reach: Reach) -> pl.Expr:
    """Return whether any channel of the level in column `rung` reaches the debtor.

    Levels that can be answered by the same media are asked together: a frame of a million items
    is gone through once per medium, not once per level.
    """
    by_media: dict[tuple[str, ...], list[int]] = {}
    for rung in ladder:
        media = tuple(sorted({reach[name] for name in rung.level.channels if name in reach}))
        by_media.setdefault(media, []).append(rung.index)
    chain = pl.lit(None, pl.Boolean)
    for media, indexes in by_media.items():
        any_of = pl.any_horizontal([pl.lit(False), *(reaches(medium) for medium in media)])
        chain = pl.when(pl.col("rung").is_in(indexes)).then(any_of).otherwise(chain)
    return chain


def reachable_channels(ladder: tuple[Rung, ...], reach: Reach, rung: str) -> pl.Expr:
    """Return, for the level in column `rung`, the channels that reach the debtor, in order.

    A list of names, empty when none does; null where there is no level.
    """
    chain = pl.lit(None, pl.List(pl.String))
    for entry in ladder:
        names = [name for name in entry.level.channels if name in reach]
        tried = [pl.when(reaches(reach[name])).then(pl.lit(name)) for name in names]
        found = pl.concat_list(tried).list.drop_nulls() if tried else pl.lit([], pl.List(pl.String))
        chain = pl.when(pl.col(rung) == entry.index).then(found).otherwise(chain)
    return chain
