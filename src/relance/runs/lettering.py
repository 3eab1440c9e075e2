"""What a person decides about payments: accept, reject, undo. Everything is added, nothing changed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

import polars as pl

from relance.diagnostics import Diagnostic, Rule
from relance.history.store import History
from relance.history.values import Payments
from relance.ledger.schema import ALLOCATIONS, conform, empty
from relance.lettering.absorb import opposite, still_counted
from relance.lettering.evidence import CERTAIN
from relance.lettering.letter import PROPOSALS, REJECTIONS
from relance.money import digits, to_minor, to_text
from relance.runs import codes
from relance.runs.payments import NONE_OF_ALL
from relance.runs.portfolio import Portfolio

Decision = Payments | Diagnostic
"""What is to be recorded, or what is wrong with what was asked for."""


@dataclass(frozen=True, slots=True)
class Choice:
    """What a person says of a payment.

    Attributes:
        movement: identity of the payment, or its beginning.
        candidate: rank of the candidate that is right; None where there is but one, or `items`.
        items: numbers (or identities) of receivables, each with an amount in units of the
            currency; None for as much as fits.
    """

    movement: str
    candidate: int | None = None
    items: Sequence[tuple[str, Decimal | None]] = ()


def record(decision: Decision, history: History, by: str) -> list[Diagnostic]:
    """Record `decision` by `by`; return what is wrong with it instead, if anything is."""
    if isinstance(decision, Diagnostic):
        return [decision]
    history.record_payments(decision, by=by)
    return []


def movement_of(asked: str, portfolio: Portfolio) -> str | Diagnostic:
    """Return the identity of the one movement that begins with `asked`."""
    past = portfolio.past
    known = pl.concat([f["movement"] for f in (past.movements, past.allocations, past.rejections)])
    found = known.filter(known.str.starts_with(asked)).unique().sort().to_list()
    if asked in found or len(found) == 1:
        return asked if asked in found else str(found[0])
    return Diagnostic(codes.NO_MOVEMENT, None, {"movement": asked})


def accept(choice: Choice, portfolio: Portfolio) -> Decision:
    """Return the allocations that `choice` asks for, as by a person's hand."""
    movement = movement_of(choice.movement, portfolio)
    if isinstance(movement, Diagnostic):
        return movement
    paid = portfolio.past.movements.filter(pl.col("movement") == movement)
    if paid.is_empty():
        return Diagnostic(codes.NO_MOVEMENT, None, {"movement": choice.movement})
    wanted = (
        _by_number(choice, paid, portfolio)
        if choice.items
        else _by_rank(choice, movement, portfolio)
    )
    if isinstance(wanted, Diagnostic):
        return wanted
    wrong = _too_much(wanted, paid, portfolio)
    if wrong:
        return wrong
    # Who says that it pays this much of an item says that it pays no more of it.
    part = wanted.join(portfolio.facts.select("item", "open"), on="item", how="left")
    no_more = part.filter(pl.col("amount") != pl.col("open"), bool(choice.items))["item"]
    return Payments(
        paid,
        _by_hand(wanted, paid, portfolio),
        recorded(portfolio),
        rejections=_pairs(movement, no_more.to_list()),
    )


def reject(choice: Choice, portfolio: Portfolio) -> Decision:
    """Return that the payment is for none of the items of `choice`, or of its candidates.

    A payment without candidates is set aside: it is for no receivable at all.
    """
    movement = movement_of(choice.movement, portfolio)
    if isinstance(movement, Diagnostic):
        return movement
    proposals = _proposals(portfolio).filter(pl.col("movement") == movement)
    named = proposals["item"].unique(maintain_order=True).to_list()
    if choice.items:
        found = _items(choice, portfolio.facts["item"])
        if isinstance(found, Diagnostic):
            return found
        named = [item for item, _ in found]
    elif not named and not _undoable(movement, portfolio)[0].is_empty():
        return Diagnostic(codes.IS_LETTERED, None, {"movement": movement[:12]})
    paid = portfolio.past.movements.filter(pl.col("movement") == movement)
    return Payments(paid, rejections=_pairs(movement, named or [NONE_OF_ALL]))


