"""What people write, what programs answer for them, and what hostile mail does to the reader."""

from __future__ import annotations

import email.policy
from base64 import b64encode
from email.message import EmailMessage

import mail_shapes as shapes
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from relance.intake.mail.faults import UnreadableMail
from relance.intake.mail.headers import identity_of
from relance.intake.mail.message import LARGEST, read_mail
from relance.intake.mail.text import KEPT

AUTOMATIC = [
    {"Auto_Submitted": "auto-replied"},
    {"Auto_Submitted": "auto-generated (ticket system)"},
    {"Auto_Submitted": "AUTO-NOTIFIED; owner=x"},
    {"X_Autoreply": "yes"},
    {"X_Autorespond": "Absence"},
    {"Precedence": "bulk"},
    {"Precedence": "auto_reply"},
    {"Subject": "Automatic reply: Relance", "X_Auto_Response_Suppress": "All"},
    {"Subject": "=?utf-8?Q?R=C3=A9ponse_automatique_=3A_Relance?=", "Return_Path": "<>"},
    {"Subject": "Absent du bureau", "X_Auto_Response_Suppress": "OOF"},
]
BY_A_PERSON = [
    {},
    {"Auto_Submitted": "no"},
    {"X_Autoreply": "no"},
    {"Subject": "Out of office until Friday"},
    {"Subject": "Absence de facture"},
    {"X_Auto_Response_Suppress": "All"},
    {"Precedence": "normal"},
]


@pytest.mark.parametrize("headers", AUTOMATIC)
def test_a_header_tells_an_automatic_answer(headers):
    assert read_mail(shapes.letter(**headers)).nature == "automatic"


@pytest.mark.parametrize("headers", BY_A_PERSON)
def test_a_subject_alone_tells_none(headers):
    assert read_mail(shapes.letter(**headers)).nature == "letter"


@pytest.mark.parametrize(
    "headers",
    [{"List_Id": "<news.example>"}, {"Precedence": "list"}, {"List_Post": "<mailto:a@b>"}],
)
def test_mail_of_a_list(headers):
    assert read_mail(shapes.letter(**headers)).nature == "list"


def test_an_answer_names_what_it_answers_the_newest_last():
    references = f"<old@lenoir.example> {shapes.OURS}"
    mail = read_mail(shapes.letter(References=references, In_Reply_To=shapes.OURS))
    assert mail.answers == ("<old@lenoir.example>", shapes.OURS)
    assert (mail.sender, mail.subject) == (shapes.THEM, "Re: Relance")
    assert mail.text == "Bonjour, nous payons vendredi."


QUOTES = [
    "On Mon, 2 Mar 2026 at 08:00, Lenoir <compta@lenoir.example> wrote:\n> la facture F1\n",
    "On Mon, 2 Mar 2026 at 08:00, Menuiserie Lenoir SARL <compta@lenoir.example>\nwrote:\n> F1\n",
    "Le lun. 2 mars 2026 à 08:00, Lenoir <compta@lenoir.example> a écrit :\n> la facture F1\n",
    "Am 02.03.26 um 08:00 schrieb Lenoir:\n> Rechnung F1\n",
    "Op ma 2 mrt 2026 om 08:00 schreef Lenoir:\n> factuur F1\n",
    "-----Message d'origine-----\nDe : Lenoir\nla facture F1\n",
    "-----Original Message-----\nFrom: Lenoir\nla facture F1\n",
    "De : Lenoir <compta@lenoir.example>\nEnvoyé : lundi 2 mars 2026\nla facture F1\n",
    "From: Lenoir\nSent: Monday\nTo: Garage\nla facture F1\n",
    "________________________________\nDe : Lenoir\nla facture F1\n",
    "> la facture F1\n",
]


@pytest.mark.parametrize("quote", QUOTES)
def test_the_quoted_part_is_cut(quote):
    assert (
        read_mail(shapes.letter(f"Payé hier.\n\nMartin\n\n{quote}")).text == "Payé hier.\n\nMartin"
    )


def test_an_answer_below_the_quote_is_kept():
    body = "Le 2 mars 2026, Lenoir a écrit :\n> la facture F1\n\nPayé hier.\n"
    assert "Payé hier." in read_mail(shapes.letter(body)).text


def test_html_is_read_and_never_run():
    html = (
        "<html><head><style>p{}</style><title>x</title></head><body onload='alert(1)'>"
        "<script>steal()</script><p>Bonjour,</p><p>pay&eacute; <b>hier</b>.</p>"
        "<img src='http://169.254.169.254/'><!-- nothing --></body></html>"
    )
    mail = read_mail(shapes.letter(html, Content_Type="text/html; charset=utf-8"))
    assert [line for line in mail.text.split("\n") if line] == ["Bonjour,", "payé hier."]


