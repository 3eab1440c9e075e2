"""Notices that leave, come back or are answered, over real runs: what the next run does about it."""

from __future__ import annotations

import email
import os
import signal
import subprocess
import sys
from email.utils import formatdate
from pathlib import Path

import pytest

from .stage import Stage, new_stage, spawn

DAY = "2026-04-10"  # F1 is due on the first of April: its first reminder leaves
ENVELOPE = "Return-Path: <>\nFrom: MAILER-DAEMON@mx.dubreuil.example\nTo: compta@dubreuil.example\n"


@pytest.fixture
def stage(tmp_path) -> Stage:
    """A project whose first reminder has left, with a maildir to answer to."""
    made = new_stage(
        tmp_path / "project",
        {
            "policy": {"inbox": {"kind": "maildir", "path": "mail", "days": 3650}},
            "procedures": {
                "standard": {
                    "levels": [
                        {
                            "id": "reminder-1",
                            "days": 5,
                            "channel": ["email", "letter"],
                            "template": "reminder",
                        },
                        {
                            "id": "reminder-2",
                            "days": 20,
                            "channel": ["email", "letter"],
                            "template": "reminder",
                        },
                    ]
                }
            },
            "open": "F1,C1,2026-03-02,2026-04-01,250.50,250.50,EUR,invoice\n"
            "F2,C2,2026-03-02,2026-04-01,80.00,80.00,EUR,invoice",
        },
    )
    for folder in ("new", "cur", "tmp"):
        (made.root / "mail" / folder).mkdir(parents=True)
    return made


def sent(stage: Stage, debtor: str = "c1") -> email.message.Message:
    """Run, and return the e-mail that left to a debtor."""
    if not stage.outbox():
        assert stage("run", "--date", DAY).code == 0
    mails = [email.message_from_bytes(p.read_bytes()) for p in stage.outbox() if p.suffix == ".eml"]
    return next(m for m in mails if m["To"] == f"{debtor}@client.example")


def put(stage: Stage, name: str, text: str) -> None:
    stage.write(f"mail/new/{name}", text)


def bounce(
    notice: email.message.Message,
    *,
    status: str = "5.1.1",
    action: str = "failed",
    to: str = "",
    name: str = "d1",
    returned: bool = True,
    sender: str = "",
) -> str:
    original = (
        f"--b\nContent-Type: text/rfc822-headers\n\nFrom: {sender or notice['From']}\nTo: {notice['To']}\n"
        f"Message-ID: {notice['Message-ID']}\n"
    )
    return (
        f"{ENVELOPE}Subject: Undelivered Mail\nMessage-ID: <{name}@mx>\nDate: {notice['Date']}\nMIME-Version: 1.0\n"
        "Content-Type: multipart/report; report-type=delivery-status; boundary=b\n\n"
        "--b\nContent-Type: text/plain\n\nsorry\n"
        "--b\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; mx\n\n"
        f"Final-Recipient: rfc822; {to or notice['To']}\nAction: {action}\nStatus: {status}\n"
        "Diagnostic-Code: smtp; 550 said the server\n\n"
        f"{original if returned else ''}--b--\n"
    )


def answer(
    notice: email.message.Message | None,
    *,
    text: str = "Nous payons vendredi.",
    sender: str = "c1@client.example",
    name: str = "a1",
    headers: str = "",
) -> str:
    thread = f"In-Reply-To: {notice['Message-ID']}\n" if notice else ""
    return (
        f"From: Client <{sender}>\nTo: compta@dubreuil.example\nSubject: Re: Relance\n{thread}{headers}"
        f"Message-ID: <{name}@client.example>\nDate: Sat, 11 Apr 2026 09:00:00 +0200\n\n{text}\n"
    )


def inbox(stage: Stage, day: str = DAY, *more: str) -> dict:
    said = stage("inbox", "--json", "--date", day, *more)
    assert said.code == 0, said
    return said.json


