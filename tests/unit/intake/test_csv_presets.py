"""Small exports written for these tests, with the headers and quirks of each program."""

from __future__ import annotations

from datetime import date

import pytest

from relance.intake.reading import Reading

from .conftest import ReadCsv, codes

ODOO = (
    "Number,Invoice Partner Display Name,Invoice/Bill Date,Due Date,Untaxed Amount Signed,"
    "Total Signed,Amount Due Signed,Currency,Payment Status,Reference,Status\n"
    '"INV/2026/00001","Dupont SA","2026-03-02","2026-04-01","1,000.00","1,200.00","1,200.00",'
    '"USD","Not Paid","PO77","Posted"\n'
    '"RINV/2026/00001","Dupont SA","2026-03-05","2026-03-05","-100.00","-120.00","-120.00",'
    '"EUR","Not Paid","","Posted"\n'
    '"/","Dupont SA","2026-03-06","2026-04-05","10.00","12.00","12.00","EUR","Not Paid","","Draft"\n'
)
ODOO_CURRENCY = (
    "Number,Invoice Partner Display Name,Due Date,Total in Currency Signed,Amount Due,Currency\n"
    "INV/2026/00002,Dupont SA,2026-04-01,50.00,20.00,USD\n"
)
DOLIBARR = (
    "f.ref;f.ref_client;f.type;f.datef;f.date_lim_reglement;f.total_ttc;none.rest;f.fk_statut;"
    "s.nom;s.code_client;s.email\n"
    "FA2603-0001;BC12;0;2026-03-02;2026-04-01;120;100;1;Dupont SA;CU001;compta@dupont.example\n"
    "AV2603-0001;;2;2026-03-05;2026-03-05;-24;-24;1;Dupont SA;CU001;\n"
    "FA2603-0002;;3;2026-03-06;2026-04-05;60;60;1;Martin;CU002;\n"
    "(PROV12);;0;2026-03-06;2026-04-05;60;60;0;Martin;CU002;\n"
)
XERO = (
    "ContactName,EmailAddress,InvoiceNumber,Reference,InvoiceDate,DueDate,Total,"
    "InvoiceAmountPaid,InvoiceAmountDue,Description,LineAmount,Currency,Type,Status\n"
    "Dupont SA,compta@dupont.example,INV-0001,PO77,15 Jul 2026,14 Aug 2026,120.00,20.00,100.00,"
    "Oak,60.00,EUR,Sales invoice,Awaiting Payment\n"
    "Dupont SA,compta@dupont.example,INV-0001,PO77,15 Jul 2026,14 Aug 2026,120.00,20.00,100.00,"
    "Ash,60.00,EUR,Sales invoice,Awaiting Payment\n"
    "Martin,,CN-0001,,20 Jul 2026,20 Jul 2026,30.00,0.00,30.00,Back,30.00,EUR,"
    "Sales credit note,Awaiting Payment\n"
    "Martin,,INV-0002,,20 Jul 2026,20 Aug 2026,10.00,0.00,10.00,Pine,10.00,EUR,Sales invoice,Draft\n"
)
QUICKBOOKS = (
    "Lenoir Woodworks,,,,,,,\nOpen Invoices,,,,,,,\nAs of July 31 2026,,,,,,,\n"
    ",Date,Transaction type,Num,Due date,Amount,Open balance\n"
    "Dupont SA,,,,,,\n"
    ',07/15/2026,Invoice,1001,08/14/2026,"$4,250.00","$4,250.00"\n'
    ',07/16/2026,Credit Memo,1002,07/16/2026,"-$250.00","-$250.00"\n'
    'Total for Dupont SA,,,,,"$4,000.00","$4,000.00"\n'
    ',,,,,,\nTOTAL,,,,,"$4,000.00","$4,000.00"\n'
)
EXACT = (
    "HID,AccountCode,AccountName,Amount,AmountInTransit,CurrencyCode,Description,DueDate,"
    "InvoiceDate,InvoiceNumber,EntryNumber,JournalCode,YourRef\n"
    "1,                 7,Dupont NV,121.00,0,EUR,Hout,2026-04-01,2026-03-02,26700012,26700012,70,PO9\n"
    "2,                 7,Dupont NV,-21.00,0,EUR,,2026-03-09,2026-03-09,0,26900003,90,\n"
)
WINBOOKS = (
    "DBKTYPE;DBKCODE;DOCTYPE;DOCNUMBER;DOCORDER;ACCOUNTGL;ACCOUNTRP;BOOKYEAR;PERIOD;DATE;DATEDOC;"
    "DUEDATE;COMMENT;AMOUNTEUR;MATCHNO\n"
    "2;VENTE;1;260001;001;400000;DUPONT;1;03;20260302;20260302;20260401;Chêne;121,00;\n"
    "2;VENTE;3;260001;002;700000;;1;03;20260302;20260302;;Chêne;-100,00;\n"
    "3;NCV;1;260002;001;400000;DUPONT;1;03;20260305;20260305;20260305;Retour;-21,00;\n"
    "4;BANQUE;1;26003;001;400000;DUPONT;1;03;20260320;20260320;;Virement;-50,00;\n"
    "2;VENTE;1;260000;001;400000;MARTIN;1;01;20260105;20260105;20260204;Pin;10,00;A1\n"
    "4;BANQUE;1;26001;001;400000;MARTIN;1;02;20260210;20260210;;Virement;-10,00;A1\n"
)
SAGE = (
    "Jou\tDate\tN°\tGénéral\tTiers\tLibellé\tRèglement\tEchéance\tDébit\tCrédit\n"
    "VTE\t020326\t2601\t41100000\tDUPONT\tFacture 2601\tV\t010426\t1234,56\t\n"
    "VTE\t020326\t2601\t70600000\t\tFacture 2601\t\t\t\t1234,56\n"
    "VTE\t050326\t2602\t41100000\tDUPONT\tAvoir\t\t050326\t\t34,56\n"
    "BNQ\t200326\t77\t41100000\tDUPONT\tVirement\t\t\t\t200,00\n"
)
SAGE_LEDGER = (
    "N° Compte;N° Compte Auxiliaire;Libellé du compte;Date;Journal;N° de pièce;Libellé mouvement;"
    "Lettrage;Montant Débit;Montant Crédit;Solde\n"
    "411000;DUPONT;Dupont SA;02/03/2026;VT;2601;Facture;;120,00;;120,00\n"
    "411000;DUPONT;Dupont SA;02/01/2026;VT;2501;Facture;A;80,00;;200,00\n"
    "411000;DUPONT;Dupont SA;02/02/2026;BQ;31;Virement;A;;80,00;120,00\n"
    "401000;BOIS;Scierie;02/03/2026;AC;99;Achat;;;50,00;-50,00\n"
)


