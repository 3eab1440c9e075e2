from __future__ import annotations

from typing import Any

import polars as pl
import pytest

from relance.diagnostics import Diagnostic
from relance.intake.alike import compared, near_names
from relance.intake.identity import check_debtors, is_registration, is_vat_of
from relance.ledger.schema import DEBTORS, conform


def debtors(*rows: dict[str, Any]) -> pl.DataFrame:
    whole = [
        {"debtor": f"C{n}", "name": f"N{n}", "file": "clients.csv", "line": n + 1, **row}
        for n, row in enumerate(rows, 1)
    ]
    return conform(pl.DataFrame(whole, infer_schema_length=None), DEBTORS)


def said(*rows: dict[str, Any]) -> list[tuple[str, int | None]]:
    return [(d.code, d.span.line if d.span else None) for d in check_debtors(debtors(*rows))]


@pytest.mark.parametrize(
    ("number", "country", "right"),
    [
        ("732829320", "FR", True), ("73282932000074", "FR", True), ("732829321", "FR", False),
        ("73282932000075", "FR", False), ("35600000000048", "FR", True),  # La Poste sums its digits
        ("35600000009075", "FR", True), ("W691234567", "FR", True), ("0403019261", "BE", True),
        ("BE0403019261", "BE", True), ("403019261", "BE", True), ("0403019262", "BE", False),
        ("732829320", "BE", False), ("HRB12345", "DE", True), ("732829320", None, True),
        ("0403019261", None, True), ("732829321", None, False),
    ],
)  # fmt: skip
def test_registrations_hold_by_their_check_digits(
    number: str, country: str | None, right: bool
) -> None:
    assert is_registration(number, country) is right
    row = {"registration": number, "country": country}
    assert ([code for code, _ in said(row)] == []) is right


@pytest.mark.parametrize(
    ("number", "country", "right"),
    [
        ("FR44732829320", "FR", True), ("FR45732829320", "FR", False), ("FRK7399859412", "FR", True),
        ("BE0403019261", "BE", True), ("BE0403019262", "BE", False), ("DE136695976", "DE", True),
        ("DE136695978", "DE", False), ("NL4495445B01", "NL", True), ("0403019261", "BE", True),
        ("CHE107787577IVA", "CH", True), ("XX123", None, True),
    ],
)  # fmt: skip
def test_vat_numbers_hold_as_their_country_computes_them(
    number: str, country: str | None, right: bool
) -> None:
    assert is_vat_of(number, country) is right
    codes = [code for code, _ in said({"vat": number, "country": country})]
    assert ("I201" not in codes) is right


def test_wrong_numbers_are_told_with_their_line() -> None:
    found = said(
        {"country": "FR", "registration": "732 829 321"},
        {"country": "FR", "vat": "FR 45 732829320"},
        {"iban": "FR76 3000 6000 0112 3456 7890 188"},
        {"country": "FR", "registration": "404833048", "vat": "FR44732829320"},
        {"country": "BE", "registration": "0403.019.261", "vat": "BE0428759497"},
        {"country": "FR", "registration": "732829320", "vat": "FR44732829320",
         "iban": "FR7630006000011234567890189"},
    )  # fmt: skip
    assert found == [("I200", 2), ("I201", 3), ("I202", 4), ("I203", 5), ("I203", 6)]


def test_the_same_company_and_the_same_account_are_found() -> None:
    found = check_debtors(
        debtors(
            {"registration": "732829320", "country": "FR", "iban": "FR7630006000011234567890189"},
            {"registration": "732 829 320", "country": "FR"},
            {
                "registration": "73282932000074",
                "country": "FR",
                "iban": "FR76 30006000011234567890189",
            },
        )
    )
    assert [(d.code, d.facts["debtor"], d.facts["other"]) for d in found] == [
        ("I204", "C2", "C1"),
        ("I205", "C3", "C1"),
    ]


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("S.A.R.L. Dupont & Fils", "dupont fils"),
        ("DUPONT ET FILS SARL", "dupont fils"),
        ("Société Générale d'Été", "d ete generale"),
        ("Bakkerij Peeters BV", "bakkerij peeters"),
        ("Müller GmbH & Co. KG", "muller"),
        ("SARL", "sarl"),
    ],
)
def test_names_are_compared_without_forms_and_accents(name: str, key: str) -> None:
    assert pl.select(compared(pl.lit(name))).item() == key


@pytest.mark.parametrize(
    ("one", "other", "near"),
    [
        ({"name": "Menuiserie Dupont SARL"}, {"name": "Menuiserie Dupond"}, True),
        ({"name": "Dupont Menuiserie"}, {"name": "SARL MENUISERIE DUPONT"}, True),
        ({"name": "Ets Lefèvre et Fils"}, {"name": "Lefebvre & fils"}, True),
        ({"name": "Xenuiserie du Marché"}, {"name": "Menuiserie du Marché"}, True),
        ({"name": "SCI 12 rue Haute"}, {"name": "SCI 14 rue Haute"}, False),
        ({"name": "Garage Martin"}, {"name": "Boulangerie Martin"}, False),
        ({"name": "Jean Martin", "postcode": "69001"}, {"name": "Jean Martin", "postcode": "13002"}, False),
        ({"name": "Jean Martin", "postcode": "69001"}, {"name": "Jean Martin"}, True),
        ({"name": "Parc", "registration": "732829320"}, {"name": "Parc", "registration": "404833048"}, False),
        ({"name": "Parc", "registration": "732829320"}, {"name": "Parc", "registration": "73282932000074"}, True),
        ({"name": "Abc"}, {"name": "Abd"}, False),
    ],
)  # fmt: skip
def test_near_names(one: dict[str, Any], other: dict[str, Any], near: bool) -> None:
    pairs = near_names(debtors(one, other))
    assert pairs.rows() == ([("C2", "C1")] if near else [])


def test_many_findings_of_a_kind_are_counted() -> None:
    rows = [{"country": "FR", "registration": "1"}] * 60
    found = check_debtors(debtors(*rows))
    wrong: list[Diagnostic] = [d for d in found if d.code == "I200"]
    assert len(wrong) == 50
    more = {d.facts["code"]: d.facts["count"] for d in found if d.code == "I207"}
    assert more == {"I200": 10, "I204": 9}


def test_debtors_without_numbers_are_nothing_to_speak_of() -> None:
    assert check_debtors(debtors({"name": None}, {"name": "A"})) == []
    assert check_debtors(debtors({"name": "x"}).head(0)) == []
