"""Figures of the report as their reader writes them, and as cells of a sheet."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

from relance.indicators.figure import Figure, Minor, Part
from relance.indicators.report import Report
from relance.language import N_, Translate, translator
from relance.money import to_decimal, to_text
from relance.reports.figures import amount_text, count_text, date_text

_TENTH = Decimal("0.1")

OVER = N_("over {value}")
DAYS = N_("{days} d")
NOBODY = N_("nobody")
NONE = N_("none")


def value_text(figure: Figure, language: str) -> str:
    """Return the value of `figure` as `language` writes it; a dash where it is not known."""
    if figure.value is None:
        return "–"
    text = _bare_text(figure, language)
    return translator(language)(OVER).format(value=text) if figure.bound else text


def _bare_text(figure: Figure, language: str) -> str:
    value = figure.value
    if figure.unit == "money" and figure.currency:
        return amount_text(int(value or 0), figure.currency, language)
    if figure.unit == "percent":
        return percent_text(Decimal(value or 0), language)
    if figure.unit == "days":
        return days_text(Decimal(value or 0), language)
    if isinstance(value, Decimal):
        return _decimal(value, language)
    return count_text(int(value or 0), language)


def _decimal(value: Decimal, language: str) -> str:
    text = f"{value.quantize(_TENTH, ROUND_HALF_UP)}"
    return text.replace(".", ",") if language == "fr" else text


def percent_text(value: Decimal | None, language: str) -> str:
    """Return a percentage with one decimal; a dash for None."""
    if value is None:
        return "–"
    return (
        f"{_decimal(value, language)}\u00a0%"
        if language == "fr"
        else f"{_decimal(value, language)}%"
    )


def days_text(value: Decimal | None, language: str, *, over: bool = False) -> str:
    """Return a number of days with one decimal; a dash for None."""
    if value is None:
        return "–"
    _ = translator(language)
    text = _(DAYS).format(days=_decimal(value, language))
    return _(OVER).format(value=text) if over else text


def scope_text(kind: str, name: str, translate: Translate) -> str:
    """Return what a scope is called; nobody's and no segment's have words of their own."""
    if name:
        return name
    return translate(NOBODY if kind == "owner" else NONE)


def period_text(report: Report, language: str) -> str:
    """Return the period of the report."""
    text = translator(language)(N_("period from {first} to {last}"))
    return text.format(
        first=date_text(report.first, language), last=date_text(report.last, language)
    )


def plain_value(figure: Figure) -> str | int | None:
    """Return the value for programs: money as text with its decimals, counts as whole numbers."""
    if figure.value is None:
        return None
    if figure.unit == "money" and figure.currency:
        return to_text(int(figure.value), figure.currency)
    return str(figure.value) if isinstance(figure.value, Decimal) else figure.value


def plain_part(part: Part, currency: str | None) -> str | int:
    """Return a part of a figure for programs."""
    if isinstance(part, Minor) and currency:
        return to_text(part, currency)
    return str(part) if isinstance(part, Decimal) else part


def cell(figure: Figure) -> Decimal | int | None:
    """Return the value as a cell of a sheet, money in units of its currency."""
    if figure.unit == "money" and figure.value is not None and figure.currency:
        return to_decimal(int(figure.value), figure.currency)
    return figure.value
