from __future__ import annotations

from datetime import date

import pytest

from .conftest import ReadCsv, codes

FRENCH = (
    "N° pièce;Code client;Nom du client;Date de facture;Échéance;Montant TTC;Reste dû\n"
    "FA 2026-001;C1;Société Générale d'Été;02/03/2026;31/03/2026;1 234,56 €;1 000,00 €\n"
    "FA 2026-002;C2;Lenoir & fils;15/03/2026;14/04/2026;12,00;12,00\n"
)


@pytest.mark.parametrize(
    ("encoding", "told"),
    [("utf-8", "utf-8"), ("utf-8-sig", "utf-8-sig"), ("cp1252", "cp1252"), ("utf-16", "utf-16")],
)
def test_encodings_are_found(read_csv: ReadCsv, encoding: str, told: str) -> None:
    reading = read_csv(FRENCH.encode(encoding))
    assert reading.items["debtor_name"][0] == "Société Générale d'Été"
    assert reading.items["amount"].to_list() == [123456, 1200]
    assert reading.items["open"].to_list() == [100000, 1200]
    assert reading.items["issued"].to_list() == [date(2026, 3, 2), date(2026, 3, 15)]
    assert reading.files[0].detected["encoding"] == told
    assert codes(reading) == []


def test_latin_9_is_told_from_windows_1252_by_its_letters(read_csv: ReadCsv) -> None:
    content = "number;debtor;debtor_name;amount\nF1;C1;Cœur d'Ille;10,50 €\n"
    reading = read_csv(content.encode("iso-8859-15"))
    assert reading.files[0].detected["encoding"] == "iso-8859-15"
    assert reading.items["debtor_name"][0] == "Cœur d'Ille"
    assert read_csv(content.encode("cp1252")).items["debtor_name"][0] == "Cœur d'Ille"


def test_an_encoding_that_does_not_fit_is_refused(read_csv: ReadCsv) -> None:
    assert codes(read_csv(FRENCH.encode("cp1252"), encoding="utf-8")) == ["I016"]
    assert codes(read_csv(FRENCH, encoding="klingon")) == ["I016"]
    assert codes(read_csv(FRENCH, encoding="base64")) == ["I016"]


def test_utf_16_without_its_mark_is_refused(read_csv: ReadCsv) -> None:
    assert codes(read_csv(FRENCH.encode("utf-16-le"))) == ["I006"]


def test_accents_garbled_before_the_export_are_told(read_csv: ReadCsv) -> None:
    reading = read_csv("number;debtor;debtor_name;amount\nF1;C1;SociÃ©tÃ©;10\n")
    assert codes(reading) == ["I026"]


@pytest.mark.parametrize("delimiter", [";", ",", "\t", "|"])
def test_delimiters_are_found(read_csv: ReadCsv, delimiter: str) -> None:
    content = "number;debtor;amount\nF1;C1;10.50\n".replace(";", delimiter)
    assert read_csv(content).items["amount"].to_list() == [1050]


def test_a_delimiter_may_be_set(read_csv: ReadCsv) -> None:
    reading = read_csv("number^debtor^amount\nF1^C1^10\n", delimiter="^")
    assert reading.items["number"].to_list() == ["F1"]


def test_tab_may_be_spelt_and_other_words_are_refused(read_csv: ReadCsv) -> None:
    reading = read_csv("number\tdebtor\tamount\nF1\tC1\t10\n", delimiter="tab")
    assert reading.items["number"].to_list() == ["F1"]
    assert codes(read_csv("number;debtor;amount\nF1;C1;10\n", delimiter="semicolon")) == ["I080"]


def test_excels_sep_line_is_obeyed(read_csv: ReadCsv) -> None:
    reading = read_csv("sep=;\nnumber;debtor;amount\nF1;C1;10,50\n")
    assert reading.items["amount"].to_list() == [1050]
    assert reading.items["line"].to_list() == [3]


def test_quoted_cells_of_a_whole_export_are_read(read_csv: ReadCsv) -> None:
    content = '"number","debtor","debtor_name","amount"\n"F1","C1","Lenoir, fils","1,234.50"\n'
    reading = read_csv(content)
    assert reading.items["debtor_name"].to_list() == ["Lenoir, fils"]
    assert reading.items["amount"].to_list() == [123450]


