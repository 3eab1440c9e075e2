"""What there is to say of letters after they were written: printed or not, and their proofs."""

from __future__ import annotations

from relance.diagnostics import Severity, rule
from relance.language import N_

UNPRINTED = rule(
    "C025",
    Severity.WARNING,
    N_("channel {channel}: {count} letters were not printed {days} working days after they were written, as {files}"),
    N_("print and post them, and move their files to {folder}; until then nobody was written to"),
    N_("The channel says `printed:`. A letter counts as printed when its very bytes lie in that folder."),
)  # fmt: skip
OTHER_BYTES = rule(
    "C026",
    Severity.WARNING,
    N_("{file} has the name of a letter, and other bytes: it does not count as printed"),
    N_("move the file of the print folder itself, not a copy that a program saved anew"),
    N_("Whoever can write to the folder of printed letters must not make relance believe that a letter left."),
)  # fmt: skip
NOT_WATCHED = rule(
    "C027",
    Severity.WARNING,
    N_("channel {channel}: the folder of printed letters {folder} cannot be watched: {reason}"),
    N_("name a folder of its own that relance may read"),
)
NO_LETTER = rule(
    "C028",
    Severity.ERROR,
    N_("no letter about {subject} left yet"),
    N_("give the number of an invoice that a letter was about, or the first 8 characters of the letter's key"),
    N_("A proof is recorded on the letter that it is about; `relance history` shows those that were sent."),
)  # fmt: skip
WHICH_LETTER = rule(
    "C029",
    Severity.ERROR,
    N_("{subject} is what letters to several debtors are about: {names}"),
    N_("add --debtor ID, or give the first 8 characters of the letter's key"),
)
