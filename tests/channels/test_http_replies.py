"""What a reply over HTTP means, and what of it is kept and shown."""

from __future__ import annotations

import base64
import json
from datetime import timedelta
from email.utils import format_datetime
from urllib.parse import quote

import pytest

from relance.channels.contract import Accepted, NotAccepted, Unknown
from relance.channels.http import Client, Reply, Request
from relance.channels.http_outcomes import outcome_of, repeatable, retry_after
from relance.clock import now

from .http_server import HttpServer, status
from .test_http import CHANNEL_NEVER, DOUBT, LATER, OK, summary


@pytest.mark.parametrize(
    ("written", "wait"),
    [
        ("120", timedelta(seconds=120)),
        ("0", timedelta()),
        ("99999999999999999999", timedelta(hours=24)),
        ("Wed, 21 Oct 2015 07:28:00 GMT", timedelta()),
        ("Wed, 21 Oct 9999 07:28:00 GMT", timedelta(hours=24)),
        ("-5", None),
        ("soon", None),
        ("", None),
        ("١٢٠", None),
    ],
)
def test_how_long_to_wait(written, wait):
    reply = Reply(429, {"retry-after": written}, b"")
    assert retry_after(reply) == wait
    outcome = outcome_of(reply, lambda reply: None)
    assert isinstance(outcome, NotAccepted)
    assert outcome.retry_after == wait


def test_a_date_to_wait_for_is_counted_from_now():
    date = format_datetime(now() + timedelta(hours=1), usegmt=True)
    wait = retry_after(Reply(503, {"retry-after": date}, b""))
    assert wait is not None
    assert timedelta(minutes=59) < wait <= timedelta(hours=1)


def test_a_duplicate_is_looked_up():
    reply = Reply(409, {}, b"exists")
    assert outcome_of(reply, lambda r: None, lambda: Accepted("m-9")) == Accepted("m-9")
    assert summary(outcome_of(reply, lambda r: None)) == DOUBT


def test_a_service_that_knows_an_event_again_gets_it_again():
    assert summary(repeatable(Unknown("no reply"))) == LATER
    assert repeatable(Accepted("m")) == Accepted("m")


CANARY = 'kanari+/=7Gs"x'


def test_secrets_are_blotted_out_of_what_a_service_echoes(tmp_path):
    basic = base64.b64encode(f"user:{CANARY}".encode()).decode()
    forms = [CANARY, quote(CANARY, safe=""), json.dumps(CANARY)[1:-1], basic]
    echo = status(400, " | ".join(forms).encode(), {"X-Echo": quote(CANARY)})
    with HttpServer({"POST": echo}).running() as server:
        request = Request("POST", server.url, secrets=(CANARY, f"user:{CANARY}"))
        answer = Client(tmp_path).send(request, lambda: None)
    assert isinstance(answer, Reply)
    everything = f"{answer.said}{answer.headers}{answer.content!r}{answer!r}{request!r}"
    assert not any(form in everything for form in (*forms, "kanari", basic))


@pytest.mark.parametrize("value", ["geheim\r\nX-Injected: 1", "geheim ", "geheimé", "geheim\x00"])
def test_a_secret_that_fits_no_header_is_refused_without_being_shown(tmp_path, value):
    with HttpServer({"POST": OK}).running() as server:
        request = Request("POST", server.url, {"Api-Key": value})
        answer = Client(tmp_path).send(request, pytest.fail)
    assert isinstance(answer, NotAccepted)
    assert summary(answer) == CHANNEL_NEVER
    assert "Api-Key" in answer.detail
    assert "geheim" not in answer.detail
    assert server.connections == 0


def test_what_a_server_says_is_shown_on_one_short_line(tmp_path):
    said = b"\x1b[31mred\x1b]8;;http://evil\x07\r\n\xe2\x80\xa8" + b"x" * 5000
    with HttpServer({"POST": status(400, said)}).running() as server:
        answer = Client(tmp_path).send(Request("POST", server.url), lambda: None)
    assert isinstance(answer, Reply)
    assert answer.said.isprintable()
    assert len(answer.said) < 320
