"""What became of a message, for each reply of a server and each moment of losing it."""

from __future__ import annotations

from pathlib import Path

import pytest
from pydantic import ValidationError

from proof.post_office import HANG as SILENT
from proof.post_office import PostOffice
from relance.channels.conformance import KEY, MAIL, message
from relance.channels.contract import Accepted, NotAccepted, Outcome, Unknown
from relance.channels.smtp import Smtp, SmtpSettings
from relance.channels.smtp_session import stuffed

from .servers import DRIP, DROP, GOOD, HANG, SLOW, Scripted, certificate, free_port

LATER = ("transient", "recipient")
NEVER = ("permanent", "recipient")
CHANNEL_LATER = ("transient", "channel")
CHANNEL_NEVER = ("permanent", "channel")
DOUBT = "unknown"
SENT = "accepted"


def smtp(server: Scripted, root: Path, **settings: object) -> Smtp:
    given = {"host": "127.0.0.1", "port": server.port, "security": "none"} | settings
    given |= {"from": "compta@lenoir.example", "reply_timeout": 1, "final_timeout": 1}
    return Smtp("email", SmtpSettings.model_validate(given), root)


def summary(outcome: Outcome) -> object:
    match outcome:
        case NotAccepted(kind, scope, _):
            return (kind, scope)
        case Unknown():
            return DOUBT
    return SENT


def tried(server: Scripted, root: Path, **settings: object) -> tuple[object, int]:
    """Return what became of a message and how often the mark was made."""
    marks: list[bool] = []
    with server.running():
        channel = smtp(server, root, **settings)
        outcome = channel.send(message("email"), KEY, lambda: marks.append(True))
        channel.close()
    return summary(outcome), len(marks)


@pytest.mark.parametrize(
    ("verb", "reply", "expected", "marked"),
    [
        ("greeting", "421 busy", CHANNEL_LATER, 0),
        ("greeting", "554 go away", CHANNEL_LATER, 0),
        ("greeting", DROP, CHANNEL_LATER, 0),
        ("EHLO", "421 busy", CHANNEL_LATER, 0),
        ("EHLO", DROP, CHANNEL_LATER, 0),
        ("MAIL", "451 4.3.0 later", LATER, 0),
        ("MAIL", "421 4.7.0 too many", LATER, 0),
        ("MAIL", "550 5.1.8 sender refused", CHANNEL_NEVER, 0),
        ("MAIL", "552 5.3.4 too big", NEVER, 0),
        ("MAIL", DROP, LATER, 0),
        ("RCPT", "450 4.2.1 greylisted", LATER, 0),
        ("RCPT", "421 4.3.2 stopping", LATER, 0),
        ("RCPT", "550 5.1.1 no such user", NEVER, 0),
        ("RCPT", "551 not here", NEVER, 0),
        ("RCPT", "553 bad name", NEVER, 0),
        ("RCPT", "550 5.7.1 relaying denied", CHANNEL_NEVER, 0),
        ("RCPT", "530 authenticate first", CHANNEL_NEVER, 0),
        ("RCPT", DROP, LATER, 0),
        ("DATA", "451 later", LATER, 1),
        ("DATA", "554 5.5.1 no", NEVER, 1),
        ("DATA", DROP, LATER, 1),
        ("dot", "452 4.3.1 disk full", LATER, 1),
        ("dot", "421 4.3.2 stopping", LATER, 1),
        ("dot", "554 5.6.0 not this", NEVER, 1),
        ("dot", "554 5.7.1 spam", CHANNEL_NEVER, 1),
        ("dot", DROP, DOUBT, 1),
        ("dot", "25…", DOUBT, 1),
        ("dot", "250…", DOUBT, 1),
        ("dot", "250-first\r\n250…", DOUBT, 1),
        ("dot", "nonsense", DOUBT, 1),
        ("dot", "354 more", DOUBT, 1),
        ("dot", "250-first\r\n250 second", SENT, 1),
        ("QUIT", DROP, SENT, 1),
        ("QUIT", "421 bye", SENT, 1),
    ],
)
def test_the_phase_decides(tmp_path, verb, reply, expected, marked):
    assert tried(Scripted({verb: reply}), tmp_path) == (expected, marked)


