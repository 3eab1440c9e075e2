"""Real SMTP servers on loopback: one that works, and one that follows a script."""

from __future__ import annotations

import socket
import ssl
import subprocess
import threading
import time
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

HANG = "hang"
"""Say nothing until the client goes away."""

DRIP = "drip:"
"""Before a reply: send it byte by byte, always in time for one who counts from the last byte."""

SLOW = "slow:"
"""Before a reply: think for a while first."""


@dataclass
class Scripted:
    """A server whose replies are given by verb; a list is used up one reply after the other.

    A reply that ends in "…" is sent so far, without a line end, and the connection closed; DROP, HANG, DRIP
    and SLOW are other ways to fail. Several clients are served at once.
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
        threads = []
        while not ended.is_set():
            try:
                connection, _ = listener.accept()
            except TimeoutError:
                continue
            self.connections += 1
            connection.settimeout(5)
            threads.append(threading.Thread(target=self._serve, args=(connection,)))
            threads[-1].start()
        for thread in threads:
            thread.join()

    def _serve(self, connection: socket.socket) -> None:
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
        going_on = goes_on(self._reply(connection, "greeting"))
        while going_on and (line := stream.readline()):
            verb = line.split()[0].decode().upper()
            self.verbs.append(verb)
            said = self._reply(connection, verb)
            going_on = goes_on(said) and verb != "QUIT"
            if verb == "STARTTLS" and self.tls and said.startswith("220"):
                connection = self._secured(connection, stack)
                stream = connection.makefile("rb")
            if verb == "DATA" and said.startswith("354"):
                going_on = self._take(connection, stream)

    def _take(self, connection: socket.socket, stream: object) -> bool:
        lines = []
        while (line := stream.readline()) and line != b".\r\n":  # type: ignore[attr-defined]
            lines.append(line[1:] if line.startswith(b"..") else line)
        content = b"".join(lines)
        self.received.append(content)
        if not line:
            return False
        said = self._reply(connection, "dot")
        if said.startswith("250"):
            self.accepted.append(content)
        return goes_on(said)

    def _reply(self, connection: socket.socket, verb: str) -> str:
        """Say what is planned for `verb`; return it, without how it was said."""
        planned = self.replies.get(verb, GOOD.get(verb, "502 no"))
        if isinstance(planned, list):
            planned = planned.pop(0) if planned else GOOD[verb]
        if planned in (DROP, HANG):
            if planned == HANG:
                with suppress(TimeoutError):
                    connection.recv(1)
            return DROP
        reply = planned.removeprefix(DRIP).removeprefix(SLOW)
        line = reply[:-1].encode() if reply.endswith("…") else f"{reply}\r\n".encode()
        if planned.startswith(SLOW):
            time.sleep(0.3)
        for piece in [line[n : n + 1] for n in range(len(line))] if DRIP in planned else [line]:
            connection.sendall(piece)
            time.sleep(0.15 if DRIP in planned else 0)
        return reply


def goes_on(reply: str) -> bool:
    """Return whether a server that said `reply` keeps the connection."""
    return reply != DROP and not reply.endswith("…") and not reply.startswith("421")


def openssl(*arguments: str) -> None:
    subprocess.run(["openssl", *arguments], check=True, capture_output=True)


def certificate(
    folder: Path, name: str = "127.0.0.1", days: int = 2
) -> tuple[Path, ssl.SSLContext]:
    """Return a self-signed certificate for `name` and a context that serves it.

    It is valid for `days` from now on; with a negative number it has expired.
    """
    key, cert, asked = folder / "key.pem", folder / "cert.pem", folder / "cert.csr"
    extension = folder / "cert.ext"
    extension.write_text(f"subjectAltName=IP:{name}\n")
    made = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout", str(key)]
    openssl("req", "-new", *made, "-subj", f"/CN={name}", "-out", str(asked))
    signed = ["-signkey", str(key), "-days", str(days), "-extfile", str(extension)]
    openssl("x509", "-req", "-in", str(asked), *signed, "-out", str(cert))
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
