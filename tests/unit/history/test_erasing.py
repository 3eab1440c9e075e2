"""What is personal is erased, to the byte; what the law needs stays, and the chain holds."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import polars as pl
import pytest
from sqlalchemy import text

from relance.history.store import History
from relance.history.values import Claimed, Ending, Record

from .notices import MONDAY, covering, dispatch, message
from .test_chain import LEVELS, payments, tamper, verdict

PERSONAL = ("Jean Petit", "jean@petit.example", "BE68539007547034", "Chère Madame", "C1|F1")


@pytest.fixture
def full(history: History) -> History:
    """A history with something of everything about C1, and a notice to C2."""
    history.record_adopted(LEVELS, by="anne")
    history.record([Record("dispute", MONDAY, debtor="C1", item="C1|F1|2026", reason="Jean Petit")])
    run = history.begin_run(MONDAY)
    for key, debtor in (("k1", "C1"), ("k2", "C2")):
        sent = dispatch(key, debtor=debtor, recipient=f"jean@{debtor}.example")
        if debtor == "C1":
            sent = dispatch(key, debtor=debtor, recipient="jean@petit.example")
        content = "Chère Madame Petit".encode() * (debtor == "C1") + b"Bonjour"
        history.claim(sent, covering(f"{debtor}|F2|2026"), message(key, content), run)
        history.transmitting(key, run)
        history.settle(key, Ending("accepted", f"250 {sent.recipient}"), run)
    history.finish_run(run, "completed", {})
    history.record_payments(payments())
    items = pl.DataFrame(
        {"debtor": ["C1", "C2"], "debtor_name": ["Jean Petit", "Autre"], "currency": "EUR", "open": 1}
    )  # fmt: skip
    history.save_snapshot("ventes", MONDAY, "f1", items)
    return history


def everything(history: History, folder: Path) -> bytes:
    """Return all bytes of the database: of the file and its log; of a server, of all its rows."""
    if history._database.dialect == "sqlite":
        return b"".join(path.read_bytes() for path in folder.glob("relance.db*"))
    from relance.history import schema

    with history._transaction() as connection:
        values = [
            value
            for table in schema.metadata.tables
            for row in connection.execute(text(f"SELECT * FROM {table}"))
            for value in row
        ]
    return b"\n".join(v if isinstance(v, bytes) else str(v).encode() for v in values)


def test_what_is_erased_is_gone_from_the_file_and_its_log(full, tmp_path):
    before = everything(full, tmp_path)
    assert all(word.encode() in before for word in PERSONAL[:4])
    assert full.erase(["C1"], by="anne") == 1
    after = everything(full, tmp_path)
    assert [word for word in PERSONAL if word.encode() in after] == []
    assert full.held_about("C1") == {}


def test_the_chain_holds_after_erasing_and_tells_of_it(full):
    full.erase(["C1"], by="anne")
    assert verdict(full) == ("intact", {"H028"})
    assert full.verify().erased > 0
    full.record([Record("block", MONDAY, debtor="C2")])
    assert verdict(full) == ("intact", {"H028"})


def test_amounts_dates_and_that_a_notice_left_stay(full):
    full.erase(["C1"], by="anne")
    with full._transaction() as connection:
        (sent,) = connection.execute(
            text("SELECT total, currency, run_date, state, debtor FROM dispatches WHERE key = 'k1'")
        ).all()
        paid = connection.execute(text("SELECT amount FROM allocations")).scalar()
        known = connection.execute(
            text("SELECT sha256 FROM messages WHERE dispatch = 'k1'")
        ).scalar()
    assert (sent.total, sent.currency, str(sent.run_date), sent.state) == (
        12_000, "EUR", "2026-03-02", "sent",
    )  # fmt: skip
    assert sent.debtor.startswith("erased-")
    assert (paid, len(known)) == (12_000, 64)


def test_the_others_are_left_as_they_are(full):
    before = full.held_about("C2")
    full.erase(["C1"], by="anne")
    assert full.held_about("C2") == before
    assert full.past().levels.filter(pl.col("item") == "C2|F2|2026").height == 1


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE events SET data = '{}' WHERE erased IS NOT NULL AND dispatch = 'k1'",
        "UPDATE dispatches SET total = 1 WHERE key = 'k1'",
        "UPDATE dispatches SET state = 'cancelled' WHERE key = 'k1'",
        "UPDATE claims SET level = 'x' WHERE dispatch = 'k1'",
        "UPDATE claims SET level = 'x' WHERE dispatch = '' AND item LIKE 'erased%'",
        "UPDATE movements SET text = 'x'",
        "UPDATE allocations SET amount = 1",
    ],
)
def test_what_stays_is_vouched_for(full, change):
    full.erase(["C1"], by="anne")
    tamper(full, change)
    assert full.verify().verdict == "differs"


def test_an_open_case_keeps_its_number_so_that_nothing_is_sent_twice(full, tmp_path):
    full.erase(["C1"], by="anne", named=True)
    after = everything(full, tmp_path)
    assert [word for word in PERSONAL[:4] if word.encode() in after] == []
    assert full.past().levels.filter(pl.col("item") == "C1|F2|2026").height == 1
    assert verdict(full) == ("intact", {"H028"})
    run = full.begin_run(MONDAY)
    again = full.claim(dispatch("k7"), covering("C1|F2|2026"), message("k7"), run)
    assert not isinstance(again, Claimed)
    full.erase(["C1"], by="anne")
    assert full.held_about("C1") == {}
    assert full.verify().verdict == "intact"


def test_a_dispatch_that_is_tried_again_after_erasing_is_recorded_anew(history):
    run = history.begin_run(MONDAY)
    history.claim(dispatch("k1"), covering("C1|F|2026"), message("k1"), run)
    history.settle("k1", Ending("rejected", "no such user"), run)
    history.erase(["C1"], by="anne", named=True)
    history.claim(
        dispatch("k1", recipient="new@c1.example"),
        covering("C1|F|2026"),
        message("k1", b"new"),
        run,
    )
    assert history.verify().verdict == "intact"


def test_all_that_is_held_is_handed_out(full):
    held = full.held_about("C1")
    assert set(held) == {
        "dispatches", "messages", "claims", "events", "movements", "allocations", "last_imports",
    }  # fmt: skip
    assert held["movements"][0]["counterparty"] == "Jean Petit"
    assert held["dispatches"][0]["recipient"] == "jean@petit.example"
    ((name, content),) = full.messages_to("C1")
    assert name.startswith("k1-")
    assert content.startswith("Chère".encode())


def test_debtors_of_whom_nothing_was_recorded_lately_are_named(full, clock):
    assert full.idle_since(clock.moment) == ["C1", "C2"]
    clock.forward(days=400)
    full.record([Record("block", date(2027, 4, 1), debtor="C2")])
    clock.forward(days=1)
    moment = clock.moment
    clock.forward(days=-2)
    assert full.idle_since(clock.moment) == ["C1"]
    full.erase(["C1"], by="anne")
    assert full.idle_since(moment) == ["C2"]


def test_a_debtor_whose_number_begins_like_another_s_is_another(full):
    full.record([Record("block", MONDAY, debtor="C12"), Record("block", MONDAY, item="c1|F|2026")])
    before = full.chain_head().seq
    full.erase(["C1"], by="anne")
    with full._transaction() as connection:
        rows = connection.execute(text(f"SELECT debtor, item FROM events WHERE seq > {before - 2}"))
        assert [tuple(row) for row in rows][:2] == [("C12", None), (None, "c1|F|2026")]
