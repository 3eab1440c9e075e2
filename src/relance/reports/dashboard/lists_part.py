"""The two lists of the page: what stands there without scripts, and the words that scripts need."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any

import polars as pl

from relance.dunning.verdicts import LINES
from relance.ledger.ageing import BUCKETS
from relance.money import digits
from relance.reports.dashboard.tables import Cell, Column, Table
from relance.reports.dashboard.view import View
from relance.reports.dashboard.wording import Words
from relance.reports.figures import safe
from relance.reports.names import VERDICTS

STATIC = 25
"""Rows that stand in the page itself, the most overdue first."""

_VERDICTS = tuple(VERDICTS)
_NO_DAYS = -(2**30)
_LATE = pl.sum_horizontal(f"b{place}" for place in range(1, len(BUCKETS)))
_OPEN = pl.sum_horizontal(f"b{place}" for place in range(len(BUCKETS)))

SAID = (
    "all", "nothing_found", "shown_range", "previous", "next", "pages", "page_size", "ascending",
    "descending", "sorted_by", "list_of_debtor", "print_cut", "old_browser", "none", "nobody",
    "blur", "unblur", "number", "due", "days", "open", "verdict", "reason", "until", "next_step",
    "open_items",
)  # fmt: skip
"""Texts that scripts show."""


def reason_keys() -> list[str]:
    """Return the key of the reason of each line of the table of verdicts, in its order."""
    seen: Counter[str] = Counter()
    keys = []
    for line in LINES:
        seen[line.verdict] += 1
        keys.append(f"{line.verdict}-{seen[line.verdict]}")
    return keys


def debtor_columns(words: Words, *, several: bool) -> list[Column]:
    """Return the columns of the list of debtors; scripts make the same."""
    found = [Column(words["debtor"], key="name"), Column(words["segment"], key="segment"),
             Column(words["owner"], key="owner")]  # fmt: skip
    if several:
        found.append(Column(words["currency_label"], key="currency"))
    found += [
        Column(words["open"], right=True, key="open"),
        Column(words["overdue"], right=True, key="late"),
    ]
    found += [
        Column(words.of("buckets_short", name), right=True, key=f"b{place}")
        for place, name in enumerate(BUCKETS)
        if place
    ]
    return [
        *found,
        Column(words["oldest"], right=True, key="oldest"),
        Column(words["level_reached"], key="level"),
        Column(words["next_step"], key="next"),
        Column(words["verdict"], key="verdict"),
        Column(words["contact"], day=True, key="contact"),
    ]


def debtors_table(view: View, words: Words) -> Table:
    """Return the most overdue debtors."""
    several = view.debtors["currency"].n_unique() > 1
    most = (
        view.debtors.with_row_index("place")
        .sort([_LATE, "place"], descending=[True, False])
        .head(STATIC)
    )
    rows = [
        _debtor(row, words, several=several, private=view.private)
        for row in most.with_columns(_LATE.alias("late"), _OPEN.alias("open")).iter_rows(named=True)
    ]
    heads = debtor_columns(words, several=several)
    return Table(
        words["debtors"], heads, rows, ident="debtors", sorted_by="late", hidden_caption=True
    )


def _debtor(row: Mapping[str, Any], words: Words, *, several: bool, private: bool) -> list[Cell]:
    money = row["currency"]
    cells = [
        Cell(
            safe(row["code"] if private else row["name"]),
            name=True,
            below="" if private else safe(row["code"]),
        ),
        Cell(safe(row["segment"]) or "–"),
        Cell(safe(row["owner"]) or "–", name=True),
    ]
    if several:
        cells.append(Cell(money))
    cells += [_sum(row["open"], money, words), _sum(row["late"], money, words)]
    cells += [_sum(row[f"b{place}"], money, words) for place in range(1, len(BUCKETS))]
    return [
        *cells,
        Cell(words.number(row["oldest"]) if row["oldest"] else "–"),
        Cell(safe(row["level"]) or "–"),
        Cell(
            safe(row["next_level"]) or "–",
            below=words.day(row["next_date"]) if row["next_date"] else "",
        ),
        Cell(words.of("verdicts", _VERDICTS[row["verdict"]]), look=_look(row["verdict"])),
        Cell(words.day(row["contact"])),
    ]


def _sum(minor: int, money: str, words: Words) -> Cell:
    return Cell(words.amount(minor, money) if minor else "–")


def _look(verdict: int) -> str:
    return "act" if verdict == 0 else ""


def item_columns(words: Words, *, several: bool) -> list[Column]:
    """Return the columns of the list of open items; scripts make the same."""
    found = [
        Column(words["number"], key="number"),
        Column(words["debtor"], key="debtor"),
        Column(words["kind"], key="kind"),
        Column(words["due"], day=True, key="due"),
        Column(words["days"], right=True, key="days"),
    ]
    if several:
        found.append(Column(words["currency_label"], key="currency"))
    return [
        *found,
        Column(words["open"], right=True, key="amount"),
        Column(words["verdict"], key="verdict"),
        Column(words["reason"], key="reason"),
        Column(words["until"], day=True, key="until"),
        Column(words["next_step"], key="next"),
    ]


def items_table(view: View, words: Words) -> Table:
    """Return the open items that have been due longest."""
    several = view.debtors["currency"].n_unique() > 1
    owners = view.debtors.with_row_index("place").select("place", "code", "name", "currency")
    oldest = view.items.with_row_index("row").sort(
        [pl.col("days").fill_null(_NO_DAYS), "row"], descending=[True, False]
    )
    rows = [
        _item(row, words, several=several, private=view.private)
        for row in oldest.head(STATIC).join(owners, on="place", how="left", maintain_order="left").iter_rows(named=True)
    ]  # fmt: skip
    heads = item_columns(words, several=several)
    return Table(
        words["open_items"], heads, rows, ident="items", sorted_by="days", hidden_caption=True
    )


def _item(row: Mapping[str, Any], words: Words, *, several: bool, private: bool) -> list[Cell]:
    money = row["currency"]
    cells = [
        Cell(safe(row["number"])),
        Cell(safe(row["code"] if private else row["name"]), name=True),
        Cell(words.of("kinds", row["kind"])),
        Cell(words.day(row["due"])),
        Cell("–" if row["days"] is None else words.number(row["days"])),
    ]
    if several:
        cells.append(Cell(money))
    return [
        *cells,
        _sum(row["amount"], money, words),
        Cell(words.of("verdicts", _VERDICTS[row["verdict"]]), look=_look(row["verdict"])),
        Cell(words.of("reasons", reason_keys()[row["line"]])),
        Cell(words.day(row["until"])),
        Cell(
            safe(row["next_level"]) or "–",
            below=words.day(row["next_date"]) if row["next_date"] else "",
        ),
    ]


def filters(view: View, words: Words) -> list[dict[str, Any]]:
    """Return the choices of the filters: name, label, and options of value and text."""
    seen = sorted(set(view.standings["verdict"].to_list()))
    found = [
        _names(view, words, "segment"),
        _names(view, words, "owner"),
        {
            "name": "bucket",
            "label": words["filter_bucket"],
            "options": [("late", words["any_overdue"]),
                        *((str(n), words.of("buckets", name)) for n, name in enumerate(BUCKETS))],
        },
        {
            "name": "verdict",
            "label": words["filter_verdict"],
            "options": [(str(n), words.of("verdicts", _VERDICTS[n])) for n in seen],
        },
    ]  # fmt: skip
    monies = sorted(set(view.debtors["currency"].to_list()))
    if len(monies) > 1:
        options = [(money, money) for money in monies]
        found.append({"name": "currency", "label": words["filter_currency"], "options": options})
    return found


def _names(view: View, words: Words, column: str) -> dict[str, Any]:
    values = view.debtors[column].drop_nulls().unique().sort().to_list()
    options = [(value, safe(value)) for value in values if value]
    return {"name": column, "label": words[f"filter_{column}"], "options": options}


def script_words(view: View, words: Words) -> dict[str, Any]:
    """Return what scripts need to write rows as this module does."""
    monies = set(view.debtors["currency"].to_list())
    return {
        "said": {key: words[key] for key in SAID},
        "verdicts": [words.of("verdicts", name) for name in _VERDICTS],
        "reasons": [words.of("reasons", key) for key in reason_keys()],
        "kinds": words.texts["kinds"],
        "marks": list(words.marks),
        "day": words["day"],
        "digits": {money: digits(money) for money in sorted(monies)},
        "private": view.private,
        "several": len(monies) > 1,
        "locale": words.locale.replace("_", "-"),
    }
