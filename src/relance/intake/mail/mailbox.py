"""A mailbox, whatever its kind: its mails are looked at and stay as they are."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Protocol

from relance.policy.inbox import ImapInbox, Inbox


@dataclass(frozen=True, slots=True)
class Held:
    """A mail of a mailbox: how the mailbox calls it, and its identity."""

    handle: str
    identity: str


class Mailbox(Protocol):
    """What is asked of a mailbox. All raise `InboxUnavailable` when it fails."""

    def held(self, since: date) -> list[Held]:
        """Return the mails that came on `since` or later, oldest first."""
        ...

    def content(self, handle: str) -> bytes:
        """Return the first bytes of a mail, `message.LARGEST` at most; b"" if it is gone."""
        ...

    def file(self, handles: Sequence[str]) -> None:
        """Mark and move mails as the policy says; those that are gone are left out."""
        ...


@contextmanager
def opened(inbox: Inbox, root: Path) -> Iterator[Mailbox]:
    """Yield the mailbox of the policy; paths are relative to `root`.

    Raises:
        InboxUnavailable: if it cannot be reached, trusted or read.
    """
    if isinstance(inbox, ImapInbox):
        from relance.intake.mail.imap import connected

        with connected(inbox, root) as mailbox:
            yield mailbox
    else:
        from relance.intake.mail.maildir import Maildir

        yield Maildir(inbox, root)


def name_of(inbox: Inbox) -> str:
    """Return what a mailbox is called in messages: never its user or password."""
    return f"{inbox.host}/{inbox.folder}" if isinstance(inbox, ImapInbox) else str(inbox.path)
