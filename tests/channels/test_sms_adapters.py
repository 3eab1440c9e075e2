"""What each service is asked, as it documents, and what it says in words of its own."""

from __future__ import annotations

import base64
import hashlib
from dataclasses import replace
from pathlib import Path
from urllib.parse import parse_qs

import pytest

from relance.channels.conformance import KEY, message
from relance.channels.faults import ChannelUnavailable

from .http_server import HttpServer, status
from .sms_services import BREVO, GENERIC, OVH, SECRET, TWILIO, WEBHOOK
from .test_sms import CHANNEL_NEVER, DOUBT, NEVER, sent, summary


@pytest.fixture(autouse=True)
def _secret(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SMS_SECRET", SECRET)


def test_ovh_is_asked_as_it_documents(tmp_path):
    _, server, _ = sent(OVH, {"POST": OVH.good}, tmp_path)
    [seen] = server.seen
    assert seen.json() == {
        "charset": "UTF-8",
        "class": "phoneDisplay",
        "coding": "8bit",
        "message": "Dû : 12 €",
        "noStopClause": True,
        "priority": "high",
        "receivers": ["+33612345678"],
        "sender": "LENOIR",
        "senderForResponse": False,
        "validityPeriod": 2880,
    }
    moment = seen.headers["x-ovh-timestamp"]
    parts = (SECRET, SECRET, "POST", server.url + OVH.path, seen.body.decode(), moment)
    signature = hashlib.sha1("+".join(parts).encode()).hexdigest()
    assert seen.headers["x-ovh-signature"] == f"$1${signature}"
    assert seen.headers["x-ovh-application"] == SECRET


def ovh(body: object, root: Path, code: int = 200) -> object:
    return summary(sent(OVH, {"POST": status(code, body)}, root)[0])


def test_a_number_that_ovh_names_invalid_is_rejected(tmp_path):
    assert ovh({"ids": [], "invalidReceivers": ["+33612345678"]}, tmp_path) == NEVER
    assert ovh({"ids": [1], "invalidReceivers": ["+33612345678"]}, tmp_path) == DOUBT


def test_a_signature_that_ovh_refuses_is_the_channel_s_trouble(tmp_path):
    for code in ("INVALID_SIGNATURE", "QUERY_TIME_OUT"):
        assert ovh({"errorCode": code, "message": "no"}, tmp_path, 400) == CHANNEL_NEVER
    assert ovh({"errorCode": "OTHER", "message": "no"}, tmp_path, 400) == NEVER


def test_brevo_is_asked_as_it_documents(tmp_path):
    _, server, _ = sent(BREVO, {"POST": BREVO.good}, tmp_path)
    [seen] = server.seen
    assert seen.headers["api-key"] == SECRET
    assert seen.json() == {
        "sender": "LENOIR",
        "recipient": "33612345678",
        "content": "Dû : 12 €",
        "type": "transactional",
        "tag": "relance",
        "unicodeEnabled": True,
    }


def test_an_account_without_credit_stops_the_channel(tmp_path):
    step = status(402, {"code": "not_enough_credits", "message": "no credits"})
    assert summary(sent(BREVO, {"POST": step}, tmp_path)[0]) == CHANNEL_NEVER


def test_twilio_is_asked_as_it_documents(tmp_path):
    _, server, _ = sent(TWILIO, {"POST": TWILIO.good}, tmp_path)
    [seen] = server.seen
    account = TWILIO.settings["account"]
    basic = base64.b64encode(f"{account}:{SECRET}".encode()).decode()
    assert seen.headers["authorization"] == f"Basic {basic}"
    form = parse_qs(seen.body.decode())
    assert form == {"To": ["+33612345678"], "From": ["LENOIR"], "Body": ["Dû : 12 €"]}


def test_twilio_sends_by_a_sender_or_by_a_service(tmp_path):
    service = "MG" + "1" * 32
    settings = {"from": None, "messaging_service": service}
    _, server, _ = sent(TWILIO, {"POST": TWILIO.good}, tmp_path, **settings)
    assert f"MessagingServiceSid={service}".encode() in server.seen[0].body
    for wrong in ({"messaging_service": service}, {"from": None}):
        with pytest.raises(ChannelUnavailable, match="one of them"):
            TWILIO.open(HttpServer(port=1), tmp_path, **wrong)


PROBES = (
    (OVH, "GET /1.0/sms/sms-ab1-1"),
    (BREVO, "GET /v3/account"),
    (TWILIO, f"GET /2010-04-01/Accounts/{TWILIO.settings['account']}.json"),
)


@pytest.mark.parametrize(("service", "asked"), PROBES, ids=lambda p: getattr(p, "kind", ""))
def test_a_probe_asks_who_we_are_and_sends_nothing(tmp_path, service, asked):
    for step, trouble in ((status(200, {}), ""), (status(401, b"who?"), "401 who?")):
        with HttpServer({asked: step}).running() as server:
            channel = service.open(server, tmp_path)
            assert channel.probe() == trouble
        assert [f"{seen.method} {seen.path}" for seen in server.seen] == [asked]


def test_services_without_a_harmless_question_are_not_probed(tmp_path):
    for service in (GENERIC, WEBHOOK):
        assert not hasattr(service.open(HttpServer(port=1), tmp_path), "probe")


def test_a_plain_text_takes_the_cheap_alphabet(tmp_path):
    plain = replace(message("sms"), content="Rappel : 12 € dus à Lenoir".encode())
    with HttpServer({"POST": OVH.good}).running() as server:
        OVH.open(server, tmp_path).send(plain, KEY, lambda: None)
    assert server.seen[0].json()["coding"] == "7bit"


def test_an_empty_text_is_not_sent(tmp_path):
    empty = replace(message("sms"), content=b" \n")
    with HttpServer({"POST": OVH.good}).running() as server:
        outcome = OVH.open(server, tmp_path).send(empty, KEY, pytest.fail)
    assert (summary(outcome), server.connections) == (NEVER, 0)
