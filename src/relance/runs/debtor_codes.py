"""What notes, the debtor's sheet and the hold list can be refused for."""

from relance.diagnostics import Severity, rule
from relance.language import N_

NO_DEBTOR = rule(
    "D130",
    Severity.ERROR,
    N_("there is no debtor {debtor}"),
    N_("write its number as the sources do; `relance debtor --over-limit` and `relance plan --json` show numbers"),
)  # fmt: skip
NO_NOTED = rule(
    "D131",
    Severity.ERROR,
    N_("{subject} is no debtor, no invoice and no notice"),
    N_("give the number of a debtor or an invoice, or the first six characters or more of a notice's key"),
)  # fmt: skip
SEVERAL_NOTED = rule(
    "D132",
    Severity.ERROR,
    N_("{subject} may be several: {found}"),
    N_("add --debtor ID for an invoice of that debtor, or give more of a notice's key"),
)
EMPTY_NOTE = rule(
    "D133",
    Severity.ERROR,
    N_("the note says nothing"),
    N_("write the text in quotes after the subject"),
)
NO_FILE = rule(
    "D134",
    Severity.ERROR,
    N_("{path} cannot be attached: it is no file that can be read"),
    N_("a note keeps the path and the SHA-256 of an attachment, not the file: it has to be there"),
)
ATTACHMENT_CHANGED = rule(
    "D135",
    Severity.WARNING,
    N_("{path}, attached to note {note}, is not the file that was attached"),
    N_("its SHA-256 differs: look for the file as it was, or attach the new one to a new note"),
)
ATTACHMENT_MISSING = rule(
    "D136",
    Severity.WARNING,
    N_("{path}, attached to note {note}, is not there any more"),
    N_("put it back, or say in a new note where it is"),
)
NOT_APPROVED = rule(
    "D137",
    Severity.ERROR,
    N_("hold list {list} is not approved: nothing was written"),
    N_("look at `relance debtor --over-limit`, then `relance debtor --over-limit --approve {list} -o FILE`"),
    N_("The list stops deliveries: a person answers for it, by name, and for exactly this list."),
)  # fmt: skip
OTHER_LIST = rule(
    "D138",
    Severity.ERROR,
    N_("today's hold list is {now}, not {list}: nothing was approved"),
    N_("look at `relance debtor --over-limit` again: somebody paid, or somebody ordered"),
)
TOO_FEW = rule(
    "D139",
    Severity.ERROR,
    N_("{settled} receivables are seen paid, {late} of them late: too few to judge the estimate by"),
    N_("at least {settled_needed} and {late_needed} are needed: read more bank statements, older ones too"),
    N_("Below that, the figures of a backtest would be chance."),
)  # fmt: skip
