"""What stands under a list that somebody has to answer for by name."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from relance.language import translator
from relance.reports.figures import date_text, safe


def approval_lines(told: Mapping[str, Any], language: str, *, any_rows: bool) -> Iterator[str]:
    """Yield who approved the list and when, or how to, and where it was written.

    `told` has `list`, `approved_by`, `approved_at` (ISO, None if nobody did) and `file`.
    """
    _ = translator(language)
    if told["approved_by"]:
        day = date_text(datetime.fromisoformat(told["approved_at"]).date(), language)
        yield _("Approved by {by} on {date}.").format(by=safe(told["approved_by"]), date=day)
    elif any_rows:
        yield _("Not approved: `--approve {list} -o FILE` writes it.").format(list=told["list"])
    if told["file"]:
        yield _("Written: {file}.").format(file=safe(told["file"]))
