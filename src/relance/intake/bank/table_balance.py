"""The running balance of a bank's CSV file against its amounts."""

from __future__ import annotations

import polars as pl

from relance.intake.bank import codes
from relance.intake.findings import refuse
from relance.money import to_text


def check_balances(frame: pl.DataFrame, file: str) -> tuple[int | None, int | None]:
    """Return opening and closing balance of the rows of one account; None without any balance.

    Rows may run from old to new or from new to old. `frame` has `line`, `amount`, `open_minor`
    (the balance after the row, null where the bank gives none) and `currency`.

    Raises:
        Refusal: if the balances break in both directions, with the line of the first break.
    """
    ways = [_openings(frame, newest_first) for newest_first in (False, True)]
    for way in ways:
        if way.height == 0:
            return None, None
        if way["opening"].n_unique() == 1:
            opening = int(way["opening"][0])
            return opening, opening + int(frame["amount"].sum())
    way = min(ways, key=lambda w: int((w["opening"] != w["opening"].shift(1)).sum()))
    raise _break(way, file, str(frame["currency"][0]))


def _openings(frame: pl.DataFrame, newest_first: bool) -> pl.DataFrame:
    """Return, oldest first, the balance that each row's own balance says the account had before all."""
    rows = frame.reverse() if newest_first else frame
    moved = pl.col("amount").cum_sum()
    return rows.select(
        "line", moved=moved, balance=pl.col("open_minor"), opening=pl.col("open_minor") - moved
    ).drop_nulls("balance")


def _break(way: pl.DataFrame, file: str, currency: str) -> Exception:
    at = int((way["opening"] != way["opening"].shift(1)).fill_null(False).arg_true()[0])
    before, after = way.row(at - 1, named=True), way.row(at, named=True)
    amount = after["moved"] - before["moved"]
    amounts = {
        "before": before["balance"],
        "amount": amount,
        "made": before["balance"] + amount,
        "balance": after["balance"],
    }
    texts = {name: to_text(minor, currency) for name, minor in amounts.items()}
    return refuse(codes.BALANCE, file, after["line"], **texts)