def undo(choice: Choice, portfolio: Portfolio) -> Decision:
    """Return the opposite of what the payment was set against, and that it shall stay so.

    What relance had found by itself is rejected too, or the next run would find it again; what a
    person had accepted is only likely again. Of a payment that is set against nothing, what was
    rejected is taken back.
    """
    movement = movement_of(choice.movement, portfolio)
    if isinstance(movement, Diagnostic):
        return movement
    wanted, rejected = _undoable(movement, portfolio)
    if choice.items:
        found = _items(choice, pl.concat([wanted["item"], rejected["item"]]).unique())
        if isinstance(found, Diagnostic):
            return found
        named = pl.col("item").is_in([item for item, _ in found])
        wanted, rejected = wanted.filter(named), rejected.filter(named)
    if wanted.is_empty() and rejected.is_empty():
        return Diagnostic(codes.NOTHING_TO_UNDO, None, {"movement": movement[:12]})
    if wanted.is_empty():
        return Payments(withdrawn=rejected)
    stored = wanted.filter("stored")
    found_alone = wanted.filter(pl.col("evidence") != "hand")["item"].unique(maintain_order=True)
    return Payments(
        portfolio.past.movements.filter(pl.col("movement") == movement),
        opposite(stored.drop("stored")),
        recorded(portfolio),
        rejections=_pairs(movement, found_alone.to_list()),
        withdrawn=rejected.filter(~pl.col("item").is_in(found_alone.implode())),
    )


