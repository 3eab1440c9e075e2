"""Opening a project: its policy with the installed channels, and its history."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from relance.channels.registry import kinds
from relance.policy.load import Reading, read_project
from relance.policy.model import Policy

if TYPE_CHECKING:
    from relance.history.store import History


def check(project: Path, today: date | None = None) -> Reading:
    """Return what was read of the policy of `project`, checked against the installed channels.

    With `today` it says, too, which rates will soon be missing.
    """
    return read_project(project, kinds(), today)


def database_url(policy: Policy) -> str:
    """Return the URL of the history; a reference (`env:NAME`, `file:PATH`) is opened.

    Raises:
        SecretError: if it cannot be opened.
    """
    from relance.policy.secrets import resolve

    return resolve(policy.database, policy.root)


def open_history(policy: Policy, *, readonly: bool, patience: float | None = None) -> History:
    """Return the history of the project; a file is relative to the project directory.

    `patience` is how many seconds to wait for another program that has the database locked.

    Raises:
        HistoryUnavailable: if the database cannot be used.
        SecretError: as `database_url` does.
    """
    from relance import clock
    from relance.history.store import PATIENCE, History

    creditor = policy.creditor.registration or policy.creditor.name
    return History.open(
        database_url(policy), policy.root, creditor=creditor, now=clock.now, readonly=readonly,
        patience=PATIENCE if patience is None else patience,
    )  # fmt: skip
