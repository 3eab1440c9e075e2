from __future__ import annotations

from datetime import date

import pytest

from .conftest import ReadCsv, codes

FULL = (
    "Code client;Raison sociale;Type de client;Pays;Langue;E-mail;Téléphone;Portable;Adresse;"
    "Code postal;Ville;Région;SIREN;N° TVA;Secteur;Étiquettes;Commercial;Client depuis;"
    "Conditions de règlement;Encours autorisé;Score;Segment;Procédure;IBAN;IBAN virtuel;Exigences;Lien;accounts_name;"
    "accounts_email;accounts_language;Portail\n"
    "C1;Dupont SA;Société;France;Français;compta@dupont.example;04 72 00 00 01;06 12 34 56 78;"
    '"12 rue Haute\nBâtiment B";01000;Bourg-en-Bresse;Ain;732829320;FR44732829320;bois;'
    "VIP, export|bois;Ana;15/03/2020;30 jours fin de mois;10 000,00 €;7,5;grands;key-accounts;"
    "FR7630006000011234567890189;FR14 2004 1010 0505 0001 3M02 606;N° engagement, code service;https://v.example/c1;Mme Roy;"
    "roy@dupont.example;Néerlandais;Ariba\n"
)


def test_every_column_of_customers_is_read(read_customers: ReadCsv) -> None:
    reading = read_customers(FULL)
    assert codes(reading) == []
    assert reading.debtors.row(0, named=True) == {
        "debtor": "C1",
        "name": "Dupont SA",
        "kind": "business",
        "country": "FR",
        "language": "fr",
        "email": "compta@dupont.example",
        "phone": "04 72 00 00 01",
        "mobile": "06 12 34 56 78",
        "address": "12 rue Haute\nBâtiment B",
        "postcode": "01000",
        "city": "Bourg-en-Bresse",
        "region": "Ain",
        "registration": "732829320",
        "vat": "FR44732829320",
        "sector": "bois",
        "tags": ["VIP", "export", "bois"],
        "owner": "Ana",
        "since": date(2020, 3, 15),
        "terms": "30 jours fin de mois",
        "credit_limit": 1000000,
        "score": 7.5,
        "segment": "grands",
        "procedure": "key-accounts",
        "iban": "FR7630006000011234567890189",
        "virtual_iban": "FR1420041010050500013M02606",
        "requires": ["order_number", "service_code"],
        "portal": "Ariba",
        "people": [
            {
                "role": "accounts",
                "name": "Mme Roy",
                "email": "roy@dupont.example",
                "phone": None,
                "language": "nl",
            }
        ],
        "link": "https://v.example/c1",
        "file": "clients.csv",
        "line": 2,
    }
    assert reading.files[1].source == "customers"


def test_contract_names_are_read(read_customers: ReadCsv) -> None:
    content = (
        "id,name,kind,country,language,email,phone,mobile,address,postcode,city,registration,vat,"
        "sector,tags,owner,since,terms,credit_limit,segment,procedure,iban\n"
        "C1,Dupont,consumer,BE,nl,a@b.example,,,Rue Haute 1,1000,Bruxelles,,,,,,2026-01-31,,,,,\n"
    )
    row = read_customers(content).debtors.row(0, named=True)
    assert (row["kind"], row["country"], row["language"]) == ("consumer", "BE", "nl")
    assert (row["tags"], row["since"], row["credit_limit"]) == ([], date(2026, 1, 31), None)


@pytest.mark.parametrize(
    ("column", "text", "value"),
    [
        ("country", "Belgique", "BE"),
        ("country", "België", "BE"),
        ("country", "be", "BE"),
        ("country", "FRANCE", "FR"),
        ("country", "FR - France", "FR"),
        ("country", "Allemagne", "DE"),
        ("country", "Atlantide", None),
        ("language", "FR", "fr"),
        ("language", "fr_FR", "fr"),
        ("language", "nl-BE", "nl"),
        ("language", "Nederlands", "nl"),
        ("language", "français", "fr"),
        ("language", "klingon", None),
        ("kind", "Particulier", "consumer"),
        ("kind", "Entreprise", "business"),
        ("kind", "Mairie", "public"),
        ("kind", "administration", "public"),
        ("kind", "B2C", "consumer"),
        ("kind", "VIP", None),
    ],
)
def test_words_become_codes_and_unknown_ones_are_told_not_invented(
    read_customers: ReadCsv, column: str, text: str, value: str | None
) -> None:
    reading = read_customers(f"id;name;{column}\nC1;Dupont;{text}\n")
    assert reading.debtors[column].to_list() == [value]
    assert codes(reading) == ([] if value else ["I042"])


