"""The record as a user handles it: verified, backed up, restored, moved, handed out and erased."""

from __future__ import annotations

import json
import shutil
import sqlite3
import stat
from contextlib import closing
from pathlib import Path

import pytest

from .stage import Stage, new_stage, verdicts

DAY = ("--date", "2026-04-08")
PAID = "F1,C1,2026-03-02,2026-04-01,250.50,0.00,EUR,invoice"


@pytest.fixture
def stage(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Stage:
    monkeypatch.setenv("RELANCE_MACHINE", "here")
    return new_stage(tmp_path / "p")


def test_each_run_prints_a_head_that_vouches_for_the_record(stage: Stage) -> None:
    head = stage("run", *DAY, "--json").json["history_head"]
    assert stage("run", *DAY).out.count("Head of the record: ") == 1
    said = stage("history", "verify", "--head", head, "--json")
    assert said.code == 0
    assert (said.json["verdict"], said.json["findings"]) == ("intact", [])
    short = f"{head.partition(':')[0]}:{'0' * 16}"
    other = stage("history", "verify", "--head", short, "--json")
    assert (other.code, other.json["verdict"]) == (4, "rewritten")
    assert stage("history", "verify", "--head", "nonsense").code == 2


def test_a_changed_database_is_found_out(stage: Stage) -> None:
    stage("run", *DAY)
    with closing(sqlite3.connect(stage.root / "relance.db")) as database:
        database.execute("UPDATE dispatches SET recipient = 'crook@x.example'")
        database.commit()
    said = stage("history", "verify", "--json")
    assert (said.code, said.json["verdict"]) == (4, "differs")
    assert said.json["findings"][0]["code"] == "H025"


def test_a_restored_database_sends_nothing_twice(stage: Stage) -> None:
    before = ("--date", "2026-04-02")
    stage("run", *before)
    backup = stage.root.parent / "backup.db"
    assert stage("history", "backup", str(backup)).code == 0
    assert stage("history", "backup", str(backup)).code == 2
    assert stat.S_IMODE(backup.stat().st_mode) == 0o600
    stage("run", *DAY)
    assert len(stage.outbox()) == 1
    stage.outbox()[0].unlink()  # a real server would have taken it
    shutil.copyfile(backup, stage.root / "relance.db")
    said = stage("run", *DAY)
    assert said.code == 4
    assert "restored from a backup" in said.err
    assert stage.outbox() == []
    assert len(stage("history", "restored", "--json").json["left"]) == 1
    assert stage("run", *DAY).code == 1
    assert stage.outbox() == []
    (doubt,) = stage("doubt", "list", "--json").json["doubts"]
    assert doubt["age_hours"] == 0
    assert verdicts(stage.plan("2026-04-22")) == {"F1": "in_doubt"}
    assert stage("doubt", "sent", doubt["key"]).code == 0
    assert stage.plan("2026-04-22")["notices"][0]["level"] == "reminder-2"


def test_a_copy_on_a_second_machine_does_not_run(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    stage("run", *DAY)
    monkeypatch.setenv("RELANCE_MACHINE", "there")
    assert stage("run", *DAY).code == 4
    assert stage("history", "moved").code == 0
    assert stage("run", *DAY).code == 0


def test_all_that_is_held_is_handed_out(stage: Stage) -> None:
    stage("run", *DAY)
    folder = stage.root.parent / "export"
    assert stage("gdpr", "export", "C1", "-o", str(folder)).code == 0
    held = json.loads((folder / "held.json").read_text())
    assert held["dispatches"][0]["recipient"] == "c1@client.example"
    (mail,) = folder.glob("*.eml")
    assert mail.read_bytes() == stage.outbox()[0].read_bytes()
    assert {stat.S_IMODE(p.stat().st_mode) for p in folder.iterdir()} == {0o600}
    assert stage("gdpr", "export", "C1", "-o", str(folder)).code == 2
    assert stage("gdpr", "export", "C9").code == 2


def test_what_is_erased_is_nowhere_in_the_database(stage: Stage) -> None:
    stage("run", *DAY)
    stage.sales(PAID)
    stage("run", "--date", "2026-04-20")
    assert stage("gdpr", "erase", "C1", "--date", "2026-04-20").code == 0
    assert b"c1@client.example" in (stage.root / "relance.db").read_bytes()
    said = stage("gdpr", "erase", "C1", "--confirm", "--date", "2026-04-20")
    assert said.code == 0, said
    for path in stage.root.glob("relance.db*"):
        content = path.read_bytes()
        assert b"c1@client.example" not in content
        assert b"Client C1" not in content
    assert stage("history", "verify").code == 0
    assert stage("gdpr", "export", "C1").code == 2


def test_an_open_case_is_not_erased_unless_asked_for(stage: Stage) -> None:
    stage("run", *DAY)
    assert stage("gdpr", "erase", "C1", "--confirm", *DAY).code == 4
    assert stage("gdpr", "erase", "C1", "--confirm", "--although-open", *DAY).code == 0
    assert stage("run", *DAY).code == 0
    assert len(stage.outbox()) == 1
    assert stage("history", "verify").code == 0


def test_only_settled_debtors_are_purged(stage: Stage) -> None:
    stage.sales(
        PAID.replace("0.00", "250.50") + "\n" + PAID.replace("1,C1", "2,C2").replace("0.00", "9.50")
    )
    stage.customers_of((stage.root / "ventes.csv").read_text())
    stage("run", *DAY)
    stage.sales(PAID + "\nF2,C2,2026-03-02,2026-04-01,250.50,250.50,EUR,invoice")
    said = stage("gdpr", "purge", "--before", "2036-01-01", "--json", "--date", "2026-04-20")
    assert (said.json["debtors"], said.json["erased"]) == (["C1"], False)
    stage("gdpr", "purge", "--before", "2036-01-01", "--confirm", "--date", "2026-04-20")
    assert stage("gdpr", "export", "C1").code == 2
    assert stage("gdpr", "export", "C2").code == 0
    assert stage("gdpr", "purge").code == 2
