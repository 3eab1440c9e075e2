"""The dashboard as a file: what it holds, what it leaves out, what hostile data cannot do in it."""

from __future__ import annotations

import base64
import csv
import gzip
import json
import re
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
import yaml

from relance.indicators import needs
from relance.indicators.definitions import DEFINITIONS
from relance.reports.dashboard import wording
from relance.reports.dashboard.lists_part import SAID, reason_keys
from relance.reports.names import BUCKETS, TASKS, VERDICTS

from .stage import Stage, new_stage

DAY = ("--date", "2026-04-20")
HOSTILE = "</script><script>alert(1)</script><img src=x onerror=alert(2)>\"'`&lt;"
RTL = "\u202egnirts esrever\u202c"
LONG = "Société " + "très longue " * 24 + "SARL"


def page_of(stage: Stage, *more: str) -> str:
    file = stage.root / "page.html"
    said = stage("dashboard", "-o", str(file), *DAY, *more)
    assert said.code == 0, said
    return file.read_text("utf-8")


def data_of(page: str) -> dict[str, Any]:
    """Return the rows that the page holds, unpacked as its script does."""
    packed = re.search(r'id="data">([^<]*)</script>', page)
    assert packed is not None
    found: dict[str, Any] = json.loads(gzip.decompress(base64.b64decode(packed[1])))
    return found


class Tags(HTMLParser):
    """The elements of a page and their attributes; the text of its tables."""

    def __init__(self, page: str) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.text += data


def test_the_page_shows_the_balance_of_the_status_to_the_cent(tmp_path):
    stage = new_stage(tmp_path / "p", {"open": (
        "F1,C1,2026-03-02,2026-04-01,250.50,250.50,EUR,invoice\n"
        "F2,C2,2026-01-02,2026-02-01,1000.10,999.99,EUR,invoice\n"
        "A1,C2,2026-03-02,2026-03-02,-20.00,-20.00,EUR,credit_note\n"
    )})  # fmt: skip
    page = page_of(stage, "--lang", "fr")
    status = stage("status", "--json", *DAY).json["currencies"]["EUR"]
    assert (status["receivables"], status["net"]) == ("1250.49", "1230.49")
    for text in (
        "1\u202f250,49\u00a0€",
        "250,50\u00a0€",
        "999,99\u00a0€",
        "−20,00\u00a0€",
        "1\u202f230,49\u00a0€",
    ):
        assert text in page, text
    data = data_of(page)
    buckets = [sum(data["debtors"][f"b{n}"]) for n in range(6)]
    assert buckets == [0, 25050, 0, 99999, 0, 0]
    assert sum(data["items"]["amount"]) == 123049


@pytest.mark.parametrize("language", wording.LANGUAGES)
def test_the_page_is_whole_in_each_language(tmp_path, language):
    page = page_of(new_stage(tmp_path / "p"), "--lang", language)
    tags = Tags(page)
    assert ("html", {"lang": language}) in tags.found
    words = wording.words_of(language, "FR")
    for key in ("key_figures", "ageing", "standings", "agenda", "lists", "methods"):
        assert words[key] in tags.text


def test_languages_have_the_same_words_and_places():
    def flat(texts: dict[str, Any]) -> dict[str, list[str]]:
        found = {}
        for key, value in texts.items():
            if isinstance(value, dict):
                found |= {f"{key}.{name}": places for name, places in flat(value).items()}
            else:
                found[key] = sorted(re.findall(r"\{\w*\}", value))
        return found

    folder = Path(wording.__file__).parent
    read = {
        name: flat(yaml.safe_load((folder / f"words.{name}.yaml").read_text("utf-8")))
        for name in wording.LANGUAGES
    }
    for name, texts in read.items():
        assert texts == read["en"], name


@pytest.mark.parametrize("language", wording.LANGUAGES)
def test_whatever_the_page_may_name_has_a_name(language):
    texts = wording.words_of(language, "FR").texts
    assert set(texts["verdicts"]) == set(VERDICTS)
    assert set(texts["task_kinds"]) == set(TASKS)
    assert set(texts["buckets"]) == set(BUCKETS)
    assert set(texts["reasons"]) == set(reason_keys())
    assert set(SAID) <= set(texts)


@pytest.mark.parametrize("language", ["nl", "de"])
def test_figures_have_their_formulas_in_the_languages_that_the_screen_has_not(language):
    known = wording.words_of(language, "BE").texts["report"]
    asked = {t for d in DEFINITIONS.values() for t in (d.name, d.formula, d.perimeter, d.vat)}
    asked |= {
        text for name, text in vars(needs).items() if name.isupper() and isinstance(text, str)
    }
    assert sorted(asked - set(known)) == []


def test_what_data_say_is_text_and_never_markup(tmp_path):
    rows = "".join(
        f"F{n},C{n},2026-01-02,2026-02-01,{n}00.00,{n}00.00,EUR,invoice\n" for n in (1, 2, 3)
    )
    stage = new_stage(tmp_path / "p", {"open": rows})
    with (stage.root / "customers.csv").open("w", encoding="utf-8", newline="") as file:
        table = csv.writer(file)
        table.writerow(["id", "name", "kind", "country", "language", "email", "owner"])
        for n, name in enumerate((HOSTILE, RTL, LONG), 1):
            table.writerow([f"C{n}", name, "business", "FR", "fr", f"c{n}@client.example", HOSTILE])
    page = page_of(stage)
    tags = Tags(page)
    assert [tag for tag, _ in tags.found].count("script") == 2
    assert not [tag for tag, _ in tags.found if tag in ("img", "iframe", "object", "link", "base")]
    assert not [name for _, found in tags.found for name in found if name.startswith("on")]
    assert "alert(1)</script><img" in tags.text
    assert "\u202e" not in page
    assert data_of(page)["debtors"]["name"].count(HOSTILE) == 1


