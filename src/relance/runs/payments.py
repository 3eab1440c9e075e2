"""Payments of a portfolio: which movements count, under which rules, and what is said of them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

import polars as pl

from relance.diagnostics import Diagnostic
from relance.dunning.events import Past
from relance.intake.reading import Reading
from relance.lettering.letter import Decided, Lettered, Settings, letter
from relance.money import digits, to_text
from relance.policy.model import Policy
from relance.runs import codes

IMPORTED = "import"
"""Source of the movements of files that `relance import bank` read."""

NONE_OF_ALL = "*"
"""Item of a rejection that sets a payment aside: it is for no receivable at all."""

_ENTRY = ("account", "currency", "booked", "bank_reference")


def movements_of(past: Past, reading: Reading) -> pl.DataFrame:
    """Return the movements to letter: those kept and those read now, each once.

    A payment that was set aside is left out, and so is a batch told whole once its payments are
    told one by one.
    """
    aside = past.rejections.filter(pl.col("item") == NONE_OF_ALL)
    both = pl.concat([reading.movements, past.movements])
    once = both.unique("movement", keep="first", maintain_order=True)
    return _without_wholes(once).join(aside, on="movement", how="anti").sort("movement")


def _without_wholes(movements: pl.DataFrame) -> pl.DataFrame:
    whole = (pl.col("parts") > 1) & pl.col("bank_reference").is_not_null()
    if not movements.select(whole.any()).item():
        return movements
    single = movements.filter(pl.col("parts") == 1)
    sums = single.group_by("file", *_ENTRY).agg(pl.col("amount").sum())
    told = movements.filter(whole).join(sums, on=[*_ENTRY, "amount"], how="semi")
    return movements.join(told, on="movement", how="anti")


def settings_of(policy: Policy, reading: Reading) -> Settings:
    """Return the rules of lettering that `policy` gives."""
    rules, home = policy.lettering, policy.creditor.currency
    discount = rules.discount
    return Settings(
        bank_charges={home: int(rules.bank_charges.scaleb(digits(home)))},
        discount=(str(discount.percent), discount.days) if discount else None,
        oldest_first=rules.oldest_first,
        most_items=rules.most_items,
        since=_since(policy),
        booked_until=_booked_until(reading),
    )


def _since(policy: Policy) -> dict[str, date]:
    """Return the first day of each source of movements; imported files have the earliest one."""
    since = {source.name: source.since for source in policy.bank_sources if source.since}
    return since | ({IMPORTED: min(since.values())} if since else {})


def _booked_until(reading: Reading) -> date | None:
    """Return the day up to which all books have what the bank has; None if none says so."""
    last: dict[str, date] = {}
    for file in reading.files:
        if file.kind == "fec" and "last" in file.detected:
            day = date.fromisoformat(file.detected["last"])
            last[file.source] = max(day, last.get(file.source, day))
    return min(last.values(), default=None)


def letter_portfolio(
    items: pl.DataFrame, debtors: pl.DataFrame, past: Past, reading: Reading, policy: Policy
) -> tuple[Lettered | None, Past]:
    """Return the items after lettering, and the past with what was lettered now.

    None when there is no movement and nothing was ever lettered: then nothing is worth the work.

    Args:
        items: columns of ITEMS and `missing`.
    """
    if not (reading.movements.height or past.movements.height or past.allocations.height):
        return None, past
    movements = movements_of(past, reading)
    decided = Decided(past.allocations, past.rejections.filter(pl.col("item") != NONE_OF_ALL))
    plain = items.drop("missing")
    lettered = letter(plain, debtors, movements, decided, settings_of(policy, reading))
    known = lettered.items.join(
        items.select("item", "missing"), on="item", how="left", maintain_order="left"
    ).with_columns(pl.col("missing").fill_null(value=False))
    allocations = pl.concat([past.allocations, lettered.allocations])
    return (
        replace(lettered, items=known),
        replace(past, movements=movements, allocations=allocations),
    )


def findings_of(lettered: Lettered | None) -> Iterator[Diagnostic]:
    """Yield what there is to say about the payments, in sums."""
    if lettered is None:
        return
    lists = unallocated(lettered)
    if lettered.proposals.height:
        waiting = lettered.proposals["movement"].n_unique()
        yield Diagnostic(codes.PAYMENTS_WAIT, None, {"count": waiting})
    sums = lists["suspense"].group_by("currency").agg(pl.len(), pl.col("amount").sum())
    for currency, count, amount in sums.sort("currency").iter_rows():
        facts = {"count": count, "amount": f"{to_text(amount, currency)} {currency}"}
        yield Diagnostic(codes.SUSPENSE, None, facts)


def unallocated(lettered: Lettered) -> dict[str, pl.DataFrame]:
    """Return the rows of SUSPENSE that are in nobody's balance.

    `suspense` is of unknown payers, `uncounted` of known ones but no credit of theirs, `pending`
    waits for a decision, `returns` (negative) lack their payment. What a known debtor paid too much
    is a credit of the debtor, and in none of them.
    """
    waits = pl.col("movement").is_in(lettered.proposals["movement"].implode())
    rest = lettered.suspense.filter(~waits & ~pl.col("credit"))
    received, known = pl.col("amount") > 0, pl.col("debtor").is_not_null()
    return {
        "suspense": rest.filter(received & ~known),
        "uncounted": rest.filter(received & known),
        "pending": lettered.suspense.filter(waits),
        "returns": rest.filter(~received),
    }
