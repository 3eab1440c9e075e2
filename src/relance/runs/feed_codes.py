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
COLUMNS = rule(
    "D151", ERROR,
    N_("this means nothing here, or stands twice: {columns}"),
    N_("columns: {known}"),
    N_("A column that nobody reads could be the one that matters: the file is refused whole."),
)  # fmt: skip
CELL = rule(
    "D152", ERROR,
    N_("{column}: {text} is not {wanted}"),
    N_("write it like {example}"),
    N_("Nothing of the file was recorded. Mend the row and hand the file in again."),
)  # fmt: skip
NEEDED = rule(
    "D153", ERROR,
    N_("{event}: {column} is needed"),
    N_("fill in the cell; nothing of the file was recorded"),
)  # fmt: skip
CHANGED = rule(
    "D154", ERROR,
    N_("`id` {id} said something else before ({where})"),
    N_("what is recorded stays; give what is new an `id` of its own"),
    N_("A row with an `id` is recorded once. That is how a file can be handed in again, longer than before."),
)  # fmt: skip
