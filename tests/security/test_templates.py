"""Template injection: what an author may not do, what data can never do, and how much work is done."""

from __future__ import annotations

from pathlib import Path

import pytest
from paper import MOMENT, notice, stationery

from relance.notices.codes import RenderError
from relance.notices.render import render
from relance.notices.sandbox import LimitError, Sandbox
from scenarios.stage import Stage, new_stage

from .corpus import built, each, entries
from .people import names_book, texts_of

DAY = "2026-04-08"


def wording(stage: Stage, text: str) -> None:
    stage.write("templates/reminder/fr.wording", f"{{% block opening %}}{text}{{% endblock %}}\n")


@pytest.fixture
def stage(tmp_path: Path) -> Stage:
    return new_stage(tmp_path / "firm")


@each("templates")
def test_a_hostile_template_ends_as_a_diagnostic_of_its_notice(
    entry: str | dict[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("relance.notices.sandbox.WORK", 300_000)
    folder = tmp_path / "templates" / "reminder"
    folder.mkdir(parents=True)
    (folder / "fr.wording").write_text(f"{{% block sms %}}{built(entry)}{{% endblock %}}", "utf-8")
    sheet = stationery(tmp_path)
    with pytest.raises(RenderError) as caught:
        render(notice(medium="sms"), sheet, MOMENT)
    assert caught.value.diagnostic.code in {"T002", "T003", "T004"}
    assert render(notice(medium="sms", template="courtesy"), sheet, MOMENT).content


@pytest.mark.parametrize("trick", ["loop over a huge range", "text times a billion"])
def test_a_run_goes_on_without_the_notice_and_says_so(trick: str, stage: Stage) -> None:
    wording(stage, entries("templates")[trick])
    said = stage("run", "--date", DAY)
    assert said.code in (1, 2)
    assert "T004" in said.err
    assert "templates/reminder/fr.wording:1" in said.err
    assert stage.outbox() == []


def test_one_page_has_the_same_work_to_spend_as_the_next(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("relance.notices.sandbox.WORK", 30_000)
    sandbox = Sandbox()
    page = sandbox.from_string("{% for i in range(9999) %}x{% endfor %}")
    for _ in range(9):
        sandbox.begin()
        assert len(page.render()) == 9_999
    with pytest.raises(LimitError):
        "".join(page.render() for _ in range(9))


HARMLESS = {
    "{{ '%s: %05.2f' | format(first.number, 3) }}": "F1: 03.00",
    "{{ '{:>8}|{}'.format(first.number, count) }}": "F1|1",
    "{{ (['a', 'b'] | join('-')) ~ ('x' * 3) ~ 2 ** 10 ~ (7 % 4) }}": "a-bxxx10243",
    "{% for a in [1, 2] %}{{ loop.index }}{{ ',' if not loop.last }}{% endfor %}": "1,2",
    "{% for a in [1, 2, 3] %}{{ loop.length }}{{ loop.revindex }}{% else %}none{% endfor %}": "333231",
    "{% for a, b in {'x': 1}.items() %}{{ a }}{{ b }}{% endfor %}": "x1",
    "{% if 'F' in first.number and 1 < 2 <= 2 %}yes{% endif %}": "yes",
    "{{ ('Lenoir' | replace('e', 'é')).upper() }}{{ 'abc'[1:] }}": "LÉNOIRbc",
    "{{ [3, 1, 2] | sort | map('string') | join }}{{ lines | length }}": "1231",
    "{{ 'x' | center(5) | replace(' ', '.') }}{{ [1, 2] is iterable }}": "..x..True",
    "{% set s %}a{{ 1 }}{% endset %}{{ s }}{% macro m(a) %}<{{ a }}{% endmacro %}{{ m(2) }}": "a1<2",
}


def test_what_authors_do_every_day_works_as_in_any_jinja(stage: Stage) -> None:
    for text, wanted in HARMLESS.items():
        wording(stage, "Voir " + text)
        said = stage("preview", "--date", DAY, "-o", str(stage.root / "page"))
        assert said.code == 0, (text, said)
        page = (stage.root / "page" / "index.html").read_text("utf-8")
        escaped = wanted.replace("<", "&lt;")
        assert f"Voir {escaped}" in page.replace("\u00a0", " "), text


def test_names_are_never_taken_for_templates(stage: Stage) -> None:
    """A debtor named {{7*7}} prints literally: data is filled in, and never compiled."""
    tricks = [name for name in entries("names").values() if "{" in str(name)]
    assert tricks
    names_book(stage, tricks)
    assert stage("run", "--date", DAY).code == 0
    texts = texts_of(stage)
    for name, text in zip(tricks, texts, strict=True):
        flat = " ".join(text.split())
        assert "49" not in flat
        assert " ".join(str(name).split()) in flat
