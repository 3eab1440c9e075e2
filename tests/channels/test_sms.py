"""Each row of the table of outcomes that is about HTTP, for each adapter that speaks it."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from relance.channels.conformance import KEY, Conformance, message
from relance.channels.contract import Accepted, Channel, NotAccepted, Outcome, Unknown
from relance.channels.faults import ChannelUnavailable

from .http_server import (
    DROP_AFTER_HEADERS,
    DROP_AFTER_REQUEST,
    GARBAGE,
    HANG,
    HttpServer,
    Script,
    Step,
    cut,
    dripping,
    redirect,
    status,
    wrong_length,
)
from .servers import certificate, free_port
from .sms_services import BREVO, GENERIC, OVH, SECRET, SERVICES, TWILIO, WEBHOOK, Service

LATER = ("transient", "recipient")
NEVER = ("permanent", "recipient")
CHANNEL_LATER = ("transient", "channel")
CHANNEL_NEVER = ("permanent", "channel")
DOUBT = "unknown"
SENT = "accepted"
SMS = (OVH, BREVO, TWILIO, GENERIC)
of_each = pytest.mark.parametrize("service", SERVICES, ids=lambda service: service.kind)
of_each_sms = pytest.mark.parametrize("service", SMS, ids=lambda service: service.kind)


@pytest.fixture(autouse=True)
def _secret(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SMS_SECRET", SECRET)


class _OverHttp(Conformance):
    service: Service

    @pytest.fixture
    def server(self) -> Iterator[HttpServer]:
        with HttpServer({f"POST {self.service.path}": self.service.good}).running() as server:
            yield server

    @pytest.fixture
    def channel(self, server: HttpServer, tmp_path: Path) -> Iterator[Channel]:
        channel = self.service.open(server, tmp_path, timeout=10)
        yield channel
        channel.close()

    @pytest.fixture
    def arrived(self, server: HttpServer) -> Callable[[], list[bytes]]:
        return lambda: [self.service.text(seen) for seen in server.taken]


class TestSmsOvh(_OverHttp):
    service = OVH


class TestSmsBrevo(_OverHttp):
    service = BREVO


class TestSmsTwilio(_OverHttp):
    service = TWILIO


class TestSmsHttp(_OverHttp):
    service = GENERIC


class TestWebhook(_OverHttp):
    service = WEBHOOK

    @pytest.fixture
    def arrived(self, server: HttpServer) -> Callable[[], list[bytes]]:
        """What a program keeps that knows an event again by its id."""
        return lambda: list(
            {seen.json()["id"]: WEBHOOK.text(seen) for seen in server.taken}.values()
        )


def summary(outcome: Outcome) -> object:
    match outcome:
        case NotAccepted(kind, scope, _):
            return (kind, scope)
        case Unknown():
            return DOUBT
    return SENT


def sent(
    service: Service, script: Script, root: Path, recipient: str | None = None, **settings: object
) -> tuple[Outcome, HttpServer, int]:
    """Return what became of a message, what the server saw, and how often the mark was made."""
    marks: list[bool] = []
    with HttpServer(script).running() as server:
        channel = service.open(server, root, **settings)
        carried = message(service.medium, recipient=recipient)
        outcome = channel.send(carried, KEY, lambda: marks.append(True))
        channel.close()
    return outcome, server, len(marks)


def expected_of(service: Service, step: Step, expected: object) -> object:
    """A program of the firm knows an event again: what it failed at is posted again later."""
    failed = step.reply.startswith(b"HTTP/1.1 5") and expected == DOUBT
    return LATER if failed and not service.in_doubt else expected


@of_each
@pytest.mark.parametrize(
    ("step", "expected"),
    [
        (DROP_AFTER_HEADERS, DOUBT),
        (DROP_AFTER_REQUEST, DOUBT),
        (HANG, DOUBT),
        (GARBAGE, DOUBT),
        (redirect(302, "https://example.com/"), NEVER),
        (status(400, {"message": "no"}), NEVER),
        (status(401), CHANNEL_NEVER),
        (status(403), CHANNEL_NEVER),
        (status(404), NEVER),
        (status(422), NEVER),
        (status(429, b"", {"Retry-After": "60"}), LATER),
        (status(500), DOUBT),
        (status(502), DOUBT),
        (status(503), LATER),
        (status(504), DOUBT),
        (status(599), DOUBT),
    ],
    ids=str,
)
def test_the_reply_decides(tmp_path, service, step, expected):
    outcome, server, marks = sent(service, {f"POST {service.path}": step}, tmp_path)
    assert (summary(outcome), marks) == (expected_of(service, step, expected), 1)
    assert len(server.seen) == 1


@of_each
def test_a_reply_that_is_cut_short_or_drips_is_in_doubt(tmp_path, service):
    good = status(200, {"id": "x" * 100, "sid": "4711", "messageId": 1, "ids": [1]})
    for step in (cut(good), wrong_length(good, 9), dripping(good), dripping(good, body_only=True)):
        outcome, server, _ = sent(service, {"POST": step}, tmp_path, timeout=1.5)
        assert summary(outcome) == DOUBT
        assert len(server.seen) == 1


@of_each_sms
@pytest.mark.parametrize(
    "body", [b"", b"{}", b"[]", b"null", b"<html>", b'{"ids": [], "sid": null}']
)
def test_a_success_without_an_id_is_in_doubt(tmp_path, service, body):
    outcome, _, _ = sent(service, {"POST": status(200, body)}, tmp_path)
    assert summary(outcome) == DOUBT


@of_each_sms
def test_the_id_of_the_service_is_kept(tmp_path, service):
    outcome, _, _ = sent(service, {f"POST {service.path}": service.good}, tmp_path)
    assert outcome == Accepted("4711")


@of_each
def test_how_long_the_service_asks_to_wait_is_told(tmp_path, service):
    step = status(429, b"", {"Retry-After": "90000"})
    outcome, _, _ = sent(service, {"POST": step}, tmp_path)
    assert isinstance(outcome, NotAccepted)
    assert outcome.retry_after == timedelta(hours=24)


@of_each
def test_a_redirect_leads_nowhere(tmp_path, service):
    with HttpServer({"*": service.good}).running() as canary:
        for code in (301, 302, 307, 308):
            sent(service, {"POST": redirect(code, canary.url)}, tmp_path)
        assert canary.connections == 0


@of_each
def test_nobody_there_is_the_channel_s_trouble(tmp_path, service):
    absent = HttpServer(port=free_port())
    outcome = service.open(absent, tmp_path).send(message(service.medium), KEY, pytest.fail)
    assert summary(outcome) == CHANNEL_LATER


@of_each
def test_a_server_that_nobody_vouches_for_gets_nothing(tmp_path, service):
    cert, context = certificate(tmp_path)
    script: Script = {f"POST {service.path}": service.good}
    with HttpServer(script, tls=context).running() as server:
        refused = service.open(server, tmp_path).send(message(service.medium), KEY, pytest.fail)
        assert summary(refused) == CHANNEL_NEVER
        assert server.seen == []
        trusted = service.open(server, tmp_path, ca_file=cert.name)
        assert summary(trusted.send(message(service.medium), KEY, lambda: None)) == SENT


@of_each
def test_a_secret_that_is_not_there_stops_the_channel(tmp_path, service, monkeypatch):
    monkeypatch.delenv("SMS_SECRET")
    with HttpServer({"POST": service.good}).running() as server:
        channel = service.open(server, tmp_path)
        outcome = channel.send(message(service.medium), KEY, pytest.fail)
    assert isinstance(outcome, NotAccepted)
    assert summary(outcome) == CHANNEL_NEVER
    assert "SMS_SECRET" in outcome.detail
    assert server.connections == 0


@of_each
def test_secrets_are_never_shown_whatever_the_service_echoes(
    tmp_path, service, caplog, capfd, monkeypatch
):
    caplog.set_level(logging.DEBUG)

    def echo(seen):
        everything = f"{seen.path} {seen.headers} {seen.body!r}"
        return status(400, everything.encode(), {"X-Echo": SECRET})

    outcome, server, _ = sent(service, {"*": echo}, tmp_path)
    channel = service.open(server, tmp_path)
    probed = getattr(channel, "probe", str)()
    shown = f"{outcome!r} {channel!r} {vars(channel)!r} {probed} {caplog.text} {capfd.readouterr()}"
    assert "kanari" not in shown
    assert any(SECRET in str(seen) or "kanari" not in str(seen) for seen in server.seen)


@of_each
def test_a_secret_in_clear_is_refused(tmp_path, service):
    for name, value in service.settings.items():
        if value != "env:SMS_SECRET":
            continue
        with pytest.raises(ChannelUnavailable) as caught:
            service.open(HttpServer(port=1), tmp_path, **{name: SECRET})
        assert "kanari" not in str(caught.value)


@of_each_sms
@pytest.mark.parametrize("number", ["achats@garage.example", "", "01 42 68 53 00", "+33 6 12"])
def test_what_no_sms_can_reach_is_refused_before_anything_leaves(tmp_path, service, number):
    outcome, server, marks = sent(service, {"POST": service.good}, tmp_path, number)
    assert (summary(outcome), marks, server.connections) == (NEVER, 0, 0)


@of_each_sms
def test_a_national_number_leaves_with_its_country_s_code(tmp_path, service):
    _, server, _ = sent(service, {"POST": service.good}, tmp_path, "06.12.34.56.78")
    assert b"33612345678" in server.seen[0].body


@of_each_sms
@pytest.mark.parametrize("sender", ["LENOIR MENUISERIE", "Lénoir", "+33612345678", "", "12"])
def test_a_sender_that_operators_refuse_is_refused_at_once(tmp_path, service, sender):
    with pytest.raises(ChannelUnavailable, match="from"):
        service.open(HttpServer(port=1), tmp_path, **{"from": sender})


@of_each
def test_only_https_is_trusted_with_messages(tmp_path, service):
    where = "endpoint" if "endpoint" in service.settings else "url"
    with pytest.raises(ChannelUnavailable, match="https"):
        service.open(HttpServer(port=1), tmp_path, **{where: "http://sms.example/send"})
