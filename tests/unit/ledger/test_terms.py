from __future__ import annotations

from datetime import date

import pytest

from relance.ledger.terms import MonthEnd, Terms, due_date, parse_terms

A, B = MonthEnd.AFTER, MonthEnd.BEFORE


@pytest.mark.parametrize(
    ("text", "terms"),
    [
        ("30 jours", Terms(30)),
        ("30 j", Terms(30)),
        ("30j", Terms(30)),
        ("à 30 jours nets", Terms(30)),
        ("60 jours date de facture", Terms(60)),
        ("30 jours à compter de la date de facture", Terms(30)),
        ("Net 30", Terms(30)),
        ("net30", Terms(30)),
        ("30", Terms(30)),
        ("30 days", Terms(30)),
        ("30 dagen", Terms(30)),
        ("30 dagen factuurdatum", Terms(30)),
        ("30 Tage netto", Terms(30)),
        ("zahlbar innerhalb 14 Tagen", Terms(14)),
        ("2 mois", Terms(months=2)),
        ("45 jours fin de mois", Terms(45, month_end=A)),
        ("45 JOURS FIN DE MOIS", Terms(45, month_end=A)),
        ("45 j fdm", Terms(45, month_end=A)),
        ("45jfdm", Terms(45, month_end=A)),
        ("45 jours, fin de mois (A)", Terms(45, month_end=A)),
        ("45 jours fin de mois (B)", Terms(45, month_end=B)),
        ("45 jours fin de mois B", Terms(45, month_end=B)),
        ("fin de mois 45 jours", Terms(45, month_end=B)),
        ("fin de mois + 45 jours", Terms(45, month_end=B)),
        ("Fin de mois + 45 jours (A)", Terms(45, month_end=A)),
        ("30 dagen einde maand", Terms(30, month_end=A)),
        ("einde maand + 30 dagen", Terms(30, month_end=B)),
        ("30 days end of month", Terms(30, month_end=A)),
        ("30 days EOM", Terms(30, month_end=A)),
        ("30 Tage Monatsende", Terms(30, month_end=A)),
        ("30 jours fin de mois le 10", Terms(30, month_end=A, day=10)),
        ("30 FDM 10", Terms(30, month_end=A, day=10)),
        ("fin de mois le 15", Terms(month_end=A, day=15)),
        ("30 jours le 10", Terms(30, day=10)),
        ("le 10", Terms(day=10)),
        ("the 10th", Terms(day=10)),
        ("fin de mois", Terms(month_end=A)),
        ("fin du mois suivant", Terms(months=1, month_end=A)),
        ("à réception", Terms()),
        ("A reception de facture", Terms()),
        ("comptant", Terms()),
        ("contant", Terms()),
        ("bij ontvangst", Terms()),
        ("due on receipt", Terms()),
        ("sofort fällig", Terms()),
    ],
)
def test_terms_as_people_write_them(text: str, terms: Terms) -> None:
    assert parse_terms(text) == terms


@pytest.mark.parametrize(
    "text",
    [
        "", "   ", "selon contrat", "30 jours fin de décade", "30 jours date de livraison",
        "2 % 10 jours, 30 nets", "30/60 jours", "9999 jours", "le 32", "le 0", "30 jours (A)",
        "jours", "fin", "(A)", "30 jours fin de mois " * 50, "50% comptant",
    ],
)  # fmt: skip
def test_what_is_not_understood_is_none(text: str) -> None:
    assert parse_terms(text) is None


@pytest.mark.parametrize(
    ("issued", "text", "due"),
    [
        ("2026-01-31", "30 jours", "2026-03-02"),
        ("2026-01-10", "45 jours fin de mois (A)", "2026-02-28"),
        ("2026-01-10", "45 jours fin de mois (B)", "2026-03-17"),
        ("2026-01-20", "45 jours fin de mois", "2026-03-31"),
        ("2026-01-20", "30 jours fin de mois le 10", "2026-03-10"),
        ("2028-02-01", "fin de mois", "2028-02-29"),
        ("2026-01-10", "le 10", "2026-02-10"),
        ("2026-01-09", "le 10", "2026-01-10"),
        ("2026-01-11", "30 jours le 10", "2026-02-10"),
        ("2026-01-12", "30 jours le 10", "2026-03-10"),
        ("2026-01-31", "le 31", "2026-02-28"),
        ("2026-12-15", "le 10", "2027-01-10"),
        ("2026-12-31", "1 mois", "2027-01-31"),
        ("2026-01-31", "1 mois", "2026-02-28"),
        ("2026-05-05", "à réception", "2026-05-05"),
    ],
)
def test_due_dates(issued: str, text: str, due: str) -> None:
    terms = parse_terms(text)
    assert terms is not None
    assert due_date(date.fromisoformat(issued), terms) == date.fromisoformat(due)


def test_terms_do_not_load_polars() -> None:
    import subprocess
    import sys

    code = "import sys, relance.ledger.terms; sys.exit('polars' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
