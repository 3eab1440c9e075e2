"""Payment diversion: no account but the creditor's own reaches a debtor, and a change stops all."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from paper import IBAN, MOMENT, line, notice, stationery

from relance.notices.codes import RenderError
from relance.notices.render import render
from scenarios.stage import Stage, _yaml, new_stage

from .corpus import each, entries

FOREIGN = "BE68539007547034"
DAY = "2026-04-08"
MEDIA = ("email", "letter", "sms")


def written(root: Path, text: str, medium: str) -> Any:
    """Return a notice whose template says `text`; the letter is laid out as it is sent."""
    path = root / "templates" / "reminder" / "fr.wording"
    path.parent.mkdir(parents=True)
    blocks = "".join(
        f"{{% block {name} %}}{text}{{% endblock %}}" for name in ("subject", "opening", "sms")
    )
    path.write_text(blocks, "utf-8")
    return render(notice(medium=medium, channel=medium), stationery(root), MOMENT)


@each("ibans")
@pytest.mark.parametrize("medium", ["email", "sms"])
def test_a_template_that_names_another_account_sends_nothing(
    medium: str, entry: str, tmp_path: Path
) -> None:
    with pytest.raises(RenderError) as caught:
        written(tmp_path, entry, medium)
    assert caught.value.diagnostic.code == "T005"


@pytest.mark.parametrize(
    "way", ["plain", "in fours", "zero width", "full width", "Cyrillic letters"]
)
def test_a_letter_that_names_another_account_is_not_printed(way: str, tmp_path: Path) -> None:
    with pytest.raises(RenderError) as caught:
        written(tmp_path, entries("ibans")[way], "letter")
    assert caught.value.diagnostic.code == "T005"


@pytest.mark.parametrize("medium", MEDIA)
def test_the_creditors_own_account_passes(medium: str, tmp_path: Path) -> None:
    own = f"{IBAN[:4]} {IBAN[4:8]} {IBAN[8:]}"
    assert written(tmp_path, own, medium).content


@each("ibans")
def test_an_export_cannot_slip_an_account_into_a_reminder(entry: str) -> None:
    """What a hostile export controls: numbers, orders, and with them subjects and tables."""
    for row in (line(entry), line(order_number=entry)):
        with pytest.raises(RenderError) as caught:
            render(notice(row), stationery(), MOMENT)
        assert caught.value.diagnostic.code == "T005"


@pytest.fixture
def stage(tmp_path: Path) -> Stage:
    """A project whose account is pinned by a first run."""
    stage = new_stage(tmp_path / "firm")
    assert stage("run", "--date", "2026-03-20").code == 0
    return stage


def accounts(stage: Stage, *rows: dict[str, str]) -> None:
    stage.write("accounts.yaml", _yaml(list(rows)))


OWN = {"iban": IBAN, "holder": "Atelier Dubreuil SAS"}
CHANGES: dict[str, list[dict[str, str]]] = {
    "another account": [{"iban": FOREIGN, "holder": "Atelier Dubreuil SAS"}],
    "one more": [OWN, {"iban": FOREIGN, "holder": "Atelier Dubreuil SAS"}],
    "one more before": [{"iban": FOREIGN, "holder": "Atelier Dubreuil SAS"}, OWN],
}


@pytest.mark.parametrize("change", CHANGES)
def test_a_changed_account_stops_all_until_a_person_approves(change: str, stage: Stage) -> None:
    accounts(stage, *CHANGES[change])
    for _ in range(2):
        said = stage("run", "--date", DAY)
        assert said.code == 4, said
        assert "accounts approve" in said.err
    assert stage.outbox() == []
    assert stage("accounts", "approve").code == 0
    assert stage("run", "--date", DAY).code == 0
    assert len(stage.outbox()) == 1


def test_the_same_account_in_other_words_stops_nothing(stage: Stage) -> None:
    accounts(stage, {"iban": f"{IBAN[:4]} {IBAN[4:]}", "holder": "Atelier Dubreuil SAS"})
    assert stage("run", "--date", DAY).code == 0


def test_approving_a_plan_does_not_approve_an_account(stage: Stage) -> None:
    accounts(stage, *CHANGES["another account"])
    plan = stage.plan(DAY)["plan_hash"]
    stage("approve", plan, "--date", DAY)
    assert stage("run", "--date", DAY).code == 4
    assert stage.outbox() == []


@pytest.mark.parametrize(
    "row",
    [
        {"iban": "BE68539007547035", "holder": "Atelier Dubreuil SAS"},
        {"iban": "FR7630006000011234567890180", "holder": "Atelier Dubreuil SAS"},
        {"iban": "XX68539007547034", "holder": "Atelier Dubreuil SAS"},
    ],
)
def test_an_account_whose_digits_do_not_check_is_refused(row: dict[str, str], stage: Stage) -> None:
    accounts(stage, row)
    assert stage("run", "--date", DAY).code == 2


def test_an_account_of_somebody_else_is_told(stage: Stage) -> None:
    accounts(stage, {"iban": FOREIGN, "holder": "Mule Ltd"})
    said = stage("validate")
    assert "holder" in said.out + said.err or "Mule" in said.out + said.err


def test_no_account_comes_from_an_export(stage: Stage) -> None:
    """The customers' file has a column `iban`: it is theirs, and never shown as one to pay to."""
    text = (stage.root / "customers.csv").read_text("utf-8").splitlines()
    stage.write("customers.csv", f"{text[0]},iban\n{text[1]},{FOREIGN}\n")
    assert stage("run", "--date", DAY).code == 0
    (mail,) = stage.outbox()
    assert FOREIGN.encode() not in mail.read_bytes()
