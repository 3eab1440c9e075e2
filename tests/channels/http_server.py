"""A real HTTP(S) server on loopback that follows a script, step by step.

    with HttpServer({"POST /sms": [status(503), OK]}).running() as server:
        ...  # server.url, server.seen, server.taken

A script says, by "POST /path", "POST" or "*", which step a request meets; a list is used up one
request after the other, and its last step stays. A function of the request may give the step.
"connect" in a script is met before anything is read.
"""

from __future__ import annotations

import json
import socket
import ssl
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field, replace
from http import HTTPStatus
from typing import Any


@dataclass(frozen=True)
class Seen:
    """A request, as far as it came; `whole` unless the server left before its end."""

    method: str
    path: str
    headers: Mapping[str, str]
    body: bytes
    whole: bool = True

    def json(self) -> Any:
        return json.loads(self.body)


@dataclass(frozen=True)
class Step:
    """What the server does with a request.

    Attributes:
        reply: the bytes of the reply, as they stand.
        read: how much is read before: "nothing", "headers" or "all".
        pause: seconds between each two bytes; None sends all at once.
        slowly_from: the byte of the reply from which on it drips.
        hang: keep the connection open afterwards, without another byte.
        takes: the service takes the message, whatever becomes of the reply.
    """

    reply: bytes = b""
    read: str = "all"
    pause: float | None = None
    slowly_from: int = 0
    hang: bool = False
    takes: bool = False


def status(code: int, body: object = b"", headers: Mapping[str, str] | None = None) -> Step:
    """Return a whole reply with `code`; a body that is no bytes is JSON."""
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    given = {"Content-Length": str(len(content))} | dict(headers or {})
    try:
        phrase = HTTPStatus(code).phrase
    except ValueError:
        phrase = "Odd"
    lines = [f"HTTP/1.1 {code} {phrase}", *(f"{k}: {v}" for k, v in given.items()), "", ""]
    return Step("\r\n".join(lines).encode() + content, takes=200 <= code < 300)


def redirect(code: int, target: str) -> Step:
    return status(code, b"", {"Location": target})


