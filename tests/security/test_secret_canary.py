"""Secrets: whatever runs do and however they fail, none is in what they write or say."""

from __future__ import annotations

import base64
from pathlib import Path
from typing import Any

import pytest

from channels.http_server import HttpServer, Seen, Step, status
from channels.servers import Scripted, free_port
from scenarios.stage import Fields, Said, Stage, new_stage, spawn

CANARY = "canary-4711-s3cret"
DAY = "2026-04-08"
SPELLINGS = (
    CANARY, base64.b64encode(CANARY.encode()).decode().rstrip("="),
    base64.b64encode(b"\0robot\0" + CANARY.encode()).decode(), CANARY.encode().hex(),
)  # fmt: skip
MAILS: Fields = {
    "kind": "smtp", "host": "127.0.0.1", "port": 0, "security": "none", "user": "robot",
    "password": "env:CANARY", "from": "compta@firm.example", "folder": None,
}  # fmt: skip
COMMANDS = (
    ("validate",), ("doctor",), ("plan", "--json", "--date", DAY), ("run", "--dry-run", "--date", DAY),
    ("run", "--log", "run.log", "--log-names", "--date", DAY), ("status", "--json", "--date", DAY),
    ("history", "--json"), ("doubt", "list"), ("explain", "F1", "--date", DAY), ("schema",),
    ("run", "--json", "--date", DAY), ("history", "verify"),
)  # fmt: skip


def check(stage: Stage, said: list[Said]) -> None:
    """See that no spelling of the canary was said or written."""
    texts = [text for one in said for text in (one.out, one.err)]
    texts += [
        path.read_bytes().decode("latin-1")
        for path in stage.root.rglob("*")
        if path.is_file() and path.name != "password.txt"
    ]
    for spelling in SPELLINGS:
        assert not [text for text in texts if spelling in text], spelling


