"""Which template a notice takes, and what its author is told when it is wrong."""

from __future__ import annotations

import pickle
from pathlib import Path

import pytest
from paper import MOMENT, creditor, notice, stationery

from relance.diagnostics import Diagnostic
from relance.notices.codes import RenderError
from relance.notices.render import render
from relance.notices.stationery import languages_of, template_folders


def write(root: Path, name: str, text: str) -> None:
    path = root / "templates" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def sms(root: Path, **changes: object) -> str:
    given = notice(medium="sms", **changes)
    return render(given, stationery(root), MOMENT).content.decode()


def refused(root: Path, **changes: object) -> Diagnostic:
    with pytest.raises(RenderError) as caught:
        sms(root, **changes)
    return caught.value.diagnostic


def test_the_project_wins_over_the_shipped_wording(tmp_path: Path) -> None:
    assert "Menuiserie Lenoir SARL : facture" in sms(tmp_path)
    write(tmp_path, "reminder/fr.wording", "{% block sms %}Ma relance{% endblock %}")
    assert sms(tmp_path) == "Ma relance"


def test_a_file_for_the_medium_wins_over_the_wording(tmp_path: Path) -> None:
    write(tmp_path, "reminder/fr.wording", "{% block sms %}Wording{% endblock %}")
    write(tmp_path, "reminder/fr.sms.txt", "{{ count }} : {{ total }} {{ sms }}")
    assert sms(tmp_path) == "1 : 1 234,50 € Wording"


def test_the_creditors_language_stands_in(tmp_path: Path) -> None:
    write(tmp_path, "special/fr.wording", "{% block sms %}En français{% endblock %}")
    assert sms(tmp_path, template="special", language="nl") == "En francais"


def test_a_template_that_is_nowhere_is_said(tmp_path: Path) -> None:
    assert refused(tmp_path, template="nothing").code == "T001"


@pytest.mark.parametrize("name", ["../reminder", "/etc", "_layout", "a/b", ""])
def test_a_template_name_leads_nowhere_else(tmp_path: Path, name: str) -> None:
    assert refused(tmp_path, template=name).code == "T001"


def test_a_link_out_of_the_folder_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("secret", encoding="utf-8")
    write(tmp_path, "reminder/nl.wording", "")
    (tmp_path / "templates" / "reminder" / "fr.sms.txt").symlink_to(tmp_path / "secret")
    assert refused(tmp_path).code == "T004"


def test_an_unknown_variable_is_shown_with_its_line_and_the_nearest(tmp_path: Path) -> None:
    text = "{% block sms %}\nBonjour\n{{ totl }}\n{% endblock %}"
    write(tmp_path, "reminder/fr.wording", text)
    found = refused(tmp_path)
    assert found.code == "T003"
    assert str(found.span) == "templates/reminder/fr.wording:3"
    assert found.span is not None
    assert found.span.excerpt == "{{ totl }}"
    assert "'totl'" in found.message()
    assert "'total'" in found.hint()


def test_an_unknown_attribute_is_shown_with_the_nearest(tmp_path: Path) -> None:
    write(tmp_path, "reminder/fr.wording", "{% block sms %}{{ first.numbr }}{% endblock %}")
    found = refused(tmp_path)
    assert (found.code, found.facts["name"], found.facts["nearest"]) == ("T003", "numbr", "number")


def test_a_syntax_error_is_shown_with_its_line(tmp_path: Path) -> None:
    write(tmp_path, "reminder/fr.wording", "{% block sms %}\n{% if %}\n{% endblock %}")
    found = refused(tmp_path)
    assert (found.code, str(found.span)) == ("T002", "templates/reminder/fr.wording:2")


@pytest.mark.parametrize(
    "text",
    [
        "{{ 1 / 0 }}",
        "{{ ''.__class__.__mro__ }}",
        "{{ lines.append(1) }}",
        "{{ creditor.__init__.__globals__ }}",
        "{% include '/etc/passwd' %}",
        "{% include '../../secret' %}",
        "{% for i in range(10 ** 9) %}{% endfor %}",
        "{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}",
    ],
)
def test_what_is_not_allowed_fails_that_notice_alone(tmp_path: Path, text: str) -> None:
    write(tmp_path, "reminder/fr.wording", f"{{% block sms %}}{text}{{% endblock %}}")
    assert refused(tmp_path).code in {"T003", "T004"}
    assert "SARL" in sms(tmp_path, template="courtesy")


def test_labels_of_the_project_are_laid_over_the_shipped_ones(tmp_path: Path) -> None:
    write(tmp_path, "_layout/labels.fr.yaml", "how_to_pay: Pour payer\n")
    text = render(notice(), stationery(tmp_path), MOMENT).content.decode()
    assert "Pour payer" in text
    assert "Reste d" in text


@pytest.mark.parametrize("text", ["[1, 2]", "a: [b]", "a: {", "a: &x y", "a" * 70_000])
def test_labels_that_are_no_list_of_texts_are_refused(tmp_path: Path, text: str) -> None:
    write(tmp_path, "_layout/labels.fr.yaml", text)
    assert refused(tmp_path).code == "T010"


def test_the_languages_of_a_template_are_known(tmp_path: Path) -> None:
    write(tmp_path, "special/fr.wording", "")
    write(tmp_path, "special/de.sms.txt", "")
    folders = template_folders(tmp_path)
    assert languages_of("special", folders) == ("de", "fr")
    assert languages_of("reminder", folders) == ("de", "en", "fr", "nl")
    assert languages_of("nothing", folders) == ()
    assert languages_of("../special", folders) == ()


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("missing.png", None, "T007"),
        ("../outside.png", b"\x89PNG\r\n\x1a\n", "T007"),
        ("logo.gif", b"GIF89a", "T008"),
        ("logo.png", b"\x89PNG\r\n\x1a\n" + b"0" * 600_000, "T008"),
    ],
)
def test_a_logo_that_cannot_be_used_is_said(
    tmp_path: Path, name: str, content: bytes | None, code: str
) -> None:
    root = tmp_path / "project"
    root.mkdir()
    if content is not None:
        (root / name).write_bytes(content)
    with pytest.raises(RenderError) as caught:
        stationery(root, creditor=creditor(logo=Path(name)))
    assert caught.value.diagnostic.code == code


def test_a_refusal_comes_back_whole_from_another_process(tmp_path: Path) -> None:
    with pytest.raises(RenderError) as caught:
        sms(tmp_path, template="nothing")
    again = pickle.loads(pickle.dumps(caught.value))
    assert again.diagnostic == caught.value.diagnostic
