"""What a handover, its result or its documents can be refused for."""

from relance.diagnostics import Severity, rule
from relance.language import N_

ERROR, WARNING = Severity.ERROR, Severity.WARNING

NO_STEP = rule(
    "D165", ERROR,
    N_("{subject} cannot be handed over: no step `{to}` under `handovers`"),
    N_("one of: {names}; `--to` names it"),
)  # fmt: skip
HELD = rule(
    "D166", WARNING,
    N_("{number} is not handed over: its verdict is `{verdict}`"),
    N_("`relance explain {number}` says why"),
    N_("What is disputed goes to those only who go to court; what is promised or not due goes to nobody."),
)  # fmt: skip
NOT_REMINDED = rule(
    "D167", WARNING,
    N_("{number} is not handed over: no notice about it has left yet"),
    N_("send its first reminder; or record what was sent before with `relance adopt`"),
    N_("Those who collect must be able to show that the debtor was asked (in Belgium, CDE art. XIX.2)."),
)  # fmt: skip
NOT_TAKEN = rule(
    "D168", WARNING,
    N_("{number} is not handed over: `{to}` does not take it"),
    N_("its `when` and `segments` in relance.yaml say what it takes"),
)  # fmt: skip
NOTHING_LEFT = rule(
    "D169", ERROR,
    N_("nothing of {subject} can be handed over"),
    N_("an open invoice that is past due, that was reminded, and that nothing holds"),
)  # fmt: skip
NO_CASE = rule(
    "D170", ERROR,
    N_("nothing of {subject} is with others"),
    N_("`relance handover list` shows what is, with its number"),
)  # fmt: skip
SEVERAL_CASES = rule(
    "D171", ERROR,
    N_("{subject} is with others in several cases: {found}"),
    N_("name the number of the case"),
)  # fmt: skip
TOO_MUCH = rule(
    "D172", ERROR,
    N_("{amount} {currency} is not what can have come of case {number}: {left} was handed over and is not reported yet"),
    N_("interest and costs that they collected beside it are no part of it"),
)  # fmt: skip
SHEET_BARRED = rule(
    "D173", ERROR,
    N_("the data sheet `{sheet}` is not made for {subject}: {why} ({article})"),
    N_("ask a lawyer or a bailiff which way is open"),
)  # fmt: skip
NOT_SENT = rule(
    "D174", WARNING,
    N_("the dossier of case {number} is in {file}, but was not sent: {why}"),
    N_("send it by hand, or `relance handover send {number}`"),
)  # fmt: skip
SHEET_LEFT_OUT = rule(
    "T013", WARNING,
    N_("the dossier of {subject} has no data sheet `{sheet}`: {why} ({article})"),
    N_("ask a lawyer or a bailiff which way is open; `sheet:` of the step names another procedure"),
)  # fmt: skip
