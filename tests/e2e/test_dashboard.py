"""The dashboard in Chromium: nothing is asked of a network, all works by keyboard, all can read it."""

from __future__ import annotations

import io
import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from pypdf import PdfReader

from relance.reports.dashboard.page import dashboard_page
from relance.reports.dashboard.privacy import without_names
from relance.reports.dashboard.view import View
from relance.reports.dashboard.wording import LANGUAGES, words_of
from relance.runs.dashboard import view_of
from relance.runs.indicators import Asked, report_of
from relance.runs.opening import check, open_history
from relance.runs.proposal import propose

CHROMIUM = shutil.which("chromium") or ""
DAY = date(2026, 3, 16)
HOSTILE = (
    "</script><script>document.title='owned'</script><img src=x onerror=alert(1)>\u202e\"'&amp;"
)

pytestmark = pytest.mark.skipif(not CHROMIUM, reason="Chromium is not installed")


@pytest.fixture(scope="module")
def view() -> View:
    """The joiner's book, with many debtors more, one of whom is called an attack."""
    policy = check(Path(__file__).parents[2] / "examples" / "menuiserie-lenoir").policy
    assert policy is not None
    with open_history(policy, readonly=True) as history:
        proposal = propose(policy, DAY, history)
        report, _ = report_of(policy, history, Asked(DAY))
    seen = view_of(proposal, report)
    one = seen.debtors.filter(pl.col("b2") > 0).head(1)
    more = [
        one.with_columns(
            pl.lit(f"X{n:04}").alias("code"),
            pl.lit(HOSTILE if n == 7 else f"Client {n:04} " + "long " * (n % 40)).alias("name"),
            pl.lit(100 * n, pl.Int64).alias("b2"),
        )
        for n in range(120)
    ]
    return replace(seen, debtors=pl.concat([seen.debtors, *more]))


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as tools:
        browser = tools.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield browser
        browser.close()


Open = Callable[..., Any]


@pytest.fixture
def opened(browser: Any, view: View, tmp_path: Path) -> Iterator[Open]:
    """Opens a page; at the end nothing was asked for, and nothing was complained about."""
    contexts, heard = [], []

    def open_page(language: str = "en", seen: View = view, **options: Any) -> Any:
        file = tmp_path / f"{language}.html"
        file.write_bytes(dashboard_page(seen, language))
        context = browser.new_context(**{"viewport": {"width": 1440, "height": 900}, **options})
        contexts.append(context)
        tab = context.new_page()
        tab.on("console", lambda message: heard.append(f"console: {message.text}"))
        tab.on("pageerror", lambda error: heard.append(f"error: {error}"))
        tab.on("dialog", lambda dialog: heard.append(f"dialog: {dialog.message}"))
        tab.on("request", lambda request: heard.append(f"request: {request.url[:200]}"))
        tab.goto(file.as_uri())
        if options.get("java_script_enabled", True):
            tab.wait_for_selector("html[data-ready]")
        return tab

    yield open_page
    for context in contexts:
        context.close()
    assert [said for said in heard if not said.startswith("request: file:")] == []
    assert len([said for said in heard if said.startswith("request:")]) == len(contexts)


_SAME = {"exclude": [["tbody tr:nth-child(n+3)"]]}
"""Rows that are made like the two before them: to look at each would take minutes."""


def violations(tab: Any) -> list[str]:
    from axe_playwright_python.sync_playwright import Axe

    tab.evaluate("scrollTo(0, 0)")  # else what is under the bar of the contents counts as covered
    tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
    options = {"runOnly": {"type": "tag", "values": tags}, "resultTypes": ["violations"]}
    found = Axe().run(tab, context=_SAME, options=options)
    return [
        f"{rule['id']}: {node['target']} {node['failureSummary'][:200]}"
        for rule in found.response["violations"]
        for node in rule["nodes"][:3]
    ]


@pytest.fixture(scope="module")
def small(view: View) -> View:
    """The page with a few rows of each list."""
    return replace(view, debtors=view.debtors.head(3), items=view.items.filter(pl.col("place") < 3))


@pytest.mark.parametrize("language", LANGUAGES)
def test_axe_finds_nothing_in_light_and_dark_wide_and_narrow(opened, small, language):
    tab = opened(language, small, reduced_motion="reduce")
    tab.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
    tab.locator("#debtors button.open").first.click()
    assert violations(tab) == []
    tab.emulate_media(color_scheme="dark")
    tab.set_viewport_size({"width": 390, "height": 844})
    assert violations(tab) == []
    assert tab.evaluate("document.documentElement.scrollWidth") <= 390


def wait_for(found: Any, count: int) -> None:
    from playwright.sync_api import expect

    expect(found).to_have_count(count)


def first_cells(tab: Any, ident: str) -> list[str]:
    cells = tab.locator(f"#{ident} tbody > tr:not(.inner) > th").all_inner_texts()
    return [cell.split("\n")[0].strip() for cell in cells]