def test_the_page_asks_for_nothing_and_allows_only_its_own_script_and_look(tmp_path):
    page = page_of(new_stage(tmp_path / "p"))
    tags = Tags(page)
    policy = next(t[1]["content"] for t in tags.found if t[1].get("http-equiv"))
    assert policy.startswith("default-src 'none'; script-src 'sha256-")
    assert "unsafe" not in policy
    addresses = [
        found.get(n)
        for _, found in tags.found
        for n in ("src", "href", "action", "srcset", "style")
    ]
    assert {a[:1] for a in addresses if a} == {"#"}
    assert "http://" not in page
    assert "https://" not in page


_NAMING = (
    "Code client", "Raison sociale", "E-mail", "Téléphone", "Portable", "Adresse", "Ville", "SIREN", "N° TVA",
    "Commercial", "N° facture", "Nom du client", "Commande",
)  # fmt: skip


def names_of(folder: Path) -> set[str]:
    """Return every name, address, number and code of a project that may be somebody's."""
    found = {"Menuiserie Lenoir", "Inès Lenoir", "+33 4 65 71 00 12", "732829320", "ventes-2026"}
    for file in [folder / "customers.csv", *(folder / "exports").glob("*.csv")]:
        raw = file.read_bytes()
        text = raw.decode("utf-8" if file.name == "customers.csv" else "cp1252")
        delimiter = ";" if text.partition("\n")[0].count(";") > 3 else ","
        for row in csv.DictReader(text.splitlines(), delimiter=delimiter):
            cells = [row[column] for column in row if column and column.startswith(_NAMING)]
            found |= {cell.strip() for cell in cells if cell and len(cell.strip()) > 3}
    return found


def test_without_names_nothing_of_the_project_names_anybody(tmp_path):
    import shutil

    folder = Path(
        shutil.copytree(
            Path(__file__).parents[2] / "examples" / "menuiserie-lenoir", tmp_path / "p"
        )
    )
    names = names_of(folder)
    assert len(names) > 100
    page = page_of(Stage(folder), "--no-names", "--lang", "fr", "--date", "2026-03-16")
    whole = page + json.dumps(data_of(page), ensure_ascii=False)
    assert sorted(name for name in names if name in whole) == []
    with_names = page_of(Stage(folder), "--lang", "fr", "--date", "2026-03-16")
    whole = with_names + json.dumps(data_of(with_names), ensure_ascii=False)
    assert "Boulangerie Maurel SARL" in whole
    assert data_of(page)["debtors"]["name"] == [""] * data_of(page)["debtors"]["rows"]


def test_pseudonyms_stay_the_same_and_tell_nothing_to_who_has_not_the_key(tmp_path):
    one, other = new_stage(tmp_path / "one"), new_stage(tmp_path / "other")
    first = data_of(page_of(one, "--no-names"))["debtors"]["code"]
    assert first == data_of(page_of(one, "--no-names"))["debtors"]["code"]
    assert first != data_of(page_of(other, "--no-names"))["debtors"]["code"]
    assert re.fullmatch(r"D-[A-Z2-7]{8}", first[0])
    key = one.root / ".relance" / "pseudonyms.key"
    assert key.stat().st_mode & 0o077 == 0


def test_same_project_same_day_same_bytes(tmp_path):
    stage = new_stage(tmp_path / "p")
    assert page_of(stage) == page_of(stage)


def test_an_empty_book_makes_a_page(tmp_path):
    stage = new_stage(
        tmp_path / "p", {"open": "F1,C1,2026-03-02,2026-04-01,250.50,0.00,EUR,invoice\n"}
    )
    page = page_of(stage, "--lang", "nl")
    assert data_of(page)["debtors"]["rows"] == 0
    assert "Vandaag is er niets te doen." in page


def test_currencies_stand_side_by_side_and_are_never_added(tmp_path):
    stage = new_stage(tmp_path / "p", {"open": (
        "F1,C1,2026-03-02,2026-04-01,100.00,100.00,EUR,invoice\n"
        "F2,C1,2026-03-02,2026-04-01,7000,7000,JPY,invoice\n"
    )})  # fmt: skip
    page = page_of(stage, "--lang", "de")
    data = data_of(page)
    assert data["debtors"]["rows"] == 2
    assert data["words"]["digits"] == {"EUR": 2, "JPY": 0}
    assert "Altersstruktur in EUR" in page
    assert "Altersstruktur in JPY" in page
    assert "7.100" not in page


def test_the_page_is_its_owners_alone_and_says_where_it_is(tmp_path):
    stage = new_stage(tmp_path / "p")
    said = stage("dashboard", "--json", *DAY)
    assert said.json["page"] == str(stage.root / "dashboard.html")
    assert said.json["bytes"] == (stage.root / "dashboard.html").stat().st_size
    assert (stage.root / "dashboard.html").stat().st_mode & 0o077 == 0


def test_a_language_that_the_page_has_not_is_refused(tmp_path):
    said = new_stage(tmp_path / "p")("dashboard", "--lang", "it", *DAY)
    assert said.code == 2
    assert "--lang: it is not one of fr, nl, de, en" in said.err


def test_the_page_leaves_the_project_as_it_was(tmp_path):
    stage = new_stage(tmp_path / "p")
    before = stage.bytes_of()
    said = stage("dashboard", "-o", str(tmp_path / "page.html"), *DAY)
    assert said.code == 0
    assert stage.bytes_of() == before
