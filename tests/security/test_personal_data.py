"""Personal data: logs carry no names unless asked for, nobody is scored, and erasing keeps the chain."""

from __future__ import annotations

from pathlib import Path

import pytest

from scenarios.stage import Stage, new_stage

NAME, MAIL, STREET = "Zéphirine Quatrepoint", "zephirine@quatrepoint.example", "17 impasse Unique"
DAY = "2026-04-08"


@pytest.fixture
def stage(tmp_path: Path) -> Stage:
    return new_stage(
        tmp_path / "firm",
        {"customers": f"C1,{NAME},consumer,FR,fr,{MAIL},{STREET},75001,Paris"},
    )


def holds(text: str) -> list[str]:
    return [part for part in (NAME, "Zéphirine", "Quatrepoint", MAIL, STREET) if part in text]


def test_the_log_of_a_run_names_nobody(stage: Stage) -> None:
    log = stage.root / "run.log"
    assert stage("run", "--log", str(log), "--date", DAY).code in (0, 1)
    text = log.read_text("utf-8")
    assert '"sent"' in text
    assert holds(text.encode().decode("unicode_escape")) == []
    assert holds(text) == []


def test_the_log_of_a_run_that_fails_names_nobody(stage: Stage) -> None:
    stage.write("templates/reminder/fr.wording", "{% block opening %}{{ 1 / 0 }}{% endblock %}")
    log = stage.root / "run.log"
    assert stage("run", "--log", str(log), "--date", DAY).code in (1, 2)
    assert log.is_file()
    assert holds(log.read_text("utf-8")) == []


def test_the_log_names_people_where_the_operator_asks_for_it(stage: Stage) -> None:
    log = stage.root / "run.log"
    assert stage("run", "--log", str(log), "--log-names", "--date", DAY).code in (0, 1)
    assert holds(log.read_text("utf-8").encode().decode("unicode_escape").encode("latin-1", "ignore").decode("utf-8", "ignore")) or MAIL in log.read_text("utf-8")  # fmt: skip


def test_no_person_is_scored_and_no_procedure_asks_for_it(stage: Stage) -> None:
    facts = stage("explain", "F1", "--json", "--date", DAY).json["facts"]
    assert facts.get("score") is None
    library = Path(__file__).parents[2] / "procedures"
    assert not [p.name for p in library.glob("*.yaml") if "score" in p.read_text("utf-8")]


def test_who_was_erased_is_gone_from_the_database_and_the_record_stays_intact(stage: Stage) -> None:
    assert stage("run", "--date", DAY).code in (0, 1)
    erased = stage("gdpr", "erase", "C1", "--although-open", "--confirm", "--date", "2026-04-08")
    assert erased.code == 0, erased
    said = stage("history", "verify", "--json")
    assert (said.code, said.json["verdict"]) in ((0, "intact"), (0, "erased"))
    stored = b"".join(p.read_bytes() for p in stage.root.glob("relance.db*"))
    for part in (NAME, "Quatrepoint", MAIL, STREET):
        assert part.encode() not in stored, part
