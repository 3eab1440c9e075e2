"""Terms of payment: what people write ("45 jours fin de mois") and the due dates it gives.

Imports nothing heavy: `relance validate` checks the policy's terms with it.
"""

from __future__ import annotations

import calendar
import re
import unicodedata
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum
from functools import cache

_LONGEST_TEXT = 100
_LONGEST_DAYS = 400


class MonthEnd(StrEnum):
    """Where the end of the month comes in: C. com. L441-10 I leaves both readings to the contract."""

    NONE = "none"
    AFTER = "after"  # "A": issue + days, then the end of that month
    BEFORE = "before"  # "B": the end of the month of issue, then + days


@dataclass(frozen=True, slots=True)
class Terms:
    """Terms of payment.

    Attributes:
        days: calendar days from the date of the document.
        months: calendar months from it, before the days.
        month_end: where the end of the month comes in.
        day: day of the month on which payments are made, 1 to 31; None for any day.
    """

    days: int = 0
    months: int = 0
    month_end: MonthEnd = MonthEnd.NONE
    day: int | None = None


def due_date(issued: date, terms: Terms) -> date:
    """Return the date on which a document `issued` then is due under `terms`.

    A day of the month is the first such day after the end of the month or, without one, not
    before the days are over; "le 10" alone is the next 10th strictly after the date of issue. In a
    month too short for it, it is the last day.

    Raises:
        OverflowError: if the date would be after the year 9999.
    """
    if terms.month_end is MonthEnd.BEFORE:
        reached = _later(_end_of_month(issued), terms)
    elif terms.month_end is MonthEnd.AFTER:
        reached = _end_of_month(_later(issued, terms))
    else:
        reached = _later(issued, terms)
    if terms.day is None:
        return reached
    whole_days = terms.month_end is MonthEnd.NONE and reached > issued
    return _next_day_of_month(reached - timedelta(days=1) if whole_days else reached, terms.day)


def _later(day: date, terms: Terms) -> date:
    return _add_months(day, terms.months) + timedelta(days=terms.days)


def _add_months(day: date, months: int) -> date:
    if not months:
        return day
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    if year > date.max.year:
        raise OverflowError("date after the year 9999")
    return _on(year, month + 1, day.day)


def _end_of_month(day: date) -> date:
    return _on(day.year, day.month, 31)


def _next_day_of_month(after: date, day: int) -> date:
    here = _on(after.year, after.month, day)
    return here if here > after else _on_next_month(after, day)


def _on_next_month(after: date, day: int) -> date:
    first = _add_months(after.replace(day=1), 1)
    return _on(first.year, first.month, day)


def _on(year: int, month: int, day: int) -> date:
    return date(year, month, min(day, calendar.monthrange(year, month)[1]))


# What people write, accents and punctuation off. Phrases are replaced by one token, longest first.
_PHRASES = {
    "END_NEXT": (
        "fin du mois suivant", "fin de mois suivant", "fin mois suivant", "fin du mois prochain",
        "end of next month", "end of following month", "end of the following month",
        "einde volgende maand", "ende des folgemonats", "ende folgemonat",
    ),
    "END": (
        "fin de mois", "fin du mois", "fin mois", "fdm", "fm", "end of month", "end of the month",
        "end month", "month end", "eom", "einde van de maand", "einde maand", "eindemaand",
        "eind maand", "monatsende", "ende des monats", "ende monat",
    ),
    "NOW": (
        "a reception de la facture", "a reception de facture", "a reception facture", "a reception",
        "des reception", "reception de facture", "reception facture", "reception", "au comptant",
        "comptant", "paiement immediat", "immediatement", "immediat", "immediate", "immediately",
        "due on receipt", "due upon receipt", "on receipt", "upon receipt", "cash", "contant",
        "bij ontvangst", "na ontvangst", "onmiddellijk", "sofort fallig", "sofort",
        "bei erhalt", "nach erhalt", "barzahlung", "bar",
    ),
    "THE": ("le", "the", "on the", "am", "op de", "op", "den", "de"),
    "A": ("(a)", "methode a", "variante a", "option a"),
    "B": ("(b)", "methode b", "variante b", "option b"),
    "DAYS": ("jours", "jour", "jrs", "j", "days", "day", "d", "dagen", "dag", "dgn", "tagen", "tage", "tag", "t"),
    "MONTHS": ("mois", "months", "month", "maanden", "maand", "monate", "monaten", "monat"),
    "NET": ("nets", "net", "netto", "nette", "n"),
    "": (
        "date de la facture", "date de facture", "date facture", "date de facturation",
        "date d emission", "date of invoice", "invoice date", "factuurdatum", "rechnungsdatum",
        "facture", "invoice", "ddf", "df", "a", "sous", "dans", "les", "calendaires", "calendrier",
        "calendar", "kalenderdagen", "after", "from", "within", "of", "due", "in", "payable",
        "paiement", "reglement", "payment", "terms", "na", "binnen", "vanaf", "betaling",
        "betaaltermijn", "nach", "ab", "innerhalb", "zahlbar", "zahlungsziel", "von", "apres",
        "a compter de la", "a compter de", "delai de", "delai", "echeance", "du mois", "du", "th",
        "e", "eme", "st", "nd", "rd", "er", "ste", "et", "puis", "then",
    ),
}  # fmt: skip
_TOKEN_OF = {phrase: token for token, phrases in _PHRASES.items() for phrase in phrases}
_WORDS = re.compile(
    "|".join(
        [r"\d+"]
        + [
            re.escape(p) if p.startswith("(") else rf"{re.escape(p)}(?![a-z])"
            for p in sorted(_TOKEN_OF, key=len, reverse=True)
        ]
    )
)
_GLUED = re.compile(r"\b(\d+) ?(?:j|jrs|jours) ?(fdm|fm)\b")


