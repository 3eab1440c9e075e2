"""What stops a run before anything is sent, and what a test may not send."""

from relance.diagnostics import Severity, rule
from relance.language import N_

FEWER_ROWS = rule(
    "D050",
    Severity.ERROR,
    N_("source {source}: {now} rows, {then} at the last run: more than 20 % fewer; nothing was sent"),
    N_("look whether the export is whole; if it is right, `relance approve {plan}`, then run again"),
    N_("An export that was cut short must not make the rest look settled. It counts from 50 rows."),
)  # fmt: skip
BALANCE_MOVED = rule(
    "D051",
    Severity.ERROR,
    N_("source {source}: the open balance is {now}, it was {then} at the last run: more than 30 % apart; nothing was sent"),
    N_("look at the amounts in `relance status`; if they are right, `relance approve {plan}`, then run again"),
    N_("A shifted column, a swapped decimal mark or a flipped sign changes what everybody owes. It counts per currency, from 50 rows in it."),
)  # fmt: skip
UNUSUAL_NUMBER = rule(
    "D052",
    Severity.ERROR,
    N_("{count} notices are due today, a run sends {usual} as a rule: more than three times as many; nothing was sent"),
    N_("look at `relance plan`; if it is right, `relance approve {plan}`, then run again"),
    N_("As a rule means the median of the last 20 runs that sent something. It counts above 20 notices."),
)  # fmt: skip
MANY_REJECTED = rule(
    "D053",
    Severity.ERROR,
    N_("{file}: {rejected} of {rows} rows could not be read: more than 5 %; nothing was sent"),
    N_("`relance import` names them; correct the export, or `relance approve {plan}` and run again"),
    N_("Rows that are left out may be payments or credit notes. It counts from 50 rows."),
)  # fmt: skip
MANY_ADDRESSES = rule(
    "D054",
    Severity.ERROR,
    N_("{changed} of {debtors} debtors who owe have another address than at the last run: more than 10 %; nothing was sent"),
    N_("`relance plan` marks them with ≠; if they are right, `relance approve {plan}`, then run again"),
    N_("E-mail, mobile number and postal address count. A column out of place, or a forger, would write to the wrong people. It counts from 50 debtors."),
)  # fmt: skip
FIRST_RUN = rule(
    "D055",
    Severity.ERROR,
    N_("this would be the first run that sends, with {count} notices, and 20 is the most without approval: nothing was sent"),
    N_("look at `relance preview`; then `relance approve {plan}` and run again, or set old items aside with `relance adopt`"),
    N_("The first run of a project in production shows what its policy does: a person looks at it before it goes out."),
)  # fmt: skip
STALE = rule(
    "D056",
    Severity.ERROR,
    N_("source {source}: its newest file is of {changed}, more than {hours} working hours old: nothing was sent"),
    N_("look why the export did not run; where it comes less often, raise `freshness`"),
    N_("Who paid since the export would be dunned. Hours of working days count (Monday to Friday without the public holidays of the creditor's country). No approval releases it: that the plan looks right says nothing of what was paid."),
)  # fmt: skip
ACCOUNTS_CHANGED = rule(
    "D057",
    Severity.ERROR,
    N_("the bank accounts are not those pinned on {date}: {changes}; nothing was sent"),
    N_("`relance accounts` shows both; ask whoever changed them, by a way you know; if it is right, `relance accounts approve`"),
    N_("A changed account is the fraud of reminders: whoever can write accounts.yaml would have the debtors pay him. Approving a plan does not release it."),
)  # fmt: skip
PAUSED = rule(
    "D058",
    Severity.ERROR,
    N_("sending is paused since {since} by {by}: {reason}"),
    N_("`relance resume` lets runs send again"),
    N_("A pause stops every run of the project, also one that is under way, before its next notice."),
)  # fmt: skip
OTHER_ENVIRONMENT = rule(
    "D059",
    Severity.ERROR,
    N_("this history was made with `environment: {pinned}`, and relance.yaml says {now}: nothing was sent"),
    N_("test in a copy of the project directory, with a `database` of its own; or set `environment` back to {pinned}"),
    N_("What a test sent was not sent to debtors, and a test would count what went to them: the two never share a history."),
)  # fmt: skip
NOBODY_ALLOWED = rule(
    "D060",
    Severity.ERROR,
    N_("`environment: test` and `test_recipients` is empty: nothing was sent"),
    N_("name the addresses and numbers that a test may write to in `test_recipients`"),
    N_("In a test every message goes to those addresses only; without one it may go nowhere."),
)  # fmt: skip
NOT_ALLOWED = rule(
    "D061",
    Severity.ERROR,
    N_("notice {key} is not sent: in a test, channel {channel} may write to nobody"),
    N_("add an address for {medium} to `test_recipients`; letters leave in a test by channels that stay on this machine only"),
    N_("A test never reaches a debtor. What stays on this machine (outbox, letter folders, tasks) may be written."),
)  # fmt: skip
FROZEN = rule(
    "D062",
    Severity.WARNING,
    N_("source {source}: the export has been the same to the byte since {since}"),
    N_("look whether the export still runs: payments of the last days may be missing in it"),
    N_("An export that is written anew every night with the same content is fresh by its date only. It is said from the second working day on."),
)  # fmt: skip
