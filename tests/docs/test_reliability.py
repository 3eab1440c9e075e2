"""The page about reliability names tests that exist, quotes the README, and shows the last figures."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from proof.soak import BEGIN, END, page

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "reliability.md").read_text("utf-8")
NAMED = sorted(set(re.findall(r"`(tests/[\w/]+\.py)::(\w+)`", PAGE)))


@pytest.mark.parametrize(("file", "name"), NAMED)
def test_each_test_that_the_page_names_exists(file: str, name: str) -> None:
    assert f"\ndef {name}(" in (ROOT / file).read_text("utf-8")


def test_the_promise_is_that_of_the_readme_word_for_word() -> None:
    promise = re.search(r"^> For one receivable.*\n> .*", PAGE, re.MULTILINE)
    assert promise
    assert promise[0] in (ROOT / "README.md").read_text("utf-8")
    sentences = re.findall(
        r"^\| ([^|]+) \| `tests", PAGE.partition("## What happens")[0], re.MULTILINE
    )
    whole = " ".join(line.removeprefix("> ") for line in promise[0].splitlines())
    assert " ".join(sentences) == whole


def test_the_figures_are_those_of_the_soaks() -> None:
    soaks = json.loads((ROOT / "docs" / "reliability.json").read_text("utf-8"))
    shown = PAGE.partition(BEGIN)[2].partition(END)[0]
    assert shown == page(soaks)
    assert soaks[-1]["findings"] == 0, "what was found is mended, and looked for again"
