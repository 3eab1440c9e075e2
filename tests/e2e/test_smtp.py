"""A run of the installed program against a real SMTP server on loopback."""

from __future__ import annotations

import email
import email.policy
import json
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml
from aiosmtpd.controller import Controller

DATE = "2026-03-16"


class Mailbox:
    """Keeps what the server accepted."""

    def __init__(self) -> None:
        self.messages: list[tuple[list[str], bytes]] = []

    async def handle_DATA(self, _server, _session, envelope):  # noqa: N802
        self.messages.append((envelope.rcpt_tos, envelope.content))
        return "250 2.0.0 queued"


@pytest.fixture
def mailbox() -> Iterator[tuple[Mailbox, int]]:
    box = Mailbox()
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    server = Controller(box, hostname="127.0.0.1", port=port)
    server.start()
    yield box, port
    server.stop()


def _by_smtp(project: Path, port: int, **more: object) -> None:
    """Let the e-mails of `project` go to a server on loopback."""
    path = project / "relance.yaml"
    policy = yaml.safe_load(path.read_text("utf-8"))
    server = {"kind": "smtp", "host": "127.0.0.1", "port": port, "security": "none"}
    policy["channels"]["email"] = {**server, "from": policy["creditor"]["email"]}
    path.write_text(yaml.safe_dump(policy | more, allow_unicode=True), "utf-8")


def test_each_reminder_reaches_its_debtor_once(program, copy_of, tmp_path, mailbox):
    box, port = mailbox
    program.home = copy_of("menuiserie-lenoir", tmp_path)
    _by_smtp(program.home, port)
    program("validate")
    program("run", "--dry-run", "--date", DATE)
    assert box.messages == []
    plan = json.loads(program("plan", "--date", DATE, "--json").stdout)
    planned = [n["recipient"] for n in plan["notices"] if n["channel"] == "email"]
    program("run", "--date", DATE)
    program("run", "--date", DATE)
    assert sorted(to for [to], _ in box.messages) == sorted(planned)
    identities = [email.message_from_bytes(content)["Message-ID"] for _, content in box.messages]
    assert len(set(identities)) == len(planned) > 10


def test_a_reminder_is_in_the_language_of_its_debtor_with_text_and_html(
    program, copy_of, tmp_path, mailbox
):
    box, port = mailbox
    program.home = copy_of("menuiserie-lenoir", tmp_path)
    _by_smtp(program.home, port)
    program("run", "--date", DATE)
    by_debtor = {
        to: email.message_from_bytes(c, policy=email.policy.SMTP) for [to], c in box.messages
    }
    german = by_debtor["buchhaltung@holzbau-rheintal.example"]
    text = german.get_body(("plain",)).get_content()
    assert "FA-2026-0012" in text
    assert "8.420,00" in text.replace("\u202f", ".")
    assert german.get_body(("html",)) is not None
    assert german["Auto-Submitted"] == "auto-generated"
    assert german["Message-ID"].endswith("@lenoir.example>")


def test_a_server_that_is_down_sends_nothing_and_the_next_run_sends_all(
    program, copy_of, tmp_path, mailbox
):
    box, port = mailbox
    program.home = copy_of("menuiserie-lenoir", tmp_path)
    with socket.create_server(("127.0.0.1", 0)) as probe:
        closed = probe.getsockname()[1]
    _by_smtp(program.home, closed)
    program("run", "--date", DATE, expect=5)
    _by_smtp(program.home, port)
    program("run", "--date", DATE)
    assert "compta@maurel.example" in [to for [to], _ in box.messages]


def test_the_history_in_postgresql_sends_once(
    program, copy_of, tmp_path, mailbox, postgresql_url: str
):
    box, port = mailbox
    program.home = copy_of("menuiserie-lenoir", tmp_path)
    program.variables["RELANCE_DATABASE"] = postgresql_url
    _by_smtp(program.home, port, database="env:RELANCE_DATABASE")
    program("run", "--date", DATE)
    sent = len(box.messages)
    assert sent > 0
    program("run", "--date", DATE)
    assert len(box.messages) == sent
    assert not (program.home / "relance.db").exists()
