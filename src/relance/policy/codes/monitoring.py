"""What can be wrong with who is told of runs."""

from relance.diagnostics import Severity, rule
from relance.language import N_

ERROR = Severity.ERROR

NO_SUCH_CHANNEL = rule(
    "P210", ERROR,
    N_("the summary's channel `{channel}` does not exist"),
    N_("did you mean: {names}?"),
    N_("The mail to the team leaves by one of the project's own channels."),
)  # fmt: skip
NO_MAIL = rule(
    "P211", ERROR,
    N_("the summary's channel `{channel}` carries no e-mail"),
    N_("name a channel of kind smtp or outbox"),
    N_("The summary is an e-mail."),
)  # fmt: skip
PLAIN_PING = rule(
    "P212", ERROR,
    N_("`ping` must be an https:// address"),
    N_("write https://…, or env:NAME to keep the address out of the policy"),
    N_("Whoever reads the address can pretend that runs go well; only a service on this machine may be told in clear text."),
)  # fmt: skip