def test_preamble_sums_headings_and_repeated_headers_are_passed_over(read_csv: ReadCsv) -> None:
    head = "N° facture;Client;Date;Échéance;Montant;Solde\n"
    content = (
        "Menuiserie Lenoir SARL;;;;;\nÉchéancier au 31/03/2026\n\n"
        + head
        + "Client Dupont SA;;;;;\n"
        "F1;Dupont SA;02/03/2026;13/03/2026;10,00;10,00\n"
        "Total Dupont SA;;;;10,00;10,00\n"
        ";;;;;\n" + head + "F2;Martin;02/03/2026;13/03/2026;5,00;5,00\n"
        "Sous-total;;;;5,00;5,00\nTOTAL GÉNÉRAL;;;;15,00;15,00\nÉdité le 31/03/2026\n"
    )
    reading = read_csv(content)
    assert reading.items["number"].to_list() == ["F1", "F2"]
    assert reading.items["line"].to_list() == [6, 10]
    assert codes(reading) == ["I022"]
    told = next(d for d in reading.diagnostics if d.code == "I022")
    assert dict(told.facts) == {
        "preamble": 3, "blank": 1, "sums": 3, "headings": 2, "headers": 1,
    }  # fmt: skip


def test_a_customer_called_total_is_no_sum(read_csv: ReadCsv) -> None:
    content = "number;debtor;debtor_name;due;amount\nF1;C1;Total Bois;2026-03-31;10\n"
    assert read_csv(content).items.height == 1


def test_headings_of_groups_give_the_debtor_where_no_column_does(read_csv: ReadCsv) -> None:
    content = (
        "Pièce;Échéance;Solde\nDupont SA;;\nF1;31/03/2026;10,00\nF2;31/03/2026;20,00\n"
        "Total Dupont SA;;30,00\nC7;Martin;\nF3;31/03/2026;5,00\n"
    )
    reading = read_csv(content)
    assert reading.items["debtor"].to_list() == ["Dupont SA", "Dupont SA", "C7"]
    assert reading.items["debtor_name"].to_list() == ["Dupont SA", "Dupont SA", "Martin"]


def test_a_number_that_begins_like_a_sum_is_a_number(read_csv: ReadCsv) -> None:
    reading = read_csv("number;debtor;amount\nReport 12;C1;10\nTotal;C1;10\n")
    assert reading.items["number"].to_list() == ["Report 12"]


def test_rows_without_any_debtor_are_refused_as_a_whole(read_csv: ReadCsv) -> None:
    reading = read_csv("Pièce;Échéance;Solde\nF1;31/03/2026;10,00\n")
    assert codes(reading) == ["I010"]
    assert "debtor" in reading.diagnostics[0].message()


@pytest.mark.parametrize(
    "header",
    [
        "N° facture;Code client;Nom;Date facture;Échéance;Montant TTC;Reste à payer;Devise",
        "Numéro de facture;N° client;Raison sociale;Date d'émission;Date d'échéance;Total TTC;"
        "Solde dû;Devise",
        "NO PIECE;COMPTE TIERS;INTITULE;DATE PIECE;DATE ECHEANCE;MONTANT;SOLDE;DEVISE",
        "Invoice number;Customer code;Customer name;Invoice date;Due date;Amount;Balance due;"
        "Currency",
        "Factuurnummer;Klantnummer;Naam klant;Factuurdatum;Vervaldatum;Bedrag;Openstaand bedrag;"
        "Munt",
        "Rechnungsnummer;Kundennummer;Kunde;Rechnungsdatum;Fälligkeitsdatum;Bruttobetrag;"
        "Offener Betrag;Währung",
    ],
)
def test_headers_of_four_languages_are_known(read_csv: ReadCsv, header: str) -> None:
    reading = read_csv(f"{header}\nF1;C1;Dupont;13/03/2026;14/04/2026;10,50;9,50;EUR\n")
    item = reading.items.row(0, named=True)
    assert (item["number"], item["debtor"], item["debtor_name"]) == ("F1", "C1", "Dupont")
    assert (item["issued"], item["due"]) == (date(2026, 3, 13), date(2026, 4, 14))
    assert (item["amount"], item["open"], item["currency"]) == (1050, 950, "EUR")


