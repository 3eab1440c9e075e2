"""Who watches from outside is told how runs go, and a watcher that is down stops nothing."""

from __future__ import annotations

import json
import re
import sqlite3
import stat
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from pathlib import Path
from typing import Any

import pytest

from channels.http_server import HANG, HttpServer, status
from scenarios.stage import Stage, new_stage

DUE = "F1,C1,2026-03-02,2026-04-01,250.50,250.50,EUR,invoice"
DAY = "2026-04-10"
RID = re.compile(r"rid=[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$")


def watched(root: Path, **monitoring: Any) -> Stage:
    return new_stage(root, {"open": DUE, "policy": {"monitoring": monitoring}})


def events(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text().splitlines()]


def test_a_run_tells_the_service_when_it_begins_and_how_it_ended(tmp_path):
    with HttpServer({"*": status(200, b"OK")}).running() as server:
        stage = watched(tmp_path, ping=server.url + "/secret-key")
        assert stage("run", "--date", DAY).code == 0
    paths = [seen.path for seen in server.seen]
    assert [path.partition("?")[0] for path in paths] == ["/secret-key/start", "/secret-key/0"]
    assert len({RID.search(path)[0] for path in paths}) == 1
    told = server.seen[1].body.decode()
    assert "notices sent 1" in told
    assert "exit 0" in told
    assert "Client C1" not in told


def test_the_service_is_told_of_a_run_that_was_refused(tmp_path):
    with HttpServer({"*": status(200)}).running() as server:
        stage = watched(tmp_path, ping=server.url)
        stage.write("ventes.csv", "number,debtor\nF1,C1\n")
        assert stage("run", "--date", DAY).code == 3
    assert [seen.path.partition("?")[0] for seen in server.seen] == ["/start", "/3"]


def test_a_dry_run_tells_nobody(tmp_path):
    with HttpServer({"*": status(200)}).running() as server:
        stage = watched(tmp_path, ping=server.url, textfile="relance.prom")
        assert stage("run", "--dry-run", "--date", DAY).code == 0
    assert server.connections == 0
    assert not (tmp_path / "relance.prom").exists()


@pytest.mark.parametrize("step", [status(500, b"no"), HANG, status(302, b"", {"Location": "/x"})])
def test_a_service_in_trouble_is_told_of_and_stops_nothing(tmp_path, step, monkeypatch):
    monkeypatch.setattr("relance.runs.ping.PATIENCE", 0.3)
    with HttpServer({"*": step}).running() as server:
        stage = watched(tmp_path, ping=server.url + "/secret-key")
        said = stage("run", "--date", DAY)
    assert said.code == 0
    assert "D112: the monitoring service was not told" in said.err
    assert "secret-key" not in said.err
    assert len(stage.outbox()) == 1


def test_a_service_that_is_down_stops_nothing(tmp_path):
    with HttpServer().running() as server:
        url = server.url
    stage = watched(tmp_path, ping=url)
    said = stage("run", "--date", DAY)
    assert (said.code, len(stage.outbox())) == (0, 1)
    assert "D112" in said.err


def test_the_figures_are_in_the_textfile_for_prometheus(tmp_path):
    stage = watched(tmp_path, textfile="metrics/relance.prom")
    assert stage("run", "--date", DAY).code == 0
    path = tmp_path / "metrics/relance.prom"
    lines = path.read_text().splitlines()
    me = 'creditor="732829320"'
    assert f'relance_notices{{{me},state="sent"}} 1' in lines
    assert f"relance_run_exit_code{{{me}}} 0" in lines
    assert f'relance_open_amount{{{me},currency="EUR"}} 250.50' in lines
    assert f'relance_items{{{me},verdict="act"}} 1' in lines
    assert f"relance_in_doubt{{{me}}} 0" in lines
    assert "Client" not in path.read_text()
    names = {line.split()[2] for line in lines if line.startswith("# TYPE")}
    assert {line.partition("{")[0] for line in lines if line[0] != "#"} <= names
    assert stat.S_IMODE(path.stat().st_mode) == 0o644
    assert [each.name for each in path.parent.iterdir()] == ["relance.prom"]


def test_a_textfile_that_cannot_be_written_is_told(tmp_path):
    stage = watched(tmp_path, textfile="relance.yaml/relance.prom")
    said = stage("run", "--date", DAY)
    assert (said.code, len(stage.outbox())) == (0, 1)
    assert "D113: the figures could not be written to relance.yaml/relance.prom" in said.err


def test_the_log_has_a_line_per_event_without_names(tmp_path):
    stage = watched(tmp_path)
    log = tmp_path / "relance.log"
    assert stage("run", "--date", DAY, "--log", str(log)).code == 0
    told = events(log)
    assert [each["event"] for each in told] == ["run_begun", "plan", "delivery", "run_ended"]
    delivery = told[2]
    assert (delivery["state"], delivery["level"], delivery["run"]) == ("sent", "reminder-1", 1)
    assert told[3]["exit"] == 0
    assert "c1@client.example" not in log.read_text()
    assert "Client C1" not in log.read_text()
    assert stat.S_IMODE(log.stat().st_mode) == 0o600


