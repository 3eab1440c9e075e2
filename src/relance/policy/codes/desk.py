"""What can be wrong with what follows disputes and promises."""

from relance.diagnostics import Severity, rule
from relance.language import N_

NO_SUCH_LEVEL = rule(
    "P220", Severity.ERROR,
    N_("no procedure has a level `{level}` to follow a broken promise"),
    N_("did you mean: {names}? Or `next`: the next level goes on"),
    N_("A procedure that has no level of that name goes on with its next one; one at least must have it."),
)  # fmt: skip
NO_LEVEL_AFTER_PLAN = rule(
    "P221", Severity.ERROR,
    N_("no procedure has a level `{level}` to follow a void payment plan"),
    N_("did you mean: {names}? Or `next`: the next level goes on"),
    N_("A procedure that has no level of that name goes on with its next one; one at least must have it."),
)  # fmt: skip
NO_CHANNEL_FOR_INSTALMENTS = rule(
    "P222", Severity.ERROR,
    N_("no channel `{channel}` can remind of instalments"),
    N_("did you mean: {names}? It must stand under `channels`, and write to debtors"),
    N_("A channel of the kind task reaches nobody outside; a reminder is written to the debtor."),
)  # fmt: skip
NO_CHANNEL_NAMED = rule(
    "P223", Severity.ERROR,
    N_("`remind_before` needs a channel: by which is the debtor reminded of an instalment?"),
    N_("add `channel: [email, letter]`, or leave `remind_before` out"),
)  # fmt: skip
NO_LEVEL_AFTER_DISPUTE = rule(
    "P224", Severity.ERROR,
    N_("no procedure has a level `{level}` to follow a rejected dispute"),
    N_("did you mean: {names}? Or `next`: the next level goes on"),
    N_("A procedure that has no level of that name goes on with its next one; one at least must have it."),
)  # fmt: skip
THANKS_TAKEN = rule(
    "P236", Severity.ERROR,
    N_("a procedure of the project is called `{name}`, which is what `thanks` makes"),
    N_("give the procedure another name, in its file and where segments use it"),
)  # fmt: skip
