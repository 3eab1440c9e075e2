"""What there is to say about addresses that mails came back from."""

from relance.diagnostics import Severity, rule
from relance.language import N_

ADDRESS_REFUSED = rule(
    "D090",
    Severity.WARNING,
    N_("debtor {debtor}: {address} was refused, the level goes by its next channel or is a task"),
    N_("give another address in the customers' file, or `relance doubt unsent KEY` if it was a mistake"),
    N_("A message that came back reached nobody: its level counts as not done, and its address is not used again."),
)  # fmt: skip
