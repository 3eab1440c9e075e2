"""What the intake of bank statements has to say: I100–I119 refuse a file, I120–I139 do not.

Codes of forms with fixed columns (CODA, CFONB, MT940) are in `fixed_codes`.
"""

from __future__ import annotations

from relance.diagnostics import Severity, rule

E, W, I = Severity.ERROR, Severity.WARNING, Severity.INFO  # noqa: E741

BAD_XML = rule(
    "I100", E,
    "the XML breaks off or is damaged: {reason}",
    "The file may be cut: download the statement again.",
    "A statement is read whole or not at all: movements after the break would be missing.",
)  # fmt: skip
DOCTYPE = rule(
    "I101", E,
    "the XML declares a document type, which no bank statement does",
    "Do not use this file; ask the bank where it comes from.",
    "Document types let XML name other files and grow without bound. ISO 20022 messages have none.",
)  # fmt: skip
NOT_STATEMENT = rule(
    "I102", E,
    "this is no bank statement: the XML is {root}",
    "Download a camt.052, camt.053 or camt.054 file, or an OFX file.",
    "Of ISO 20022 only the messages from the bank to its customer about an account are read.",
)  # fmt: skip
NOT_FORM = rule(
    "I103", E,
    "this is not a file of format {form}",
    "Remove `format:` from relance.yaml to have the form recognised, or correct it.",
    "The content does not begin as files of the format that relance.yaml names begin.",
)  # fmt: skip
SUMS = rule(
    "I104", E,
    "the statement of {account} does not add up: {opening} and movements of {movements} make "
    "{made}, the closing balance is {closing}: {difference} {currency} apart",
    "Download the statement again: movements are missing or stand twice.",
    "Opening balance and booked movements must make the closing balance, to the cent.",
)  # fmt: skip
BAD_AMOUNT = rule(
    "I105", E,
    "{text} is not an amount of {currency}",
    "The file is damaged, or its currency is wrong: download the statement again.",
    "Amounts are read exactly: too many decimals, or anything but digits, refuse the file.",
)  # fmt: skip
BAD_DAY = rule(
    "I106", E,
    "{text} is not a booking date",
    "The file is damaged: download the statement again.",
    "Without the day of booking a payment cannot be told from another, nor interest cut.",
)  # fmt: skip
BAD_CURRENCY = rule(
    "I107", E,
    "unknown currency {text}",
    "The file is damaged, or `currency:` of the source is missing: three letters such as EUR.",
    "Amounts of different currencies are never added, so each needs a known one.",
)  # fmt: skip
NOT_SIGNED = rule(
    "I108", E,
    "{text} says neither credit nor debit",
    "The file is damaged: download the statement again.",
    "Without its direction a movement may be money received or money paid.",
)  # fmt: skip
CUT = rule(
    "I109", E,
    "the file breaks off: {what} has no end",
    "Download the statement again.",
    "A statement is read whole or not at all: movements after the break would be missing.",
)  # fmt: skip
NO_ACCOUNT = rule(
    "I110", E,
    "the file does not say which account it is of",
    "Add `account: <IBAN>` to the source in relance.yaml.",
    "The same movement in two statements is known by its account, so each movement needs one.",
)  # fmt: skip
BALANCE = rule(
    "I111", E,
    "the balance column breaks here: {before} and {amount} make {made}, not {balance}",
    "Rows are missing or were moved: export again, in the order of the bank.",
    "Each balance is the one before and the movement, in one direction of the file or the other.",
)  # fmt: skip
UNREAD_ROWS = rule(
    "I112", E,
    "{count} of {rows} rows cannot be read, so the statement is refused whole",
    "Map the columns in relance.yaml, or correct the rows that are named.",
    "A statement is read whole or not at all: a payment left out leads to a wrong reminder.",
)  # fmt: skip
TOO_LARGE = rule(
    "I113", E,
    "the amounts of {account} are larger than any account holds",
    "The file is damaged: download the statement again.",
    "Amounts and balances must fit 18 digits.",
)  # fmt: skip

READ = rule(
    "I120", I,
    "{rows} movements read: {form}, {statements} statements, accounts {accounts}, {first} to {last}",
    "",
    "What was recognised in a bank's file.",
)  # fmt: skip
GAP = rule(
    "I121", W,
    "a statement of {account} is missing: it closes at {closing} on {day}, the next one opens at "
    "{opening} and closes on {next}",
    "Download the statements between these dates: payments in them are not known.",
    "The closing balance of a statement is the opening balance of the one after.",
)  # fmt: skip
FOREIGN = rule(
    "I122", W,
    "account {account} is not in accounts.yaml",
    "Add it to accounts.yaml if it is the creditor's, else remove the file.",
    "Payments to an account that is not the creditor's pay nothing that it is owed.",
)  # fmt: skip
PENDING = rule(
    "I123", I,
    "{count} entries are announced but not booked, and left out",
    "",
    "Only booked entries are money: an announced one may still be withdrawn.",
)  # fmt: skip
WHOLE = rule(
    "I124", I,
    "the {parts} payments of this entry come to {made}, the entry to {amount}: counted as one",
    "",
    "Where the parts of a batch do not add up to the entry, the entry's own amount is the money.",
)  # fmt: skip
CONTINUED = rule(
    "I125", W,
    "statement {number} of {account} goes on in a file that is not here",
    "Download the other part: payments in it are not known.",
    "The file says that more of the statement follows.",
)  # fmt: skip
SAME_FILE = rule(
    "I126", I,
    "has the same content as {other}: read once",
    "",
    "A statement that was downloaded twice counts once.",
)  # fmt: skip
OVERLAP = rule(
    "I127", I,
    "{count} movements stand in other files too: counted once",
    "",
    "Overlapping statements are known by account, date, amount and the bank's own reference.",
)  # fmt: skip
TWO_FORMS = rule(
    "I128", W,
    "account {account} is told by {form} and by {other} ({file}), and their movements of {first} "
    "to {last} have nothing in common",
    "Keep one form per account: a payment told in two ways may count twice.",
    "Forms differ in references and texts; where nothing ties them a payment is seen twice.",
)  # fmt: skip
EARLIER = rule(
    "I129", I,
    "{count} movements before {since} left out",
    "",
    "`since` of the source: the exports of receivables know these payments already.",
)  # fmt: skip
