from __future__ import annotations

import re
from pathlib import Path

import relance.history
from relance.dunning.events import DESK_TYPES
from relance.reports.history_table import TYPES

_WRITTEN = re.compile(r'\bEvent\(\s*"([a-z_]+)"')


def test_every_type_of_event_has_a_name_for_people() -> None:
    sources = Path(relance.history.__file__).parent.glob("*.py")
    written = {name for file in sources for name in _WRITTEN.findall(file.read_text("utf-8"))}
    assert {"run_begun", "paused", "resumed"} <= written
    pinned = {"pinned_accounts", "pinned_environment", "pinned_place"}
    assert {*written, *DESK_TYPES, *pinned} <= set(TYPES)
