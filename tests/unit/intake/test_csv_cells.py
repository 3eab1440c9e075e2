from __future__ import annotations

from datetime import date

import pytest

from .conftest import ReadCsv, codes

HEAD = "number;debtor;issued;due;amount;open;currency;kind\n"


def amount_of(read_csv: ReadCsv, text: str, **source: str) -> object:
    reading = read_csv(f'number;debtor;amount\nF1;C1;"{text}"\n', **source)
    return reading.items["amount"][0] if reading.items.height else codes(reading, "I046")


@pytest.mark.parametrize(
    ("text", "minor"),
    [
        ("1234.56", 123456),
        ("1 234,56 €", 123456),
        ("1\u00a0234,56", 123456),
        ("1\u202f234,56\u00a0€", 123456),
        ("1.234,56", 123456),
        ("1,234.56", 123456),
        ("1'234.56", 123456),
        ("1’234.56", 123456),
        ("(12,00)", -1200),
        ("12,00-", -1200),
        ("\u221212,00", -1200),
        ("-12,5", -1250),
        ("- 12,50 €", -1250),
        ("EUR 12.00", 1200),
        ("12.00 EUR", 1200),
        ("€12", 1200),
        ("+12,00", 1200),
        ("12,00 Euros", 1200),
        ("0", 0),
        (",50", 50),
        ("12,000000", 1200),
        ("1.234.567,00", 123456700),
        ("1.234", 123400),
        ("12a", ["I032"]),
        ("douze", ["I032"]),
        ("1,2,3", ["I032"]),
        ("12..3", ["I032"]),
        ("-12-", ["I032"]),
        ("(12", ["I032"]),
        ("1e5", ["I032"]),
        ("9999999999999999", ["I032"]),
        ("12,345", 1234500),
        ("0,001", ["I033"]),
        ("12,3456", ["I033"]),
        ("12,12345678", ["I033"]),
        ("12.00 CR", ["I035"]),
    ],
)
def test_amounts_are_read_exactly_or_said_to_be_none(
    read_csv: ReadCsv, text: str, minor: object
) -> None:
    found = amount_of(read_csv, text)
    assert (found if isinstance(found, int) else [c for c in found if c != "I024"]) == minor  # type: ignore[union-attr]


def test_a_set_decimal_mark_is_obeyed(read_csv: ReadCsv) -> None:
    assert amount_of(read_csv, "1.234", decimal=",") == 123400
    assert amount_of(read_csv, "1,234", decimal=".") == 123400
    assert amount_of(read_csv, "1.230", decimal=".") == 123
    assert amount_of(read_csv, "12.50", decimal=",") == ["I032"]


def test_other_amounts_tell_what_three_digits_are(read_csv: ReadCsv) -> None:
    head = "number;debtor;amount\n"
    commas = read_csv(head + "F1;C1;1.234\nF2;C1;12,50\n")
    assert commas.items["amount"].to_list() == [123400, 1250]
    points = read_csv(head + "F1;C1;1.230\nF2;C1;12.50\n")
    assert points.items["amount"].to_list() == [123, 1250]
    assert codes(commas) == codes(points) == []
    assert codes(read_csv(head + "F1;C1;1.234\n")) == ["I024"]


def test_both_marks_in_one_file_leave_out_what_can_be_read_in_two_ways(read_csv: ReadCsv) -> None:
    reading = read_csv("number;debtor;amount\nF1;C1;12,50\nF2;C1;12.50\nF3;C1;1.234\n")
    assert reading.items["number"].to_list() == ["F1", "F2"]
    assert codes(reading) == ["I025", "I034", "I046"]


@pytest.mark.parametrize(
    ("text", "currency", "minor"),
    [
        ("1500", "JPY", 1500),
        ("1500.5", "JPY", None),
        ("1.234", "KWD", 1234),
        ("12.50", "usd", 1250),
    ],
)
def test_decimals_are_those_of_the_currency(
    read_csv: ReadCsv, text: str, currency: str, minor: int | None
) -> None:
    reading = read_csv(f"number;debtor;amount;currency\nF1;C1;{text};{currency}\n", decimal=".")
    assert reading.items["amount"].to_list() == ([] if minor is None else [minor])
    assert (minor is None) == ("I033" in codes(reading))


