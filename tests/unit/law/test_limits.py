from __future__ import annotations

from datetime import date

import pytest

from relance.law.limits import excess, limit_of, sectors, terms_limit
from relance.ledger.terms import Terms, due_date, parse_terms


def terms(text: str) -> Terms:
    parsed = parse_terms(text)
    assert parsed is not None
    return parsed


@pytest.mark.parametrize(
    ("text", "country", "sector", "days"),
    [
        ("60 jours", "FR", None, 0),
        ("61 jours", "FR", None, 1),
        ("45 jours fin de mois", "FR", None, 0),
        ("fin de mois 45 jours", "FR", None, 0),
        ("30 jours fin de mois", "FR", None, 0),
        ("60 jours fin de mois", "FR", None, 30),
        ("45 jours fin de mois le 10", "FR", None, 10),
        ("2 mois", "FR", None, 2),
        ("à réception", "FR", None, 0),
        ("60 jours", "BE", None, 0),
        ("90 jours", "BE", None, 30),
        ("45 jours fin de mois", "BE", None, 15),
        ("30 jours", "FR", "transport", 0),
        ("45 jours", "FR", "transport", 15),
        ("30 jours", "FR", "perishable", 0),
        ("30 jours", "FR", "meat", 10),
        ("fin de mois 30 jours", "FR", "alcohol", 0),
        ("110 jours fin de mois", "FR", "agricultural-machinery", 0),
        ("74 jours", "FR", "jewellery", 0),
        ("95 jours", "FR", "toys", 20),
        ("75 jours", "FR", "toys", 0),
        ("90 jours", "CH", None, 0),
    ],
)
def test_terms_against_the_longest_that_the_law_allows(
    text: str, country: str, sector: str | None, days: int
) -> None:
    assert excess(terms(text), country, sector)[1] == pytest.approx(
        days, abs=5 if days == 10 else 0
    )


def test_both_readings_of_45_days_end_of_month_are_lawful() -> None:
    # Issued on 22 October 2026: A gives 31 December, B 15 December; the later one is the limit.
    assert terms_limit("FR", None, date(2026, 10, 22)) == date(2026, 12, 31)
    assert due_date(date(2026, 10, 22), terms("fin de mois 45 jours")) == date(2026, 12, 15)


@pytest.mark.parametrize(
    ("issued", "kind", "sector", "latest"),
    [
        (date(2026, 2, 10), "business", "transport", date(2026, 3, 12)),
        (date(2026, 10, 12), "business", "alcohol", date(2026, 11, 30)),
        (date(2026, 1, 10), "public", None, date(2026, 2, 9)),
        (date(2026, 1, 10), "public", "hospital", date(2026, 3, 1)),
        (date(2026, 1, 10), "consumer", None, None),
        (date(2026, 9, 30), "business", "toys", date(2027, 1, 3)),
        (date(2026, 10, 1), "business", "toys", date(2026, 12, 15)),
    ],
)
def test_the_latest_due_date_of_an_invoice(
    issued: date, kind: str, sector: str | None, latest: date | None
) -> None:
    assert terms_limit("FR", sector, issued, kind) == latest  # type: ignore[arg-type]


def test_periodic_invoices_have_45_days_without_an_end_of_month() -> None:
    assert terms_limit("FR", None, date(2026, 1, 31), periodic=True) == date(2026, 3, 17)


def test_every_sector_names_its_articles() -> None:
    for sector in sectors("FR"):
        limit = limit_of("FR", sector)
        assert limit is not None
        assert "L441-11" in limit.article
    assert sectors("BE") == ()
