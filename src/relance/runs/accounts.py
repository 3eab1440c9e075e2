"""The bank accounts as they were pinned: a changed account is the fraud of reminders."""

from __future__ import annotations

import json
from dataclasses import dataclass
from hashlib import sha256

from relance.diagnostics import Diagnostic, Phrase
from relance.history.controls import Pin
from relance.history.store import History
from relance.language import N_
from relance.notices.figures import iban as spaced
from relance.policy.model import Policy
from relance.policy.numbers import compact
from relance.runs import brake_codes as codes

PIN = "accounts"
"""Name of the pin in the history."""


@dataclass(frozen=True, slots=True)
class Known:
    """An account, however its file writes it."""

    iban: str
    bic: str
    holder: str
    currency: str


@dataclass(frozen=True, slots=True)
class Accounts:
    """The accounts of accounts.yaml beside those that were pinned.

    Attributes:
        declared: those of the file, in its order.
        pinned: those that were pinned; None before the first use.
        pin: who pinned them (None: the first run) and when; None before the first use.
    """

    declared: tuple[Known, ...]
    pinned: tuple[Known, ...] | None
    pin: Pin | None

    @property
    def changed(self) -> bool:
        """Whether the file is not what was pinned."""
        return self.pinned is not None and self.declared != self.pinned

    @property
    def fingerprint(self) -> str:
        """Digest of the accounts of the file, to compare by telephone."""
        return sha256(_text(self.declared).encode()).hexdigest()[:16]


def accounts_of(policy: Policy, history: History) -> Accounts:
    """Return the accounts of the project with what was pinned of them."""
    pin = history.pinned(PIN)
    pinned = tuple(Known(*row) for row in json.loads(pin.value)) if pin else None
    return Accounts(_declared(policy), pinned, pin)


def pin_accounts(policy: Policy, history: History, by: str | None = None) -> None:
    """Pin the accounts as they are; `by` None is a run, on first use."""
    history.pin(PIN, _text(_declared(policy)), by)


def changed_accounts(policy: Policy, history: History) -> list[Diagnostic]:
    """Return that the accounts are not those that were pinned, with what differs."""
    found = accounts_of(policy, history)
    if not found.changed or found.pin is None:
        return []
    before, now = found.pinned or (), found.declared
    gone = [f"−{_shown(account)}" for account in before if account not in now]
    new = [f"+{_shown(account)}" for account in now if account not in before]
    facts = {
        "date": found.pin.at.date(),
        "changes": ", ".join([*gone, *new]) or Phrase(N_("their order")),
    }
    return [Diagnostic(codes.ACCOUNTS_CHANGED, None, facts)]


def _declared(policy: Policy) -> tuple[Known, ...]:
    return tuple(
        Known(compact(a.iban), compact(a.bic or ""), " ".join(a.holder.split()), a.currency or "")
        for a in policy.bank_accounts
    )


def _text(accounts: tuple[Known, ...]) -> str:
    rows = [[a.iban, a.bic, a.holder, a.currency] for a in accounts]
    return json.dumps(rows, ensure_ascii=False)


def _shown(account: Known) -> str:
    return f"{spaced(account.iban)} ({account.holder})"
