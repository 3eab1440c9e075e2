"""The words of the dashboard in a language of its readers, and how that language writes figures."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from functools import cached_property
from pathlib import Path
from typing import Any

from relance.language import OPERATOR_LANGUAGES, translator
from relance.money import digits
from relance.notices.figures import locale_name
from relance.notices.typography import set_spaces
from relance.policy.yaml import read_yaml

LANGUAGES = ("fr", "nl", "de", "en")
"""The languages of the page: those of the notices, whatever those of the screen."""


@dataclass(frozen=True)
class Words:
    """Words and forms of one language, for a creditor of one country."""

    language: str
    locale: str
    texts: Mapping[str, Any]

    def __getitem__(self, key: str) -> str:
        """Return a text.

        Raises:
            KeyError: if the language has none of that name.
        """
        return str(self.texts[key])

    def of(self, family: str, key: str) -> str:
        """Return what `key` is called in a family of names; `key` itself if it has no name."""
        return str(self.texts[family].get(key, key))

    def said(self, text: str) -> str:
        """Return an English text of the report in this language: its figures and what they lack."""
        if self.language in OPERATOR_LANGUAGES:
            text = translator(self.language)(text)
        else:
            text = str(self.texts["report"].get(text, text))
        return text.replace("`", "")

    def fill(self, key: str, **places: object) -> str:
        """Return a text with its places filled."""
        return self[key].format(**places)

    def counted(self, number: int, noun: str) -> str:
        """Return `number` with its noun."""
        one = number == 1 or (number == 0 and self.language == "fr")
        return self[f"{noun}_{'one' if one else 'many'}"].format(self.number(number))

    @cached_property
    def marks(self) -> tuple[str, str]:
        """What stands between groups of digits, and before decimals."""
        from babel.numbers import get_decimal_symbol, get_group_symbol

        return get_group_symbol(self.locale), get_decimal_symbol(self.locale)

    def number(self, number: int | Decimal, places: int = 0) -> str:
        """Return a number with `places` decimals, half rounded up."""
        value = Decimal(number).quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)
        group, mark = self.marks
        text = f"{abs(value):,.{places}f}".replace(",", "\0").replace(".", mark)
        return ("\u2212" if value < 0 else "") + text.replace("\0", group)

    def amount(self, minor: int, currency: str) -> str:
        """Return `minor` units without the currency's sign."""
        places = digits(currency)
        return self.number(Decimal(minor).scaleb(-places), places)

    def money(self, minor: int, currency: str) -> str:
        """Return `minor` units with the currency's sign, where the language has it."""
        return self.sign(self.amount(minor, currency), currency)

    def whole(self, minor: int, currency: str) -> str:
        """Return `minor` units with the currency's sign, rounded to whole units."""
        return self.sign(self.number(Decimal(minor).scaleb(-digits(currency))), currency)

    def sign(self, text: str, currency: str) -> str:
        """Return the text of an amount with the currency's sign before or after it."""
        from babel.numbers import get_currency_symbol

        sign = get_currency_symbol(currency, self.locale)
        if self["currency"] == "after":
            return f"{text}\u00a0{sign}"
        gap = "" if len(sign) == 1 and self.language == "en" else "\u00a0"
        # Dutch has the minus between the sign and the figures, English before both.
        minus = "\u2212" if self.language == "en" and text.startswith("\u2212") else ""
        return f"{minus}{sign}{gap}{text.removeprefix(minus)}"

    def percent(self, share: Decimal | None, places: int = 1) -> str:
        """Return `share`, from 0 to 100, in percent; a dash for None."""
        return "–" if share is None else self["percent"].format(self.number(share, places))

    def day(self, day: date | None) -> str:
        """Return a day in figures; a dash for None."""
        if day is None:
            return "–"
        return self["day"].format(d=f"{day.day:02}", m=f"{day.month:02}", y=day.year)

    def long_day(self, day: date) -> str:
        """Return a day in full, without its weekday."""
        from babel.dates import format_date

        return str(format_date(day, "long", locale=self.locale))

    def weekday(self, day: date) -> str:
        """Return the weekday and the day of the month, short."""
        from babel.dates import format_date

        return str(format_date(day, "EEE d", locale=self.locale))

    def month(self, day: date, form: str) -> str:
        """Return the month of `day`."""
        from babel.dates import format_date

        return str(format_date(day, form, locale=self.locale))

    def moment(self, moment: datetime) -> str:
        """Return a day and the time of the clock."""
        return f"{self.day(moment.date())} {moment:%H:%M}"


def words_of(language: str, country: str) -> Words:
    """Return the words of `language`, one of LANGUAGES, as a creditor of `country` writes figures."""
    # English is written as in Britain: the English of the continent has the continent's comma.
    locale = locale_name(language, "GB" if language == "en" else country)
    report = {} if language in OPERATOR_LANGUAGES else _texts(f"report.{language}.yaml")
    texts = {**_texts(f"words.{language}.yaml"), "report": report}
    return Words(language, locale, _spaced(texts, locale))


def _texts(name: str) -> dict[str, Any]:
    """Return what a file of words beside this module holds."""
    document, found = read_yaml(Path(__file__).with_name(name).read_bytes(), name)
    if document is None or found:
        raise ValueError(f"{name}: {[str(each.span) for each in found]}")
    return dict(document.value)


def _spaced(texts: Any, locale: str) -> Any:
    """Return all texts with the no-break spaces of their language."""
    if isinstance(texts, dict):
        return {str(key): _spaced(text, locale) for key, text in texts.items()}
    return set_spaces(str(texts), locale)
