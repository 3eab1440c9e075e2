"""Agreed rates against the law's, and rates that will soon be missing."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal

from relance.diagnostics import Diagnostic
from relance.law.tables import known_rows
from relance.policy.checks.law_reach import countries_of, home_of
from relance.policy.codes import law as codes
from relance.policy.draft import Project

EUROPEAN_UNION = frozenset(
    ("AT", "BE", "BG", "CY", "CZ", "DE", "DK", "EE", "ES", "FI", "FR", "GR", "HR", "HU", "IE", "IT",
     "LT", "LU", "LV", "MT", "NL", "PL", "PT", "RO", "SE", "SI", "SK")
)  # fmt: skip
"""Countries whose rates follow directive 2011/7/EU, ISO 3166 alpha-2."""

_SOON = timedelta(days=45)

# Table of the statutory rate between businesses, and points added to it.
_STATUTORY = {
    "FR": ("fr_default", 0), "BE": ("be_b2b", 0), "LU": ("lu_b2b", 0), "NL": ("nl_handelsrente", 0),
    "DE": ("de_base", 9),
}  # fmt: skip
_ELSEWHERE = ("ecb_refi", 8)


def check_rates(project: Project, today: date | None) -> Iterator[Diagnostic]:
    """Yield the findings about agreed rates, and about rates that will soon be missing.

    Without `today` agreed rates are compared with the latest rate that is known, and nothing is
    said of missing ones.
    """
    law, home = project.draft.law, home_of(project)
    if law.contract_rate is not None and home in EUROPEAN_UNION:
        yield from _contract_rate(law.contract_rate, home, project, today)
    if law.consumer_rate is not None and countries_of(project, "BE"):
        yield from _consumer_rate(law.consumer_rate, project, today)
    if today is not None and home in EUROPEAN_UNION and _claims_interest(project):
        yield from _soon_missing(home, project, today)


def _contract_rate(
    rate: Decimal, home: str, project: Project, today: date | None
) -> Iterator[Diagnostic]:
    span = project.main.span("law", "contract_rate")
    table, margin = _STATUTORY.get(home, _ELSEWHERE)
    statutory, semester = _latest(table, project, today)
    if statutory is None:
        return
    statutory += margin
    if home != "FR":
        if rate < statutory:
            facts: dict[str, object] = {"rate": rate, "least": statutory, "semester": semester}
            yield Diagnostic(codes.RATE_BELOW_STATUTORY, span, facts)
        return
    legal, semester = _latest("fr_legal", project, today)
    if legal is not None and rate < 3 * legal:
        facts = {"rate": rate, "least": 3 * legal, "semester": semester, "legal": statutory}
        yield Diagnostic(codes.RATE_BELOW_FLOOR, span, facts)


def _consumer_rate(rate: Decimal, project: Project, today: date | None) -> Iterator[Diagnostic]:
    most, semester = _latest("be_b2b", project, today)
    if most is not None and rate > most:
        facts = {"rate": rate, "most": most, "semester": semester}
        span = project.main.span("law", "consumer_rate")
        yield Diagnostic(codes.CONSUMER_RATE_ABOVE, span, facts)


def _latest(table: str, project: Project, today: date | None) -> tuple[Decimal | None, str]:
    """Return the rate of the semester of `today`, else the latest known one, and its name."""
    own = [(r.start, r.percent) for r in project.draft.rates if r.table == table]
    known = [(row.start, row.percent) for row in known_rows(table)]
    held = [(start, p) for start, p in (*known, *own) if today is None or start <= today]
    if not held:
        return None, ""
    start, percent = max(held, key=lambda one: one[0])
    return percent, f"{start.year}-S{1 if start.month <= 6 else 2}"


def _claims_interest(project: Project) -> bool:
    return any(
        level.charges.interest
        for ladder in project.ladders
        if project.used(ladder.procedure.name)
        for level in ladder.procedure.levels
    )


def _soon_missing(home: str, project: Project, today: date) -> Iterator[Diagnostic]:
    """Yield a finding when the next half-year begins soon, or has begun, without its rate."""
    table = _STATUTORY.get(home, _ELSEWHERE)[0]
    end = max(row.until for row in known_rows(table))
    own = [r.start for r in project.draft.rates if r.table == table]
    while any(start == end + timedelta(1) for start in own):
        end = _half_year_end(end + timedelta(1))
    if today + _SOON > end:
        facts = {"table": table, "day": (end + timedelta(1)).isoformat()}
        line = (
            project.main.span("law") if project.main.get("law") else project.main.span("creditor")
        )
        yield Diagnostic(codes.RATE_SOON_MISSING, line, facts)


def _half_year_end(start: date) -> date:
    return date(start.year, 6, 30) if start.month <= 6 else date(start.year, 12, 31)
