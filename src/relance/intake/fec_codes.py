"""What the reader of a FEC has to say. Codes I050 to I079."""

from relance.diagnostics import Severity, rule
from relance.intake import codes
from relance.language import N_

ERROR, WARNING, INFO = Severity.ERROR, Severity.WARNING, Severity.INFO

NOT_A_LEDGER = rule(
    "I050",
    ERROR,
    N_("this is a file of kind {kind}, not a FEC"),
    N_("a FEC is a text file; export it again from the accounting software (“export FEC”)"),
    N_("The first bytes are those of another kind of file: a workbook, an archive, a PDF, a page, an XML document. The file is refused whole."),
)  # fmt: skip
NO_HEADER = rule(
    "I051",
    ERROR,
    N_("the first line does not name the columns of a FEC: {known} of the 18 names are there"),
    N_("a FEC begins with “JournalCode, JournalLib, EcritureNum, …”; for a list of invoices use `kind: csv`"),
    N_("The separator is the one of TAB, | and ; that gives at least 13 known names in the first line. Without one the file is refused whole."),
)  # fmt: skip
MISSING_COLUMNS = rule(
    "I052",
    ERROR,
    N_("columns are missing: {columns}"),
    N_("export the FEC again with all 18 columns of article A47 A-1 of the LPF"),
    N_("Open items cannot be told without these columns. The file is refused whole."),
)  # fmt: skip
UNBALANCED = rule(
    "I053",
    ERROR,
    N_("debits of {debit} and credits of {credit} differ by {difference}"),
    N_("the export is cut or damaged: make it again and compare its totals with the software's"),
    N_("In a ledger debits equal credits. Where they do not, entries are missing and what customers owe is not known. The file is refused whole."),
)  # fmt: skip
UNREADABLE_LINES = rule(
    "I054",
    ERROR,
    N_("lines that cannot be read: {count} of {rows}"),
    N_("correct or export the file again: a ledger without some of its lines is wrong"),
    N_("Each such line has its own diagnostic (the first fifty are shown). Because a missing line may be a payment, the file is refused whole."),
)  # fmt: skip
BAD_AMOUNT = rule(
    "I055",
    ERROR,
    N_("column {column}: “{value}” is not an amount"),
    N_("amounts have a decimal comma or point, at most two decimals, and no currency sign"),
    N_("A sign may stand before or after the amount. “1.234” is refused, for it could be one or a thousand."),
)  # fmt: skip
BAD_DATE = rule(
    "I056",
    ERROR,
    N_("column {column}: “{value}” is not a date"),
    N_("dates are written AAAAMMJJ; JJ/MM/AAAA and AAAA-MM-JJ are understood too"),
    N_("The date of an entry places it in its fiscal year and ages what is owed."),
)  # fmt: skip
BAD_SIDE = rule(
    "I057",
    ERROR,
    N_("column {column}: “{value}” is neither debit nor credit"),
    N_("write D or C, or +1 or -1"),
    N_("In the form with Montant and Sens the side of the amount stands in Sens."),
)  # fmt: skip
BAD_FIELDS = rule(
    "I058",
    ERROR,
    N_("{found} fields where the first line names {expected}"),
    N_("look for a separator or a line end inside a label, and export the file again"),
    N_("A label that holds the separator is joined again when the amounts tell how; otherwise the line cannot be read."),
)  # fmt: skip
NO_ACCOUNT = rule(
    "I059",
    ERROR,
    N_("column {column} is empty"),
    N_("each entry has an account: correct the line, or export the file again"),
    N_("An entry without an account may be a customer's."),
)  # fmt: skip
REPAIRED = rule(
    "I060",
    WARNING,
    N_("lines with a separator or a line end inside a label, or with fields left out, were repaired: {count}"),
    N_("the first one is this one; nothing to do if its label looks right"),
    N_("Labels typed by hand hold separators; some software leaves out the last empty fields."),
)  # fmt: skip
UNBALANCED_ENTRY = rule(
    "I061",
    WARNING,
    N_("entry {number} of book {journal} does not balance: {difference}"),
    N_("the ledger as a whole balances; look at this entry in the accounting software"),
    N_("Entry numbers that restart, or an entry cut in two, look like this. The first fifty are shown."),
)  # fmt: skip
OPENING_ALONE = rule(
    "I062",
    WARNING,
    N_("the opening balance has customers' accounts only: {amount} without the other accounts"),
    N_("nothing to do if the export was limited to customers; else export the whole ledger"),
    N_("The other entries balance, so the file is whole but for the other half of its opening."),
)  # fmt: skip
NO_LETTERS = rule(
    "I063",
    WARNING,
    N_("no entry on customers' accounts is lettered: paid invoices look open"),
    N_("letter the accounts in the accounting software before the export; until then check the plan by hand"),
    N_("Payments are not guessed onto invoices. Without lettering each invoice stays open and each payment is a credit of its customer; only the balance per customer is right."),
)  # fmt: skip
NO_CUSTOMERS = rule(
    "I064",
    WARNING,
    N_("no entry on customers' accounts (411, 416)"),
    N_("check that this is the ledger of the creditor and that sales pass through account 411"),
    N_("Shops that book sales straight to the till have no open items."),
)  # fmt: skip
SETTLED_LATER = rule(
    "I065",
    INFO,
    N_("lettered with payments that are not in the files, so taken for settled: {count} ({amount})"),
    N_("a ledger exported after its closing shows this; set `lettered_later: open` to dun them"),
    N_("A letter group of debits only was settled in the next year: its payments stand in that year's FEC. The items stay in the balance of the accounts and are not dunned."),
)  # fmt: skip
LATER_OPEN = rule(
    "I066",
    INFO,
    N_("lettered with payments that are not in the files, and treated as open: {count} ({amount})"),
    N_("`lettered_later: open` asks for it"),
    N_("A letter group of debits only was settled in the next year, as a rule. This project treats such items as open."),
)  # fmt: skip
ROUNDED = rule(
    "I067",
    INFO,
    N_("residues of letter groups within {tolerance}, taken for settled: {count} ({amount})"),
    N_("`tolerance: 0` in the source treats them as open"),
    N_("Cents left over by rounding are not worth a reminder."),
)  # fmt: skip
SUPERSEDED = rule(
    "I068",
    WARNING,
    N_("an older export of the same entries as {newer}: it is left out"),
    N_("move old exports out of the folder, or narrow the `path:` of the source"),
    N_("Two exports of one year hold the same entries; only the one with the later entries counts."),
)  # fmt: skip
OPENINGS_DROPPED = rule(
    "I069",
    INFO,
    N_("opening entries left out, since the year before is there: {count}"),
    N_("nothing to do"),
    N_("When two consecutive years are read together, the opening balance of the second repeats what the first one holds in detail."),
)  # fmt: skip
OPENING_DIFFERS = rule(
    "I070",
    WARNING,
    N_("account {account}: the year before closes at {closing} and this one opens at {opening}"),
    N_("export the year before again: entries were added to it after its export"),
    N_("The detail of the year before is used; the difference is missing from it."),
)  # fmt: skip
NOT_CHASED = rule(
    "I071",
    INFO,
    N_("not dunned: {account} {name}, balance {amount}"),
    N_("nothing to do; these are bills, retention money or sales not invoiced yet"),
    N_("Accounts 413 (bills receivable), 417 (retention) and 418 (not yet invoiced) hold no invoice to remind of."),
)  # fmt: skip
ADVANCE_OF_NOBODY = rule(
    "I072",
    INFO,
    N_("advances on account {account} name no customer: balance {amount}, not shown as credits"),
    N_("book advances (4191) with the customer's auxiliary account"),
    N_("An advance lowers what its customer owes; without an auxiliary account nobody's."),
)  # fmt: skip
NUMBER_FROM_ENTRY = rule(
    "I073",
    INFO,
    N_("book {journal}: PieceRef (“{example}”) is not the invoice number; {column} is used"),
    N_("if the numbers shown are not those of the invoices, fill PieceRef with the invoice number"),
    N_("A PieceRef shared by many entries is a batch or a month."),
)  # fmt: skip
BALANCE = rule(
    "I074",
    INFO,
    N_("customers' accounts: balance {balance}, of which may be dunned {open}"),
    N_("compare the balance with that of accounts 411 and 416 in the accounting software"),
    N_("The balance is the sum of all entries on the accounts 411 and 416 of the files read."),
)  # fmt: skip

UNDERSTOOD = rule(
    "I075",
    INFO,
    N_("{rows} lines read: {encoding}, delimiter {delimiter}, entries of {first} to {last}, snapshot of {snapshot}"),
    N_("receipts after the snapshot are not in the file"),
    N_("What was detected of the file. The snapshot is the latest of DateLet, ValidDate and EcritureDate."),
)  # fmt: skip

REFUSALS: frozenset[str] = frozenset(
    found.code
    for found in (
        NOT_A_LEDGER, NO_HEADER, MISSING_COLUMNS, UNBALANCED, UNREADABLE_LINES,
        codes.NO_FILE, codes.UNREADABLE, codes.EMPTY, codes.NOT_TEXT, codes.CHANGED,
        codes.NUL, codes.UNTERMINATED, codes.ENCODING,
    )
)  # fmt: skip
"""Codes that mean: a file was refused whole, and nothing may be sent on this reading."""
