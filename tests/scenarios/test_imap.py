"""Answers and bounces out of a real mailbox on loopback: ours, scripted, and Debian's Dovecot."""

from __future__ import annotations

import imaplib
import os
import pwd
import shutil
import ssl
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from channels.servers import certificate, free_port

from .imap_server import HANG, PASSWORD, USER, ImapServer
from .stage import Said, Stage, new_stage
from .test_answers import DAY, answer, bounce, kinds, sent


@pytest.fixture
def server(tmp_path) -> Iterator[ImapServer]:
    with ImapServer(certificate(tmp_path)[1]).running() as running:
        yield running


@pytest.fixture
def stage(tmp_path, server, monkeypatch) -> Stage:
    monkeypatch.setenv("INBOX_PASSWORD", PASSWORD)
    made = new_stage(tmp_path / "project", {"policy": {"inbox": settings(tmp_path, server.port)}})
    assert made("run", "--date", DAY).code == 0
    return made


def settings(folder: Path, port: int, **more: object) -> dict:
    given = {"kind": "imap", "host": "127.0.0.1", "port": port, "user": USER, "days": 3650,
             "password": "env:INBOX_PASSWORD", "ca_file": str(folder / "cert.pem"), "timeout": 2}  # fmt: skip
    return given | more


def read(stage: Stage) -> Said:
    return stage("inbox", "--json", "--date", DAY)


def test_bounces_and_answers_are_taken_once_and_the_mailbox_stays_as_it_was(stage, server):
    notice = sent(stage)
    server.put(
        answer(notice).encode(),
        bounce(notice).encode(),
        answer(None, sender="x@y.example", name="a2").encode(),
    )
    before = {name: dict(box) for name, box in server.folders.items()}
    said = read(stage)
    assert kinds(said.json) == ["reply", "bounced", "unmatched"]
    assert read(stage).json["mails"] == []
    assert (server.folders, server.flags) == (before, {})
    assert not [
        c for c in server.commands if c.startswith(("SELECT", "UID STORE", "UID MOVE", "CLOSE"))
    ]


def test_a_mailbox_that_was_made_anew_gives_nothing_twice(stage, server):
    """UIDs are given anew with it; what tells mails apart are their headers."""
    server.put(answer(sent(stage)).encode())
    assert kinds(read(stage).json) == ["reply"]
    server.validity = 8
    server.folders["INBOX"] = {99: server.folders["INBOX"][1]}
    assert read(stage).json["mails"] == []


@pytest.mark.parametrize("capabilities", ["IMAP4rev1 MOVE UIDPLUS", "IMAP4rev1 UIDPLUS AUTH=PLAIN"])
def test_what_was_understood_is_marked_and_moved_if_asked_for(
    stage, server, tmp_path, capabilities
):
    server.capabilities = capabilities
    server.replies["LOGIN"] = "OK in"
    server.folders["Relances/Re&AOc-us"] = {}
    moved = settings(tmp_path, server.port, seen=True, move_to="Relances/Reçus")
    stage.policy({"inbox": moved})
    server.put(answer(sent(stage)).encode(), answer(None, sender="x@y.example", name="a2").encode())
    assert read(stage).code == 0
    assert list(server.folders["INBOX"]) == [2]
    assert list(server.folders["Relances/Re&AOc-us"]) == [1]
    assert 2 not in server.flags


def test_a_folder_that_cannot_be_moved_to_loses_nothing(stage, server, tmp_path):
    stage.policy({"inbox": settings(tmp_path, server.port, move_to="Done")})
    server.replies["UID MOVE"] = "NO [TRYCREATE] no such folder"
    server.put(answer(sent(stage)).encode())
    said = read(stage)
    assert (said.code, kinds(said.json)) == (0, ["reply"])
    assert [d["code"] for d in said.json["diagnostics"]] == ["D085"]
    del server.replies["UID MOVE"]
    server.folders["Done"] = {}
    assert read(stage).json["mails"] == []
    assert list(server.folders["Done"]) == [1]


@pytest.mark.parametrize(
    ("verb", "reply"),
    [
        ("AUTHENTICATE", "NO [AUTHENTICATIONFAILED] wrong"),
        ("AUTHENTICATE", "drop"),
        ("EXAMINE", "NO no such folder"),
        ("EXAMINE", "drop"),
        ("UID SEARCH", "BAD what"),
        ("UID SEARCH", HANG),
        ("UID FETCH", "drop"),
        ("UID FETCH", "NO later"),
        ("CAPABILITY", "drop"),
    ],
)
def test_a_server_that_fails_at_any_verb_takes_nothing(stage, server, verb, reply):
    server.put(answer(sent(stage)).encode())
    server.replies[verb] = reply
    before = stage("history", "--json").out
    said = read(stage)
    assert said.code == 5, said
    assert PASSWORD not in said.err + said.out
    assert stage("history", "--json").out == before
    server.replies.clear()
    assert kinds(read(stage).json) == ["reply"]


def test_a_server_that_is_not_there(stage, tmp_path):
    stage.policy({"inbox": settings(tmp_path, free_port())})
    assert read(stage).code == 5


def test_a_server_that_cannot_be_trusted_is_given_no_password(stage, server, tmp_path):
    stage.policy({"inbox": settings(tmp_path, server.port, ca_file="null")})
    said = read(stage)
    assert said.code == 5
    assert "certificate" in said.err.lower()
    assert server.commands == []