def test_the_currency_comes_from_column_then_policy_then_symbol_then_creditor(
    read_csv: ReadCsv,
) -> None:
    head = "number;debtor;amount;currency\n"
    assert read_csv(head + "F1;C1;10;CHF\n", currency="USD").items["currency"][0] == "CHF"
    assert read_csv(head + "F1;C1;10;\n", currency="USD").items["currency"][0] == "USD"
    assert read_csv(head + "F1;C1;£10;\n").items["currency"][0] == "GBP"
    assert read_csv(head + "F1;C1;10;\n", home="CHF").items["currency"][0] == "CHF"
    assert read_csv(head + "F1;C1;$10;\n", home="CAD").items["currency"][0] == "CAD"
    assert read_csv(head + "F1;C1;$10;AUD\n").items["currency"][0] == "AUD"
    assert read_csv(head + "F1;C1;10;Euro\n").items["currency"][0] == "EUR"
    assert "I036" in codes(read_csv(head + "F1;C1;$10;EUR\n"))
    assert "I036" in codes(read_csv(head + "F1;C1;$10;\n", currency="EUR"))
    assert "I035" in codes(read_csv(head + "F1;C1;10;EUT\n"))


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2026-07-15", date(2026, 7, 15)),
        ("2026/07/15", date(2026, 7, 15)),
        ("20260715", date(2026, 7, 15)),
        ("2026-07-15 00:00:00", date(2026, 7, 15)),
        ("2026-07-15T10:30:00Z", date(2026, 7, 15)),
        ("15/07/2026", date(2026, 7, 15)),
        ("15-07-26", date(2026, 7, 15)),
        ("15.07.2026", date(2026, 7, 15)),
        ("15 / 07 / 2026", date(2026, 7, 15)),
        ("5/7/2026", date(2026, 7, 5)),
        ("07/15/2026", date(2026, 7, 15)),
        ("15072026", date(2026, 7, 15)),
        ("150726", date(2026, 7, 15)),
        ("15 Jul 2026", date(2026, 7, 15)),
        ("15-juil.-26", date(2026, 7, 15)),
        ("1er août 2026", date(2026, 8, 1)),
        ("15 februari 2026", date(2026, 2, 15)),
        ("15. März 2026", date(2026, 3, 15)),
        ("Jul 15, 2026", date(2026, 7, 15)),
        ("mercredi 15 juillet 2026", date(2026, 7, 15)),
        ("46218", date(2026, 7, 15)),
        ("00/00/0000", None),
        ("", None),
    ],
)
def test_dates_of_many_forms_are_read(read_csv: ReadCsv, text: str, day: date | None) -> None:
    reading = read_csv(f"number;debtor;due;amount\nF1;C1;{text};10\n")
    assert reading.items["due"].to_list() == [day]


@pytest.mark.parametrize("text", ["32/01/2026", "29/02/2026", "demain", "2206-01-01", "1/2", "0"])
def test_what_is_no_date_leaves_its_row_out(read_csv: ReadCsv, text: str) -> None:
    reading = read_csv(f"number;debtor;Échéance;amount\nF1;C1;{text};10\nF2;C1;15/07/2026;10\n")
    assert reading.items["number"].to_list() == ["F2"]
    told = next(d for d in reading.diagnostics if d.code == "I031")
    assert told.message() == f"row left out: Échéance is not a date: {text}"
    assert told.span is not None
    assert told.span.line == 2


def test_month_first_is_taken_only_when_proven(read_csv: ReadCsv) -> None:
    head = "number;debtor;due;amount\n"
    proven = read_csv(head + "F1;C1;07/15/2026;10\nF2;C1;03/04/2026;10\n")
    assert proven.items["due"].to_list() == [date(2026, 7, 15), date(2026, 3, 4)]
    assert codes(proven) == []
    unsure = read_csv(head + "F2;C1;03/04/2026;10\n")
    assert unsure.items["due"].to_list() == [date(2026, 4, 3)]
    assert codes(unsure) == ["I023"]
    fixed = read_csv(head + "F2;C1;03/04/2026;10\n", dates="mdy")
    assert fixed.items["due"].to_list() == [date(2026, 3, 4)]
    assert codes(fixed) == []
    american = read_csv(head + "F2;C1;03/04/2026;10\n", country="US")
    assert american.items["due"].to_list() == [date(2026, 3, 4)]


def test_day_first_and_month_first_in_one_file_refuse_it(read_csv: ReadCsv) -> None:
    content = "number;debtor;due;amount\nF1;C1;07/15/2026;10\nF2;C1;15/07/2026;10\n"
    assert codes(read_csv(content)) == ["I015"]
    fixed = read_csv(content, dates="dmy")
    assert fixed.items["number"].to_list() == ["F2"]


def test_a_strptime_format_is_obeyed(read_csv: ReadCsv) -> None:
    reading = read_csv("number;debtor;due;amount\nF1;C1;2026_07_15;10\n", dates="%Y_%m_%d")
    assert reading.items["due"].to_list() == [date(2026, 7, 15)]


