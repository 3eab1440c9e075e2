"""The one place that reads the clock. Everything else is given its date or its moment."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from time import monotonic, sleep
from zoneinfo import ZoneInfo


def today(tz: str) -> date:
    """Return the current date in the creditor's time zone `tz` (an IANA name)."""
    return datetime.now(ZoneInfo(tz)).date()


def now() -> datetime:
    """Return the current moment in UTC, with its zone."""
    return datetime.now(UTC)


def elapsed() -> float:
    """Return seconds since some moment in the past, to measure waits by; it never goes back."""
    return monotonic()


def wait(seconds: float) -> None:
    """Let `seconds` pass."""
    sleep(seconds)


def moment_of(day: date, tz: str) -> datetime:
    """Return the moment that messages of `day` carry: now if it is today, else 08:00 in `tz`.

    A message dated by hand (`--date`) must not depend on the hour at which it was made.
    """
    here = datetime.now(ZoneInfo(tz))
    if here.date() == day:
        return here.replace(microsecond=0)
    return datetime.combine(day, time(8), ZoneInfo(tz))
