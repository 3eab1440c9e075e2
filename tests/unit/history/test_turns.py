"""Several threads on one history: each is told its own answer, and nothing is claimed twice."""

from __future__ import annotations

import sys
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from types import FrameType
from typing import Any

import pytest

from relance.history import turns
from relance.history.errors import OutOfOrder
from relance.history.store import History
from relance.history.values import AlreadyClaimed, Claimed, Ending

from .notices import covering, dispatch, message


def test_of_dispatches_that_cover_the_same_one_is_claimed_and_the_others_are_told(history: History):
    together = Barrier(8)

    def claim(number: int) -> object:
        key, item = f"k{number}", f"F{number // 2}"
        together.wait()
        to = f"a{number}@b.example"
        return history.claim(
            dispatch(key, recipient=to), covering(item), message(key, recipient=to), 1
        )

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(claim, range(8)))
    for first, second in zip(answers[::2], answers[1::2], strict=True):
        assert {type(first), type(second)} == {Claimed, AlreadyClaimed}


def test_the_mistake_of_one_thread_is_not_that_of_another(history: History):
    for number in range(4):
        key = f"k{number}"
        history.claim(dispatch(key, recipient=key), covering(key), message(key), 1)
    together = Barrier(8)

    def mark(number: int) -> str:
        together.wait()
        try:
            history.transmitting(f"k{number}", 1)
        except OutOfOrder:
            return "no such dispatch"
        return history.settle(f"k{number}", Ending("accepted"), 1)

    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(mark, range(8))) == ["sent"] * 4 + ["no such dispatch"] * 4
    assert sorted(history.past().levels["dispatch"]) == ["k0", "k1", "k2", "k3"]


def test_an_interrupted_thread_leaves_nothing_for_others_to_do(history: History):
    def interrupted(_connection: object) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        history._shared(interrupted)
    claimed = history.claim(dispatch("k1"), covering("F1"), message("k1"), 1)
    assert claimed == Claimed(1)


def interrupts(line: int) -> Any:
    """A trace that presses Ctrl-C at line number `line` that the turns run."""
    left = [line]

    def each(_frame: FrameType, event: str, _argument: object) -> Any:
        left[0] -= event == "line"
        if event == "line" and left[0] == 0:
            raise KeyboardInterrupt
        return each

    return lambda frame, *_: each if frame.f_code.co_filename == turns.__file__ else None


def test_an_interruption_is_told_at_whatever_line_and_nothing_waits_after_it(history: History):
    for line in range(1, 100):
        before = sys.gettrace()
        sys.settrace(interrupts(line))
        try:
            history.claim(dispatch(f"k{line}"), covering(f"F{line}"), message(f"k{line}"), 1)
        except KeyboardInterrupt:
            continue
        finally:
            sys.settrace(before)
            assert all(piece.done for piece in history._turns._waiting)
        break
    assert line > 10
    assert history.claim(dispatch("k"), covering("F"), message("k"), 1) == Claimed(1)
