"""A clock that the test sets: the program reads the real one in `relance.clock` only."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from relance import clock


class FakeClock(datetime):
    """Stands for `datetime` in `relance.clock`: it is as late as the test says."""

    moment: datetime

    @classmethod
    def now(cls, tz: Any = None) -> datetime:
        return cls.moment.astimezone(tz)


@contextmanager
def fake_clock(moment: datetime) -> Iterator[type[FakeClock]]:
    """Let everything in this process take `FakeClock.moment` for the present."""
    real, clock.datetime = clock.datetime, FakeClock  # type: ignore[misc]
    FakeClock.moment = moment
    try:
        yield FakeClock
    finally:
        clock.datetime = real  # type: ignore[misc]
