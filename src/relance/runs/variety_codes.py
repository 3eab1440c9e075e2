"""What there is to say of addressees."""

from relance.diagnostics import Severity, rule
from relance.language import N_

ROLE_OF_NOBODY = rule(
    "D175", Severity.WARNING,
    N_("level `{level}` is addressed to `{role}`, whom no customer has: it goes to the customer's own address"),
    N_("fill in {role}_name and {role}_email in the customers' file, or take `{role}` out of `to`"),
)  # fmt: skip
