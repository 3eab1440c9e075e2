"""What can be wrong with the mailbox and its mails."""

from relance.diagnostics import Severity, rule
from relance.language import N_

UNREACHABLE = rule(
    "D080", Severity.ERROR,
    N_("the mailbox {mailbox} cannot be read: {reason}"),
    N_("nothing was taken from it; try again when the server answers"),
    N_("Answers and bounces that wait there are read the next time: none is lost."),
)  # fmt: skip
REFUSED = rule(
    "D081", Severity.ERROR,
    N_("the mailbox {mailbox} does not let us in: {reason}"),
    N_("check `user`, `password`, `folder` and `ca_file` of `inbox` in relance.yaml"),
    N_("The certificate of the server is always verified, and the password never sent in clear."),
)  # fmt: skip
NO_MAILDIR = rule(
    "D082", Severity.ERROR,
    N_("{folder} is no maildir that can be read: {reason}"),
    N_("check `path` of `inbox` in relance.yaml; a maildir has the folders `new` and `cur`"),
    N_("relance reads the mails of both folders and moves none, unless it is asked to."),
)  # fmt: skip
UNREADABLE = rule(
    "D083", Severity.WARNING,
    N_("the mail {mail} could not be read: {reason}"),
    N_("look at it in the mailbox: relance leaves it there and does not read it again"),
    N_("A mail with too many parts, too deep or too broken is set aside: it stops nothing."),
)  # fmt: skip
MORE = rule(
    "D084", Severity.WARNING,
    N_("mails left for the next time: {count}"),
    N_("run `relance inbox` again"),
    N_("So many mails are read at once at most; the oldest come first."),
)  # fmt: skip
NOT_FILED = rule(
    "D085", Severity.WARNING,
    N_("what was read could not be marked or moved in {mailbox}: {reason}"),
    N_("what the mails say is recorded; check that the folder of `move_to` exists"),
    N_("The mails stay where they were, and are not taken twice."),
)  # fmt: skip
