"""What can be wrong with sources and the customers' file."""

from relance.diagnostics import Severity, rule
from relance.language import N_

ERROR, WARNING = Severity.ERROR, Severity.WARNING

DUPLICATE_SOURCE = rule(
    "P180", ERROR,
    N_("the source `{name}` is there a second time"),
    N_("give each source its own name"),
    N_("Items and messages name their source."),
)  # fmt: skip
UNKNOWN_COLUMN = rule(
    "P181", ERROR,
    N_("unknown column `{column}`"),
    N_("the left side is relance's name, the right side the file's. Did you mean: {names}?"),
    N_("`columns` maps canonical columns to the headers of the file."),
)  # fmt: skip
UNKNOWN_TERMS = rule(
    "P182", ERROR,
    N_("the terms of payment `{terms}` are not understood"),
    N_("write them like `30 jours`, `45 jours fin de mois`, `fin de mois 45 jours` or `30 days`"),
    N_("Due dates that an export does not give are computed from them."),
)  # fmt: skip
UNKNOWN_ENCODING = rule(
    "P183", ERROR,
    N_("unknown encoding `{encoding}`"),
    N_("write utf-8, cp1252, iso-8859-15 or utf-16; without the key it is detected"),
    N_("Names are those of Python's codecs."),
)  # fmt: skip
WRONG_DELIMITER = rule(
    "P184", ERROR,
    N_("`{delimiter}` cannot separate columns"),
    N_('write one character (";", ",", "|") or tab; without the key it is detected'),
    N_("Letters, digits, quotes, spaces and decimal marks inside numbers cannot."),
)  # fmt: skip
WRONG_DATES = rule(
    "P185", ERROR,
    N_("`{dates}` does not say how dates are written"),
    N_("write dmy, mdy, ymd or a format like %d/%m/%Y; without the key it is detected"),
    N_("The format needs a day, a month and a year."),
)  # fmt: skip
NO_FIRST_DAY = rule(
    "P186", WARNING,
    N_("the bank source `{name}` does not say from when on its payments count"),
    N_("write `since:`, the day after the last payment that your exports have already"),
    N_("Payments that the exports have already would be set against open invoices of the same amount, or "
       "count as credits of their debtor; then too little is claimed. A FEC tells by itself how far it goes."),
)  # fmt: skip