def events(stage: Stage) -> list[dict]:
    return stage("history", "--json").json["events"]


def kinds(read: dict) -> list[str]:
    return [mail["kind"] for mail in read["mails"]]


def test_what_came_back_is_no_level_and_the_next_run_writes_a_letter(stage):
    put(stage, "1", bounce(sent(stage)))
    read = inbox(stage)
    assert kinds(read) == ["bounced"]
    assert read["mails"][0]["debtor"] == "C1"
    assert read["mails"][0]["detail"].startswith("5.1.1")
    plan = stage.plan("2026-04-13")
    [notice] = [n for n in plan["notices"] if n["debtor"] == "C1"]
    assert (notice["level"], notice["channel"]) == ("reminder-1", "letter")
    [said] = [d for d in plan["diagnostics"] if d["code"] == "D090"]
    assert "c1@client.example" in said["message"]
    assert stage("run", "--date", "2026-04-13").code == 0
    assert [p.suffix for p in stage.outbox()].count(".pdf") == 1
    assert stage.verdict("F2", "2026-04-13") in ("not_due", "interval")


def test_where_no_other_channel_leads_a_person_finds_the_address(stage):
    stage.customers(
        "C1,Client C1,business,FR,fr,c1@client.example,,,\n"
        "C2,Client C2,business,FR,fr,c2@client.example,,,\n"
    )
    put(stage, "1", bounce(sent(stage)))
    inbox(stage)
    plan = stage.plan("2026-04-13")
    [task] = plan["tasks"]
    assert (task["kind"], task["debtor"]) == ("find_address", "C1")
    assert "c1@client.example" in task["subject"]
    assert stage("run", "--date", "2026-04-13").code == 0
    stage.customers(
        "C1,Client C1,business,FR,fr,new@client.example,,,\nC2,Client C2,business,FR,fr,c2@client.example,,,\n"
    )
    [notice] = stage.plan("2026-04-14")["notices"]
    assert (notice["level"], notice["recipient"]) == ("reminder-1", "new@client.example")


def test_a_second_address_that_fails_is_told_again(stage):
    bare = "C1,Client C1,business,FR,fr,{},,,\nC2,Client C2,business,FR,fr,c2@client.example,,,\n"
    stage.customers(bare.format("c1@client.example"))
    put(stage, "1", bounce(sent(stage)))
    inbox(stage)
    assert stage("run", "--date", "2026-04-13").code == 0
    stage.customers(bare.format("c9@client.example"))
    assert stage("run", "--date", "2026-04-14").code == 0
    put(stage, "2", bounce(sent(stage, "c9"), name="d2"))
    assert kinds(inbox(stage, "2026-04-14")) == ["bounced"]
    tasks = [t for t in stage.plan("2026-04-15")["tasks"] if t["kind"] == "find_address"]
    assert len(tasks) == 1
    assert "c9@client.example" in tasks[0]["subject"]


def test_a_full_mailbox_is_tried_again_a_day_later_at_the_same_address(stage):
    put(stage, "1", bounce(sent(stage), status="5.2.2"))
    assert kinds(inbox(stage)) == ["returned"]
    [notice] = stage.plan("2026-04-13")["notices"]
    assert (notice["level"], notice["channel"]) == ("reminder-1", "email")
    assert "to be tried again" in stage("explain", "F1", "--date", DAY).out


@pytest.mark.parametrize(
    ("action", "status", "kind"),
    [
        ("delayed", "4.4.1", "delayed"),
        ("delivered", "2.0.0", "delivered"),
        ("relayed", "2.0.0", "delivered"),
    ],
)
def test_what_is_on_its_way_or_arrived_is_noted_and_changes_nothing(stage, action, status, kind):
    put(stage, "1", bounce(sent(stage), status=status, action=action))
    before = stage.plan("2026-04-13")
    assert kinds(inbox(stage)) == [kind]
    assert stage.plan("2026-04-13") == before
    assert [e["type"] for e in stage("explain", "F1", "--json", "--date", DAY).json["history"]][
        -1
    ] == kind


