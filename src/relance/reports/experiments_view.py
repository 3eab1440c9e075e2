"""What experiments came to, for people and for programs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from relance.indicators.experiments import (
    FEWEST,
    WINDOWS,
    ArmResult,
    Comparison,
    ExperimentResult,
)
from relance.indicators.intervals import Between
from relance.language import translator
from relance.reports.figures import count_text, date_text, safe
from relance.reports.score_view import number_text, share_text
from relance.reports.tables import Column, Table, stacked

if TYPE_CHECKING:
    from rich.console import RenderableType


def experiment_json(found: ExperimentResult) -> dict[str, Any]:
    """Return the result of an experiment as JSON; shares from 0 to 1, null below a useful size."""
    return {
        "name": found.name,
        "first": found.first.isoformat() if found.first else None,
        "has_control": found.has_control,
        "needed_per_arm": FEWEST,
        "arms": [_arm_json(arm) for arm in found.arms],
        "comparisons": [_comparison_json(each) for each in found.comparisons],
    }


def _arm_json(arm: ArmResult) -> dict[str, Any]:
    windows = [
        {"days": w.days, "debtors": w.count, "paid": w.paid, "share": _between(w.share)}
        for w in arm.windows
    ]
    mean = None if arm.mean_days is None else round(arm.mean_days, 4)
    return {
        "arm": arm.name, "control": arm.control, "debtors": arm.debtors, "windows": windows,
        "mean_days": mean,
    }  # fmt: skip


def _comparison_json(each: Comparison) -> dict[str, Any]:
    windows = [
        {"days": days, "difference": _between(gap), "debtors_missing": missing}
        for days, gap, missing in zip(WINDOWS, each.shares, each.missing, strict=True)
    ]
    return {
        "arm": each.arm,
        "against": each.against,
        "windows": windows,
        "mean_days": _between(each.days),
        "detectable": None if each.detectable is None else round(each.detectable, 4),
    }


def _between(found: Between | None) -> dict[str, float] | None:
    if found is None:
        return None
    return {name: round(getattr(found, name), 4) for name in ("value", "low", "high")}


def experiment_view(found: ExperimentResult, language: str) -> RenderableType:
    """Return the result of an experiment for a terminal: its arms, then how they compare."""
    from rich.text import Text

    _ = translator(language)
    title = _("Experiment {name}").format(name=safe(found.name))
    if found.first:
        title += " · " + _("since {day}").format(day=date_text(found.first, language))
    columns = [
        Column(_("Arm"), fit="cut"), Column(_("Debtors"), "right"),
        *(Column(_("paid in {days} d").format(days=days), "right") for days in WINDOWS),
        Column(_("mean days"), "right"),
    ]  # fmt: skip
    rows = [_arm_row(arm, language) for arm in found.arms]
    parts: list[RenderableType] = [Table(title, columns, rows)]
    said = [line for each in found.comparisons for line in _compared(each, language)]
    parts.append(Text("\n".join([*said, *_warnings(found, language)])))
    return stacked(parts)


def _arm_row(arm: ArmResult, language: str) -> list[str]:
    _ = translator(language)
    name = f"{arm.name} ({_('control')})" if arm.control else arm.name
    cells = []
    for window in arm.windows:
        part = window.share
        of = count_text(window.count, language)
        cells.append("–" if part is None else f"{share_text(part.value, language)} / {of}")
    mean = number_text(arm.mean_days, 1, language)
    return [name, count_text(arm.debtors, language), *cells, mean]


def _compared(each: Comparison, language: str) -> list[str]:
    _ = translator(language)
    said = []
    if any(each.missing):
        needed = [
            _("{days} days: {missing}").format(days=days, missing=count_text(missing, language))
            for days, missing in zip(WINDOWS, each.missing, strict=True)
            if missing
        ]
        line = _(
            "{arm} and {against} are not compared yet: {needed} debtors for each arm. Still missing after {missing}."
        )
        said.append(
            line.format(
                arm=each.arm, against=each.against, needed=FEWEST, missing=", ".join(needed)
            )
        )
    for days, gap in zip(WINDOWS, each.shares, strict=True):
        if gap is not None:
            line = _(
                "Paid within {days} days, {arm} less {against}: {gap} points [{low} to {high}]{clear}"
            )
            said.append(line.format(days=days, **_named(each), **_points(gap, language)))
    if each.days is not None:
        line = _(
            "Mean days to the payment (at most {most}), {arm} less {against}: {gap} [{low} to {high}]{clear}"
        )
        told = _numbers(each.days, 1.0, language)
        said.append(line.format(most=WINDOWS[-1], **_named(each), **told))
    if each.detectable is not None:
        line = _(
            "With so many debtors a difference of {points} points is found four times in five."
        )
        said.append(line.format(points=number_text(100 * each.detectable, 1, language)))
    return said


def _named(each: Comparison) -> dict[str, str]:
    return {"arm": each.arm, "against": each.against}


def _points(gap: Between, language: str) -> dict[str, str]:
    return _numbers(gap, 100.0, language)


def _numbers(gap: Between, scale: float, language: str) -> dict[str, str]:
    _ = translator(language)
    low, value, high = (number_text(scale * n, 1, language) for n in (gap.low, gap.value, gap.high))
    clear = "" if gap.is_clear else _(": it may be chance")
    return {"gap": value, "low": low, "high": high, "clear": clear}


def _warnings(found: ExperimentResult, language: str) -> list[str]:
    _ = translator(language)
    said = []
    if not found.has_control:
        said.append(
            _(
                "No arm waits or gets nothing. Paid after a reminder is not because of it: what all arms have in "
                "common cannot be seen here, only what is different between them."
            )
        )
    said.append(
        _(
            "One debtor counts once, in the arm that its code gives it, whatever was sent to it; intervals of 95%. "
            "They hold for one look on a day that was chosen before: who looks every week and stops at the first "
            "difference finds one where there is none."
        )
    )
    if len(found.comparisons) > 1:
        said.append(
            _("{count} comparisons: one of them may be clear by chance.").format(
                count=len(found.comparisons)
            )
        )
    return said
