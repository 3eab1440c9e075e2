"""Terms of payment against the law's limits."""

from __future__ import annotations

from collections.abc import Iterator

from relance.diagnostics import Diagnostic, Phrase
from relance.law.limits import excess, limit_of, sectors
from relance.ledger.terms import Terms, parse_terms
from relance.policy.checks.law_reach import home_of, uses
from relance.policy.codes import law as codes
from relance.policy.draft import Project
from relance.policy.model import BankSource
from relance.policy.nearest import nearest

_MOSTLY = 91
"""Invoices of so many days of the year are over the limit: a quarter of them, and it is no accident."""


def check_terms(project: Project) -> Iterator[Diagnostic]:
    """Yield the findings about the sector and the terms of the sources."""
    home, sector = home_of(project), project.draft.law.sector
    if sector is not None and home:
        yield from _sector(sector, home, project)
    if not any(uses(project, "business", (home,))):
        return
    for index, source in enumerate(project.draft.sources):
        if isinstance(source, BankSource) or source.terms is None:
            continue
        terms = parse_terms(source.terms)
        if terms is not None:
            yield from _terms(source.terms, terms, index, project)


def _sector(sector: str, home: str, project: Project) -> Iterator[Diagnostic]:
    known, span = sectors(home), project.main.span("law", "sector")
    if not known:
        yield Diagnostic(codes.SECTOR_WITHOUT_EFFECT, span, {"country": home})
    elif sector not in known:
        facts = {"sector": sector, "names": nearest(sector, known)}
        yield Diagnostic(codes.UNKNOWN_SECTOR, span, facts)


def _terms(text: str, terms: Terms, index: int, project: Project) -> Iterator[Diagnostic]:
    home, sector = home_of(project), project.draft.law.sector
    limit = limit_of(home, sector)
    dates, most = excess(terms, home, sector)
    if limit is None or not dates:
        return
    certain = dates > _MOSTLY and not limit.derogable
    rule = codes.TERMS_TOO_LONG if certain else codes.TERMS_SOMETIMES_TOO_LONG
    facts = {"terms": text, "days": most, "said": Phrase(limit.said), "article": limit.article}
    yield Diagnostic(rule, project.main.span("sources", index, "terms"), facts)
