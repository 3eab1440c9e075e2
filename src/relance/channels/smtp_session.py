"""A dialogue with an SMTP server, phase by phase.

smtplib's exceptions cannot tell a connection lost before the final dot from one lost after it, so
each phase maps what happens in it to an outcome by itself.
"""

from __future__ import annotations

import re
import smtplib
import socket
import ssl
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from relance.channels.contract import Accepted, NotAccepted, Outcome, Unknown
from relance.channels.smtp_client import Client

if TYPE_CHECKING:
    from relance.channels.smtp import SmtpSettings

_Lost = (smtplib.SMTPException, OSError, ValueError)
_LINE_END = re.compile(rb"\r\n|\n|\r")
_ENHANCED = re.compile(r"\b([245]\.\d{1,3}\.\d{1,3})\b")
_GOODBYE = 5.0
_CLOSING = 421

Kind = Literal["transient", "permanent"]
Scope = Literal["recipient", "channel"]


class Refused(Exception):  # noqa: N818
    """The message definitely did not leave. `dropped`: the connection is lost or being closed."""

    def __init__(self, kind: Kind, scope: Scope, detail: str, *, dropped: bool = False) -> None:
        super().__init__(detail)
        self.outcome = NotAccepted(kind, scope, detail)
        self.dropped = dropped


class Session:
    """An open connection: greeted, secured and logged in."""

    def __init__(self, client: Client) -> None:
        self._client = client

    @classmethod
    def opened(cls, settings: SmtpSettings, root: Path) -> Session:
        """Return a session with the server of `settings`.

        Raises:
            Refused: for now, or for good when the server cannot be trusted or does not trust us.
        """
        context = None if settings.security == "none" else _context(settings, root)
        login = credentials(settings, root)
        client = Client(settings.hostname or "localhost")
        try:
            _connect(client, settings, context)
            _greet(client)
            if context and settings.security == "starttls":
                _secure(client, settings.host, context)
            if login:
                _log_in(client, *login)
        except BaseException:
            client.close()
            raise
        return cls(client)

    def address(self, sender: str, recipient: str, size: int) -> None:
        """Give sender and recipient to the server; return when it accepted both.

        Raises:
            Refused: if it did not, or the connection was lost.
        """
        client = self._client
        options = [f"SIZE={size}"] if client.has_extn("size") else []
        if not (sender + recipient).isascii():
            if not client.has_extn("smtputf8"):
                raise Refused("permanent", "recipient", "the server takes ASCII addresses only")
            options += ["SMTPUTF8"]
        with _losing("MAIL"):
            code, text = client.mail(sender, options)
        if code != 250:
            # Too big is about this message; any other final refusal is about us.
            scope: Scope = "recipient" if code in range(400, 500) or code == 552 else "channel"
            raise _refusal("MAIL", code, text, scope)
        with _losing("RCPT"):
            code, text = client.rcpt(recipient)
        if code not in (250, 251):
            raise _refusal("RCPT", code, text, "channel" if code == 530 else "recipient")

    def offer(self, content: bytes) -> None:
        """Send the content as it is, without the final dot.

        Raises:
            Refused: if the server did not want it, or the connection was lost: without the dot,
                nothing is delivered.
        """
        with _losing("DATA"):
            code, text = self._client.docmd("DATA")
            if code != 354:
                raise _refusal("DATA", code, text, "recipient")
            self._client.send(stuffed(content))

    def finish(self, timeout: float) -> Outcome:
        """Send the final dot and return what the reply says; without a whole reply, `Unknown`."""
        usual, self._client.timeout = self._client.timeout, timeout
        try:
            self._client.send(b".\r\n")
            code, text = self._client.getreply()
        except _Lost as error:
            return Unknown(f"no reply after the message: {_said(error)}")
        finally:
            self._client.timeout = usual
        if code == 250:
            return Accepted(_clean(text))
        if 400 <= code <= 599:
            return _refusal("the message", code, text, "recipient").outcome
        return Unknown(f"the reply to the message is not one: {code} {_clean(text)}")

    def reset(self) -> bool:
        """Clear the transaction; return whether the connection can be used again."""
        try:
            return self._client.rset()[0] == 250
        except _Lost:
            return False

    def close(self) -> None:
        """Take leave and close; what the server still says does not matter."""
        with suppress(*_Lost):
            self._client.timeout = _GOODBYE
            self._client.quit()
        self._client.close()


def stuffed(content: bytes) -> bytes:
    """Return `content` ready for DATA: CRLF line ends, leading dots doubled."""
    whole = content.count(b"\r\n")
    as_they_are = whole == content.count(b"\n") == content.count(b"\r")
    lines = content if as_they_are else _LINE_END.sub(b"\r\n", content)
    if not lines.endswith(b"\r\n"):
        lines += b"\r\n"
    lines = lines.replace(b"\r\n.", b"\r\n..")
    return b"." + lines if lines.startswith(b".") else lines


class _losing:  # noqa: N801
    """A phase before the final dot: a connection lost in it is a passing refusal."""

    def __init__(self, phase: str, scope: Scope = "recipient") -> None:
        self._phase, self._scope = phase, scope

    def __enter__(self) -> None:
        pass

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        if isinstance(error, _Lost):
            detail = f"{self._phase}: {_said(error)}"
            raise Refused("transient", self._scope, detail, dropped=True) from error


