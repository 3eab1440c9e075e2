"""What can be wrong with what follows disputes and promises."""

from relance.diagnostics import Severity, rule
from relance.language import N_

NO_SUCH_LEVEL = rule(
    "P220", Severity.ERROR,
    N_("no procedure has a level `{level}` to follow a broken promise"),
    N_("did you mean: {names}? Or `next`: the next level goes on"),
    N_("A procedure that has no level of that name goes on with its next one; one at least must have it."),
)  # fmt: skip