@cache
def parse_terms(text: str) -> Terms | None:
    """Return the terms that `text` states, in French, Dutch, German or English; None if not understood.

    "45 jours fin de mois" reads as A (issue + 45 days, then the end of that month), "fin de mois
    45 jours" as B (the end of the month of issue, then + 45 days); "(A)" or "(B)" at the end wins.
    A bare number counts days.
    """
    tokens = _tokens(text)
    if not tokens:
        return None
    variant = next((t for t in tokens if t in "AB"), None)
    terms = _read([t for t in tokens if t not in "AB"])
    if terms is None or variant is None:
        return terms
    if terms.month_end is MonthEnd.NONE:
        return None
    return replace(terms, month_end=MonthEnd.AFTER if variant == "A" else MonthEnd.BEFORE)


def _tokens(text: str) -> list[str] | None:
    """The text as tokens and numbers, noise left out; None if a word is not known."""
    plain = _plain(text)
    if len(plain) > _LONGEST_TEXT:
        return None
    plain = _GLUED.sub(r"\1 j \2", plain)
    if match := re.search(r"(?<=[a-z]) ([ab])$", plain):
        plain = f"{plain[: match.start()]} ({match[1]})"
    if _WORDS.sub("", plain).strip():
        return None
    tokens = (_TOKEN_OF.get(word, word) for word in _WORDS.findall(plain))
    return [token for token in tokens if token]


def _plain(text: str) -> str:
    letters = unicodedata.normalize("NFKD", text[: 4 * _LONGEST_TEXT]).casefold()
    letters = "".join(c for c in letters if not unicodedata.combining(c))
    return " ".join(re.sub(r"[^a-z0-9()%]+", " ", letters).split())


_FORMS = tuple(
    (re.compile(pattern), month_end)
    for pattern, month_end in (
        (r"NOW", MonthEnd.NONE),
        (r"(?:NET )?(?P<days>\d+)(?: NET)?(?: DAYS)?(?: NET)?", MonthEnd.NONE),
        (r"(?:NET )?(?P<months>\d+) MONTHS(?: NET)?", MonthEnd.NONE),
        (r"(?:NET )?(?P<days>\d+)(?: DAYS)?(?: NET)?(?: THE)? END", MonthEnd.AFTER),
        (r"(?:NET )?(?P<months>\d+) MONTHS(?: NET)?(?: THE)? END", MonthEnd.AFTER),
        (r"END(?P<next>_NEXT)?", MonthEnd.AFTER),
        (r"END(?: THE)? (?P<days>\d+) DAYS(?: NET)?", MonthEnd.BEFORE),
        (r"END(?: THE)? (?P<months>\d+) MONTHS(?: NET)?", MonthEnd.BEFORE),
    )
)
_DAY_OF_MONTH = re.compile(r"(?:^| )THE (\d+)(?: END_NEXT)?$|(?<= END) (\d+)$")


def _read(tokens: list[str]) -> Terms | None:
    sentence = " ".join(tokens)
    day = _DAY_OF_MONTH.search(sentence)
    if day:
        sentence = sentence[: day.start()]
    fixed = int(day[1] or day[2]) if day else None
    if fixed is not None and not 1 <= fixed <= 31:
        return None
    if not sentence:
        return Terms(day=fixed)
    for form, month_end in _FORMS:
        if found := form.fullmatch(sentence):
            return _within_reason(_terms(found.groupdict(), month_end, fixed))
    return None


def _terms(found: dict[str, str | None], month_end: MonthEnd, day: int | None) -> Terms:
    months = 1 if found.get("next") else int(found.get("months") or 0)
    return Terms(int(found.get("days") or 0), months, month_end, day)


def _within_reason(terms: Terms) -> Terms | None:
    return terms if terms.days <= _LONGEST_DAYS and terms.months <= 13 else None
