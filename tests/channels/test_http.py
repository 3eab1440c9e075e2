"""One request over HTTP: what became of it, for each fault of a server at each moment."""

from __future__ import annotations

import socket
import threading
from contextlib import ExitStack
from pathlib import Path

import pytest

from relance.channels.contract import NotAccepted, Outcome, Unknown
from relance.channels.hosts import trusted_url
from relance.channels.http import Client, Reply, Request
from relance.channels.http_outcomes import outcome_of

from .http_server import (
    DROP_AFTER_HEADERS,
    DROP_AFTER_REQUEST,
    DROP_AT_ONCE,
    GARBAGE,
    HANG,
    HANG_AT_ONCE,
    HttpServer,
    Script,
    Step,
    cut,
    dripping,
    hanging,
    redirect,
    status,
    wrong_length,
)
from .servers import certificate, free_port

LATER = ("transient", "recipient")
NEVER = ("permanent", "recipient")
CHANNEL_LATER = ("transient", "channel")
CHANNEL_NEVER = ("permanent", "channel")
DOUBT = "unknown"
SENT = "accepted"
OK = status(201, {"id": "m-1"})


def summary(outcome: Outcome) -> object:
    match outcome:
        case NotAccepted(kind, scope, _):
            return (kind, scope)
        case Unknown():
            return DOUBT
    return SENT


def carried(
    script: Script, root: Path, content: bytes = b"{}", **settings: object
) -> tuple[object, int, HttpServer]:
    """Return what became of a request, how often the mark was made, and the server."""
    marks: list[bool] = []
    with HttpServer(script).running() as server:
        client = Client(root, **({"deadline": 1.0} | settings))  # type: ignore[arg-type]
        request = Request("POST", f"{server.url}/send", {"X-Key": "k"}, content)
        answer = client.send(request, lambda: marks.append(True))
        if isinstance(answer, Reply):
            answer = outcome_of(answer, lambda reply: reply.text("id"))
    return summary(answer), len(marks), server


