"""Which of today's debtors have an address that their messages came back from."""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from relance.diagnostics import Diagnostic
from relance.runs import inbox_codes as codes


def refused_addresses(decided: pl.DataFrame, rejected: pl.DataFrame) -> Iterator[Diagnostic]:
    """Yield a finding for each refused address of a debtor who is to be reached today.

    Who has another address by now is left out.

    Args:
        decided: frame of `decide`.
        rejected: columns of REJECTED.
    """
    if rejected.is_empty():
        return
    due = decided.filter(pl.col("verdict").is_in(["act", "unreachable"]))
    mail = pl.col("recipient").str.contains("@", literal=True)
    lost = pl.when(mail).then(pl.col("email").is_null()).otherwise(pl.col("mobile").is_null())
    rows = (
        due.select("debtor", "email", "mobile")
        .unique("debtor")
        .join(rejected, on="debtor", how="inner")
        .filter(lost)
        .sort("debtor", "recipient")
    )
    for row in rows.iter_rows(named=True):
        facts = {"debtor": row["debtor"], "address": row["recipient"]}
        yield Diagnostic(codes.ADDRESS_REFUSED, None, facts)