def test_a_customer_with_two_contents_is_not_used(read_customers: ReadCsv) -> None:
    reading = read_customers("id;name;email\nC1;A;a@a.example\nC2;B;\nC1;A;x@x.example\nC2;B;\n")
    assert reading.debtors["debtor"].to_list() == ["C2"]
    told = sorted((d.code, d.span.line) for d in reading.diagnostics if d.code > "I020" and d.span)
    assert told == [("I040", 5), ("I043", 2), ("I043", 4), ("I046", None)]


def test_a_customer_without_id_is_left_out(read_customers: ReadCsv) -> None:
    reading = read_customers("id;name\n;Dupont\n;\nC2;Martin\n")
    assert reading.debtors["debtor"].to_list() == ["C2"]
    assert codes(reading) == ["I030", "I046"]


@pytest.mark.parametrize(
    "address",
    [
        "compta@",
        "@dupont.example",
        "a b@c.example",
        "a@b",
        "a@b.example;c@d.example",
        "a@b@c.example",
    ],
)
def test_what_is_no_address_is_told(read_customers: ReadCsv, address: str) -> None:
    reading = read_customers(f"id\tname\temail\nC1\tDupont\t{address}\n")
    assert reading.debtors["email"].to_list() == [None]
    assert codes(reading) == ["I044"]


def test_bad_dates_and_limits_are_told_and_the_customer_is_kept(read_customers: ReadCsv) -> None:
    reading = read_customers(
        "id;name;since;credit_limit\nC1;A;hier;beaucoup\nC2;B;15/03/2020;10,005\nC3;C;;12,50\n"
    )
    assert reading.debtors["credit_limit"].to_list() == [None, None, 1250]
    assert reading.debtors["since"].to_list() == [None, date(2020, 3, 15), None]
    assert codes(reading) == ["I049", "I049", "I049"]


def test_a_limit_in_another_currency_is_told(read_customers: ReadCsv) -> None:
    reading = read_customers("id;name;credit_limit\nC1;A;$100\nC2;B;100 €\n")
    assert reading.debtors["credit_limit"].to_list() == [None, 10000]
    assert codes(reading) == ["I049"]


def test_scores_of_others_are_numbers_on_their_own_scale(read_customers: ReadCsv) -> None:
    reading = read_customers("id;name;score\nC1;A;7,5\nC2;B;82\nC3;C;AAA\nC4;D;nan\nC5;E;\n")
    assert reading.debtors["score"].to_list() == [7.5, 82.0, None, None, None]
    assert codes(reading) == ["I049", "I049"]


def test_a_customers_file_that_is_cut_refuses_the_reading(read_customers: ReadCsv) -> None:
    reading = read_customers(FULL[:-5])
    assert reading.refused
    assert reading.debtors.height == 0


def test_columns_of_customers_may_be_mapped(read_customers: ReadCsv) -> None:
    reading = read_customers("Clé;Intitulé\nC1;Dupont\n", columns={"id": "Clé"})
    assert reading.debtors.select("debtor", "name").row(0) == ("C1", "Dupont")


def test_what_customers_require_is_read_in_any_of_the_languages(read_customers: ReadCsv) -> None:
    content = (
        "id;requires\nC1;order_number\nC2;bestelbon | kbo\nC3;Bestellnummer, Leitweg-ID\n"
        "C4;numéro de marché, mentions\nC5;bon de commande, tampon\nC6;\n"
    )
    reading = read_customers(content)
    assert dict(reading.debtors.select("debtor", "requires").iter_rows()) == {
        "C1": ["order_number"],
        "C2": ["order_number", "registration"],
        "C3": ["order_number", "service_code"],
        "C4": ["market_number", "mentions"],
        "C5": ["order_number"],
        "C6": [],
    }
    assert codes(reading) == ["I042"]
    told = next(d for d in reading.diagnostics if d.code == "I042")
    assert (told.span.line, told.facts["text"]) == (6, "tampon")
