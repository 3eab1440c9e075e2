from __future__ import annotations

from datetime import date

import polars as pl

from relance.ledger.due import with_due
from relance.ledger.schema import ITEMS, conform


def _items(*rows: dict[str, object]) -> pl.DataFrame:
    base = {"debtor": "C1", "source": "compta", "kind": "invoice", "issued": date(2026, 1, 10)}
    frame = pl.DataFrame([{"due": None, "terms": None, **base, **row} for row in rows])
    return conform(frame, ITEMS)


def _due(items: pl.DataFrame, own: str | None = None, source: str | None = None) -> list[date]:
    debtors = pl.DataFrame({"debtor": ["C1"], "terms": [own]}) if own else None
    return with_due(items, debtors, {"compta": source})["due"].to_list()


def test_the_debtors_own_terms_win_over_the_items_and_the_sources() -> None:
    item = _items({"terms": "30 jours"})
    assert _due(item, "fin de mois", "60 jours") == [date(2026, 1, 31)]


def test_the_items_terms_win_over_the_sources() -> None:
    assert _due(_items({"terms": "30 jours"}), None, "60 jours") == [date(2026, 2, 9)]


def test_the_sources_terms_come_last_and_blank_ones_do_not_count() -> None:
    assert _due(_items({"terms": "  "}), " ", "60 jours") == [date(2026, 3, 11)]


def test_a_due_date_that_is_given_stays() -> None:
    assert _due(_items({"due": date(2026, 4, 1)}), "fin de mois") == [date(2026, 4, 1)]


def test_a_credit_is_due_when_issued() -> None:
    assert _due(_items({"kind": "credit_note"}), "30 jours") == [date(2026, 1, 10)]


def test_without_terms_or_with_unreadable_ones_there_is_no_due_date() -> None:
    assert _due(_items({})) == [None]
    assert _due(_items({}), "selon contrat", "30 jours") == [None]
    assert _due(_items({"issued": None}), "30 jours") == [None]
    assert _due(_items({"issued": date(9999, 12, 31)}), "30 jours") == [None]


def test_the_order_and_the_columns_of_the_items_are_kept() -> None:
    rows = [{"number": str(n), "issued": date(2026, 1, 1 + n % 28)} for n in range(500)]
    before = _items(*rows)
    after = with_due(before, None, {"compta": "30 jours"})
    assert after.drop("due").equals(before.drop("due"))
    assert after.columns == before.columns
