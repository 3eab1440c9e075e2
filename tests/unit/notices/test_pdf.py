"""Letters as PDF: what is on the paper, where, and what a letter can never reach."""

from __future__ import annotations

import io
import re
import socket
import subprocess
import sys
import textwrap
import threading
from dataclasses import replace

import pytest
from paper import DEBTOR, IBAN, creditor, line, notice, policy
from PIL import Image
from pypdf import PdfReader

from relance.diagnostics import Diagnostic
from relance.notices import press
from relance.notices.assets import Assets, letter_assets, printable, window_of
from relance.notices.codes import RenderError
from relance.notices.defaults import is_plain
from relance.notices.logo import Logo
from relance.notices.pdf import make_pdf, make_pdfs
from relance.notices.press import Press
from relance.notices.render import letter_html
from relance.notices.stationery import Stationery
from relance.policy.model import Account, Window
from relance.policy.stationery import Stationery as Sheet

POINTS = 72 / 25.4
FOLDS = (99, 198)


@pytest.fixture
def project(tmp_path):
    Image.new("RGBA", (300, 100), (20, 80, 100, 128)).save(tmp_path / "logo.png")
    return tmp_path


def paper(root, **changes):
    account = changes.pop("account", None)
    accounts = {"bank_accounts": (account,)} if account else {}
    who = creditor(logo="logo.png", **changes)
    return Stationery.of(policy(root, creditor=who, **accounts))


def printed(a_notice, stationery):
    made = make_pdf(letter_html(a_notice, stationery), letter_assets(stationery))
    assert isinstance(made, bytes), made.message()
    return PdfReader(io.BytesIO(made))


def letter(*lines, **changes):
    return notice(*lines, medium="letter", channel="letter", **changes)


def many(count):
    return [line(f"F-2026-{i:04d}", order_number=f"CDE-{i}") for i in range(count)]


def placed(page):
    """Return (x, y, text) of each piece of text, in mm from the top left corner of the sheet."""
    found = []

    def see(text, _cm, tm, _font, _size):
        if text.strip():
            x, y = tm[4] * _cm[0] + _cm[4], tm[5] * _cm[3] + _cm[5]
            found.append((x / POINTS, 297 - y / POINTS, text.strip()))

    page.extract_text(visitor_text=see)
    return found


def images(page):
    """Return (left, top, right, bottom) of each image, in mm from the top left corner."""
    found = []

    def see(operator, _operands, cm, _tm):
        if operator == b"Do":
            left, bottom = cm[4] / POINTS, 297 - cm[5] / POINTS
            right, top = left + cm[0] / POINTS, bottom - cm[3] / POINTS
            found.append((left, min(top, bottom), right, max(top, bottom)))

    page.extract_text(visitor_operand_before=see)
    return found


def inside(x, y, window):
    left, top = window.left - 0.1, window.top
    return left <= x <= left + window.width and top <= y <= top + window.height


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"country": "BE", "address": ("Ambachtenlaan 12", "9000 Gent")},
        {"stationery": Sheet(layout="be")},
        {"stationery": Sheet(window=Window(left=100, top=48, width=90, height=40))},
    ],
)
def test_the_address_and_nothing_else_is_in_the_window(project, changes):
    stationery = paper(project, **changes)
    page = printed(letter(*many(5)), stationery).pages[0]
    window = window_of(stationery.creditor)
    seen = " ".join(text for x, y, text in placed(page) if inside(x, y, window))
    assert "Boulangerie" in seen.title()
    assert "75001 PARIS" in seen
    assert not re.search("Lenoir|2026|compta|Madame", seen)
    assert not [i for i in images(page) if inside(i[0], i[1], window)]


def test_a_six_line_address_stays_in_the_window(project):
    stationery = paper(project)
    address = ("Service comptabilité fournisseurs", "Bâtiment C", "12-14 rue du Lac", "BP 40012")
    debtor = replace(DEBTOR, name="Coopérative des Producteurs de Lait du Jura", address=address)
    window = window_of(stationery.creditor)
    texts = placed(printed(letter(debtor=debtor), stationery).pages[0])
    for part in ("Coopérative", "comptabilité", "Bâtiment", "12-14", "BP 40012", "75001"):
        x, y = next((x, y) for x, y, text in texts if part.lower() in text.lower())
        assert inside(x, y, window), part


