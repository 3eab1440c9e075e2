"""What can be wrong with a file as YAML."""

from relance.diagnostics import Severity, rule
from relance.language import N_

ERROR = Severity.ERROR

UNREADABLE = rule(
    "P001", ERROR,
    N_("{file} cannot be read: {reason}"),
    N_("`relance init` writes a project to start from; `-C DIR` names another directory"),
    N_("A file of the policy is missing, is not a file, or may not be opened."),
)  # fmt: skip
NOT_UTF8 = rule(
    "P002", ERROR,
    N_("the file is not UTF-8: byte {byte} does not belong there"),
    N_("save the file as UTF-8"),
    N_("YAML files are read as UTF-8, with or without byte order mark."),
)  # fmt: skip
TOO_LARGE = rule(
    "P003", ERROR,
    N_("the file has {size} bytes, the most is {most}"),
    N_("procedures can be spread over several files of procedures/"),
    N_("A policy is written by people; a larger file is a mistake or an attack."),
)  # fmt: skip
SYNTAX = rule(
    "P004", ERROR,
    N_("this is not YAML: {problem}"),
    N_("look at this line and the one above: a colon, a quote, a bracket or the indentation"),
    N_("The place is where the reader could not go on; the cause is often just before it."),
)  # fmt: skip
TAB = rule(
    "P005", ERROR,
    N_("a tab stands where YAML wants spaces"),
    N_("indent with spaces"),
    N_("YAML does not allow tabs for indentation."),
)  # fmt: skip
CONTROL_CHARACTER = rule(
    "P006", ERROR,
    N_("the character {character} is not allowed in YAML"),
    N_("remove it; in quotes it can be written as an escape"),
    N_("Control characters do not show, and change what a reader sees."),
)  # fmt: skip
DUPLICATE_KEY = rule(
    "P007", ERROR,
    N_("the key `{key}` is here a second time"),
    N_("keep one of them: the first is on line {first}"),
    N_("Other readers would keep the last and forget the first without a word."),
)  # fmt: skip
ANCHOR = rule(
    "P008", ERROR,
    N_("the anchor or alias `{mark}` is not allowed"),
    N_("write the value out; quote it if it is text that begins with & or *"),
    N_("A few lines of aliases can stand for gigabytes, and hide what applies where."),
)  # fmt: skip
TAG = rule(
    "P009", ERROR,
    N_("the tag `{tag}` is not allowed"),
    N_("remove it; quote the value if it is text that begins with an exclamation mark"),
    N_("Values get their type from the key they stand under."),
)  # fmt: skip
SEVERAL_DOCUMENTS = rule(
    "P010", ERROR,
    N_("a second document begins here"),
    N_("keep one document per file; remove the line `---`"),
    N_("What follows `---` would not be read."),
)  # fmt: skip
TOO_DEEP = rule(
    "P011", ERROR,
    N_("values are nested deeper than {most}"),
    N_("take some levels of brackets or indentation away"),
    N_("No policy needs it, and readers have been brought down by it."),
)  # fmt: skip
KEY_NOT_TEXT = rule(
    "P012", ERROR,
    N_("a key is a list or a mapping"),
    N_("keys are plain text; quote a key that begins with a bracket or a question mark"),
    N_("YAML allows it; a policy has no use for it."),
)  # fmt: skip
WRITABLE = rule(
    "P205", ERROR,
    N_("everybody on this machine may write {path}"),
    N_("`chmod o-w {path}`, then look whether it is as you left it"),
    N_("Whoever writes the policy, the accounts or a template writes your reminders: who is asked to "
       "pay, what, and to which account. What any user of the machine can change is not followed."),
)  # fmt: skip
