"""What procedures charge consumers: the free first reminder, waiting times, clauses and fees."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from relance.diagnostics import Diagnostic, Rule
from relance.policy.checks.delivery import media_of
from relance.policy.checks.law_reach import Use, acting, countries_of, home_of, place, takes, uses
from relance.policy.codes import law as codes
from relance.policy.draft import Adapters, Ladder, Project
from relance.policy.model import Level

LETTER_WAIT, ELECTRONIC_WAIT = 21, 15
"""Days from sending a first reminder to a Belgian consumer to the first day on which anything may
be charged (`law.waiting`), at worst over all weekends and holidays. Computed once: a calendar would
double the time of `validate`."""

LETTER_GAP, ELECTRONIC_GAP = 21, 18
"""The same between the `days` of two levels, both of which move to the next sending day."""


def check_consumers(project: Project, adapters: Adapters | None) -> Iterator[Diagnostic]:
    """Yield the findings about what consumers, and in France professionals, are charged."""
    for use in uses(project, "consumer", countries_of(project, "FR", "BE")):
        if use.debtors.country == "BE":
            yield from _belgian(use, project, adapters)
        else:
            yield from _french(use, project)
    if home_of(project) == "FR":
        yield from _professionals(project)


def charged(level: Level) -> bool:
    """Return whether the level claims anything beside the principal."""
    charges = level.charges
    return bool(charges.interest or charges.compensation or charges.fee)


def _said(level: Level) -> str:
    """Return the kinds of charges of the level, as the policy names them."""
    return ", ".join(name for name in ("interest", "compensation") if getattr(level.charges, name))


def _found(
    rule: Rule, use: Use, project: Project, index: int, key: str = "charges", **facts: object
) -> Diagnostic:
    level = use.ladder.procedure.levels[index]
    route = ("levels", index, "charges", key) if key == "fee" else ("levels", index, key)
    span = place(use.ladder, project, *route, key=True)
    return Diagnostic(rule, span, {"level": level.id, "segment": use.segment.name, **facts})


# Belgium: Code de droit économique, livre XIX


def _belgian(use: Use, project: Project, adapters: Adapters | None) -> Iterator[Diagnostic]:
    law = project.draft.law
    for index, level in acting(use):
        if level.charges.fee:
            yield from _belgian_fee(use, index, level, project)
        if not charged(level):
            continue
        if not law.consumer_clause and (level.charges.interest or level.charges.compensation):
            yield _found(codes.NO_CLAUSE, use, project, index)
        if law.small_creditor and not (level.charges.compensation or level.charges.fee):
            waits = False  # its interest runs, and can be asked for, from the first reminder on
        else:
            waits = True
        yield from _waiting(use, index, project, adapters, waits=waits)


def _belgian_fee(use: Use, index: int, level: Level, project: Project) -> Iterator[Diagnostic]:
    from relance.law.compensation import MOST_FOR_REMINDER

    fee = level.charges.fee
    if not project.draft.law.regular_contract:
        yield _found(codes.FEE_FROM_BELGIAN_CONSUMER, use, project, index, "fee", fee=f"{fee:.2f}")
    elif fee is not None and fee * 100 > MOST_FOR_REMINDER:
        yield _found(codes.FEE_ABOVE, use, project, index, "fee", fee=f"{fee:.2f}")
    else:
        yield _found(codes.FREE_THREE, use, project, index, "fee")


@dataclass(frozen=True, slots=True)
class _Gap:
    """The time between a free reminder and a level: what it is at least, and what it must be."""

    first: Level
    between: int
    least: int
    days: int
    interval: int

    @property
    def missing(self) -> int:
        """Days that are lacking; 0 or less when it is long enough."""
        return self.least - self.between


def _waiting(
    use: Use, index: int, project: Project, adapters: Adapters | None, *, waits: bool
) -> Iterator[Diagnostic]:
    gaps = [
        _gap(use, before, index, project, adapters)
        for before, level in acting(use)
        if before < index and _is_free_reminder(use, level)
    ]
    if not gaps:
        rule = codes.CHARGED_FIRST if use.certain else codes.CHARGED_FIRST_PERHAPS
        yield _found(rule, use, project, index)
        return
    best = min(gaps, key=lambda gap: gap.missing)
    if waits and best.missing > 0:
        rule = codes.CHARGED_EARLY if use.certain else codes.CHARGED_EARLY_PERHAPS
        facts = {"first": best.first.id, "days": best.between, "least": best.least}
        facts |= {"later": best.first.days + best.days, "interval": best.interval}
        yield _found(rule, use, project, index, "days", **facts)


def _is_free_reminder(use: Use, level: Level) -> bool:
    """Return whether each such debtor gets the level, past due and free of charge."""
    skipped = use.ladder.procedure.catch_up == "by_age" and not level.mandatory
    always = takes(level.when, use.debtors) is True
    return level.days >= 0 and always and not skipped and not charged(level)


def _gap(use: Use, before: int, index: int, project: Project, adapters: Adapters | None) -> _Gap:
    """Return the gap between two levels, by their days or by the interval, whichever is the safer.

    The interval holds after every notice and task on the way, whatever the day on which the first
    leaves; days count from the due date, and both levels move to a sending day.
    """
    procedure = use.ladder.procedure
    first, level = procedure.levels[before], procedure.levels[index]
    by_letter = _by_letter(first, project, adapters)
    wait = LETTER_WAIT if by_letter else ELECTRONIC_WAIT
    gap = LETTER_GAP if by_letter else ELECTRONIC_GAP
    steps = 1
    if procedure.catch_up == "next":
        between = procedure.levels[before + 1 : index]
        steps += sum(takes(one.when, use.debtors) is True for one in between)
    kept, apart = steps * max(1, procedure.interval), level.days - first.days
    safer_kept = kept - wait > apart - gap
    return _Gap(
        first,
        kept if safer_kept else apart,
        wait if safer_kept else gap,
        gap,
        -(-wait // steps),
    )


def _by_letter(level: Level, project: Project, adapters: Adapters | None) -> bool:
    """Return whether the level can leave by post; an unknown channel might."""
    media = [media_of(channel, project, adapters) for channel in level.channels]
    return any(one is None or one[:1] == ("letter",) for one in media)


# France: professionals alone owe penalties and the compensation


def _french(use: Use, project: Project) -> Iterator[Diagnostic]:
    formal = _formal_index(use.ladder)
    for index, level in acting(use):
        fee, said = level.charges.fee, _said(level)
        if fee:
            yield _found(codes.FEE_TO_CONSUMERS, use, project, index, "fee", fee=f"{fee:.2f}")
        after_notice = formal is not None and index > formal
        if use.certain and after_notice and said == "interest":
            continue  # at the legal rate, from the formal notice on
        if use.certain and said == "interest":
            yield _found(codes.INTEREST_BEFORE_NOTICE, use, project, index)
        elif use.certain and said:
            said = "compensation" if after_notice else said
            yield _found(codes.CHARGES_TO_CONSUMERS, use, project, index, charges=said)
        elif said:
            yield _found(codes.CHARGES_TO_CONSUMERS_PERHAPS, use, project, index, charges=said)


def _formal_index(ladder: Ladder) -> int | None:
    """Return the index of the first formal notice, None when there is none."""
    levels = enumerate(ladder.procedure.levels)
    return next((index for index, level in levels if level.template == "formal-notice"), None)


def _professionals(project: Project) -> Iterator[Diagnostic]:
    seen = set()
    consumers = {use.ladder.procedure.name for use in uses(project, "consumer", ("FR",))}
    for use in uses(project, "business", ("FR",)):
        name = use.ladder.procedure.name
        if name in consumers or name in seen:
            continue  # a fee is an error there already
        seen.add(name)
        for index, level in acting(use):
            if level.charges.fee:
                fee = f"{level.charges.fee:.2f}"
                yield _found(codes.FEE_TO_PROFESSIONALS, use, project, index, "fee", fee=fee)