@pytest.mark.parametrize("count", [1, 5, 40])
def test_the_qr_code_is_off_the_folds_and_on_the_first_page_only(project, count):
    reader = printed(letter(*many(count)), paper(project))
    logo, qr = sorted(images(reader.pages[0]), key=lambda box: box[1])
    assert 30 <= qr[2] - qr[0] <= 36
    assert not [fold for fold in FOLDS if qr[1] <= fold <= qr[3]]
    assert logo[3] < 45
    assert all(not images(page) for page in reader.pages[1:])


def test_a_long_table_repeats_its_head_but_not_the_address(project):
    reader = printed(letter(*many(60)), paper(project))
    texts = [page.extract_text() for page in reader.pages]
    assert len(texts) > 1
    assert all("Échéance" in text for text in texts if "F-2026-" in text)
    assert ["75001 PARIS" in text for text in texts] == [True] + [False] * (len(texts) - 1)
    assert all(f"F-2026-{i:04d}" in "".join(texts) for i in range(60))
    assert f"1/{len(texts)}" in texts[0]


def test_a_row_is_never_split_between_pages(project):
    lines = [line(f"F-2026-{i:04d}", open=1000 + i, amount=90000) for i in range(45)]
    reader = printed(letter(*lines), paper(project))
    assert len(reader.pages) > 1
    for page in reader.pages:
        text = page.extract_text()
        whole = set(re.findall(r"10,(\d\d)(?!\d)", text))
        assert whole == set(re.findall(r"F-2026-00(\d\d)", text)), text
        assert text.count("900,00") == len(whole), text


def test_a_long_link_and_name_are_printed_whole_above_the_footer(project):
    link = "https://pay.lenoir.example/" + "settle/" * 18 + "{number}"
    name = "Établissements Jean-Baptiste Lenoir et Fils, Menuiserie et Ébénisterie"
    account = Account(iban=IBAN, bic="AGRIFRPP", holder=name)
    reader = printed(letter(*many(5)), paper(project, payment_link=link, account=account))
    texts = placed(reader.pages[0])
    slip = [(y, text) for x, y, text in texts if x > 95 and y > 220]
    legal = min(y for _, y, text in texts if text.startswith("Menuiserie Lenoir SARL,"))
    assert "settle/" * 18 in "".join(text for _, text in slip)
    assert max(y for y, text in slip if "/" in text and "1/" not in text) < legal - 2
    assert min(y for y, _ in slip) > max(y for x, y, text in texts if text == "Claire Morel")


def test_amount_account_reference_and_signs_are_in_the_text(project):
    text = printed(letter(line()), paper(project)).pages[0].extract_text()
    assert "1\u202f234,50\xa0€" in text
    assert "Échéance" in text
    assert "FR76 3000 6000 0112 3456 7890 189" in text
    assert "AGRIFRPP" in text
    assert "F-2026-0042" in text


def test_a_letter_without_an_account_has_neither_slip_nor_code(project):
    stationery = Stationery.of(policy(project, bank_accounts=()))
    page = printed(letter(line()), stationery).pages[0]
    assert not images(page)
    assert "Comment régler" not in page.extract_text()


def test_all_fonts_are_embedded_and_of_the_named_families(project):
    fonts = printed(letter(line()), paper(project)).pages[0]["/Resources"]["/Font"]
    for font in fonts.values():
        base = font.get_object()
        assert re.search("Liberation|DejaVu", base["/BaseFont"])
        assert "/FontFile2" in base["/DescendantFonts"][0].get_object()["/FontDescriptor"]


def test_a_letter_says_its_title_language_and_structure_but_no_date(project):
    reader = printed(letter(line()), paper(project))
    assert "F-2026-0042" in reader.metadata.title
    assert reader.metadata.author == "Menuiserie Lenoir SARL"
    assert reader.trailer["/Root"]["/Lang"] == "fr"
    assert reader.trailer["/Root"]["/MarkInfo"]["/Marked"]
    assert reader.metadata.creation_date is None
    assert reader.metadata.modification_date is None


