"""Fifty days of a small creditor; `make year` lives through the whole year."""

from __future__ import annotations

from pathlib import Path

from .year import year


def test_fifty_days_one_by_one_keep_the_promise(tmp_path: Path):
    lived = year(tmp_path, debtors=40, days=50, seed=2)
    assert lived.figures["notices sent"] > 10
