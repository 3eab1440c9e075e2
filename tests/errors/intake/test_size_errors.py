"""What is said of a file that no export is as large as; the file is sparse and takes no room."""

from __future__ import annotations

from pathlib import Path

import pytest

from relance.intake.files import load
from relance.intake.findings import Refusal
from relance.reports.diagnostics import render


def test_i230(tmp_path: Path) -> None:
    with (tmp_path / "v.csv").open("wb") as file:
        file.truncate(2_000_000_001)
    with pytest.raises(Refusal) as refused:
        load(tmp_path, tmp_path / "v.csv")
    assert render(refused.value.diagnostics, "concise") == (
        "v.csv: error I230: the file has 2000 MB, the most is 2000 MB (Export the open items alone, "
        "or split the source over several files.)\n"
    )
