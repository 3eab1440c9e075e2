"""What should worry somebody although no run failed, and what monitoring itself could not do."""

from relance.diagnostics import Severity, rule
from relance.language import N_

W = Severity.WARNING

SILENT = rule(
    "D110", W,
    N_("no notice was sent for {days} working days, though some were due (last one: {last})"),
    N_("look at what stopped the runs with `relance history`, and at `relance run --dry-run`"),
    N_("A run that ends well every night and never sends anything is a fault that nobody sees. `monitoring.silent_days` sets the days."),
)  # fmt: skip
OLD_DOUBT = rule(
    "D111", W,
    N_("notices in doubt for more than a day: {count}, the oldest since {since}"),
    N_("`relance doubt list` shows them; say for each whether it left"),
    N_("What is in doubt is not sent again and goes no level further, until a person has settled it."),
)  # fmt: skip
NO_PING = rule(
    "D112", W,
    N_("the monitoring service was not told: {reason}"),
    N_("look at `monitoring.ping` in relance.yaml; the run itself is not affected"),
    N_("A monitoring service that is down never keeps a notice from being sent."),
)  # fmt: skip
NO_TEXTFILE = rule(
    "D113", W,
    N_("the figures could not be written to {file}: {reason}"),
    N_("look at `monitoring.textfile` in relance.yaml; the run itself is not affected"),
    N_("The file is written aside and renamed: it is never half there."),
)  # fmt: skip
NO_SUMMARY = rule(
    "D114", W,
    N_("the summary could not be sent: {reason}"),
    N_("look at `monitoring.summary` in relance.yaml; the run itself is not affected"),
    N_("The summary goes to the team by a channel of the project, after everything else."),
)  # fmt: skip
NO_LOG = rule(
    "D115", W,
    N_("the log {file} could not be written: {reason}"),
    N_("free some disk space or give another file to --log; the run itself went on"),
    N_("A log that cannot be written never stops a run: the history has it all."),
)  # fmt: skip
