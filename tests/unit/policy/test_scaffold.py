from __future__ import annotations

import csv
import json
from datetime import date
from pathlib import Path
from typing import Literal

import pytest
import yaml
from jsonschema import Draft7Validator

from relance.channels.registry import kinds
from relance.library import shipped
from relance.policy.load import read_policy
from relance.policy.scaffold import contents, scaffold

TODAY = date(2026, 11, 20)
Country = Literal["fr", "be"]


@pytest.mark.parametrize("country", ["fr", "be"])
@pytest.mark.parametrize("language", ["fr", "en"])
def test_a_new_project_has_no_findings(tmp_path: Path, country: Country, language: str) -> None:
    scaffold(tmp_path / "new", country, language, TODAY)

    policy, found = read_policy(tmp_path / "new", kinds())

    assert policy is not None
    assert [d.message() for d in found] == []


@pytest.mark.parametrize("country", ["fr", "be"])
def test_the_schemas_beside_a_new_project_accept_it(tmp_path: Path, country: Country) -> None:
    scaffold(tmp_path, country, "fr", TODAY)

    for path in (tmp_path / "relance.yaml", tmp_path / "procedures/standard.yaml"):
        text = path.read_text(encoding="utf-8")
        schema = path.parent / text.partition("$schema=")[2].split()[0]
        validator = Draft7Validator(json.loads(schema.read_text(encoding="utf-8")))
        assert list(validator.iter_errors(yaml.safe_load(text))) == []


def test_nothing_is_overwritten_and_nothing_is_written_beside(tmp_path: Path) -> None:
    (tmp_path / "accounts.yaml").write_text("mine")

    with pytest.raises(FileExistsError, match=r"accounts\.yaml"):
        scaffold(tmp_path, "fr", "fr", TODAY)

    assert [path.name for path in tmp_path.iterdir()] == ["accounts.yaml"]


def test_the_export_has_french_titles_and_amounts_and_something_past_due() -> None:
    text = contents("fr", "fr", TODAY)["exports/ventes.csv"]
    rows = list(csv.DictReader(text.splitlines(), delimiter=";"))

    assert rows[0]["Montant TTC"] == "1 234,56"
    assert rows[0]["Échéance"] == "04/10/2026"
    assert len(rows) == 12
    assert len({row["N° facture"] for row in rows}) == 12


def test_belgian_invoices_have_structured_communications_with_their_check_digits() -> None:
    text = contents("be", "fr", TODAY)["exports/ventes.csv"]

    for row in csv.DictReader(text.splitlines(), delimiter=";"):
        digits = "".join(c for c in row["Communication structurée"] if c.isdigit())
        assert int(digits[:10]) % 97 in (int(digits[10:]), 0)
        assert len(digits) == 12


def test_the_customers_of_the_export_are_all_known() -> None:
    files = contents("be", "en", TODAY)
    customers = csv.DictReader(files["customers.csv"].splitlines(), delimiter=";")
    sales = csv.DictReader(files["exports/ventes.csv"].splitlines(), delimiter=";")

    assert {row["Code client"] for row in sales} <= {row["Code client"] for row in customers}


def test_the_french_copy_of_the_standard_procedure_says_what_the_shipped_one_says() -> None:
    copy = contents("fr", "fr", TODAY)["procedures/standard.yaml"]
    original = (shipped("procedures") / "standard.yaml").read_text(encoding="utf-8")

    assert yaml.safe_load(copy) == yaml.safe_load(original)
    assert "l'échéance" in copy