def test_a_report_without_the_mail_is_tied_by_its_address_and_its_day(stage):
    report = bounce(sent(stage), returned=False)
    old = report.replace("Date: ", "Date: Wed, 01 Apr 2020 08:00:00 +0200\nX-Date: ", 1)
    now = report.replace("Date: ", f"Date: {formatdate()}\nX-Date: ", 1)
    put(stage, "1", old)
    assert kinds(inbox(stage)) == ["unmatched"]
    put(stage, "2", now)
    [mail] = inbox(stage)["mails"]
    assert (mail["kind"], mail["debtor"]) == ("bounced", "C1")


def test_each_mail_is_taken_once_however_often_it_is_read(stage):
    put(stage, "1", bounce(sent(stage)))
    put(stage, "2", answer(sent(stage, "c2"), sender="c2@client.example"))
    assert sorted(kinds(inbox(stage))) == ["bounced", "reply"]
    before = events(stage)
    assert inbox(stage)["mails"] == []
    (stage.root / "mail/new/1").rename(stage.root / "mail/cur/1:2,S")
    assert inbox(stage)["mails"] == []
    assert events(stage) == before


def test_two_bounces_of_one_mail_void_it_once(stage):
    notice = sent(stage)
    put(stage, "1", bounce(notice, status="4.4.1", action="delayed", name="d1"))
    put(stage, "2", bounce(notice, name="d2"))
    put(stage, "3", bounce(notice, name="d3"))
    assert sorted(kinds(inbox(stage))) == ["bounced", "delayed", "stale"]


def test_the_mailbox_stays_as_it_was(stage):
    put(stage, "1", bounce(sent(stage)))
    put(stage, "2", answer(None, sender="stranger@x.example"))
    mail = {n: h for n, h in stage.bytes_of().items() if n.startswith("mail")}
    inbox(stage)
    assert {n: h for n, h in stage.bytes_of().items() if n.startswith("mail")} == mail


def test_a_dry_run_changes_nothing_at_all(stage):
    put(stage, "1", bounce(sent(stage)))
    put(stage, "2", answer(sent(stage, "c2"), sender="c2@client.example"))
    before = stage.bytes_of()
    assert sorted(kinds(inbox(stage, DAY, "--dry-run"))) == ["bounced", "reply"]
    assert stage.bytes_of() == before
    assert sorted(kinds(inbox(stage))) == ["bounced", "reply"]


FORGED = [
    pytest.param({"to": "victim@other.example", "returned": False}, id="another-address"),
    pytest.param({"sender": "billing@other.example"}, id="returned-mail-is-not-ours"),
]


@pytest.mark.parametrize("how", FORGED)
def test_a_forged_report_voids_nothing(stage, how):
    put(stage, "1", bounce(sent(stage), **how))
    assert kinds(inbox(stage)) in (["unmatched"], ["stale"])
    assert stage.verdict("F1", "2026-04-13") in ("not_due", "interval")


def test_a_report_about_another_address_than_the_mail_went_to_voids_nothing(stage):
    """Who knows the Message-ID of one notice cannot void that of somebody else."""
    notice, other = sent(stage), sent(stage, "c2")
    text = bounce(notice, to="c2@client.example").replace(notice["To"], other["To"])
    put(stage, "1", text)
    assert kinds(inbox(stage)) == ["unmatched"]
    assert {stage.verdict(n, "2026-04-13") for n in ("F1", "F2")} <= {"not_due", "interval"}


def test_a_level_that_never_left_cannot_come_back(stage):
    """The report is of another creditor's notice: here it was planned, and never sent."""
    notice = sent(stage)
    other = new_stage(
        stage.root.parent / "other",
        {"policy": {"inbox": {"kind": "maildir", "path": "mail", "days": 3650}}},
    )
    for folder in ("new", "cur"):
        (other.root / "mail" / folder).mkdir(parents=True)
    put(other, "1", bounce(notice))
    assert kinds(inbox(other)) == ["unmatched"]
    assert other.verdict("F1", DAY) == "act"


