"""What a run, or an operator's record, can be refused for."""

from relance.diagnostics import Severity, rule
from relance.language import N_

BACK_IN_TIME = rule(
    "D001",
    Severity.ERROR,
    N_("a run dated {date} would go back before the last completed run, of {last}"),
    N_("give a date that is not before {last}"),
    N_("Decisions are made in the order of their dates: a run in the past would not know what was sent since."),
)  # fmt: skip
TOO_MANY = rule(
    "D002",
    Severity.ERROR,
    N_("{count} notices are due today, more than limits.max_notices allows ({max}): nothing was sent"),
    N_("look at `relance plan`; if it is right, `relance approve {plan}`, or raise the limit"),
    N_("A safety brake: a wrong export or a wrong policy must not write to everybody."),
)  # fmt: skip
CHANGED = rule(
    "D003",
    Severity.ERROR,
    N_(
        "today's plan is {now}, not the one of the file, {then}: {gone} gone, {added} added, {changed} changed; "
        "nothing was sent"
    ),
    N_("make the plan again with `relance plan -o FILE` and look at it"),
    N_("`run --plan FILE` executes exactly the plan that was reviewed."),
)
AWAITING = rule(
    "D004",
    Severity.WARNING,
    N_("notice {key} to {debtor} (level {level}, {total}) waits for approval"),
    N_("`relance approve {key}`, then run again"),
    N_("The level says `approval: required`: a person releases each of its notices."),
)
NO_SUBJECT = rule(
    "D010",
    Severity.ERROR,
    N_("{event}: for which receivable or debtor?"),
    N_("give a NUMBER, or --debtor ID"),
)
NOT_FOUND = rule(
    "D011",
    Severity.ERROR,
    N_("there is no open item and no debtor {subject} in the sources"),
    N_("`relance plan --json` lists the numbers and the debtors"),
)
AMBIGUOUS = rule(
    "D012",
    Severity.ERROR,
    N_("several receivables have the number {number}: {items}"),
    N_("add --debtor ID, or give the whole identity in quotes"),
)
NO_DATE = rule(
    "D013",
    Severity.ERROR,
    N_("{event}: until when?"),
    N_("give --until YYYY-MM-DD"),
)
NO_INSTALMENTS = rule(
    "D014",
    Severity.ERROR,
    N_("a payment plan needs its instalments"),
    N_("give --instalment YYYY-MM-DD=AMOUNT once for each"),
)
WRONG_SUBJECT = rule(
    "D015",
    Severity.ERROR,
    N_("{event} is not recorded for that kind of subject"),
    N_(
        "`settled` is for one receivable; insolvency and reply_handled are for a debtor: use --debtor ID"
    ),
)
NO_AMOUNT = rule(
    "D016",
    Severity.ERROR,
    N_("{event}: {amount} is no amount in {currency}"),
    N_("write it with the decimals that the currency has: relance never rounds"),
)
PAYMENTS_WAIT = rule(
    "D020",
    Severity.WARNING,
    N_("payments that wait for a decision: {count}; what they probably pay is not dunned"),
    N_("`relance letter list` shows them with their candidates"),
    N_("What is likely but not certain is decided by a person: `relance letter accept` or `reject`."),
)  # fmt: skip
SUSPENSE = rule(
    "D021",
    Severity.INFO,
    N_("payments not allocated: {count}, {amount} in all"),
    N_("`relance letter list` shows them; `relance letter reject` sets aside what is no customer's"),
    N_("Money came in and nobody can tell what it pays. It is shown and lowers no receivable."),
)  # fmt: skip
NO_MOVEMENT = rule(
    "D022",
    Severity.ERROR,
    N_("{movement} is not the beginning of one payment's key"),
    N_("`relance letter list` shows the keys of payments; give more of its characters"),
)
NO_CANDIDATES = rule(
    "D023",
    Severity.ERROR,
    N_("payment {movement}: nothing is proposed for it"),
    N_("say what it pays with --item NUMBER or --item NUMBER=AMOUNT"),
)
WHICH_CANDIDATE = rule(
    "D024",
    Severity.ERROR,
    N_("payment {movement} has {count} candidates: which one?"),
    N_("`relance letter show {movement}` lists them; give --candidate N"),
)
NO_CANDIDATE = rule(
    "D025",
    Severity.ERROR,
    N_("payment {movement} has no candidate {candidate}, only {count}"),
    N_("`relance letter show {movement}` lists them"),
)
MORE_THAN_LEFT = rule(
    "D026",
    Severity.ERROR,
    N_("payment {movement}: {amount} cannot be taken from it, {left} is left"),
    N_("give smaller amounts with --item NUMBER=AMOUNT, or undo what it was set against before"),
)
MORE_THAN_OPEN = rule(
    "D027",
    Severity.ERROR,
    N_("{number}: {amount} cannot be taken off, {open} is open"),
    N_("give at most what is open; what is left of the payment stays to the debtor's credit"),
)
OTHER_CURRENCY = rule(
    "D028",
    Severity.ERROR,
    N_("{number} is in {currency} and the payment in {paid}"),
    N_("currencies are never mixed: record it in your books and export them again"),
)
NOTHING_TO_UNDO = rule(
    "D029",
    Severity.ERROR,
    N_("payment {movement}: nothing was set against it, and nothing rejected"),
    N_("`relance letter show {movement}` shows what is known of it"),
)
IS_LETTERED = rule(
    "D030",
    Severity.ERROR,
    N_("payment {movement} is set against receivables already"),
    N_("`relance letter undo {movement}` first"),
)
TOLD_AGAIN = rule(
    "D031",
    Severity.WARNING,
    N_(
        "{count} payments on {account} are known already, of the same day and amount but told otherwise, as {one} "
        "and {other}"
    ),
    N_(
        "keep one form per account; if two are one payment, `relance letter undo` and `relance letter reject` set one aside"
    ),
    N_(
        "What two forms say of a payment cannot always be tied. Two equal payments of one day are possible too, so both count."
    ),
)
