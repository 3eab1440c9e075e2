"""The preview page: complete, offline, and safe to open whatever the data."""

from __future__ import annotations

import re
import stat
from dataclasses import replace
from pathlib import Path

from paper import DEBTOR, MOMENT, line, notice, stationery

from relance.diagnostics import Diagnostic
from relance.dunning.plan import Notice
from relance.notices import codes
from relance.notices.gallery import write_gallery
from relance.notices.render import render

PAPER = stationery()


def gallery(folder: Path, *notices: Notice, language: str = "en") -> str:
    messages = [render(n, PAPER, MOMENT, letter=b"%PDF-1.7") for n in notices]
    page = write_gallery(messages, notices, {"not due yet": 17}, folder, language)
    return page.read_text(encoding="utf-8")


MAIL = notice()
LETTER = notice(key="b" * 32, medium="letter", channel="registered", recipient="5 place du Marché")
SMS = notice(key="c" * 32, medium="sms", channel="sms", recipient="+33600000000")


def test_each_medium_is_shown_with_its_recipient_and_total(tmp_path: Path) -> None:
    page = gallery(tmp_path, MAIL, LETTER, SMS)
    assert "achats@eclair.example" in page
    assert page.count("<iframe sandbox") == 1
    assert "1 SMS, GSM-7" in page
    [href] = re.findall(r'href="(files/[^"]+\.pdf)"', page)
    assert (tmp_path / href).read_bytes() == b"%PDF-1.7"
    assert "€1,234.50" in page
    assert "not due yet" in page
    assert "17" in page


def test_each_debtor_has_an_anchor(tmp_path: Path) -> None:
    other = notice(key="d" * 32, debtor=replace(DEBTOR, id="C2", name="Autre"))
    page = gallery(tmp_path, MAIL, other)
    assert '<a href="#d1">Boulangerie' in page
    assert '<a href="#d2">Autre' in page
    assert '<section id="d2">' in page


def test_the_page_is_offline_and_runs_nothing(tmp_path: Path) -> None:
    hostile = notice(
        line('"><script>alert(1)</script>'),
        debtor=replace(DEBTOR, name="<script>alert(2)</script>{{7*7}}"),
    )
    page = gallery(tmp_path, hostile)
    assert "default-src 'none'" in page
    assert "<script" not in page
    assert "{{7*7}}" in page
    assert not re.search(r'(src|href)="https?:', page)


def test_what_cannot_be_made_is_listed(tmp_path: Path) -> None:
    facts = {"template": "x", "medium": "email", "language": "fr"}
    page = write_gallery([Diagnostic(codes.MISSING, None, facts)], [MAIL], {}, tmp_path, "en")
    text = page.read_text(encoding="utf-8")
    assert "T001" in text
    assert "there is no template" in text


def test_an_empty_plan_gives_a_page_that_says_so(tmp_path: Path) -> None:
    assert "Nothing would be sent." in gallery(tmp_path)


def test_the_same_plan_gives_the_same_page_over_the_earlier_one(tmp_path: Path) -> None:
    assert gallery(tmp_path, MAIL, LETTER) == gallery(tmp_path, MAIL, LETTER)


def test_the_files_are_the_owners_alone(tmp_path: Path) -> None:
    folder = tmp_path / "preview"
    gallery(folder, LETTER)
    for path in (folder / "index.html", *(folder / "files").iterdir()):
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700


def test_a_link_in_the_place_of_the_page_is_replaced(tmp_path: Path) -> None:
    target = tmp_path / "target"
    target.write_text("kept", encoding="utf-8")
    (tmp_path / "index.html").symlink_to(target)
    gallery(tmp_path, MAIL)
    assert target.read_text(encoding="utf-8") == "kept"
    assert not (tmp_path / "index.html").is_symlink()
