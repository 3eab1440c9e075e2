"""A mail server on loopback that misbehaves by script, and can be told that its client just died.

One thread serves all connections, so that `cut` can stop between two bytes: what the client sent
before its death is taken, as a kernel would have delivered it, and nothing after.
"""

from __future__ import annotations

import selectors
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from email.parser import BytesHeaderParser

GOOD = {
    "EHLO": "250-mx.example\r\n250-SIZE 1000000\r\n250 8BITMIME",
    "greeting": "220 mx.example ESMTP",
    "MAIL": "250 2.1.0 ok",
    "RCPT": "250 2.1.5 ok",
    "DATA": "354 go on",
    "dot": "250 2.0.0 queued as 4F1",
    "RSET": "250 2.0.0 ok",
    "NOOP": "250 2.0.0 ok",
    "QUIT": "221 2.0.0 bye",
}
DROP, HANG, HALF = "drop", "hang", "half"
"""Replies that are none: the connection is closed, nothing comes, a line is left unfinished."""

TAKEN = "taken, then "
"""Before one of them, in the place of the final dot: the message is kept all the same."""


@dataclass(frozen=True)
class Mail:
    """A message that the server answers for."""

    recipient: str
    message_id: str
    content: bytes


@dataclass
class Visit:
    """A connection: what came in, and where the dialogue stands."""

    wire: socket.socket
    came: bytes = b""
    recipient: str = ""
    body: bool = False
    over: bool = False


@dataclass
class PostOffice:
    """The server. `everyone` and `to` say what it answers instead, by verb; `to` by recipient."""

    everyone: dict[str, str] = field(default_factory=dict)
    to: dict[str, dict[str, str]] = field(default_factory=dict)
    accepted: list[Mail] = field(default_factory=list)
    dark: bool = False
    visits: int = 0
    port: int = 0

    @contextmanager
    def open(self) -> Iterator[PostOffice]:
        """Serve until the end of the block."""
        self._lock, self._ended = threading.Lock(), False
        self._visits: dict[socket.socket, Visit] = {}
        self._ready = selectors.DefaultSelector()
        bell, self._rope = socket.socketpair()
        with socket.create_server(("127.0.0.1", 0)) as door, bell, self._rope:
            self.port = door.getsockname()[1]
            door.setblocking(False)
            for wire in (door, bell):
                self._ready.register(wire, selectors.EVENT_READ)
            thread = threading.Thread(target=self._serve, args=(door,), daemon=True)
            thread.start()
            try:
                yield self
            finally:
                self._ended = True
                self._rope.send(b"!")
                thread.join()
                self._ready.close()
                for visit in self._visits.values():
                    visit.wire.close()

    def script(self, everyone: dict[str, str], to: dict[str, dict[str, str]]) -> None:
        """Begin another run: the lights are on, and these are the answers."""
        with self._lock:
            self.everyone, self.to, self.dark = everyone, to, False

    def cut(self) -> None:
        """The client is dead: take what it had sent, then see and hear nothing until `script`."""
        with self._lock:
            for visit in list(self._visits.values()):
                while not visit.over and self._read(visit):
                    pass
                self._leave(visit)
            self.dark = True

    def _serve(self, door: socket.socket) -> None:
        while not self._ended:
            for key, _ in self._ready.select():
                with self._lock:
                    if key.fileobj is door:
                        self._enter(door)
                    elif key.fileobj in self._visits:
                        self._hear(self._visits[key.fileobj])  # type: ignore[index]

    def _enter(self, door: socket.socket) -> None:
        with suppress(BlockingIOError):
            wire, _ = door.accept()
            wire.setblocking(False)
            visit = self._visits[wire] = Visit(wire)
            self.visits += 1
            self._ready.register(wire, selectors.EVENT_READ)
            if self.dark:
                self._leave(visit)
            else:
                self._answer(visit, "greeting")

    def _hear(self, visit: Visit) -> None:
        if not self._read(visit) or visit.over:
            self._leave(visit)

    def _read(self, visit: Visit) -> bool:
        """Take what is there; return whether anything was."""
        try:
            got = visit.wire.recv(65536)
        except OSError:
            got = b""
        visit.came += got
        while not visit.over and self._next(visit):
            pass
        return bool(got)

    def _next(self, visit: Visit) -> bool:
        """Deal with one command or one message of what came; return whether there was one."""
        end = b"\r\n.\r\n" if visit.body else b"\r\n"
        head, found, rest = visit.came.partition(end)
        if not found:
            return False
        visit.came = rest
        if visit.body:
            visit.body = False
            self._take(visit, head + b"\r\n")
            return True
        verb = head.split()[0].decode().upper()
        if verb == "RCPT":
            visit.recipient = head[head.index(b"<") + 1 : head.index(b">")].decode()
        self._answer(visit, verb)
        return True

    def _take(self, visit: Visit, raw: bytes) -> None:
        content = raw[1:] if raw.startswith(b"..") else raw
        content = content.replace(b"\r\n..", b"\r\n.")
        reply = self._planned(visit, "dot")
        if reply.startswith(("250", TAKEN)):
            identity = BytesHeaderParser().parsebytes(content)["Message-ID"]
            self.accepted.append(Mail(visit.recipient, identity, content))
        self._say(visit, reply.removeprefix(TAKEN))

    def _planned(self, visit: Visit, verb: str) -> str:
        own = self.to.get(visit.recipient, {}) if verb not in ("greeting", "EHLO", "MAIL") else {}
        return own.get(verb) or self.everyone.get(verb) or GOOD.get(verb, "502 no")

    def _answer(self, visit: Visit, verb: str) -> None:
        reply = self._planned(visit, verb)
        visit.body = verb == "DATA" and reply.startswith("354")
        self._say(visit, reply)
        visit.over |= verb == "QUIT" or (visit.body and reply.endswith(DROP))

    def _say(self, visit: Visit, reply: str) -> None:
        if reply == HANG:
            return
        text = {DROP: "", HALF: "25"}.get(reply, reply + "\r\n")
        with suppress(OSError):
            visit.wire.sendall(text.encode())
        visit.over |= reply in (DROP, HALF) or reply.startswith("421")

    def _leave(self, visit: Visit) -> None:
        visit.over = True
        if self._visits.pop(visit.wire, None):
            self._ready.unregister(visit.wire)
            visit.wire.close()
