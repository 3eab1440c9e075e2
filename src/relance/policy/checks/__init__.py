"""What the parts of a policy must be to one another; each check returns its findings."""

from __future__ import annotations

from datetime import date

from relance.diagnostics import Diagnostic
from relance.policy.checks.accounts import check_accounts
from relance.policy.checks.channels import check_channels, check_database
from relance.policy.checks.consent import check_consent
from relance.policy.checks.creditor import check_creditor
from relance.policy.checks.desk import check_desk
from relance.policy.checks.experiments import check_experiments
from relance.policy.checks.handovers import check_handovers
from relance.policy.checks.inbox import check_inbox
from relance.policy.checks.ladder import check_ladder
from relance.policy.checks.law import check_law
from relance.policy.checks.monitoring import check_monitoring
from relance.policy.checks.permissions import check_permissions
from relance.policy.checks.scores import check_scores
from relance.policy.checks.segments import check_segments
from relance.policy.checks.sources import check_sources
from relance.policy.checks.thanks import check_thanks
from relance.policy.checks.variety import check_tones
from relance.policy.draft import Adapters, Project


def check(
    project: Project, adapters: Adapters | None, today: date | None = None
) -> list[Diagnostic]:
    """Return the findings of all checks over what could be read of a project.

    Shipped procedures are checked only where a segment uses them. Without `adapters`, kinds and
    settings of channels and attachments are not checked. Without `today` nothing is said of rates that will be missing.
    """
    found = [
        *check_permissions(project),
        *check_creditor(project),
        *check_accounts(project),
        *check_database(project),
        *check_channels(project, adapters),
        *check_consent(project, adapters),
        *check_sources(project),
        *check_segments(project),
        *check_monitoring(project, adapters),
        *check_inbox(project, adapters),
        *check_desk(project),
        *check_thanks(project, adapters),
        *check_tones(project),
        *check_handovers(project, adapters),
        *check_scores(project),
        *check_experiments(project),
    ]
    for ladder in project.ladders:
        if not ladder.shipped or project.used(ladder.procedure.name):
            found += check_ladder(ladder, project, adapters)
    return [*found, *check_law(project, adapters, today)]
