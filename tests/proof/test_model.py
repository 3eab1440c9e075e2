"""The short run of the proof; `make soak` is the long one."""

from __future__ import annotations

from hypothesis import settings
from hypothesis.stateful import run_state_machine_as_test

from .machine import Delivery


def test_the_real_code_keeps_the_promise_of_the_model():
    run_state_machine_as_test(
        Delivery, settings=settings(max_examples=60, stateful_step_count=8, deadline=None)
    )
