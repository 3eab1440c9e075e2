"""The mailbox: names that a server can be given, and no secret in clear."""

from __future__ import annotations

from collections.abc import Iterator

from relance.diagnostics import Diagnostic
from relance.policy.codes import channels as secret_codes
from relance.policy.codes import inbox as codes
from relance.policy.draft import Adapters, Project
from relance.policy.inbox import ImapInbox, Inbox
from relance.policy.secrets import is_reference, looks_like_reference

_SECRETS = ("user", "password")


def check_inbox(project: Project, adapters: Adapters | None) -> Iterator[Diagnostic]:
    """Yield the findings about the mailbox; without `adapters` nothing is said of the channels."""
    yield from _secrets(project)
    inbox = project.draft.inbox
    if inbox is None:
        return
    yield from _folders(inbox, project)
    if adapters is not None and not any(
        _mails(c.kind, adapters) for c in project.draft.channels.values()
    ):
        yield Diagnostic(codes.NOBODY_ANSWERS, project.main.span("inbox", key=True), {})


def _mails(kind: str, adapters: Adapters) -> bool:
    return kind not in adapters or "email" in adapters[kind].capabilities.media


def _secrets(project: Project) -> Iterator[Diagnostic]:
    """A password in clear is refused by its form, which says nothing: here it has its own words."""
    for key in _SECRETS:
        value = project.main.get("inbox", key)
        if not isinstance(value, str):
            continue
        span = project.main.span("inbox", key)
        if looks_like_reference(value):
            if not is_reference(value):
                yield Diagnostic(secret_codes.BROKEN_REFERENCE, span, {"key": key})
        elif key == "password":
            yield Diagnostic(secret_codes.SECRET_IN_CLEAR, span, {"key": key})


def _folders(inbox: Inbox, project: Project) -> Iterator[Diagnostic]:
    if isinstance(inbox, ImapInbox):
        for key in ("folder", "move_to"):
            if not (getattr(inbox, key) or "").isprintable():
                yield Diagnostic(codes.FOLDER_NAME, project.main.span("inbox", key), {"key": key})
        read: object = inbox.folder
    else:
        read = inbox.path
    if inbox.move_to == read:
        yield Diagnostic(codes.MOVES_NOWHERE, project.main.span("inbox", "move_to"), {})
