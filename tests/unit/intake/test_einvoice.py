from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from relance.policy.model import Account

from .conftest import codes
from .einvoices import BUYER, cii, read_folder, ubl

ACCOUNT = Account(iban="FR76 3000 6000 0112 3456 7890 189", holder="Menuiserie Lenoir SARL")


def said(reading: Any) -> list[str]:
    return codes(reading, "I187")


def test_a_ubl_invoice_gives_an_item_and_its_debtor(tmp_path: Path) -> None:
    content = ubl(
        "F-2026-7", order="PO-9", contract="2026-M-12", service="SERV-7", terms="30 jours",
        reference="+++090/9337/55493+++", payable="70.00", ibans=["FR7630006000011234567890189"],
        notes=["#PMT#Indemnité forfaitaire : 40 €", "Merci"],
    )  # fmt: skip
    reading = read_folder(tmp_path, {"f.xml": content}, bank_accounts=(ACCOUNT,))
    assert said(reading) == []
    item = reading.items.row(0, named=True)
    assert {name: value for name, value in item.items() if value is not None} == {
        "number": "F-2026-7",
        "debtor": "404833048",
        "debtor_name": "Hôtel du Parc SAS",
        "debtor_email": "compta@parc.example",
        "source": "factures",
        "file": "factures/f.xml",
        "line": 3,
        "kind": "invoice",
        "issued": date(2026, 3, 1),
        "due": date(2026, 3, 31),
        "terms": "30 jours",
        "currency": "EUR",
        "amount": 12000,
        "open": 7000,
        "balance": 7000,
        "reference": "+++090/9337/55493+++",
        "order_number": "PO-9",
        "market_number": "2026-M-12",
        "service_code": "SERV-7",
        "notes": "PMT: Indemnité forfaitaire : 40 €\nMerci\n30 jours",
        "doubtful": False,
    }
    debtor = reading.debtors.row(0, named=True)
    assert {name: value for name, value in debtor.items() if value} == {
        "debtor": "404833048",
        "name": "Hôtel du Parc SAS",
        "kind": "business",
        "country": "FR",
        "language": "fr",
        "email": "compta@parc.example",
        "address": "3 rue du Parc",
        "postcode": "69006",
        "city": "Lyon",
        "registration": "404833048",
        "file": "factures/f.xml",
        "line": 3,
    }


def test_cii_and_ubl_of_the_same_invoice_are_read_alike(tmp_path: Path) -> None:
    more: dict[str, Any] = {
        "order": "PO-9",
        "service": "S7",
        "reference": "RF18539007547034",
        "terms": "30 jours",
    }
    one = read_folder(tmp_path, {"a.xml": ubl("F1", **more)})
    (tmp_path / "factures/a.xml").unlink()
    other = read_folder(tmp_path, {"a.xml": cii("F1", **more)})
    assert one.items.drop("line").equals(other.items.drop("line"))
    assert one.debtors.drop("line").equals(other.debtors.drop("line"))


@pytest.mark.parametrize(
    ("content", "kind", "amount"),
    [
        (ubl("A1", root="CreditNote"), "credit_note", -12000),
        (cii("A1", type="381"), "credit_note", -12000),
        (cii("A1", type="261"), "credit_note", -12000),
        (ubl("A1", total="-120.00"), "credit_note", -12000),
        (ubl("A1", type="384"), "invoice", 12000),
        (ubl("A1", type="386"), "invoice", 12000),
        (ubl("A1", type="389"), "invoice", 12000),
    ],
)
def test_credit_notes_are_negative_whatever_their_form(
    tmp_path: Path, content: bytes, kind: str, amount: int
) -> None:
    reading = read_folder(tmp_path, {"a.xml": content})
    assert reading.items.select("kind", "amount", "open").row(0) == (kind, amount, amount)
    assert said(reading) == []


def test_what_the_profile_minimum_lacks_comes_from_the_terms(tmp_path: Path) -> None:
    reading = read_folder(tmp_path, {"a.xml": cii(dues=())}, source={"terms": "30 jours"})
    assert reading.items.select("due", "terms").row(0) == (None, "30 jours")


