"""The smallest case for each code about what people record at the desk or by a file."""

from __future__ import annotations

from datetime import date

from relance.desk.entering import task_done
from relance.dunning.worklist import Work


def test_d150_a_task_that_was_done_meanwhile():
    day = date(2026, 4, 14)
    work = Work(7, "", day, "C1", "call", "", "EUR", state="done", outcome="refused", ended=day, by="anne")  # fmt: skip
    [found] = task_done(7, [work])
    assert (found.code, found.message()) == (
        "D150",
        "task 7 was done on 2026-04-14 by anne: refused",
    )
