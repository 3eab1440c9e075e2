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
    N_("a payment plan is of one debtor and one currency, not of {found}"),
    N_("make one plan for each"),
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
