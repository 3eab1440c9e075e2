"""The short run of the proof; `make soak` is the long one."""

from __future__ import annotations

from datetime import datetime

import pytest
from hypothesis import settings
from hypothesis.stateful import run_state_machine_as_test

from relance import clock

from .machine import Delivery, leave


@pytest.fixture
def taken_down():
    yield
    leave()
    assert clock.datetime is datetime


# Who dies closes nothing.
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
@pytest.mark.usefixtures("taken_down")
def test_the_real_code_keeps_the_promise_of_the_model():
    run_state_machine_as_test(
        Delivery, settings=settings(max_examples=16, stateful_step_count=8, deadline=None)
    )
