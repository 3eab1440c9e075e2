"""The cash forecast, for people."""

from __future__ import annotations

from typing import TYPE_CHECKING

from relance.language import N_, translator
from relance.money import to_decimal
from relance.reports.figures import amount_text, count_text, date_text
from relance.reports.score_view import number_text, share_text
from relance.reports.tables import Column, Table, stacked
from relance.simulation.forecasts import CashForecast, Sum
from relance.simulation.judged import FEWEST_WEEKS, Coverage, coverage_of
from relance.simulation.past import FEWEST_SETTLED, Trial

if TYPE_CHECKING:
    from rich.console import RenderableType

_CHART = 15

REASONS = {
    "missing": N_("gone from their export, and not seen paid"),
    "no_due_date": N_("without a due date"),
    "insolvent": N_("in collective proceedings"),
    "handed_over": N_("handed over"),
    "doubtful": N_("on a doubtful account"),
    "disputed": N_("in dispute"),
    "perhaps_paid": N_("probably paid already: `relance letter`"),
}
"""Why receivables are not in the forecast."""


def cash_view(found: CashForecast, language: str) -> RenderableType:
    """Return the forecast for a terminal: a table per currency, what is left out, how good it was."""
    from rich.text import Text

    _ = translator(language)
    parts: list[RenderableType] = [
        _currency(found, currency, language) for currency in found.by_week
    ]
    if not parts:
        parts = [Text(_("Nothing is open of which cash could be expected."))]
    if found.left_out:
        parts.append(_left_out(found, language))
    parts.append(Text("\n".join(_notes(found, language))))
    return stacked(parts)


def _currency(found: CashForecast, currency: str, language: str) -> Table:
    _ = translator(language)
    sums, total = found.by_week[currency], found.total[currency]
    title = _("Cash expected in {currency}, of {open} that is open").format(
        currency=currency, open=amount_text(found.open[currency], currency, language)
    )
    rows = [
        [date_text(week.first, language), *_cells(one, currency, language)]
        for week, one in zip(found.weeks, sums, strict=True)
    ]
    before = Sum(found.overdue[currency])
    columns = [Column(_("Week from")), Column(_("Falls due"), "right")]
    if found.is_quantified:
        highest = max((one.expected.high for one in sums if one.expected), default=0)
        rows = [[*row, _bar(one, highest)] for row, one in zip(rows, sums, strict=True)]
        columns += [Column(name, "right") for name in ("P10", "P50", "P90")]
        columns.append(Column("", fit="drop"))
    blank = [""] if found.is_quantified else []
    return Table(
        title,
        columns,
        [[_("overdue"), *_cells(before, currency, language, found.is_quantified), *blank], *rows],
        [[_("these weeks"), *_cells(total, currency, language), *blank]],
    )


def _cells(one: Sum, currency: str, language: str, blank: bool = False) -> list[str]:
    due = _whole(one.due, currency, language)
    if one.expected is None:
        return [due, *([""] * 3 if blank else [])]
    told = one.expected
    return [due, *(_whole(n, currency, language) for n in (told.low, told.middle, told.high))]


def _whole(minor: int, currency: str, language: str) -> str:
    return count_text(round(to_decimal(minor, currency)), language)


