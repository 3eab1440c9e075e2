"""Looked at again just before transmitting: what changed since the plan was made."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING

from relance.dunning.holds import OPENING
from relance.history.values import Claim, Dispatch
from relance.language import N_

if TYPE_CHECKING:
    from relance.history.controls import News
    from relance.history.lookout import Place
    from relance.history.store import History

REASONS = {
    "payment": N_("paid since the plan was made"),
    "settled": N_("settled since the plan was made"),
    "dispute": N_("disputed since the plan was made"),
    "block": N_("blocked since the plan was made"),
    "promise": N_("payment promised since the plan was made"),
    "instalments": N_("instalments agreed since the plan was made"),
    "insolvency": N_("insolvent since the plan was made"),
    "handover": N_("handed over since the plan was made"),
    "reply": N_("the debtor wrote since the plan was made"),
}
OTHER = N_("put on hold since the plan was made")
PAUSED = N_("sending is paused")
ACCOUNT_CHANGED = N_("account changed since the plan")
INTERRUPTED = N_("the run was interrupted")

TYPES = (*OPENING, "paused", "resumed", "pinned_accounts")
"""Events that keep a notice, or all of them, from leaving."""


class Withdrawn(Exception):  # noqa: N818
    """The notice is not to be sent; `halts`: nor is any other in this run."""

    def __init__(self, reason: str, *, halts: bool = False) -> None:
        super().__init__(reason)
        self.reason = reason
        self.halts = halts


class AccountsFile:
    """The file of bank accounts as it was when the run began."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._mark = self._stat()
        self._content = self._read()

    def is_as_it_was(self) -> bool:
        """Return whether its content is still the same; it is read again only if it was written."""
        mark = self._stat()
        if mark != self._mark:
            if self._read() != self._content:
                return False
            self._mark = mark
        return True

    def _stat(self) -> tuple[int, int, int] | None:
        try:
            found = self._path.stat()
        except OSError:
            return None
        return found.st_mtime_ns, found.st_size, found.st_ino

    def _read(self) -> bytes | None:
        try:
            return self._path.read_bytes()
        except OSError:
            return None


class SecondLook:
    """What a run knows of changes since its plan was made; any thread may ask it."""

    def __init__(
        self, history: History, run: int, place: Place | None = None, accounts: Path | None = None
    ) -> None:
        self._history = history
        self._run = run
        self._place = place or history.place()
        self._accounts = AccountsFile(accounts) if accounts else None
        self._debtors: dict[str, str] = {}
        self._items: dict[str, str] = {}
        self._lock = Lock()
        self.halted = ""
        """Why nothing may leave any more; "" as long as it may."""

    def mark(self, dispatch: Dispatch, claims: Sequence[Claim]) -> None:
        """Record that `dispatch` is being transmitted, if nothing speaks against it now.

        Raises:
            Withdrawn: if something does; nothing is recorded then.
        """
        from relance.history.lookout import Look

        while True:
            self._refuse(dispatch, claims)
            look = Look(self._place, TYPES)
            news = self._history.transmitting(dispatch.key, self._run, look)
            if not news:
                return
            self._take_in(news)

    def halt(self, reason: str) -> None:
        """Let nothing leave any more in this run."""
        self.halted = self.halted or reason

    def _refuse(self, dispatch: Dispatch, claims: Sequence[Claim]) -> None:
        if self._accounts is not None and not self._accounts.is_as_it_was():
            self.halt(ACCOUNT_CHANGED)
        if self.halted:
            raise Withdrawn(self.halted, halts=True)
        with self._lock:
            found = [self._items[claim.item] for claim in claims if claim.item in self._items]
            reason = self._debtors.get(dispatch.debtor) or next(iter(found), "")
        if reason:
            raise Withdrawn(reason)

    def _take_in(self, news: Sequence[News]) -> None:
        with self._lock:
            self._place = self._place.after(news)
            for one in news:
                self._take_in_one(one)

    def _take_in_one(self, one: News) -> None:
        reason = REASONS.get(one.type, OTHER)
        if one.type == "paused":
            self.halted = PAUSED
        elif one.type == "resumed":
            self.halted = "" if self.halted == PAUSED else self.halted
        elif one.type == "pinned_accounts" and one.data.get("by"):
            self.halt(ACCOUNT_CHANGED)
        elif one.item is not None:
            self._items[one.item] = reason
        elif one.debtor is not None:
            self._debtors[one.debtor] = reason