def test_an_answer_holds_the_debtor_and_becomes_a_task_with_its_text(stage):
    put(
        stage,
        "1",
        answer(sent(stage), text="Nous payons vendredi.\n\nLe 10 avril, Dubreuil a écrit :\n> F1"),
    )
    [mail] = inbox(stage, "2026-04-13")["mails"]
    assert (mail["kind"], mail["debtor"], mail["held_until"]) == ("reply", "C1", "2026-04-19")
    assert mail["text"] == "Nous payons vendredi."
    plan = stage.plan("2026-04-13")
    [task] = plan["tasks"]
    assert (task["kind"], task["debtor"], task["receivables"]) == ("read_reply", "C1", ["F1"])
    assert "Nous payons vendredi." in task["text"]
    [held] = [h for h in plan["held"] if h["number"] == "F1"]
    assert (held["verdict"], held["until"]) == ("blocked", "2026-04-20")
    assert "c1@client.example: Re: Relance" in held["reason"]
    assert stage("run", "--date", "2026-04-13").code == 0
    assert stage.plan("2026-04-13")["tasks"] == []
    explained = stage("explain", "F1", "--json", "--date", "2026-04-13").json
    assert "reply" in [e["type"] for e in explained["history"]]
    assert "answer of the debtor" in stage("history").out


def test_the_hold_ends_by_itself(stage):
    put(stage, "1", answer(sent(stage)))
    inbox(stage, "2026-04-15")
    assert stage.verdict("F1", "2026-04-21") == "blocked"
    assert stage.verdict("F1", "2026-04-22") == "act"


def test_who_dealt_with_an_answer_ends_the_hold(stage):
    put(stage, "1", answer(sent(stage)))
    inbox(stage, "2026-04-21")
    assert stage.verdict("F1", "2026-04-22") == "blocked"
    assert stage("record", "reply_handled", "F1", "--date", "2026-04-22").code == 2
    assert stage("record", "reply_handled", "--debtor", "C1", "--date", "2026-04-22").code == 0
    assert stage.verdict("F1", "2026-04-22") == "act"


def test_a_hold_of_no_days_only_makes_the_task(stage):
    stage.policy({"inbox": {"kind": "maildir", "path": "mail", "days": 3650, "hold": 0}})
    put(stage, "1", answer(sent(stage)))
    assert inbox(stage, "2026-04-21")["mails"][0]["held_until"] is None
    stage.procedures()
    plan = stage.plan("2026-04-22")
    assert [t["kind"] for t in plan["tasks"]] == ["read_reply"]
    assert "blocked" not in plan["summary"]


@pytest.mark.parametrize(
    ("event", "options", "verdict"),
    [
        ("block", ["--reason", "avocat"], "blocked"),
        ("dispute", [], "disputed"),
        ("promise", ["--until", "2026-06-30"], "promised"),
    ],
)
def test_an_answer_takes_no_place_of_what_a_person_recorded(stage, event, options, verdict):
    notice = sent(stage)
    assert stage("record", event, "--debtor", "C1", *options, "--date", "2026-04-12").code == 0
    put(stage, "1", answer(notice))
    inbox(stage, "2026-04-13")
    assert stage.verdict("F1", "2026-04-14") == verdict
    assert stage("record", "reply_handled", "--debtor", "C1", "--date", "2026-04-14").code == 0
    assert stage.verdict("F1", "2026-04-14") == verdict
    assert stage.verdict("F1", "2026-05-20") == verdict


def test_an_unblock_does_not_end_the_hold_of_an_answer(stage):
    put(stage, "1", answer(sent(stage)))
    inbox(stage, "2026-04-21")
    assert stage("record", "unblock", "--debtor", "C1", "--date", "2026-04-22").code == 0
    assert stage.verdict("F1", "2026-04-22") == "blocked"