BEFORE_THE_DOT = {
    "greeting": CHANNEL_LATER, "EHLO": CHANNEL_LATER, "MAIL": LATER, "RCPT": LATER, "DATA": LATER,
}  # fmt: skip


@pytest.mark.parametrize("how", [DROP, HANG, "2…", "250-never ends…"])
@pytest.mark.parametrize(("verb", "expected"), BEFORE_THE_DOT.items())
def test_a_reply_that_does_not_come_before_the_dot_means_later(tmp_path, verb, expected, how):
    server = Scripted({verb: how})
    assert tried(server, tmp_path) == (expected, int(verb == "DATA"))
    assert server.accepted == []


@pytest.mark.parametrize("how", [DROP, HANG, "2…", "250 2.0.0 queued…", "250-never ends"])
def test_a_reply_that_does_not_come_after_the_dot_is_a_doubt(tmp_path, how):
    assert tried(Scripted({"dot": how}), tmp_path) == (DOUBT, 1)


@pytest.mark.parametrize("how", [DROP, HANG, "2…", "421 4.3.2 stopping", "554 no"])
def test_once_it_was_accepted_nothing_at_quit_takes_that_back(tmp_path, how):
    server = Scripted({"QUIT": how})
    assert tried(server, tmp_path) == (SENT, 1)
    assert len(server.accepted) == 1


@pytest.mark.parametrize(("verb", "expected"), [*BEFORE_THE_DOT.items(), ("dot", DOUBT)])
def test_a_server_that_drips_is_not_waited_for_beyond_the_timeout_of_a_reply(
    tmp_path, verb, expected
):
    server = Scripted({verb: DRIP + GOOD[verb]})
    assert tried(server, tmp_path)[0] == expected


@pytest.mark.parametrize("verb", [*BEFORE_THE_DOT, "dot"])
def test_a_server_that_is_slow_but_in_time_gets_the_message(tmp_path, verb):
    assert tried(Scripted({verb: SLOW + GOOD[verb]}), tmp_path) == (SENT, 1)


def test_nobody_there_is_the_channel_s_trouble(tmp_path):
    assert_port_is_free = Scripted(port=free_port())
    outcome = smtp(assert_port_is_free, tmp_path).send(message("email"), KEY, lambda: None)
    assert summary(outcome) == CHANNEL_LATER


def test_without_starttls_nothing_is_said_in_the_clear(tmp_path):
    server = Scripted()
    assert tried(server, tmp_path, security="starttls") == (CHANNEL_NEVER, 0)
    assert server.verbs == ["EHLO", "QUIT"] or server.verbs == ["EHLO"]


def starttls(folder: Path, **replies: str) -> tuple[Scripted, Path]:
    cert, context = certificate(folder)
    ehlo = GOOD["EHLO"].replace("250 8BITMIME", "250-STARTTLS\r\n250 AUTH PLAIN")
    return Scripted({"EHLO": ehlo} | replies, tls=context), cert


def test_a_certificate_that_nobody_vouches_for_is_refused(tmp_path):
    server, _ = starttls(tmp_path)
    assert tried(server, tmp_path, security="starttls") == (CHANNEL_NEVER, 0)
    assert "MAIL" not in server.verbs
    server, _ = starttls(tmp_path)
    server.wrapped = True
    assert tried(server, tmp_path, security="tls") == (CHANNEL_NEVER, 0)
    assert server.verbs == []


def test_a_certificate_of_another_host_is_refused(tmp_path):
    server, cert = starttls(tmp_path)
    host = {"host": "localhost", "ca_file": cert}
    assert tried(server, tmp_path, security="starttls", **host) == (CHANNEL_NEVER, 0)


