"""How charges are written: amounts, rates, their sources and articles as the debtor reads them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from babel.numbers import format_decimal

from relance.law.claim import InterestLine
from relance.law.sources import reference_of
from relance.law.terms import CONTRACT
from relance.notices import figures

Labels = Mapping[str, str]

_TABLES = {
    "BCE/ECB": "rate_ecb",
    "loi/wet 02/08/2002": "rate_be_2002",
    "intérêt légal / wettelijke interest": "rate_be_civil",
}
"""Names of tables in more than one language, and the label that says them in one."""

_ACTS = {"loi du 2 août 2002": "act_be_2002", "CDE art.": "act_be_code"}


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
        return figures.percent(rate, self.locale)

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
        named = self._named(line.source)
        return named if line.confirmed else f"{named} *"

    def _named(self, source: str) -> str:
        found = reference_of(source)
        if found is None:
            return source
        name = self.labels.get(_TABLES.get(found.name, ""), found.name)
        period = self.say(f"rate_period_{found.half}", year=found.year)
        named = f"{name} {self.percent(found.percent)} ({period})"
        if found.margin:
            points = format_decimal(found.margin, locale=self.locale)
            named += " " + self.say("rate_points", points=points)
        own = found.publication in self.own_sources
        return f"{named}, {found.publication}" if own else named
