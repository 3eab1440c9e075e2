"""What a payment plan or an offer can be refused for."""

from relance.diagnostics import Severity, rule
from relance.language import N_

ERROR = Severity.ERROR

NO_SCHEDULE = rule(
    "D155", ERROR,
    N_("{total} {currency} cannot be paid in such instalments"),
    N_("each is more than nothing, the first is less than the whole, and there are {most} at most"),
)  # fmt: skip
NOTHING_TO_PLAN = rule(
    "D156", ERROR,
    N_("nothing of {subject} is open and past due"),
    N_("`--all` takes in what is not due yet; or name the invoices"),
)  # fmt: skip
PLAN_BARRED = rule(
    "D157", ERROR,
    N_("{number} cannot be part of a payment plan or an offer: {why}"),
    N_("settle that first, or leave the invoice out"),
    N_("What is paid, in dispute, handed over or part of collective proceedings is not arranged with the debtor alone."),
)  # fmt: skip
MIXED = rule(
    "D158", ERROR,
    N_("a payment plan or an offer is of one debtor and one currency, not of {found}"),
    N_("make one for each"),
)  # fmt: skip
NO_PLAN = rule(
    "D159", ERROR,
    N_("{subject} is no payment plan on which this can be done"),
    N_("`relance instalments` shows the proposals and plans with their numbers and states"),
)  # fmt: skip
ON_A_PLAN = rule(
    "D160", ERROR,
    N_("{number} is on plan {plan}, which is being kept"),
    N_("`relance instalments cancel {plan}` ends it; then another one can take its place"),
)  # fmt: skip
SECOND_PLAN = rule(
    "D164", ERROR,
    N_("{debtor} has plan {plan} over several invoices already"),
    N_("one such plan at a time: name a single invoice, or end it with `relance instalments cancel {plan}`"),
)  # fmt: skip
NO_OFFER = rule(
    "D161", ERROR,
    N_("{subject} is no offer on which this can be done"),
    N_("`relance offer` shows the offers with their numbers and states"),
)  # fmt: skip
ON_OFFER = rule(
    "D162", ERROR,
    N_("{number} is in offer {offer}, which is open"),
    N_("`relance offer withdraw {offer}` ends it; then another one can take its place"),
)  # fmt: skip
NO_REDUCTION = rule(
    "D163", ERROR,
    N_("{percent} % of {amount} is no reduction that can be offered for {number}"),
    N_("give more than nothing and less than half, such as `--percent 2`"),
)  # fmt: skip
