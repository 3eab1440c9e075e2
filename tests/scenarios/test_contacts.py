"""Notices addressed to people by what they do at the debtor's, and to others at later levels."""

from __future__ import annotations

import csv
import io
from email import message_from_bytes, policy
from pathlib import Path

import pytest

from .stage import Fields, Stage, new_stage

DAY = "2026-04-10"
PEOPLE: Fields = {
    "id": "C1", "name": "Client C1", "kind": "business", "country": "FR", "language": "fr",
    "email": "info@client.example", "address": "1 rue Haute", "postcode": "75001", "city": "Paris",
    "accounts_name": "Mme Roy", "accounts_email": "roy@client.example", "accounts_phone": "01 02 03 04 05",
    "buyer_name": "Jan Claes", "buyer_email": "claes@client.example", "buyer_language": "nl",
    "management_name": "Mme Petit", "management_email": "petit@client.example",
}  # fmt: skip


def project(tmp_path: Path, *levels: Fields, **people: str) -> Stage:
    usual = {"channel": "email", "template": "reminder"}
    ladder = [
        {"id": f"level-{n}", "days": 5 + 15 * n, **usual, **own} for n, own in enumerate(levels)
    ]
    stage = new_stage(tmp_path / "p", {"procedures": {"standard": {"levels": ladder}}})
    row = {name: value for name, value in (PEOPLE | people).items() if value}
    table = io.StringIO()
    writer = csv.DictWriter(table, list(row))
    writer.writeheader()
    writer.writerow(row)
    stage.customers(table.getvalue())
    return stage


def notice(stage: Stage, day: str = DAY) -> Fields:
    [found] = stage.plan(day)["notices"]
    return {name: found.get(name) for name in ("to", "recipient", "language")}


def test_a_notice_goes_to_the_first_role_that_the_debtor_has(tmp_path: Path):
    stage = project(tmp_path, {"to": ["accounts", "buyer"]})
    assert notice(stage) == {"to": "accounts", "recipient": "roy@client.example", "language": "fr"}


def test_without_that_person_it_goes_to_the_next_role_in_that_persons_language(tmp_path: Path):
    stage = project(tmp_path, {"to": ["accounts", "buyer"]}, accounts_email="")
    assert notice(stage) == {"to": "buyer", "recipient": "claes@client.example", "language": "nl"}
    assert stage("run", "--date", DAY).code == 0
    message = message_from_bytes(stage.outbox()[0].read_bytes(), policy=policy.default)
    assert message["To"] == "claes@client.example"
    assert "factuur" in message["Subject"]


def test_without_anybody_of_these_roles_it_goes_to_the_debtor_and_that_is_told(tmp_path: Path):
    stage = project(tmp_path, {"to": "buyer"}, buyer_email="", buyer_name="", buyer_language="")
    assert notice(stage)["recipient"] == "info@client.example"
    assert "D175" in {each["code"] for each in stage.plan(DAY)["diagnostics"]}


def test_the_addressee_rises_from_level_to_level(tmp_path: Path):
    stage = project(tmp_path, {"to": "accounts"}, {"to": "management"})
    assert stage("run", "--date", DAY).code == 0
    assert notice(stage, "2026-04-21")["recipient"] == "petit@client.example"
    assert stage.plan("2026-04-21")["notices"][0]["recipient_changed"]


def test_who_has_no_address_of_his_own_is_reached_by_his_people(tmp_path: Path):
    stage = project(tmp_path, {"to": "accounts"}, {}, email="")
    assert notice(stage)["recipient"] == "roy@client.example"
    assert stage("run", "--date", DAY).code == 0
    assert stage.verdict("F1", "2026-04-21") == "unreachable"


def test_a_letter_names_the_person_over_the_address(tmp_path: Path):
    stage = project(
        tmp_path, {"to": "management", "channel": "letter", "template": "formal-notice"}
    )
    said = stage("preview", "--date", DAY, "-o", str(tmp_path / "seen"))
    assert said.code == 0, said
    from pypdf import PdfReader

    [letter] = sorted((tmp_path / "seen").rglob("*.pdf"))
    text = PdfReader(letter).pages[0].extract_text()
    assert "attention de mme petit" in text.casefold()
    assert "1 RUE HAUTE" in text


def test_the_person_changed_and_the_plan_is_another_one(tmp_path: Path):
    stage = project(tmp_path, {"to": "accounts"})
    before = stage.plan(DAY)
    stage = project(tmp_path, {"to": "accounts"}, accounts_email="nouveau@client.example")
    after = stage.plan(DAY)
    assert before["plan_hash"] != after["plan_hash"]
    assert before["notices"][0]["key"] == after["notices"][0]["key"]


def test_a_wrong_address_of_a_person_is_told_and_left_out(tmp_path: Path):
    stage = project(tmp_path, {"to": "accounts"}, accounts_email="roy at client")
    assert notice(stage)["recipient"] == "info@client.example"
    assert "I044" in {each["code"] for each in stage.plan(DAY)["diagnostics"]}


def test_an_unknown_role_is_refused(tmp_path: Path):
    said = project(tmp_path, {"to": "secretary"})("validate")
    assert said.code == 2
    assert "`to` cannot be `secretary`" in said.out
    assert "accounts, buyer, management" in said.out


@pytest.mark.parametrize("lang", ["fr", "en"])
def test_the_sheet_of_the_debtor_names_its_people(tmp_path: Path, lang: str):
    stage = project(tmp_path, {"to": "accounts"})
    people = stage("debtor", "C1", "--json", "--date", DAY).json["contacts"]["people"]
    assert [each["role"] for each in people] == ["accounts", "buyer", "management"]
    assert "roy@client.example" in stage("debtor", "C1", "--date", DAY, "--lang", lang).out


def test_an_approval_does_not_hold_for_another_person_at_the_same_address(tmp_path: Path):
    stage = project(tmp_path, {"to": "accounts", "approval": "required"})
    key = stage.plan(DAY)["notices"][0]["key"]
    assert stage("approve", key, "--date", DAY).code == 0
    rows = (stage.root / "customers.csv").read_text("utf-8")
    stage.customers(rows.replace("Mme Roy", "M. Blanc"))
    assert stage("run", "--date", DAY).code == 4
    assert stage.outbox() == []
    stage.customers(rows)
    assert stage("run", "--date", DAY).code == 0
    assert len(stage.outbox()) == 1
