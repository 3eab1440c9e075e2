"""The tables of rates, and their files in `data`."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache
from importlib.resources import files


@dataclass(frozen=True, slots=True)
class Table:
    """A table of rates.

    Attributes:
        label: its name on a computation; a proper name, the same in every language.
        yearly: whether a rate holds for a year; else for a half-year at most.
        included: points over the reference rate that the table's rates have in them already.
    """

    label: str
    yearly: bool = False
    included: Decimal = Decimal(0)


TABLES = {
    "ecb_refi": Table("BCE/ECB"),
    "fr_default": Table("BCE/ECB", included=Decimal(10)),
    "fr_legal": Table("taux d'intérêt légal"),
    "be_b2b": Table("loi 02/08/2002 wet"),
    "be_civil": Table("intérêt légal / wettelijke interest", yearly=True),
    "lu_b2b": Table("BCE/ECB", included=Decimal(8)),
    "lu_consumer": Table("taux d'intérêt légal", yearly=True),
    "nl_handelsrente": Table("wettelijke handelsrente"),
    "nl_consumentenrente": Table("wettelijke rente"),
    "de_base": Table("Basiszinssatz"),
    "uk_base": Table("Bank of England"),
    "it_legal": Table("interessi legali", yearly=True),
}
"""By the names that `rates:` of the policy knows."""


@dataclass(frozen=True, slots=True)
class Row:
    """A rate and the days that it was published for.

    Attributes:
        start, until: first and last of these days.
        percent: yearly rate in percent.
        source: the publication.
        confirmed: whether the rate was read there; else it is derived, or from memory.
    """

    start: date
    until: date
    percent: Decimal
    source: str
    confirmed: bool = True


def read_data(name: str) -> list[dict[str, str]]:
    """Return the lines of `name`.csv in the package's data."""
    text = files("relance.law").joinpath("data", f"{name}.csv").read_text("utf-8")
    return list(csv.DictReader(text.splitlines()))


@cache
def known_rows(table: str) -> tuple[Row, ...]:
    """Return the rates of `table` that come with relance, oldest first."""
    return tuple(
        Row(
            date.fromisoformat(line["start"]),
            date.fromisoformat(line["until"]),
            Decimal(line["percent"]),
            line["source"],
            line["confirmed"] == "source",
        )
        for line in read_data(table)
    )
