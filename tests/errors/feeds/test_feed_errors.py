"""The smallest case for each code about what people record at the desk or by a file."""

from __future__ import annotations

from datetime import date

import pytest

from relance.desk.entering import task_done
from relance.dunning.worklist import Work
from scenarios.stage import new_stage


def test_d150_a_task_that_was_done_meanwhile():
    day = date(2026, 4, 14)
    work = Work(7, "", day, "C1", "call", "", "EUR", state="done", outcome="refused", ended=day, by="anne")  # fmt: skip
    [found] = task_done(7, [work])
    assert (found.code, found.message()) == (
        "D150",
        "task 7 was done on 2026-04-14 by anne: refused",
    )


FILES = {
    "D151": ("colour\nred\n", "this means nothing here, or stands twice: colour", None),
    "D152": ("event\nsmile\n", "event: smile is not an event", 2),
    "D153": ("event,debtor\nnote,C1\n", "note: note is needed", 2),
    "D154": (
        "event,debtor,note,id\nnote,C1,a,7\nnote,C1,b,7\n",
        "`id` 7 said something else before (in this file)",
        3,
    ),
}


@pytest.mark.parametrize("code", FILES)
def test_the_smallest_file_for_each_code(tmp_path, code):
    content, message, line = FILES[code]
    stage = new_stage(tmp_path / "project")
    path = tmp_path / "said.csv"
    path.write_text(content)
    said = stage("feed", str(path), "--date", "2026-04-14", "--json")
    assert said.code == 3
    [found] = said.json["diagnostics"]
    assert (found["code"], found["message"], found["line"]) == (code, message, line)
