"""What the intake of CSV files has to say: I001–I029 and I080 about files, I030–I049 about rows.

An error refuses the file whole; a warning about a row leaves that row out only where its
message says so.
"""

from __future__ import annotations

from relance.diagnostics import Severity, rule

E, W, I = Severity.ERROR, Severity.WARNING, Severity.INFO  # noqa: E741

NO_FILE = rule(
    "I001", E,
    "no file matches {pattern}",
    "Check the path in relance.yaml and that the export has run; paths are relative to the project.",
    "A source or the customers' file names a file, or a pattern, that matches nothing.",
)  # fmt: skip
UNREADABLE = rule(
    "I002", E,
    "the file cannot be read: {reason}",
    "Check the owner and the permissions of the file.",
    "The system refused to open the file, or it is not a regular file.",
)  # fmt: skip
EMPTY = rule(
    "I003", E,
    "the file is empty",
    "Export again; nothing is read from an empty file.",
    "An export of zero bytes, or of blank lines only, is a failed export, not an empty ledger.",
)  # fmt: skip
NOT_TEXT = rule(
    "I004", E,
    "this is not a CSV file: its format is {what}",
    "Export or save it as CSV (text), then run again.",
    "The first bytes of the file are those of another format.",
)  # fmt: skip
CHANGED = rule(
    "I005", E,
    "the file changed while it was read",
    "Run again once the export is complete; let the export write under another name and rename it.",
    "Size or time of change differ before and after reading: half of a file may be missing.",
)  # fmt: skip
NUL = rule(
    "I006", E,
    "the file holds NUL bytes",
    "The file is damaged or not a text file: export again.",
    "NUL bytes come from damaged files, and from UTF-16 without its byte order mark.",
)  # fmt: skip
UNTERMINATED = rule(
    "I007", E,
    "the last line has no end: the file may be cut",
    "Export again; if this program never ends its last line, set `unterminated: accept`.",
    "A complete file ends with a line feed; a copy that was interrupted mostly does not.",
)  # fmt: skip
QUOTES = rule(
    "I008", E,
    "quotation marks do not pair up in the record that starts here",
    "The file is cut here, or a quotation mark inside a quoted cell is not doubled: export again.",
    "A quoted cell that does not end swallows the rows after it.",
)  # fmt: skip
RAGGED = rule(
    "I009", E,
    "{found} cells where the header has {expected}",
    "The file is cut here, or a delimiter stands in a cell without quotes: export again.",
    "Rows with another number of cells have their values in the wrong columns.",
)  # fmt: skip
NO_COLUMN = rule(
    "I010", E,
    "no column for {missing}; the file has {headers}",
    "Map it in relance.yaml, `columns: {{{example}: …}}`. Nearest: {nearest}.",
    "No row near the top of the file has headers that relance knows for the columns it needs.",
)  # fmt: skip
MAPPED_ABSENT = rule(
    "I011", E,
    "`columns` maps {column} to {header}, which the file does not have; it has {headers}",
    "Correct `columns` in relance.yaml. Nearest: {nearest}.",
    "The header was renamed in the export, or is misspelt in relance.yaml.",
)  # fmt: skip
UNKNOWN_COLUMN = rule(
    "I012", E,
    "`columns` maps {column}, which is not a column of relance",
    "Known columns: {known}. Nearest: {nearest}.",
    "The left side of `columns` is relance's name, the right side the file's header.",
)  # fmt: skip
NO_ROWS = rule(
    "I013", E,
    "the full export has a header but no row that can be read",
    "If nothing is open indeed, there is nothing to run; else export again.",
    "A full export says that what it does not hold is closed: an empty one would close everything.",
)  # fmt: skip
AGED_BALANCE = rule(
    "I014", E,
    "this is an aged balance: sums by age ({headers}), without invoices",
    "Export the open invoices one by one (in French: échéancier, or balance âgée détaillée).",
    "A reminder names invoices and due dates, which an aged balance does not have.",
)  # fmt: skip
MIXED_DATES = rule(
    "I015", E,
    "dates stand both day first ({dmy}) and month first ({mdy})",
    "Export the dates as 2026-07-15, or set `dates:` in relance.yaml; other rows are then left out.",
    "A spreadsheet has swapped days and months of some dates: which ones cannot be told.",
)  # fmt: skip
ENCODING = rule(
    "I016", E,
    "the file is not {encoding}: {reason}",
    "Remove `encoding:` from relance.yaml to have it detected, or correct it.",
    "The bytes of the file cannot be decoded with the encoding that relance.yaml names.",
)  # fmt: skip
OTHER_HEADER = rule(
    "I017", I,
    "{column} is read from {header}, not from {others}",
    "Map it in relance.yaml, `columns: {{{column}: …}}`, if that is wrong.",
    "Several headers fit one column; the more specific is read.",
)  # fmt: skip
PRESET = rule(
    "I018", E,
    "the file has not the columns of preset {preset}: {missing}; it has {headers}",
    "Export with these columns, or remove `preset:` to have the headers recognised.",
    "A preset names the columns of one program's export.",
)  # fmt: skip
FIXED_WIDTH = rule(
    "I019", E,
    "the line has {found} characters where an entry has at least {expected}",
    "The file is cut here, or it is not a Quadra ASCII export.",
    "Quadra files have fixed columns: a short line has lost its end.",
)  # fmt: skip
UNDERSTOOD = rule(
    "I020", I,
    "{rows} rows read: {encoding}, delimiter {delimiter}, decimal mark {decimal}, dates {dates}, "
    "header on line {header}, columns {columns}",
    "",
    "What was detected or set: encoding, delimiter, decimal mark, dates, header line and columns.",
)  # fmt: skip
OLDER = rule(
    "I021", I,
    "not read, because {newest} is newer",
    "Set `files: all` to read every file of the pattern.",
    "Of a full export only the newest file counts.",
)  # fmt: skip
SKIPPED = rule(
    "I022", I,
    "passed over: {preamble} lines before the header, {blank} blank rows, {sums} sums, "
    "{headings} headings of groups, {headers} repeated headers",
    "",
    "Preamble, blank rows, sums, headings of groups and repeated headers.",
)  # fmt: skip
AMBIGUOUS_DATES = rule(
    "I023", W,
    "no date tells day from month: read as {order} ({example})",
    "Set `dates: dmy` or `dates: mdy` in relance.yaml.",
    "All days are 12 or less, so that both readings are possible; day first is taken.",
)  # fmt: skip
AMBIGUOUS_AMOUNTS = rule(
    "I024", W,
    "amounts like {example} are read as thousands",
    "Set `decimal:` in relance.yaml.",
    "No amount of the file tells the decimal mark from the thousands separator.",
)  # fmt: skip
MIXED_DECIMALS = rule(
    "I025", W,
    "amounts have both decimal commas ({comma}) and decimal points ({point})",
    "Export the amounts in one form, or set `decimal:` in relance.yaml.",
    "Amounts that can be read in one way only are read; those that can be read in two are left out.",
)  # fmt: skip
GARBLED = rule(
    "I026", W,
    "accents were garbled before the export ({example})",
    "Check the encoding where the file is made: UTF-8 text was read there as Windows-1252.",
    "The file holds letter pairs such as Ã© where é was meant.",
)  # fmt: skip
LEFT_OUT = rule(
    "I027", I,
    "left out: {drafts} rows of draft, cancelled or paid documents, {suppliers} of suppliers, "
    "{accounts} on other accounts",
    "",
    "What a status, a payment date, a kind or an account says not to be owed by a customer.",
)  # fmt: skip
LETTERED = rule(
    "I028", I,
    "{settled} lettered rows balance and are settled; {kept} lettered rows do not and are kept",
    "",
    "Rows of one debtor with one letter whose sum is zero are closed; others are partly paid.",
)  # fmt: skip
CLEANED = rule(
    "I029", W,
    "{count} cells held control or direction characters, which were removed",
    "Check the names in the program that made the file.",
    "Such characters do not belong in names, and can hide or reorder text.",
)  # fmt: skip
MISSING = rule(
    "I030", W,
    "row left out: {column} is empty",
    "Complete the row in the accounting program.",
    "A row without its number, debtor or amount cannot be claimed.",
)  # fmt: skip
BAD_DATE = rule(
    "I031", W,
    "row left out: {column} is not a date: {text}",
    "Correct the date, or set `dates:` in relance.yaml.",
    "The date does not exist, lies out of 1970–2100, or has another form than the rest of the file.",
)  # fmt: skip
BAD_AMOUNT = rule(
    "I032", W,
    "row left out: {column} is not an amount: {text}",
    "Correct the amount, or set `decimal:` in relance.yaml.",
    "The text is not a number, or too large a number.",
)  # fmt: skip
TOO_PRECISE = rule(
    "I033", W,
    "row left out: {column} has more decimals than {currency} has: {text}",
    "Export amounts with the decimals of their currency; relance never rounds what is owed.",
    "An amount of a third of a cent cannot be paid.",
)  # fmt: skip
UNSURE_AMOUNT = rule(
    "I034", W,
    "row left out: {column} can be read in two ways: {text}",
    "Set `decimal:` in relance.yaml.",
    "In a file with both decimal commas and points, 1.234 may be a thousand or one.",
)  # fmt: skip
BAD_CURRENCY = rule(
    "I035", W,
    "row left out: unknown currency {text}",
    "Use the three letters of ISO 4217, such as EUR.",
    "Amounts of different currencies are never added, so each needs a known one.",
)  # fmt: skip
OTHER_CURRENCY = rule(
    "I036", W,
    "row left out: {column} says {text} in a row of {currency}",
    "Correct the currency column, or `currency:` in relance.yaml.",
    "The symbol in the amount contradicts the currency of the row.",
)  # fmt: skip
BAD_KIND = rule(
    "I037", W,
    "row left out: unknown kind {text}",
    "Use invoice, credit_note, payment, advance, charge, instalment or opening.",
    "Without its kind a row may be a claim or a payment.",
)  # fmt: skip
SIGNS = rule(
    "I038", W,
    "row left out: open ({text}) has another sign than amount ({amount})",
    "Correct the row in the accounting program.",
    "An invoice that is owed cannot have a balance in the debtor's favour.",
)  # fmt: skip
OVER_OPEN = rule(
    "I039", W,
    "open ({text}) is more than amount ({amount})",
    "Check the row: the open balance is what is claimed.",
    "Charges may have been added to the balance; else a column is mapped wrongly.",
)  # fmt: skip
REPEATED = rule(
    "I040", W,
    "row left out: it repeats line {first} cell by cell",
    "Check the export: {text} stands in it twice.",
    "The same document twice would be claimed twice.",
)  # fmt: skip
TWICE = rule(
    "I041", W,
    "{text} stands here with the same debtor, due date and amount as on line {first}",
    "Check that both are owed.",
    "Two rows differ only in details; both are kept.",
)  # fmt: skip
BAD_VALUE = rule(
    "I042", W,
    "{column} is not known: {text}; taken as empty",
    "Use one of: {known}.",
    "The customers' file has a kind, country or language that relance does not know.",
)  # fmt: skip
TWO_CUSTOMERS = rule(
    "I043", W,
    "row left out: customer {text} stands more than once with different data, first on line {first}",
    "Keep one row per customer.",
    "Which of the addresses is right cannot be told, so none is used.",
)  # fmt: skip
BAD_EMAIL = rule(
    "I044", W,
    "not an e-mail address: {text}; taken as empty",
    "Correct the address in the customers' data.",
    "The address has no @, no domain, several addresses, or characters that may not stand in one.",
)  # fmt: skip
DISAGREE = rule(
    "I045", W,
    "rows left out: the lines of {text} do not agree on {column}",
    "Export again; each line of an invoice repeats its total and dates.",
    "Exports with a row per invoice line repeat the invoice's own values on each.",
)  # fmt: skip
REJECTED = rule(
    "I046", W,
    "{count} of {rows} rows were left out because they could not be read",
    "Each is named with its line; what is owed may be understated.",
    "The sum of all rows with a warning that says “row left out”.",
)  # fmt: skip
DUE_FIRST = rule(
    "I047", W,
    "due on {due}, before it was issued on {issued}",
    "Check the dates, and `dates:` in relance.yaml.",
    "The due date is used as it stands.",
)  # fmt: skip
MORE = rule(
    "I048", W,
    "{count} more rows with {code}: {first} to {last}",
    "The first {shown} are named one by one.",
    "One fault that runs through a file is not told a thousand times.",
)  # fmt: skip
BAD_DATA_VALUE = rule(
    "I049", W,
    "{column} cannot be read: {text}; taken as empty",
    "Correct the value in the customers' file.",
    "A date or an amount of the customers' file has a form that relance does not know.",
)  # fmt: skip
BAD_SETTING = rule(
    "I080", E,
    "`{setting}: {text}` cannot be used",
    "A delimiter is one character (or tab); dates are dmy, mdy, ymd or a format such as %d/%m/%Y.",
    "The source's settings in relance.yaml do not describe any file.",
)  # fmt: skip
