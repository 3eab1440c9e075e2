"""What can be wrong with procedures and their levels."""

from relance.diagnostics import Severity, rule
from relance.language import N_

ERROR = Severity.ERROR
WARNING = Severity.WARNING
INFO = Severity.INFO

DUPLICATE_PROCEDURE = rule(
    "P101", ERROR,
    N_("the procedure `{name}` is defined a second time"),
    N_("give one of them another name; the other is {other}"),
    N_("Which of them applies could not be said."),
)  # fmt: skip
DUPLICATE_LEVEL = rule(
    "P102", ERROR,
    N_("the level `{level}` is there a second time"),
    N_("give each level of a procedure its own id"),
    N_("The history knows levels by their id."),
)  # fmt: skip
DAYS_DECREASE = rule(
    "P103", ERROR,
    N_("level `{level}` is at day {days}, not after `{before}` at day {days_before}"),
    N_("put levels in the order of their days; two on one day need a `when`"),
    N_("An item goes up one level at a time, in the order of the file."),
)  # fmt: skip
INTERVAL_DELAYS = rule(
    "P104", WARNING,
    N_("level `{level}` at day {days} comes on day {later}: the interval is {interval} days"),
    N_("set `days` to {later} or more, or shorten `interval`"),
    N_("Two notices about the same receivable are at least the interval apart."),
)  # fmt: skip
NOTHING_TO_DO = rule(
    "P105", ERROR,
    N_("level `{level}` has neither a template nor a task"),
    N_("add `template:` for a notice, or `task:` for work for a person"),
    N_("A level that does nothing would count as done."),
)  # fmt: skip
TEMPLATE_AND_TASK = rule(
    "P106", ERROR,
    N_("level `{level}` has both a template and a task"),
    N_("make two levels of it"),
    N_("A level is a notice or a task, so that each is claimed and settled on its own."),
)  # fmt: skip
NO_CHANNEL = rule(
    "P107", ERROR,
    N_("level `{level}` has no channel"),
    N_("add `channel:` with one of: {names}"),
    N_("Without a channel nothing leaves."),
)  # fmt: skip
CHANNEL_AND_ALL = rule(
    "P108", ERROR,
    N_("level `{level}` has both `channel` and `all`"),
    N_("`channel` uses the first that can reach the debtor, `all` uses each: keep one"),
    N_("The two contradict one another."),
)  # fmt: skip
TASK_BY_NOTICE_CHANNEL = rule(
    "P109", ERROR,
    N_("level `{level}` is a task, but the channel `{channel}` carries notices"),
    N_("use a channel of kind task"),
    N_("A task is work for a person and is not sent to the debtor."),
)  # fmt: skip
NOTICE_BY_TASK_CHANNEL = rule(
    "P110", ERROR,
    N_("level `{level}` is a notice, but the channel `{channel}` is for tasks"),
    N_("use a channel that carries notices, or give the level a `task:`"),
    N_("The notice would never reach the debtor."),
)  # fmt: skip
MANDATORY_BEFORE_DUE = rule(
    "P111", ERROR,
    N_("level `{level}` is mandatory, but lies before the due date"),
    N_("remove `mandatory`, or set `days` to 0 or more"),
    N_("A level before the due date expires on it and is passed over after it."),
)  # fmt: skip
BROKEN_SUBJECT = rule(
    "P113", ERROR,
    N_("the subject of the task cannot be filled in: {problem}"),
    N_("write variables as {{{{ debtor.name }}}}"),
    N_("The subject is a small template."),
)  # fmt: skip
UNKNOWN_CHANNEL = rule(
    "P114", ERROR,
    N_("the channel `{channel}` is not configured"),
    N_("add it under `channels:` in relance.yaml. Did you mean: {names}?"),
    N_("Levels name the channels of relance.yaml."),
)  # fmt: skip
SHIPPED_NEEDS_CHANNEL = rule(
    "P115", ERROR,
    N_("the shipped procedure `{procedure}` uses the channel `{channel}`, not configured here"),
    N_("add `{channel}` under `channels:`, or write procedures/{procedure}.yaml of your own"),
    N_("Shipped procedures use the channels email, letter, registered and task."),
)  # fmt: skip
NO_ATTACHMENTS = rule(
    "P116", ERROR,
    N_("level `{level}` must carry `{document}`, and none of its channels can: {names}"),
    N_("add a channel that carries attachments, or remove `attach`"),
    N_("What a channel cannot carry would be lost without a word."),
)  # fmt: skip
SOME_WITHOUT_ATTACHMENTS = rule(
    "P117", WARNING,
    N_("level `{level}` loses `{document}` when it leaves by: {names}"),
    N_("keep the channels that carry attachments, or remove `attach`"),
    N_("What a channel cannot carry would be lost without a word."),
)  # fmt: skip
UNKNOWN_TEMPLATE = rule(
    "P118", ERROR,
    N_("unknown template `{template}`"),
    N_("did you mean: {names}?"),
    N_("A template is a folder of the project's templates/ or of the shipped ones."),
)  # fmt: skip
TEMPLATE_WITHOUT_LANGUAGE = rule(
    "P119", ERROR,
    N_("template `{template}` has no {medium} in `{language}`, the creditor's language"),
    N_("write templates/{template}/{file}"),
    N_("The creditor's language is what other languages fall back to."),
)  # fmt: skip
UNKNOWN_VARIABLE = rule(
    "P121", ERROR,
    N_("the subject of the task has an unknown variable `{variable}`"),
    N_("did you mean: {names}?"),
    N_("Subjects know the debtor, the numbers and total of the items, the level and the days."),
)  # fmt: skip
TEMPLATE_FALLS_BACK = rule(
    "P120", INFO,
    N_("template `{template}` has no {medium} in {languages}: those debtors get `{language}`"),
    N_("write templates/{template}/{file} and the like"),
    N_("The plan says for each notice which language it uses."),
)  # fmt: skip
