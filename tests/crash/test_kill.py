"""A run is stopped anywhere, then run again: nothing is doubled, nothing is lost in silence."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from channels.http_server import HttpServer
from channels.servers import Scripted
from channels.sms_services import GENERIC, SECRET, SERVICES, WEBHOOK, Service

from .driver import KEYS

SAMPLES = {"kill": 12, "interrupt": 8}
"""At how many steps the gate stops a run."""

LONG = os.environ.get("RELANCE_TESTS") == "long"
"""A long run stops at each line; else it is at some begins and ends of functions."""


def stops(
    folder: Path, channel: dict[str, Any], medium: str, how: str = "kill", server: str = ""
) -> list[Any]:
    """Return what was found after stops all along a run."""
    job = {
        "folder": str(folder / "places"),
        "url": f"{server}?options=-csearch_path%3DPLACE" if server else "sqlite:///relance.db",
        "server": server.replace("+psycopg", ""),
        "channel": channel,
        "medium": medium,
        "recipient": "+33612345678" if medium == "sms" else "b@garage.example",
        "how": how,
        "lines": LONG,
        "samples": 0 if LONG else SAMPLES[how],
    }
    (folder / "job.json").write_text(json.dumps(job))
    driver = Path(__file__).parent / "driver.py"
    command = [sys.executable, str(driver), str(folder / "job.json")]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    found = [json.loads(line) for line in done.stdout.splitlines()]
    assert len(found) > 5
    return found


@pytest.mark.parametrize("how", ["kill", "interrupt"])
@pytest.mark.parametrize(
    ("channel", "medium", "suffix"),
    [
        ({"kind": "outbox", "folder": "out"}, "email", "*.eml"),
        ({"kind": "letter", "folder": "out"}, "letter", "*/*.pdf"),
    ],
)
def test_files_are_all_there_once_and_never_in_doubt(tmp_path, channel, medium, suffix, how):
    for seen in stops(tmp_path, channel, medium, how):
        out = tmp_path / "places" / seen["place"] / "out"
        files = sorted(path.read_text() for path in out.glob(suffix))
        assert [text.partition("/")[2][:32] for text in files] == list(KEYS), seen
        assert seen["levels"] == dict.fromkeys(KEYS, "sent"), seen
        assert seen["doubts"] == []
        assert [state for _, state in seen["third"]] == ["already", "already"]
        left = [path.name for path in out.rglob("*") if path.name.endswith(".part")]
        assert left == []


def check_mail(server: Scripted, found: list[Any]) -> None:
    pattern = re.compile(rb"X-Place: (\d+)/(\w{32})")
    copies = Counter(
        (match[1].decode(), match[2].decode())
        for content in server.accepted
        if (match := pattern.search(content))
    )
    assert set(copies.values()) == {1}
    for seen in found:
        arrived = {key for place, key in copies if place == seen["place"]}
        assert set(seen["levels"]) == set(KEYS), seen
        doubts = {key for key, state in seen["levels"].items() if state == "in_doubt"}
        assert doubts == set(seen["doubts"]), seen
        assert set(KEYS) - doubts <= arrived, seen
        assert len(doubts) <= 1, seen
        assert [state for _, state in seen["third"]] == ["already", "already"]
    assert any(seen["doubts"] for seen in found)
    assert any(not seen["doubts"] for seen in found)


def smtp(server: Scripted) -> dict[str, Any]:
    return {
        "kind": "smtp", "host": "127.0.0.1", "port": server.port, "security": "none",
        "from": "a@lenoir.example",
    }  # fmt: skip


@pytest.mark.parametrize("how", ["kill", "interrupt"])
def test_mail_is_accepted_once_at_most_and_else_shown_in_doubt(tmp_path, how):
    with Scripted().running() as server:
        found = stops(tmp_path, smtp(server), "email", how)
    check_mail(server, found)


def test_mail_with_the_history_on_a_server(tmp_path, postgresql_server):
    with Scripted().running() as server:
        found = stops(tmp_path, smtp(server), "email", server=postgresql_server)
    check_mail(server, found)


def posted(service: Service, server: HttpServer) -> dict[str, Any]:
    filled = {
        name: value.replace("@URL@", server.url) if isinstance(value, str) else value
        for name, value in service.settings.items()
    }
    return {"kind": service.kind, "timeout": 5} | filled


def copies(service: Service, server: HttpServer) -> Counter[tuple[str, str]]:
    pattern = re.compile(rb"X-Place: (\w+)/(\w{32})")
    whole = [r for r in server.taken if len(r.body) == int(r.headers["content-length"])]
    found = (pattern.search(service.text(request)) for request in whole)
    return Counter((match[1].decode(), match[2].decode()) for match in found if match)


def check_posted(service: Service, server: HttpServer, found: list[Any]) -> None:
    arrived = copies(service, server)
    assert set(arrived.values()) == {1}
    for seen in found:
        doubts = set(seen["doubts"])
        assert set(seen["levels"]) == set(KEYS), seen
        assert {key for key in KEYS if arrived[seen["place"], key]} >= set(KEYS) - doubts, seen
        assert len(doubts) <= 1, seen
        assert [state for _, state in seen["third"]] == ["already", "already"]
    assert any(seen["doubts"] for seen in found)


SMS = [service for service in SERVICES if service.in_doubt]


@pytest.mark.parametrize("service", SMS if LONG else [GENERIC], ids=lambda s: s.kind)
def test_an_sms_is_taken_once_at_most_and_else_shown_in_doubt(tmp_path, monkeypatch, service):
    monkeypatch.setenv("SMS_SECRET", SECRET)
    with HttpServer({f"POST {service.path}": service.good}).running() as server:
        found = stops(tmp_path, posted(service, server), service.medium)
    check_posted(service, server, found)


def test_an_sms_with_the_history_on_a_server(tmp_path, monkeypatch, postgresql_server):
    monkeypatch.setenv("SMS_SECRET", SECRET)
    with HttpServer({f"POST {GENERIC.path}": GENERIC.good}).running() as server:
        found = stops(tmp_path, posted(GENERIC, server), "sms", server=postgresql_server)
    check_posted(GENERIC, server, found)


@pytest.mark.parametrize("how", ["kill", "interrupt"])
def test_an_event_may_come_twice_under_one_id_and_is_never_in_doubt(tmp_path, monkeypatch, how):
    monkeypatch.setenv("SMS_SECRET", SECRET)
    with HttpServer({f"POST {WEBHOOK.path}": WEBHOOK.good}).running() as server:
        found = stops(tmp_path, posted(WEBHOOK, server), WEBHOOK.medium, how)
    arrived = copies(WEBHOOK, server)
    for seen in found:
        assert {key for key in KEYS if arrived[seen["place"], key]} == set(KEYS), seen
        assert seen["doubts"] == []
        assert seen["levels"] == dict.fromkeys(KEYS, "sent"), seen
    assert max(arrived.values()) <= 2
    for request in (r for r in server.taken if r.body):
        event = request.json()
        assert request.headers["relance-event"] == event["id"]
        assert event["id"].encode() in WEBHOOK.text(request)
