"""What can be wrong with segments and conditions."""

from relance.diagnostics import Severity, rule
from relance.language import N_

ERROR = Severity.ERROR

UNKNOWN_PROCEDURE = rule(
    "P130", ERROR,
    N_("unknown procedure `{procedure}`"),
    N_("did you mean: {names}?"),
    N_("Procedures are those of procedures/*.yaml and the shipped ones."),
)  # fmt: skip
DUPLICATE_SEGMENT = rule(
    "P131", ERROR,
    N_("the segment `{name}` is there a second time"),
    N_("give each segment its own name"),
    N_("Customers may name a segment; it must be one."),
)  # fmt: skip
LAST_WITH_CONDITION = rule(
    "P132", ERROR,
    N_("the last segment has a `when`: some debtors would belong nowhere"),
    N_("add a last segment without `when`, for all others"),
    N_("Every debtor lands somewhere."),
)  # fmt: skip
AFTER_ALL = rule(
    "P133", ERROR,
    N_("the segment `{name}` is never reached: `{earlier}` above takes all"),
    N_("move the segment without `when` to the end"),
    N_("The first segment that matches wins."),
)  # fmt: skip
COVERED = rule(
    "P134", ERROR,
    N_("the segment `{name}` is never reached: `{earlier}` above takes all that it would"),
    N_("put the narrower segment first, or change its `when`"),
    N_("The first segment that matches wins."),
)  # fmt: skip
ITEM_FIELD = rule(
    "P135", ERROR,
    N_("`{field}` belongs to an item; segments are about debtors"),
    N_("did you mean: {names}?"),
    N_("A debtor is in one segment, whatever the item. Levels may look at items."),
)  # fmt: skip
NEVER_MATCHES = rule(
    "P136", ERROR,
    N_("`{field}` is never `{value}`"),
    N_("write it like {form}"),
    N_("Countries are two capitals, languages fr, nl, de or en, currencies three capitals."),
)  # fmt: skip
UNKNOWN_SOURCE = rule(
    "P137", ERROR,
    N_("unknown source `{source}`"),
    N_("did you mean: {names}?"),
    N_("Conditions name the sources of relance.yaml."),
)  # fmt: skip
SCORED_LEVEL = rule(
    "P138", ERROR,
    N_("level `{level}` has legal weight: no score may decide it"),
    N_("take `score` out of its `when`; segments, and levels without charges or approval, may ask for it"),
    N_(
        "A score is somebody's opinion. It orders lists and chooses segments; what claims money beside the principal, "
        "must be approved or may not be passed over rests on facts."
    ),
)  # fmt: skip
