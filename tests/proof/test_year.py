"""Two months of a small creditor; `make year` lives through the whole year."""

from __future__ import annotations

from pathlib import Path

from .year import year


def test_two_months_day_by_day_keep_the_promise(tmp_path: Path):
    lived = year(tmp_path, debtors=40, days=60, seed=2)
    assert lived.figures["notices sent"] > 10