def quadra(account: str, book: str, side: str, cents: int, due: str, piece: str) -> str:
    line = [" "] * 120
    for start, text in ((1, "M"), (2, account), (10, book), (12, "000"), (15, "020326"),
                        (22, "FACTURE"), (42, side), (43, f"+{cents:012d}"), (64, due),
                        (75, piece[-5:]), (100, piece), (108, "EUR"), (111, "VTE")):  # fmt: skip
        line[start - 1 : start - 1 + len(text)] = text
    return "".join(line).rstrip() + "\r\n"


QUADRA = (
    "C9DUPONT Dupont SA" + " " * 80 + "41100000\r\n"
    + quadra("9DUPONT", "VE", "D", 123456, "010426", "FA2601")
    + quadra("70600000", "VE", "C", 123456, "      ", "FA2601")
    + quadra("9DUPONT", "VE", "C", 3456, "050326", "AV2602")
    + quadra("9DUPONT", "BQ", "C", 20000, "      ", "77")
    + quadra("0SCIERIE", "AC", "C", 5000, "010426", "X1")
)  # fmt: skip


def rows(reading: Reading, *columns: str) -> list[tuple[object, ...]]:
    assert not reading.refused, [d.message() for d in reading.diagnostics]
    return reading.items.select(columns).rows()


@pytest.mark.parametrize("preset", ["odoo", None])
def test_odoo_signed_amounts_are_in_the_company_currency(
    read_csv: ReadCsv, preset: str | None
) -> None:
    reading = read_csv(ODOO, preset=preset)
    assert rows(reading, "number", "debtor", "due", "kind", "open", "currency", "order_number") == [
        ("INV/2026/00001", "Dupont SA", date(2026, 4, 1), "invoice", 120000, "EUR", "PO77"),
        ("RINV/2026/00001", "Dupont SA", date(2026, 3, 5), "credit_note", -12000, "EUR", None),
    ]
    assert reading.files[0].detected["preset"] == "odoo"
    assert "I027" in codes(reading)


def test_odoo_amounts_in_currency_keep_it(read_csv: ReadCsv) -> None:
    reading = read_csv(ODOO_CURRENCY)
    assert rows(reading, "amount", "open", "currency") == [(5000, 2000, "USD")]


@pytest.mark.parametrize("preset", ["dolibarr", None])
def test_dolibarr_types_and_drafts(read_csv: ReadCsv, preset: str | None) -> None:
    reading = read_csv(DOLIBARR, preset=preset)
    assert rows(reading, "number", "debtor", "kind", "amount", "open", "order_number") == [
        ("FA2603-0001", "CU001", "invoice", 12000, 10000, "BC12"),
        ("AV2603-0001", "CU001", "credit_note", -2400, -2400, None),
        ("FA2603-0002", "CU002", "invoice", 6000, 6000, None),
    ]
    assert reading.items["debtor_email"][0] == "compta@dupont.example"


