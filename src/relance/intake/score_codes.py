"""What is said of scores of others."""

from relance.diagnostics import Severity, rule
from relance.language import N_

W = Severity.WARNING

NOT_READ = rule(
    "D180", W,
    N_("the scores of `{source}` were not read: {reason}"),
    N_("`relance score list` shows the scores that count meanwhile"),
    N_("Scores order the worklist only: without them it is ordered by what is open, how late, and how its debtor pays."),
)  # fmt: skip
ROW_LEFT = rule(
    "D181", W,
    N_("this score is left out: {why}"),
    N_("a row needs a debtor, a date that is not in the future, and a score between `worst` and `best`"),
    N_("A score without a date cannot be compared with a newer one."),
)  # fmt: skip
UNKNOWN_DEBTORS = rule(
    "D182", Severity.INFO,
    N_("scores of debtors that are not in the customers' file, or may be natural persons: {count}; they are not used"),
    N_("`kind: business` or `public` in the customers' file says who is a firm"),
    N_("Natural persons are not scored, nor is who is not known to be a firm (GDPR, art. 22)."),
)  # fmt: skip
