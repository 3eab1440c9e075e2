from __future__ import annotations

import sys
from decimal import Decimal
from pathlib import Path
from subprocess import run

import pytest

from relance.channels.registry import kinds
from relance.policy.load import read_policy, read_project
from relance.policy.model import Bounds

from .projects import ACCOUNTS, LADDER, MAIN, write_project


def places(project: Path) -> list[str]:
    return [f"{d.span} {d.code}" for d in read_policy(project, kinds())[1]]


def test_a_sound_project_gives_its_policy_with_accounts_and_procedures(tmp_path: Path) -> None:
    policy, found = read_policy(write_project(tmp_path), kinds())

    assert found == []
    assert policy is not None
    assert policy.root == tmp_path
    assert [a.iban for a in policy.bank_accounts] == ["FR7630006000011234567890189"]
    assert policy.procedures["ladder"].levels[0].channels == ("email",)
    assert policy.creditor.timezone == "Europe/Paris"


def test_shipped_procedures_are_there_and_the_project_s_own_win(tmp_path: Path) -> None:
    project = write_project(tmp_path)
    own = LADDER.replace("name: ladder", "name: gentle")
    (project / "procedures/gentle.yaml").write_text(own)

    policy, _ = read_policy(project, kinds())

    assert policy is not None
    assert {"standard", "strict", "consumer-be", "ladder"} <= policy.procedures.keys()
    assert len(policy.procedures["gentle"].levels) == 1


def test_all_errors_of_all_files_are_told_at_once_and_no_policy_is_given(tmp_path: Path) -> None:
    project = write_project(
        tmp_path,
        MAIN.replace("kind: outbox", "kind: outbix").replace("ladder}", "lader}"),
        LADDER.replace("levels", "intervall: 7\nlevels").replace("template: note", "template: no"),
        ACCOUNTS.replace("189", "188"),
    )

    policy, _ = read_policy(project, kinds())

    assert policy is None
    assert places(project) == [
        "accounts.yaml:1:10 P170",
        "procedures/ladder.yaml:2:1 P020",
        "procedures/ladder.yaml:4:55 P118",
        "relance.yaml:10:33 P130",
        "relance.yaml:12:17 P150",
    ]


def test_places_are_right_after_an_entry_that_could_not_be_read(tmp_path: Path) -> None:
    broken = "  - {id: first, channel: email}\n"
    ladder = LADDER.replace("levels:\n", "levels:\n" + broken).replace("email, t", "emial, t")

    assert places(write_project(tmp_path, ladder=ladder)) == [
        "procedures/ladder.yaml:3:5 P021",
        "procedures/ladder.yaml:4:38 P114",
    ]


def test_a_procedure_with_errors_is_still_known_to_its_segments(tmp_path: Path) -> None:
    project = write_project(tmp_path, ladder=LADDER.replace("levels", "levls"))

    assert [p.split()[1] for p in places(project)] == ["P021", "P020"]


@pytest.mark.parametrize(
    "key", ["root: /", "procedures: {}", "accounts_file: x", "bank_accounts: x"]
)
def test_names_that_the_model_has_for_itself_are_unknown_keys(tmp_path: Path, key: str) -> None:
    project = write_project(tmp_path, f"{key}\n{MAIN}")

    assert places(project) == ["relance.yaml:1:1 P020"]


def test_not_with_the_underscore_of_python_is_an_unknown_key(tmp_path: Path) -> None:
    ladder = LADDER.replace("template: note", "template: note, when: {not_: {open: 5}}")

    assert [p.split()[1] for p in places(write_project(tmp_path, ladder=ladder))] == ["P020"]


def test_accounts_outside_the_project_are_not_read(tmp_path: Path) -> None:
    project = write_project(tmp_path, MAIN + "accounts: ../accounts.yaml\n")

    assert [p.split()[1] for p in places(project)] == ["P166"]


def test_a_directory_without_policy_says_what_is_missing(tmp_path: Path) -> None:
    assert "relance.yaml P001" in places(tmp_path)


def test_a_number_alone_is_the_range_that_holds_only_it(tmp_path: Path) -> None:
    ladder = LADDER.replace("template: note", "template: note, when: {days_past_due: 30}")
    policy, _ = read_policy(write_project(tmp_path, ladder=ladder), kinds())

    assert policy is not None
    when = policy.procedures["ladder"].levels[0].when
    assert when is not None
    assert when.days_past_due == Bounds(min=Decimal(30), max=Decimal(30))


def test_the_word_tab_is_the_delimiter(tmp_path: Path) -> None:
    main = MAIN.replace("path: ventes.csv", "path: ventes.csv, delimiter: tab")
    policy, _ = read_policy(write_project(tmp_path, main), kinds())

    assert policy is not None
    assert policy.sources[0].model_dump()["delimiter"] == "\t"


def test_a_secret_in_clear_appears_in_no_finding(tmp_path: Path) -> None:
    smtp = "{kind: smtp, hots: x, from: nobody, password: hunter2, port: hunter2}"
    main = MAIN.replace("{kind: outbox, folder: out}", smtp).replace("sources", "soruces")
    main += "database: postgresql://relance:hunter2@db.example/relance\n"
    found = read_project(write_project(tmp_path, main), kinds()).diagnostics

    assert "P151" in [d.code for d in found]
    assert "P152" in [d.code for d in found]
    shown = [d for d in found if d.span and d.span.excerpt and "hunter2" in d.span.excerpt]
    assert shown == []


def test_counts_for_the_summary(tmp_path: Path) -> None:
    reading = read_project(write_project(tmp_path), kinds())

    assert reading.files == ("relance.yaml", "accounts.yaml", "procedures/ladder.yaml")
    assert reading.procedures == 1


def test_reading_a_policy_loads_no_heavy_library(tmp_path: Path) -> None:
    script = (
        "import sys; from pathlib import Path; from relance.policy.load import read_policy;"
        f"assert read_policy(Path({str(write_project(tmp_path))!r}))[0];"
        "heavy = {'polars', 'sqlalchemy', 'weasyprint', 'httpcore', 'holidays', 'jinja2'};"
        "sys.exit(','.join(sorted(heavy & set(sys.modules))) or 0)"
    )
    result = run([sys.executable, "-c", script], capture_output=True, text=True, check=False)

    assert (result.returncode, result.stderr) == (0, "")


@pytest.mark.parametrize("main", ["", "- a\n", "limits:\n\tmax: 5\n", "[" * 3000])
def test_a_policy_that_cannot_be_read_is_not_blamed_on_the_levels(
    tmp_path: Path, main: str
) -> None:
    found = places(write_project(tmp_path, main))

    assert found
    assert [place for place in found if not place.startswith("relance.yaml")] == []
