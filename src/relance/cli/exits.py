"""What the exit code says: named codes, and the one place that finds the code of a trouble."""

from __future__ import annotations

import os
import signal
import unicodedata
from collections.abc import Callable, Iterable
from enum import IntEnum
from types import FrameType
from typing import TYPE_CHECKING

import typer

from relance.cli.streams import write_message
from relance.cli.words import LANGUAGE, _
from relance.language import N_, translator

if TYPE_CHECKING:
    from relance.diagnostics import Diagnostic


class Exit(IntEnum):
    """The exit codes; they are documented and do not change."""

    DONE = 0
    PARTLY = 1
    USAGE = 2
    REFUSED = 3
    BRAKE = 4
    INFRASTRUCTURE = 5
    RUNNING = 75
    INTERRUPTED = 130
    TERMINATED = 143


MEANINGS = {
    Exit.DONE: N_("done"),
    Exit.PARTLY: N_("done, but some notices failed or are in doubt"),
    Exit.USAGE: N_("usage or policy errors"),
    Exit.REFUSED: N_("input refused"),
    Exit.BRAKE: N_("safety brake or approval needed"),
    Exit.INFRASTRUCTURE: N_("infrastructure down (database, channel)"),
    Exit.RUNNING: N_("already running"),
    Exit.INTERRUPTED: N_("interrupted"),
    Exit.TERMINATED: N_("terminated"),
}

_BY_LETTER = {
    "P": Exit.USAGE,
    "T": Exit.USAGE,
    "L": Exit.USAGE,
    "I": Exit.REFUSED,
    "D": Exit.REFUSED,
    "C": Exit.INFRASTRUCTURE,
    "H": Exit.INFRASTRUCTURE,
}
_BY_CODE = {
    **dict.fromkeys(("C028", "C029"), Exit.USAGE),
    "H012": Exit.RUNNING,
    "D001": Exit.USAGE,
    "D002": Exit.BRAKE,
    "D003": Exit.BRAKE,
    **dict.fromkeys(("D010", "D011", "D012", "D013", "D014", "D015", "D016"), Exit.USAGE),
    **dict.fromkeys((f"D{number:03}" for number in range(22, 31)), Exit.USAGE),
    **dict.fromkeys((f"D{number:03}" for number in range(50, 80)), Exit.BRAKE),
    **dict.fromkeys((f"D{number:03}" for number in range(130, 137)), Exit.USAGE),
    **dict.fromkeys(("D137", "D138", "D187", "D188"), Exit.BRAKE),
    **dict.fromkeys(("D183", "D186", "D189"), Exit.USAGE),
    **dict.fromkeys((f"D{number:03}" for number in range(140, 151)), Exit.USAGE),
    **dict.fromkeys((f"D{number:03}" for number in range(165, 175)), Exit.USAGE),
    **dict.fromkeys((f"D{number:03}" for number in range(155, 165)), Exit.USAGE),
    **dict.fromkeys(("D080", "D081", "D082"), Exit.INFRASTRUCTURE),
    **dict.fromkeys((f"H{number:03}" for number in range(20, 40)), Exit.BRAKE),
}


