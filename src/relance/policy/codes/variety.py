"""What can be wrong with variants, tones, links and addressees of levels."""

from relance.diagnostics import Severity, rule
from relance.language import N_

ERROR = Severity.ERROR

FORMAL_VARIANTS = rule(
    "P230", ERROR,
    N_("level `{level}` is a formal step: it has no variants"),
    N_("write it once, with its template and channel; variants are for reminders"),
    N_("A formal notice, and a level that is mandatory, must be the same for all, and provable: nobody should get a telephone call in its place."),
)  # fmt: skip
ALL_AND_VARIANTS = rule(
    "P231", ERROR,
    N_("level `{level}` has both `all` and `variants`"),
    N_("name the channels with `channel`, here or in each variant"),
)  # fmt: skip
FORMAL_TONE = rule(
    "P232", ERROR,
    N_("level `{level}` is a formal step: its tone is never `auto`"),
    N_("remove `tone: auto`"),
    N_("How a debtor paid before softens reminders, never a formal notice, which must say the same to all."),
)  # fmt: skip
BAD_LINK = rule(
    "P233", ERROR,
    N_("`link` is no https address that can be filled in: {link}"),
    N_("write https://…, with {places} in its path where wanted; or `customer`"),
    N_("Only https, a host of Latin letters without a user name, and no places to fill in before the first slash: a debtor must see where it leads."),
)  # fmt: skip
TONE_AFTER_ALL = rule(
    "P234", ERROR,
    N_("this rule of `tones` is never reached: an earlier one takes all debtors"),
    N_("put the rule without `when` last"),
)  # fmt: skip
NO_PEOPLE = rule(
    "P235", ERROR,
    N_("level `{level}` is addressed to `{role}`, and no customers' file says who that is"),
    N_("add `customers:` to relance.yaml, with columns such as {role}_name and {role}_email"),
)  # fmt: skip
