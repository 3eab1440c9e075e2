"""Each row of the table of outcomes that is about HTTP, for each carrier of letters."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from relance.channels.conformance import ADDRESSEE, KEY, Conformance, message
from relance.channels.contract import Accepted, Channel, NotAccepted, Outcome, Unknown
from relance.notices.message import Message

from .http_server import (
    DROP_AFTER_HEADERS,
    DROP_AFTER_REQUEST,
    GARBAGE,
    HANG,
    HttpServer,
    Planned,
    Script,
    Step,
    cut,
    dripping,
    redirect,
    status,
)
from .post_services import (
    AR24,
    CARRIERS,
    GENERIC,
    MAILEVA,
    MERCI_FACTEUR,
    PINGEN,
    SECRET,
    Carrier,
    sealed,
)
from .servers import certificate, free_port

LATER = ("transient", "recipient")
NEVER = ("permanent", "recipient")
CHANNEL_LATER = ("transient", "channel")
CHANNEL_NEVER = ("permanent", "channel")
DOUBT, SENT = "unknown", "accepted"
of_each = pytest.mark.parametrize("carrier", CARRIERS, ids=lambda carrier: carrier.kind)


@pytest.fixture(autouse=True)
def _secrets(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("POST_SECRET", SECRET)
    monkeypatch.setenv("POST_CLIENT", "client-1")


class _Post(Conformance):
    carrier: Carrier

    @pytest.fixture
    def server(self) -> Iterator[HttpServer]:
        with HttpServer().running() as server:
            server.script.update(self.carrier.script(server.url))
            yield server

    @pytest.fixture
    def channel(self, server: HttpServer, tmp_path: Path) -> Iterator[Channel]:
        channel = self.carrier.open(server, tmp_path, timeout=10)
        yield channel
        channel.close()

    @pytest.fixture
    def arrived(self, server: HttpServer) -> Callable[[], list[bytes]]:
        return lambda: self.carrier.left(server)


class TestMerciFacteur(_Post):
    carrier = MERCI_FACTEUR


class TestAr24(_Post):
    carrier = AR24


class TestMaileva(_Post):
    carrier = MAILEVA


class TestPingen(_Post):
    carrier = PINGEN


class TestPostHttp(_Post):
    carrier = GENERIC


def summary(outcome: Outcome) -> object:
    match outcome:
        case NotAccepted(kind, scope, _):
            return (kind, scope)
        case Unknown():
            return DOUBT
    return SENT


def sent(
    carrier: Carrier,
    changed: Script,
    root: Path,
    carried: Message | None = None,
    **settings: object,
) -> tuple[Outcome, HttpServer, int]:
    """Return what became of a letter, what the server saw, and how often the mark was made."""
    marks: list[bool] = []
    with HttpServer().running() as server:
        server.script.update(carrier.script(server.url) | changed)
        channel = carrier.open(server, root, **settings)
        given = carried or message("letter", to=carrier.to)
        outcome = channel.send(given, KEY, lambda: marks.append(True))
        channel.close()
    return outcome, server, len(marks)


def patience(step: Step) -> int:
    """Return the seconds to wait: short only where nothing ever comes, as machines can be busy."""
    return 2 if step.hang else 30


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
    ],
    ids=str,
)
def test_the_reply_to_the_last_request_decides(tmp_path, carrier, step, expected):
    outcome, server, marks = sent(carrier, {carrier.last: step}, tmp_path, timeout=patience(step))
    assert (summary(outcome), marks) == (expected, 1)
    assert sum(map(carrier.is_last, server.seen)) == 1


EARLY = [(carrier, early) for carrier in CARRIERS for early in carrier.early]


@pytest.mark.parametrize(("carrier", "early"), EARLY, ids=lambda x: getattr(x, "kind", x))
@pytest.mark.parametrize(
    ("step", "expected", "at_login"),
    [
        (DROP_AFTER_HEADERS, CHANNEL_LATER, CHANNEL_LATER),
        (DROP_AFTER_REQUEST, CHANNEL_LATER, CHANNEL_LATER),
        (GARBAGE, CHANNEL_LATER, CHANNEL_LATER),
        (cut(status(200, {"id": "x" * 50})), CHANNEL_LATER, CHANNEL_LATER),
        (status(400), NEVER, CHANNEL_NEVER),
        (status(401), CHANNEL_NEVER, CHANNEL_NEVER),
        (status(429), LATER, CHANNEL_LATER),
        (status(500), LATER, CHANNEL_LATER),
        (status(503), LATER, CHANNEL_LATER),
    ],
    ids=str,
)
def test_what_fails_before_the_last_request_has_not_left(
    tmp_path, carrier, early, step, expected, at_login
):
    outcome, server, marks = sent(carrier, {early: step}, tmp_path, timeout=patience(step))
    login = early.endswith(("/login", "/getToken"))
    assert (summary(outcome), marks) == (at_login if login else expected, 0)
    assert not any(map(carrier.is_last, server.seen))


@pytest.mark.parametrize(("carrier", "early"), EARLY, ids=lambda x: getattr(x, "kind", x))
@pytest.mark.parametrize("body", [b"", b"<html>", b"[]", b'{"data": 1, "id": null}'])
def test_a_reply_that_makes_no_sense_is_no_reason_to_go_on(tmp_path, carrier, early, body):
    if early.startswith("PUT") or early.endswith(("/documents", "/recipients", "/4711")):
        pytest.skip("its status says it all")
    outcome, server, marks = sent(carrier, {early: status(200, body)}, tmp_path)
    assert isinstance(outcome, NotAccepted)
    assert marks == 0
    assert not any(map(carrier.is_last, server.seen))


@of_each
def test_a_reply_that_is_cut_short_or_drips_is_in_doubt(tmp_path, carrier):
    good = status(200, {"success": True, "envoi_id": "4711", "letter": {"id": "x" * 100}})
    for step in (cut(good), dripping(good)):
        outcome, server, _ = sent(carrier, {carrier.last: step}, tmp_path, timeout=2)
        assert summary(outcome) == DOUBT
        assert sum(map(carrier.is_last, server.seen)) == 1


@pytest.mark.parametrize("carrier", [MERCI_FACTEUR, AR24, GENERIC], ids=lambda c: c.kind)
@pytest.mark.parametrize("body", [b"", b"{}", b"[]", b"null", b"<html>", b'{"success": true}'])
def test_a_success_without_an_id_is_in_doubt(tmp_path, carrier, body):
    outcome, _, _ = sent(carrier, {carrier.last: status(200, body)}, tmp_path)
    assert summary(outcome) == DOUBT


@of_each
def test_the_id_of_the_carrier_is_kept(tmp_path, carrier):
    outcome, server, _ = sent(carrier, {}, tmp_path)
    assert outcome == Accepted("4711")
    assert carrier.left(server) == [message("letter").content]


@of_each
def test_how_long_the_carrier_asks_to_wait_is_told(tmp_path, carrier):
    step = status(429, b"", {"Retry-After": "90000"})
    outcome, _, _ = sent(carrier, {carrier.last: step}, tmp_path)
    assert isinstance(outcome, NotAccepted)
    assert outcome.retry_after == timedelta(hours=24)


@of_each
def test_nobody_there_is_the_channel_s_trouble(tmp_path, carrier):
    absent = HttpServer(port=free_port())
    outcome = carrier.open(absent, tmp_path).send(
        message("letter", to=carrier.to), KEY, pytest.fail
    )
    assert summary(outcome) == CHANNEL_LATER


@of_each
def test_a_server_that_nobody_vouches_for_gets_nothing(tmp_path, carrier):
    cert, context = certificate(tmp_path)
    with HttpServer(tls=context).running() as server:
        server.script.update(carrier.script(server.url))
        letter = message("letter", to=carrier.to)
        refused = carrier.open(server, tmp_path).send(letter, KEY, pytest.fail)
        assert summary(refused) == CHANNEL_NEVER
        assert server.seen == []
        trusted = carrier.open(server, tmp_path, ca_file=cert.name)
        assert summary(trusted.send(letter, KEY, lambda: None)) == SENT


@of_each
def test_a_secret_that_is_not_there_stops_the_channel(tmp_path, carrier, monkeypatch):
    monkeypatch.delenv("POST_SECRET")
    outcome, server, marks = sent(carrier, {}, tmp_path)
    assert isinstance(outcome, NotAccepted)
    assert (summary(outcome), marks) == (CHANNEL_NEVER, 0)
    assert "POST_SECRET" in outcome.detail
    assert server.connections == 0


@of_each
def test_secrets_are_never_shown_whatever_the_carrier_echoes(tmp_path, carrier, caplog, capfd):
    caplog.set_level(logging.DEBUG)

    def echo(seen):
        return status(400, f"{seen.path} {seen.headers} {seen.body!r}".encode())

    for place in (*carrier.early, carrier.last):
        planned: Planned = echo
        outcome, _, _ = sent(carrier, {place: planned}, tmp_path)
        shown = capfd.readouterr()
        for text in (repr(outcome), caplog.text, shown.out, shown.err):
            assert SECRET not in text
            assert "t0ken" not in text


@of_each
def test_a_letter_whose_window_shows_another_address_is_not_posted(tmp_path, carrier):
    if carrier.to == "email":
        pytest.skip("nothing is printed: it goes to the e-mail address that the message names")
    carried = message("letter", recipient="9 rue du Test, 75001 Paris")
    outcome, server, marks = sent(carrier, {}, tmp_path, carried)
    assert (summary(outcome), marks, server.seen) == (NEVER, 0, [])


@of_each
def test_a_letter_that_does_not_say_whom_it_is_for_is_not_posted(tmp_path, carrier):
    carried = replace(message("letter", to=carrier.to), addressee=None)
    outcome, server, marks = sent(carrier, {}, tmp_path, carried)
    assert (summary(outcome), marks, server.seen) == (NEVER, 0, [])


@pytest.mark.parametrize(
    ("carrier", "settings"),
    [
        (AR24, {}),
        (MERCI_FACTEUR, {"mode": "ere_otp_mail"}),
        (GENERIC, {"electronic": "true"}),
    ],
    ids=["ar24", "merci-facteur", "post-http"],
)
@pytest.mark.parametrize(
    ("kind", "tags", "consent", "goes"),
    [
        ("business", (), None, True),
        ("public", (), None, True),
        ("consumer", (), None, False),
        (None, (), None, False),
        ("consumer", ("lre",), None, False),
        ("consumer", (), "lre", False),
        ("consumer", ("vip", "lre"), "lre", True),
    ],
)
def test_electronic_registered_mail_goes_to_professionals_and_to_who_agreed(
    tmp_path, carrier, settings, kind, tags, consent, goes
):
    to = replace(ADDRESSEE, kind=kind, tags=tags)
    carried = replace(message("letter", to="email"), addressee=to)
    more = settings | ({"consent": consent} if consent else {})
    outcome, server, _ = sent(carrier, {}, tmp_path, carried, **more)
    assert summary(outcome) == (SENT if goes else NEVER)
    assert bool(server.seen) == goes


@pytest.mark.parametrize(
    ("reply", "expected"),
    [
        ({"status": "maintenance"}, CHANNEL_LATER),
        ({"status": "ERROR", "slug": "attachment_unavailable"}, NEVER),
        ({"status": "ERROR", "slug": "token_missing"}, CHANNEL_NEVER),
        ({"status": "ERROR", "slug": "invalid_signature"}, CHANNEL_NEVER),
        ({"status": "SUCCESS", "result": {}}, DOUBT),
        ({"status": "PENDING"}, DOUBT),
        ({}, DOUBT),
    ],
    ids=str,
)
def test_ar24_says_200_whatever_it_means(tmp_path, reply, expected):
    for step in (status(200, reply), sealed(reply)):
        outcome, _, marks = sent(AR24, {AR24.last: step}, tmp_path)
        assert (summary(outcome), marks) == (expected, 1)


@pytest.mark.parametrize(
    ("reply", "expected"),
    [
        ({"success": False, "error": {"code": "INFO_ADDRESS_MISSING"}}, NEVER),
        ({"success": False, "error": {"text": "Antidoublon: already sent"}}, SENT),
        ({"success": False, "error": {"code": "INVALID_TOKEN"}}, CHANNEL_LATER),
        ({"success": "maybe"}, DOUBT),
        ({"envoi_id": 12}, DOUBT),
    ],
    ids=str,
)
def test_merci_facteur_says_200_whatever_it_means(tmp_path, reply, expected):
    outcome, _, _ = sent(MERCI_FACTEUR, {MERCI_FACTEUR.last: status(200, reply)}, tmp_path)
    assert summary(outcome) == expected


def test_merci_facteur_asks_for_one_token_a_day(tmp_path):
    with HttpServer().running() as server:
        server.script.update(MERCI_FACTEUR.script(server.url))
        channel = MERCI_FACTEUR.open(server, tmp_path)
        for _ in range(3):
            channel.send(message("letter"), KEY, lambda: None)
    assert sum("getToken" in seen.path for seen in server.seen) == 1


def test_pingen_waits_until_the_pages_were_looked_at(tmp_path):
    draft = "/organisations/org-1/letters/4711"

    def states(*names):
        return [status(200, {"data": {"id": "4711", "attributes": {"status": n}}}) for n in names]

    outcome, _, _ = sent(PINGEN, {f"GET {draft}": states("validating", "valid")}, tmp_path)
    assert outcome == Accepted("4711")
    outcome, _, marks = sent(PINGEN, {f"GET {draft}": states("invalid")}, tmp_path)
    assert (summary(outcome), marks) == (NEVER, 0)
    outcome, _, marks = sent(PINGEN, {f"GET {draft}": states("fixing")}, tmp_path, checking=0.1)
    assert (summary(outcome), marks) == (LATER, 0)


@pytest.mark.parametrize(
    ("state", "expected"), [("sent", SENT), ("submitted", SENT), ("valid", LATER), (None, DOUBT)]
)
def test_pingen_looks_up_a_letter_that_it_says_it_has_sent(tmp_path, state, expected):
    draft = "GET /organisations/org-1/letters/4711"
    found = status(200, {"data": {"attributes": {"status": state}}})
    valid = status(200, {"data": {"attributes": {"status": "valid"}}})
    outcome, _, _ = sent(PINGEN, {draft: [valid, found], PINGEN.last: status(409)}, tmp_path)
    assert summary(outcome) == expected


def test_pingen_gives_its_token_to_no_other_server(tmp_path):
    with HttpServer({"PUT /pages": status(200)}).running() as storage:
        where = {"data": {"attributes": {"url": f"{storage.url}/pages", "url_signature": "s"}}}
        outcome, _, _ = sent(PINGEN, {"GET /file-upload": status(200, where)}, tmp_path)
    [seen] = storage.seen
    assert outcome == Accepted("4711")
    assert "authorization" not in seen.headers
    assert seen.body == message("letter").content


def test_pingen_puts_the_pages_at_no_place_that_cannot_be_trusted(tmp_path):
    where = {"data": {"attributes": {"url": "http://files.example/9", "url_signature": "s"}}}
    outcome, _, marks = sent(PINGEN, {"GET /file-upload": status(200, where)}, tmp_path)
    assert (summary(outcome), marks) == (CHANNEL_NEVER, 0)


@pytest.mark.parametrize("carrier", [MAILEVA, PINGEN], ids=lambda c: c.kind)
def test_a_token_serves_for_many_letters(tmp_path, carrier):
    with HttpServer().running() as server:
        server.script.update(carrier.script(server.url))
        channel = carrier.open(server, tmp_path)
        for _ in range(3):
            assert channel.send(message("letter"), KEY, lambda: None) == Accepted("4711")
    assert sum(seen.path == "/login" for seen in server.seen) == 1
