"""A computation of interest, for people and for programs."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from relance.language import N_, translator
from relance.law.claim import Claim, Computation, InterestLine
from relance.law.sources import reference_of
from relance.law.terms import CONTRACT
from relance.money import to_text
from relance.reports.figures import amount_text, date_text, percent_text
from relance.reports.tables import Column, Table, stacked

if TYPE_CHECKING:
    from rich.console import RenderableType

_KINDS = {"business": N_("business"), "consumer": N_("consumer"), "public": N_("public buyer")}

_UNTIL = N_("Late payment, {country}, {kind}: due {due}, until {until}")
_PAID = N_("Late payment, {country}, {kind}: due {due}, paid {until}")

_HALVES = {1: N_("first half of {year}"), 2: N_("second half of {year}")}

_OTHER_ORDER = {
    "principal": N_(
        "If payments paid the interest first: principal left {principal}, interest {interest}, of which "
        "{left} unpaid."
    ),
    "interest": N_(
        "If payments paid the principal first: principal left {principal}, interest {interest}, of which "
        "{left} unpaid."
    ),
}
"""By the order that was taken: what the other one gives."""


def interest_json(
    claim: Claim, found: Computation, other: Computation | None, language: str
) -> dict[str, Any]:
    """Return the computation as JSON: amounts as text, remarks in the operator's `language`.

    `other` is the computation in the other order of imputation; None where there is none to show.
    """
    say = translator(language)
    fields: dict[str, Any] = {
        "schema_version": 1,
        "country": claim.country,
        "kind": claim.kind,
        "currency": claim.currency,
        "due": claim.due.isoformat(),
        "until": claim.until.isoformat(),
        **_figures(claim, found),
        "legal_basis": list(found.legal_basis),
        "remarks": [say(remark) for remark in found.remarks],
    }
    if other is not None:
        fields["other_imputation"] = _figures(claim, other)
    return fields


def _figures(claim: Claim, found: Computation) -> dict[str, Any]:
    def text(amount: int) -> str:
        return to_text(amount, claim.currency)

    return {
        "lines": [_line_fields(line, claim.currency) for line in found.lines],
        "interest": text(found.interest),
        "compensation": text(found.compensation),
        "total": text(found.total),
        "principal_left": text(found.principal_left),
        "interest_left": text(found.interest_left),
    }


def _line_fields(line: InterestLine, currency: str) -> dict[str, Any]:
    return {
        "from": line.start.isoformat(),
        "to": line.end.isoformat(),
        "days": line.days,
        "rate": f"{line.rate:f}",
        "principal": to_text(line.principal, currency),
        "amount": to_text(line.amount, currency),
        "source": line.source,
        "confirmed": line.confirmed,
    }


def interest_view(
    claim: Claim, found: Computation, other: Computation | None, language: str
) -> RenderableType:
    """Return the computation as a table with totals, rates, articles and remarks below it.

    `other` is the computation in the other order of imputation; None where there is none to show.
    """
    from rich.text import Text

    texts = ["\n".join(part) for part in _notes(claim, found, other, language) if part]
    return stacked([_table(claim, found, language), *map(Text, texts)])


def _table(claim: Claim, found: Computation, language: str) -> Table:
    _ = translator(language)

    def money(amount: int) -> str:
        return amount_text(amount, claim.currency, language)

    title = _PAID if claim.paid else _UNTIL
    title = _(title).format(
        country=claim.country,
        kind=_(_KINDS[claim.kind]),
        due=date_text(claim.due, language),
        until=date_text(claim.until, language),
    )
    columns = [
        Column(_("From")), Column(_("To")), Column(_("Days"), "right"), Column(_("Rate"), "right"),
        Column(_("Principal"), "right"), Column(_("Interest"), "right"),
    ]  # fmt: skip
    rows = [
        [date_text(line.start, language), date_text(line.end, language), str(line.days),
         percent_text(line.rate, language) + ("" if line.confirmed else " *"),
         money(line.principal), money(line.amount)]
        for line in found.lines
    ]  # fmt: skip
    sums = (
        (_("Interest"), found.interest),
        (_("Compensation"), found.compensation),
        (_("Total"), found.total),
    )
    totals = [["", "", "", "", name, money(amount)] for name, amount in sums]
    return Table(title, columns, rows, totals)


def _notes(
    claim: Claim, found: Computation, other: Computation | None, language: str
) -> Iterator[list[str]]:
    """Yield the paragraphs below the table: what is left, rates, articles, remarks."""
    _ = translator(language)

    def money(amount: int) -> str:
        return amount_text(amount, claim.currency, language)

    if claim.payments:
        left = _("Left after payments: principal {principal}, interest {interest}.")
        yield [
            left.format(principal=money(found.principal_left), interest=money(found.interest_left))
        ]
    if other is not None:
        yield [
            _(_OTHER_ORDER[claim.agreed.imputation]).format(
                principal=money(other.principal_left),
                interest=money(other.interest),
                left=money(other.interest_left),
            )
        ]
    rates = dict.fromkeys((line.rate, line.source) for line in found.lines)
    stop = "\u00a0:" if language == "fr" else ":"
    yield [
        f"{percent_text(rate, language)}{stop} {_source_text(source, language)}"
        for rate, source in rates
    ]
    if found.legal_basis:
        yield [_("Legal basis: {articles}").format(articles="; ".join(found.legal_basis))]
    yield [_(remark) for remark in found.remarks]


def _source_text(source: str, language: str) -> str:
    """Return in words where a rate comes from: the reference rate, its period, the points over it."""
    _ = translator(language)
    if source == CONTRACT:
        return _("rate agreed in the contract")
    found = reference_of(source)
    if found is None:
        return source
    period = _(_HALVES[found.half]).format(year=found.year) if found.half else found.year
    text = f"{found.name} {percent_text(found.percent, language)} ({period})"
    if found.margin:
        text += " " + _("+ {points} points").format(points=found.margin)
    return f"{text} · {found.publication}" if found.publication else text