@pytest.mark.parametrize(
    ("word", "kind", "amount"),
    [
        ("", "invoice", 1000),
        ("Facture", "invoice", 1000),
        ("invoice", "invoice", 1000),
        ("Factuur", "invoice", 1000),
        ("Avoir", "credit_note", -1000),
        ("credit_note", "credit_note", -1000),
        ("Creditnota", "credit_note", -1000),
        ("Gutschrift", "credit_note", -1000),
        ("Règlement", "payment", -1000),
        ("betaling", "payment", -1000),
        ("Acompte", "advance", -1000),
        ("Facture d'acompte", "invoice", 1000),
        ("Échéance", "instalment", 1000),
        ("À nouveau", "opening", 1000),
        ("Customer Invoice", "invoice", 1000),
    ],
)
def test_kinds_are_known_and_credits_are_negative(
    read_csv: ReadCsv, word: str, kind: str, amount: int
) -> None:
    for sign in ("", "-") if amount < 0 else ("",):
        reading = read_csv(f"number;debtor;amount;kind\nF1;C1;{sign}10,00;{word}\n")
        assert reading.items.select("kind", "amount", "open").row(0) == (kind, amount, amount)


def test_a_negative_invoice_is_a_credit_note(read_csv: ReadCsv) -> None:
    reading = read_csv(HEAD + "F1;C1;;;-10;-4;EUR;invoice\n")
    assert reading.items.select("kind", "amount", "open").row(0) == ("credit_note", -1000, -400)


def test_unknown_kinds_and_suppliers_documents_are_left_out(read_csv: ReadCsv) -> None:
    content = HEAD + "F1;C1;;;10;10;EUR;machin\nF2;C1;;;10;10;EUR;Facture fournisseur\n"
    reading = read_csv(content + "F3;C1;;;10;10;EUR;facture\n")
    assert reading.items["number"].to_list() == ["F3"]
    assert codes(reading) == ["I027", "I037", "I046"]


def test_open_of_another_sign_leaves_the_row_out_and_more_open_than_billed_is_told(
    read_csv: ReadCsv,
) -> None:
    reading = read_csv(HEAD + "F1;C1;;;10;-2;EUR;\nF2;C1;;;10;12;EUR;\nF3;C1;;;10;;EUR;\n")
    assert reading.items.select("number", "open").rows() == [("F2", 1200), ("F3", 1000)]
    assert codes(reading, "I046") == ["I038", "I039"]


def test_rows_without_number_debtor_or_amount_are_left_out(read_csv: ReadCsv) -> None:
    content = HEAD + ";C1;;31/03/2026;10;10;EUR;\nF2;;;;10;10;EUR;\nF3;C1;;31/03/2026;;;EUR;\n"
    reading = read_csv(content)
    told = [(d.span.line, d.facts["column"]) for d in reading.diagnostics if d.code == "I030"]  # type: ignore[union-attr]
    assert sorted(told) == [(2, "number"), (3, "debtor"), (4, "amount")]
    assert reading.items.height == 0
    assert next(d for d in reading.diagnostics if d.code == "I046").facts == {"count": 3, "rows": 3}


def test_a_payment_without_number_is_not_lost(read_csv: ReadCsv) -> None:
    reading = read_csv(HEAD + ";C1;15/03/2026;;10;10;EUR;payment\n")
    assert reading.items.select("number", "open").row(0) == ("payment 2026-03-15", -1000)


def test_only_open_amounts_are_enough(read_csv: ReadCsv) -> None:
    reading = read_csv("Facture;Client;Solde dû\nF1;C1;10,50\n")
    assert reading.items.select("amount", "open").row(0) == (1050, 1050)


def test_repeated_rows_count_once_and_look_alikes_are_told(read_csv: ReadCsv) -> None:
    row = "F1;C1;15/03/2026;31/03/2026;10;10;EUR;\n"
    other = "F1;C1;16/03/2026;31/03/2026;10;10;EUR;\n"
    reading = read_csv(HEAD + row + "F2;C1;;31/03/2026;10;10;EUR;\n" + row + other)
    assert reading.items["line"].to_list() == [2, 3, 5]
    told = {d.code: (d.span.line, d.facts.get("first")) for d in reading.diagnostics if d.span}
    assert told["I040"] == (4, "2")
    assert told["I041"] == (5, "2")


def test_rows_that_differ_in_a_cell_that_is_not_read_are_both_kept(read_csv: ReadCsv) -> None:
    content = "number;debtor;amount;label\nF1;C1;10;échéance 1/2\nF1;C1;10;échéance 2/2\n"
    reading = read_csv(content)
    assert reading.items.height == 2
    assert codes(reading) == ["I041"]


