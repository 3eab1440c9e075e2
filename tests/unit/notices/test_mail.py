"""E-mails: the same bytes for the same inputs, honest headers, nothing remote."""

from __future__ import annotations

import hashlib
import re
import subprocess
import sys
from dataclasses import replace
from email import message_from_bytes
from email import policy as mail_policy
from email.message import EmailMessage
from pathlib import Path

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from paper import DEBTOR, MOMENT, channel, creditor, line, notice, stationery

from relance.notices.codes import FOREIGN_ACCOUNT, RenderError
from relance.notices.render import render

PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c489"
    "0000000d49444154789c6360606060000000050001a5f645400000000049454e44ae426082"
)
PAPER = stationery()


def read(content: bytes) -> EmailMessage:
    mail = message_from_bytes(content, policy=mail_policy.default)
    assert isinstance(mail, EmailMessage)
    return mail


def body(mail: EmailMessage, kind: str) -> str:
    part = mail.get_body((kind,))
    assert part is not None
    return str(part.get_content())


def test_two_processes_make_the_same_bytes(tmp_path: Path) -> None:
    script = (
        "from paper import *; from relance.notices.render import render; import hashlib;"
        "print(hashlib.sha256(render(notice(), stationery(), MOMENT).content).hexdigest())"
    )
    here = Path(__file__).parent
    ran = subprocess.run(
        [sys.executable, "-c", script], cwd=here, capture_output=True, text=True, check=True
    )
    assert ran.stdout.strip() == hashlib.sha256(render(notice(), PAPER, MOMENT).content).hexdigest()


def test_headers_say_who_when_and_that_it_is_automatic() -> None:
    message = render(notice(), PAPER, MOMENT)
    mail = read(message.content)
    assert mail["From"] == "Menuiserie Lenoir SARL <compta@lenoir.example>"
    assert mail["To"] == "achats@eclair.example"
    assert mail["Date"].datetime == MOMENT
    assert mail["Message-ID"] == f"<relance.{notice().key}@lenoir.example>" == message.message_id
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail["Content-Language"] == "fr"
    assert mail["Reply-To"] is None
    assert "F-2026-0042" in mail["Subject"]
    assert DEBTOR.name not in str(mail["Message-ID"])


def test_the_channel_may_say_from_and_reply_to() -> None:
    settings = channel(**{"from": "relances@lenoir.example", "reply_to": "claire@lenoir.example"})
    message = render(notice(), stationery(channels={"email": settings}), MOMENT)
    mail = read(message.content)
    assert mail["From"] == "Menuiserie Lenoir SARL <relances@lenoir.example>"
    assert mail["Reply-To"] == "claire@lenoir.example"
    assert message.sender == "relances@lenoir.example"


def test_text_and_html_are_alternatives_without_anything_remote() -> None:
    mail = read(render(notice(), PAPER, MOMENT).content)
    assert mail.get_content_type() == "multipart/alternative"
    assert [part.get_content_type() for part in mail.iter_parts()] == ["text/plain", "text/html"]
    html = body(mail, "html")
    assert not re.search(r"(src|background|url\()\s*=?\s*[\"']?(https?:|//)", html)
    assert "<script" not in html


def test_the_logo_travels_inside(tmp_path: Path) -> None:
    (tmp_path / "logo.png").write_bytes(PNG)
    paper = stationery(tmp_path, creditor=creditor(logo=Path("logo.png")))
    mail = read(render(notice(), paper, MOMENT).content)
    [html] = [part for part in mail.walk() if part.get_content_type() == "text/html"]
    [image] = [part for part in mail.walk() if part.get_content_type() == "image/png"]
    assert f'src="cid:{image["Content-ID"].strip("<>")}"' in html.get_content()
    assert 'alt="Menuiserie Lenoir SARL"' in html.get_content()
    assert image.get_content() == PNG
    assert render(notice(), paper, MOMENT).content == render(notice(), paper, MOMENT).content