def test_an_answer_without_a_thread_is_known_by_its_address(stage):
    put(stage, "1", answer(None, sender="C1@CLIENT.example"))
    [mail] = inbox(stage)["mails"]
    assert (mail["kind"], mail["debtor"], mail["notice"]) == ("reply", "C1", None)


def test_an_address_of_two_debtors_or_of_nobody_is_no_guess(stage):
    stage.customers(
        "C1,Client C1,business,FR,fr,both@cabinet.example,1 rue Haute,75001,Paris\n"
        "C2,Client C2,business,FR,fr,both@cabinet.example,1 rue Haute,75001,Paris\n"
    )
    put(stage, "1", answer(None, sender="both@cabinet.example", name="a1"))
    put(stage, "2", answer(None, sender="fournisseur@x.example", name="a2"))
    read = inbox(stage)
    assert kinds(read) == ["unmatched", "unmatched"]
    assert "C1, C2" in [m["detail"] for m in read["mails"]]
    assert stage.plan(DAY)["tasks"] == []


def test_an_automatic_answer_is_noted_and_holds_nothing(stage):
    put(stage, "1", answer(sent(stage), headers="Auto-Submitted: auto-replied\n"))
    before = stage.plan("2026-04-13")
    assert kinds(inbox(stage)) == ["auto_reply"]
    assert stage.plan("2026-04-13") == before
    assert "automatic answer" in stage("explain", "F1", "--date", DAY).out


def test_our_own_mails_and_lists_are_left_alone(stage):
    notice = sent(stage)
    put(stage, "1", notice.as_string())
    put(stage, "2", answer(notice, sender="compta@dubreuil.example", name="a2"))
    put(stage, "3", answer(None, headers="List-Id: <n.client.example>\n", name="a3"))
    assert sorted(kinds(inbox(stage))) == ["list", "own", "own"]
    assert [e["type"] for e in events(stage) if e["type"] == "reply"] == []


def test_a_mail_about_a_notice_in_doubt_shows_that_it_left(stage):
    notice = sent(stage)
    _put_in_doubt(stage)
    assert len(stage("doubt", "list", "--json").json["doubts"]) == 2
    put(stage, "1", answer(notice))
    inbox(stage)
    [doubt] = stage("doubt", "list", "--json").json["doubts"]
    assert doubt["debtor"] == "C2"


def _put_in_doubt(stage: Stage) -> None:
    import sqlite3

    with sqlite3.connect(stage.root / "relance.db") as database:
        database.execute("UPDATE dispatches SET state = 'in_doubt'")
    database.close()


def test_a_hostile_mail_stops_nothing(stage):
    notice = sent(stage)
    put(stage, "1", "From: a@x.example\n\n" + "boundary=" * 5_000)
    put(stage, "2", "")
    put(stage, "3", answer(notice))
    (stage.root / "mail/new/4").symlink_to("/etc/passwd")
    os.mkfifo(stage.root / "mail/new/5")
    (stage.root / "mail/new/6").write_bytes(bytes(range(256)) * 40)
    said = stage("inbox", "--json", "--date", DAY)
    assert said.code == 0
    assert "reply" in kinds(said.json)
    assert "unreadable" in kinds(said.json)
    assert "root:" not in said.out


def test_mails_that_were_understood_are_moved_and_others_are_not(stage):
    stage.policy(
        {
            "inbox": {
                "kind": "maildir",
                "path": "mail",
                "days": 3650,
                "seen": True,
                "move_to": "done",
            }
        }
    )
    put(stage, "1", bounce(sent(stage)))
    put(stage, "2", answer(None, sender="stranger@x.example"))
    said = stage("inbox", "--date", DAY)
    assert said.code == 0
    assert "D085" in said.err  # the folder does not exist
    for folder in ("new", "cur", "tmp"):
        (stage.root / "done" / folder).mkdir(parents=True)
    assert stage("inbox", "--date", DAY).code == 0
    assert [p.name for p in (stage.root / "done/cur").iterdir()] == ["1:2,S"]
    assert [p.name for p in (stage.root / "mail/new").iterdir()] == ["2"]