@pytest.mark.parametrize(
    ("step", "expected"),
    [
        (OK, SENT),
        (status(200, {"id": 4711}), SENT),
        (status(200, {"status": "fine"}), DOUBT),
        (status(200, {"id": ""}), DOUBT),
        (status(200, {"id": True}), DOUBT),
        (status(200, {"id": "x" * 300}), DOUBT),
        (status(200, b"<html>welcome to the airport</html>"), DOUBT),
        (status(200, b"[" * 100_000), DOUBT),
        (status(204), DOUBT),
        (status(300), NEVER),
        (status(304), NEVER),
        (status(400), NEVER),
        (status(401), CHANNEL_NEVER),
        (status(402), CHANNEL_NEVER),
        (status(403), CHANNEL_NEVER),
        (status(404), NEVER),
        (status(405), CHANNEL_NEVER),
        (status(408), DOUBT),
        (status(409), DOUBT),
        (status(410), CHANNEL_NEVER),
        (status(413), NEVER),
        (status(418), NEVER),
        (status(422), NEVER),
        (status(425), LATER),
        (status(429), LATER),
        (status(500), DOUBT),
        (status(501), CHANNEL_NEVER),
        (status(502), DOUBT),
        (status(503), LATER),
        (status(504), DOUBT),
        (status(520), DOUBT),
        (status(599), DOUBT),
        (status(777), DOUBT),
        (Step(b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n"), DOUBT),
        (DROP_AFTER_HEADERS, DOUBT),
        (DROP_AFTER_REQUEST, DOUBT),
        (HANG, DOUBT),
        (GARBAGE, DOUBT),
        (Step(b"HTTP/1.1 100 Continue\r\n\r\n"), DOUBT),
        (cut(OK), DOUBT),
        (cut(OK, 5), DOUBT),
        (cut(OK, len(OK.reply) - 1), DOUBT),
        (cut(status(400, {"error": "no"}), 60), DOUBT),
        (wrong_length(OK, 5), DOUBT),
        (hanging(wrong_length(OK, 5)), DOUBT),
        (hanging(cut(OK)), DOUBT),
        (dripping(OK), DOUBT),
        (dripping(status(200, {"id": "1", "pad": "x" * 50}), body_only=True), DOUBT),
        (dripping(OK, 0.001), SENT),
    ],
)  # fmt: skip
def test_what_the_server_does_after_the_request_decides(tmp_path, step, expected):
    outcome, marks, _ = carried({"POST /send": step}, tmp_path)
    assert (outcome, marks) == (expected, 1)


def test_a_shorter_length_than_the_reply_has_makes_no_id_of_its_rest(tmp_path):
    assert carried({"POST": wrong_length(OK, -3)}, tmp_path)[0] == DOUBT


def test_nobody_there_is_the_channel_s_trouble_for_now(tmp_path):
    client = Client(tmp_path)
    request = Request("POST", f"http://127.0.0.1:{free_port()}/")
    marks: list[bool] = []
    assert summary(client.send(request, lambda: marks.append(True))) == CHANNEL_LATER
    assert marks == []


def test_a_server_that_never_accepts_a_connection_is_tried_later(tmp_path):
    with socket.socket() as listener, ExitStack() as queue:
        listener.bind(("127.0.0.1", 0))
        listener.listen(0)
        for _ in range(4):  # until its queue is full, and the next one waits
            waiting = queue.enter_context(socket.socket())
            waiting.setblocking(False)
            waiting.connect_ex(listener.getsockname())
        request = Request("POST", f"http://127.0.0.1:{listener.getsockname()[1]}/")
        assert summary(Client(tmp_path, deadline=0.5).send(request, pytest.fail)) == CHANNEL_LATER


def test_a_name_that_nobody_knows_is_the_channel_s_trouble_for_now(tmp_path):
    answer = Client(tmp_path).send(Request("POST", "https://nobody.invalid/"), pytest.fail)
    assert summary(answer) == CHANNEL_LATER


@pytest.mark.parametrize(
    "url",
    [
        "http://example.com/sms",
        "ftp://127.0.0.1/",
        "https://user:secret@example.com/",
        "https:///x",
        "https://example.com/a b",
        "https://exa\nmple.com/",
        "https://.example.com/",
        "https://example.com:99999/",
        "https://example.com/#part",
        "example.com",
        "",
    ],
)
def test_what_is_not_a_trusted_url_is_refused_without_a_connection(tmp_path, url):
    with pytest.raises(ValueError, match=r"URL|https") as caught:
        trusted_url(url)
    assert "secret" not in str(caught.value)
    assert summary(Client(tmp_path).send(Request("POST", url), pytest.fail)) == CHANNEL_NEVER


@pytest.mark.parametrize("url", ["https://example.com", "http://localhost:8080/x", "http://[::1]/"])
def test_https_and_this_machine_are_trusted(url):
    assert trusted_url(url) == url


def test_a_request_goes_out_as_it_is_over_a_connection_of_its_own(tmp_path):
    with HttpServer({"POST": OK}).running() as server:
        client = Client(tmp_path)
        for number in range(3):
            request = Request("POST", f"{server.url}/a?b=c", {"X-A": "v"}, f"{number}".encode())
            assert isinstance(client.send(request, lambda: None), Reply)
    assert [seen.body for seen in server.seen] == [b"0", b"1", b"2"]
    assert server.seen[0].path == "/a?b=c"
    assert server.seen[0].headers["x-a"] == "v"
    assert server.seen[0].headers["user-agent"].startswith("relance/")
    assert server.seen[0].headers["host"] == f"127.0.0.1:{server.port}"
    assert server.connections == 3


def test_the_mark_is_made_before_the_first_byte_leaves(tmp_path):
    with HttpServer({"POST": OK}).running() as server:
        at_the_mark: list[int] = []
        Client(tmp_path).send(
            Request("POST", server.url), lambda: at_the_mark.append(len(server.seen))
        )
        assert at_the_mark == [0]


def test_nothing_leaves_when_the_mark_fails(tmp_path):
    def failing() -> None:
        raise OSError("the disk is full")

    with HttpServer({"POST": OK}).running() as server, pytest.raises(OSError, match="full"):
        Client(tmp_path).send(Request("POST", server.url), failing)
    assert server.seen == []


def test_a_request_that_is_never_read_is_in_doubt_when_the_time_is_up(tmp_path):
    outcome, marks, _ = carried({"connect": HANG_AT_ONCE}, tmp_path, b"x" * 50_000_000)
    assert (outcome, marks) == (DOUBT, 1)


def test_a_connection_closed_at_once_is_in_doubt_once_the_request_was_written(tmp_path):
    outcome, marks, _ = carried({"connect": DROP_AT_ONCE}, tmp_path)
    assert (outcome, marks) == (DOUBT, 1)


def test_an_endless_reply_is_left_and_in_doubt(tmp_path):
    endless = Step(b"HTTP/1.1 200 OK\r\n\r\n" + b"x" * 300_000, takes=True)
    assert carried({"POST": endless}, tmp_path, largest=100_000)[0] == DOUBT
    headers = Step(b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 50_000, takes=True)
    assert carried({"POST": headers}, tmp_path, largest=100_000)[0] == DOUBT
    informed = Step(b"HTTP/1.1 103 Early Hints\r\n\r\n" * 20_000, takes=True)
    assert carried({"POST": informed}, tmp_path, largest=100_000)[0] == DOUBT


@pytest.mark.parametrize("code", [301, 302, 303, 307, 308])
def test_a_redirect_is_never_followed(tmp_path, code):
    with HttpServer({"*": OK}).running() as canary:
        outcome, _, server = carried({"POST /send": redirect(code, f"{canary.url}/x")}, tmp_path)
    assert outcome == NEVER
    assert (len(server.seen), canary.connections) == (1, 0)


def test_the_environment_cannot_put_a_proxy_between(tmp_path, monkeypatch):
    with HttpServer({"*": OK}).running() as proxy:
        for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy", "HTTPS_PROXY"):
            monkeypatch.setenv(name, proxy.url)
        assert carried({"POST /send": OK}, tmp_path)[0] == SENT
    assert proxy.connections == 0


def secured(root: Path, url: str, **settings: object) -> tuple[object, int]:
    marks: list[bool] = []
    client = Client(root, deadline=2, **settings)  # type: ignore[arg-type]
    answer = client.send(Request("POST", url), lambda: marks.append(True))
    if isinstance(answer, Reply):
        answer = outcome_of(answer, lambda reply: reply.text("id"))
    return summary(answer), len(marks)


def test_tls_is_verified_always(tmp_path):
    cert, context = certificate(tmp_path)
    with HttpServer({"POST": OK}, tls=context).running() as server:
        assert secured(tmp_path, server.url) == (CHANNEL_NEVER, 0)
        another = f"https://localhost:{server.port}/"
        assert secured(tmp_path, another, ca_file=Path(cert.name)) == (CHANNEL_NEVER, 0)
        assert server.seen == []
        assert secured(tmp_path, server.url, ca_file=Path(cert.name)) == (SENT, 1)
        assert secured(tmp_path, server.url, ca_file=Path("absent.pem")) == (CHANNEL_NEVER, 0)
        (tmp_path / "no.pem").write_text("no certificate")
        assert secured(tmp_path, server.url, ca_file=Path("no.pem")) == (CHANNEL_NEVER, 0)


def test_a_handshake_that_fails_or_never_ends_is_tried_later(tmp_path):
    with HttpServer(
        {"connect": Step(b"HTTP/1.0 400 plain\r\n\r\n", read="nothing")}
    ).running() as s:
        assert secured(tmp_path, f"https://127.0.0.1:{s.port}") == (CHANNEL_LATER, 0)
    with HttpServer({"connect": HANG_AT_ONCE}).running() as server:
        assert secured(tmp_path, f"https://127.0.0.1:{server.port}") == (CHANNEL_LATER, 0)
    drip = Step(b"\x16\x03\x03\x40\x00" + b"\x02" * 500, read="nothing", pause=0.02)
    with HttpServer({"connect": drip}).running() as server:
        assert secured(tmp_path, f"https://127.0.0.1:{server.port}") == (CHANNEL_LATER, 0)


def test_a_question_without_an_answer_leaves_nothing_in_doubt(tmp_path):
    with HttpServer({"GET": DROP_AFTER_REQUEST}).running() as server:
        assert summary(Client(tmp_path).ask(Request("GET", server.url))) == CHANNEL_LATER


def test_requests_of_several_threads_do_not_mix(tmp_path):
    def echo(seen):
        return status(200, {"id": seen.body.decode()})

    found: list[str | None] = []
    with HttpServer({"POST": echo}).running() as server:
        client = Client(tmp_path)

        def one(number: int) -> None:
            request = Request("POST", server.url, content=f"{number}".encode())
            answer = client.send(request, lambda: None)
            assert isinstance(answer, Reply)
            found.append(f"{number}={answer.text('id')}")

        threads = [threading.Thread(target=one, args=(number,)) for number in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert sorted(found) == [f"{number}={number}" for number in range(8)]
