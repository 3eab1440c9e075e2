"""A maildir: one file for each mail, in `new` and `cur`."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator, Sequence
from contextlib import suppress
from datetime import UTC, date, datetime
from pathlib import Path

from relance.intake.mail import codes
from relance.intake.mail.faults import InboxUnavailable
from relance.intake.mail.headers import identity_of
from relance.intake.mail.mailbox import Held
from relance.intake.mail.message import LARGEST
from relance.policy.inbox import MaildirInbox

_FOLDERS = ("new", "cur")
_HEADERS = 64_000
"""Bytes in which the headers that tell a mail from others are looked for."""


class Maildir:
    """A maildir of the policy. Links are not followed: a mail is a plain file."""

    def __init__(self, inbox: MaildirInbox, root: Path) -> None:
        self._inbox = inbox
        self._root = root
        self._path = root / inbox.path

    def held(self, since: date) -> list[Held]:
        """Return the mails that came on `since` or later, oldest first."""
        start = datetime(since.year, since.month, since.day, tzinfo=UTC).timestamp()
        found = sorted(entry for entry in self._files() if entry[0] >= start)
        return [Held(handle, identity_of(self._read(handle, _HEADERS))) for _, handle in found]

    def content(self, handle: str) -> bytes:
        """Return the first bytes of a mail; b"" if it is gone."""
        return self._read(handle, LARGEST)

    def file(self, handles: Sequence[str]) -> None:
        """Mark and move mails as the policy says."""
        target = self._path if self._inbox.move_to is None else self._root / self._inbox.move_to
        for handle in handles:
            folder, _, name = handle.partition("/")
            moved = self._named(name)
            if f"{folder}/{moved}" == handle and target == self._path:
                continue
            with suppress(FileNotFoundError):
                self._rename(handle, target / ("cur" if self._inbox.seen else folder) / moved)

    def _rename(self, handle: str, to: Path) -> None:
        if not to.parent.is_dir():
            raise _unusable(to.parent, "no such folder")
        try:
            (self._path / handle).rename(to)
        except FileNotFoundError:
            raise
        except OSError as error:
            raise _unusable(to, error.strerror) from error

    def _named(self, name: str) -> str:
        """Return the name that a mail has once it is seen; the flags stand in alphabetical order."""
        if not self._inbox.seen:
            return name
        base, _, flags = name.partition(":2,")
        return f"{base}:2,{''.join(sorted({*flags, 'S'}))}"

    def _files(self) -> Iterator[tuple[float, str]]:
        for folder in _FOLDERS:
            try:
                with os.scandir(self._path / folder) as entries:
                    for entry in entries:
                        if not entry.name.startswith(".") and entry.is_file(follow_symlinks=False):
                            with suppress(FileNotFoundError):  # another program moved it just now
                                status = entry.stat(follow_symlinks=False)
                                yield status.st_mtime, f"{folder}/{entry.name}"
            except OSError as error:
                raise _unusable(self._path, error.strerror) from error

    def _read(self, handle: str, most: int) -> bytes:
        try:
            flags = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
            with os.fdopen(os.open(self._path / handle, flags), "rb") as file:
                return file.read(most) if stat.S_ISREG(os.fstat(file.fileno()).st_mode) else b""
        except FileNotFoundError:
            return b""
        except OSError as error:
            raise _unusable(self._path, error.strerror) from error


def _unusable(folder: Path, reason: str | None) -> InboxUnavailable:
    return InboxUnavailable(codes.NO_MAILDIR, folder=str(folder), reason=reason or "?")
