"""The site of the documentation: built offline and strictly, in two languages that belong together."""

from __future__ import annotations

import fcntl
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Any, Literal

import pytest
import yaml
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, sync_playwright

CHROMIUM = Path("/usr/bin/chromium")
ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
TWINS: dict[str, str] = yaml.safe_load((ROOT / "tools/site/twins.yml").read_text("utf-8"))
ENGLISH_ONLY = {"configuration.md", "contributing.md", "reliability.md", "security.md"}


def _built(folder: Path) -> Path:
    command = [sys.executable, str(ROOT / "tools/site/build.py"), str(folder)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return folder


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The built site; of several workers the first builds it, and the others wait."""
    run = os.environ.get("PYTEST_XDIST_TESTRUNUID")
    if run is None:
        return _built(tmp_path_factory.mktemp("site") / "site")
    folder = tmp_path_factory.getbasetemp().parent / f"site-{run}"
    with (folder.with_suffix(".lock")).open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        return folder if (folder / "index.html").exists() else _built(folder)


class _Page(HTMLParser):
    """What a page refers to: links, what it loads, and the names that links may end at."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        self.links: list[str] = []
        self.loads: list[str] = []
        self.names: set[str] = set()
        self.feed(path.read_text("utf-8"))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if given.get("id"):
            self.names.add(str(given["id"]))
        if tag == "a" and given.get("href"):
            self.links.append(str(given["href"]))
        loaded = given.get("src") or (given.get("href") if tag == "link" else None)
        if loaded:
            self.loads.append(loaded)


@pytest.fixture(scope="module")
def pages(site: Path) -> dict[Path, _Page]:
    found = (p for p in sorted(site.rglob("*.html")) if p.name != "404.html")
    return {path.resolve(): _Page(path) for path in found}


def test_nothing_is_loaded_from_elsewhere(site: Path, pages: dict[Path, _Page]) -> None:
    loads = {load for page in pages.values() for load in page.loads}
    assert [load for load in loads if re.match(r"(https?:)?//", load)] == []
    styles = "".join(path.read_text("utf-8") for path in site.rglob("*.css"))
    assert re.findall(r"(?:@import|url\()\s*[\"']?(?:https?:)?//[^)\s]*", styles) == []


def test_every_link_leads_to_a_page_and_a_heading_in_the_other_language_too(
    site: Path, pages: dict[Path, _Page]
) -> None:
    lost = []
    for path, page in pages.items():
        for link in page.links:
            if re.match(r"[a-z]+:", link):
                continue
            target, _, name = link.partition("#")
            there = (path.parent / target).resolve() if target else path
            if there.is_dir():
                there /= "index.html"
            if not there.exists() or (name and there in pages and name not in pages[there].names):
                lost.append(f"{path.relative_to(site.resolve())}: {link}")
    assert lost == []


def test_a_page_and_its_twin_lead_to_each_other(site: Path, pages: dict[Path, _Page]) -> None:
    for english, french in TWINS.items():
        there = (site / "en" / english).with_suffix(".html").resolve()
        here = (site / "fr" / french).with_suffix(".html").resolve()
        assert os.path.relpath(here, there.parent) in pages[there].links, english
        assert os.path.relpath(there, here.parent) in pages[here].links, french


def _in_nav(file: str) -> set[str]:
    def leaves(entry: Any) -> list[str]:
        if isinstance(entry, str):
            return [entry]
        parts = entry.values() if isinstance(entry, dict) else entry
        return [leaf for part in parts for leaf in leaves(part)]

    nav = re.search(r"^nav:\n(?:[ ].*\n?)+", (ROOT / file).read_text("utf-8"), re.MULTILINE)
    assert nav
    return set(leaves(yaml.safe_load(nav[0])["nav"]))


@pytest.mark.parametrize(("file", "folder"), [("mkdocs.yml", DOCS), ("mkdocs.fr.yml", DOCS / "fr")])
def test_the_menu_leads_to_each_page(file: str, folder: Path) -> None:
    pages = {page.name for page in folder.glob("*.md")}
    assert {entry for entry in _in_nav(file) if not entry.endswith("/")} == pages


def test_each_english_page_has_its_french_twin_or_is_listed() -> None:
    english = {page.name for page in DOCS.glob("*.md")}
    assert english - set(TWINS) == ENGLISH_ONLY
    assert {page.name for page in (DOCS / "fr").glob("*.md")} == set(TWINS.values())


def test_instructions_for_the_tests_are_not_shown(site: Path) -> None:
    texts = [path.read_text("utf-8") for path in site.rglob("*.html")]
    assert not any("<!-- run" in text or "```" in text for text in texts)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    if not CHROMIUM.exists():
        pytest.skip("Chromium is not installed")
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield started
        started.close()


@pytest.mark.parametrize(
    ("name", "scheme", "width"),
    [("en/index", "light", 1440), ("fr/sources", "dark", 390)],
)
def test_a_page_is_accessible_and_no_wider_than_the_window(
    site: Path, browser: Browser, name: str, scheme: Literal["light", "dark"], width: int
) -> None:
    page = browser.new_page(color_scheme=scheme, viewport={"width": width, "height": 900})
    page.goto((site / f"{name}.html").as_uri())
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    rules = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}
    found = Axe().run(page, options=rules).response["violations"]
    assert [(v["id"], [n["html"] for n in v["nodes"]][:3]) for v in found] == []
    page.close()


def test_the_search_works_from_a_folder(site: Path, browser: Browser) -> None:
    page = browser.new_page(viewport={"width": 1440, "height": 900})
    page.goto((site / "fr/index.html").as_uri())
    page.fill("[data-md-component=search-query]", "échéancier")
    page.wait_for_selector(".md-search-result__item a[href*='echeanciers.html']", state="attached")
    page.close()