def _bar(one: Sum, highest: int) -> str:
    """Return a line from P10 to P90 with a mark at P50, of the width of the chart."""
    if one.expected is None or highest <= 0:
        return ""

    def place(amount: int) -> int:
        return min(_CHART - 1, amount * _CHART // highest)

    low, middle, high = (
        place(n) for n in (one.expected.low, one.expected.middle, one.expected.high)
    )
    cells = [" "] * _CHART
    cells[low : high + 1] = "─" * (high - low + 1)
    cells[low], cells[high], cells[middle] = "├", "┤", "●"
    return "".join(cells).rstrip()


def _left_out(found: CashForecast, language: str) -> Table:
    _ = translator(language)
    rows = [
        [_(REASONS[one.reason]), count_text(one.count, language),
         amount_text(one.amount, one.currency, language)]
        for one in found.left_out
    ]  # fmt: skip
    columns = [
        Column(_("Reason"), fit="wrap"),
        Column(_("Receivables"), "right"),
        Column(_("Open"), "right"),
    ]
    return Table(_("Not in it"), columns, rows)


def _notes(found: CashForecast, language: str) -> list[str]:
    _ = translator(language)
    settled = count_text(found.settled, language)
    said = []
    if found.trial is None:
        line = _(
            "No quantiles: {settled} receivables were seen settled, and below {needed} they would be chance. "
            "What falls due is no forecast."
        )
        said.append(line.format(settled=settled, needed=FEWEST_SETTLED))
    else:
        line = _(
            "In one week of ten less than P10 comes, in half of them less than P50, in one of ten more than P90. "
            "Learned from {settled} receivables that were settled."
        )
        said += [line.format(settled=settled), tried_text(found.trial, language)]
    known = found.promises
    if known.known:
        line = _(
            "Promises and instalments are taken at their dates: {kept} of {known} were kept so far."
        )
        said.append(line.format(kept=known.kept, known=known.known))
    said.append(
        _("Only what is open today is in it: invoices that are still to be written are not.")
    )
    said.append(_("`relance forecast --calendar` shows what is to be sent and done."))
    return said


def tried_text(trial: Trial, language: str) -> str:
    """Return in one sentence how good earlier forecasts would have been."""
    _ = translator(language)
    coverage = coverage_of(trial.judged)
    if coverage is None or coverage.weeks < FEWEST_WEEKS:
        return _(
            "The past is too short to try it: nobody knows yet how often the weeks fall between P10 and P90."
        )
    said = _(
        "Tried on {weeks} weeks of the past, {within} came between P10 and P90 (80% is promised) and {below} "
        "under P50."
    ).format(
        weeks=count_text(coverage.weeks, language),
        within=share_text(coverage.within, language),
        below=share_text(coverage.below_middle, language),
    )
    widening = trial.widening
    if max(widening.down, widening.up) <= 1:
        return said
    more = _("Hence widened: {down} times as far down, {up} times as far up.")
    return f"{said} " + more.format(
        down=number_text(widening.down, 2, language), up=number_text(widening.up, 2, language)
    )


def trial_view(found: CashForecast, language: str) -> RenderableType:
    """Return how good the forecast would have been on the past, for a terminal."""
    from rich.text import Text

    _ = translator(language)
    trial = found.trial
    if trial is None or not trial.judged:
        return Text("\n".join(_notes(found, language)[:2]))
    columns = [
        Column(_("Weeks"), fit="wrap"), Column(_("Judged"), "right"), Column(_("Forecasts"), "right"),
        Column("P10–P90", "right"), Column("< P10", "right"), Column("< P50", "right"),
    ]  # fmt: skip
    rows = [_covered(_("as computed"), coverage_of(trial.judged), language)]
    rows += [
        _covered(
            _("{number} weeks ahead").format(number=n + 1) if n else _("the first week"),
            coverage_of([one for one in trial.judged if one.week == n]),
            language,
        )
        for n in range(len(found.weeks))
    ]
    total = [
        _covered(_("widened, as it would have been then"), coverage_of(trial.widened), language),
        [_("promised"), "", "", share_text(0.8, language), share_text(0.1, language),
         share_text(0.5, language)],
    ]  # fmt: skip
    table = Table(_("How often what came lay where it was said"), columns, rows, total)
    return stacked([table, Text("\n".join(_trial_notes(trial, language)))])


def _covered(title: str, found: Coverage | None, language: str) -> list[str]:
    if found is None:
        return [title, "0", "0", "–", "–", "–"]
    counts = [count_text(n, language) for n in (found.weeks, found.origins)]
    shares = [share_text(n, language) for n in (found.within, found.below_low, found.below_middle)]
    return [title, *counts, *shares]


def _trial_notes(trial: Trial, language: str) -> list[str]:
    _ = translator(language)
    said = [
        _(
            "Each forecast knew only what was known on its day, but for disputes, which are not taken out of the past. "
            "Weeks of neighbouring forecasts overlap: the shares rest on fewer than they count."
        )
    ]
    line = _(
        "Receivables of one debtor moved together: {together} on a scale from 0 to 1, by {pairs} pairs."
    )
    said.append(
        line.format(
            together=number_text(trial.together.share, 2, language),
            pairs=count_text(trial.pairs, language),
        )
    )
    widening = trial.widening
    line = _(
        "Today's intervals: {down} times as far down, {up} times as far up. The rule: on either side the "
        "distance that nine weeks of ten did not exceed, and never less than what was computed."
    )
    said.append(
        line.format(
            down=number_text(widening.down, 2, language), up=number_text(widening.up, 2, language)
        )
    )
    return said