def test_the_letter_is_enclosed_when_the_level_asks_for_it() -> None:
    message = render(notice(attach=("letter",)), PAPER, MOMENT, letter=b"%PDF-1.7 made before")
    [enclosed] = read(message.content).iter_attachments()
    assert enclosed.get_content_type() == "application/pdf"
    assert enclosed.get_content() == b"%PDF-1.7 made before"
    assert str(enclosed.get_filename()).endswith("-01234567.pdf")


def test_the_html_is_readable_by_everyone() -> None:
    lines = [line(f"F-{n}") for n in range(300)]
    html = body(read(render(notice(*lines), PAPER, MOMENT).content), "html")
    assert len(html.encode()) <= 100_000
    assert '<html lang="fr">' in html
    assert html.count("<h1") == 1
    assert "<title>" in html
    assert 'scope="col"' in html
    assert 'scope="row"' in html
    assert "<caption" in html
    assert 'name="color-scheme"' in html
    assert min(map(int, re.findall(r"font-size:(\d+)px", html))) >= 16
    assert "non détaillées ici\u00a0: 200" in html


def test_the_text_is_complete_however_many_the_invoices() -> None:
    lines = [line(f"F-{n}") for n in range(300)]
    text = body(read(render(notice(*lines), PAPER, MOMENT).content), "plain")
    assert all(f"F-{n} " in text for n in range(300))


@pytest.mark.parametrize(
    "address",
    [
        "",
        "nobody",
        "a b@c.example",
        "a@",
        "@b.example",
        "a@b.example, c@d.example",
        "a@b\r\nBcc: x",
    ],
)
def test_a_bad_address_refuses_the_notice(address: str) -> None:
    with pytest.raises(RenderError) as caught:
        render(notice(recipient=address), PAPER, MOMENT)
    assert caught.value.diagnostic.code == "T006"


def test_a_name_that_reads_as_an_account_refuses_the_notice() -> None:
    paper = stationery(creditor=creditor(name="BE6853900754034"))  # with ", 1": of the address
    with pytest.raises(RenderError) as caught:
        render(notice(), paper, MOMENT)
    assert caught.value.diagnostic.code == "T005"


def test_an_international_domain_is_written_in_ascii() -> None:
    mail = read(render(notice(recipient="achats@éclair.example"), PAPER, MOMENT).content)
    assert mail["To"] == "achats@xn--clair-9ra.example"


HOSTILE = st.text(
    st.one_of(st.characters(), st.sampled_from("\r\n\x0b\x0c\x85\u2028\u202e,;<>@\"'=?")),
    min_size=1,
    max_size=60,
)


@settings(max_examples=60, deadline=None)
@given(number=HOSTILE, name=HOSTILE)
def test_hostile_names_add_no_header(number: str, name: str) -> None:
    try:
        number.encode(), name.encode()
    except UnicodeEncodeError:
        return
    paper = stationery(creditor=creditor(name=name))
    hostile = notice(line(number), debtor=replace(DEBTOR, name=name))
    try:
        message = render(hostile, paper, MOMENT)
    except RenderError as refused:  # the name reads as an account: nothing is sent with it
        code = refused.diagnostic.code
        assume(code != FOREIGN_ACCOUNT.code)
        pytest.fail(code)
    mail = read(message.content)
    assert sorted(mail.keys()) == sorted(
        [
            "From",
            "To",
            "Subject",
            "Date",
            "Message-ID",
            "Auto-Submitted",
            "Content-Language",
            "MIME-Version",
            "Content-Type",
        ]
    )
    assert mail["From"].addresses[0].addr_spec == "compta@lenoir.example"
    assert len(mail["From"].addresses) == 1


def test_markup_and_templates_in_data_print_literally() -> None:
    debtor = replace(DEBTOR, name="{{7*7}}", id="{{7*7}}")
    hostile = notice(
        line("{{7*7}}<script>", order_number="<img src=x>{% raw %}"), debtor=debtor, medium="email"
    )
    mail = read(render(hostile, PAPER, MOMENT).content)
    text, html = body(mail, "plain"), body(mail, "html")
    assert "{{7*7}}<script>" in text
    assert "49" not in text.replace("0149", "")
    assert "{{7*7}}&lt;script&gt;" in html
    assert "<script" not in html
    assert "<img" not in html
