"""What a notice says of its charges: the sentence, the note under the table, and the annex."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from babel.numbers import format_decimal

from relance.dunning.plan import Line, Notice
from relance.law.claim import InterestLine
from relance.law.compensation import scaled
from relance.law.compute import PRINCIPAL_FIRST
from relance.law.terms import CONTRACT
from relance.notices import figures
from relance.policy.model import Law

Labels = Mapping[str, str]

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


@dataclass(frozen=True, slots=True)
class Hand:
    """How charges are written: in which language and currency, and whose rates are named.

    Attributes:
        own_sources: publications that the policy gives for rates of its own; they are printed.
        interest_first: part payments pay the interest first.
    """

    currency: str
    locale: str
    labels: Labels
    own_sources: frozenset[str] = frozenset()
    interest_first: bool = False

    def money(self, minor: int) -> str:
        """Return minor units of the notice's currency as text."""
        return figures.money(minor, self.currency, self.locale)

    def day(self, day: date | None) -> str:
        """Return a day in figures, "" for none."""
        return figures.date_short(day, self.locale) if day else ""

    def percent(self, rate: Decimal) -> str:
        """Return a yearly rate: "12,15 %"."""
        return f"{format_decimal(rate, '0.00##', locale=self.locale)}\u00a0%"

    def say(self, label: str, **values: str) -> str:
        """Return the fixed words of `label` with `values` in their places."""
        text = self.labels[label]
        for name, value in values.items():
            text = text.replace("{" + name + "}", value, 1)
        return text

    def articles(self, names: Iterable[str]) -> str:
        """Return articles as this language cites them."""
        cited = ", ".join(dict.fromkeys(names))
        for name, label in _ACTS.items():
            cited = cited.replace(name, self.labels[label])
        return cited

    def source(self, line: InterestLine) -> str:
        """Return where a rate comes from: the reference rate, and the publication that is given for it."""
        if line.source == CONTRACT:
            return self.labels["contract_rate"]
        reference, _, publication = line.source.partition(" · ")
        if not self.locale.startswith("en"):
            reference = re.sub(r"(\d)\.(\d)", r"\1,\2", reference)
        named = f"{reference}, {publication}" if publication in self.own_sources else reference
        return named if line.confirmed else f"{named} *"


_ACTS = {"loi du 2 août 2002": "act_be_2002", "CDE art.": "act_be_code"}


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
        said.append(hand.say("charges_interest", rates=shown, day=hand.day(notice.run_date)))
    basis = hand.articles(article for c in given for article in c.legal_basis)
    said += [hand.say("charges_basis", articles=basis)] if basis else []
    said.append(hand.labels["charges_vat"])
    if annex_of(notice, hand):
        said.append(hand.labels["charges_annex"])
    return " ".join(said)


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
    notes = [hand.labels["annex_method"]]
    notes.append(
        hand.say("annex_basis", articles=hand.articles(a for c in given for a in c.legal_basis))
    )
    if any(PRINCIPAL_FIRST in c.remarks for c in given):
        notes.append(hand.labels["annex_principal_first"])
    elif hand.interest_first and any(_was_cut(line) for line in lines):
        notes.append(hand.labels["annex_interest_first"])
    if any(not period.confirmed for c in given for period in c.lines):
        notes.append(hand.labels["annex_unconfirmed"])
    return tuple(notes)


def _was_cut(line: Line) -> bool:
    """Whether a part payment changed what bears interest."""
    periods = line.computation.lines if line.computation else ()
    return len({period.principal for period in periods}) > 1
