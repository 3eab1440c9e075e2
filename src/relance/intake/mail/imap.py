"""A mailbox on an IMAP server, read without a trace: EXAMINE and PEEK, over verified TLS."""

from __future__ import annotations

import imaplib
import re
import ssl
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import date
from pathlib import Path
from typing import Any

from relance.intake.mail import codes
from relance.intake.mail.faults import InboxUnavailable
from relance.intake.mail.headers import IDENTITY_HEADERS, identity_of, one_line
from relance.intake.mail.mailbox import Held
from relance.intake.mail.message import LARGEST
from relance.policy.inbox import ImapInbox
from relance.policy.secrets import SecretError, resolve

PATIENCE = 300.0
"""Seconds that one connection may last: a server that drips must not hold us for ever."""

_AT_ONCE = 100
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_UID = re.compile(rb"\bUID (\d{1,10})\b")
_Lost = (imaplib.IMAP4.error, OSError, ValueError, EOFError)


class _Bounded:
    """What a server may announce: a literal that is larger is not even begun."""

    def read(self, size: int) -> bytes:
        if size > 2 * LARGEST:
            raise imaplib.IMAP4.abort(f"a literal of {size} bytes was not asked for")
        data: bytes = super().read(size)  # type: ignore[misc]
        return data


class _Tls(_Bounded, imaplib.IMAP4_SSL):
    pass


class _Plain(_Bounded, imaplib.IMAP4):
    pass


@contextmanager
def connected(inbox: ImapInbox, root: Path) -> Iterator[ImapMailbox]:
    """Yield the mailbox of `inbox`, logged in.

    Raises:
        InboxUnavailable: if the server cannot be reached, trusted, or does not let us in.
    """
    context = _context(inbox, root)
    credentials = _credentials(inbox, root)
    try:
        client = _client(inbox, context)
    except ssl.SSLCertVerificationError as error:
        raise _refused(inbox, error) from error
    except _Lost as error:
        raise _unreachable(inbox, error) from error
    watch = threading.Timer(PATIENCE, _cut, [client])
    watch.daemon = True
    watch.start()
    try:
        _log_in(client, inbox, credentials)
        yield ImapMailbox(client, inbox)
        with suppress(*_Lost):
            client.logout()
    finally:
        watch.cancel()
        with suppress(*_Lost):
            client.shutdown()


class ImapMailbox:
    """A folder of a server. A mail's handle is the folder's UIDVALIDITY and its UID."""

    def __init__(self, client: imaplib.IMAP4, inbox: ImapInbox) -> None:
        self._client = client
        self._inbox = inbox

    def held(self, since: date) -> list[Held]:
        """Return the mails that came on `since` or later, in the order in which they came."""
        validity = self._enter(readonly=True)
        day = f"{since.day:02}-{_MONTHS[since.month - 1]}-{since.year}"
        answer = self._asked("SEARCH", "SINCE", day)
        uids = [uid for line in answer if isinstance(line, bytes) for uid in line.split()]
        wanted = sorted({int(uid) for uid in uids if uid.isdigit()})
        found: dict[int, str] = {}
        fields = f"(UID BODY.PEEK[HEADER.FIELDS ({' '.join(IDENTITY_HEADERS)})])"
        for start in range(0, len(wanted), _AT_ONCE):
            some = ",".join(map(str, wanted[start : start + _AT_ONCE]))
            for uid, content in _literals(self._asked("FETCH", some, fields)):
                found[uid] = identity_of(content)
        return [Held(f"{validity}:{uid}", found[uid]) for uid in wanted if uid in found]

    def content(self, handle: str) -> bytes:
        """Return the first bytes of a mail; b"" if it is gone."""
        uid = handle.partition(":")[2]
        answer = self._asked("FETCH", uid, f"(UID BODY.PEEK[]<0.{LARGEST}>)")
        return next((content for found, content in _literals(answer) if found == int(uid)), b"")

    def file(self, handles: Sequence[str]) -> None:
        """Mark and move mails as the policy says; nothing if the folder was made anew since."""
        validity = self._enter(readonly=False)
        uids = [uid for v, _, uid in (h.partition(":") for h in handles) if v == validity]
        for start in range(0, len(uids), _AT_ONCE):
            some = ",".join(uids[start : start + _AT_ONCE])
            if self._inbox.seen:
                self._asked("STORE", some, "+FLAGS.SILENT", r"(\Seen)")
            if self._inbox.move_to is not None:
                self._move(some, quoted(self._inbox.move_to))

    def _move(self, uids: str, folder: str) -> None:
        """Move mails. Without the extensions the copies stay, marked as deleted: to expunge the
        folder would also remove what the team has marked."""
        abilities = self._abilities()
        if "MOVE" in abilities:
            self._asked("MOVE", uids, folder)
            return
        self._asked("COPY", uids, folder)
        self._asked("STORE", uids, "+FLAGS.SILENT", r"(\Deleted)")
        if "UIDPLUS" in abilities:
            self._asked("EXPUNGE", uids)

    def _abilities(self) -> set[str]:
        """Return what the server can do: many say it only to those who are logged in."""
        try:
            _, answer = self._client.capability()
        except _Lost as error:
            raise _unreachable(self._inbox, error) from error
        return {ability.upper() for ability in _said(answer).split()}

    def _enter(self, *, readonly: bool) -> str:
        """Open the folder; return its UIDVALIDITY."""
        try:
            state, answer = self._client.select(quoted(self._inbox.folder), readonly=readonly)
            told = self._client.response("UIDVALIDITY")[1]
        except _Lost as error:
            raise _unreachable(self._inbox, error) from error
        if state != "OK":
            raise _refused(self._inbox, _said(answer))
        return _said(told)

    def _asked(self, command: str, *arguments: str) -> list[Any]:
        """Return the answer of the server to a command about UIDs."""
        try:
            state, answer = self._client.uid(command, *arguments)
        except _Lost as error:
            raise _unreachable(self._inbox, error) from error
        if state != "OK":
            raise _unreachable(self._inbox, f"{command}: {_said(answer)}")
        return list(answer or [])


