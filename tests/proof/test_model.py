"""The short run of the proof; `make soak` is the long one."""

from __future__ import annotations

import pytest
from hypothesis import settings
from hypothesis.stateful import run_state_machine_as_test

from .machine import Delivery


# Who dies closes nothing.
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_the_real_code_keeps_the_promise_of_the_model():
    run_state_machine_as_test(
        Delivery, settings=settings(max_examples=30, stateful_step_count=8, deadline=None)
    )