def cut(step: Step, at: int | None = None) -> Step:
    """Return `step` with a reply that ends after `at` bytes; after half of them if None."""
    return replace(step, reply=step.reply[: len(step.reply) // 2 if at is None else at])


def dripping(step: Step, pause: float = 0.05, *, body_only: bool = False) -> Step:
    """Return `step` byte by byte: from the first on, or from the body on."""
    start = step.reply.index(b"\r\n\r\n") + 4 if body_only else 0
    return replace(step, pause=pause, slowly_from=start)


def wrong_length(step: Step, more: int) -> Step:
    """Return `step` with a Content-Length that is `more` than its body has."""
    _, _, body = step.reply.partition(b"\r\n\r\n")
    right = f"Content-Length: {len(body)}".encode()
    return replace(
        step, reply=step.reply.replace(right, f"Content-Length: {len(body) + more}".encode())
    )


def hanging(step: Step) -> Step:
    """Return `step` after which the server neither says anything nor closes."""
    return replace(step, hang=True)


DROP_AT_ONCE = Step(read="nothing")
DROP_AFTER_HEADERS = Step(read="headers")
DROP_AFTER_REQUEST = Step(takes=True)
HANG_AT_ONCE = Step(read="nothing", hang=True)
HANG = Step(hang=True, takes=True)
GARBAGE = Step(b"\x00\xff nonsense\r\n\r\n", takes=True)

Planned = Step | Callable[[Seen], Step]
Script = dict[str, Planned | list[Planned]]


@dataclass
class HttpServer:
    """The server. `seen` are all requests in order, `taken` those that the service took."""

    script: Script = field(default_factory=dict)
    tls: ssl.SSLContext | None = None
    host: str = "127.0.0.1"
    port: int = 0
    seen: list[Seen] = field(default_factory=list)
    taken: list[Seen] = field(default_factory=list)
    connections: int = 0

    @property
    def url(self) -> str:
        return f"{'https' if self.tls else 'http'}://{self.host}:{self.port}"

    @contextmanager
    def running(self) -> Iterator[HttpServer]:
        with socket.create_server((self.host, self.port)) as listener:
            self.port = listener.getsockname()[1]
            listener.settimeout(0.05)
            self._ended, self._lock = threading.Event(), threading.Lock()
            talks: list[threading.Thread] = []
            thread = threading.Thread(target=self._listen, args=(listener, talks))
            thread.start()
            try:
                yield self
            finally:
                self._ended.set()
                for each in (thread, *talks):
                    each.join()

    def _listen(self, listener: socket.socket, talks: list[threading.Thread]) -> None:
        while not self._ended.is_set():
            try:
                connection, _ = listener.accept()
            except TimeoutError:
                continue
            self.connections += 1
            talks.append(threading.Thread(target=self._serve, args=(connection,)))
            talks[-1].start()

    def _serve(self, connection: socket.socket) -> None:
        with ExitStack() as stack:
            stack.enter_context(connection)
            stack.enter_context(suppress(OSError))
            connection.settimeout(5)
            if self._meets_at_once(connection):
                return
            if self.tls:
                connection = stack.enter_context(self.tls.wrap_socket(connection, server_side=True))
            self._talk(connection)

    def _meets_at_once(self, connection: socket.socket) -> bool:
        step = self._planned("connect", None)
        if step is None:
            return False
        self._perform(connection, step)
        return True

    def _talk(self, connection: socket.socket) -> None:
        stream = connection.makefile("rb")
        first = stream.readline().decode("latin-1").split()
        if len(first) != 3:
            return
        headers: dict[str, str] = {}
        while (line := stream.readline().decode("latin-1").strip()) and ":" in line:
            name, _, value = line.partition(":")
            headers[name.lower()] = value.strip()
        request = Seen(first[0], first[1], headers, b"", whole=False)
        length = int(headers.get("content-length", "0"))
        # Only a function needs the body to choose its step.
        step = self._step(request) if self._early(request) else None
        if step is None or step.read == "all":
            request = replace(request, body=stream.read(length), whole=True)
        step = step or self._step(request)
        with self._lock:
            self.seen.append(request)
            if step.takes:
                self.taken.append(request)
        self._perform(connection, step)

    def _early(self, request: Seen) -> bool:
        planned = self._found(request)
        return isinstance(planned, Step) and planned.read != "all"

    def _found(self, request: Seen) -> Planned | None:
        path = request.path.partition("?")[0]
        for key in (f"{request.method} {path}", request.method, "*"):
            planned = self.script.get(key)
            if planned is not None:
                return planned[0] if isinstance(planned, list) else planned
        return None

    def _step(self, request: Seen) -> Step:
        path = request.path.partition("?")[0]
        for key in (f"{request.method} {path}", request.method, "*"):
            if (step := self._planned(key, request)) is not None:
                return step
        return status(404, b"no such thing")

    def _planned(self, key: str, request: Seen | None) -> Step | None:
        with self._lock:
            planned = self.script.get(key)
            if isinstance(planned, list):
                planned = planned.pop(0) if len(planned) > 1 else planned[0]
        return planned(request) if callable(planned) else planned  # type: ignore[arg-type]

    def _perform(self, connection: socket.socket, step: Step) -> None:
        if step.pause is None:
            connection.sendall(step.reply)
        else:
            connection.sendall(step.reply[: step.slowly_from])
            for byte in step.reply[step.slowly_from :]:
                connection.sendall(bytes([byte]))
                if self._ended.wait(step.pause):
                    return
        if step.hang:
            self._until_left(connection)

    def _until_left(self, connection: socket.socket) -> None:
        """Wait until the other side closes, or the server ends."""
        connection.settimeout(0.05)
        while not self._ended.is_set():
            with suppress(TimeoutError):
                if not connection.recv(65536):
                    return