class Stop(Exception):  # noqa: N818 - a refusal that is understood, not a fault
    """A command that cannot go on, for a reason that the operator understands.

    Attributes:
        code: the exit code.
        message: what happened, in the operator's language.
        hint: the way out; empty when there is none to give.
    """

    def __init__(self, code: Exit, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.hint = hint


class Terminated(KeyboardInterrupt):
    """The process was asked to end (SIGTERM)."""


def meaning(code: int, language: str = LANGUAGE) -> str:
    """Return what exit `code` says, in `language`; the number itself for a code that is not ours."""
    known = {int(exit): text for exit, text in MEANINGS.items()}
    return translator(language)(known[code]) if code in known else str(code)


def of_diagnostics(diagnostics: Iterable[Diagnostic]) -> Exit:
    """Return the exit code that errors among `diagnostics` ask for; DONE when there is no error.

    Errors of the policy come first: until they are repaired, the others may follow from them.
    """
    from relance.diagnostics import Severity

    codes = [
        _BY_CODE.get(d.code, _BY_LETTER[d.code[0]])
        for d in diagnostics
        if d.severity is Severity.ERROR
    ]
    order = (Exit.RUNNING, Exit.USAGE, Exit.REFUSED, Exit.BRAKE, Exit.INFRASTRUCTURE)
    return next((code for code in order if code in codes), Exit.DONE)


def worst(codes: Iterable[int]) -> int:
    """Return the gravest of several exit codes: broken machines first, then refusals, then doubts."""
    order = (
        Exit.TERMINATED, Exit.INTERRUPTED, Exit.INFRASTRUCTURE, Exit.USAGE, Exit.REFUSED,
        Exit.BRAKE, Exit.PARTLY, Exit.RUNNING, Exit.DONE,
    )  # fmt: skip
    found = set(codes)
    strange = found - {int(code) for code in order}
    if strange:
        return int(Exit.INFRASTRUCTURE)
    return int(next((code for code in order if code in found), Exit.DONE))


def say(message: str, hint: str = "") -> None:
    """Write a message for the operator to stderr, with its way out on a second line."""
    lines = [f"relance: {message}"]
    if hint:
        lines.append("  " + _("hint: {hint}").format(hint=hint))
    write_message("\n".join(map(_escaped, lines)))


def _escaped(line: str) -> str:
    """Return `line` with what steers a terminal written out: messages repeat what was given."""
    return "".join(
        c
        if unicodedata.category(c) not in ("Cc", "Cf", "Zl", "Zp") or c == "\n"
        else ascii(c)[1:-1]
        for c in line
    )


def code_of(error: Exception) -> Exit:
    """Return the exit code that the process would end with."""
    return _of_trouble(error).code


def _of_trouble(error: Exception) -> Stop:
    """Return the stop that stands for an exception that some floor let through."""
    if isinstance(error, Stop):
        return error
    if isinstance(error, MemoryError):
        return Stop(Exit.INFRASTRUCTURE, _("the machine has no memory left"))
    found = _diagnostics_of(error)
    if found:
        code = of_diagnostics(found) or Exit.INFRASTRUCTURE
        return Stop(code, found[0].message(LANGUAGE), found[0].hint(LANGUAGE))
    if isinstance(error, OSError):
        return Stop(
            Exit.INFRASTRUCTURE,
            _("the system refused: {error}").format(error=error),
            _("`relance doctor` checks permissions and disk space"),
        )
    return Stop(
        Exit.INFRASTRUCTURE,
        _("unexpected error: {kind}: {error}").format(kind=type(error).__name__, error=error),
        _(
            "this is a fault of relance: please report it with this message and the output of "
            "`relance doctor`; RELANCE_DEBUG=1 shows where it happened"
        ),
    )


def _diagnostics_of(error: Exception) -> list[Diagnostic]:
    """Return what an exception of the floors below says in diagnostics; nothing for others."""
    one, many = getattr(error, "diagnostic", None), getattr(error, "diagnostics", ())
    return [one] if one is not None else list(many)


def guarded(work: Callable[[], int]) -> int:
    """Return the exit code of `work`; troubles become a message on stderr and their code."""
    try:
        return int(work())
    except Terminated:
        say(meaning(Exit.TERMINATED))
        return Exit.TERMINATED
    except (KeyboardInterrupt, typer.Abort):
        say(meaning(Exit.INTERRUPTED))
        return Exit.INTERRUPTED
    except Exception as error:  # every trouble leaves by a documented code
        if os.environ.get("RELANCE_DEBUG") == "1":
            import traceback

            traceback.print_exc()
        stop = _of_trouble(error)
        say(stop.message, stop.hint)
        return stop.code


def terminate_on_sigterm() -> None:
    """Turn SIGTERM into an exception, so that what is open is closed before the process ends."""

    def leave(_number: int, _frame: FrameType | None) -> None:
        raise Terminated

    signal.signal(signal.SIGTERM, leave)