def test_lists_sort_filter_and_search_by_keyboard_alone(opened):
    tab = opened("en")
    assert tab.locator("#debtors th[aria-sort]").get_attribute("data-key") == "late"
    tab.locator("#debtors th[data-key=name] button").focus()
    tab.keyboard.press("Enter")
    assert tab.locator("#debtors th[data-key=name]").get_attribute("aria-sort") == "ascending"
    assert first_cells(tab, "debtors")[0] == "Ashdown Interiors Ltd"
    tab.keyboard.press("Space")
    assert tab.locator("#debtors th[data-key=name]").get_attribute("aria-sort") == "descending"
    tab.locator("#f-q").focus()
    tab.keyboard.type("immobiliere")  # accents do not count
    wait_for(tab.locator("#debtors tbody tr"), 1)
    assert first_cells(tab, "debtors") == ["Immobilière des Monts d’Or SA"]
    assert first_cells(tab, "items") != []
    tab.locator("#debtors button.open").focus()
    tab.keyboard.press("Enter")
    assert tab.locator("#debtors tr.inner tbody tr").count() == 3
    tab.locator("button[type=reset]").focus()
    tab.keyboard.press("Enter")
    wait_for(tab.locator("#debtors tbody tr"), 25)
    tab.locator("#f-bucket").focus()
    tab.keyboard.press("ArrowDown")  # all that is overdue
    wait_for(tab.locator("#items tbody tr", has_text="next level not reached"), 0)
    tab.locator("#debtors .pager button").nth(1).focus()
    tab.keyboard.press("Enter")
    assert tab.locator("#debtors-status").inner_text().startswith("26 to 50 of ")


def test_a_figure_leads_to_its_list(opened, view):
    tab = opened("en")
    tab.locator("#ageing a.to-list", has_text="61 to 90 days").first.click()
    assert tab.locator("#f-bucket").input_value() == "3"
    wanted = view.items.filter(pl.col("bucket") == 3)
    shown = tab.locator("#items tbody tr").count()
    assert shown == wanted.filter(pl.col("place") < 1000).height
    assert tab.evaluate("document.activeElement.id") == "lists-title"


def test_scripts_write_rows_as_the_page_itself_does(opened):
    for language in ("fr", "en"):
        plain = opened(language, java_script_enabled=False)
        alive = opened(language)
        for ident in ("debtors", "items"):
            rows = plain.locator(f"#{ident} tbody tr").all_inner_texts()
            assert rows == alive.locator(f"#{ident} tbody tr").all_inner_texts(), (language, ident)
            assert len(rows) == 25
        assert not plain.locator("form.filters").is_visible()


def test_an_attack_is_text(opened):
    tab = opened("en")
    tab.fill("#f-q", "owned")
    wait_for(tab.locator("#debtors tbody tr"), 1)
    assert "<img src=x onerror=alert(1)>\\u202e" in tab.locator("#debtors tbody").inner_text()
    assert tab.title().startswith("Menuiserie Lenoir SARL")
    assert tab.locator("img").count() == 0


def test_nothing_moves_where_motion_is_not_wanted(opened):
    tab = opened("en", reduced_motion="reduce")
    assert tab.evaluate("getComputedStyle(document.documentElement).scrollBehavior") == "auto"


def test_names_can_be_hidden_from_who_looks_on(opened):
    tab = opened("en")
    tab.locator("#blur").click()
    assert tab.locator("#blur").get_attribute("aria-pressed") == "true"
    assert "blur" in tab.locator("#debtors button.open").first.evaluate(
        "b => getComputedStyle(b).filter"
    )


def test_a_print_has_the_whole_list_and_cuts_no_row(opened, view):
    tab = opened("fr")
    pdf = PdfReader(io.BytesIO(tab.pdf(prefer_css_page_size=True)))
    pages = [page.extract_text() for page in pdf.pages]
    words = words_of("fr", "FR")
    for row in view.debtors.filter(~pl.col("code").str.starts_with("X")).iter_rows(named=True):
        late = sum(row[f"b{n}"] for n in range(1, 6))
        told = [row["code"], *([words.amount(late, row["currency"])] if late else [])]
        held = [page for page in pages if all(text in page for text in told)]
        assert held, told
    codes = {f"X{n:04}" for n in range(1, 120)}
    assert {code for code in codes if any(code in page for page in pages)} == codes
    page = pdf.pages[0].mediabox
    assert page.width > page.height
    tab.emulate_media(media="print")
    tab.set_viewport_size(
        {"width": 1047, "height": 700}
    )  # A4 landscape less its margins, in pixels
    assert tab.evaluate("document.documentElement.scrollWidth") <= 1047


def test_the_page_without_names_works_as_the_other(opened, small):
    tab = opened("de", without_names(small, b"key"))
    assert first_cells(tab, "debtors")[0].startswith("D-")
    assert tab.locator("#blur").count() == 0
