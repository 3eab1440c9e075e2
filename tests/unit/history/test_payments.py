"""Payments in the history: each once, row upon row, told in order."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import polars as pl
import pytest
from alembic import command
from sqlalchemy import text

from relance.history.database import open_database
from relance.history.upgrade import _config
from relance.history.values import Payments
from relance.ledger.schema import ALLOCATIONS, MOVEMENTS, conform, schema
from relance.lettering.letter import REJECTIONS

from .notices import MONDAY, covering, dispatch, message


def movement(key: str, amount: int = 4000, **changes: object) -> dict[str, object]:
    plain = {
        "movement": key, "source": "bank", "file": "b.xml", "line": 3, "account": "FR76",
        "currency": "EUR", "booked": MONDAY, "value": MONDAY, "amount": amount, "kind": "payment",
        "counterparty": "Garage Martin", "parts": 1,
    }  # fmt: skip
    return {**plain, **changes}


def movements(*rows: dict[str, object]) -> pl.DataFrame:
    return conform(pl.DataFrame(list(rows), schema_overrides=schema(MOVEMENTS)), MOVEMENTS)


def allocation(key: str, item: str, amount: int, **changes: object) -> dict[str, object]:
    plain = {
        "movement": key, "item": item, "amount": amount, "kind": "payment", "evidence": "reference",
        "confidence": 10_000, "day": MONDAY, "due": date(2026, 2, 20), "open_before": 4000,
        "debtor": "C1",
    }  # fmt: skip
    return {**plain, **changes}


def allocations(*rows: dict[str, object]) -> pl.DataFrame:
    return pl.DataFrame(list(rows), schema=schema(ALLOCATIONS))


def rejections(*pairs: tuple[str, str]) -> pl.DataFrame:
    return pl.DataFrame(pairs, schema=schema(REJECTIONS), orient="row")


def test_a_movement_counts_once_however_often_it_is_told(history):
    first = Payments(movements(movement("m1"), movement("m2")))
    assert history.record_payments(first) == 2
    again = Payments(movements(movement("m2", file="other.xml"), movement("m3")))
    assert history.record_payments(again) == 1
    assert history.past().movements["movement"].to_list() == ["m1", "m2", "m3"]


def test_movements_come_back_as_they_were(history):
    odd = 'VIR "Noël"\nF1, F2; é €'
    given = movements(
        movement("m1", -120, kind="return", text=odd, counterparty=None, value=None, line=None),
        movement("m2", 2**40, reference="090933755493", mandate="M-1", parts=12),
    )
    history.record_payments(Payments(given))
    assert history.past().movements.equals(given)


def test_salaries_and_fees_are_not_kept(history):
    paid = movements(movement("m1"), movement("m2", -250_000, kind="other"))
    assert history.record_payments(Payments(paid)) == 1
    assert history.past().movements["movement"].to_list() == ["m1"]


def test_allocations_come_back_in_order_and_undone_ones_with_their_opposite(history):
    done = allocations(allocation("m1", "F1", 3000), allocation("m1", "F2", 1000))
    history.record_payments(Payments(allocations=done))
    known = history.past().allocations
    undone = allocations(allocation("m1", "F1", -3000, evidence="undo"))
    history.record_payments(Payments(allocations=undone, known=known), by="anne")
    assert history.past().allocations.equals(pl.concat([done, undone]))


def test_the_same_decision_is_written_once(history):
    decision = Payments(allocations=allocations(allocation("m1", "F1", 3000)))
    history.record_payments(decision)
    history.record_payments(decision)
    assert history.past().allocations.height == 1


def test_a_pair_may_be_lettered_again_after_it_was_undone(history):
    for amount, evidence in ((3000, "reference"), (-3000, "undo"), (3000, "hand")):
        row = allocations(allocation("m1", "F1", amount, evidence=evidence))
        history.record_payments(Payments(allocations=row, known=history.past().allocations))
    assert history.past().allocations["amount"].to_list() == [3000, -3000, 3000]


def test_a_rejection_holds_until_it_is_withdrawn(history):
    history.record_payments(Payments(rejections=rejections(("m1", "F1"), ("m1", "F2"))))
    history.record_payments(Payments(withdrawn=rejections(("m1", "F1"))))
    assert history.past().rejections.rows() == [("m1", "F2")]
    history.record_payments(Payments(rejections=rejections(("m1", "F1"))))
    assert history.past().rejections.rows() == [("m1", "F1"), ("m1", "F2")]


def test_payments_are_told_with_the_rest_of_what_happened(history):
    run = history.begin_run(MONDAY)
    history.claim(dispatch("k1"), covering("F1"), message("k1"), run)
    one = allocations(allocation("m1", "F1", 4000))
    history.record_payments(Payments(movements(movement("m1")), one), run=run)
    back = allocations(allocation("m2", "F1", -4000, evidence="return"))
    history.record_payments(Payments(allocations=back, known=one), run=run)
    told = history.timeline("F1")
    assert [entry["type"] for entry in told][-2:] == ["lettered", "returned"]
    assert told[-2] | {"at": ""} == {
        "at": "", "date": "2026-03-02", "paid_on": "2026-03-02", "run": run, "type": "lettered", "debtor": "C1",
        "item": "F1", "movement": "m1", "payment": "40.00", "currency": "EUR",
        "evidence": "reference", "counterparty": "Garage Martin",
    }  # fmt: skip
    assert [entry["type"] for entry in history.entries(3)] == ["returned", "lettered", "claimed"]
    assert [entry["type"] for entry in history.entries(2, "C1")] == ["returned", "lettered"]


def test_how_a_notice_left_is_known(history):
    for key, medium in (("k1", "email"), ("k2", "letter")):
        given = dispatch(key, medium=medium)
        history.claim(given, covering(f"F{key}"), message(key), 1)
    levels = history.past().levels
    assert dict(levels.select("item", "medium").rows()) == {}
    for key in ("k1", "k2"):
        history.transmitting(key, 1)
    levels = history.past().levels
    assert dict(levels.select("item", "medium").rows()) == {"Fk1": "email", "Fk2": "letter"}


@pytest.fixture
def old(url: str, tmp_path: Path, clock: object) -> str:
    """The URL of a history as the first version left it, with one notice sent."""
    database = open_database(url, tmp_path, patience=1)
    with database.connection.begin():
        config = _config()
        config.attributes["connection"] = database.connection
        command.upgrade(config, "r0001")
        for row in (
            "INSERT INTO meta (name, value) VALUES ('creditor', '732829320')",
            "INSERT INTO runs (run_date, plan_hash, started, status, summary)"
            " VALUES ('2026-03-02', '', '', 'completed', '{}')",
            "INSERT INTO dispatches VALUES ('k1', 1, '2026-03-02', 'C1', 'notice', 'post',"
            " 'letter', 'there', 'standard', 'reminder-1', 1, 'EUR', 100, TRUE, TRUE, 'sent',"
            " '', 1, 0, NULL, '2026')",
            "INSERT INTO claims (creditor, item, procedure, level, level_number, cycle, part,"
            " dispatch, run_date) VALUES ('732829320', 'F1', 'standard', 'reminder-1', 1, 0, '',"
            " 'k1', '2026-03-02')",
        ):
            database.connection.execute(text(row))
    database.close()
    return url


def test_an_older_history_is_brought_forward_with_all_it_has(old, reopened):
    history = reopened()
    past = history.past()
    assert past.levels.select("item", "state", "medium").rows() == [("F1", "sent", "letter")]
    assert history.last_completed_run() == MONDAY
    assert history.record_payments(Payments(movements(movement("m1")))) == 1
    assert history.past().movements.height == 1


def test_an_older_history_is_read_as_it_is(old, reopened, tmp_path):
    before = {p.name: p.read_bytes() for p in tmp_path.iterdir()}
    history = reopened(readonly=True)
    past = history.past()
    assert past.levels["medium"].to_list() == ["letter"]
    assert past.movements.is_empty()
    assert [entry["type"] for entry in history.timeline("F1")] == []
    history.close()
    assert {p.name: p.read_bytes() for p in tmp_path.iterdir()} == before
