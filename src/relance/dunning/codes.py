"""What the plan has to say about charges that a level asks for and nobody can claim."""

from __future__ import annotations

from relance.diagnostics import Severity, rule
from relance.language import N_

NO_KIND = rule(
    "D040",
    Severity.WARNING,
    N_("no charges are claimed of debtors whose kind is not known: {debtors}"),
    N_("set their `kind` in the customers' file: business, consumer or public"),
    N_("What may be claimed beside the principal depends on who owes. A debtor with a company or VAT number counts as a business; without one it may be a consumer, who owes much less."),
)  # fmt: skip
OTHER_CURRENCY = rule(
    "D041",
    Severity.INFO,
    N_("no compensation is claimed in {currency}, which the law does not give it in: {debtors}"),
    N_("claim it apart if it is worth it"),
    N_("A lump sum of the law is never converted: interest is claimed in the invoice's currency, the compensation only in its own."),
)  # fmt: skip
NO_LAW = rule(
    "D042",
    Severity.WARNING,
    N_("no charges are claimed of {kind} debtors in {country}, whose law relance does not know: {debtors}"),
    N_("set `law: country:` if your terms of sale choose another law, or remove `charges`"),
    N_("Interest and compensation are claimed only where their rules are known. Consumers keep the law of the country that they live in."),
)  # fmt: skip
RATE_MISSING = rule(
    "D043",
    Severity.WARNING,
    N_("nothing beside the principal is claimed where a rate is not known for all of the time: {numbers}"),
    N_("give the rates under `rates:` in relance.yaml with their source, or claim these by hand"),
    N_("A rate that is not known is never guessed, and no part of the interest is claimed without the rest."),
)  # fmt: skip
FEE_IN_OTHER_CURRENCY = rule(
    "D044",
    Severity.INFO,
    N_("the fee of level {level} is an amount in {home} and is not claimed in {currency}: {debtors}"),
    N_("write a procedure of its own for debtors that you invoice in {currency}"),
    N_("A fee is in the creditor's currency and is never converted."),
)  # fmt: skip