def test_starttls_is_never_done_without(stage, server, tmp_path):
    server.wrapped = False
    stage.policy({"inbox": settings(tmp_path, server.port, security="starttls")})
    server.put(answer(sent(stage)).encode())
    assert kinds(read(stage).json) == ["reply"]
    server.capabilities = "IMAP4rev1 AUTH=PLAIN"
    server.commands.clear()
    assert read(stage).code == 5
    assert not [c for c in server.commands if c.startswith(("AUTHENTICATE", "LOGIN"))]


def test_an_announcement_of_gigabytes_is_not_awaited(stage, server, monkeypatch):
    server.put(answer(sent(stage)).encode())
    monkeypatch.setattr(server, "_fetched", lambda *_: b"* 1 FETCH (UID 1 BODY[] {9999999999}\r\n")
    assert read(stage).code == 5


def test_more_mails_than_are_read_at_once_wait_for_the_next_time(stage, server, monkeypatch):
    from relance.runs import inbox

    monkeypatch.setattr(inbox, "MOST", 2)
    server.put(*(answer(None, sender="x@y.example", name=f"a{n}").encode() for n in range(5)))
    lengths = [(len(said["mails"]), said["left"]) for said in (read(stage).json for _ in range(3))]
    assert lengths == [(2, 3), (2, 1), (1, 0)]


DOVECOT = """
protocols = imap
base_dir = {folder}/run
state_dir = {folder}/state
log_path = {folder}/log
ssl = required
ssl_cert = <{folder}/cert.pem
ssl_key = <{folder}/key.pem
listen = 127.0.0.1
mail_location = maildir:{folder}/mail
default_internal_user = {owner}
default_login_user = {owner}
default_internal_group = {group}
first_valid_uid = 0
first_valid_gid = 0
service anvil {{
  chroot =
}}
service imap-login {{
  chroot =
  inet_listener imap {{
    port = 0
  }}
  inet_listener imaps {{
    port = {port}
  }}
}}
passdb {{
  driver = static
  args = password={password}
}}
userdb {{
  driver = static
  args = uid={owner} gid={group} home={folder}/home
}}
"""


@pytest.fixture
def dovecot(tmp_path) -> Iterator[int]:
    """A Dovecot on loopback that serves the maildir `mail`."""
    program = shutil.which("dovecot") or shutil.which("dovecot", path="/usr/sbin")
    if program is None:
        pytest.skip("Dovecot is not installed")
    folder = Path("/tmp") / f"relance-dovecot-{os.getpid()}"
    shutil.rmtree(folder, ignore_errors=True)
    (folder / "mail/new").mkdir(parents=True)
    for name in ("mail/cur", "mail/tmp", "run", "state", "home"):
        (folder / name).mkdir()
    certificate(folder)
    person = pwd.getpwnam("dovecot") if os.geteuid() == 0 else pwd.getpwuid(os.geteuid())
    port = free_port()
    import grp

    text = DOVECOT.format(
        folder=folder, owner=person.pw_name, group=grp.getgrgid(person.pw_gid).gr_name, port=port, password=PASSWORD,
    )  # fmt: skip
    (folder / "dovecot.conf").write_text(text)
    if os.geteuid() == 0:
        for path in [folder, *folder.rglob("*")]:
            os.chown(path, person.pw_uid, person.pw_gid)
    process = subprocess.Popen(
        [program, "-F", "-c", str(folder / "dovecot.conf")], stderr=subprocess.DEVNULL
    )
    try:
        _await(folder, port)
        shutil.copy(folder / "cert.pem", tmp_path / "dovecot.pem")
        (tmp_path / "dovecot").symlink_to(folder)
        yield port
    finally:
        process.terminate()
        process.wait()
        shutil.rmtree(folder, ignore_errors=True)


def _await(folder: Path, port: int) -> None:
    context = ssl.create_default_context(cafile=str(folder / "cert.pem"))
    for _ in range(100):
        try:
            imaplib.IMAP4_SSL("127.0.0.1", port, ssl_context=context, timeout=2).logout()
        except OSError:
            time.sleep(0.1)
        else:
            return
    pytest.skip(f"Dovecot does not start here: {(folder / 'log').read_text()[-500:]}")


def test_dovecot_is_read_without_a_trace_and_moved_if_asked_for(stage, dovecot, tmp_path):
    given = settings(tmp_path, dovecot, ca_file=str(tmp_path / "dovecot.pem"))
    stage.policy({"inbox": given})
    mail = tmp_path / "dovecot/mail"
    notice = sent(stage)
    for number, text in enumerate(
        [answer(notice), bounce(notice), answer(None, sender="x@y.example", name="a2")]
    ):
        (mail / "new" / f"{number}.test").write_text(text)
        (mail / "new" / f"{number}.test").chmod(0o666)
    assert sorted(kinds(read(stage).json)) == ["bounced", "reply", "unmatched"]
    assert read(stage).json["mails"] == []
    flagged = [p.name for p in (mail / "cur").iterdir() if "S" in p.name.partition(":2,")[2]]
    assert flagged == []
    context = ssl.create_default_context(cafile=str(tmp_path / "dovecot.pem"))
    with imaplib.IMAP4_SSL("127.0.0.1", dovecot, ssl_context=context) as client:
        client.login(USER, PASSWORD)
        client.create('"Lus &- &AOk-crits"')
    stage.policy({"inbox": given | {"seen": True, "move_to": "Lus & écrits"}})
    assert read(stage).code == 0
    assert len(list((mail / ".Lus &- &AOk-crits/cur").iterdir())) == 2
    assert len([*(mail / "cur").iterdir(), *(mail / "new").iterdir()]) == 1