def test_a_full_export_of_which_nothing_can_be_read_is_refused(read_csv: ReadCsv) -> None:
    reading = read_csv("number;debtor;amount\nF1;C1;dix\n", full=True)
    assert codes(reading) == ["I013", "I032"]
    assert reading.refused


def test_the_same_fault_is_told_fifty_times_then_summed_up(read_csv: ReadCsv) -> None:
    content = "number;debtor;amount\n" + "F1;C1;dix\n" * 120 + "F2;C1;10\n"
    reading = read_csv(content)
    found = [d.code for d in reading.diagnostics]
    assert found.count("I032") == 50
    more = next(d for d in reading.diagnostics if d.code == "I048")
    assert dict(more.facts) == {"count": 70, "code": "I032", "first": 52, "last": 121, "shown": 50}
    assert reading.items.height == 1


def test_raw_text_in_messages_is_escaped_and_short(read_csv: ReadCsv) -> None:
    reading = read_csv("number;debtor;amount\nF1;C1;\x1b[31mx" + "y" * 200 + "\n")
    message = next(d for d in reading.diagnostics if d.code == "I032").message()
    assert "\x1b" not in message
    assert "\\x1b[31mxyy" in message
    assert len(message) < 160


def test_bad_addresses_are_taken_as_none(read_csv: ReadCsv) -> None:
    content = "number;debtor;email;amount\nF1;C1;compta@dupont.example;10\nF2;C2;compta@;10\n"
    reading = read_csv(content)
    assert reading.items["debtor_email"].to_list() == ["compta@dupont.example", None]
    assert codes(reading) == ["I044"]


def test_a_due_date_before_the_issue_is_told(read_csv: ReadCsv) -> None:
    assert codes(read_csv(HEAD + "F1;C1;2026-03-31;2026-03-01;10;10;EUR;\n")) == ["I047"]


def test_debit_and_credit_columns_make_amounts(read_csv: ReadCsv) -> None:
    content = "N° pièce;Compte tiers;Date;Débit;Crédit;Lettrage\nF1;C1;15/03/2026;10,00;;\n"
    reading = read_csv(
        content + "R1;C1;16/03/2026;;4,00;\nF0;C1;15/01/2026;9,00;;A\nR0;C1;15/02/2026;;9,00;A\n"
    )
    assert reading.items.select("number", "amount").rows() == [("F1", 1000), ("R1", -400)]
    told = next(d for d in reading.diagnostics if d.code == "I028")
    assert dict(told.facts) == {"settled": 2, "kept": 0}


def test_paid_and_cancelled_invoices_are_left_out_where_no_balance_says_so(
    read_csv: ReadCsv,
) -> None:
    content = (
        "Numéro;Date d'émission;Client;Montant TTC;Date d'échéance;Statut;Date de paiement\n"
        "F1;13/03/2026;C1;10,00;14/04/2026;En retard;\n"
        "F2;13/03/2026;C1;10,00;14/04/2026;Payée;\n"
        "F3;13/03/2026;C1;10,00;14/04/2026;Envoyée;20/03/2026\n"
        "F4;13/03/2026;C1;10,00;14/04/2026;Brouillon;\n"
    )
    reading = read_csv(content)
    assert reading.items["number"].to_list() == ["F1"]
    assert codes(reading) == ["I027"]


def test_an_open_balance_says_more_than_a_status(read_csv: ReadCsv) -> None:
    content = "Numéro;Client;Montant;Reste dû;Statut\nF1;C1;10;4;Payée\nF2;C1;10;10;Annulée\n"
    assert read_csv(content).items.select("number", "open").rows() == [("F1", 400)]


def test_the_running_balance_of_a_ledger_is_not_what_is_open(read_csv: ReadCsv) -> None:
    content = "Pièce;Tiers;Date;Débit;Crédit;Solde\nF1;C1;15/03/2026;10,00;;10,00\n"
    reading = read_csv(content + "F2;C1;16/03/2026;5,00;;15,00\n")
    assert reading.items.select("number", "amount", "open").rows() == [
        ("F1", 1000, 1000),
        ("F2", 500, 500),
    ]


def test_the_terms_of_a_source_go_with_its_items(read_csv: ReadCsv) -> None:
    reading = read_csv("number,debtor,amount\nF1,C1,10\n", terms="30 jours fin de mois")
    assert reading.items.select("terms", "due", "item").row(0) == (
        "30 jours fin de mois",
        None,
        None,
    )