def test_the_same_letter_is_the_same_bytes_after_others_and_in_a_pool(project):
    stationery = paper(project)
    assets = letter_assets(stationery)
    two, three = (letter_html(letter(*many(count)), stationery) for count in (2, 3))
    small = "<html lang=fr><p>x"
    letters = [(str(i), {0: two, 1: three, 24: two}.get(i, small)) for i in range(26)]
    alone = make_pdf(letters[0][1], assets)
    one = dict(make_pdfs(letters[:4], assets, workers=1))
    pool = list(make_pdfs(iter(letters), assets, workers=2))
    assert [key for key, _ in pool] == [key for key, _ in letters]
    assert alone == one["0"] == dict(pool)["0"] == dict(pool)["24"]
    assert one["1"] == dict(pool)["1"] != alone


def test_the_short_default_style_changes_no_byte(project, monkeypatch):
    stationery = paper(project)
    assets = letter_assets(stationery)
    credits = (line("A-1", kind="credit_note", amount=-500, open=-500, due=None),)
    whole = letter(*many(40), line("F-9", amount=99900), other_open=(line("F-8"),), credits=credits)
    pages = [
        letter_html(whole, stationery),
        "<html lang=fr><body><h1>x</h1><p>a<br>b<table><tr><th>y",
    ]
    assert all(map(is_plain, pages))
    short = [Press(assets).print(html) for html in pages]
    monkeypatch.setattr(press, "is_plain", lambda html: False)
    assert [Press(assets).print(html) for html in pages] == short


@pytest.mark.parametrize(
    "html", ["<p><ul><li>x", "<p hidden>x", "<P DIR=rtl>x", "<style>p{}</style>"]
)
def test_other_elements_get_the_whole_default_style(html):
    assert not is_plain(html)


def test_a_letter_that_cannot_be_made_does_not_stop_the_others(project):
    assets = letter_assets(paper(project))
    good, bad = "<html lang=fr><p>bon", "<html lang=fr><img src='file:///etc/passwd'>"
    letters = [(str(i), bad if i in (2, 20) else good) for i in range(26)]
    for workers in (1, 2):
        made = dict(make_pdfs(letters, assets, workers))
        failed = {key for key, pdf in made.items() if isinstance(pdf, Diagnostic)}
        assert failed == {"2", "20"}
        assert made["2"].code == "T101"
        assert "file:///etc/passwd" in made["2"].message()


def test_closing_early_ends_the_pool(project):
    letters = ((str(i), "<html lang=fr><p>x") for i in range(10_000))
    pages = make_pdfs(letters, Assets("", {}), workers=2)
    assert next(pages)[0] == "0"
    pages.close()


def test_no_letters_need_no_library():
    assert list(make_pdfs([], Assets("", {}))) == []


@pytest.fixture
def canary():
    """A server that counts who calls, and its address."""
    calls = []
    server = socket.create_server(("127.0.0.1", 0))

    def listen():
        while True:
            try:
                connection, _ = server.accept()
            except OSError:
                return
            calls.append(connection.recv(100))
            connection.close()

    thread = threading.Thread(target=listen)
    thread.start()
    yield f"127.0.0.1:{server.getsockname()[1]}", calls
    server.shutdown(socket.SHUT_RDWR)
    server.close()
    thread.join()


@pytest.mark.parametrize(
    "markup",
    [
        "<img src='http://{host}/x.png'>",
        "<img src='FTP://{host}/x.png'>",
        "<img src='{file}'>",
        "<link rel=attachment href='{file}'>",
        "<link rel=attachment href='http://{host}/x'>",
        "<link rel=stylesheet href='http://{host}/x.css'>",
        "<style>@import url(http://{host}/x.css)</style>",
        "<style>@font-face{{font-family:x;src:url({file})}} p{{font-family:x}}</style><p>x",
        "<p style='background:url(http://{host}/x.png)'>x",
        "<embed src='{file}'>",
        "<object data='http://{host}/x.svg'></object>",
        "<img src='asset:../relance.db'>",
        "<img src='data:image/svg+xml,<svg/>'>",
        "<base href='{file}'><img src='x'>",
    ],
)
def test_nothing_is_fetched_from_disk_or_net(project, canary, markup):
    host, calls = canary
    secret = project / "secret.txt"
    secret.write_text("TOP-SECRET-7")
    body = markup.format(host=host, file=secret.as_uri())
    made = make_pdf(f"<html lang=fr><body>{body}</body></html>", Assets("", {}))
    assert isinstance(made, Diagnostic)
    assert made.code == "T101"
    assert calls == []


