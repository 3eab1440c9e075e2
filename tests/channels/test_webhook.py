"""Events: signed, the same at each try, and repeated until they are taken."""

from __future__ import annotations

import base64
import re
from dataclasses import replace
from pathlib import Path

import pytest

from relance.channels.conformance import CONTENTS, KEY, message
from relance.channels.contract import Accepted

from .http_server import DROP_AFTER_REQUEST, HttpServer, Script, Seen, status
from .sms_services import SECRET, WEBHOOK
from .test_sms import CHANNEL_NEVER, DOUBT, LATER, summary

PAGE = Path(__file__).parents[2] / "docs" / "channels.md"


@pytest.fixture(autouse=True)
def _secret(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SMS_SECRET", SECRET)


def posted(root: Path, script: Script, medium: str = "sms", times: int = 1) -> list[object]:
    """Return the outcomes of posting a message, and then the server."""
    with HttpServer(script).running() as server:
        channel = WEBHOOK.open(server, root)
        outcomes = [channel.send(message(medium), KEY, lambda: None) for _ in range(times)]
    return [*outcomes, server]


def event_of(root: Path, medium: str) -> Seen:
    _, server = posted(root, {"POST": status(204)}, medium)
    assert isinstance(server, HttpServer)
    return server.seen[0]


def test_the_event_says_what_is_to_be_done(tmp_path):
    assert event_of(tmp_path, "sms").json() == {
        "id": KEY,
        "type": "notice",
        "medium": "sms",
        "recipient": "+33612345678",
        "subject": "Rappel",
        "filename": f"2026-03-02-reminder-1-garage-{KEY[:8]}.pdf",
        "content_type": "text/plain",
        "encoding": "text",
        "content": "Dû : 12 €",
        "sha256": message("sms").sha256,
    }


@pytest.mark.parametrize(
    ("medium", "kind", "content_type"),
    [
        ("email", "notice", "message/rfc822"),
        ("letter", "notice", "application/pdf"),
        ("task", "task", "application/json"),
    ],
)
def test_each_medium_arrives_byte_for_byte(tmp_path, medium, kind, content_type):
    seen = event_of(tmp_path, medium)
    event = seen.json()
    assert (event["type"], event["content_type"]) == (kind, content_type)
    assert WEBHOOK.text(seen) == CONTENTS[medium]
    if event["encoding"] == "base64":
        assert base64.b64decode(event["content"], validate=True) == CONTENTS[medium]


def test_each_try_has_the_same_event_and_id(tmp_path):
    script: Script = {"POST": [DROP_AFTER_REQUEST, status(500), status(504), status(200)]}
    *outcomes, server = posted(tmp_path, script, times=4)
    assert [summary(outcome) for outcome in outcomes] == [DOUBT, LATER, LATER, "accepted"]  # type: ignore[arg-type]
    assert isinstance(server, HttpServer)
    assert len({seen.body for seen in server.seen}) == 1
    assert {seen.headers["relance-event"] for seen in server.seen} == {KEY}


def test_an_event_that_is_known_already_has_arrived(tmp_path):
    outcome, _ = posted(tmp_path, {"POST": status(409)})
    assert isinstance(outcome, Accepted)


def test_an_address_that_is_gone_stops_the_channel(tmp_path):
    outcome, _ = posted(tmp_path, {"POST": status(410)})
    assert summary(outcome) == CHANNEL_NEVER  # type: ignore[arg-type]


@pytest.mark.parametrize("code", [200, 201, 202, 204, 299])
def test_any_success_says_that_the_event_was_taken(tmp_path, code):
    outcome, _ = posted(tmp_path, {"POST": status(code)})
    assert outcome == Accepted("")


def test_the_id_that_the_program_gives_is_kept(tmp_path):
    outcome, _ = posted(tmp_path, {"POST": status(200, {"id": "ticket-7"})})
    assert outcome == Accepted("ticket-7")


def verifier():
    """Return the function of the documentation that checks signatures."""
    blocks = re.findall(r"```python\n(.*?)```", PAGE.read_text("utf-8"), re.DOTALL)
    [block] = [block for block in blocks if "Relance-Signature" in block]
    found: dict[str, object] = {}
    exec(block, found)
    return found["is_from_relance"]


def test_the_program_of_the_documentation_believes_relance_and_nobody_else(tmp_path):
    is_from_relance = verifier()
    seen = event_of(tmp_path, "sms")
    names = ("Relance-Event", "Relance-Timestamp", "Relance-Signature")
    headers = {name: seen.headers[name.lower()] for name in names}
    moment = int(headers["Relance-Timestamp"])
    assert is_from_relance(SECRET, headers, seen.body, moment)
    assert not is_from_relance("another", headers, seen.body, moment)
    assert not is_from_relance(SECRET, headers, seen.body + b" ", moment)
    later = headers | {"Relance-Timestamp": str(moment + 1)}
    assert not is_from_relance(SECRET, later, seen.body, moment)
    assert not is_from_relance(SECRET, headers, seen.body, moment + 3600)
    forged = headers | {"Relance-Signature": "v1="}
    assert not is_from_relance(SECRET, forged, seen.body, moment)


def test_a_hostile_text_stays_a_value_of_the_event(tmp_path):
    hostile = 'x", "id": "other", "y": "\x00\r\n</script>'
    with HttpServer({"POST": status(204)}).running() as server:
        carried = replace(message("sms"), content=hostile.encode(), subject=hostile)
        WEBHOOK.open(server, tmp_path).send(carried, KEY, lambda: None)
    event = server.seen[0].json()
    assert (event["id"], event["content"], event["subject"]) == (KEY, hostile, hostile)
