"""Troubles with a mailbox, and with one mail."""

from __future__ import annotations

from relance.diagnostics import Diagnostic, Rule


class InboxUnavailable(Exception):  # noqa: N818
    """The mailbox cannot be read; `diagnostic` says why."""

    def __init__(self, rule: Rule, **facts: object) -> None:
        self.diagnostic = Diagnostic(rule, None, facts)
        super().__init__(self.diagnostic.message())


class UnreadableMail(Exception):  # noqa: N818
    """A mail that is too deep, too broken or too large to be read; its text says which."""
