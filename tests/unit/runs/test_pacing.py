"""When a sending window opens."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from relance.policy.channels import SendingWindow
from relance.runs.pacing import opening

PARIS = ZoneInfo("Europe/Paris")


@pytest.mark.parametrize(
    ("opens", "closes", "now", "expected"),
    [
        ("08:00", "19:00", "2026-01-15T07:00", None),
        ("08:00", "19:00", "2026-01-15T06:59", "2026-01-15T07:00"),
        ("08:00", "19:00", "2026-01-15T18:00", "2026-01-16T07:00"),
        ("22:00", "06:00", "2026-01-15T22:30", None),
        ("22:00", "06:00", "2026-01-15T04:59", None),
        ("22:00", "06:00", "2026-01-15T12:00", "2026-01-15T21:00"),
        ("08:00", "00:00", "2026-01-15T22:59", None),
        ("08:00", "08:00", "2026-01-15T01:00", None),
        # The nights on which the clocks change: eight o'clock comes 23 or 25 hours later.
        ("08:00", "19:00", "2026-03-28T18:00", "2026-03-29T06:00"),
        ("08:00", "19:00", "2026-10-24T17:00", "2026-10-25T07:00"),
        ("02:30", "03:30", "2026-03-29T00:00", "2026-03-29T01:30"),
    ],
)
def test_a_window_opens_by_the_creditor_s_clock(opens, closes, now, expected):
    window = SendingWindow.model_validate({"from": opens, "to": closes})
    found = opening(window, datetime.fromisoformat(now).replace(tzinfo=UTC), PARIS)
    wanted = datetime.fromisoformat(expected).replace(tzinfo=UTC) if expected else None
    assert (found.astimezone(UTC) if found else None) == wanted
