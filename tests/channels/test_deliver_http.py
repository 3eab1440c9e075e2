"""A run over HTTP services that misbehave, with the real history: what is sent again, and what not."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from relance.channels.conformance import message
from relance.channels.contract import Channel
from relance.history.store import History
from relance.history.values import Claim, Dispatch
from relance.runs.delivery import deliver, recover

from .http_server import DROP_AFTER_REQUEST, HttpServer, Script, status
from .servers import free_port
from .sms_services import BREVO, GENERIC, SECRET, WEBHOOK, Service

DAY = date(2026, 3, 2)
ONCE = {"idempotency_header": "Idempotency-Key", "remembers": 24}


class Clock:
    """The moment that the history is told."""

    def __init__(self) -> None:
        self.moment = datetime(2026, 3, 2, 8, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.moment


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def history(tmp_path: Path, clock: Clock, monkeypatch: pytest.MonkeyPatch) -> Iterator[History]:
    monkeypatch.setenv("SMS_SECRET", SECRET)
    with History.open("sqlite:///relance.db", tmp_path, creditor="x", now=clock) as opened:
        yield opened


def prepared(service: Service, channel: Channel, count: int = 1):
    for number in range(count):
        key = f"{number:032x}"
        carried = message(service.medium, key)
        dispatch = Dispatch(
            key, "notice", DAY, "C1", "http", service.medium, carried.recipient, "EUR", 100,
            "standard", "reminder-1", 1, idempotent=channel.capabilities.idempotent,
        )  # fmt: skip
        yield dispatch, [Claim(f"F{key}", "standard", "reminder-1", 1)], replace(carried, key=key)


def states(history: History, service: Service, channel: Channel, count: int = 1) -> list[str]:
    ready = prepared(service, channel, count)
    return [each.state for each in deliver(ready, history, {"http": channel}, 1)]


def test_three_failures_to_reach_a_service_stop_it_for_the_run(history, tmp_path):
    channel = BREVO.open(HttpServer(port=free_port()), tmp_path)
    found = states(history, BREVO, channel, 5)
    assert found[3:] == ["stopped", "stopped"]
    assert "sent" not in found


def test_a_service_that_does_not_know_us_is_asked_once(history, tmp_path):
    with HttpServer({"POST": status(401)}).running() as server:
        found = states(history, BREVO, BREVO.open(server, tmp_path), 5)
    assert found[1:] == ["stopped"] * 4
    assert len(server.seen) == 1


def test_a_lost_reply_of_a_service_without_memory_stays_in_doubt(history, tmp_path):
    with HttpServer({"POST": [DROP_AFTER_REQUEST, BREVO.good]}).running() as server:
        channel = BREVO.open(server, tmp_path)
        assert states(history, BREVO, channel) == ["in_doubt"]
        assert list(recover(history, {"http": channel}, 2)) == []
        assert states(history, BREVO, channel) == ["already"]
    assert len(server.seen) == 1


def test_a_service_that_knows_a_key_again_gets_it_again_at_once(history, tmp_path):
    with HttpServer({"POST": [DROP_AFTER_REQUEST, GENERIC.good]}).running() as server:
        assert states(history, GENERIC, GENERIC.open(server, tmp_path, **ONCE)) == ["sent"]
    assert len({(seen.body, seen.headers["idempotency-key"]) for seen in server.seen}) == 1
    assert len(server.seen) == 2


@pytest.mark.parametrize(("hours", "requests"), [(23, 3), (25, 2)])
def test_it_gets_it_again_later_as_long_as_it_knows_it(history, tmp_path, clock, hours, requests):
    script: Script = {"POST": [DROP_AFTER_REQUEST, status(500), GENERIC.good]}
    with HttpServer(script).running() as server:
        channel = GENERIC.open(server, tmp_path, **ONCE)
        assert states(history, GENERIC, channel) == ["in_doubt"]
        clock.moment += timedelta(hours=hours)
        again = [each.state for each in recover(history, {"http": channel}, 2)]
    assert again == (["sent"] if requests == 3 else [])
    assert len(server.seen) == requests


def test_a_webhook_gets_the_same_event_until_it_answers(history, tmp_path):
    script: Script = {"POST": [DROP_AFTER_REQUEST, DROP_AFTER_REQUEST, status(200)]}
    with HttpServer(script).running() as server:
        channel = WEBHOOK.open(server, tmp_path)
        assert states(history, WEBHOOK, channel) == ["in_doubt"]
        assert [each.state for each in recover(history, {"http": channel}, 2)] == ["sent"]
    assert len({seen.body for seen in server.seen}) == 1


def test_a_webhook_that_failed_is_tried_again_later(history, tmp_path, clock):
    with HttpServer({"POST": [status(502), status(200)]}).running() as server:
        channel = WEBHOOK.open(server, tmp_path)
        assert states(history, WEBHOOK, channel) == ["retry"]
        assert states(history, WEBHOOK, channel) == ["waiting"]
        clock.moment += timedelta(minutes=16)
        assert states(history, WEBHOOK, channel) == ["sent"]
    assert len({(seen.headers["relance-event"], seen.body) for seen in server.seen}) == 1


def test_the_wait_that_a_service_asks_for_is_kept(history, tmp_path, clock):
    busy = status(429, b"", {"Retry-After": "7200"})
    with HttpServer({"POST": [busy, BREVO.good]}).running() as server:
        channel = BREVO.open(server, tmp_path)
        assert states(history, BREVO, channel) == ["retry"]
        clock.moment += timedelta(minutes=119)
        assert states(history, BREVO, channel) == ["waiting"]
        clock.moment += timedelta(minutes=2)
        assert states(history, BREVO, channel) == ["sent"]
    assert len(server.seen) == 2