def _context(settings: SmtpSettings, root: Path) -> ssl.SSLContext:
    context = ssl.create_default_context()
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    if settings.ca_file:
        try:
            context.load_verify_locations(root / settings.ca_file)
        except OSError as error:
            detail = f"ca_file {settings.ca_file}: {_said(error)}"
            raise Refused("permanent", "channel", detail) from error
    return context


def credentials(settings: SmtpSettings, root: Path) -> tuple[str, str] | None:
    """Return user and password; None where the server asks for none.

    Raises:
        Refused: if a reference cannot be opened.
    """
    if settings.user is None or settings.password is None:
        return None
    from relance.policy.secrets import SecretError, resolve

    try:
        return resolve(settings.user, root), resolve(settings.password, root)
    except SecretError as error:
        raise Refused("permanent", "channel", str(error)) from None


def _connect(client: Client, settings: SmtpSettings, context: ssl.SSLContext | None) -> None:
    where = (settings.host, settings.port_used)
    try:
        plain = socket.create_connection(where, settings.connect_timeout)
        client.sock = plain
        plain.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        if context and settings.security == "tls":
            client.sock = context.wrap_socket(plain, server_hostname=settings.host)
    except OSError as error:
        raise _unreachable(settings, error) from error
    client.timeout = settings.reply_timeout
    if settings.hostname is None:
        client.local_hostname = _own_name(client.sock)


def _unreachable(settings: SmtpSettings, error: OSError) -> Refused:
    detail = f"{settings.host}:{settings.port_used}: {_said(error)}"
    untrusted = isinstance(error, ssl.SSLCertVerificationError)
    return Refused("permanent" if untrusted else "transient", "channel", detail, dropped=True)


def _own_name(connection: socket.socket) -> str:
    """Return the machine's full name, or its address in brackets as RFC 5321 has it."""
    name = socket.gethostname()
    if "." in name:
        return name
    address = connection.getsockname()[0]
    return f"[IPv6:{address}]" if ":" in address else f"[{address}]"


def _greet(client: Client) -> None:
    with _losing("greeting", "channel"):
        code, text = client.getreply()
    if code != 220:
        raise Refused("transient", "channel", f"greeting: {code} {_clean(text)}", dropped=True)
    _introduce(client)


def _introduce(client: Client) -> None:
    with _losing("EHLO", "channel"):
        code, text = client.ehlo()
        if code not in range(200, 300):
            code, text = client.helo()
    if code not in range(200, 300):
        raise Refused("transient", "channel", f"EHLO: {code} {_clean(text)}", dropped=True)


def _secure(client: Client, host: str, context: ssl.SSLContext) -> None:
    if not client.has_extn("starttls"):
        detail = "the server offers no STARTTLS, and clear text was not asked for"
        raise Refused("permanent", "channel", detail)
    with _losing("STARTTLS", "channel"):
        code, text = client.docmd("STARTTLS")
    if code != 220:
        raise _refusal("STARTTLS", code, text, "channel")
    assert client.sock is not None
    client.sock.settimeout(client.timeout)
    try:
        client.sock = context.wrap_socket(client.sock, server_hostname=host)
    except ssl.SSLCertVerificationError as error:
        raise Refused("permanent", "channel", f"STARTTLS: {_said(error)}") from error
    except OSError as error:
        raise Refused("transient", "channel", f"STARTTLS: {_said(error)}") from error
    client.forget()
    _introduce(client)


def _log_in(client: Client, user: str, password: str) -> None:
    try:
        client.login(user, password)
    except smtplib.SMTPAuthenticationError as error:
        raise _refusal("AUTH", error.smtp_code, error.smtp_error, "channel") from None
    except (smtplib.SMTPServerDisconnected, OSError) as error:
        raise Refused("transient", "channel", f"AUTH: {_said(error)}", dropped=True) from None
    except (smtplib.SMTPException, ValueError) as error:
        reason = "the credentials are not ASCII" if isinstance(error, ValueError) else _said(error)
        raise Refused("permanent", "channel", f"AUTH: {reason}") from None


def _refusal(phase: str, code: int, text: bytes | str, scope: Scope) -> Refused:
    """Return the refusal that a reply means; 5.7.x is a policy against us, not one recipient."""
    said = _clean(text)
    kind: Kind = "permanent" if code in range(500, 600) else "transient"
    enhanced = _ENHANCED.match(said)
    if kind == "permanent" and enhanced and enhanced[1].startswith("5.7."):
        scope = "channel"
    return Refused(kind, scope, f"{phase}: {code} {said}", dropped=code == _CLOSING)


def _said(error: BaseException) -> str:
    return _clean(getattr(error, "strerror", None) or str(error) or type(error).__name__)


def _clean(text: bytes | str) -> str:
    """Return what a server said on one line of printable characters, not too long."""
    line = text.decode("utf-8", "replace") if isinstance(text, bytes) else text
    return "".join(c if c.isprintable() else " " for c in line).strip()[:300]
