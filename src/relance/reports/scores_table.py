"""Scores of others that count, and how asking for them went, for people and for programs."""

from __future__ import annotations

from collections.abc import Sequence
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
        Column(_("Debtor")), Column(_("Score"), "right"), Column(_("Worst – best"), "right"),
        Column(_("To the worst"), "right"), Column(_("Provider"), fit="cut"), Column(_("Date")),
        Column(_("Age in days"), "right"),
    ]  # fmt: skip
    rows = [
        [safe(row["debtor"]), f"{row['score']:g}", f"{row['worst']:g} – {row['best']:g}",
         share_text(row["risk"], language) if row["valid"] else _("too old"), safe(row["provider"]),
         date_text(row["dated"], language), count_text(row["age"], language)]
        for row in counting.iter_rows(named=True)
    ]  # fmt: skip
    note = _("They order the worklist and nothing else. Of several, the newest counts.")
    return Table(_("Scores of others"), columns, rows, note=note)


_NAMES = ("source", "due", "asked", "given", "unknown")


def fetched_json(told: Sequence[Asked], *, dry: bool) -> dict[str, Any]:
    """Return how asking went as JSON."""
    services = [{name: getattr(each, name) for name in _NAMES} for each in told]
    return {"schema_version": 1, "dry_run": dry, "services": services}


def fetched_table(told: Sequence[Asked], language: str) -> Table:
    """Return how asking went as a table."""
    _ = translator(language)
    columns = [
        Column(_("Service")), Column(_("Due"), "right"), Column(_("Asked"), "right"),
        Column(_("Scores"), "right"), Column(_("Not known there"), "right"),
    ]  # fmt: skip
    rows = [
        [safe(each.source), *(count_text(getattr(each, name), language) for name in _NAMES[1:])]
        for each in told
    ]
    return Table(_("Scores asked for"), columns, rows)