@pytest.mark.parametrize("preset", ["xero", None])
def test_xero_has_a_row_per_line_of_an_invoice(read_csv: ReadCsv, preset: str | None) -> None:
    reading = read_csv(XERO, preset=preset)
    assert rows(reading, "number", "debtor", "due", "kind", "amount", "open") == [
        ("INV-0001", "Dupont SA", date(2026, 8, 14), "invoice", 12000, 10000),
        ("CN-0001", "Martin", date(2026, 7, 20), "credit_note", -3000, -3000),
    ]
    assert codes(reading) == ["I027"]


def test_xero_lines_that_do_not_agree_leave_the_invoice_out(read_csv: ReadCsv) -> None:
    reading = read_csv(XERO.replace("20.00,100.00,Ash", "20.00,90.00,Ash"))
    assert rows(reading, "number") == [("CN-0001",)]
    told = next(d for d in reading.diagnostics if d.code == "I045")
    assert told.message() == "rows left out: the lines of INV-0001 do not agree on open"


@pytest.mark.parametrize("preset", ["quickbooks", None])
def test_quickbooks_groups_by_customer(read_csv: ReadCsv, preset: str | None) -> None:
    reading = read_csv(QUICKBOOKS, preset=preset)
    assert rows(reading, "number", "debtor", "due", "kind", "open", "currency") == [
        ("1001", "Dupont SA", date(2026, 8, 14), "invoice", 425000, "USD"),
        ("1002", "Dupont SA", date(2026, 7, 16), "credit_note", -25000, "USD"),
    ]


@pytest.mark.parametrize("preset", ["exact-online", None])
def test_exact_online_pads_codes_and_writes_0_for_none(
    read_csv: ReadCsv, preset: str | None
) -> None:
    reading = read_csv(EXACT, preset=preset)
    assert rows(reading, "number", "debtor", "kind", "open", "order_number") == [
        ("26700012", "7", "invoice", 12100, "PO9"),
        ("26900003", "7", "credit_note", -2100, None),
    ]


@pytest.mark.parametrize("preset", ["winbooks", None])
def test_winbooks_customers_lines_without_matched_ones(
    read_csv: ReadCsv, preset: str | None
) -> None:
    reading = read_csv(WINBOOKS.encode("cp1252"), preset=preset, country="BE")
    assert rows(reading, "number", "debtor", "due", "kind", "open") == [
        ("260001", "DUPONT", date(2026, 4, 1), "invoice", 12100),
        ("260002", "DUPONT", date(2026, 3, 5), "credit_note", -2100),
        ("26003", "DUPONT", None, "payment", -5000),
    ]
    assert codes(reading) == ["I027", "I028"]


@pytest.mark.parametrize("preset", ["sage-100", None])
def test_sage_100_entries_of_customers(read_csv: ReadCsv, preset: str | None) -> None:
    reading = read_csv(SAGE.encode("cp1252"), preset=preset)
    assert rows(reading, "number", "debtor", "issued", "due", "kind", "open") == [
        ("2601", "DUPONT", date(2026, 3, 2), date(2026, 4, 1), "invoice", 123456),
        ("2602", "DUPONT", date(2026, 3, 5), date(2026, 3, 5), "credit_note", -3456),
        ("77", "DUPONT", date(2026, 3, 20), None, "payment", -20000),
    ]


def test_sage_100_ledger_without_lettered_rows(read_csv: ReadCsv) -> None:
    reading = read_csv(SAGE_LEDGER)
    assert rows(reading, "number", "debtor", "debtor_name", "kind", "open") == [
        ("2601", "DUPONT", "Dupont SA", "invoice", 12000)
    ]


@pytest.mark.parametrize("preset", ["quadra", None])
def test_quadra_entries_of_customers(read_csv: ReadCsv, preset: str | None) -> None:
    reading = read_csv(QUADRA, preset=preset)
    assert rows(reading, "number", "debtor", "debtor_name", "issued", "due", "kind", "open") == [
        ("FA2601", "9DUPONT", "Dupont SA", date(2026, 3, 2), date(2026, 4, 1), "invoice", 123456),
        (
            "AV2602",
            "9DUPONT",
            "Dupont SA",
            date(2026, 3, 2),
            date(2026, 3, 5),
            "credit_note",
            -3456,
        ),
        ("77", "9DUPONT", "Dupont SA", date(2026, 3, 2), None, "payment", -20000),
    ]
    assert reading.files[0].detected["preset"] == "quadra"


def test_a_short_quadra_line_is_refused(read_csv: ReadCsv) -> None:
    reading = read_csv(QUADRA + "M9DUPONT VE000020326 FACT\r\n")
    assert [(d.code, d.span.line) for d in reading.diagnostics if d.span] == [("I019", 7)]


def test_a_preset_that_does_not_fit_is_refused(read_csv: ReadCsv) -> None:
    reading = read_csv("number;debtor;amount\nF1;C1;10\n", preset="xero")
    assert codes(reading) == ["I018"]
    assert "InvoiceNumber" in reading.diagnostics[0].message()
