"""How old the exports are: nobody is dunned who paid yesterday."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from relance.dates import is_sending_day, working_hours
from relance.diagnostics import Diagnostic, Span
from relance.policy.model import EinvoiceSource, Policy
from relance.runs import brake_codes as codes
from relance.runs.figures import Import
from relance.runs.proposal import Proposal

FROZEN_DAYS = 2
"""Working days after which an export that stays the same is told."""


def stale(proposal: Proposal, now: datetime) -> list[Diagnostic]:
    """Return each source whose newest file is older than `freshness`, bank statements too.

    The age is that at `now`, and only a run of that very day has one: files that are read with
    another `--date` are looked at for another reason than to write to debtors of today. A folder of e-invoices
    has no age: a file in it is an invoice, and none may have been issued for days.
    """
    policy = proposal.policy
    zone = ZoneInfo(policy.creditor.timezone)
    if proposal.today != now.astimezone(zone).date():
        return []
    found = []
    for source in policy.sources:
        files = [f for f in proposal.reading.files if f.source == source.name]
        if isinstance(source, EinvoiceSource) or not files:
            continue
        changed = datetime.fromtimestamp(max(file.modified for file in files), zone)
        hours = working_hours(changed, now.astimezone(zone), policy.creditor.country)
        if hours > policy.freshness:
            facts = {"source": source.name, "changed": f"{changed:%Y-%m-%d %H:%M}"}
            span = Span(max(files, key=lambda file: file.modified).path)
            found.append(Diagnostic(codes.STALE, span, facts | {"hours": policy.freshness}))
    return found


def frozen(policy: Policy, today: date, imports: Mapping[str, Import]) -> list[Diagnostic]:
    """Return each export whose content has been the same for two working days or more.

    Folders of e-invoices are none: they change when an invoice is issued.
    """
    exports = [s.name for s in policy.item_sources if not isinstance(s, EinvoiceSource)]
    country = policy.creditor.country
    return [
        Diagnostic(codes.FROZEN, None, {"source": name, "since": imports[name].since})
        for name in exports
        if _working_days(imports[name].since, today, country) >= FROZEN_DAYS
    ]


def _working_days(after: date, until: date, country: str) -> int:
    days = (after + timedelta(days=n) for n in range(1, (until - after).days + 1))
    return sum(is_sending_day(day, (country,)) for day in days)