def test_plain_text_comes_before_html_and_attachments_are_not_looked_at():
    message = EmailMessage(policy=email.policy.SMTP)
    message["From"], message["Subject"] = shapes.THEM, "Re"
    message.set_content("en clair")
    message.add_alternative("<p>en couleurs</p>", subtype="html")
    message.add_attachment("pièce jointe", filename="secret.txt")
    assert read_mail(message.as_bytes()).text == "en clair"


def test_a_long_text_is_bounded():
    assert len(read_mail(shapes.letter("mot " * 100_000)).text) <= KEPT


@pytest.mark.parametrize(
    ("body", "headers", "text"),
    [
        (b"caf\xe9", {"Content_Type": "text/plain; charset=utf-8"}, "café"),
        (b"caf\xe9", {"Content_Type": "text/plain; charset=x-nonsense"}, "café"),
        (b"caf\xc3\xa9", {"Content_Type": "text/plain; charset=us-ascii"}, "café"),
        (
            b"caf=E9",
            {
                "Content_Type": "text/plain; charset=latin-1",
                "Content_Transfer_Encoding": "quoted-printable",
            },
            "café",
        ),
        (b"not base64 !", {"Content_Transfer_Encoding": "base64"}, None),
        (b"a\x00b\x1b[31m\xe2\x80\xaec", {}, "a b [31m c"),
    ],
)
def test_broken_encodings_are_read_as_far_as_they_go(body, headers, text):
    content = shapes.letter("", **headers) + body
    found = read_mail(content).text
    assert text is None or found == text


def test_headers_cannot_bring_lines_or_steer_the_terminal():
    subject = b64encode("Payé\r\nBcc: all@x\x1b[2J\u2028fin".encode()).decode()
    mail = read_mail(shapes.letter(Subject=f"=?utf-8?B?{subject}?="))
    assert mail.subject == "Payé Bcc: all@x [2J fin"


@pytest.mark.parametrize(
    "sender",
    ["a@x.example, b@y.example", "nobody", "", "<<>>", "a@x.example <b@y.example>, c@z.example"],
)
def test_a_sender_who_is_not_one_address_is_nobody(sender):
    assert read_mail(shapes.letter(From=sender)).sender == ""


def test_a_mail_is_known_again_and_told_from_others_with_the_same_message_id():
    one = shapes.letter()
    assert identity_of(one) == read_mail(one + b"\nmore\n").identity
    assert identity_of(one) != identity_of(shapes.letter(From="other@x.example"))
    folded = one.replace(b"Garage Martin <", b"Garage\n Martin <")
    assert identity_of(folded) == identity_of(one)


def test_bounces_without_a_message_id_are_told_apart_by_how_they_came():
    one = shapes.letter(Message_ID=None, Received="(qmail 12 invoked for bounce)")
    two = shapes.letter(Message_ID=None, Received="(qmail 13 invoked for bounce)")
    assert identity_of(one) != identity_of(two)
    assert identity_of(one) == identity_of(one.replace(b"qmail 12", b"qmail\n 12"))


def nested(depth: int) -> bytes:
    opening = "".join(
        f'Content-Type: multipart/mixed; boundary="b{n}"\n\n--b{n}\n' for n in range(depth)
    )
    return ("From: a@x.example\n" + opening + "Content-Type: text/plain\n\nhi\n").encode()


def test_parts_that_are_nested_too_deep_or_too_many_are_set_aside():
    with pytest.raises(UnreadableMail, match="deep"):
        read_mail(nested(30))
    with pytest.raises(UnreadableMail, match="many"):
        read_mail(nested(5_000))


def test_only_the_beginning_of_a_huge_mail_is_read():
    assert read_mail(shapes.letter("début\n") + b"x" * (3 * LARGEST)).text.startswith("début")


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_cut_and_changed_mails_are_read_or_set_aside(data):
    whole = data.draw(
        st.sampled_from(
            [shapes.report("5.1.1"), shapes.EXCHANGE, shapes.GMAIL, shapes.QMAIL, shapes.letter()]
        )
    )
    content = bytearray(whole[: data.draw(st.integers(0, len(whole)))])
    for _ in range(data.draw(st.integers(0, 20)) if content else 0):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    try:
        mail = read_mail(bytes(content))
    except UnreadableMail:
        return
    for text in (mail.subject, mail.sender, *(d.detail for d in mail.deliveries)):
        assert not set(text) & set("\r\n\0\x1b\u2028\u202e")
    assert len(mail.text) <= KEPT
