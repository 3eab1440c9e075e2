"""Runs the program and sends it a signal when it enters a function: `signal_driver.py FUNCTION SIGNAL WORDS…`.

FUNCTION is `floor/module.py:name`. The signal is a real one, and it is the program's own business
what it does with it.
"""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path
from types import FrameType
from typing import Any

import relance

OURS = Path(relance.__file__).parent


def main(function: str, number: int, words: list[str]) -> None:
    from relance.cli.main import main as program

    module, _, name = function.partition(":")
    path, sent = str(OURS / module), False

    def watch(frame: FrameType, event: str, argument: object) -> Any:
        nonlocal sent
        if not sent and frame.f_code.co_name == name and frame.f_code.co_filename == path:
            sent = True
            print(f"reached {function}", file=sys.stderr, flush=True)
            os.kill(os.getpid(), number)

    sys.argv = ["relance", *words]
    # Python itself leaves Ctrl-C alone where it was started in the background.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    sys.settrace(watch)
    program()


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), sys.argv[3:])
