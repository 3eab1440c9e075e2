"""The smallest case for each code of the mailbox, and what is said of it."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import polars as pl
import pytest

from relance.diagnostics import RULES, Diagnostic
from relance.dunning.events import REJECTED
from relance.intake.mail import codes
from relance.intake.mail.faults import InboxUnavailable, UnreadableMail
from relance.intake.mail.mailbox import opened
from relance.intake.mail.message import read_mail
from relance.ledger.schema import schema
from relance.policy.inbox import ImapInbox, MaildirInbox
from relance.runs.refused import refused_addresses

DAY = date(2026, 3, 2)


def imap(**given: object) -> ImapInbox:
    return ImapInbox.model_validate(
        {
            "kind": "imap",
            "host": "127.0.0.1",
            "port": 1,
            "user": "compta",
            "password": "env:INBOX_PW",
        }
        | given
    )


def said(inbox: object, root: Path) -> tuple[str, str]:
    with pytest.raises(InboxUnavailable) as caught, opened(inbox, root) as mailbox:  # type: ignore[arg-type]
        mailbox.held(DAY)
    found = caught.value.diagnostic
    assert found.hint()
    return found.code, found.message()


def test_d080_a_server_that_is_not_there(tmp_path, monkeypatch):
    monkeypatch.setenv("INBOX_PW", "x")
    assert said(imap(), tmp_path) == (
        "D080",
        "the mailbox 127.0.0.1 cannot be read: Connection refused",
    )


def test_d081_a_password_that_is_not_there(tmp_path, monkeypatch):
    monkeypatch.delenv("INBOX_PW", raising=False)
    assert said(imap(), tmp_path) == (
        "D081",
        "the mailbox 127.0.0.1 does not let us in: the environment variable INBOX_PW is not set",
    )


def test_d081_a_certificate_authority_that_is_not_there(tmp_path, monkeypatch):
    assert said(imap(ca_file="none.pem"), tmp_path) == (
        "D081",
        "the mailbox 127.0.0.1 does not let us in: ca_file none.pem: No such file or directory",
    )


def test_d082_a_folder_that_is_no_maildir(tmp_path):
    inbox = MaildirInbox(kind="maildir", path=Path("mail"))
    assert said(inbox, tmp_path) == (
        "D082",
        f"{tmp_path}/mail is no maildir that can be read: No such file or directory",
    )


def test_d083_a_mail_of_too_many_parts():
    with pytest.raises(UnreadableMail) as caught:
        read_mail(b"From: a@x.example\n\n" + b"boundary" * 201)
    found = Diagnostic(codes.UNREADABLE, None, {"mail": "new/1", "reason": str(caught.value)})
    assert found.message() == "the mail new/1 could not be read: it has too many parts"


@pytest.mark.parametrize(
    ("rule", "facts", "message"),
    [
        (codes.MORE, {"count": 3}, "mails left for the next time: 3"),
        (
            codes.NOT_FILED,
            {"mailbox": "imap.example/INBOX", "reason": "no such folder"},
            "what was read could not be marked or moved in imap.example/INBOX: no such folder",
        ),
    ],
)
def test_d084_d085_what_is_said_beside(rule, facts, message):
    """When they come is shown in tests/scenarios/test_imap.py."""
    assert Diagnostic(rule, None, facts).message() == message


def test_d090_an_address_that_was_refused():
    decided = pl.DataFrame(
        {"debtor": ["C1", "C2", "C3"], "verdict": ["act", "not_due", "unreachable"],
         "email": [None, None, "new@c3.example"], "mobile": [None, None, None]},
        schema_overrides={"mobile": pl.String},
    )  # fmt: skip
    rows = [("C1", "a@c1.example"), ("C2", "a@c2.example"), ("C3", "old@c3.example")]
    rejected = pl.DataFrame(rows, schema=schema(REJECTED), orient="row")
    assert [(d.code, d.message()) for d in refused_addresses(decided, rejected)] == [
        (
            "D090",
            "debtor C1: a@c1.example was refused, the level goes by its next channel or is a task",
        )
    ]


def test_each_code_of_the_mailbox_is_here():
    text = Path(__file__).read_text()
    ours = [code for code in RULES if code.startswith(("D08", "D09"))]
    assert len(ours) >= 7
    assert [code for code in ours if code.lower() not in text] == []
