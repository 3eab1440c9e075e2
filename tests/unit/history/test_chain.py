"""The chain of the record: what it shows when somebody works on the database."""

from __future__ import annotations

import threading
from datetime import date
from pathlib import Path

import polars as pl
import pytest
from sqlalchemy import text

from relance.history.chain import Head
from relance.history.errors import HistoryUnavailable
from relance.history.events import Event, append
from relance.history.store import History
from relance.history.values import Ending, Payments, Record
from relance.ledger.schema import ALLOCATIONS, MOVEMENTS, conform

from .notices import MONDAY, covering, dispatch, message

LEVELS = pl.DataFrame(
    {
        "item": ["C1|F1|2026", "C2|F9|2026"], "procedure": "standard", "level": "reminder-1",
        "level_number": 1, "cycle": 0, "date": date(2026, 2, 1),
    }
)  # fmt: skip
MOVEMENT = {
    "movement": "m1", "source": "banque", "file": "b.csv", "account": "FR76", "currency": "EUR",
    "booked": date(2026, 3, 1), "amount": 12_000, "kind": "payment", "counterparty": "Jean Petit",
    "counterparty_iban": "BE68539007547034", "text": "facture F1", "parts": 1, "line": 2,
}  # fmt: skip
ALLOCATION = {
    "movement": "m1", "item": "C1|F1|2026", "amount": 12_000, "kind": "payment",
    "evidence": "number", "confidence": 90, "day": date(2026, 3, 1), "debtor": "C1",
}  # fmt: skip


def payments() -> Payments:
    return Payments(
        conform(pl.DataFrame([MOVEMENT]), MOVEMENTS),
        conform(pl.DataFrame([ALLOCATION]), ALLOCATIONS),
    )


def send(history: History, key: str, *items: str, ending: str = "accepted") -> None:
    run = history.begin_run(MONDAY)
    history.claim(dispatch(key), covering(*items), message(key), run)
    history.transmitting(key, run)
    history.settle(key, Ending(ending), run)  # type: ignore[arg-type]
    history.finish_run(run, "completed", {})


@pytest.fixture
def full(history: History) -> History:
    """A history with something of everything."""
    history.record_adopted(LEVELS, by="anne")
    history.record([Record("block", MONDAY, debtor="C1", reason="voir Jean Petit")])
    send(history, "k1", "C1|F2|2026")
    send(history, "k2", "C1|F3|2026", ending="transient")
    history.record_payments(payments())
    return history


def verdict(history: History, *given: Head) -> tuple[str, set[str]]:
    found = history.verify(given)
    return found.verdict, {finding.code for finding in found.findings}


def tamper(history: History, *statements: str) -> None:
    """Do what somebody with the rights of the owner of the database can do."""
    database = history._database
    with history._transaction() as connection:
        names = ("events_stay", "events_all_stay", "events_chained", "events_told")
        for name in names:
            if database.dialect == "postgresql":
                connection.execute(text(f"DROP TRIGGER IF EXISTS {name} ON events"))
            else:
                connection.execute(text(f"DROP TRIGGER IF EXISTS {name}"))
        for statement in statements:
            assert connection.execute(text(statement)).rowcount > 0, statement


def test_a_record_that_nobody_touched_is_intact(full):
    assert verdict(full) == ("intact", set())
    assert verdict(full, full.chain_head()) == ("intact", set())
    assert full.verify().events == full.chain_head().seq


def test_an_empty_record_is_intact(history):
    assert verdict(history) == ("intact", set())


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ("type = 'unblock'", "H020"),
        ("at = '2020-01-01T00:00:00.000000+00:00'", "H020"),
        ("debtor = 'C2'", "H020"),
        ("data = '{}'", "H020"),
        ("salt = NULL", "H020"),
        ("hash = NULL", "H024"),
    ],
)
def test_a_changed_event_is_named(full, change, code):
    tamper(full, f"UPDATE events SET {change} WHERE type = 'block'")
    found = full.verify().findings[0]
    assert (found.code, full.verify().verdict) == (code, "changed")
    assert found.facts["seq"] == 4


def test_an_event_erased_by_hand_is_not_taken_for_one_that_relance_erased(full):
    tamper(full, "UPDATE events SET salt = NULL, erased = 999, data = '{}' WHERE type = 'block'")
    assert verdict(full) == ("differs", {"H029"})


def test_an_event_removed_in_the_middle_leaves_a_gap(full):
    tamper(full, "DELETE FROM events WHERE type = 'block'")
    (found,) = full.verify().findings
    assert (found.code, found.facts) == ("H021", {"first": 4, "last": 4})
    assert full.verify().verdict == "removed"


def test_a_record_cut_off_at_its_end_is_shown_by_its_witness_and_by_a_head(full):
    head = full.chain_head()
    tamper(full, f"DELETE FROM events WHERE seq > {head.seq - 2}")
    assert "H022" in verdict(full)[1]
    assert full.verify().verdict == "truncated"
    Path(full._database.witness.path).unlink()
    assert "H022" not in verdict(full)[1]
    assert "H022" in verdict(full, head)[1]


