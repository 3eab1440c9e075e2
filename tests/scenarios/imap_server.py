"""A small IMAP server on loopback: as much of RFC 3501 as a reader of mail needs, over TLS."""

from __future__ import annotations

import base64
import re
import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from email.parser import BytesParser

USER, PASSWORD = "compta", "motdepasse"
HANG = "hang"


@dataclass
class ImapServer:
    """Folders of mails; `replies` gives other replies by command, or HANG, or "drop"."""

    tls: ssl.SSLContext
    wrapped: bool = True
    folders: dict[str, dict[int, bytes]] = field(default_factory=lambda: {"INBOX": {}})
    flags: dict[int, set[str]] = field(default_factory=dict)
    validity: int = 7
    capabilities: str = "IMAP4rev1 STARTTLS AUTH=PLAIN MOVE UIDPLUS"
    replies: dict[str, str] = field(default_factory=dict)
    commands: list[str] = field(default_factory=list)
    port: int = 0

    def put(self, *mails: bytes) -> None:
        box = self.folders["INBOX"]
        for mail in mails:
            box[max(box, default=0) + 1] = mail.replace(b"\n", b"\r\n")

    @contextmanager
    def running(self) -> Iterator[ImapServer]:
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
            connection.settimeout(5)
            with ExitStack() as stack:
                stack.enter_context(connection)
                stack.enter_context(suppress(OSError))
                self._talk(connection, stack)

    def _talk(self, plain: socket.socket, stack: ExitStack) -> None:
        connection = plain
        if self.wrapped:
            connection = stack.enter_context(self.tls.wrap_socket(plain, server_side=True))
        connection.sendall(b"* OK ready\r\n")
        stream = connection.makefile("rb")
        folder = "INBOX"
        while line := stream.readline():
            tag, _, rest = line.decode().strip().partition(" ")
            words = rest.split()
            verb = " ".join(words[:2] if words[0].upper() == "UID" else words[:1]).upper()
            self.commands.append(rest)
            planned = self.replies.get(verb)
            if planned == "drop":
                return
            if planned == HANG:
                connection.recv(1)  # until the client gives up
                return
            if planned is not None:
                connection.sendall(f"{tag} {planned}\r\n".encode())
                continue
            if verb in ("SELECT", "EXAMINE"):
                folder = rest.partition(" ")[2].strip('"')
            if verb == "AUTHENTICATE":
                connection.sendall(b"+ \r\n")
                given = base64.b64decode(stream.readline()).decode()
                good = given == f"\0{USER}\0{PASSWORD}"
                connection.sendall(
                    f"{tag} {'OK in' if good else 'NO [AUTHENTICATIONFAILED] no'}\r\n".encode()
                )
                continue
            connection.sendall(self._answer(verb, words, folder) + self._end(tag, verb, folder))
            if verb == "STARTTLS":
                connection = stack.enter_context(self.tls.wrap_socket(connection, server_side=True))
                stream = connection.makefile("rb")
            if verb == "LOGOUT":
                return

    def _end(self, tag: str, verb: str, folder: str) -> bytes:
        if verb in ("SELECT", "EXAMINE") and folder not in self.folders:
            return f"{tag} NO [NONEXISTENT] no such folder\r\n".encode()
        return f"{tag} OK done\r\n".encode()

    def _answer(self, verb: str, words: list[str], folder: str) -> bytes:
        box = self.folders.get(folder, {})
        if verb == "CAPABILITY":
            return f"* CAPABILITY {self.capabilities}\r\n".encode()
        if verb in ("SELECT", "EXAMINE"):
            return f"* {len(box)} EXISTS\r\n* OK [UIDVALIDITY {self.validity}] ok\r\n".encode()
        if verb == "UID SEARCH":
            return f"* SEARCH {' '.join(map(str, box))}\r\n".encode()
        if verb == "UID FETCH":
            return b"".join(
                self._fetched(int(u), " ".join(words[3:]), box) for u in words[2].split(",")
            )
        if verb == "UID STORE":
            for uid in map(int, words[2].split(",")):
                self.flags.setdefault(uid, set()).update(re.findall(r"\\\w+", " ".join(words[4:])))
        if verb in ("UID MOVE", "UID COPY"):
            target = self.folders[words[3].strip('"')]
            for uid in map(int, words[2].split(",")):
                target[uid] = box.pop(uid) if verb == "UID MOVE" else box[uid]
        if verb == "UID EXPUNGE":
            for uid in map(int, words[2].split(",")):
                box.pop(uid)
        return b"* BYE\r\n" if verb == "LOGOUT" else b""

    def _fetched(self, uid: int, what: str, box: dict[int, bytes]) -> bytes:
        if uid not in box:
            return b""
        if "PEEK" not in what:
            self.flags.setdefault(uid, set()).add("\\Seen")
        content = box[uid]
        if wanted := re.search(r"FIELDS \(([^)]*)\)", what):
            message = BytesParser().parsebytes(content)
            lines = [
                f"{n}: {v}\r\n"
                for n, v in message.items()
                if n.lower() in wanted[1].lower().split()
            ]
            content = ("".join(lines) + "\r\n").encode("utf-8", "surrogateescape")
        if limit := re.search(r"<0\.(\d+)>", what):
            content = content[: int(limit[1])]
        return b"* %d FETCH (BODY[] {%d}\r\n%s UID %d)\r\n" % (uid, len(content), content, uid)
