"""The model beside the ratio, for people and for programs."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from relance.dunning.judging import Figures
from relance.dunning.models import Compared
from relance.language import translator
from relance.reports.figures import count_text
from relance.reports.score_view import calibration, number_text
from relance.reports.tables import Column, Table, stacked

if TYPE_CHECKING:
    from rich.console import RenderableType


def models_json(found: Compared) -> dict[str, Any]:
    """Return a comparison as JSON; shares from 0 to 1, rounded to four decimals."""
    return {
        "judged": found.judged,
        "judged_late": found.late,
        "debtors": found.debtors,
        "ratio": _figures_json(found.ratio),
        "logistic": _figures_json(found.logistic),
        "difference": round(found.difference, 4),
        "difference_low": None if found.low is None else round(found.low, 4),
        "difference_high": None if found.high is None else round(found.high, 4),
        "used": "logistic" if found.better else "ratio",
    }


def _figures_json(found: Figures) -> dict[str, Any]:
    bins = [{n: round(v, 4) for n, v in asdict(each).items()} for each in found.bins]
    areas = {"auc": found.auc, "ap": found.ap, "brier": found.brier}
    return {**{name: round(value, 4) for name, value in areas.items()}, "bins": bins}


def models_view(found: Compared, language: str) -> RenderableType:
    """Return a comparison for a terminal: the figures, what follows, then the model's calibration."""
    _ = translator(language)

    def number(value: float | None) -> str:
        return number_text(value, 3, language)

    rows = [
        ["AUC", number(found.ratio.auc), number(found.logistic.auc)],
        [_("Average precision"), number(found.ratio.ap), number(found.logistic.ap)],
        [_("Brier, the less the better"), number(found.ratio.brier), number(found.logistic.brier)],
    ]
    columns = [
        Column(_("Late or not"), fit="wrap"), Column(_("Ratio"), "right"),
        Column(_("Logistic regression"), "right"),
    ]  # fmt: skip
    table = Table(_("The model beside the ratio"), columns, rows, note=_verdict(found, language))
    title = _("Calibration of the model")
    return stacked([table, calibration(found.logistic.bins, title, language)])


def _verdict(found: Compared, language: str) -> str:
    _ = translator(language)
    counts = {
        name: count_text(getattr(found, name), language) for name in ("judged", "late", "debtors")
    }
    said = [
        _("On {judged} receivables, {late} of them late, of {debtors} debtors.").format(**counts)
    ]
    if found.low is None:
        said.append(
            _("Of fewer than 20 debtors nothing can be said of the difference: the ratio stays.")
        )
        return " ".join(said)
    told = _("Difference of the AUC: {difference}, 95% interval [{low} – {high}].")
    said.append(
        told.format(
            difference=number_text(found.difference, 3, language),
            low=number_text(found.low, 3, language),
            high=number_text(found.high, 3, language),
        )
    )
    if found.better:
        said.append(_("The model orders the worklist for the next 31 days."))
    else:
        said.append(_("That is no gain for certain: the ratio stays."))
    return " ".join(said)
