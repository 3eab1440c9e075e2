"""HTML: names with markup are text in mails, letters, previews and the mail to the team."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
from paper import DEBTOR, creditor, line, notice, stationery

from relance.notices.render import letter_html
from scenarios.stage import Stage, new_stage

from .corpus import each, entries
from .people import body, mails, names_book

TRICKS = (
    "markup",
    "script",
    "image that fetches",
    "attribute",
    "closing what it stands in",
    "entity",
)
DAY = "2026-04-08"


class Page(HTMLParser):
    """The tags of a page with their attributes, and its text."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: set[tuple[str, tuple[str, ...]]] = set()
        self.addresses: set[str] = set()
        self.text = ""
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add((tag, tuple(sorted(name for name, _ in attrs))))
        self.addresses |= {str(v) for name, v in attrs if name in ("src", "href", "srcset", "data")}

    def handle_data(self, data: str) -> None:
        self.text += data


def check(html: str, plain: Page) -> None:
    """See that `html` has no tag, attribute or address that the `plain` page has not."""
    page = Page(html)
    assert page.tags <= plain.tags
    assert not {tag for tag, _ in page.tags} & {"script", "iframe", "object", "form"}
    assert not [name for _, names in page.tags for name in names if name.startswith("on")]
    assert page.addresses <= plain.addresses


@each("names")
def test_a_name_is_text_in_a_letter(entry: str, tmp_path: Path) -> None:
    def letter(name: str) -> str:
        debtor = DEBTOR.__class__(
            **{n: getattr(DEBTOR, n) for n in DEBTOR.__slots__} | {"name": name}
        )
        rows = (line(name or "x", order_number=name),)
        shown = notice(*rows, debtor=debtor, medium="letter", channel="letter")
        return letter_html(shown, stationery(tmp_path, creditor=creditor()))

    html, plain = letter(entry), Page(letter("Dupont SARL"))
    qr = re.compile(r"data:image/png;base64,[A-Za-z0-9+/=]*")
    page, plain.addresses = Page(html), {qr.sub("qr", a) for a in plain.addresses}
    assert page.tags <= plain.tags
    assert {qr.sub("qr", a) for a in page.addresses} <= plain.addresses


@pytest.fixture
def stage(tmp_path: Path) -> Stage:
    stage = new_stage(tmp_path / "firm")
    names_book(stage, ["Dupont SARL", *(entries("names")[trick] for trick in TRICKS)])
    return stage


def test_a_name_is_text_in_a_mail(stage: Stage) -> None:
    assert stage("run", "--date", DAY).code == 0
    first, *others = (body(mail, "html") for mail in mails(stage))
    assert len(others) == len(TRICKS)
    for html in others:
        check(html, Page(first))


def test_a_preview_runs_nothing_and_asks_for_nothing(stage: Stage) -> None:
    page = stage.root / "page"
    assert stage("preview", "--date", DAY, "-o", str(page)).code == 0
    html = (page / "index.html").read_text("utf-8")
    policy = re.search(r'<meta http-equiv="Content-Security-Policy" content="([^"]*)"', html)
    assert policy is not None
    rules = {r.split()[0]: r.split()[1:] for r in policy[1].split(";")}
    assert rules["default-src"] == ["'none'"]
    assert "script-src" not in rules
    assert rules["form-action"] == rules["base-uri"] == ["'none'"]
    assert html.index("Content-Security-Policy") < html.index("<style")
    seen = Page(html)
    assert not {tag for tag, _ in seen.tags} & {"script", "object", "embed", "form", "b"}
    assert not [n for _, names in seen.tags for n in names if n.startswith("on")]
    frames = [names for tag, names in seen.tags if tag == "iframe"]
    assert frames
    assert all("sandbox" in names and "srcdoc" in names for names in frames)
    outside = {a for a in seen.addresses if not a.startswith(("data:", "#", "files/", "mailto:"))}
    assert outside == set()


def test_every_page_that_relance_writes_escapes_by_itself() -> None:
    """Who makes HTML with an environment of Jinja2 asks for escaping; nobody marks data as safe."""
    source = Path(__file__).parents[2] / "src" / "relance"
    for path in source.rglob("*.py"):
        text = path.read_text("utf-8")
        for found in re.finditer(r"\b(Environment|Sandbox)\(\s*\n?", text):
            made = text[found.start() : found.start() + 500]
            unlike_html = (
                path.name == "ladder.py" or "class " in text[found.start() - 6 : found.start()]
            )
            assert "autoescape" in made or unlike_html, path
    for path in [*source.rglob("*.html"), *(source.parents[1] / "templates").rglob("*.*")]:
        assert not re.search(r"\|\s*safe\b", path.read_text("utf-8")), path
