"""What a check of `relance doctor` found."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from relance.cli.exits import Exit

State = Literal["ok", "warn", "fail"]
OK: State = "ok"
WARN: State = "warn"
FAIL: State = "fail"


@dataclass(frozen=True, slots=True)
class Finding:
    """A line of the doctor.

    Attributes:
        name: what was looked at.
        state: ok, warn or fail.
        detail: what was found.
        hint: what to do; empty when nothing is.
        code: exit code of a failure.
    """

    name: str
    state: State
    detail: str
    hint: str = ""
    code: Exit = Exit.INFRASTRUCTURE