@pytest.mark.parametrize(
    "markup", ["<img src='//{host}/x.png'>", "<style>p{{content:url({file})}}</style><p>x"]
)
def test_what_asks_for_nothing_gets_nothing(project, canary, markup):
    host, calls = canary
    body = markup.format(host=host, file=(project / "logo.png").as_uri())
    made = make_pdf(f"<html lang=fr><body>{body}</body></html>", Assets("", {}))
    assert images(PdfReader(io.BytesIO(made)).pages[0]) == []
    assert calls == []


def test_large_inline_images_are_refused():
    large = "<html lang=fr><img src='data:image/png;base64," + "A" * 70_000 + "'>"
    assert isinstance(make_pdf(large, Assets("", {})), Diagnostic)


def test_an_svg_logo_cannot_read_files(project):
    (project / "secret.png").write_bytes((project / "logo.png").read_bytes())
    svg = f'<svg xmlns="http://www.w3.org/2000/svg"><image href="{project.as_uri()}/secret.png"/></svg>'
    logo = Logo(svg.encode(), "svg+xml")
    made = make_pdf("<html lang=fr><img src='asset:logo' alt=x>", Assets("", {"logo": logo}))
    assert images(PdfReader(io.BytesIO(made)).pages[0]) == []


def test_a_logo_with_transparency_is_printed_on_white_at_printers_size(project):
    Image.new("RGBA", (4000, 1000), (0, 0, 0, 0)).save(project / "logo.png")
    logo = printable(Logo((project / "logo.png").read_bytes(), "png"))
    image = Image.open(io.BytesIO(logo.content))
    assert (image.mode, image.size) == ("RGB", (900, 225))
    assert image.getpixel((0, 0)) == (255, 255, 255)


@pytest.mark.parametrize("damage", ["cut", "bomb"])
def test_a_damaged_or_huge_logo_is_named(project, damage):
    path = project / "logo.png"
    if damage == "cut":
        path.write_bytes(path.read_bytes()[:60])
    else:
        Image.new("1", (8000, 8000)).save(path)
    with pytest.raises(RenderError) as refused:
        letter_assets(paper(project))
    assert (refused.value.diagnostic.code, refused.value.diagnostic.span.file) == (
        "T008",
        "logo.png",
    )


def test_no_code_when_the_currency_is_not_the_euro(project):
    account = Account(iban=IBAN, holder="Menuiserie Lenoir SARL")
    reader = printed(letter(line(), currency="CHF"), paper(project, account=account))
    assert len(images(reader.pages[0])) == 1  # the logo


def test_a_missing_library_is_named_with_the_command_that_installs_it(tmp_path):
    (tmp_path / "weasyprint.py").write_text(
        "raise OSError(\"cannot load library 'libpango-1.0-0'\")"
    )
    program = textwrap.dedent("""
        from relance.notices.assets import Assets
        from relance.notices.pdf import make_pdfs
        if __name__ == "__main__":
            for workers in (1, 2):
                for _, made in make_pdfs([("k", "<p>")] * 30, Assets("", {}), workers):
                    pass
                print(made.code, made.message(), made.hint())
    """)
    (tmp_path / "program.py").write_text(program)
    done = subprocess.run(
        [sys.executable, "program.py"], cwd=tmp_path, env={"PYTHONPATH": str(tmp_path)},
        capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert done.stdout.count("T102 letters need a system library") == 2, done.stderr
    assert done.stdout.count("sudo apt-get install libpango-1.0-0") == 2
