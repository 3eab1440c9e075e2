"""Who is at the keyboard, for the record."""

from __future__ import annotations

import getpass


def operator_name() -> str:
    """Return the name of the system's user; "unknown" where the system has none for it."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return "unknown"
