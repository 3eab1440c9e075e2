"""The waiting time of a consumer's first reminder: when it begins, and when costs may be claimed."""

from __future__ import annotations

from datetime import date, timedelta

from relance.dates import is_sending_day
from relance.law.schedule import ONE_DAY

ELECTRONIC = frozenset({"email", "sms"})
"""Media that arrive at once; all others are carried by post."""

WAITING = timedelta(days=14)
"""Belgium: CDE art. XIX.2. Netherlands: BW art. 6:96 lid 6."""

COUNTRIES = frozenset({"BE", "NL"})
"""Countries whose law makes the creditor wait."""


def start_of_waiting(sent: date, medium: str, country: str = "BE") -> date:
    """Return the first of the 14 days that a consumer has after a first reminder.

    Belgium (CDE art. XIX.2): the third working day after posting, or the calendar day after
    electronic sending. The Netherlands count from the day after receipt; nobody knows that day of a
    letter, so it is taken to arrive on the third working day. Elsewhere there is nothing to wait for:
    the day of sending itself.

    Args:
        sent: day of posting or sending.
        medium: "email", "sms", or any other for the post ("letter", "registered").
        country: whose law governs, ISO 3166 alpha-2.
    """
    if country not in COUNTRIES:
        return sent
    if medium in ELECTRONIC:
        return sent + ONE_DAY
    third = _working_days_after(sent, 3, country)
    return third if country == "BE" else third + ONE_DAY


def first_day_of_costs(sent: date, medium: str, country: str = "BE") -> date:
    """Return the first day on which costs may be claimed after a first reminder.

    It follows the 14 days of `start_of_waiting`, whose arguments these are; elsewhere it is the day
    of sending.
    """
    start = start_of_waiting(sent, medium, country)
    return start + WAITING if country in COUNTRIES else start


def _working_days_after(day: date, count: int, country: str) -> date:
    """Return the day that is `count` working days later: not Saturdays, Sundays and holidays.

    (Belgium: C. civ. art. 1.7 § 3.)
    """
    for _ in range(count):
        day += ONE_DAY
        while not is_sending_day(day, (country,)):
            day += ONE_DAY
    return day
