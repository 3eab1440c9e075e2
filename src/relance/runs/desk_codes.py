"""What a dispute, a promise or the declaration of a claim can be refused for."""

from relance.diagnostics import Severity, rule
from relance.language import N_

ERROR = Severity.ERROR

AMOUNT_OF_DEBTOR = rule(
    "D140", ERROR,
    N_("{event}: {amount} {currency} of which invoice?"),
    N_("name the invoice: an amount cannot be shared among several, or where nothing is open"),
    N_("The undisputed part goes on being dunned: it must be known of which invoice it is a part."),
)  # fmt: skip
MORE_THAN_OWED = rule(
    "D141", ERROR,
    N_("{event}: {amount} {currency} is more than what is open, {open}"),
    N_("give at most what is open; without --amount it is the whole"),
)  # fmt: skip
NO_DISPUTE = rule(
    "D142", ERROR,
    N_("{subject} is no open dispute, and no invoice in dispute"),
    N_("`relance dispute list` shows them with their numbers"),
)  # fmt: skip
IS_ACCEPTED = rule(
    "D143", ERROR,
    N_("dispute {number} is accepted already: its credit note is expected"),
    N_("`relance dispute close {number}` ends it; `relance dispute reject {number}` takes it back"),
)  # fmt: skip
NO_PROCEEDINGS = rule(
    "D144", ERROR,
    N_("no collective proceedings of debtor {debtor} are open"),
    N_("`relance insolvency list` shows those that are"),
)  # fmt: skip
