"""The channel does what every channel of relance must do, and what its own settings say."""

from __future__ import annotations

import pytest

from relance.channels.conformance import KEY, Conformance, message, opened
from relance.channels.contract import NotAccepted


class TestCarrier(Conformance):
    @pytest.fixture
    def channel(self, tmp_path):
        channel = opened(tmp_path, kind="carrier", tray="tray")
        yield channel
        channel.close()

    @pytest.fixture
    def arrived(self, tmp_path):
        return lambda: [path.read_bytes() for path in sorted((tmp_path / "tray").glob("*.pdf"))]


def test_the_slip_says_where_the_letter_goes(tmp_path):
    channel = opened(tmp_path, kind="carrier", tray="tray", floor=3)
    channel.send(message("letter"), KEY, lambda: None)
    [slip] = (tmp_path / "tray").glob("*.txt")
    assert slip.read_text("utf-8").splitlines()[:2] == ["floor 3", "Garage de l'Étang SARL"]


def test_a_tray_that_cannot_be_used_stops_the_channel(tmp_path):
    (tmp_path / "tray").write_text("no folder")
    outcome = opened(tmp_path, kind="carrier", tray="tray").send(
        message("letter"), KEY, pytest.fail
    )
    assert isinstance(outcome, NotAccepted)
    assert (outcome.kind, outcome.scope) == ("permanent", "channel")
