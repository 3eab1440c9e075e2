"""smtplib's client, with a deadline for each reply and each message as a whole."""

from __future__ import annotations

import smtplib
from typing import Any

from relance.clock import elapsed

_LONGEST_REPLY = 8192


class Client(smtplib.SMTP):
    """A client to whom a whole reply, and a whole message, must be through within its timeout.

    smtplib waits so long for each piece: a server that drips would hold it for ever. Neither does
    it see whether a reply was cut short.
    """

    def __init__(self, hostname: str) -> None:
        super().__init__(local_hostname=hostname)
        self._unread = b""

    def getreply(self) -> tuple[int, bytes]:
        """Return code and text of the next reply, whole.

        Raises:
            SMTPServerDisconnected: if it is cut short, or is none.
            OSError: if it does not come in time, or the connection is lost.
        """
        end = elapsed() + self.timeout
        texts: list[bytes] = []
        while True:
            code, more, text = _parts(self._line(end))
            texts.append(text)
            if more != b"-":
                return int(code), b"\n".join(texts)
            if sum(map(len, texts)) > _LONGEST_REPLY:
                raise smtplib.SMTPServerDisconnected("the reply does not end")

    def send(self, s: Any) -> None:
        """Send bytes, or text in ASCII, within the timeout as a whole."""
        view = memoryview(s.encode("ascii") if isinstance(s, str) else s)
        if self.sock is None:
            raise smtplib.SMTPServerDisconnected("there is no connection")
        end = elapsed() + self.timeout
        while view:
            self.sock.settimeout(_left(end))
            view = view[self.sock.send(view) :]

    def forget(self) -> None:
        """Forget what came and was not read yet: before encryption it may be forged (RFC 3207)."""
        self._unread = b""
        self.esmtp_features = {}

    def _line(self, end: float) -> bytes:
        if self.sock is None:
            raise smtplib.SMTPServerDisconnected("there is no connection")
        while b"\n" not in self._unread:
            self.sock.settimeout(_left(end))
            piece = self.sock.recv(_LONGEST_REPLY)
            if not piece or len(self._unread) > _LONGEST_REPLY:
                raise smtplib.SMTPServerDisconnected("the reply was cut short")
            self._unread += piece
        line, _, self._unread = self._unread.partition(b"\n")
        return line


def _left(end: float) -> float:
    left = end - elapsed()
    if left <= 0:
        raise TimeoutError("timed out")
    return left


def _parts(line: bytes) -> tuple[bytes, bytes, bytes]:
    """Return code, "-" if more lines follow, and text of a line of a reply."""
    code, more, text = line[:3], line[3:4], line[4:].strip()
    if not code.isdigit() or len(code) < 3 or more not in (b"", b" ", b"-", b"\r"):
        raise smtplib.SMTPServerDisconnected("the reply is not one")
    return code, more, text
