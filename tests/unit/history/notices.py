"""Dispatches to try the history with."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

from relance.history.values import Claim, Dispatch
from relance.notices.message import Message

MONDAY = date(2026, 3, 2)


def message(key: str, content: bytes = b"Bonjour\r\n", recipient: str = "a@b.example") -> Message:
    return Message(
        key=key,
        medium="email",
        recipient=recipient,
        sender="compta@lenoir.example",
        subject="Rappel",
        content=content,
        message_id=f"<{key}@lenoir.example>",
        filename=f"2026-03-02-reminder-1-{key[:8]}.eml",
    )


def dispatch(key: str, **changes: Any) -> Dispatch:
    plain = Dispatch(
        key=key,
        kind="notice",
        run_date=MONDAY,
        debtor="C1",
        channel="email",
        medium="email",
        recipient="a@b.example",
        currency="EUR",
        total=12_000,
        procedure="standard",
        level="reminder-1",
        level_number=1,
    )
    return replace(plain, **changes)


def covering(
    *items: str, level: str = "reminder-1", number: int | None = 1, **more: Any
) -> list[Claim]:
    return [Claim(item, "standard", level, number, **more) for item in items]