def test_terms_in_free_words_do_not_stand_for_terms(tmp_path: Path) -> None:
    reading = read_folder(
        tmp_path, {"a.xml": ubl(terms="Payable à la livraison du second lot", due="")}
    )
    assert reading.items["terms"].to_list() == [None]


def test_the_seller_must_be_the_creditor(tmp_path: Path) -> None:
    files = {
        "a.xml": ubl("F1"),
        "b.xml": ubl("F2", seller={"registration": "404833048"}),
        "c.xml": ubl("F3", seller={"registration": "73282932000074"}),
        "d.xml": ubl("F4", seller={"vat": "FR44 732 829 320"}),
        "e.xml": ubl("F5", seller={}),
    }
    reading = read_folder(tmp_path, files, creditor={"vat": "FR44732829320"})
    assert sorted(reading.items["number"]) == ["F1", "F3", "F4", "F5"]
    assert said(reading) == ["I177"]
    assert not reading.refused


@pytest.mark.parametrize(
    ("buyer", "debtor", "registration", "kind"),
    [
        ({"registration": "21690123100011", "scheme": "0009"}, "216901231", "21690123100011", "public"),
        ({"ids": [("0009", "21690123100011")], "registration": "216901231"}, "216901231", "21690123100011", "public"),
        ({"endpoint": [("0225", "404833048_SERV1")]}, "404833048", "404833048", "business"),
        ({"registration": "0403.019.261", "scheme": "0208", "country": "BE"}, "0403019261", "0403019261", "business"),
        ({"endpoint": [("9925", "BE0403019261")], "country": "BE"}, "0403019261", "0403019261", "business"),
        ({"vat": "BE0403019261", "country": "BE"}, "0403019261", "0403019261", "business"),
        ({"vat": "FR83404833048"}, "404833048", "404833048", "business"),
        ({"registration": "404 833 048", "scheme": ""}, "404833048", "404833048", "business"),
        ({"vat": "DE136695976", "country": "DE"}, "DE136695976", None, "business"),
        ({"postcode": "69003"}, "jean-martin-69003", None, None),
    ],
)  # fmt: skip
def test_debtors_are_known_by_their_best_number(
    tmp_path: Path, buyer: dict[str, Any], debtor: str, registration: str | None, kind: str | None
) -> None:
    reading = read_folder(tmp_path, {"a.xml": ubl(buyer={"name": "Jean Martin", **buyer})})
    row = reading.debtors.row(0, named=True)
    assert (row["debtor"], row["registration"], row["kind"]) == (debtor, registration, kind)
    assert reading.items["debtor"].to_list() == [debtor]


@pytest.mark.parametrize(
    ("country", "postcode", "language"),
    [("FR", "75001", "fr"), ("BE", "9000", "nl"), ("BE", "4000", "fr"), ("BE", "4700", "de"),
     ("BE", "1000", None), ("BE", "1300", "fr"), ("DE", "10115", "de"), ("NL", "1011", "nl"),
     ("IE", "", "en"), ("PL", "", None)],
)  # fmt: skip
def test_the_language_is_that_of_the_place(
    tmp_path: Path, country: str, postcode: str, language: str | None
) -> None:
    buyer = {"name": "X", "country": country, "postcode": postcode}
    reading = read_folder(tmp_path, {"a.xml": ubl(buyer=buyer)})
    assert reading.debtors["language"].to_list() == [language]


def test_the_newest_invoice_says_where_a_debtor_is_and_older_ones_fill_in(tmp_path: Path) -> None:
    moved = {
        **BUYER,
        "street": "8 quai Neuf",
        "postcode": "13002",
        "city": "Marseille",
        "email": "",
    }
    files = {"a.xml": ubl("F1"), "b.xml": ubl("F2", buyer=moved, issued="2026-03-09")}
    row = read_folder(tmp_path, files).debtors.row(0, named=True)
    assert (row["address"], row["postcode"], row["city"]) == ("8 quai Neuf", "13002", "Marseille")
    assert row["email"] == "compta@parc.example"


