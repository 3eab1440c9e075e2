"""What can be wrong with the mailbox."""

from relance.diagnostics import Severity, rule
from relance.language import N_

ERROR = Severity.ERROR

FOLDER_NAME = rule(
    "P200", ERROR,
    N_("`{key}` has characters that no folder of a mailbox has"),
    N_("write the name on one line, as the mail program shows it"),
    N_("A line break in it would be a command to the server."),
)  # fmt: skip
MOVES_NOWHERE = rule(
    "P201", ERROR,
    N_("`move_to` is the folder that is read"),
    N_("name another folder, or leave `move_to` out: each mail is taken once all the same"),
    N_("What is moved there would come in again."),
)  # fmt: skip
NOBODY_ANSWERS = rule(
    "P202", Severity.WARNING,
    N_("no channel sends e-mails: nothing will be answered to this mailbox"),
    N_("add a channel of kind smtp, or leave `inbox` out"),
    N_("Bounces and answers are tied to e-mails by their Message-ID."),
)  # fmt: skip
