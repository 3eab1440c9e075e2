"""What can be wrong with experiments."""

from relance.diagnostics import Severity, rule
from relance.language import N_

ERROR = Severity.ERROR

FORMAL_EXPERIMENT = rule(
    "P240", ERROR,
    N_("level `{level}` is a formal step: it is no part of an experiment"),
    N_("remove `experiment`; reminders may be tried, a formal notice must go to all alike"),
    N_("What has legal effect, is mandatory or hands a claim over is never withheld or changed to find out what it does: the creditor's rights hang on it."),
)  # fmt: skip
SHARES = rule(
    "P241", ERROR,
    N_("the shares of experiment `{experiment}` come to {sum}, not 100"),
    N_("give each arm its share of a hundred debtors"),
)  # fmt: skip
ARMS_ALIKE = rule(
    "P242", ERROR,
    N_("arms `{one}` and `{other}` of experiment `{experiment}` do the same"),
    N_("say what one of them does otherwise: `tone`, `template`, `channel`, `task`, `wait` or `send: false`"),
)  # fmt: skip
ARMS_AND_VARIANTS = rule(
    "P243", ERROR,
    N_("experiment `{experiment}` has {arms} arms, and level `{level}` {variants} variants that they are to be"),
    N_("give each variant an arm that is a share and nothing more; or remove `variants`"),
)  # fmt: skip
ARM_TOO_LATE = rule(
    "P244", ERROR,
    N_("arm `{arm}` of level `{level}` comes {days} days after the due date, where the level ends on it"),
    N_("let it wait less, or say `send: false`"),
)  # fmt: skip
OTHER_ARMS = rule(
    "P245", ERROR,
    N_("experiment `{experiment}` has other arms or shares at level `{before}` than at `{level}`"),
    N_("give both the same arms and shares, or one of them another name"),
)  # fmt: skip
ALL_AND_EXPERIMENT = rule(
    "P246", ERROR,
    N_("level `{level}` has both `all` and `experiment`"),
    N_("name the channels with `channel`, here or in each arm"),
)  # fmt: skip