def test_buyers_are_found_among_the_customers(tmp_path: Path) -> None:
    customers = (
        "id;name;country;registration;vat\nC1;Parc;FR;404 833 048;\nC2;Bruxelles;BE;BE 0403.019.261;\n"
        "C3;Berlin;DE;;DE 136695976\nC4;Mairie A;FR;21690123100011;\nC5;Mairie B;FR;21690123100029;\n"
        "C6;Consommateur;FR;;\n"
    )
    mairie = {"name": "Mairie", "registration": "216901231"}
    files = {
        "1.xml": ubl("F1"),
        "2.xml": ubl("F2", buyer={"name": "B", "vat": "BE0403019261", "country": "BE"}),
        "3.xml": ubl("F3", buyer={"name": "D", "vat": "DE136695976", "country": "DE"}),
        "4.xml": ubl("F4", buyer={**mairie, "ids": [("0009", "21690123100029")]}),
        "6.xml": ubl("F6", buyer={"name": "Jean", "ids": [("", "C6")]}),
        "7.xml": ubl("F7", buyer={"name": "Autre", "registration": "552100554"}),
    }
    reading = read_folder(tmp_path, files, customers=customers)
    assert dict(reading.items.select("number", "debtor").iter_rows()) == {
        "F1": "C1", "F2": "C2", "F3": "C3", "F4": "C5", "F6": "C6", "F7": "552100554",
    }  # fmt: skip
    assert reading.debtors["debtor"].to_list() == ["C1", "C2", "C3", "C4", "C5", "C6", "552100554"]
    assert said(reading) == []


def test_a_buyer_that_two_customers_could_be_is_kept_apart(tmp_path: Path) -> None:
    customers = "id;name;registration\nC4;Mairie A;21690123100011\nC5;Mairie B;21690123100029\n"
    buyer = {"name": "Mairie", "registration": "216901231"}
    reading = read_folder(tmp_path, {"a.xml": ubl(buyer=buyer)}, customers=customers)
    assert reading.items["debtor"].to_list() == ["216901231"]
    assert said(reading) == ["I186"]
    called = ubl(buyer={**buyer, "ids": [("", "C5")]})
    assert read_folder(tmp_path, {"a.xml": called}, customers=customers).items["debtor"][0] == "C5"


def test_ids_of_other_sources_stay_as_they_are(tmp_path: Path) -> None:
    (tmp_path / "ventes.csv").write_text("number,debtor,amount\nV1,404833048,10\n")
    csv = {"name": "ventes", "kind": "csv", "path": "ventes.csv"}
    customers = "id;name;registration\nC1;Parc;404833048\n"
    reading = read_folder(tmp_path, {"a.xml": ubl("F1")}, customers=customers, sources=[csv])
    found = dict(reading.items.select("number", "debtor").iter_rows())
    assert found == {"F1": "C1", "V1": "404833048"}


def test_the_same_invoice_twice_is_one(tmp_path: Path) -> None:
    files = {"a.xml": ubl("F1"), "b.xml": cii("f 1"), "c.xml": cii("F1", dues=())}
    reading = read_folder(tmp_path, files)
    assert reading.items["number"].to_list() == ["F1"]
    assert reading.items["due"].to_list() == [date(2026, 3, 31)]
    assert said(reading) == ["I181", "I181"]


def test_two_invoices_of_one_number_are_not_taken(tmp_path: Path) -> None:
    files = {"a.xml": ubl("F1"), "b.xml": ubl("F1", total="130.00"), "c.xml": ubl("F2")}
    reading = read_folder(tmp_path, files)
    assert reading.items["number"].to_list() == ["F2"]
    assert said(reading) == ["I182"]


def test_a_corrected_invoice_replaces_the_one_it_names(tmp_path: Path) -> None:
    files = {"a.xml": ubl("F1"), "b.xml": ubl("F1-R", type="384", preceding=["F1"], total="90.00")}
    reading = read_folder(tmp_path, files)
    assert reading.items.select("number", "amount").rows() == [("F1-R", 9000)]
    assert said(reading) == ["I183"]


