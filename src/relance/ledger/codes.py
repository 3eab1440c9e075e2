"""What the ledger has to say about its items."""

from relance.diagnostics import Severity, rule
from relance.language import N_

TWO_SOURCES = rule(
    "I090",
    Severity.WARNING,
    N_("receivable {number} of {debtor} also stands in source {kept}: that one is kept"),
    N_("export it in one source only, or narrow the paths of the sources"),
    N_("The same receivable was read from two sources. It is dunned once, as the first source of relance.yaml shows it."),
)  # fmt: skip
UNKNOWN_DEBTOR = rule(
    "I091",
    Severity.WARNING,
    N_("receivable {number}: debtor {debtor} is not in the customers' file"),
    N_("add {debtor} to {customers}; until then the receivable is shown and not dunned"),
    N_("No debtor is invented: without a row in the customers' file the kind, the language and the address are not known."),
)  # fmt: skip
NO_DUE_DATE = rule(
    "I092",
    Severity.WARNING,
    N_("receivable {number} of {debtor} has no due date and no terms to compute one from"),
    N_("give the debtor terms in the customers' file (“30 jours”), or the source a `terms:` key"),
    N_("A receivable without a due date is never past due. It is shown as undecided and not dunned."),
)  # fmt: skip
OPENING_LUMP = rule(
    "I093",
    Severity.WARNING,
    N_("opening balance {number} of {debtor} ({amount}) is one lump without invoices: not dunned"),
    N_("load the ledger of the year before beside this one, or export the open invoices"),
    N_("An opening entry with one sum per customer tells neither the invoices nor their age."),
)  # fmt: skip
MISSING = rule(
    "I094",
    Severity.WARNING,
    N_("source {source}: {missing} receivables of the last full export are absent from this one"),
    N_("if they were paid, record it with `relance record settled NUMBER`; see `relance status`"),
    N_("An item that is missing from a full export is not taken for paid: it is shown and not dunned."),
)  # fmt: skip
MORE = rule(
    "I095",
    Severity.WARNING,
    N_("{count} more items like those of {code} above"),
    N_("`relance plan --json` lists every item with its verdict"),
    N_("Only the first items are named one by one; all are counted and stand in the plan."),
)
UNKNOWN_CHOICE = rule(
    "I096",
    Severity.WARNING,
    N_("debtor {debtor}: there is no {key} named {value}"),
    N_("correct it in the customers' file; until then the segments of relance.yaml decide"),
    N_("The customers' file sets a segment or a procedure by hand that the policy does not have."),
)
