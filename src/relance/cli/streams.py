"""stdout and stderr as they may be: closed, piped into `head`, or unable to write some letters."""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Callable
from contextlib import suppress
from typing import IO


def open_streams() -> None:
    """Make stdout and stderr usable whatever they are."""
    for name in ("stdout", "stderr"):
        stream = getattr(sys, name)
        if stream is None:
            setattr(sys, name, open(os.devnull, "w", encoding="utf-8"))  # noqa: SIM115, PTH123
        elif isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


def _stop_writing() -> None:
    """Let stdout lead nowhere: its reader is gone, and the work goes on without it."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, sys.stdout.fileno())
    os.close(nowhere)


def write(content: Callable[[IO[str]], object]) -> None:
    """Let `content` write to stdout; a reader that has left (`| head`) is no error.

    Raises:
        OSError: if it cannot be written to for another reason, such as a full disk.
    """
    try:
        content(sys.stdout)
        sys.stdout.flush()
    except BrokenPipeError:
        _stop_writing()
    except OSError:
        _stop_writing()  # else the end of the process would try again, and change its exit code
        raise


def write_data(content: Callable[[IO[str]], object]) -> None:
    """Let `content` write JSON to stdout: UTF-8, whatever the locale (RFC 8259)."""
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(encoding="utf-8", errors="backslashreplace")
    write(content)


def write_message(text: str) -> None:
    """Write `text` as lines of stderr; that nobody reads them is no error."""
    with suppress(OSError):  # the exit code still tells
        print(text, file=sys.stderr, flush=True)
