"""What can be wrong with where scores of others come from."""

from relance.diagnostics import Severity, rule
from relance.language import N_

ERROR = Severity.ERROR

UNFIT_ADDRESS = rule(
    "P237", ERROR,
    N_("scores of `{source}`: the address cannot be asked: {reason}"),
    N_("write https://host/path with registration, vat or country in braces, after the host only"),
    N_("A question goes to one service that is known beforehand, never in clear text; http is for this machine itself."),
)  # fmt: skip
OPEN_CREDENTIAL = rule(
    "P238", ERROR,
    N_("scores of `{source}`: the header {header} must take its value from `secrets`"),
    N_('write `headers: {{Authorization: "Bearer {{token}}"}}` and `secrets: {{token: env:SCORE_TOKEN}}`'),
    N_("A policy is read by many and kept in archives; secrets stand elsewhere."),
)  # fmt: skip
UNFIT_SCALE = rule(
    "P239", ERROR,
    N_("scores of `{source}`: {reason}"),
    N_("give each source its own name, and as `worst` and `best` the two ends of its scale"),
    N_("Without the ends of the scale, nobody can tell whether 80 is good or bad."),
)  # fmt: skip
