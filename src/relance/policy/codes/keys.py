"""What can be wrong with a key or its value."""

from relance.diagnostics import Severity, rule
from relance.language import N_

ERROR = Severity.ERROR
WARNING = Severity.WARNING

UNKNOWN_KEY = rule(
    "P020", ERROR,
    N_("unknown key `{key}`"),
    N_("did you mean: {names}?"),
    N_("Every key is known; one that is not is a mistake that would be ignored elsewhere."),
)  # fmt: skip
MISSING_KEY = rule(
    "P021", ERROR,
    N_("the key `{key}` is missing"),
    N_("add `{key}:` here"),
    N_("The key has no default."),
)  # fmt: skip
NO_VALUE = rule(
    "P022", ERROR,
    N_("`{key}` has no value"),
    N_("give it a value, or remove the key if it is optional"),
    N_("Nothing, `null` or `~` stands after the key, or quotes with nothing in them."),
)  # fmt: skip
NOT_A_MAPPING = rule(
    "P023", ERROR,
    N_("`{key}` must be a mapping (`key: value`)"),
    N_("write `{{key: value, …}}`, or one `key: value` per line, indented"),
    N_("The value has another shape than the key takes."),
)  # fmt: skip
NOT_A_LIST = rule(
    "P024", ERROR,
    N_("`{key}` must be a list"),
    N_("write `[a, b]`, or one `- entry` per line"),
    N_("The value has another shape than the key takes."),
)  # fmt: skip
NOT_A_TEXT = rule(
    "P025", ERROR,
    N_("`{key}` must be a text"),
    N_("write it on one line; quote it if it holds brackets or a colon"),
    N_("The value has another shape than the key takes."),
)  # fmt: skip
NOT_A_NUMBER = rule(
    "P026", ERROR,
    N_("`{key}` must be a number, not `{value}`"),
    N_("write digits, with a point before decimals and no spaces: 1500.00"),
    N_("Amounts in YAML have a point, whatever the language of the notices."),
)  # fmt: skip
NOT_WHOLE = rule(
    "P027", ERROR,
    N_("`{key}` must be a whole number, not `{value}`"),
    N_("write digits alone"),
    N_("Days and counts have no decimals."),
)  # fmt: skip
NOT_TRUTH = rule(
    "P028", ERROR,
    N_("`{key}` must be true or false, not `{value}`"),
    N_("write `true` or `false`: in YAML 1.2, yes and no are texts"),
    N_("An editor with the schema says the same."),
)  # fmt: skip
UNKNOWN_VALUE = rule(
    "P029", ERROR,
    N_("`{key}` cannot be `{value}`"),
    N_("did you mean: {names}?"),
    N_("The key takes one of a few values."),
)  # fmt: skip
TOO_SMALL = rule(
    "P030", ERROR,
    N_("`{key}` is `{value}`; the least is {limit}"),
    N_("give a greater number"),
    N_("The number is outside of what makes sense."),
)  # fmt: skip
TOO_GREAT = rule(
    "P031", ERROR,
    N_("`{key}` is `{value}`; the most is {limit}"),
    N_("give a smaller number"),
    N_("The number is outside of what makes sense."),
)  # fmt: skip
WRONG_FORM = rule(
    "P032", ERROR,
    N_("`{key}` cannot be written `{value}`"),
    N_("write it like {form}"),
    N_("Names in keys and files are lower case; countries and currencies are ISO codes."),
)  # fmt: skip
EMPTY_LIST = rule(
    "P033", ERROR,
    N_("`{key}` needs at least one entry"),
    N_("add one"),
    N_("Without an entry there is nothing to work with."),
)  # fmt: skip
RANGE_OPEN = rule(
    "P034", ERROR,
    N_("the range of `{key}` has no bound"),
    N_("give `min`, `max` or both"),
    N_("A range without bounds would match everything."),
)  # fmt: skip
RANGE_CROSSED = rule(
    "P035", ERROR,
    N_("`{key}`: min is above max, so that nothing can match"),
    N_("swap them"),
    N_("Both bounds belong to the range."),
)  # fmt: skip
REFUSED = rule(
    "P036", ERROR,
    N_("`{key}` is not accepted: {reason}"),
    N_("see what the key takes in the documentation of the configuration"),
    N_("A check of the value's own type, for instance of a channel's settings, failed."),
)  # fmt: skip
NOT_READ = rule(
    "P037", WARNING,
    N_("{file} is not read: procedures are files that end in .yaml"),
    N_("rename it to {wanted}"),
    N_("One ending only, so that no file is there twice under two names."),
)  # fmt: skip
