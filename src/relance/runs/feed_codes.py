"""What is wrong with what people record at the desk or by a file."""

from relance.diagnostics import Severity, rule
from relance.language import N_

ERROR = Severity.ERROR

TASK_DONE = rule(
    "D150", ERROR,
    N_("task {number} was done on {date} by {by}: {outcome}"),
    N_("`relance tasks reopen {number}` takes that back"),
    N_("Somebody else, or another line of the same file, had ended the task."),
)  # fmt: skip
