"""The figures of one currency and scope, group by group, out of sums made before."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from typing import Any

from relance.indicators import balances, dso, needs
from relance.indicators.balances import Key
from relance.indicators.definitions import figure
from relance.indicators.dso import percent, rounded
from relance.indicators.evidence import Disputes, Evidence, Promises, Sent
from relance.indicators.figure import Figure, Minor, Part

Row = Mapping[str, Any]

_WORST = "due:over_120"


def stock_figures(row: Row, currency: str, unallocated: int, known: bool) -> Iterator[Figure]:
    """Yield the figures of what is open. `known`: whether that is known of the day."""

    def of(key: str, value: int | Decimal | None, **parts: Part) -> Figure:
        if not known:
            return figure(key, None, currency, missing=needs.STOCK)
        return figure(key, value, currency, parts, needs.OPEN)

    total = row.get("receivables", 0)
    yield of("receivables", total)
    yield of("credits", row.get("credits", 0))
    for key in ("overdue", "over_60"):
        amount = row.get(key, 0)
        yield of(key, amount)
        yield of(
            f"{key}_share", percent(amount, total), part=Minor(amount), receivables=Minor(total)
        )
    largest = row.get("largest", 0)
    yield of("top10_share", percent(largest, total), part=Minor(largest), receivables=Minor(total))
    own = row.get("unapplied", 0)
    yield of("unapplied", own + unallocated, of_debtors=Minor(own), of_nobody=Minor(unallocated))


@dataclass(frozen=True, slots=True)
class Sold:
    """Sales of a scope: by month, and since when they are known; `need` is what is lacking if not."""

    by_month: Mapping[date, int]
    since: date | None
    need: str


def days_of_sales(
    row: Row, sold: Sold, currency: str, day: date, period: tuple[date, date, int]
) -> Iterator[Figure]:
    """Yield the days of sales outstanding on `day`; `period`: first, last and sales of it."""
    first, last, total = period
    owed, not_due = balances.net(row), balances.net_not_due(row)
    found = dso.count_back(owed, sold.by_month, day, sold.since)
    best = dso.count_back(not_due, sold.by_month, day, sold.since)
    yield _days("dso", found, currency, {"net": Minor(owed)}, sold.need)
    span = (last - first).days + 1
    known = sold.since is not None and sold.since <= first
    plain = dso.simple(owed, total, span) if known else None
    parts = {"net": Minor(owed), "sales": Minor(total), "days": span}
    need = needs.SOLD if known else sold.need or needs.SALES
    value = None if plain is None else rounded(plain)
    yield figure("dso_simple", value, currency, parts, need)
    yield _by_invoice(row, sold, currency)
    yield _days("bpdso", best, currency, {"net_not_due": Minor(not_due)}, sold.need)
    yield _delinquent(found, best, currency, sold.need)


def _days(
    key: str, days: dso.Days | None, currency: str, parts: Mapping[str, Part], need: str
) -> Figure:
    if days is None:
        return figure(key, None, currency, parts, need)
    found = figure(key, rounded(days.value), currency, parts)
    return bounded(found) if days.over else found


def bounded(found: Figure) -> Figure:
    """Return the figure as one of which only that it is over its value is known."""
    return Figure(found.key, found.value, found.definition, found.currency, "over", found.parts)


def _delinquent(found: dso.Days | None, best: dso.Days | None, currency: str, need: str) -> Figure:
    """DSO less best possible DSO: known only where the latter is exact."""
    if found is None or best is None or best.over:
        return figure("add", None, currency, missing=need or needs.SALES)
    late = figure("add", rounded(found.value - best.value), currency)
    return bounded(late) if found.over else late


def _by_invoice(row: Row, sold: Sold, currency: str) -> Figure:
    """True DSO: what is open of months without known sales is left out, and told in the parts."""
    weights: Mapping[date, int] = row.get("by_month", {})
    known = {
        month: weight
        for month, weight in weights.items()
        if sold.since and month and month >= sold.since.replace(day=1) and sold.by_month.get(month, 0) > 0
    }  # fmt: skip
    if not known:
        return figure("dso_true", None, currency, missing=sold.need or needs.OPEN)
    total = sum((Fraction(w, sold.by_month[m]) for m, w in known.items()), Fraction())
    return figure(
        "dso_true", rounded(total), currency, {"months_left_out": len(weights) - len(known)}
    )


def flow_figures(row: Row, currency: str, known: bool, money: bool, need: str) -> Iterator[Figure]:
    """Yield sales and receipts of the period; `known`, `money`: whether each is known."""
    notes = {"credit_notes": Minor(row.get("credit_notes", 0))}
    yield figure("sales", row.get("sales", 0) if known else None, currency, notes, need)
    receipts = row.get("receipts", 0) if money else None
    yield figure("receipts", receipts, currency, missing=needs.STOCK)


def effectiveness(before: Row, after: Row, flow: Row, currency: str, months: int) -> Figure:
    """Return the collection effectiveness of a period of `months`."""
    ar0, ar1 = before.get("receivables", 0), after.get("receivables", 0)
    not_due, sales = after.get("not_due", 0), flow.get("sales", 0)
    start = ar0 + Fraction(sales, months)
    base = start - not_due
    value = rounded(100 * (start - ar1) / base) if base > 0 else None
    parts = {
        "receivables_before": Minor(ar0), "receivables_after": Minor(ar1),
        "not_due_after": Minor(not_due), "sales": Minor(sales), "months": months,
        "credit_notes": Minor(flow.get("credit_notes", 0)),
        "credits_after": Minor(after.get("credits", 0)),
    }  # fmt: skip
    return figure("cei", value, currency, parts, needs.OWED)


def days_late(paid: Row, late: Row, currency: str, known: bool) -> Figure:
    """Return the mean days late of what was paid or is past due, by amount."""
    if not known:
        return figure("days_late", None, currency, missing=needs.STOCK)
    weight = paid.get("amount", 0) + late.get("amount", 0)
    if weight <= 0:
        return figure("days_late", None, currency, missing=needs.PAID)
    parts = {"paid": Minor(paid.get("amount", 0)), "open_past_due": Minor(late.get("amount", 0))}
    days = paid.get("days", 0) + late.get("days", 0)
    return figure("days_late", rounded(Fraction(days, weight)), currency, parts)


def promise_figures(found: Promises | None, currency: str) -> Iterator[Figure]:
    """Yield the promises kept, by number and by amount."""
    due, kept = (found.due, found.kept) if found else (0, 0)
    amount, kept_amount = (found.amount, found.kept_amount) if found else (0, 0)
    by_number = {"kept": kept, "due": due}
    yield figure("promises_kept", percent(kept, due), currency, by_number, needs.PROMISES)
    by_amount = {"kept": Minor(kept_amount), "due": Minor(amount)}
    value = percent(kept_amount, amount)
    yield figure("promises_kept_amount", value, currency, by_amount, needs.PROMISES)


def dispute_figures(found: Disputes | None, receivables: int, currency: str) -> Iterator[Figure]:
    """Yield what is in dispute on the day of the report."""
    amount = found.amount if found else 0
    parts = {"disputes": found.count if found else 0}
    yield figure("disputed", amount, currency, parts)
    rate = percent(amount, receivables)
    yield figure(
        "dispute_rate",
        rate,
        currency,
        {"disputed": Minor(amount), "receivables": Minor(receivables)},
        needs.OPEN,
    )
    yield figure("dispute_age", found.age if found else None, currency, parts, needs.DISPUTES)


def rhythm_figures(row: Row | None, currency: str, months: int, known: bool) -> Iterator[Figure]:
    """Yield when invoices are issued."""
    need = needs.INVOICES if known else needs.SALES
    share = percent(row["at_end"], row["amount"]) if row and known else None
    parts: dict[str, Part] = {}
    if row and known:
        parts = {"at_end": Minor(row["at_end"]), "invoiced": Minor(row["amount"]),
                 "largest_day": Minor(row["largest"]), "invoices": row["count"]}  # fmt: skip
    yield figure("month_end_share", share, currency, parts, need)
    days = rounded(Fraction(row["days"], months)) if row and known else None
    yield figure(
        "invoicing_days", days, currency, {"days": row["days"]} if row and known else {}, need
    )
    yield figure("invoicing_delay", None, currency, missing=needs.DELIVERIES)


def sent_figures(
    found: Sent | None, currency: str, costs: Mapping[str, Decimal] | None
) -> Iterator[Figure]:
    """Yield notices and what they cost."""
    sent = found or Sent()
    yield figure("notices", sent.notices, currency, dict(sorted(sent.by_channel.items())))
    unknown = sorted(set(sent.by_channel) - set(costs or {}))
    cost = None
    if costs is not None and not unknown:
        exact = sum((n * costs[name] for name, n in sent.by_channel.items()), Decimal())
        cost = int(exact.to_integral_value(ROUND_HALF_UP))
    lacking = {"without": ", ".join(unknown)} if unknown else {}
    yield figure("cost", cost, currency, lacking, needs.COSTS)
    back = percent(sent.returned, sent.notices)
    parts = {"returned": sent.returned, "left": sent.notices}
    yield figure("bounced", back, currency, parts, needs.NOTICES)
    yield figure("in_doubt", sent.in_doubt, currency)


def make_up(row: Row, currency: str, margin: Decimal | None, known: bool) -> Figure:
    """Return the turnover that makes up for what is over 120 days late, if it were lost."""
    if not known or margin is None or margin <= 0:
        return figure("make_up", None, currency, missing=needs.MARGIN if known else needs.STOCK)
    loss = row.get(_WORST, 0)
    turnover = (Decimal(loss) * 100 / margin).to_integral_value(ROUND_HALF_UP)
    return figure("make_up", int(turnover), currency, {"loss": Minor(loss), "margin": margin})


def reach_figures(evidence: Evidence, kind: str, key: Key) -> Iterator[Figure]:
    """Yield whether reminders reach whom they should."""
    currency = key[0]
    covered = evidence.coverage.get(kind, {}).get(key)
    overdue = covered.overdue if covered else 0
    without = len(covered.without) + covered.more if covered else 0
    share = percent(overdue - without, overdue)
    yield figure(
        "coverage", share, currency, {"past_due": overdue, "without": without}, needs.PAST_DUE
    )
    owing, reached = evidence.reach.get(kind, {}).get(key, (0, 0))
    parts = {"debtors": owing, "reached": reached}
    yield figure("contactable", percent(reached, owing), currency, parts, needs.PAST_DUE)
