"""Runs a project in a child that is killed at one step of keeping payments: `payments_driver.py DIR STEP`."""

from __future__ import annotations

import os
import signal
import sys
from types import FrameType
from typing import Any

WATCHED = ("history/payments.py", "history/recording.py", "runs/observed.py", "runs/execution.py")


class Axe:
    """Kills this process at the begin or end number `last` of a watched function."""

    def __init__(self, last: int) -> None:
        self.left = last

    def __call__(self, frame: FrameType, event: str, argument: object) -> Any:
        if not frame.f_code.co_filename.endswith(WATCHED):
            return None
        return self.step(frame, event, argument)

    def step(self, frame: FrameType, event: str, argument: object) -> Any:
        if event in ("call", "return"):
            self.left -= 1
            if self.left == 0:
                os.kill(os.getpid(), signal.SIGKILL)
        return self.step


def main(project: str, step: int) -> None:
    from relance.cli.main import main as relance

    sys.argv = ["relance", "run", "-C", project, "--date", "2026-04-10", "--quiet"]
    sys.settrace(Axe(step))
    relance()


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