def test_an_account_that_is_not_ours_is_told_once(tmp_path: Path) -> None:
    other = "DE75512108001245126199"
    files = {f"{n}.xml": ubl(f"F{n}", ibans=[other]) for n in range(3)}
    files["9.xml"] = ubl("F9", ibans=[ACCOUNT.iban])
    reading = read_folder(tmp_path, files, bank_accounts=(ACCOUNT,))
    told = [d for d in reading.diagnostics if d.code == "I184"]
    assert [d.facts["count"] for d in told] == [3]
    assert reading.items.height == 4


def test_of_several_due_dates_the_last_counts(tmp_path: Path) -> None:
    reading = read_folder(tmp_path, {"a.xml": cii(dues=("2026-03-31", "2026-04-30"))})
    assert reading.items["due"].to_list() == [date(2026, 4, 30)]
    assert said(reading) == ["I185"]


def test_the_envelope_of_the_peppol_network_is_opened(tmp_path: Path) -> None:
    inside = ubl("F1").partition(b"?>")[2]
    envelope = (
        b'<StandardBusinessDocument xmlns="http://www.unece.org/cefact/namespaces/'
        b'StandardBusinessDocumentHeader"><StandardBusinessDocumentHeader/>' + inside
        + b"</StandardBusinessDocument>"
    )  # fmt: skip
    reading = read_folder(tmp_path, {"a.xml": envelope})
    assert reading.items["number"].to_list() == ["F1"]


def test_a_pdf_beside_its_xml_is_not_opened(tmp_path: Path) -> None:
    files = {"F1.xml": ubl("F1"), "F1.pdf": b"%PDF-1.7 not one", "notes.txt": b"x"}
    reading = read_folder(tmp_path, files)
    assert reading.items["number"].to_list() == ["F1"]
    assert said(reading) == ["I189"]


def test_other_documents_stand_in_the_folder_without_harm(tmp_path: Path) -> None:
    order = b'<Order xmlns="urn:oasis:names:specification:ubl:schema:xsd:Order-2"/>'
    files = {"a.xml": ubl("F1"), "b.xml": order, "c.xml": ubl("P1", type="325")}
    reading = read_folder(tmp_path, files)
    assert reading.items["number"].to_list() == ["F1"]
    assert said(reading) == ["I176", "I180"]
    assert not reading.refused


def test_a_damaged_file_refuses_the_reading_and_loses_no_other(tmp_path: Path) -> None:
    files = {"a.xml": ubl("F1"), "b.xml": ubl("A1", root="CreditNote")[:-40]}
    reading = read_folder(tmp_path, files)
    assert reading.items["number"].to_list() == ["F1"]
    assert said(reading) == ["I171"]
    assert reading.refused


def test_a_folder_counts_as_one_file_whose_mark_changes_with_any_invoice(tmp_path: Path) -> None:
    files = {"a.xml": ubl("F1"), "b.xml": cii("F2")}
    one = read_folder(tmp_path, files).files
    assert [(f.path, f.kind, f.rows, dict(f.detected)) for f in one] == [
        ("factures", "einvoice", 2, {"CII": "1", "UBL": "1"})
    ]
    assert read_folder(tmp_path, files).files[0].fingerprint == one[0].fingerprint
    changed = read_folder(tmp_path, {"b.xml": cii("F3")}).files
    assert changed[0].fingerprint != one[0].fingerprint


def test_the_bytes_that_steer_a_terminal_are_taken_off(tmp_path: Path) -> None:
    buyer = {**BUYER, "name": "Parc\u202e SAS"}
    reading = read_folder(tmp_path, {"a.xml": ubl(buyer=buyer)})
    assert reading.items["debtor_name"].to_list() == ["Parc SAS"]
    assert said(reading) == ["I029"]


def test_without_a_full_folder_nothing_is_said_to_be_gone(tmp_path: Path) -> None:
    files = {"a.xml": ubl("F1", seller={"registration": "404833048"})}
    assert not read_folder(tmp_path, files).refused
    assert read_folder(tmp_path, files, source={"full": True}).refused