def _client(inbox: ImapInbox, context: ssl.SSLContext) -> imaplib.IMAP4:
    host, port, timeout = inbox.host, inbox.port_used, inbox.timeout
    if inbox.security == "tls":
        return _Tls(host, port, ssl_context=context, timeout=timeout)
    client = _Plain(host, port, timeout=timeout)
    try:
        client.starttls(context)
    except BaseException:
        with suppress(*_Lost):
            client.shutdown()
        raise
    return client


def _context(inbox: ImapInbox, root: Path) -> ssl.SSLContext:
    context = ssl.create_default_context()
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    if inbox.ca_file:
        try:
            context.load_verify_locations(root / inbox.ca_file)
        except OSError as error:
            raise _refused(inbox, f"ca_file {inbox.ca_file}: {_said(error)}") from error
    return context


def _credentials(inbox: ImapInbox, root: Path) -> tuple[str, str]:
    try:
        return resolve(inbox.user, root), resolve(inbox.password, root)
    except SecretError as error:
        raise _refused(inbox, str(error)) from None


def _log_in(client: imaplib.IMAP4, inbox: ImapInbox, credentials: tuple[str, str]) -> None:
    """PLAIN carries any characters; LOGIN, for servers without it, carries ASCII on one line."""
    user, password = credentials
    try:
        if "AUTH=PLAIN" in {str(ability).upper() for ability in client.capabilities}:
            client.authenticate("PLAIN", lambda _: f"\0{user}\0{password}".encode())
        elif (user + password).isascii() and (user + password).isprintable():
            client.login(user, password)
        else:
            raise _refused(inbox, "the server takes ASCII credentials only")
    except (imaplib.IMAP4.abort, OSError) as error:
        raise _unreachable(inbox, error) from None
    except imaplib.IMAP4.error as error:
        raise _refused(inbox, error) from None


def _literals(answer: Sequence[Any]) -> Iterator[tuple[int, bytes]]:
    """Yield UID and content of the mails of an answer; the UID may stand before or after it."""
    for place, entry in enumerate(answer):
        if not isinstance(entry, tuple) or len(entry) < 2:
            continue
        after = answer[place + 1] if place + 1 < len(answer) else b""
        around = entry[0] + (b" " + after if isinstance(after, bytes) else b"")
        found = _UID.search(around)
        if found:
            yield int(found[1]), entry[1]


def quoted(folder: str) -> str:
    """Return the name of a folder as IMAP wants it: modified UTF-7 (RFC 3501, 5.1.3), quoted."""
    from base64 import b64encode

    def shifted(match: re.Match[str]) -> str:
        encoded = b64encode(match[0].encode("utf-16-be")).decode().rstrip("=")
        return f"&{encoded.replace('/', ',')}-"

    plain = re.sub(r"[^\x20-\x7e]+", shifted, folder.replace("&", "&-"))
    escaped = plain.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def _cut(client: imaplib.IMAP4) -> None:
    with suppress(*_Lost):
        client.socket().shutdown(2)


def _refused(inbox: ImapInbox, reason: object) -> InboxUnavailable:
    return InboxUnavailable(codes.REFUSED, mailbox=inbox.host, reason=_said(reason))


def _unreachable(inbox: ImapInbox, reason: object) -> InboxUnavailable:
    return InboxUnavailable(codes.UNREACHABLE, mailbox=inbox.host, reason=_said(reason))


def _said(reason: object) -> str:
    """Return the words of a server or of the system on one line."""
    if isinstance(reason, list | tuple):
        reason = next(iter(reason), None) or "?"
    if isinstance(reason, OSError) and reason.strerror:
        reason = reason.strerror
    if isinstance(reason, BaseException) and reason.args and isinstance(reason.args[0], bytes):
        reason = reason.args[0]
    text = reason.decode("utf-8", "replace") if isinstance(reason, bytes) else str(reason)
    return one_line(text) or type(reason).__name__
