"""Kinds of debtors whose claims would lapse without a warning."""

from __future__ import annotations

from collections.abc import Iterator

from relance.diagnostics import Diagnostic
from relance.law.limitation import period_of
from relance.policy.checks.law_reach import home_of, uses
from relance.policy.codes import law as codes
from relance.policy.draft import Project


def check_limitation(project: Project) -> Iterator[Diagnostic]:
    """Yield a finding about the kinds of debtors whose claims lapse without a warning."""
    home, given = home_of(project), project.draft.law.limitation
    if not home:
        return
    unknown = [
        kind
        for kind in ("business", "consumer")
        if period_of(home, kind, getattr(given, kind)) is None and any(uses(project, kind, (home,)))
    ]
    if unknown:
        span = project.main.span("creditor", "country")
        facts = {"kinds": ", ".join(unknown), "country": home}
        yield Diagnostic(codes.NO_LIMITATION, span, facts)
