"""What can be wrong with channels, secrets and the database."""

from relance.diagnostics import Severity, rule
from relance.language import N_

ERROR = Severity.ERROR

UNKNOWN_KIND = rule(
    "P150", ERROR,
    N_("unknown kind of channel `{kind}`"),
    N_("did you mean: {names}?"),
    N_("Kinds are those of relance and of the packages installed beside it."),
)  # fmt: skip
SECRET_IN_CLEAR = rule(
    "P151", ERROR,
    N_("`{key}` holds a secret in clear"),
    N_("write `env:NAME` for an environment variable or `file:PATH` for a file of mode 0600"),
    N_("A policy is copied, mailed and put under version control."),
)  # fmt: skip
PASSWORD_IN_URL = rule(
    "P152", ERROR,
    N_("the URL of `{key}` holds a password in clear"),
    N_("write the whole URL as `env:NAME` or `file:PATH`"),
    N_("A policy is copied, mailed and put under version control."),
)  # fmt: skip
BROKEN_REFERENCE = rule(
    "P153", ERROR,
    N_("`{key}` is no usable reference"),
    N_("write `env:NAME` (letters, digits, _) or `file:PATH`"),
    N_("The name of the variable or the path is missing or has other characters."),
)  # fmt: skip
UNKNOWN_DATABASE = rule(
    "P154", ERROR,
    N_("the database cannot be `{scheme}`"),
    N_("write sqlite:///relance.db or postgresql+psycopg://user@host/name"),
    N_("The history lies in SQLite or PostgreSQL."),
)  # fmt: skip
NO_CONSENT = rule(
    "P155", Severity.WARNING,
    N_("level `{level}`: channel {channel} reaches consumers only if they agreed to it, and nothing says who did"),
    N_("give it `consent: TAG`, a tag of the customers' file, and name another channel after it"),
    N_("An electronic registered letter needs the prior consent of who is no professional (art. L100 CPCE)."),
)  # fmt: skip
