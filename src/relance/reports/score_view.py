"""How good the late-payment estimate was, for people and for programs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from relance.dunning.backtest import Bin, Evaluation
from relance.language import translator
from relance.reports.figures import count_text
from relance.reports.tables import Column, Table, stacked

if TYPE_CHECKING:
    from rich.console import RenderableType


def score_json(found: Evaluation) -> dict[str, Any]:
    """Return an evaluation as JSON; shares from 0 to 1, rounded to four decimals."""
    told = asdict(found) | {"bins": [asdict(each) for each in found.bins]}
    rounded = {name: _rounded(value) for name, value in told.items()}
    return rounded | {"bins": [{n: _rounded(v) for n, v in b.items()} for b in told["bins"]]}


def _rounded(value: Any) -> Any:
    return round(value, 4) if isinstance(value, float) else value


def score_view(found: Evaluation, language: str) -> RenderableType:
    """Return an evaluation for a terminal: the figures, then the calibration."""
    from rich.text import Text

    _ = translator(language)
    head = _(
        "{settled} receivables seen paid, {late} of them late; judged 30 days before the due date: {judged}."
    )
    counts = {
        name: count_text(getattr(found, name), language) for name in ("settled", "late", "judged")
    }
    return stacked(
        [Text(head.format(**counts)), _figures(found, language), _calibration(found, language)]
    )


def number_text(value: float | None, places: int, language: str) -> str:
    """Return `value` with `places` decimals as `language` writes them; a dash for None."""
    if value is None:
        return "–"
    from babel.numbers import format_decimal

    pattern = "0." + "0" * places if places else "0"
    return str(format_decimal(Decimal(f"{value:.{places}f}"), pattern, locale=language))


def share_text(value: float | None, language: str) -> str:
    """Return a share from 0 to 1 in whole percent; a dash for None."""
    if value is None:
        return "–"
    return f"{round(value * 100)}\u00a0%" if language == "fr" else f"{round(value * 100)}%"


def _figures(found: Evaluation, language: str) -> Table:
    _ = translator(language)

    def number(value: float | None, places: int = 3) -> str:
        return number_text(value, places, language)

    auc = number(found.auc)
    if found.auc_low is not None:
        auc += f" [{number(found.auc_low)} – {number(found.auc_high)}]"
    rows = [
        [_("Late or not: AUC, with its 95% interval"), auc, number(0.5)],
        [
            _("Late or not: Brier, the less the better"),
            number(found.brier),
            number(found.book_brier),
        ],
        [_("Day of payment: mean error in days"), number(found.mae, 1), number(found.book_mae, 1)],
        [_("Paid within the interval; promised is 80%"), share_text(found.coverage, language), "–"],
    ]
    columns = [
        Column(_("Figure"), fit="wrap"),
        Column(_("Estimate"), "right"),
        Column(_("Book alone"), "right"),
    ]
    note = _("“Book alone” says the same of every debtor: what the estimate has to beat.")
    return Table(_("How good the estimate was"), columns, rows, note=note)


def _calibration(found: Evaluation, language: str) -> Table:
    _ = translator(language)
    return calibration(found.bins, _("Calibration"), language)


def calibration(bins: Sequence[Bin], title: str, language: str) -> Table:
    """Return what was said beside what came, a row for each bin."""
    _ = translator(language)
    rows = [
        [f"{share_text(each.low, language)} – {share_text(each.high, language)}",
         count_text(each.count, language), share_text(each.said, language), share_text(each.came, language)]
        for each in bins
    ]  # fmt: skip
    columns = [
        Column(_("Chance of being late")), Column(_("Receivables"), "right"), Column(_("Said"), "right"),
        Column(_("Came"), "right"),
    ]  # fmt: skip
    return Table(title, columns, rows)
