"""The page: its parts, its look and its script in one file that loads nothing."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

from markupsafe import Markup

import relance
from relance.indicators.report import Coverage, OfCurrency
from relance.reports.dashboard import balance_part, figures_part, lists_part
from relance.reports.dashboard.charts import bar
from relance.reports.dashboard.packing import packed
from relance.reports.dashboard.tables import Cell, Column, Table
from relance.reports.dashboard.view import View
from relance.reports.dashboard.wording import Words, words_of
from relance.reports.figures import safe
from relance.reports.names import VERDICTS

_HERE = Path(__file__).parent
_EXPORTS = 3
_UNCOVERED = 25


def dashboard_page(view: View, language: str) -> bytes:
    """Return the dashboard as HTML, in one of `wording.LANGUAGES`.

    It loads nothing and sends nothing; its policy allows its own script and look by their hashes,
    and nothing else. What the data say is text, never markup. Same view, same bytes.
    """
    words = words_of(language, view.country)
    style, script = _file("dashboard.css"), _file("dashboard.js")
    data = packed(view.debtors, view.items, {"words": lists_part.script_words(view, words)})
    page: str = _template().render(
        w=words,
        view=view,
        policy=_policy(style, script),
        style=Markup(style),
        script=Markup(script),
        data=Markup(data),
        safe=safe,
        version=relance.__version__,
        exports=_exports(view, words),
        **_figures(view, words),
        ageing=list(balance_part.ageing_tables(view, words)),
        standings=balance_part.standings_table(view, words),
        agenda=balance_part.agenda(view, words),
        filters=lists_part.filters(view, words),
        debtors=lists_part.debtors_table(view, words),
        items=lists_part.items_table(view, words),
        cut=_cut(view, words),
    )
    return page.encode("utf-8", "replace")


def _figures(view: View, words: Words) -> Mapping[str, Any]:
    every, private = view.report.currencies, view.private
    several = len(every) > 1

    def of(one: OfCurrency, table: Table) -> Table:
        """Return `table` with its currency in its caption, where there is more than one."""
        return replace(table, caption=f"{table.caption} · {one.currency}") if several else table

    return {
        "cards": figures_part.cards(view.report, words),
        "several": several,
        "trends": [each for one in every if (each := figures_part.trend(one, words))],
        "rolls": [of(one, each) for one in every for each in figures_part.rolls_tables(one, words)],
        "top": [
            of(one, figures_part.top_table(one, words, private=private)) for one in every if one.top
        ],
        "deviating": [
            of(one, figures_part.deviating_table(one, words, private=private))
            for one in every
            if one.deviating
        ],
        "compared": [of(one, each) for one in every for each in figures_part.compared(one, words)],
        "coverage": [
            {name: of(one, each) for name, each in _coverage(one, words, private=private).items()}
            for one in every
            if one.coverage.overdue
        ],
        "methods": figures_part.methods(view.report, words),
        "lacks": [words.said(text) for text in view.report.lacks],
    }


def _coverage(one: OfCurrency, words: Words, *, private: bool) -> dict[str, Table]:
    """Return how many overdue receivables were reminded, have a reason, or have neither."""
    found: Coverage = one.coverage
    excused, without = sum(found.reasons.values()), len(found.without)
    lines = [
        ("coverage_reminded", found.reminded, "b1"),
        ("coverage_reason", excused, "held"),
        ("coverage_without", without, "late"),
    ]
    rows = [
        [Cell(words[name]), Cell(bar=bar([(balance_part.share(count, found.overdue), look)])),
         Cell(words.number(count)), Cell(words.percent(balance_part.share(count, found.overdue)))]
        for name, count, look in lines
    ]  # fmt: skip
    order = {name: place for place, name in enumerate(VERDICTS)}
    reasons = [
        [Cell(words.of("verdicts", name), link={"verdict": str(order[name]), "bucket": "late"}), Cell(words.number(count))]
        for name, count in sorted(found.reasons.items(), key=lambda each: -each[1])
        if name in order
    ]  # fmt: skip
    left = [
        [Cell(safe(each.number), link={"q": each.number}), Cell(safe(each.debtor if private else each.name), name=True),
         Cell(words.number(each.days_past_due)), Cell(words.money(each.open, one.currency))]
        for each in found.without[:_UNCOVERED]
    ]  # fmt: skip
    count = Column(words["items"], right=True)
    return {
        "table": Table(
            words["coverage"],
            [Column(words["coverage"]), Column(words["chart"], chart=True), count, Column(words["share"], right=True)],
            rows,
            totals=[[Cell(words["overdue"], link={"bucket": "late"}), Cell(), Cell(words.number(found.overdue)), Cell()]],
        ),
        "reasons": Table(words["coverage_reason"], [Column(words["reason"]), count], reasons),
        "without": Table(
            words["coverage_without"],
            [Column(words["number"]), Column(words["debtor"]), Column(words["days"], right=True),
             Column(words["open"], right=True)],
            left,
        ),
    }  # fmt: skip


def _exports(view: View, words: Words) -> list[str]:
    """Return what is said of the files, the newest first."""
    shown = list(reversed(view.exports))
    if view.private:
        return [words.fill("export_at", moment=words.moment(shown[0].written))] if shown else []
    said = [
        words.fill("export_of", moment=words.moment(export.written), source=safe(export.source), path=safe(export.path))
        for export in shown[:_EXPORTS]
    ]  # fmt: skip
    if len(shown) > _EXPORTS:
        said.append(words.fill("exports_more", count=words.number(len(shown) - _EXPORTS)))
    return said or [words["export_none"]]


def _cut(view: View, words: Words) -> str:
    """Return that not all items are listed; empty where they are."""
    if view.items.height == view.item_count:
        return ""
    return words.fill(
        "largest", count=words.number(view.items.height), total=words.number(view.item_count)
    )


def _policy(style: str, script: str) -> str:
    """Return the policy of the page: its own script and look, known by their hashes, and nothing else."""
    return (
        f"default-src 'none'; script-src '{_hash(script)}'; style-src '{_hash(style)}'; "
        "base-uri 'none'; form-action 'none'; require-trusted-types-for 'script'"
    )


def _hash(text: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


@cache
def _file(name: str) -> str:
    return (_HERE / name).read_text("utf-8")


@cache
def _template() -> Any:
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    environment = Environment(
        loader=FileSystemLoader(_HERE), autoescape=True, undefined=StrictUndefined,
        trim_blocks=True, lstrip_blocks=True,
    )  # fmt: skip
    return environment.get_template("dashboard.html")
