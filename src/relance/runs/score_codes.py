"""What asking for scores can be refused for, or has to say."""

from relance.diagnostics import Severity, rule
from relance.language import N_

E, W = Severity.ERROR, Severity.WARNING

NO_SERVICE = rule(
    "D183", E,
    N_("no service is there to be asked"),
    N_("add one under `scores: {{sources: …}}` in relance.yaml; scores of files need no fetching"),
)  # fmt: skip
FAILING = rule(
    "D184", W,
    N_("{source} did not answer: {why}; asked about {asked}, not about {left} more; the older scores stay: {older}"),
    N_("`relance score fetch` tries again; `relance score list` shows the age of each score"),
    N_("A provider that fails stops nothing: scores order the worklist only, and the older one counts until it is too old."),
)  # fmt: skip
NOT_UNDERSTOOD = rule(
    "D185", W,
    N_("{source}: {count} answers hold no score between {worst} and {best} at `{path}`, the first about {debtor}"),
    N_("look at an answer of the service, then at `score`, `dated`, `worst` and `best` of this source"),
    N_("What is not understood is not guessed: the older score stays."),
)  # fmt: skip
NO_EXTRA = rule(
    "D186", E,
    N_("models need scikit-learn, which is not installed"),
    N_('`pip install "relance[score]"`, or leave --models out: the shrunk ratio needs nothing more'),
    N_("Models are an extra: 60 MB of wheels for what the ratio mostly does as well."),
)  # fmt: skip
TERMS_NOT_APPROVED = rule(
    "D187", E,
    N_("terms list {list} is not approved: nothing was written"),
    N_("look at `relance debtor --terms`, then `relance debtor --terms --approve {list} -o FILE`"),
    N_("Other terms change what a customer may buy: a person answers for it, by name, and for exactly this list."),
)  # fmt: skip
OTHER_TERMS = rule(
    "D188", E,
    N_("today's terms list is {now}, not {list}: nothing was approved"),
    N_("look at `relance debtor --terms` again: somebody paid, or somebody ordered"),
)  # fmt: skip
NOT_ON_LIST = rule(
    "D189", E,
    N_("{debtors} is not on terms list {list}: nothing was approved"),
    N_("`relance debtor --terms` shows who is on it"),
)  # fmt: skip
