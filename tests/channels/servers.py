"""Real SMTP servers on loopback: one that works, and one that follows a script."""

from __future__ import annotations

import socket
import ssl
import subprocess
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

GOOD = {
    "greeting": "220 mx.example ESMTP",
    "EHLO": "250-mx.example\r\n250-SIZE 1000000\r\n250 8BITMIME",
    "STARTTLS": "220 go ahead",
    "AUTH": "235 2.7.0 welcome",
    "MAIL": "250 2.1.0 ok",
    "RCPT": "250 2.1.5 ok",
    "DATA": "354 go on",
    "dot": "250 2.0.0 queued as 4F1",
    "RSET": "250 ok",
    "QUIT": "221 bye",
}
DROP = "drop"
"""Close the connection instead of a reply."""


@dataclass
class Scripted:
    """A server whose replies are given by verb; a list is used up one reply after the other.

    A reply that does not end a line is sent as it is and the connection closed.
    """

    replies: dict[str, str | list[str]] = field(default_factory=dict)
    tls: ssl.SSLContext | None = None
    wrapped: bool = False
    verbs: list[str] = field(default_factory=list)
    received: list[bytes] = field(default_factory=list)
    accepted: list[bytes] = field(default_factory=list)
    connections: int = 0
    port: int = 0

    @contextmanager
    def running(self) -> Iterator[Scripted]:
        with socket.create_server(("127.0.0.1", 0)) as listener:
            self.port = listener.getsockname()[1]
            listener.settimeout(0.05)
            ended = threading.Event()
            thread = threading.Thread(target=self._listen, args=(listener, ended))
            thread.start()
            try:
                yield self
            finally:
                ended.set()
                thread.join()

    def _listen(self, listener: socket.socket, ended: threading.Event) -> None:
        while not ended.is_set():
            try:
                connection, _ = listener.accept()
            except TimeoutError:
                continue
            self.connections += 1
            connection.settimeout(5)
            with ExitStack() as stack:
                stack.enter_context(connection)
                stack.enter_context(suppress(OSError))
                self._talk(connection, stack)

    def _secured(self, connection: socket.socket, stack: ExitStack) -> socket.socket:
        assert self.tls
        return stack.enter_context(self.tls.wrap_socket(connection, server_side=True))

    def _talk(self, connection: socket.socket, stack: ExitStack) -> None:
        if self.wrapped:
            connection = self._secured(connection, stack)
        stream = connection.makefile("rb")
        if not self._reply(connection, "greeting"):
            return
        while line := stream.readline():
            verb = line.split()[0].decode().upper()
            self.verbs.append(verb)
            if not self._reply(connection, verb):
                return
            if verb == "STARTTLS" and self.tls:
                connection = self._secured(connection, stack)
                stream = connection.makefile("rb")
            if (
                verb == "DATA"
                and self._last.startswith("354")
                and not self._take(connection, stream)
            ):
                return
            if verb == "QUIT":
                return

    def _take(self, connection: socket.socket, stream: object) -> bool:
        lines = []
        while (line := stream.readline()) and line != b".\r\n":  # type: ignore[attr-defined]
            lines.append(line[1:] if line.startswith(b"..") else line)
        self.received.append(b"".join(lines))
        if not line:
            return False
        going_on = self._reply(connection, "dot")
        if self._last.startswith("250"):
            self.accepted.append(self.received[-1])
        return going_on

    def _reply(self, connection: socket.socket, verb: str) -> bool:
        planned = self.replies.get(verb, GOOD.get(verb, "502 no"))
        if isinstance(planned, list):
            planned = planned.pop(0) if planned else GOOD[verb]
        self._last = planned
        if planned == DROP:
            return False
        whole = not planned.endswith("…")
        connection.sendall(f"{planned}\r\n".encode() if whole else planned[:-1].encode())
        return whole and not planned.startswith("421")


def certificate(folder: Path, name: str = "127.0.0.1") -> tuple[Path, ssl.SSLContext]:
    """Return a self-signed certificate for `name` and a context that serves it."""
    key, cert = folder / "key.pem", folder / "cert.pem"
    subject = ["-subj", f"/CN={name}", "-addext", f"subjectAltName=IP:{name}"]
    command = ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256"]
    command += ["-nodes", "-days", "2", "-keyout", str(key), "-out", str(cert), *subject]
    subprocess.run(command, check=True, capture_output=True)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(cert, key)
    return cert, context


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return listener.getsockname()[1]


@contextmanager
def serving(controller: object) -> Iterator[int]:
    """Start a controller of aiosmtpd and return its port."""
    controller.start()  # type: ignore[attr-defined]
    try:
        yield controller.port  # type: ignore[attr-defined]
    finally:
        controller.stop()  # type: ignore[attr-defined]