def test_without_a_mailbox_or_with_one_that_is_gone_the_exit_code_says_so(stage):
    sent(stage)
    (stage.root / "mail/new").rmdir()
    said = stage("inbox", "--date", DAY)
    assert (said.code, "D082" in said.err or "maildir" in said.err) == (5, True)
    stage.policy()
    assert stage("inbox").code == 2


def test_a_customers_file_that_is_refused_takes_no_mail(stage):
    notice = sent(stage)
    whole = (stage.root / "customers.csv").read_text()
    put(stage, "1", answer(None))
    stage.write("customers.csv", 'id,name\n"unbalanced,\x00\n')
    assert stage("inbox", "--date", DAY).code == 3
    stage.write("customers.csv", whole)
    assert kinds(inbox(stage)) == ["reply"]
    assert notice


def test_while_a_run_goes_on_nothing_is_recorded(stage):
    from relance.history.lock import acquire

    put(stage, "1", answer(sent(stage)))
    with acquire(stage.root, "sqlite:///relance.db"):
        assert stage("inbox", "--date", DAY).code == 75
        assert kinds(inbox(stage, DAY, "--dry-run")) == ["reply"]
    assert kinds(inbox(stage)) == ["reply"]


def test_several_projects_share_a_mailbox(stage):
    other = new_stage(
        stage.root.parent / "other",
        {
            "policy": {"inbox": {"kind": "maildir", "path": "../project/mail", "days": 3650},
                       "channels": {"email": {"from": "autre@dubreuil.example"}}},
            "open": "G1,D9,2026-03-02,2026-04-01,99.00,99.00,EUR,invoice",
        },
    )  # fmt: skip
    assert other("run", "--date", DAY).code == 0
    put(stage, "1", bounce(sent(stage)))
    put(stage, "2", bounce(sent(other, "d9"), name="d2"))
    assert sorted(kinds(inbox(stage))) == ["bounced", "unmatched"]
    assert sorted(kinds(inbox(other))) == ["bounced", "unmatched"]


KILLED = """
import os, signal, sys
import relance.history.incoming as incoming
whole = incoming._event if "{where}" == "reply" else incoming._apply
def killed(*given, **named):
    whole(*given, **named)
    os.kill(os.getpid(), signal.SIGKILL)
setattr(incoming, whole.__name__, killed)
sys.argv = ["relance", "inbox", "-C", "{project}", "--date", "{day}"]
from relance.cli.main import main
main()
"""


@pytest.mark.parametrize("where", ["reply", "bounce"])
def test_killed_between_reading_and_recording_it_is_read_again_and_recorded_once(stage, where):
    notice = sent(stage)
    put(stage, "1", answer(notice) if where == "reply" else bounce(notice))
    program = KILLED.format(where=where, project=stage.root, day=DAY)
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, check=False)
    assert done.returncode == -signal.SIGKILL, done.stderr
    assert {"reply", "bounced"}.isdisjoint(e["type"] for e in events(stage))
    inbox(stage)
    inbox(stage)
    wanted = "reply" if where == "reply" else "bounced"
    assert [e["type"] for e in events(stage)].count(wanted) == 1


def test_cron_takes_the_mail_and_then_runs(stage, tmp_path):
    put(stage, "1", bounce(sent(stage)))
    assert spawn("inbox", "-C", str(stage.root), "--date", "2026-04-13", cwd=tmp_path).code == 0
    assert spawn("run", "-C", str(stage.root), "--date", "2026-04-13", cwd=tmp_path).code == 0
    assert [p.suffix for p in stage.outbox()].count(".pdf") == 1
    assert Path(stage.root / "mail/new/1").exists()
