"""What servers say of our mails, in the forms in which they say it."""

from __future__ import annotations

import mail_shapes as shapes
import pytest

from relance.intake.mail.message import read_mail

HARD = [
    pytest.param(shapes.report("5.1.1"), "5.1.1", id="postfix"),
    pytest.param(shapes.EXCHANGE, "5.1.10", id="exchange"),
    pytest.param(shapes.GMAIL, "5.1.1", id="gmail"),
    pytest.param(shapes.QMAIL, "5.1.1", id="qmail"),
    pytest.param(shapes.EXIM, "5.0.0", id="exim"),
    pytest.param(shapes.OLD_EXCHANGE, "5.1.1", id="old-exchange"),
    pytest.param(shapes.GERMAN_HEADERS_ONLY, "5.4.4", id="german"),
]


@pytest.mark.parametrize(("content", "status"), HARD)
def test_a_bounce_names_the_mail_the_address_and_the_reason(content, status):
    mail = read_mail(content)
    assert mail.nature == "report"
    [said] = [d for d in mail.deliveries if shapes.THEM in (d.recipient, d.original)]
    assert said.fate == "failed"
    assert said.detail.startswith(status)
    assert shapes.OURS in mail.original.ids


@pytest.mark.parametrize("content", [shapes.GMAIL, shapes.QMAIL, shapes.EXIM, shapes.EXCHANGE])
def test_what_is_returned_says_who_wrote_to_whom(content):
    original = read_mail(content).original
    assert (original.sender, original.recipients) == (shapes.US, (shapes.THEM,))


@pytest.mark.parametrize(
    ("status", "action", "diagnostic", "fate"),
    [
        ("5.1.1", "failed", "smtp; 550 no", "failed"),
        ("5.2.1", "failed", "smtp; 550 disabled", "failed"),
        ("5.2.2", "failed", "smtp; 552 5.2.2 mailbox full", "refused_for_now"),
        ("5.0.0", "failed", "smtp; 552-5.2.2 over quota", "refused_for_now"),
        ("4.4.7", "failed", "smtp; 421 expired", "refused_for_now"),
        ("4.4.1", "delayed", "smtp; 451 later", "delayed"),
        ("5.1.1", "delayed", "smtp; 451 later", "delayed"),
        ("2.0.0", "delivered", "smtp; 250 ok", "delivered"),
        ("2.0.0", "relayed", "smtp; 250 ok", "delivered"),
        ("2.1.5", "expanded", "smtp; 250 ok", "delivered"),
        ("5.1.1", "", "smtp; 550 no", "failed"),
        ("4.2.0", "", "smtp; 450 greylisted", "delayed"),
        ("", "failed", "smtp; 550 5.1.1 no", "failed"),
        ("", "", "smtp; 550 no such user", "failed"),
        ("gibberish", "FAILED (really)", "none", None),
    ],
)
def test_status_and_action_say_what_became_of_it(status, action, diagnostic, fate):
    mail = read_mail(shapes.report(status, action=action, diagnostic=diagnostic))
    assert [d.fate for d in mail.deliveries] == ([] if fate is None else [fate])


def test_a_warning_in_words_is_no_bounce():
    mail = read_mail(shapes.SENDMAIL_DELAY)
    assert [(d.recipient, d.fate) for d in mail.deliveries] == [(shapes.THEM, "delayed")]
    assert shapes.OURS in mail.original.ids


def test_a_read_receipt_shows_that_it_arrived():
    mail = read_mail(shapes.RECEIPT)
    assert [(d.fate, d.detail) for d in mail.deliveries] == [("delivered", "displayed")]
    assert mail.original.ids == (shapes.OURS,)


def test_each_recipient_of_a_report_has_its_own_fate():
    one = shapes.report("5.1.1").decode()
    more = "Final-Recipient: rfc822; b@garage.example\nAction: delivered\nStatus: 2.0.0\n\n--=b\nContent-Desc"
    mail = read_mail(one.replace("--=b\nContent-Desc", "\n" + more, 2).encode())
    assert ("b@garage.example", "delivered") in [(d.recipient, d.fate) for d in mail.deliveries]


def test_a_report_without_the_original_names_no_mail():
    mail = read_mail(shapes.report("5.1.1", original=None))
    assert mail.original.ids == ()
    assert mail.deliveries[0].recipient == shapes.THEM


def test_a_debtors_address_is_not_taken_from_the_mail_that_is_returned():
    """Above the copy stands what the server says; below it what we wrote."""
    content = shapes.EXIM.replace(
        b"Bonjour, la facture", b"Bonjour, victime@autre.example, la facture"
    )
    assert [d.recipient for d in read_mail(content).deliveries] == [shapes.THEM]


def test_words_alone_make_no_report():
    """Who writes that a mail could not be delivered is a person, unless a mail system wrote it."""
    mail = read_mail(shapes.letter("Your message could not be delivered: 550 5.1.1 user unknown\n"))
    assert mail.nature == "letter"
    assert mail.deliveries == ()
