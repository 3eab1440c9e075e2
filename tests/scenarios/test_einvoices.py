"""A project that has nothing but a folder of e-invoices; and what open invoices lack to be paid."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from einvoice_forms import ubl

from .stage import POLICY, Fields, Stage, new_stage

SELLER = {"registration": "732829320"}
PARC = {"name": "Hôtel du Parc SAS", "registration": "404833048", "email": "compta@parc.example",
        "street": "3 rue du Parc", "postcode": "69006", "city": "Lyon"}  # fmt: skip
FOLDER: Fields = {
    "customers": None,
    "sources": [{"name": "factures", "kind": "einvoice", "path": "factures"}],
}


def stage_of(root: Path, files: dict[str, bytes], policy: Fields | None = None) -> Stage:
    stage = new_stage(root / "firm", {"policy": {**FOLDER, **(policy or {})}})
    (stage.root / "factures").mkdir()
    for name in ("customers.csv", "ventes.csv"):
        (stage.root / name).unlink()
    for name, content in files.items():
        (stage.root / "factures" / name).write_bytes(content)
    return stage


def test_a_folder_of_ubl_files_is_enough_to_remind(tmp_path: Path) -> None:
    files = {
        "F1.xml": ubl("F1", seller=SELLER, buyer=PARC, reference="RF18539007547034"),
        "F2.xml": ubl("F2", seller=SELLER, buyer=PARC, due="2026-04-30"),
        "A1.xml": ubl("A1", root="CreditNote", seller=SELLER, buyer=PARC, total="20.00"),
    }
    stage = stage_of(tmp_path, files)
    plan = stage.plan("2026-04-08")
    [notice] = plan["notices"]
    assert notice["debtor"] == "404833048"
    assert notice["debtor_name"] == "Hôtel du Parc SAS"
    assert (notice["recipient"], notice["language"]) == ("compta@parc.example", "fr")
    assert [(r["number"], r["open"]) for r in notice["receivables"]] == [("F1", "120.00")]
    assert [(c["number"], c["open"]) for c in notice["credits"]] == [("A1", "-20.00")]
    said = stage("run", "--date", "2026-04-08")
    assert said.code == 0, said.err
    assert len(stage.outbox()) == 1
    assert stage.plan("2026-04-08")["notices"] == []


def test_a_damaged_invoice_stops_the_run(tmp_path: Path) -> None:
    files = {"F1.xml": ubl("F1", seller=SELLER, buyer=PARC), "A1.xml": b"<CreditNote"}
    said = stage_of(tmp_path, files)("run", "--date", "2026-04-08")
    assert said.code == 3
    assert "factures/A1.xml" in said.err
    assert "I171" in said.err


PUBLIC: Fields = {
    "channels": {"letter": {"proof": "receipt"}},
    "requirements": [
        {"when": {"kind": "public"}, "needs": ["market_number"]},
        {"needs": ["reference"]},
    ],
}
CUSTOMERS = (
    "id,name,kind,country,registration,vat,terms,requires\n"
    "M1,Mairie de Lyon,public,FR,21690123100011,,30 jours,\n"
    "M2,Mairie de Nantes,public,FR,214401093,,30 jours,\n"
    'C1,Hôtel du Parc,business,FR,404833048,,60 jours fin de siècle,"order_number, vat"\n'
    "P1,Jeanne Roux,consumer,FR,,,,\n"
)
SALES = (
    "number,debtor,issued,due,amount,open,reference,order_number,market_number,service_code\n"
    "F1,M1,2026-03-02,2026-04-01,100.00,100.00,R1,,M-12,\n"
    "F2,M1,2026-03-02,2026-04-03,100.00,100.00,R2,E-1,M-12,\n"
    "F3,M2,2026-03-02,2026-03-25,100.00,100.00,,,,S-7\n"
    "F4,C1,2026-01-02,2026-05-30,100.00,100.00,R4,,,\n"
    "F5,P1,2026-03-02,2026-04-01,100.00,100.00,R5,,,\n"
    "F6,C1,2026-03-02,2026-04-01,100.00,0.00,,,,\n"
    "A7,C1,2026-03-02,2026-04-01,-10.00,-10.00,,,,\n"
)


def invoices(stage: Stage) -> list[tuple[Any, ...]]:
    said = stage("validate", "--receivables", "--json", "--date", "2026-03-30")
    rows = said.json["receivables"]
    return [(r["number"], r["due"], r["days_left"], sorted(r["lacks"])) for r in rows]


@pytest.fixture
def stage(tmp_path: Path) -> Stage:
    made = new_stage(tmp_path / "firm", {"policy": PUBLIC, "open": SALES})
    made.write("customers.csv", CUSTOMERS)
    return made


def test_open_invoices_are_held_against_what_debtors_require(stage: Stage) -> None:
    assert invoices(stage) == [
        ("F3", "2026-03-25", -5, ["I211", "I213", "I221"]),
        ("F1", "2026-04-01", 2, ["I222"]),
        ("F2", "2026-04-03", 4, ["I223"]),
        ("F4", "2026-05-30", 61, ["I210", "I215", "I223"]),
    ]


def test_the_invoice_due_first_is_said_first_with_its_place(stage: Stage) -> None:
    said = stage("validate", "--receivables", "--format", "concise", "--date", "2026-03-30")
    assert said.code == 0
    shown = said.out.replace(f"{stage.root}/", "")
    lines = [line for line in shown.splitlines() if line.startswith("ventes.csv")]
    assert lines[0].startswith(
        "ventes.csv:4: warning I211: F3 of M2 (Mairie de Nantes), due 2026-03-25 (-5 days left)"
    )
    assert [line.partition(":")[2].partition(":")[0] for line in lines] == [
        "4",
        "4",
        "4",
        "2",
        "3",
        "5",
        "5",
        "5",
    ]
    assert "customers.csv:4: warning I224" in shown


def test_strict_fails_and_the_plain_check_does_not(stage: Stage) -> None:
    assert stage("validate", "--date", "2026-03-30", "--strict").code == 0
    assert stage("validate", "--receivables", "--date", "2026-03-30").code == 0
    assert stage("validate", "--receivables", "--date", "2026-03-30", "--strict").code == 2


def test_the_terms_of_each_debtor_are_shown(stage: Stage) -> None:
    said = stage("validate", "--receivables", "--json", "--date", "2026-03-30").json
    assert [(t["debtor"], t["terms"], t["days"], t["invoices"]) for t in said["terms"]] == [
        ("C1", "60 jours fin de siècle", 148.0, 1),
        ("M1", "30 jours", 31.0, 2),
        ("M2", "30 jours", 23.0, 1),
        ("P1", None, 30.0, 1),
    ]
    shown = stage("validate", "--receivables", "--date", "2026-03-30").out
    assert "Terms of payment" in shown
    assert "Mairie de Nantes" in shown


def test_nothing_is_recorded_by_the_check(stage: Stage) -> None:
    before = stage.bytes_of()
    stage("validate", "--receivables", "--date", "2026-03-30")
    assert stage.bytes_of() == before


def test_a_refused_source_is_an_input_error(stage: Stage) -> None:
    stage.write("ventes.csv", "number,debtor\nF1,C1")
    said = stage("validate", "--receivables", "--date", "2026-03-30")
    assert said.code == 3
    assert "I007" in said.out


MENTIONS = {
    "PMD": "Pénalités de retard : trois fois le taux d'intérêt légal",
    "PMT": "Indemnité forfaitaire pour frais de recouvrement : 40 €",
    "AAB": "Pas d'escompte pour paiement anticipé",
}


@pytest.mark.parametrize(
    ("notes", "due", "lacks"),
    [
        ([f"#{subject}#{text}" for subject, text in MENTIONS.items()], "2026-03-31", []),
        (list(MENTIONS.values()), "2026-03-31", []),
        (["Merci de votre confiance"], "2026-03-31", ["I218", "I219", "I220"]),
        (["#PMD#3 x", "#AAB#néant"], "2026-03-31", ["I219"]),
        ([*MENTIONS.values()], "", ["I217"]),
        ([], "2026-03-31", []),
    ],
)
def test_the_mandatory_mentions_are_looked_for_in_the_text_of_the_invoice(
    tmp_path: Path, notes: list[str], due: str, lacks: list[str]
) -> None:
    content = ubl("F1", seller=SELLER, buyer=PARC, notes=notes, due=due)
    stage = stage_of(tmp_path, {"F1.xml": content})
    found = invoices(stage)
    assert [lacking for *_, lacking in found] == ([lacks] if lacks else [])


def test_mentions_that_a_source_does_not_carry_are_not_said_to_lack(stage: Stage) -> None:
    stage.policy({"requirements": [{"when": {"kind": "business"}, "needs": ["mentions"]}]})
    stage.write("customers.csv", CUSTOMERS)
    assert ("F4", "2026-05-30", 61, ["I210", "I215", "I216", "I223"]) in invoices(stage)


def test_one_bad_project_does_not_hide_the_others(stage: Stage, tmp_path: Path) -> None:
    bad = new_stage(tmp_path / "bad", {"policy": {"creditor": {"country": "F"}}})
    assert POLICY["creditor"]["country"] == "FR"
    said = stage(
        "validate", "--receivables", str(stage.root), str(bad.root), "--date", "2026-03-30"
    )
    assert said.code == 2
    assert "I222" in said.out
