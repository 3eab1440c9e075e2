"""What the law says of a policy: articles, and ways out (codes L001–L049)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from relance.diagnostics import Diagnostic
from relance.policy.checks.law_limitation import check_limitation
from relance.policy.checks.law_notices import check_notices
from relance.policy.checks.law_reach import home_of
from relance.policy.draft import Adapters, Project
from relance.policy.model import BankSource, Level


def check_law(
    project: Project, adapters: Adapters | None, today: date | None
) -> Iterator[Diagnostic]:
    """Yield the findings of the law about procedures, terms, rates and the project's templates."""
    # Nothing can be said before the creditor and the segments are known.
    if not home_of(project) or not project.draft.segments:
        return
    charging = [level for level in _levels(project) if _charges(level)]
    # Each part is loaded for the policies that it has something to say about.
    if charging:
        from relance.policy.checks.law_consumers import check_consumers

        yield from check_consumers(project, adapters)
    if _has_terms(project):
        from relance.policy.checks.law_terms import check_terms

        yield from check_terms(project)
    if _has_rates(project) or (today and any(level.charges.interest for level in charging)):
        from relance.policy.checks.law_rates import check_rates

        yield from check_rates(project, today)
    yield from check_limitation(project)
    yield from check_notices(project)
    if (project.root / "templates").is_dir() or any(_writes(level) for level in _levels(project)):
        from relance.policy.checks.law_words import check_words

        yield from check_words(project)


def _levels(project: Project) -> Iterator[Level]:
    for ladder in project.ladders:
        if project.used(ladder.procedure.name):
            yield from ladder.procedure.levels


def _charges(level: Level) -> bool:
    charges = level.charges
    return bool(charges.interest or charges.compensation or charges.fee)


def _writes(level: Level) -> bool:
    return level.task is not None and level.task.kind == "letter"


def _has_terms(project: Project) -> bool:
    sources = (s for s in project.draft.sources if not isinstance(s, BankSource))
    return project.draft.law.sector is not None or any(s.terms is not None for s in sources)


def _has_rates(project: Project) -> bool:
    law = project.draft.law
    return law.contract_rate is not None or law.consumer_rate is not None
