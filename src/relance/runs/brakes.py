"""Brakes: what keeps a run from sending anything at all.

Two kinds. What forbids sending is mended where it lies (`forbidden`); what is unusual in the
figures (`BRAKES`) is released by a person who looked at the plan, by its hash. All that hold are
told at once. There is no way around them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from statistics import median
from zoneinfo import ZoneInfo

from relance.diagnostics import Diagnostic
from relance.history.store import History
from relance.money import to_text
from relance.policy.model import Policy
from relance.runs import brake_codes as codes
from relance.runs import codes as run_codes
from relance.runs.accounts import PIN as ACCOUNTS_PIN
from relance.runs.accounts import changed_accounts, pin_accounts
from relance.runs.approvals import Approved
from relance.runs.environment import other_environment, pin_environment, without_recipients
from relance.runs.figures import Figures, figures_of
from relance.runs.freshness import frozen, stale
from relance.runs.proposal import Proposal
from relance.runs.reviewed import Change, Reviewed, changes_since, refuse_other

SMALLEST = 50
"""Rows from which ratios count: a small book is not stopped by one paid invoice."""

FEW = 20
"""Notices that never are too many."""


def too_many(figures: Figures) -> Iterator[Diagnostic]:
    """Yield the brake of `limits.max_notices`."""
    if figures.notices > figures.most:
        facts = {"count": figures.notices, "max": figures.most, "plan": figures.plan}
        yield Diagnostic(run_codes.TOO_MANY, None, facts)


def fewer_rows(figures: Figures) -> Iterator[Diagnostic]:
    """Yield each source that has more than 20 % fewer rows than at the last run."""
    for name, now in figures.now.items():
        then = figures.then.get(name)
        if then is not None and fell(then.rows, now.rows, 20):
            facts = {"source": name, "now": now.rows, "then": then.rows, "plan": figures.plan}
            yield Diagnostic(codes.FEWER_ROWS, None, facts)


def balance_moved(figures: Figures) -> Iterator[Diagnostic]:
    """Yield each source and currency whose open balance is more than 30 % off the last run's."""
    for name, now in figures.now.items():
        then = figures.then[name].open if name in figures.then else {}
        for currency in sorted({*now.open, *then} if name in figures.then else ()):
            rows, amount = now.open.get(currency, (0, 0))
            rows_then, amount_then = then.get(currency, (0, 0))
            if max(rows, rows_then) >= SMALLEST and moved(amount_then, amount, 30):
                texts = [f"{to_text(a, currency)} {currency}" for a in (amount, amount_then)]
                facts = {"source": name, "now": texts[0], "then": texts[1], "plan": figures.plan}
                yield Diagnostic(codes.BALANCE_MOVED, None, facts)


def unusual_number(figures: Figures) -> Iterator[Diagnostic]:
    """Yield that there are more than three times as many notices as usual, and more than 20."""
    if not figures.sent or figures.notices <= FEW:
        return
    usual = median(figures.sent)
    if figures.notices > 3 * usual:
        facts = {"count": figures.notices, "usual": f"{usual:g}", "plan": figures.plan}
        yield Diagnostic(codes.UNUSUAL_NUMBER, None, facts)


def many_rejected(figures: Figures) -> Iterator[Diagnostic]:
    """Yield each file of which more than 5 % of the rows could not be read."""
    for file, rejected, rows in figures.rejected:
        if rows >= SMALLEST and exceeds(rejected, rows, 5):
            facts = {"file": file, "rejected": rejected, "rows": rows, "plan": figures.plan}
            yield Diagnostic(codes.MANY_REJECTED, None, facts)


def many_addresses(figures: Figures) -> Iterator[Diagnostic]:
    """Yield that more than 10 % of the debtors who owe have another address."""
    if figures.debtors >= SMALLEST and exceeds(figures.moved, figures.debtors, 10):
        facts = {"changed": figures.moved, "debtors": figures.debtors, "plan": figures.plan}
        yield Diagnostic(codes.MANY_ADDRESSES, None, facts)


def first_run(figures: Figures) -> Iterator[Diagnostic]:
    """Yield that nothing was ever sent to debtors, and more than 20 notices would be."""
    if figures.production and not figures.sent and figures.notices > FEW:
        facts = {"count": figures.notices, "plan": figures.plan}
        yield Diagnostic(codes.FIRST_RUN, None, facts)


BRAKES: tuple[Callable[[Figures], Iterator[Diagnostic]], ...] = (
    too_many, fewer_rows, balance_moved, unusual_number, many_rejected, many_addresses, first_run,
)  # fmt: skip
"""The brakes that the approval of the plan releases, in the order in which they are told."""


def fell(then: int, now: int, percent: int) -> bool:
    """Return whether `now` is more than `percent` below `then`, which must be SMALLEST at least."""
    return then >= SMALLEST and exceeds(then - now, then, percent)


def moved(then: int, now: int, percent: int) -> bool:
    """Return whether `now` is more than `percent` of `then` away from it, up or down."""
    return exceeds(abs(now - then), abs(then), percent)


def exceeds(part: int, whole: int, percent: int) -> bool:
    """Return whether `part` is more than `percent` of `whole`, exactly."""
    return 100 * part > percent * whole


def forbidden(policy: Policy, history: History) -> list[Diagnostic]:
    """Return what forbids to send anything, whatever the plan; no approval of a plan releases it."""
    return [
        *paused(policy, history),
        *other_environment(policy, history),
        *without_recipients(policy),
        *changed_accounts(policy, history),
    ]


def paused(policy: Policy, history: History) -> list[Diagnostic]:
    """Return that sending is paused, since when, by whom and why."""
    pause = history.paused()
    if pause is None:
        return []
    since = pause.since.astimezone(ZoneInfo(policy.creditor.timezone))
    facts = {"since": f"{since:%Y-%m-%d %H:%M}", "by": pause.by, "reason": pause.reason or "–"}
    return [Diagnostic(codes.PAUSED, None, facts)]


@dataclass(frozen=True)
class Check:
    """A proposal that was looked at before it is sent.

    Attributes:
        proposal: as it was given, with what there is to say of frozen exports.
        figures: its figures beside those of the last run.
        stops: all that keeps it from being sent; empty if it may go.
        changes: how it differs from the plan that was reviewed, if one was.
    """

    proposal: Proposal
    figures: Figures
    stops: list[Diagnostic]
    changes: list[Change] = field(default_factory=list)


def checked(proposal: Proposal, history: History, reviewed: Reviewed | None = None) -> Check:
    """Return whether `proposal` may be sent, and if not, all that is in its way."""
    policy, figures = proposal.policy, figures_of(proposal, history)
    changes = changes_since(reviewed, proposal) if reviewed else []
    stops = refuse_other(reviewed, proposal, changes) if reviewed else []
    stops += [*forbidden(policy, history), *stale(proposal, history.now())]
    held = [diagnostic for brake in BRAKES for diagnostic in brake(figures)]
    if held and not Approved.of(proposal, history).plan:
        stops += held
    told = (*proposal.diagnostics, *frozen(policy, proposal.today, figures.now))
    return Check(replace(proposal, diagnostics=told), figures, stops, changes)


def pin_on_first_use(policy: Policy, history: History) -> None:
    """Pin the environment and the bank accounts, if this is the first run that may send."""
    pin_environment(policy, history)
    if history.pinned(ACCOUNTS_PIN) is None:
        pin_accounts(policy, history)
