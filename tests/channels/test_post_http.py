"""The carrier that the policy describes: what it is sent, signed, and asked again."""

from __future__ import annotations

import base64
import hashlib
import hmac
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from relance.channels.conformance import ADDRESSEE, KEY, message
from relance.channels.contract import Accepted, Outcome, Unknown
from relance.channels.faults import ChannelUnavailable
from relance.channels.registry import abilities
from relance.policy.model import ChannelConfig

from .http_server import DROP_AFTER_REQUEST, HttpServer, Seen, status
from .post_services import GENERIC, SECRET, parts_of
from .test_post import sent, summary

HOSTILE = 'Dû "12 €" \\ <b>&amp;</b> {key} {{7*7}} %0A\r\nX: y "}, "to": "+33'
JSON = {
    "format": "json", "fields": {}, "signing": None,
    "body": '{"name": "{name}", "lines": ["{line_1}", "{line_4}"], "pdf": "{content}"}',
}  # fmt: skip


@pytest.fixture(autouse=True)
def _secrets(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("POST_SECRET", SECRET)


def asked(root: Path, carried=None, **settings: object) -> tuple[Outcome, Seen]:
    outcome, server, _ = sent(GENERIC, {}, root, carried, **settings)
    [seen] = server.seen
    return outcome, seen


def test_the_parts_of_the_address_and_the_pdf_are_fields_of_a_form(tmp_path):
    _, seen = asked(tmp_path)
    assert parts_of(seen) == {
        "to": "Garage de l'Étang SARL, BATIMENT C, 29200 Brest",
        "reference": KEY,
        "document": message("letter").content,
    }
    assert seen.headers["authorization"] == f"Bearer {SECRET}"


def test_the_pdf_may_stand_in_json_as_base64(tmp_path):
    settings = JSON | {"id": "letter.id"}
    outcome, seen = asked(tmp_path, **settings)
    assert outcome == Accepted("4711")
    assert seen.json() == {
        "name": "Garage de l'Étang SARL",
        "lines": ["Garage de l'Étang SARL", "29200 BREST"],
        "pdf": base64.b64encode(message("letter").content).decode(),
    }


@pytest.mark.parametrize("settings", [{"fields": {"to": "{name}"}}, JSON])
def test_a_hostile_name_stays_in_its_place(tmp_path, settings):
    carried = replace(message("letter"), addressee=replace(ADDRESSEE, name=HOSTILE))
    _, seen = asked(tmp_path, carried, **settings)
    found = seen.json()["name"] if settings is JSON else parts_of(seen)["to"]
    assert found == HOSTILE


def test_a_hostile_file_name_stays_in_its_header(tmp_path):
    carried = replace(message("letter"), filename='a"\r\nX-Evil: 1\r\n\r\n.pdf')
    _, seen = asked(tmp_path, carried)
    assert parts_of(seen)["document"] == message("letter").content
    assert b"X-Evil" in seen.body
    assert b"\r\nX-Evil" not in seen.body


@pytest.mark.parametrize(
    ("signing", "signed", "digest", "write"),
    [
        ({}, b"{timestamp}.{body}", "sha256", lambda d: d.hex()),
        (
            {"signed": "{method} {path} {key} {body_sha256}", "algorithm": "sha512"},
            b"POST /letters?v=2 {key} {body_sha256}", "sha512", lambda d: d.hex(),
        ),
        (
            {"signed": "{body}", "encoding": "base64", "prefix": "v1="},
            b"{body}", "sha256", lambda d: "v1=" + base64.b64encode(d).decode(),
        ),
    ],
)  # fmt: skip
def test_who_knows_the_secret_can_tell_that_the_request_is_ours(
    tmp_path, signing, signed, digest, write
):
    given = {"secret": "env:POST_SECRET"} | signing
    _, seen = asked(tmp_path, signing=given, url="@URL@/letters?v=2")
    values = {
        b"{timestamp}": seen.headers.get("x-timestamp", "").encode(),
        b"{key}": KEY.encode(),
        b"{body_sha256}": hashlib.sha256(seen.body).hexdigest().encode(),
        b"{body}": seen.body,
    }
    for name, value in values.items():
        signed = signed.replace(name, value)
    expected = write(hmac.new(SECRET.encode(), signed, digest).digest())
    assert seen.headers["x-signature"] == expected


def test_a_letter_that_the_service_has_already_is_looked_up(tmp_path):
    lookup = {"lookup": "@URL@/by-key/{key}", "lookup_id": "id"}
    for answer, expected in ((status(200, {"id": 9}), Accepted("9")), (status(404), None)):
        script = {"POST /letters": status(409), f"GET /by-key/{KEY}": answer}
        outcome, _, _ = sent(GENERIC, script, tmp_path, **lookup)
        assert outcome == expected or (expected is None and isinstance(outcome, Unknown))


def test_a_service_that_knows_a_key_again_may_be_asked_twice(tmp_path):
    given = {"idempotency_header": "Idempotency-Key", "remembers": 48}
    _, seen = asked(tmp_path, **given)
    assert seen.headers["idempotency-key"] == KEY
    able = abilities(ChannelConfig.model_validate({"kind": "post-http", **GENERIC.settings, **given,
                                                   "url": "https://post.example/"}))  # fmt: skip
    assert (able.idempotent, able.honoured) == (True, timedelta(hours=48))
    outcome, _, _ = sent(GENERIC, {GENERIC.last: DROP_AFTER_REQUEST}, tmp_path, **given)
    assert summary(outcome) == "unknown"


@pytest.mark.parametrize(
    ("settings", "reason"),
    [
        ({"method": "GET"}, "GET"),
        ({"body": "{content}"}, "multipart"),
        (JSON | {"body": '{"pdf": {content}}'}, "no JSON"),
        (JSON | {"body": '{"to": "{name}"}'}, "content"),
        ({"fields": {"to": "{nom}"}}, "nom"),
        ({"headers": {"X-To": "{name}"}}, "name"),
        ({"url": "http://post.example/"}, "https"),
        ({"url": "https://{city}.example/"}, "host"),
        ({"signing": {"secret": "env:X", "signed": "{timestamp}"}}, "must cover"),
        ({"signing": {"secret": "abc"}}, "pattern"),
        ({"remembers": 24, "fields": {}}, "key"),
    ],
)
def test_a_description_that_cannot_work_is_refused_before_anything_is_sent(
    tmp_path, settings, reason
):
    with pytest.raises(ChannelUnavailable, match=reason):
        GENERIC.open(HttpServer(port=1), tmp_path, **settings)