def _undoable(movement: str, portfolio: Portfolio) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Return the allocations of `movement` that stand, `stored` or found just now, and rejections.

    What was found just now about an item of which the history has an allocation goes with that.
    """
    own = pl.col("movement") == movement
    stored = still_counted(recorded(portfolio).filter(own)).with_columns(stored=pl.lit(True))
    now = _found_now(portfolio).filter(own).join(stored, on="item", how="anti")
    both = pl.concat([stored, now.with_columns(stored=pl.lit(False))])
    return both, portfolio.past.rejections.filter(own)


def _found_now(portfolio: Portfolio) -> pl.DataFrame:
    return portfolio.lettered.allocations if portfolio.lettered else empty(ALLOCATIONS)


def recorded(portfolio: Portfolio) -> pl.DataFrame:
    """Return the allocations that the history has, without those found now."""
    past = portfolio.past.allocations
    return past.head(past.height - _found_now(portfolio).height)


def left_of(portfolio: Portfolio, movement: str) -> int:
    """Return what of `movement` is not set against anything, in minor units."""
    paid = portfolio.past.movements.filter(pl.col("movement") == movement)
    money = (pl.col("movement") == movement) & (pl.col("kind") == "payment")
    rows = portfolio.past.allocations.filter(money)
    return int(paid["amount"].sum()) - int(rows["amount"].sum())


def _proposals(portfolio: Portfolio) -> pl.DataFrame:
    return portfolio.lettered.proposals if portfolio.lettered else empty(PROPOSALS)


def _by_rank(choice: Choice, movement: str, portfolio: Portfolio) -> pl.DataFrame | Diagnostic:
    """Return the rows of the candidate asked for: item, amount and kind."""
    rows = _proposals(portfolio).filter(pl.col("movement") == movement)
    ranks = rows["candidate"].unique().sort().to_list()
    facts = {"movement": movement[:12], "candidate": choice.candidate, "count": len(ranks)}
    if not ranks:
        return Diagnostic(codes.NO_CANDIDATES, None, facts)
    if choice.candidate is None and len(ranks) > 1:
        return Diagnostic(codes.WHICH_CANDIDATE, None, facts)
    rank = ranks[0] if choice.candidate is None else choice.candidate
    if rank not in ranks:
        return Diagnostic(codes.NO_CANDIDATE, None, facts)
    return rows.filter(pl.col("candidate") == rank).select("item", "amount", "kind")


def _by_number(
    choice: Choice, paid: pl.DataFrame, portfolio: Portfolio
) -> pl.DataFrame | Diagnostic:
    """Return the rows that the numbers ask for; without an amount, as much as fits."""
    found = _items(choice, portfolio.facts["item"])
    if isinstance(found, Diagnostic):
        return found
    currency = paid["currency"].item()
    left = left_of(portfolio, paid["movement"].item())
    rows = []
    for item, amount in found:
        own = portfolio.facts.filter(pl.col("item") == item).row(0, named=True)
        facts = {"number": own["number"], "currency": own["currency"], "paid": currency}
        if own["currency"] != currency:
            return Diagnostic(codes.OTHER_CURRENCY, None, facts)
        if amount is not None and -int(amount.as_tuple().exponent) > digits(currency):
            wrong = {"event": own["number"], "amount": str(amount), "currency": currency}
            return Diagnostic(codes.NO_AMOUNT, None, wrong)
        fits = own["open"] if own["open"] < 0 else min(own["open"], left)
        taken = fits if amount is None else to_minor(amount, currency)
        left -= taken
        rows.append((item, taken, "payment"))
    return pl.DataFrame(rows, schema=["item", "amount", "kind"], orient="row")


def _items(choice: Choice, known: pl.Series) -> list[tuple[str, Decimal | None]] | Diagnostic:
    """Return the identities, among `known`, of the numbers of `choice`."""
    number = known.str.split("|").list.get(1, null_on_oob=True)
    found = []
    for asked, amount in choice.items:
        plain = "".join(asked.split()).upper().replace("|", "¦")
        hits = known.filter((known == asked) | (number == plain)).unique().sort().to_list()
        if len(hits) != 1:
            rule: Rule = codes.AMBIGUOUS if hits else codes.NOT_FOUND
            facts = {"number": asked, "subject": asked, "items": ", ".join(hits[:5])}
            return Diagnostic(rule, None, facts)
        found.append((hits[0], amount))
    return found


def _too_much(wanted: pl.DataFrame, paid: pl.DataFrame, portfolio: Portfolio) -> Diagnostic | None:
    """Return why amounts may not be taken off: more than the payment has left, or an item open."""
    first = paid.row(0, named=True)
    currency, left = first["currency"], left_of(portfolio, first["movement"])
    opens = wanted.join(portfolio.facts.select("item", "number", "open"), on="item", how="left")
    money = int(wanted.filter(pl.col("kind") == "payment")["amount"].sum())
    if first["amount"] < 0:
        return None
    if money > left or wanted.is_empty():
        facts = {"movement": first["movement"][:12], "amount": to_text(money, currency),
                 "left": to_text(left, currency)}  # fmt: skip
        return Diagnostic(codes.MORE_THAN_LEFT, None, facts)
    sums = opens.group_by("item", maintain_order=True).agg(
        pl.col("amount").sum(), pl.col("number", "open").first()
    )
    for _, amount, number, is_open in sums.iter_rows():
        if amount == 0 or not 0 <= amount * (1 if is_open > 0 else -1) <= abs(is_open):
            facts = {"number": number, "amount": to_text(amount, currency),
                     "open": to_text(is_open, currency)}  # fmt: skip
            return Diagnostic(codes.MORE_THAN_OPEN, None, facts)
    return None


def _by_hand(wanted: pl.DataFrame, paid: pl.DataFrame, portfolio: Portfolio) -> pl.DataFrame:
    first = paid.row(0, named=True)
    own = portfolio.facts.select(
        "item", "due", "debtor", (pl.col("open") + pl.col("paid")).alias("open_before")
    )
    rows = wanted.join(own, on="item", how="left", maintain_order="left").with_columns(
        pl.lit(first["movement"]).alias("movement"),
        pl.lit("return" if first["amount"] < 0 else "hand").alias("evidence"),
        pl.lit(CERTAIN, pl.Int32).alias("confidence"),
        pl.lit(first["value"] or first["booked"]).alias("day"),
    )
    return conform(rows, ALLOCATIONS)


def _pairs(movement: str, items: Sequence[str]) -> pl.DataFrame:
    if not items:
        return empty(REJECTIONS)
    return pl.DataFrame({"movement": [movement] * len(items), "item": list(items)})