def driven(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> list[Said]:
    """Run the commands as they are, and once more as one who looks for a fault."""
    monkeypatch.setenv("CANARY", CANARY)
    monkeypatch.chdir(stage.root)
    said = [stage(*words) for words in COMMANDS]
    monkeypatch.setenv("RELANCE_DEBUG", "1")
    words = ["run", "--log", "-", "-C", str(stage.root), "--date", "2026-04-30"]
    environment = {"CANARY": CANARY, "RELANCE_DEBUG": "1"}
    try:
        said.append(spawn(*words, cwd=stage.root, **environment))
    except AssertionError as traceback:  # what it says is looked at all the same
        said.append(Said(5, "", str(traceback)))
    return said


def echo(_request: str = "") -> str:
    encoded = base64.b64encode(b"\0robot\0" + CANARY.encode()).decode()
    return f"password {CANARY} {encoded} of robot"


SMTP: dict[str, dict[str, str | list[str]]] = {
    "accepted": {"EHLO": "250-mx.example\r\n250 AUTH PLAIN LOGIN"},
    "refused": {"EHLO": "250-mx.example\r\n250 AUTH PLAIN", "AUTH": "535 5.7.8 no"},
    "refused and echoed": {"EHLO": "250-mx.example\r\n250 AUTH PLAIN", "AUTH": f"535 {echo()}"},
    "echoed later": {"EHLO": "250-mx.example\r\n250 AUTH PLAIN", "RCPT": f"550 5.1.1 {echo()}"},
    "echoed at the end": {"EHLO": "250-mx.example\r\n250 AUTH PLAIN", "dot": f"554 {echo()}"},
    "echoed as accepted": {"EHLO": "250-mx.example\r\n250 AUTH PLAIN", "dot": f"250 {echo()}"},
    "cut off": {"EHLO": "250-mx.example\r\n250 AUTH PLAIN", "dot": "drop"},
    "without AUTH": {"EHLO": "250 mx.example"},
}


@pytest.mark.parametrize("way", SMTP)
def test_the_password_of_a_mail_server_is_nowhere(
    way: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Scripted(dict(SMTP[way])).running() as server:
        stage = new_stage(
            tmp_path / "firm", {"policy": {"channels": {"email": {**MAILS, "port": server.port}}}}
        )
        said = driven(stage, monkeypatch)
    assert server.connections > 0
    check(stage, said)


def test_a_server_that_is_not_there_learns_and_tells_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    mails = {**MAILS, "port": free_port()}
    stage = new_stage(tmp_path / "firm", {"policy": {"channels": {"email": mails}}})
    check(stage, driven(stage, monkeypatch))


def _told_back(request: Seen) -> Step:
    said = " ".join([*request.headers.values(), request.body.decode("latin-1"), request.path])
    return status(400, said.encode())


@pytest.mark.parametrize("reply", ["told back", "accepted", "not there"])
def test_the_key_of_a_service_is_nowhere(
    reply: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    script: dict[str, Any] = {"*": status(200, {"id": "1"}) if reply == "accepted" else _told_back}
    with HttpServer(script).running() as server:
        url = server.url if reply != "not there" else f"http://127.0.0.1:{free_port()}"
        service = {
            "kind": "sms-http", "country": "FR", "url": f"{url}/send", "id": "id", "headers": {"X-Key": "{token}"},
            "body": '{"to": "{recipient}", "text": "{text}", "key": "{token}"}',
            "secrets": {"token": "env:CANARY"},
        }  # fmt: skip
        level = {"id": "a", "days": 5, "channel": "sms", "template": "reminder"}
        stage = new_stage(
            tmp_path / "firm",
            {
                "policy": {"channels": {"sms": service}},
                "procedures": {"standard": {"levels": [level]}},
            },
        )
        text = (stage.root / "customers.csv").read_text().replace("email", "mobile")
        stage.write("customers.csv", text.replace("c1@client.example", "+33 6 00 00 00 01"))
        said = driven(stage, monkeypatch)
    assert said[0].code == 0, said[0]
    if reply != "not there":
        assert server.seen
        assert CANARY in " ".join(server.seen[0].headers.values())
    check(stage, said)


DATABASES = {
    "unreachable": f"postgresql+psycopg://robot:{CANARY}@127.0.0.1:1/relance",
    "no such host": f"postgresql://robot:{CANARY}@nowhere.invalid/relance",
    "of another kind": f"mysql://robot:{CANARY}@127.0.0.1/relance",
    "no URL": f"postgresql//robot:{CANARY}@x",
    "odd port": f"postgresql://robot:{CANARY}@127.0.0.1:port/relance",
    "two signs": f"postgresql://robot:{CANARY}@{CANARY}@127.0.0.1:1/relance",
    "in the query": f"postgresql://127.0.0.1:1/relance?user=robot&password={CANARY}",
}


@pytest.mark.parametrize("kind", DATABASES)
def test_the_password_of_a_database_is_nowhere(
    kind: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE", DATABASES[kind])
    stage = new_stage(tmp_path / "firm", {"policy": {"database": "env:DATABASE"}})
    said = driven(stage, monkeypatch)
    assert 5 in {one.code for one in said}
    check(stage, said)


FILES = {"open to all": 0o644, "to the group": 0o640, "private": 0o600}


@pytest.mark.parametrize("kind", FILES)
def test_a_secret_in_a_file_is_nowhere_and_wants_a_private_file(
    kind: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    mails = {**MAILS, "port": free_port(), "password": "file:password.txt"}
    stage = new_stage(tmp_path / "firm", {"policy": {"channels": {"email": mails}}})
    path = stage.root / "password.txt"
    path.write_text(CANARY + "\n")
    path.chmod(FILES[kind])
    said = driven(stage, monkeypatch)
    check(stage, said)
    text = " ".join(one.err + one.out for one in said)
    assert ("its owner alone can read" in text) == (kind != "private")


@pytest.mark.parametrize("key", ["password", "database"])
def test_a_secret_written_into_the_policy_is_refused_and_not_repeated(
    key: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    changes: Fields = {"channels": {"email": {**MAILS, "port": 25, "password": CANARY}}}
    if key == "database":
        changes = {"database": f"postgresql://robot:{CANARY}@127.0.0.1/x"}
    stage = new_stage(tmp_path / "firm", {"policy": changes})
    said = driven(stage, monkeypatch)
    assert {one.code for one in said if one.code != 0} <= {2, 5}
    assert said[0].code == 2
    for one in said:
        assert CANARY not in one.out + one.err
