"""A reply that is lost: in doubt, shown, and neither repeated nor escalated until settled."""

from __future__ import annotations

from pathlib import Path

from channels.servers import DROP, Scripted

from .stage import Stage, new_stage, verdicts


def _smtp(port: int) -> dict[str, object]:
    return {
        "kind": "smtp", "host": "127.0.0.1", "port": port, "security": "none",
        "from": "compta@dubreuil.example", "folder": None,
    }  # fmt: skip


def _stage(tmp_path: Path, port: int) -> Stage:
    channels = {"channels": {"email": _smtp(port)}}
    return new_stage(tmp_path / "p", {"policy": channels})


def test_a_lost_reply_is_in_doubt_until_somebody_says_what_happened(tmp_path: Path) -> None:
    with Scripted({"dot": [DROP]}).running() as server:
        stage = _stage(tmp_path, server.port)
        assert stage("run", "--date", "2026-04-08").code == 1
        assert stage("run", "--date", "2026-04-22").code in (0, 1)
        assert len(server.received) == 1
        assert verdicts(stage.plan("2026-04-22")) == {"F1": "in_doubt"}
        (doubt,) = stage("doubt", "list", "--json").json["doubts"]
        assert stage("doubt", "sent", doubt["key"], "--date", "2026-04-22").code == 0
        assert stage.plan("2026-04-22")["notices"][0]["level"] == "reminder-2"


def test_a_notice_that_did_not_leave_goes_out_again_to_the_byte(tmp_path: Path) -> None:
    with Scripted({"dot": [DROP]}).running() as server:
        stage = _stage(tmp_path, server.port)
        assert stage("run", "--date", "2026-04-08").code == 1
        (doubt,) = stage("doubt", "list", "--json").json["doubts"]
        assert stage("doubt", "resend", doubt["key"], "--date", "2026-04-09").code == 0
        assert stage("run", "--date", "2026-04-09").code == 0
        assert len(server.received) == 2
        assert server.received[0] == server.received[1]
        assert stage("run", "--date", "2026-04-09").code == 0
        assert len(server.received) == 2


def test_a_server_that_is_down_is_told_and_nothing_is_lost(tmp_path: Path) -> None:
    stage = _stage(tmp_path, 9)
    assert stage("run", "--date", "2026-04-08").code == 5
    with Scripted().running() as server:
        stage.policy({"channels": {"email": _smtp(server.port)}})
        assert stage("run", "--date", "2026-04-09").code == 0
        assert len(server.accepted) == 1


def test_a_recipient_that_is_refused_is_no_notice(tmp_path: Path) -> None:
    with Scripted({"RCPT": ["550 5.1.1 no such user"]}).running() as server:
        stage = _stage(tmp_path, server.port)
        assert stage("run", "--date", "2026-04-08").code == 1
        plan = stage.plan("2026-04-22")
        assert plan["notices"] == []
        assert verdicts(plan) == {"F1": "unreachable"}
        (task,) = plan["tasks"]
        assert (task["kind"], task["receivables"]) == ("find_address", ["F1"])
        stage.customers("C1,Client Un,business,FR,fr,new@client.example,1 rue Haute,75001,Paris")
        assert stage.plan("2026-04-22")["notices"][0]["level"] == "reminder-1"


def test_the_mail_to_the_team_tells_a_doubt_until_it_is_settled(tmp_path: Path) -> None:
    with Scripted({"dot": [DROP]}).running() as server:
        stage = _stage(tmp_path, server.port)
        stage("run", "--date", "2026-04-09")
        team = {"email": _smtp(server.port), "team": {"kind": "outbox", "folder": "team"}}
        mail = {"to": "chef@dubreuil.example", "channel": "team"}
        stage.policy({"channels": team, "monitoring": {"summary": mail}})
        stage("run", "--date", "2026-04-10")
    (path,) = (stage.root / "team").rglob("*.eml")
    text = path.read_text()
    assert "to look at: 1" in text
    assert "1 item: settle it by `relance doubt`" in text
