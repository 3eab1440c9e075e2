"""What can be wrong with the cascade of handovers."""

from relance.diagnostics import Severity, rule
from relance.language import N_

ERROR = Severity.ERROR

UNKNOWN_HANDOVER = rule(
    "P225", ERROR,
    N_("there is no `{name}` under `handovers`"),
    N_("did you mean: {names}?"),
    N_("A level names the step that a cascade begins with; a step names the one that follows it."),
)  # fmt: skip
AMICABLE_LATE = rule(
    "P226", ERROR,
    N_("`{name}` works out of court, and would follow `{before}`, which goes to court"),
    N_("put it before; or set `stage: judicial`, if it is a procedure in court too"),
    N_("What can be settled amicably is tried before a court is asked, not after it."),
)  # fmt: skip
HANDOVER_TWICE = rule(
    "P227", ERROR,
    N_("the cascade would come to `{name}` a second time"),
    N_("give each step its own id, and let `next` lead on to another one"),
)  # fmt: skip
COURT_EARLY = rule(
    "P228", ERROR,
    N_("level `{level}` goes to court by `{name}` before any formal notice"),
    N_("put a level with a notice and `mandatory: true` before it, or begin with an amicable step"),
    N_("A court asks what was tried before; some claims are refused without it (CPC art. 750-1)."),
)  # fmt: skip
HANDOVER_CHANNEL = rule(
    "P229", ERROR,
    N_("the channel `{channel}` cannot carry dossiers to `{name}`"),
    N_("name a channel that sends e-mail with attachments, and give `email:`; or leave `channel` out"),
    N_("Without a channel a dossier is written to `folder`, for a person to send it."),
)  # fmt: skip
