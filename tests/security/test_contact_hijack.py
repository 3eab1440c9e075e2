"""Contact hijack: an address that changed is marked in the plan, and many that changed stop the run."""

from __future__ import annotations

from pathlib import Path

import pytest

from scenarios.stage import CUSTOMERS, HEADER, Stage, new_stage

from .people import table

ROWS = 60
BOOK = [
    [f"F{n}", f"C{n}", "2026-03-02", "2026-04-01", "100.00", "100.00", "EUR", "invoice"]
    for n in range(ROWS)
]


def people(domain: str, moved: int) -> str:
    return table(
        CUSTOMERS,
        [
            [
                f"C{n}", f"Client {n}", "business", "FR", "fr",
                f"c{n}@{domain if n < moved else 'client.example'}", "1 rue", "75001", "P",
            ]
            for n in range(ROWS)
        ],
    )  # fmt: skip


@pytest.fixture
def stage(tmp_path: Path) -> Stage:
    """A book of 60 debtors to whom a first notice was sent."""
    stage = new_stage(tmp_path / "firm")
    stage.write("ventes.csv", table(HEADER, BOOK))
    stage.write("customers.csv", people("client.example", 0))
    plan = stage.plan("2026-04-08")["plan_hash"]
    stage("run", "--date", "2026-04-08")
    assert stage("approve", plan, "--date", "2026-04-08").code == 0
    assert stage("run", "--date", "2026-04-08").code == 0
    assert len(stage.outbox()) == ROWS
    return stage


def test_a_look_alike_domain_is_marked_in_the_plan(stage: Stage) -> None:
    stage.write("customers.csv", people("c1ient.example", 2))
    notices = stage.plan("2026-04-22")["notices"]
    marked = {n["debtor"] for n in notices if n["recipient_changed"]}
    assert marked == {"C0", "C1"}
    shown = stage("plan", "--all", "--date", "2026-04-22").out
    assert "≠" in shown


def test_a_mass_change_of_addresses_stops_the_run(stage: Stage) -> None:
    stage.write("customers.csv", people("c1ient.example", 20))
    said = stage("run", "--date", "2026-04-22")
    assert said.code == 4, said
    assert "D054" in said.err
    assert len(stage.outbox()) == ROWS


def test_addresses_that_stay_are_not_marked(stage: Stage) -> None:
    assert not any(n["recipient_changed"] for n in stage.plan("2026-04-22")["notices"])
