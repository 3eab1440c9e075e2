"""Each trouble ends with its documented exit code."""

from __future__ import annotations

import signal
import subprocess
import sys

import pytest

from relance.cli import exits
from relance.cli.exits import Exit, Stop
from relance.diagnostics import Diagnostic, Rule, Severity
from relance.history.errors import AlreadyRunning


def finding(code: str, severity: Severity = Severity.ERROR) -> Diagnostic:
    return Diagnostic(Rule(code, severity, "message", "hint"))


@pytest.mark.parametrize(
    ("codes", "exit"),
    [
        ([], Exit.DONE),
        (["P001"], Exit.USAGE),
        (["T001"], Exit.USAGE),
        (["I001"], Exit.REFUSED),
        (["I001", "P001"], Exit.USAGE),
        (["H001"], Exit.INFRASTRUCTURE),
        (["H012"], Exit.RUNNING),
        (["D002"], Exit.BRAKE),
        (["D001"], Exit.USAGE),
    ],
)
def test_errors_decide_the_code(codes, exit):
    assert exits.of_diagnostics([finding(code) for code in codes]) is exit


def test_warnings_do_not_fail():
    assert exits.of_diagnostics([finding("I001", Severity.WARNING)]) is Exit.DONE


@pytest.mark.parametrize(
    ("codes", "worst"),
    [([0, 0], 0), ([0, 1], 1), ([1, 4], 4), ([4, 3], 3), ([3, 2], 2), ([2, 5], 5), ([75, 0], 75),
     ([75, 1], 1), ([0, 139], 5), ([], 0)],
)  # fmt: skip
def test_the_gravest_of_several(codes, worst):
    assert exits.worst(codes) == worst


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (AlreadyRunning(), Exit.RUNNING),
        (OSError(28, "No space left on device"), Exit.INFRASTRUCTURE),
        (Stop(Exit.BRAKE, "too many"), Exit.BRAKE),
        (ZeroDivisionError(), Exit.INFRASTRUCTURE),
        (KeyboardInterrupt(), Exit.INTERRUPTED),
        (exits.Terminated(), Exit.TERMINATED),
    ],
)
def test_exceptions_leave_by_a_documented_code(error, code, capsys):
    def work() -> int:
        raise error

    assert exits.guarded(work) == code
    assert capsys.readouterr().err.startswith("relance: ")


def test_a_traceback_is_shown_only_when_asked_for(monkeypatch, capsys):
    def work() -> int:
        raise ZeroDivisionError

    exits.guarded(work)
    assert "Traceback" not in capsys.readouterr().err
    monkeypatch.setenv("RELANCE_DEBUG", "1")
    exits.guarded(work)
    assert "Traceback" in capsys.readouterr().err


@pytest.mark.parametrize(("number", "code"), [(signal.SIGTERM, 143), (signal.SIGINT, 130)])
def test_a_signal_ends_with_its_code(number, code):
    work = (
        "import sys, time\n"
        "from relance.cli import exits\n"
        "exits.terminate_on_sigterm()\n"
        "def work():\n"
        "    print('ready', flush=True)\n"
        "    time.sleep(30)\n"
        "sys.exit(exits.guarded(work))\n"
    )
    with subprocess.Popen(
        [sys.executable, "-c", work], stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as process:
        assert process.stdout is not None
        process.stdout.readline()
        process.send_signal(number)
        assert process.wait(timeout=20) == code