@pytest.mark.parametrize("security", ["starttls", "tls"])
def test_a_certificate_that_expired_is_refused(tmp_path, security):
    server, _ = starttls(tmp_path)
    cert, server.tls = certificate(tmp_path, days=-1)
    server.wrapped = security == "tls"
    with server.running():
        channel = smtp(server, tmp_path, security=security, ca_file=cert)
        outcome = channel.send(message("email"), KEY, lambda: None)
        channel.close()
    assert summary(outcome) == CHANNEL_NEVER
    assert "expired" in outcome.detail
    assert "MAIL" not in server.verbs


@pytest.mark.parametrize(
    ("reply", "expected"),
    [
        ("454 4.7.0 not now", CHANNEL_LATER), ("554 no", CHANNEL_NEVER), (DROP, CHANNEL_LATER),
        (HANG, CHANNEL_LATER), ("22…", CHANNEL_LATER), (DRIP + "220 go", CHANNEL_LATER),
    ],
)  # fmt: skip
def test_when_encryption_does_not_begin_nothing_is_said_in_the_clear(tmp_path, reply, expected):
    server, cert = starttls(tmp_path, STARTTLS=reply)
    assert tried(server, tmp_path, security="starttls", ca_file=cert) == (expected, 0)
    assert "MAIL" not in server.verbs
    assert "AUTH" not in server.verbs


def test_what_was_said_before_the_encryption_is_forgotten(tmp_path):
    injected = "220 go ahead\r\n250-evil\r\n250 AUTH PLAIN"
    server, cert = starttls(tmp_path, STARTTLS=injected)
    assert tried(server, tmp_path, security="starttls", ca_file=cert) == (SENT, 1)


@pytest.mark.parametrize("security", ["starttls", "tls"])
def test_a_vouched_for_server_gets_the_message(tmp_path, security):
    server, cert = starttls(tmp_path)
    server.wrapped = security == "tls"
    if server.wrapped:
        server.replies["EHLO"] = GOOD["EHLO"]
    assert tried(server, tmp_path, security=security, ca_file=cert) == (SENT, 1)
    assert server.accepted == [MAIL]


@pytest.mark.parametrize(
    ("reply", "expected"),
    [
        ("535 5.7.8 wrong", CHANNEL_NEVER),
        ("454 4.7.0 later", CHANNEL_LATER),
        ("421 busy", CHANNEL_LATER),
        (DROP, CHANNEL_LATER),
        (HANG, CHANNEL_LATER),
        ("2…", CHANNEL_LATER),
    ],
)
def test_a_failed_login_is_the_channel_s_trouble(tmp_path, monkeypatch, reply, expected):
    monkeypatch.setenv("SMTP_PASSWORD", "canary-secret")
    server, cert = starttls(tmp_path, AUTH=reply)
    login = {"user": "lenoir", "password": "env:SMTP_PASSWORD", "ca_file": cert}
    assert tried(server, tmp_path, security="starttls", **login) == (expected, 0)


def test_a_secret_that_is_not_there_stops_the_channel_before_it_connects(tmp_path):
    server = Scripted()
    login = {"user": "lenoir", "password": "env:RELANCE_NOT_SET"}
    assert tried(server, tmp_path, **login) == (CHANNEL_NEVER, 0)
    assert server.connections == 0


def test_a_message_that_is_withdrawn_at_the_last_moment_spoils_no_other(tmp_path):
    def withdrawn() -> None:
        raise RuntimeError("paid since")

    server = Scripted()
    with server.running():
        channel = smtp(server, tmp_path)
        with pytest.raises(RuntimeError, match="paid since"):
            channel.send(message("email"), KEY, withdrawn)
        outcome = channel.send(message("email"), KEY, lambda: None)
        channel.close()
    assert summary(outcome) == SENT
    assert (server.connections, len(server.received), len(server.accepted)) == (1, 1, 1)