def test_a_record_written_anew_is_shown_by_a_head_that_was_kept(full, tmp_path, clock, reopened):
    head = full.chain_head()
    rows = "debtor = 'C9', salt = NULL, seal = NULL, hash = NULL"
    tamper(full, f"UPDATE events SET {rows}")
    chain_anew(full)
    (tmp_path / ".relance" / "witness").unlink()
    assert verdict(full) == ("intact", set())
    assert verdict(full, head) == ("rewritten", {"H023"})
    assert verdict(full, Head(head.seq, head.hash[:16])) == ("rewritten", {"H023"})


def chain_anew(history: History) -> None:
    from relance.history import chain
    from relance.history.migrations import first_links

    with history._transaction() as connection:
        first_links._chain_old(connection, chain.Head())


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ("UPDATE dispatches SET state = 'cancelled' WHERE key = 'k1'", "H025"),
        ("UPDATE dispatches SET total = 1 WHERE key = 'k1'", "H025"),
        ("UPDATE dispatches SET recipient = 'x@y.example' WHERE key = 'k1'", "H025"),
        ("DELETE FROM dispatches WHERE key = 'k1'", "H025"),
        ("UPDATE claims SET item = 'C1|F8|2026' WHERE dispatch = 'k1'", "H025"),
        ("UPDATE claims SET released = 'x' WHERE dispatch = 'k1'", "H025"),
        ("UPDATE claims SET released = '' WHERE dispatch = 'k2'", "H025"),
        ("DELETE FROM claims WHERE dispatch = 'k1'", "H025"),
        ("UPDATE claims SET dispatch = 'k9' WHERE dispatch = 'k1'", "H025"),
        ("UPDATE claims SET level_number = 3 WHERE dispatch = '' AND id = 1", "H027"),
        ("DELETE FROM claims WHERE dispatch = '' AND id = 2", "H027"),
        ("UPDATE claims SET dispatch = '' WHERE dispatch = 'k2'", "H027"),
        ("UPDATE messages SET content = subject::bytea WHERE dispatch = 'k1'", "H026"),
        ("DELETE FROM messages WHERE dispatch = 'k1'", "H026"),
        ("UPDATE movements SET amount = 1", "H027"),
        ("UPDATE movements SET text = 'F9'", "H027"),
        ("DELETE FROM allocations", "H027"),
        ("UPDATE allocations SET item = 'C1|F8|2026'", "H027"),
        ("UPDATE allocations SET seq = 99", "H027"),
    ],
)
def test_what_stands_beside_the_record_is_held_against_it(full, change, code):
    if full._database.dialect == "sqlite":
        change = change.replace("subject::bytea", "CAST('x' AS BLOB)")
    tamper(full, change)
    found, codes = verdict(full)
    assert (found, code in codes) == ("differs", True)


@pytest.mark.parametrize(
    "change",
    [
        "DELETE FROM events WHERE seq = 2",
        "UPDATE events SET at = 'x' WHERE seq = 2",
        "UPDATE events SET data = '{}' WHERE seq = 2",
        "UPDATE events SET hash = NULL WHERE seq = 2",
    ],
)
def test_the_database_refuses_to_change_what_was_recorded(full, change):
    with (
        pytest.raises(Exception, match="the record is append-only"),
        full._transaction() as connection,
    ):
        connection.execute(text(change))
    assert verdict(full) == ("intact", set())


def test_two_writers_never_fork_the_chain(reopened):
    reopened().close()
    histories = [reopened(), reopened()]

    def write(history: History, name: str) -> None:
        for number in range(40):
            history.record([Record("block", MONDAY, debtor=f"{name}{number}")])

    threads = [
        threading.Thread(target=write, args=(history, name))
        for history, name in zip(histories, "AB", strict=True)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    found = histories[0].verify()
    assert (found.verdict, found.events, found.head.seq) == ("intact", 80, 80)


def test_a_transaction_that_is_rolled_back_leaves_no_gap(history):
    history.record([Record("block", MONDAY, debtor="C1")])
    with history._database.connection.begin() as transaction:
        append(transaction.connection, history._mark(), [Event("block", debtor="C2")])
        transaction.rollback()
    history.record([Record("block", MONDAY, debtor="C3")])
    assert history.chain_head().seq == 2
    assert verdict(history) == ("intact", set())


def test_a_writer_waits_for_another_and_then_says_so(reopened):
    first = reopened()
    second = reopened(patience=0.2)
    blocked = [Record("block", MONDAY, debtor="C1")]
    with first._transaction(), pytest.raises(HistoryUnavailable) as caught:
        second.record(blocked)
    assert caught.value.diagnostic.code == "H002"
    second.record(blocked)
    assert verdict(second) == ("intact", set())