def test_the_log_names_people_when_asked(tmp_path):
    stage = watched(tmp_path)
    log = tmp_path / "relance.log"
    stage("run", "--date", DAY, "--log", str(log), "--log-names")
    (delivery,) = [each for each in events(log) if each["event"] == "delivery"]
    assert (delivery["recipient"], delivery["debtor"]) == ("c1@client.example", "C1")


def test_a_log_on_a_full_disk_stops_nothing(tmp_path):
    stage = watched(tmp_path)
    said = stage("run", "--date", DAY, "--log", "/dev/full")
    assert (said.code, len(stage.outbox())) == (0, 1)
    assert "D115: the log /dev/full could not be written: No space left on device" in said.err


def test_the_team_gets_a_mail_about_the_run(tmp_path):
    stage = watched(tmp_path, summary={"to": ["chef@dubreuil.example"]})
    assert stage("run", "--date", DAY).code == 0
    (mail,) = [
        message_from_bytes(path.read_bytes(), policy=policy.default)
        for path in stage.outbox()
        if b"chef@dubreuil" in path.read_bytes()
    ]
    assert mail["Subject"] == "relance · Atelier Dubreuil SAS · 2026-04-10 · 1 notice sent"
    text = mail.get_body(("plain",)).get_content()
    assert re.search(r"reminder-1 \(standard\) +1 notice · €250\.50", text)
    assert re.search(r"EUR +€250\.50, of which €250\.50 past due", text)
    html = mail.get_body(("html",)).get_content()
    assert "<h1" in html
    assert "<script" not in html


def test_the_mail_escapes_what_debtors_are_called(tmp_path):
    procedure = {"levels": [{"id": "call", "days": 5, "channel": "task", "task": {
        "kind": "call", "subject": "Appeler"}}]}  # fmt: skip
    given = {"open": DUE, "procedures": {"standard": procedure},
             "customers": "C1,<script>alert(1)</script>,business,FR,fr,,,,",
             "policy": {"monitoring": {"summary": {"to": "chef@dubreuil.example"}}}}  # fmt: skip
    stage = new_stage(tmp_path, given)
    stage("run", "--date", DAY)
    (path,) = stage.outbox()
    mail = message_from_bytes(path.read_bytes(), policy=policy.default)
    assert "&lt;script&gt;" in mail.get_body(("html",)).get_content()
    assert "<script" not in mail.get_body(("html",)).get_content()


def test_the_mail_says_that_a_person_is_needed_when_a_brake_held(tmp_path):
    stage = new_stage(
        tmp_path,
        {
            "open": DUE + "\nF2,C2,2026-03-02,2026-04-01,10.00,80.00,EUR,invoice",
            "policy": {
                "limits": {"max_notices": 1},
                "monitoring": {"summary": {"to": "chef@dubreuil.example"}},
            },
        },
    )
    assert stage("run", "--date", DAY).code == 4
    (path,) = stage.outbox()
    mail = message_from_bytes(path.read_bytes(), policy=policy.default)
    assert "nothing was sent, a person is needed" in mail["Subject"]
    assert "relance approve" in mail.get_body(("plain",)).get_content()


def stopped_for(stage: Stage, *days: str) -> None:
    for day in days:
        assert stage("run", "--date", day).code in (1, 4)


def test_a_silence_of_working_days_alarms_though_every_run_ends_well(tmp_path):
    stage = new_stage(
        tmp_path,
        {
            "open": DUE + "\nF2,C2,2026-03-02,2026-04-01,80.00,80.00,EUR,invoice",
            "policy": {"limits": {"max_notices": 1}},
        },
    )
    stopped_for(stage, "2026-04-10", "2026-04-13", "2026-04-14")
    said = stage("run", "--date", "2026-04-15", "--quiet")
    assert "D110: no notice was sent for 3 working days, though some were due" in said.err


def test_no_alarm_when_nothing_was_due(tmp_path):
    stage = new_stage(tmp_path, {"open": DUE.replace("2026-04-01", "2027-04-01")})
    for day in ("2026-04-10", "2026-04-13", "2026-04-14", "2026-04-15", "2026-04-20"):
        said = stage("run", "--date", day)
        assert (said.code, "D110" in said.err) == (0, False)


def test_a_doubt_of_more_than_a_day_alarms_in_every_run(tmp_path):
    stage = watched(tmp_path)
    assert stage("run", "--date", DAY).code == 0
    old = (datetime.now(UTC) - timedelta(hours=25)).isoformat(timespec="microseconds")
    with sqlite3.connect(tmp_path / "relance.db") as connection:
        connection.execute(
            "UPDATE dispatches SET state = 'in_doubt', idempotent = 0, changed = ?", [old]
        )
    connection.close()
    said = stage("run", "--date", "2026-04-13")
    assert said.code == 1
    assert "D111: notices in doubt for more than a day: 1" in said.err
    shown = stage("run", "--date", "2026-04-14", "--json").json
    assert "D111" in {found["code"] for found in shown["diagnostics"]}
