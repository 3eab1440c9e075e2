"""`relance interest`: what the law lets a creditor claim for late payment, line by line."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from relance.cli import output, project
from relance.cli.call import Call
from relance.cli.exits import Exit, Stop
from relance.cli.interest_values import (
    country_of,
    currency_of,
    minor_of,
    payment_of,
    percent_of,
)
from relance.cli.typed import day_of
from relance.cli.words import _
from relance.law.claim import Agreed, Claim

if TYPE_CHECKING:
    from relance.law.rates import Rates
    from relance.policy.model import Policy

HELP = _(
    "Compute late-payment interest and compensation by the law of a country.\n\n"
    "It needs no project. In one (or with -C), the rates and the terms of sale of its relance.yaml "
    "hold where the options say nothing. A rate that is not known stops the computation.\n\n"
    "\b\n"
    "Examples:\n"
    "  relance interest --amount 10000 --due 2026-05-01 --paid 2026-09-01 --country FR\n"
    "  relance interest --amount 1190 --due 2026-06-15 --country DE --kind consumer \\\n"
    "      --payment 2026-07-20=500 --imputation interest --json"
)


class DebtorKind(StrEnum):
    """Kinds of debtors."""

    BUSINESS = "business"
    CONSUMER = "consumer"
    PUBLIC = "public"


class Order(StrEnum):
    """What a payment pays first."""

    PRINCIPAL = "principal"
    INTEREST = "interest"


def interest(  # noqa: PLR0913, PLR0917 - a parameter is an option
    call: Call,
    amount: Annotated[
        str, typer.Option("--amount", metavar="AMOUNT", help=_("What was due, VAT included."))
    ],
    due: Annotated[str, typer.Option("--due", metavar="YYYY-MM-DD", help=_("Due date."))],
    paid: Annotated[
        str | None,
        typer.Option(
            "--paid",
            metavar="YYYY-MM-DD",
            help=_("Day on which all that was left of the principal was paid."),
        ),
    ] = None,
    until: Annotated[
        str | None,
        typer.Option(
            "--until",
            metavar="YYYY-MM-DD",
            help=_("Day of the claim, if it is not paid; else today (--date)."),
        ),
    ] = None,
    country: Annotated[
        str | None,
        typer.Option(
            "--country", metavar="CODE", help=_("Whose law governs: FR, BE, LU and so on.")
        ),
    ] = None,
    kind: Annotated[DebtorKind, typer.Option("--kind", help=_("Kind of debtor."))] = (
        DebtorKind.BUSINESS
    ),
    currency: Annotated[
        str | None,
        typer.Option("--currency", metavar="CODE", help=_("Else the project's, or EUR.")),
    ] = None,
    payment: Annotated[
        list[str] | None,
        typer.Option("--payment", metavar="DATE=AMOUNT", help=_("One for each part payment.")),
    ] = None,
    credit_note: Annotated[
        list[str] | None,
        typer.Option("--credit-note", metavar="DATE=AMOUNT", help=_("One for each credit note.")),
    ] = None,
    imputation: Annotated[
        Order | None, typer.Option("--imputation", help=_("What a payment pays first."))
    ] = None,
    contract_rate: Annotated[
        str | None,
        typer.Option("--contract-rate", metavar="PERCENT", help=_("Yearly rate that was agreed.")),
    ] = None,
    notice: Annotated[
        str | None,
        typer.Option(
            "--notice", metavar="YYYY-MM-DD", help=_("Day that the formal notice was received.")
        ),
    ] = None,
    costs_from: Annotated[
        str | None,
        typer.Option(
            "--costs-from",
            metavar="YYYY-MM-DD",
            help=_("First day after the waiting time of a consumer's reminder (BE, NL)."),
        ),
    ] = None,
    clause: Annotated[
        bool, typer.Option("--clause", help=_("The terms have a penalty clause (BE consumers)."))
    ] = False,
    small_creditor: Annotated[
        bool, typer.Option("--small-creditor", help=_("The creditor is an SME (BE consumers)."))
    ] = False,
) -> int:
    """Compute and show."""
    policy = _policy(call)
    unit = currency_of(currency or (policy.creditor.currency if policy else "EUR"))
    claim = Claim(
        principal=minor_of(amount, "--amount", unit),
        currency=unit,
        due=day_of(due, "--due"),
        until=_last_day(paid, until) or _today(call, policy),
        country=_country(country, policy),
        kind=kind.value,
        payments=(
            *(payment_of(text, "--payment", unit) for text in payment or ()),
            *(payment_of(text, "--credit-note", unit) for text in credit_note or ()),
        ),
        notice=day_of(notice, "--notice") if notice else None,
        costs_from=day_of(costs_from, "--costs-from") if costs_from else None,
        agreed=_agreed(policy, contract_rate, imputation, clause, small_creditor),
        paid=paid is not None,
    )
    _show(call, claim, _rates(policy))
    return Exit.DONE


def _policy(call: Call) -> Policy | None:
    """Return the policy of the project that we are in, or that was named; None without one."""
    if call.project == Path() and not (call.project / "relance.yaml").is_file():
        return None
    return project.policy_of(call)


def _last_day(paid: str | None, until: str | None) -> date | None:
    """Return the last day that bears interest, None where none was given."""
    if paid and until:
        raise Stop(
            Exit.USAGE,
            _("--paid and --until are both given"),
            _("--paid if the principal was paid that day, --until if it was not"),
        )
    return day_of(paid, "--paid") if paid else day_of(until, "--until") if until else None


def _rates(policy: Policy | None) -> Rates:
    from relance.law.rates import Rates

    known = Rates.known()
    return known.and_also(policy.rates) if policy else known


def _show(call: Call, claim: Claim, rates: Rates) -> None:
    from relance.law.compute import compute
    from relance.law.rates import RateUnknown
    from relance.law.regimes import NoRegime
    from relance.reports.interest_view import interest_json, interest_view

    try:
        found = compute(claim, rates)
    except (NoRegime, RateUnknown) as unknown:
        raise project.refused_by(call, [unknown.diagnostic]) from unknown
    other = None
    if any(p.day > claim.due and not p.credit_note for p in claim.payments) and found.lines:
        order: Order = Order.INTEREST if claim.agreed.imputation == "principal" else Order.PRINCIPAL
        turned = replace(claim.agreed, imputation=order.value)
        other = compute(replace(claim, agreed=turned), rates)
    if call.json:
        output.show_json(interest_json(claim, found, other, call.language))
    else:
        output.show(interest_view(claim, found, other, call.language))


def _agreed(
    policy: Policy | None,
    rate: str | None,
    imputation: Order | None,
    clause: bool,
    small_creditor: bool,
) -> Agreed:
    """Return what the terms agree: the options, else the project's `law`."""
    agreed = Agreed()
    if policy:
        law = policy.law
        agreed = Agreed(
            law.contract_rate, law.imputation, law.consumer_clause, law.consumer_rate,
            law.small_creditor,
        )  # fmt: skip
    if rate is not None:
        percent = percent_of(rate)
        agreed = replace(agreed, contract_rate=percent, consumer_rate=percent)
    if imputation is not None:
        agreed = replace(agreed, imputation=imputation.value)
    return replace(
        agreed,
        consumer_clause=clause or agreed.consumer_clause,
        small_creditor=small_creditor or agreed.small_creditor,
    )


def _country(text: str | None, policy: Policy | None) -> str:
    """Return the country code; that of the project when none was given."""
    if text is not None:
        return country_of(text)
    if policy:
        return policy.governing_law
    raise Stop(
        Exit.USAGE,
        _("whose law governs is not said"),
        _("add --country FR, or another code of two letters"),
    )


def _today(call: Call, policy: Policy | None) -> date:
    """Return the date of the claim when none was given; without a project, that of Brussels."""
    from relance import clock

    return call.today(policy) if policy else call.day or clock.today("Europe/Brussels")