def test_settings_win_over_synonyms(read_csv: ReadCsv) -> None:
    content = "Numéro;Réf interne;Client;Montant\nF1;X1;C1;10\n"
    reading = read_csv(content, columns={"number": "Réf interne"})
    assert reading.items["number"].to_list() == ["X1"]


def test_the_more_specific_header_wins_and_the_other_is_told(read_csv: ReadCsv) -> None:
    content = "Numéro;N° facture;Référence facture;Client;Montant\n1;F1;R1;C1;10\n"
    reading = read_csv(content)
    assert reading.items["number"].to_list() == ["F1"]
    told = [d.message() for d in reading.diagnostics if d.code == "I017"]
    assert told == ["number is read from N° facture, not from Référence facture"]


def test_a_header_that_stands_twice_is_told(read_csv: ReadCsv) -> None:
    reading = read_csv("Numéro;Client;Montant;Montant\nF1;C1;10;8\n")
    assert reading.items["amount"].to_list() == [1000]
    assert codes(reading) == ["I017"]


def test_a_header_may_name_its_currency(read_csv: ReadCsv) -> None:
    reading = read_csv("N° facture;Client;Montant TTC (EUR);Reste dû en euros\nF1;C1;10;8\n")
    assert reading.items.select("amount", "open").row(0) == (1000, 800)


def test_a_generic_reference_is_the_number_where_there_is_no_other(read_csv: ReadCsv) -> None:
    assert read_csv("Référence;Client;Montant\nF1;C1;10\n").items["number"].to_list() == ["F1"]


def test_text_is_cleaned_of_what_does_not_belong_in_it(read_csv: ReadCsv) -> None:
    name = "Du\u202epont\u0007 \u2028 Été\u200b"
    reading = read_csv(f"number;debtor;debtor_name;amount\nFA\u00a0\u00a0 12;C1;{name};10\n")
    assert reading.items["debtor_name"].to_list() == ["Dupont Été"]
    assert reading.items["number"].to_list() == ["FA 12"]
    assert "I029" in codes(reading)


def test_accents_written_as_two_characters_become_one(read_csv: ReadCsv) -> None:
    reading = read_csv("number;debtor;debtor_name;amount\nF1;C1;E\u0301te\u0301;10\n")
    assert reading.items["debtor_name"].to_list() == ["Été"]


def test_what_was_understood_is_echoed(read_csv: ReadCsv) -> None:
    reading = read_csv(FRENCH)
    assert reading.files[0].detected == {
        "encoding": "utf-8",
        "delimiter": ";",
        "decimal": ",",
        "dates": "dmy",
        "header": "1",
        "preset": "–",
        "skipped": "0",
        "columns": "number=N° pièce, debtor=Code client, debtor_name=Nom du client, "
        "issued=Date de facture, due=Échéance, amount=Montant TTC, open=Reste dû",
    }
    told = reading.diagnostics[0]
    assert told.code == "I020"
    assert "decimal mark ,, dates dmy" in told.message()


def test_what_public_buyers_need_is_read(read_csv: ReadCsv) -> None:
    reading = read_csv(
        "N° facture;Code client;Montant TTC;N° engagement;N° marché;Code service;IBAN virtuel;"
        "Mentions légales\n"
        "F1;C1;10;4500012;2026-M-12;SERV-7;fr14 2004 1010 0505 0001 3M02 606;Escompte : néant\n"
    )
    columns = ("order_number", "market_number", "service_code", "virtual_iban", "notes")
    assert reading.items.select(columns).row(0) == (
        "4500012",
        "2026-M-12",
        "SERV-7",
        "FR1420041010050500013M02606",
        "Escompte : néant",
    )


def test_public_buyers_columns_have_dutch_and_german_names(read_csv: ReadCsv) -> None:
    for header in (
        "Contractnummer;Servicecode;Vermeldingen",
        "Vertragsnummer;Leitweg-ID;Pflichtangaben",
    ):
        reading = read_csv(f"number;debtor;amount;{header}\nF1;C1;10;M1;S1;N1\n")
        read = reading.items.select("market_number", "service_code", "notes").row(0)
        assert read == ("M1", "S1", "N1")
