"""The SMS service that the policy describes: its templates, its id, and sending once."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest

from relance.channels.conformance import KEY, message
from relance.channels.contract import Accepted, Outcome
from relance.channels.faults import ChannelUnavailable
from relance.channels.registry import abilities
from relance.channels.webhook import Webhook
from relance.policy.model import ChannelConfig

from .http_server import DROP_AFTER_REQUEST, HttpServer, Script, Seen, Step, status
from .sms_services import GENERIC, SECRET
from .test_sms import DOUBT, NEVER, SENT, summary

HOSTILE = 'Dû "12 €" \\ <b>&amp;</b> {key} {{7*7}} %0A\r\nX: y\x00 "}, "to": "+33'


@pytest.fixture(autouse=True)
def _secret(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SMS_SECRET", SECRET)


def sent(
    script: Script, root: Path, text: str = "Bonjour", **settings: object
) -> tuple[Outcome, list[Seen]]:
    marks: list[bool] = []
    with HttpServer(script).running() as server:
        filled = {
            name: value.replace("@URL@", server.url) if isinstance(value, str) else value
            for name, value in settings.items()
        }
        channel = GENERIC.open(server, root, **filled)
        carried = replace(message("sms"), content=text.encode())
        outcome = channel.send(carried, KEY, lambda: marks.append(True))
    assert len(marks) == 1
    return outcome, server.seen


def test_a_hostile_text_stays_a_string_of_json(tmp_path):
    _, [seen] = sent({"POST": GENERIC.good}, tmp_path, HOSTILE)
    assert seen.json() == {"to": "33612345678", "body": HOSTILE}
    assert seen.headers["content-type"] == "application/json; charset=utf-8"
    assert seen.headers["authorization"] == f"Bearer {SECRET}"


def test_a_hostile_text_stays_a_field_of_a_form(tmp_path):
    settings = {"format": "form", "body": "to={recipient}&body={text}&login={token}"}
    _, [seen] = sent({"POST": GENERIC.good}, tmp_path, HOSTILE, **settings)
    form = parse_qs(seen.body.decode(), keep_blank_values=True)
    assert form == {"to": ["+33612345678"], "body": [HOSTILE], "login": [SECRET]}


def test_a_hostile_text_stays_a_text_of_xml(tmp_path):
    from lxml import etree

    settings = {"format": "xml", "body": "<sms to='{recipient}'><text>{text}</text></sms>"}
    _, [seen] = sent({"POST": GENERIC.good}, tmp_path, HOSTILE, **settings)
    parsed = etree.fromstring(seen.body)
    assert parsed.get("to") == "+33612345678"
    [child] = parsed
    assert child.text == HOSTILE.replace("\r\n", "\n").replace("\x00", "")


def test_a_hostile_text_stays_a_value_of_the_url(tmp_path):
    settings = {"method": "GET", "url": "@URL@/s/{digits}?t={text}&k={token}", "body": ""}
    _, [seen] = sent({"GET": GENERIC.good}, tmp_path, HOSTILE, **settings)
    parts = urlsplit(seen.path)
    assert parts.path == "/s/33612345678"
    assert parse_qs(parts.query) == {"t": [HOSTILE], "k": [SECRET]}


@pytest.mark.parametrize(
    ("settings", "reason"),
    [
        ({"body": '{"to": "{digits}", "body": {text}}'}, "no JSON"),
        ({"body": '{"to": "{digits}", "body": "{text}"'}, "no JSON"),
        ({"body": "<a>{text}{recipient}", "format": "xml"}, "no XML"),
        ({"body": '{"to": "{digits}", "body": "{texte}"}'}, "texte"),
        ({"body": '{"to": "{digits}"}'}, "must stand somewhere"),
        ({"body": '{"body": "{text}"}'}, "must stand somewhere"),
        ({"url": "http://sms.example/"}, "https"),
        ({"url": "https://{sender}.example/"}, "host"),
        ({"url": "https://sms.example{text}/"}, "host"),
        ({"lookup": "http://sms.example/{key}"}, "https"),
        ({"headers": {"Authorization": "Bearer abc"}}, "secrets"),
        ({"headers": {"X-Api-Key": "abc"}}, "secrets"),
        ({"headers": {"X-Text": "{text}"}}, "text"),
        ({"headers": {"X:Y": "z"}}, "pattern"),
        ({"secrets": {"token": "abc"}}, "pattern"),
        ({"secrets": {"text": "env:X", "token": "env:X"}}, "name of a value"),
        ({"from": None}, "give from"),
        ({"idempotency_header": "X-Key"}, "remembers"),
        ({"remembers": 24}, "key"),
        ({"id": "messages..id"}, "pattern"),
        ({"country": "US"}, "country"),
    ],
)
def test_a_description_that_cannot_work_is_refused_before_anything_is_sent(
    tmp_path, settings, reason
):
    with pytest.raises(ChannelUnavailable, match=reason):
        GENERIC.open(HttpServer(port=1), tmp_path, **settings)


@pytest.mark.parametrize(
    ("place", "body", "expected"),
    [
        ("id", {"id": "m-1"}, Accepted("m-1")),
        ("data.0.id", {"data": [{"id": 7}]}, Accepted("7")),
        ("{id}", b"4711\r\n", Accepted("4711")),
        ("OK: {id}", b"OK: 4711", Accepted("4711")),
        ("OK: {id}", b"ERR: 4711", DOUBT),
        ("OK: {id}", b"OK: 4711 but", DOUBT),
        ("{id}", b"<html>Welcome</html>", DOUBT),
        ("{id}", b"", DOUBT),
        ("data.1.id", {"data": [{"id": 7}]}, DOUBT),
        ("data.id", {"data": [{"id": 7}]}, DOUBT),
    ],
)
def test_where_the_id_stands(tmp_path, place, body, expected):
    outcome, _ = sent({"POST": status(200, body)}, tmp_path, id=place)
    assert outcome == expected or summary(outcome) == expected


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ({"error": "bad number", "messages": [{"id": 1}]}, NEVER),
        ({"error": None, "messages": [{"id": 1}]}, SENT),
        ({"error": 0, "messages": [{"id": 1}]}, SENT),
        ({"messages": [{"id": 1}]}, SENT),
    ],
)
def test_a_refusal_that_says_200_is_one_where_the_policy_names_it(tmp_path, body, expected):
    outcome, _ = sent({"POST": status(200, body)}, tmp_path, refused="error")
    assert summary(outcome) == expected


ONCE = {"idempotency_header": "Idempotency-Key", "remembers": 24}


def test_a_service_that_knows_a_key_again_may_be_asked_twice(tmp_path):
    plain = GENERIC.open(HttpServer(port=1), tmp_path)
    assert plain.capabilities.idempotent is False
    knowing = GENERIC.open(HttpServer(port=1), tmp_path, **ONCE)
    assert knowing.capabilities.idempotent is True
    assert knowing.capabilities.honoured == timedelta(hours=24)
    config = ChannelConfig.model_validate(
        {"kind": "sms-http", "url": "https://sms.example/", **ONCE}
        | {k: v for k, v in GENERIC.settings.items() if k != "url"}
    )
    assert abilities(config) == knowing.capabilities
    assert abilities(ChannelConfig(kind="webhook")) == Webhook.capabilities


def test_each_try_carries_the_key(tmp_path):
    _, [seen] = sent({"POST": GENERIC.good}, tmp_path, **ONCE)
    assert seen.headers["idempotency-key"] == KEY


LOOKUP = {"lookup": "@URL@/by-key/{key}", "lookup_id": "id"}


def looked_up(root: Path, answer: Step, **settings: object) -> tuple[object, list[Seen]]:
    script: Script = {"POST": status(409, b"known"), f"GET /by-key/{KEY}": answer}
    outcome, seen = sent(script, root, **(LOOKUP | settings))
    return summary(outcome) if not isinstance(outcome, Accepted) else outcome, seen


def test_a_message_that_the_service_has_already_is_looked_up(tmp_path):
    outcome, seen = looked_up(tmp_path, status(200, {"id": "m-9"}))
    assert outcome == Accepted("m-9")
    assert seen[1].headers["authorization"] == f"Bearer {SECRET}"
    assert seen[1].body == b""


@pytest.mark.parametrize(
    "answer", [status(404), status(200, {}), status(500), DROP_AFTER_REQUEST, status(401)], ids=str
)
def test_what_is_not_found_there_is_in_doubt(tmp_path, answer):
    assert looked_up(tmp_path, answer)[0] == DOUBT


def test_without_a_place_to_look_a_duplicate_is_in_doubt(tmp_path):
    outcome, _ = sent({"POST": status(409, b"known")}, tmp_path)
    assert summary(outcome) == DOUBT


def test_the_secret_of_a_url_is_not_shown(tmp_path):
    settings = {"url": "@URL@/send?k={token}", "headers": {}}

    def echo(seen: Seen) -> Step:
        return status(400, json.dumps({"path": seen.path}).encode())

    outcome, [seen] = sent({"POST": echo}, tmp_path, **settings)
    assert "kanari" in seen.path
    assert "kanari" not in repr(outcome)
