"""Mail headers: whatever names hold, what is read back is exactly what relance wrote."""

from __future__ import annotations

import email
import email.policy
from datetime import UTC, datetime
from email.message import EmailMessage
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from relance.notices.codes import RenderError
from relance.notices.mail import Bodies, Enclosure, Envelope, message_id, mime
from scenarios.stage import new_stage

from .corpus import each, entries
from .people import mails, names_book

OURS = [
    "From", "To", "Reply-To", "Subject", "Date", "Message-ID", "Auto-Submitted", "MIME-Version",
    "Content-Type", "Content-Language",
]  # fmt: skip
KEY = "0123456789abcdef0123456789abcdef"
MOMENT = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
_CONTROL = st.sampled_from('\r\n\v\f\x00\x1b\x7f\x85\u2028\u2029\u202e\u200b\ufeff:,;<>@"\\=? ')
NAMES = st.text(st.one_of(_CONTROL, st.characters(exclude_categories=["Cs"])), max_size=120)


def written(name: str, recipient: str = "c1@client.example") -> EmailMessage:
    """Return, read back, an e-mail with `name` wherever data can come to stand in a header."""
    envelope = Envelope(name, "compta@firm.example", "reply@firm.example", recipient)
    bodies = Bodies(name, "fr", f"Bonjour {name}", "<p>Bonjour</p>", None)
    content = mime(KEY, envelope, bodies, MOMENT, (Enclosure("2026-letter.pdf", b"%PDF"),))
    assert b"\n." not in content.replace(b"\r\n..", b"")
    assert content.replace(b"\r\n", b"").count(b"\n") == 0
    return email.message_from_bytes(content, policy=email.policy.SMTP)


def check(mail: EmailMessage) -> None:
    """See that the headers are ours alone, each once and with our own addresses."""
    assert sorted(mail.keys()) == sorted(OURS)
    assert [a.addr_spec for a in mail["To"].addresses] == ["c1@client.example"]
    assert [a.addr_spec for a in mail["From"].addresses] == ["compta@firm.example"]
    assert [a.addr_spec for a in mail["Reply-To"].addresses] == ["reply@firm.example"]
    assert mail["Message-ID"] == message_id(KEY, "compta@firm.example")
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail.get_content_type() == "multipart/mixed"
    assert not any(part.defects for part in mail.walk())
    assert [part.get_content_type() for part in mail.walk()] == [
        "multipart/mixed", "multipart/alternative", "text/plain", "text/html", "application/pdf",
    ]  # fmt: skip


@each("names")
def test_a_hostile_name_parses_back_to_exactly_our_headers(entry: str) -> None:
    check(written(entry))


@given(NAMES)
@example("x\r\nBcc: a@b.example")
def test_any_name_parses_back_to_exactly_our_headers(name: str) -> None:
    check(written(name))


@each("headers")
def test_an_address_that_is_more_than_an_address_is_refused(entry: str) -> None:
    with pytest.raises(RenderError):
        written("Dupont", entry)


def test_no_mail_of_a_run_has_a_header_or_recipient_more(tmp_path: Path) -> None:
    stage = new_stage(tmp_path / "firm", {"policy": {"creditor": {"name": "Firm \u2028 SAS"}}})
    names = list(entries("names").values())
    names_book(stage, names)
    plan = stage("plan", "--json", "--date", "2026-04-08").json
    assert stage("approve", plan["plan_hash"], "--date", "2026-04-08").code == 0
    said = stage("run", "--date", "2026-04-08")
    assert said.code == 0, said
    found = mails(stage)
    assert len(found) == len(names)
    for n, mail in enumerate(found):
        assert set(mail.keys()) == {name for name in OURS if name != "Reply-To"}
        assert [a.addr_spec for a in mail["To"].addresses] == [f"c{n}@client.example"]
