"""Every text of the screen has a French translation that fills in the same places."""

from __future__ import annotations

import importlib.util
import subprocess
import sys
from pathlib import Path

import pytest

from relance.language import translator

TOOL = Path(__file__).parents[3] / "tools" / "catalogs.py"
spec = importlib.util.spec_from_file_location("catalogs", TOOL)
assert spec is not None
assert spec.loader is not None
catalogs = importlib.util.module_from_spec(spec)
spec.loader.exec_module(catalogs)


@pytest.fixture(scope="module")
def french():
    return catalogs.updated("fr")


def test_each_text_is_translated(french):
    assert catalogs.faults(french) == []


def test_the_files_hold_the_texts_of_the_source(french):
    assert catalogs.stale("fr", french) == []


def test_translations_end_like_their_source(french):
    odd = [
        (m.id, m.string)
        for m in french
        if m.id and m.string and m.id.rstrip().endswith(":") != m.string.rstrip().endswith(":")
    ]
    assert odd == []


def test_texts_are_found_in_calls_of_all_forms():
    source = (
        '_("one")\nN_("two" "three")\nrule("X1", S.E, "msg", N_("hint"), explanation="why")\n_(x)'
    )
    assert set(catalogs.texts_in(source)) == {"one", "twothree", "msg", "hint", "why"}


def test_other_places_to_fill_are_a_fault(french):
    wrong = catalogs.Catalog(locale="fr")
    wrong.add("{count} rows", "{nombre} lignes")
    wrong.add("done", "")
    wrong.add("Nothing was sent today.", "Rien n'est parti." * 3)
    assert [fault.split(":")[0] for fault in catalogs.faults(wrong)] == [
        "other places to fill", "no translation", "said more than once",
    ]  # fmt: skip


def test_the_tool_says_so_by_its_exit_code():
    done = subprocess.run(
        [sys.executable, str(TOOL), "--check"], capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr.strip()) == (0, "")


def test_a_text_without_translation_stays_english():
    assert translator("fr")("not in the catalogue") == "not in the catalogue"
