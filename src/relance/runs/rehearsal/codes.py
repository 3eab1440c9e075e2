"""What can be wrong with a file of tests, beside its keys and values."""

from relance.diagnostics import Severity, rule
from relance.language import N_

ERROR = Severity.ERROR

NO_ACTION = rule(
    "P260", ERROR,
    N_("the step does nothing: it has none of {names}"),
    N_("begin it with what happens: `- plan: 2026-04-08`, `- paid: F1`, …"),
    N_("A step of a test does one thing on its day; what is expected stands beside it."),
)  # fmt: skip
SEVERAL_ACTIONS = rule(
    "P261", ERROR,
    N_("the step does several things: {names}"),
    N_("make a step of each, in the order in which they happen"),
    N_("In one step their order would not be known."),
)  # fmt: skip
NOT_EXPECTED_HERE = rule(
    "P262", ERROR,
    N_("`{key}` is never looked at beside `{action}`"),
    N_("expect it of a step `plan:` or `run:` that follows"),
    N_("An expectation that nothing compares would pass whatever happens."),
)  # fmt: skip
NO_DATE = rule(
    "P263", ERROR,
    N_("`{action}` has no day: no step before it has one"),
    N_("add `date: 2026-04-08` beside it"),
    N_("Tests never ask the clock: what they say would change from day to day. Without `date`, "
       "a step takes the day of the one before."),
)  # fmt: skip
SAME_NAME = rule(
    "P264", ERROR,
    N_("two tests of the file are named `{name}`"),
    N_("give each a name of its own: the first is on line {first}"),
    N_("Tests are chosen and reported by their names."),
)  # fmt: skip
NO_PROGRAM = rule(
    "P265", ERROR,
    N_("a test does not call `{command}`"),
    N_("what it may call: {names}"),
    N_("Tests run in a project of their own that nothing leaves: commands that begin projects, ask "
       "servers or wait for people have no place in them."),
)  # fmt: skip
OWN_PROJECT = rule(
    "P266", ERROR,
    N_("`{option}` is given by the test itself"),
    N_("leave it out; the day stands beside, as `date:`"),
    N_("A test works on its own copy of the project, whatever it calls."),
)  # fmt: skip
UNKNOWN_SOURCE = rule(
    "P267", ERROR,
    N_("there is no source `{name}` of receivables"),
    N_("did you mean: {names}?"),
    N_("`source` of a receivable is the name of one under `sources` in relance.yaml; without it, the "
       "first."),
)  # fmt: skip
NO_QUOTE = rule(
    "P268", ERROR,
    N_("the words of `{action}` cannot be told apart: {reason}"),
    N_("close what is quoted"),
    N_("The words are split as a shell splits them."),
)  # fmt: skip
NO_FILES = rule(
    "P269", ERROR,
    N_("{path} has no tests"),
    N_("tests are files tests/*.yaml of the project; `relance init` writes one to begin with"),
    N_("What is asked to be tested and is not there would look like a success."),
)  # fmt: skip