def test_messages_share_a_connection_and_a_refusal_spoils_no_other(tmp_path):
    server = Scripted({"RCPT": ["250 ok", "550 5.1.1 unknown", "250 ok"]})
    with server.running():
        channel = smtp(server, tmp_path)
        outcomes = [channel.send(message("email"), KEY, lambda: None) for _ in range(3)]
        channel.close()
    assert [summary(outcome) for outcome in outcomes] == [SENT, NEVER, SENT]
    assert (server.connections, len(server.accepted)) == (1, 2)


def test_a_connection_closed_while_it_was_kept_is_made_anew(tmp_path):
    server = Scripted({"MAIL": ["250 ok", "421 4.4.2 idle too long", "250 ok"]})
    with server.running():
        channel = smtp(server, tmp_path)
        outcomes = [channel.send(message("email"), KEY, lambda: None) for _ in range(2)]
        channel.close()
    assert [summary(outcome) for outcome in outcomes] == [SENT, SENT]
    assert server.connections == 2


def test_a_kept_connection_that_falls_silent_is_left_and_the_message_tried_once_more(tmp_path):
    """It still answers RSET: a late reply would then be taken for that of another command."""
    with PostOffice().open() as office:
        channel = smtp(Scripted(port=office.port), tmp_path)
        first = channel.send(message("email"), KEY, lambda: None)
        office.script({"RCPT": SILENT}, {})
        second = channel.send(message("email"), KEY, lambda: None)
        office.script({}, {})
        third = channel.send(message("email"), KEY, lambda: None)
        channel.close()
    assert [summary(outcome) for outcome in (first, second, third)] == [SENT, LATER, SENT]
    assert office.visits == 3


@pytest.mark.parametrize(
    "address",
    ["", "garage.example", "a@b.example>\r\nRCPT TO:<x@y.example", "a b@c.example", "é@c.example"],
)
def test_what_is_no_address_is_rejected_before_the_mark(tmp_path, address):
    marks: list[bool] = []
    server = Scripted()
    with server.running():
        channel = smtp(server, tmp_path)
        given = message("email", recipient=address)
        outcome = channel.send(given, KEY, lambda: marks.append(True))
        channel.close()
    assert (summary(outcome), marks, server.received) == (NEVER, [], [])
    assert "RCPT" not in server.verbs


def test_an_international_domain_goes_out_in_ascii(tmp_path):
    server = Scripted()
    with server.running():
        channel = smtp(server, tmp_path)
        given = message("email", recipient="achats@garage-dé.example")
        assert isinstance(channel.send(given, KEY, lambda: None), Accepted)
        channel.close()


@pytest.mark.parametrize(
    ("content", "wire"),
    [
        (b"a\r\n.\r\nb\r\n", b"a\r\n..\r\nb\r\n"),
        (b".a", b"..a\r\n"),
        (b"a\n.\nb\r.", b"a\r\n..\r\nb\r\n..\r\n"),
        (b"", b"\r\n"),
    ],
)
def test_no_content_can_end_the_message_early(content, wire):
    assert stuffed(content) == wire


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"user": "lenoir"}, "user and password"),
        ({"user": "lenoir", "password": "hunter2"}, "password"),
        ({"user": "u", "password": "env:P", "security": "none"}, "clear text"),
        ({"security": "ssl"}, "security"),
        ({"from": "lenoir"}, "from"),
        ({"port": 70000}, "port"),
        ({"hots": "x"}, "hots"),
    ],
)
def test_settings_that_cannot_work_are_refused(changes, said):
    given = {"host": "smtp.example", "from": "compta@lenoir.example"} | changes
    with pytest.raises(ValidationError, match=said):
        SmtpSettings.model_validate(given)


def test_a_probe_says_what_keeps_us_out_and_sends_nothing(tmp_path):
    down = Scripted({"greeting": "554 go away"})
    with down.running():
        assert "554" in smtp(down, tmp_path).probe()
    up = Scripted()
    with up.running():
        channel = smtp(up, tmp_path)
        assert channel.probe() == ""
        channel.close()
    assert up.received == []
