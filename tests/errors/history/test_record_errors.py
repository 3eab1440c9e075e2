"""The smallest case for each code about the record itself, and what is said of it."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path

import polars as pl
import pytest
from sqlalchemy import text

from relance.diagnostics import RULES, Diagnostic
from relance.history.chain import Head
from relance.history.errors import HistoryRefused
from relance.history.store import History
from relance.history.values import Claim, Dispatch, Ending, Record
from relance.notices.message import Message

DAY = date(2026, 3, 2)
LEVEL = {
    "item": "C2|F9|2026", "procedure": "standard", "level": "reminder-1", "level_number": 1,
    "cycle": 0, "date": DAY,
}  # fmt: skip


def opened(root: Path) -> History:
    moment = datetime(2026, 3, 2, 8, tzinfo=UTC)
    return History.open("sqlite:///relance.db", root, creditor="732829320", now=lambda: moment)


def kept(root: Path) -> History:
    """Return a history of eight events: two blocks, an adoption, a notice on its way."""
    history = opened(root)
    history.record([Record("block", DAY, debtor="C1"), Record("unblock", DAY, debtor="C1")])
    history.record_adopted(pl.DataFrame([LEVEL]))
    message = Message("k1", "email", "a@b.example", "s", "Rappel", b"Bonjour", "<k1@x>", "k1.eml")
    sent = Dispatch("k1", "notice", DAY, "C1", "email", "email", "a@b.example", "EUR", 100)
    history.claim(sent, [Claim("C1|F1|2026", "standard", "reminder-1", 1)], message, 1)
    history.transmitting("k1", 1)
    history.settle("k1", Ending("accepted"), 1)
    return history


def after(*statements: str, given: Head | None = None) -> Callable[[Path], Diagnostic]:
    """Return the case of a database on which somebody ran `statements`."""

    def act(root: Path) -> Diagnostic:
        with kept(root) as history:
            with history._transaction() as connection:
                for trigger in ("events_stay", "events_chained", "events_told"):
                    connection.execute(text(f"DROP TRIGGER {trigger}"))
                for statement in statements:
                    connection.execute(text(statement))
            return history.verify([given] if given else []).findings[0]

    return act


def erased(root: Path) -> Diagnostic:
    with kept(root) as history:
        history.erase(["C1"], by="anne")
        return history.verify().findings[0]


def worked_on_after_erasing(root: Path) -> Diagnostic:
    with kept(root) as history:
        history.erase(["C1"], by="anne")
        with history._transaction() as connection:
            connection.execute(text("UPDATE dispatches SET total = 1"))
        return history.verify().findings[0]


def restored(root: Path) -> Diagnostic:
    with opened(root) as history:
        history.back_up(root / "backup.db")
    kept(root).close()
    shutil.move(root / "backup.db", root / "relance.db")
    with opened(root) as history, pytest.raises(HistoryRefused) as caught:
        history.begin_run(DAY)
    return caught.value.diagnostic


def moved(root: Path) -> Diagnostic:
    with opened(root) as history:
        place = '{"file": 1, "machine": "elsewhere", "path": "/srv/relance.db"}'
        history.pin("place", place)
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("RELANCE_MACHINE", "here")
            with pytest.raises(HistoryRefused) as caught:
                history.begin_run(DAY)
    found = caught.value.diagnostic
    return Diagnostic(found.rule, facts={**found.facts, "here": "/data/relance.db"})


CASES = {
    "H020": (
        after("UPDATE events SET type = 'dispute' WHERE seq = 1"),
        "event 1 of the record (dispute, 2026-03-02) is not as it was recorded",
    ),
    "H021": (
        after("DELETE FROM events WHERE seq = 2"),
        "events 2 to 2 of the record are gone",
    ),
    "H022": (
        after("DELETE FROM events WHERE seq > 6"),
        "the record ends at event 6, but the witness of the project knows event 7",
    ),
    "H023": (
        after(given=Head(3, "0123456789abcdef")),
        "event 3 of the record is another one than the head that was given knows",
    ),
    "H024": (
        after("UPDATE events SET hash = NULL WHERE seq = 8"),
        "event 8 of the record (sent, 2026-03-02) was added beside the chain",
    ),
    "H025": (
        after("UPDATE dispatches SET state = 'cancelled'"),
        "the dispatch k1 is not as the record tells it: its state",
    ),
    "H026": (
        after("UPDATE messages SET content = CAST('Bonsoir' AS BLOB)"),
        "the message of the dispatch k1 is not the one that was recorded",
    ),
    "H027": (
        after("DELETE FROM claims WHERE dispatch = ''"),
        "the claims are not as they were recorded: rows 1 to 1",
    ),
    "H028": (
        erased,
        "event 9 erased personal data on 2026-03-02: 6 events tell no names any more",
    ),
    "H029": (
        worked_on_after_erasing,
        "what event 9 left after erasing is not there any more as it was",
    ),
    "H030": (
        restored,
        "the database relance.db knows 0 events, but event 7 was seen: it was restored from a "
        "backup, or another copy of it ran; notices that left since: 1",
    ),
    "H031": (
        moved,
        "the database relance.db is a copy: it ran at /srv/relance.db before, and is now at "
        "/data/relance.db",
    ),
}


@pytest.mark.parametrize("code", CASES)
def test_what_is_said(tmp_path, code):
    act, expected = CASES[code]
    found = act(tmp_path)
    assert (found.code, found.message()) == (code, expected)
    assert found.hint()
    assert RULES[code].explanation
