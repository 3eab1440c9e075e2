"""What the readers of CODA, CFONB 120 and MT940 have to say. Codes I140 to I169.

An error refuses the file whole at its first wrong line: these files are not mended by hand.
"""

from relance.diagnostics import Severity, rule
from relance.language import N_

ERROR, WARNING, INFO = Severity.ERROR, Severity.WARNING, Severity.INFO

OTHER_FORM = rule(
    "I140",
    ERROR,
    N_("this is not a statement in the form {form}: it begins with “{start}”"),
    N_("correct `format:` of the source in relance.yaml, or download the statement in that form"),
    N_("CODA begins with record 0, CFONB 120 with record 01, MT940 has a field :20:."),
)  # fmt: skip
CODA_VERSION = rule(
    "I141",
    ERROR,
    N_("CODA version “{version}” is not read"),
    N_("ask the bank for CODA version 2 (Febelfin 2.x), the only one in use"),
    N_("The last character of record 0 is the version. Version 1 has other places for the amounts and was withdrawn."),
)  # fmt: skip
LENGTH = rule(
    "I142",
    ERROR,
    N_("the line has {found} characters where a record of {form} has {expected}"),
    N_("the line was cut, joined or re-encoded: download the statement again and do not edit it"),
    N_("Places count in these forms. Only blanks at the end of a line may be missing."),
)  # fmt: skip
OUT_OF_PLACE = rule(
    "I143",
    ERROR,
    N_("record {record} cannot stand here"),
    N_("a line before it is missing or in another order: download the statement again"),
    N_("Records come in a fixed order: opening balance, movements, each with its details, closing balance."),
)  # fmt: skip
UNKNOWN_RECORD = rule(
    "I144",
    ERROR,
    N_("“{record}” begins no record of {form}"),
    N_("the file is damaged or mixed with another: download the statement again"),
    N_("CODA has the records 0, 1, 21 to 23, 31 to 33, 4, 8 and 9, CFONB 120 the records 01, 04, 05 and 07."),
)  # fmt: skip
BAD_AMOUNT = rule(
    "I145",
    ERROR,
    N_("“{value}” is not an amount"),
    N_("the line is damaged: download the statement again"),
    N_("CODA has 15 digits and a sign of 0 or 1, CFONB 14 characters whose last one carries the sign, MT940 a decimal comma."),
)  # fmt: skip
BAD_DATE = rule(
    "I146",
    ERROR,
    N_("“{value}” is not a date"),
    N_("the line is damaged: download the statement again"),
    N_("CODA and CFONB write DDMMYY, MT940 YYMMDD. A movement without a date cannot be placed."),
)  # fmt: skip
CUT = rule(
    "I147",
    ERROR,
    N_("the statement has no end: “{record}” is missing"),
    N_("the file is cut: download the statement again"),
    N_("A statement without its end may lack movements."),
)  # fmt: skip
COUNT = rule(
    "I148",
    ERROR,
    N_("record 9 counts {told} records, the file has {found}"),
    N_("lines are missing or doubled: download the statement again"),
    N_("The trailer of a CODA file counts its records 1, 2, 3 and 8."),
)  # fmt: skip
TOTALS = rule(
    "I149",
    ERROR,
    N_("record 9 tells debits of {debit} and credits of {credit}; the movements have {debits} and {credits}"),
    N_("lines are missing or damaged: download the statement again"),
    N_("The trailer of a CODA file sums its movements; details of a total are not counted."),
)  # fmt: skip
OTHER_ACCOUNT = rule(
    "I151",
    ERROR,
    N_("account {found} stands inside a statement of account {expected}"),
    N_("statements were mixed: download them again, one after the other"),
    N_("All records of a statement name the account of its opening balance."),
)  # fmt: skip
ACCOUNTS_DIFFER = rule(
    "I152",
    WARNING,
    N_("the closing balance names account {found}, the opening balance {expected}"),
    N_("the account of the opening balance is used; check that it is right"),
    N_("Test files whose accounts were made unrecognisable look like this."),
)  # fmt: skip
DUPLICATE = rule(
    "I153",
    INFO,
    N_("the bank marks this file as a duplicate"),
    N_("nothing to do: a statement that was read already counts once"),
    N_("Record 0 of CODA carries a D when the file is sent a second time."),
)  # fmt: skip
SEPARATE = rule(
    "I154",
    ERROR,
    N_("this CODA file holds the details of application {application} only, without statement"),
    N_("import the statement itself; its totals hold these payments already"),
    N_("Banks send details of collective movements in files of their own (separate application). To read both would count the payments twice."),
)  # fmt: skip
DETAILS_DIFFER = rule(
    "I155",
    WARNING,
    N_("the details of this total add up to {found}, not to {expected}: the total is kept as one payment"),
    N_("letter it by hand, with the bank's list of the payments"),
    N_("A collective movement is replaced by its details when they add up. Otherwise the money is counted as the total, once."),
)  # fmt: skip
CFONB_240 = rule(
    "I156",
    ERROR,
    N_("this is a CFONB file of 240 characters (unpaid items), not a statement"),
    N_("import the statement of account (CFONB 120): it holds the same unpaid items as debits"),
    N_("The files of 240 characters list returned drafts and direct debits; they have no balances."),
)  # fmt: skip
FINER = rule(
    "I157",
    ERROR,
    N_("{value} has more decimals than {currency} has"),
    N_("check the currency of the account, and download the statement again"),
    N_("Amounts are kept in minor units; nothing is rounded."),
)  # fmt: skip
OTHER_CURRENCY = rule(
    "I158",
    ERROR,
    N_("a balance in {found} stands in a statement in {expected}"),
    N_("the file is damaged: download the statement again"),
    N_("A statement has one currency."),
)  # fmt: skip
NO_FIELD = rule(
    "I159",
    ERROR,
    N_("field {field} is missing before this line"),
    N_("ask the bank for MT940; interim reports (MT942) have no balances and are not read"),
    N_("A statement in MT940 names its account (:25:) and its opening balance (:60F: or :60M:) before its movements."),
)  # fmt: skip
BAD_LINE = rule(
    "I150",
    ERROR,
    N_("the movement “{value}” cannot be read"),
    N_("the line is damaged: download the statement again"),
    N_("Field :61: of MT940 is value date, booking date, C, D, RC or RD, amount, type and references."),
)  # fmt: skip
