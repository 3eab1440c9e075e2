"""Tells what lettering found as frames: items, allocations, proposals, suspense."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from relance.language import N_
from relance.ledger.schema import ALLOCATIONS, ITEMS, conform, schema
from relance.lettering.evidence import CERTAIN
from relance.lettering.match import Book, Open, Payment
from relance.lettering.outcome import ANSWERED, PROPOSALS, SUSPENSE, Lettered
from relance.lettering.resolve import Likely, Taken
from relance.lettering.rows import beside, spread

UNKNOWN = N_("nobody is known by what it says: neither payer nor receivable")
NOTHING_FITS = N_("nothing that the debtor owes fits: it counts as a credit")
OVERPAID = N_("more was paid than was owed: the rest counts as a credit")
PAID_TWICE = N_("what it names is paid already: it counts as a credit")
NOTHING_OWED = N_("the debtor owes nothing else in this currency; it counts for nothing")
TO_DECIDE = N_("it probably pays something: accept or reject it with `relance letter`")
TOO_OLD = N_(
    "older than all that the debtor owes: the books probably have it; it counts for nothing"
)
RETURN_UNKNOWN = N_("the bank took back a payment that is not known, or one of several")

IN_BOOKS = N_("the books have it already, as a payment")
PAID_IN_BOOKS = N_("the books have what it names as paid")
TAKEN_BACK = N_("the bank took it back")
TAKES_BACK = N_("it takes back this payment")


@dataclass(frozen=True, slots=True)
class Found:
    """What the steps of `letter` found.

    Attributes:
        moved: columns of MOVEMENTS and `m`.
        money: payments and returns that something is `left` of.
        book: items with `i`, `left` and `pending`.
        met: returns (`m`) and the payments that they take back (`taken`).
        back: rows of ALLOCATIONS that put back.
        booked: payments (`m`) that the books have as a credit (`i`).
        plainly: what joins settled.
        asked: rows of PROPOSALS for returns.
        payments: what was lettered object by object, with `open_items`, what was
            `taken` and what is `likely`.
    """

    moved: pl.DataFrame
    money: pl.DataFrame
    book: pl.DataFrame
    met: pl.DataFrame
    back: pl.DataFrame
    booked: pl.DataFrame
    plainly: pl.DataFrame
    asked: pl.DataFrame
    payments: list[Payment]
    open_items: Book
    taken: Taken
    likely: Likely


def tell(found: Found, items: pl.DataFrame) -> Lettered:
    """Return the frames of `found`; `items` keep their order, credits of debtors come after them."""
    given = pl.concat([_plain_parts(found), _taken_parts(found)])
    allocations = pl.concat([_allocations(given, found), found.back])
    proposals = pl.concat([_proposals(found), found.asked])
    suspense = _suspense(found)
    credits = _credits(suspense, found)
    return Lettered(
        items=_items(items, given, credits, found),
        allocations=allocations.sort("movement", "item", "kind"),
        proposals=proposals.sort("movement", "candidate", "item", "kind"),
        suspense=conform(suspense, SUSPENSE),
        answered=_answered(found),
    )


_PARTS = {
    "m": pl.UInt32, "i": pl.UInt32, "amount": pl.Int64, "kind": pl.String,
    "evidence": pl.String, "confidence": pl.Int32,
}  # fmt: skip


def _plain_parts(found: Found) -> pl.DataFrame:
    return found.plainly.with_columns(
        kind=pl.lit("payment"), confidence=pl.lit(CERTAIN, pl.Int32)
    ).select(pl.col(name).cast(dtype) for name, dtype in _PARTS.items())


def _taken_parts(found: Found) -> pl.DataFrame:
    rows = [
        (payment.row, part.open.row, part.amount, part.kind, match.evidence, match.confidence)
        for payment, match in found.taken
        for part in match.parts
    ]
    parts = pl.DataFrame(rows, schema=_PARTS, orient="row")
    # A payment may reach an item twice: by number, then with what was left of it.
    strongest = pl.col("evidence").first(), pl.col("confidence").first()
    return (
        parts.group_by("m", "i", "kind", maintain_order=True)
        .agg(pl.col("amount").sum(), *strongest)
        .select(_PARTS.keys())
    )


def _allocations(given: pl.DataFrame, found: Found) -> pl.DataFrame:
    moved = found.moved.select("m", "movement", day=pl.coalesce("value", "booked"))
    rows = beside(given, found.book, "item", "due", "debtor", open_before="open")
    return conform(rows.join(moved, on="m"), ALLOCATIONS)


def _proposals(found: Found) -> pl.DataFrame:
    rows = [
        (payment.movement, rank, part.open.item, part.open.debtor, part.amount, part.kind,
         match.evidence, match.confidence)
        for payment, matches in found.likely
        for rank, match in enumerate(matches, start=1)
        for part in match.parts
    ]  # fmt: skip
    return pl.DataFrame(rows, schema=schema(PROPOSALS), orient="row")


def _suspense(found: Found) -> pl.DataFrame:
    """Columns of SUSPENSE, and `m`."""
    likely = {payment.row for payment, _ in found.likely}
    rows = [
        (
            payment.row,
            payment.movement,
            payment.currency,
            payment.left,
            *_why(payment, likely, found),
        )
        for payment in found.payments
        if payment.left > 0 and payment.answered is None
    ]
    of_payments = pl.DataFrame(rows, schema=_SUSPENDED, orient="row")
    returns = found.money.filter(pl.col("amount") < 0).join(found.met, on="m", how="anti")
    of_returns = returns.select(
        "m", "movement", "currency", amount="left",
        debtor=pl.lit(None, pl.String), reason=pl.lit(RETURN_UNKNOWN), credit=pl.lit(False),
    )  # fmt: skip
    return pl.concat([of_payments, of_returns]).sort("movement")


_SUSPENDED = {
    "m": pl.UInt32, "movement": pl.String, "currency": pl.String, "amount": pl.Int64,
    "debtor": pl.String, "reason": pl.String, "credit": pl.Boolean,
}  # fmt: skip


def _why(payment: Payment, likely: set[int], found: Found) -> tuple[str | None, str, bool]:
    """Who paid, why it is left, and whether it is a credit."""
    debtor = payment.payer
    if payment.row in likely:
        return debtor, TO_DECIDE, False
    if debtor is None:
        return None, UNKNOWN, False
    if payment.settled:
        return debtor, PAID_TWICE, True
    if payment.payer_by in ("named", "past") or payment.left != payment.amount:
        return debtor, OVERPAID, True
    owed = [o for o in found.open_items.of(debtor, payment) if o.left > 0]
    return debtor, *_against(owed, payment)


def _against(owed: list[Open], payment: Payment) -> tuple[str, bool]:
    """Why money that fits nothing of what is `owed` is left, and whether it is a credit."""
    dates = [day for o in owed if (day := o.issued or o.due) is not None]
    if not owed:
        return NOTHING_OWED, False
    if dates and payment.booked < min(dates):
        return TOO_OLD, False
    return NOTHING_FITS, True


def _credits(suspense: pl.DataFrame, found: Found) -> pl.DataFrame:
    """What debtors paid too much, as items of kind payment, with `paid` and `payment_pending`."""
    rows = suspense.filter("credit").select("m", "movement", "debtor", left="amount")
    rows = rows.join(found.moved.drop("movement", "reference"), on="m")
    names = found.book.select("item", "debtor", "debtor_name", "debtor_email")
    names = names.join(rows, on="debtor", how="semi").sort("item").drop("item")
    names = names.unique("debtor", keep="first", maintain_order=True)
    day, mark = pl.coalesce("value", "booked"), pl.lit("|")
    credits = rows.join(names, on="debtor", how="left").with_columns(
        item=pl.concat_str(
            pl.col("debtor").str.replace_all("|", "¦", literal=True), mark, "movement"
        ),
        number=pl.coalesce("bank_reference", pl.col("booked").dt.to_string("%Y-%m-%d")),
        kind=pl.lit("payment"),
        issued=day,
        due=day,
        amount=-pl.col("left"),
        open=-pl.col("left"),
        balance=-pl.col("left"),
        doubtful=pl.lit(False),
    )
    return (
        conform(credits, ITEMS)
        .with_columns(paid=pl.lit(0, pl.Int64), payment_pending=pl.lit(None, pl.String))
        .sort("item")
    )


def _items(
    items: pl.DataFrame,
    given: pl.DataFrame,
    credits: pl.DataFrame,
    found: Found,
) -> pl.DataFrame:
    taken = given.group_by("i").agg(taken=pl.col("amount").sum())
    paid = found.book["pending"] + spread(taken, "taken", items.height, 0)
    waiting = spread(_waiting(found), "payment_pending", items.height, None)
    lettered = items.with_columns(paid.alias("paid"), waiting).with_columns(
        open=pl.col("open") - pl.col("paid"), balance=pl.col("balance") - pl.col("paid")
    )
    return pl.concat([lettered, credits.select(lettered.columns)]) if credits.height else lettered


def _waiting(found: Found) -> pl.DataFrame:
    """The first payment that may pay each item: `i` and `payment_pending`."""
    first: dict[int, str] = {}
    for payment, matches in sorted(found.likely, key=lambda asked: asked[0].row):
        for part in (part for match in matches for part in match.parts):
            first.setdefault(part.open.row, payment.movement)
    schema = {"i": pl.UInt32, "payment_pending": pl.String}
    return pl.DataFrame(list(first.items()), schema=schema, orient="row")


def _answered(found: Found) -> pl.DataFrame:
    """Money that needs no lettering, with what it meets."""
    left = found.money.select("m", "movement", amount="left")
    names = found.moved.select("m", by="movement")
    by_row = [(p.row, p.answered) for p in found.payments if p.answered is not None]
    in_books = pl.DataFrame(by_row, schema={"m": pl.UInt32, "i": pl.UInt32}, orient="row")
    rows = [
        beside(left.join(pairs, on="m"), found.book, by="item").with_columns(reason=pl.lit(reason))
        for pairs, reason in ((found.booked, IN_BOOKS), (in_books, PAID_IN_BOOKS))
    ]
    rows += [
        left.join(found.met, on="m")
        .join(names, left_on="taken", right_on="m")
        .with_columns(reason=pl.lit(TAKES_BACK)),
        left.join(found.met.select(back="m", m="taken"), on="m")
        .join(names, left_on="back", right_on="m")
        .with_columns(reason=pl.lit(TAKEN_BACK)),
    ]
    return pl.concat(conform(part, ANSWERED) for part in rows).sort("movement")
