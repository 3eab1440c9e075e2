"""Scores of others that count, and how asking for them went, for people and for programs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any, Protocol

import polars as pl

from relance.language import translator
from relance.reports.figures import count_text, date_text, safe
from relance.reports.score_view import share_text
from relance.reports.tables import Column, Table


class Asked(Protocol):
    """What became of the asking of one service."""

    source: str
    due: int
    asked: int
    given: int
    unknown: int


def scores_json(counting: pl.DataFrame) -> list[dict[str, Any]]:
    """Return the frame of `dunning.scores.counting` as JSON; `risk` is 0 the best to 1 the worst."""
    return [
        {
            "debtor": row["debtor"],
            "score": row["score"],
            "worst": row["worst"],
            "best": row["best"],
            "provider": row["provider"],
            "source": row["source"],
            "dated": row["dated"].isoformat(),
            "age_days": row["age"],
            "valid": row["valid"],
            "risk": None if row["risk"] is None else round(row["risk"], 4),
        }
        for row in counting.iter_rows(named=True)
    ]


def scores_table(counting: pl.DataFrame, language: str) -> Table:
    """Return the scores that count as a table, each with its age."""
    _ = translator(language)
    columns = [
        Column(_("Debtor"), fit="cut"), Column(_("Score"), "right"), Column(_("Worst – best"), "right"),
        Column(_("To the worst"), "right"), Column(_("Date")), Column(_("Age (days)"), "right"),
        Column(_("Provider"), fit="drop"),
    ]  # fmt: skip
    rows = [
        [safe(row["debtor"]), mark_text(row["score"], language), _scale(row, language),
         share_text(row["risk"], language) if row["valid"] else _("too old"),
         date_text(row["dated"], language), count_text(row["age"], language), safe(row["provider"])]
        for row in counting.iter_rows(named=True)
    ]  # fmt: skip
    note = _("They order the worklist and nothing else. Of several, the newest counts.")
    return Table(_("Scores of others"), columns, rows, note=note)


def mark_text(score: float, language: str) -> str:
    """Return a score as `language` writes numbers, with the decimals that it has."""
    from babel.numbers import format_decimal

    return str(format_decimal(Decimal(f"{score:.6g}"), "0.######", locale=language))


def _scale(row: Mapping[str, Any], language: str) -> str:
    return f"{mark_text(row['worst'], language)} – {mark_text(row['best'], language)}"


def scored_text(row: Mapping[str, Any], language: str) -> str:
    """Return one row of `scores_json` on a line: the score, its scale, who gave it, when, how old."""
    _ = translator(language)
    day = date_text(date.fromisoformat(row["dated"]), language)
    facts = {
        "score": mark_text(row["score"], language),
        "worst": mark_text(row["worst"], language),
        "best": mark_text(row["best"], language),
        "provider": safe(row["provider"]),
        "day": day,
    }
    if row["valid"]:
        said = _("{score} ({worst} is the worst, {best} the best), {provider}, {day}")
    else:
        said = _(
            "{score} ({worst} is the worst, {best} the best), {provider}, {day}: too old, it orders nothing"
        )
    return said.format(**facts)


_NAMES = ("source", "due", "asked", "given", "unknown")


def fetched_json(told: Sequence[Asked], *, dry: bool) -> dict[str, Any]:
    """Return how asking went as JSON."""
    services = [{name: getattr(each, name) for name in _NAMES} for each in told]
    return {"schema_version": 1, "dry_run": dry, "services": services}


def fetched_table(told: Sequence[Asked], language: str) -> Table:
    """Return how asking went as a table."""
    _ = translator(language)
    columns = [
        Column(_("Service")), Column(_("To be asked"), "right"), Column(_("Asked"), "right"),
        Column(_("Scores"), "right"), Column(_("Not known there"), "right"),
    ]  # fmt: skip
    rows = [
        [safe(each.source), *(count_text(getattr(each, name), language) for name in _NAMES[1:])]
        for each in told
    ]
    return Table(_("Scores asked for"), columns, rows)
