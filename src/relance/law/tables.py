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
        publication: the journal that its rates are published in, "" where the label says it.
        yearly: whether a rate holds for a year; else for a half-year at most.
        included: points over the reference rate that the table's rates have in them already.
    """

    label: str
    publication: str = ""
    yearly: bool = False
    included: Decimal = Decimal(0)


_BELGIAN = "Moniteur belge / Belgisch Staatsblad"

TABLES = {
    "ecb_refi": Table("BCE/ECB"),
    "fr_default": Table("BCE/ECB", included=Decimal(10)),
    "fr_legal": Table("taux d'intérêt légal", "JORF"),
    "be_b2b": Table("loi/wet 02/08/2002:", _BELGIAN),
    "be_civil": Table("intérêt légal / wettelijke interest", _BELGIAN, yearly=True),
    "lu_b2b": Table("BCE/ECB", "Mémorial B", included=Decimal(8)),
    "lu_consumer": Table("taux d'intérêt légal", "Mémorial", yearly=True),
    "nl_handelsrente": Table("wettelijke handelsrente", "Staatscourant"),
    "nl_consumentenrente": Table("wettelijke rente", "Staatsblad"),
    "de_base": Table("Basiszinssatz", "Bundesbank"),
    "uk_base": Table("Bank of England"),
    "it_legal": Table("interessi legali", "Gazzetta Ufficiale", yearly=True),
}
"""By the names that `rates:` of the policy knows."""


@dataclass(frozen=True, slots=True)
class Row:
    """A rate and the days that it was published for.

    Attributes:
        start, until: first and last of these days.
        percent: yearly rate in percent.
        source: the publication as it is printed; "" where the table's label says it, or for a rate
            that is not confirmed.
        confirmed: whether the rate was read in a source; else it is derived, or from memory.
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
    """Return the rates of `table` that come with relance, oldest first.

    The column `source` of the file says where each was read; what is printed is its publication.
    """
    return tuple(
        Row(
            date.fromisoformat(line["start"]),
            date.fromisoformat(line["until"]),
            Decimal(line["percent"]),
            TABLES[table].publication if line["confirmed"] == "source" else "",
            line["confirmed"] == "source",
        )
        for line in read_data(table)
    )
