"""What a notice says of its charges: the sentence, the note under the table, and the annex."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from relance.dunning.plan import Line, Notice
from relance.law.claim import Computation, InterestLine
from relance.law.compensation import scaled
from relance.law.compute import PRINCIPAL_FIRST
from relance.law.schedule import ONE_DAY
from relance.notices import figures
from relance.notices.hand import Hand
from relance.policy.model import Law

ANNEXED = "formal-notice"
"""The template whose notices carry the computation line by line."""


@dataclass(frozen=True, slots=True)
class Period:
    """A line of the computation, ready to print; `source` is the number of its note."""

    start: str
    end: str
    days: str
    rate: str
    principal: str
    amount: str
    source: str


@dataclass(frozen=True, slots=True)
class Section:
    """The computation of one invoice; `interest` is the sum of its periods, "" if there is none.

    `costs` is its compensation as label and amount, () if there is none.
    """

    title: str
    periods: tuple[Period, ...]
    interest: str
    costs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Annex:
    """The computation of all that a notice claims beside the principal.

    Attributes:
        sources: where the rates come from, as the numbers of the periods count them.
        notes: how it was computed and on which articles it rests.
        sums: pairs of label and amount that close it.
    """

    title: str
    sections: tuple[Section, ...]
    sums: tuple[tuple[str, str], ...]
    sources: tuple[str, ...]
    notes: tuple[str, ...]


def charged_sentence(notice: Notice, hand: Hand) -> str:
    """Return what is added to the principal and what that comes to, "" when nothing is."""
    amounts = {
        "part_interest": notice.interest,
        "part_compensation": notice.compensation,
        "part_fee": notice.fee,
    }
    parts = [hand.say(name, amount=hand.money(n)) for name, n in amounts.items() if n]
    if not parts:
        return ""
    joined = figures.enumerate_numbers(parts, hand.locale)
    return hand.say("charged", parts=joined, total=hand.money(notice.total_due))


def charges_note(notice: Notice, hand: Hand) -> str:
    """Return at which rates and by which articles the charges are claimed, "" without legal ones."""
    given = [line.computation for line in notice.charged if line.computation]
    if not given:
        return ""
    periods = [period for computation in given for period in computation.lines]
    said = []
    if periods:
        rates = dict.fromkeys(hand.percent(p.rate) for p in sorted(periods, key=_start))
        shown = figures.enumerate_numbers(list(rates), hand.locale)
        said.append(_running(notice, shown, hand))
    basis = hand.articles(article for c in given for article in c.legal_basis)
    said += [hand.say("charges_basis", articles=basis)] if basis else []
    said.append(hand.labels["charges_vat" if notice.compensation else "charges_vat_interest"])
    if annex_of(notice, hand):
        said.append(hand.labels["charges_annex"])
    return " ".join(said)


def _running(notice: Notice, rates: str, hand: Hand) -> str:
    """Return at which `rates` interest ran, from when and to when.

    The law lets it run from the day after the due date, or from a notice or the end of a waiting time.
    """
    until = hand.day(notice.run_date)
    if _from_due(notice.charged):
        return hand.say("charges_interest", rates=rates, day=until)
    first = {start for start, _ in _beginnings(notice.charged)}
    if len(first) > 1:
        return hand.say("charges_interest_since", rates=rates, day=until)
    return hand.say("charges_interest_from", rates=rates, start=hand.day(first.pop()), day=until)


def _from_due(lines: Iterable[Line]) -> bool:
    """Return whether all interest runs from the day after the due date."""
    return all(due and start == due + ONE_DAY for start, due in _beginnings(lines))


def _beginnings(lines: Iterable[Line]) -> list[tuple[date, date | None]]:
    """Return the first day of interest and the due date of the lines that bear any."""
    given = [(line.computation.lines, line.due) for line in lines if line.computation]
    return [(periods[0].start, due) for periods, due in given if periods]


def free_reminder(notice: Notice, registration: str, law: Law, hand: Hand) -> str:
    """Return what a Belgian consumer's free reminder must say, "" once charges are claimed.

    Where the terms have a clause it names the compensation that would be claimed, invoice by invoice.
    An SMS has no foot: it carries the company number. Source: art. XIX.2 CDE (Belgium).
    """
    if notice.total_due != notice.total_open:
        return ""
    said = hand.labels[f"free_{notice.medium}"]
    if law.consumer_clause and notice.currency == "EUR":
        amount = sum(scaled("be_consumer", line.open) for line in notice.receivables)
        said = hand.say(f"free_{notice.medium}_clause", amount=hand.money(amount))
    if notice.medium == "sms" and registration:
        return f"{said} {registration}."
    return said


def _start(period: InterestLine) -> date:
    return period.start


def annex_of(notice: Notice, hand: Hand) -> Annex | None:
    """Return the annex of a formal notice, None for other notices or when no interest is claimed."""
    lines = [line for line in notice.charged if line.computation]
    periods = [p for line in lines if line.computation for p in line.computation.lines]
    if notice.template != ANNEXED or not periods:
        return None
    sources = tuple(dict.fromkeys(hand.source(p) for p in sorted(periods, key=_start)))
    return Annex(
        title=hand.say("annex_title", day=hand.day(notice.run_date)),
        sections=tuple(_section(line, sources, hand) for line in _oldest_first(lines)),
        sums=_sums(notice, hand),
        sources=sources,
        notes=_notes(lines, hand),
    )


def _oldest_first(lines: Sequence[Line]) -> list[Line]:
    return sorted(lines, key=lambda line: (line.due or date.max, line.number))


def _section(line: Line, sources: tuple[str, ...], hand: Hand) -> Section:
    computation = line.computation
    costs = (hand.labels["compensation"], hand.money(line.compensation))
    return Section(
        title=hand.say("annex_invoice", number=line.number, due=hand.day(line.due)),
        periods=tuple(_period(p, sources, hand) for p in computation.lines) if computation else (),
        interest=hand.money(line.interest) if line.interest else "",
        costs=costs if line.compensation else (),
    )


def _period(period: InterestLine, sources: tuple[str, ...], hand: Hand) -> Period:
    return Period(
        start=hand.day(period.start),
        end=hand.day(period.end),
        days=str(period.days),
        rate=hand.percent(period.rate),
        principal=hand.money(period.principal),
        amount=hand.money(period.amount),
        source=f"({sources.index(hand.source(period)) + 1})",
    )


def _sums(notice: Notice, hand: Hand) -> tuple[tuple[str, str], ...]:
    amounts = {"interest": notice.interest, "compensation": notice.compensation}
    return tuple(
        (hand.labels[f"annex_{name}"], hand.money(minor))
        for name, minor in amounts.items()
        if minor
    )


def _notes(lines: Sequence[Line], hand: Hand) -> tuple[str, ...]:
    given = [line.computation for line in lines if line.computation]
    counted = "annex_days_due" if _from_due(lines) else "annex_days_law"
    notes = [f"{hand.labels['annex_method']} {hand.labels[counted]}"]
    notes.append(
        hand.say("annex_basis", articles=hand.articles(a for c in given for a in c.legal_basis))
    )
    if any(PRINCIPAL_FIRST in c.remarks for c in given):
        notes.append(hand.labels["annex_principal_first"])
    elif hand.interest_first and any(_was_cut(line) for line in lines):
        notes.append(hand.labels["annex_interest_first"])
    if any(_grew(c) for c in given):
        notes.append(hand.labels["annex_compounds"])
    if any(not period.confirmed for c in given for period in c.lines):
        notes.append(hand.labels["annex_unconfirmed"])
    return tuple(notes)


def _grew(computation: Computation) -> bool:
    """Whether unpaid interest came to bear interest itself."""
    return any(a.principal < b.principal for a, b in pairwise(computation.lines))


def _was_cut(line: Line) -> bool:
    """Whether a part payment changed what bears interest."""
    periods = line.computation.lines if line.computation else ()
    return len({period.principal for period in periods}) > 1
