"""From the bank's file to what is left: an invoice paid late, then claimed with the next one."""

from __future__ import annotations

from pathlib import Path

from .stage import new_stage

LEVELS = [
    {"id": "reminder-1", "days": 5, "channel": "email", "template": "reminder"},
    {
        "id": "reminder-2",
        "days": 20,
        "channel": "email",
        "template": "reminder",
        "charges": {"interest": "legal", "compensation": "legal", "paid": True},
    },
]
SOURCES = [
    {"name": "ventes", "kind": "csv", "path": "ventes.csv", "full": True},
    {"name": "banque", "kind": "bank", "path": "banque.csv", "since": "2026-01-01"},
]
OPEN = """
F1,C1,2026-04-01,2026-05-01,10000.00,10000.00,EUR,invoice
F2,C1,2026-07-01,2026-08-01,500.00,500.00,EUR,invoice
"""


def test_what_is_left_of_a_late_payment_is_shown_and_claimed_with_the_next_invoice(
    tmp_path: Path,
) -> None:
    given = {
        "policy": {"sources": SOURCES},
        "procedures": {"standard": {"levels": LEVELS}},
        "open": OPEN,
    }
    stage = new_stage(tmp_path / "project", given)
    stage.write(
        "banque.csv",
        "booked,value,amount,currency,counterparty,text\n"
        "2026-09-01,2026-09-01,10000.00,EUR,Client C1,Facture F1\n",
    )
    assert stage("run", "--date", "2026-09-02").code == 0
    (left,) = stage("status", "--json", "--date", "2026-09-14").json["accessories"]
    assert left == {
        "number": "F1", "debtor": "C1", "currency": "EUR", "due": "2026-05-01", "paid": "2026-09-01",
        "interest": "413.76", "compensation": "40.00",
    }  # fmt: skip
    assert "413.76" in stage("status", "--date", "2026-09-14").out
    (notice,) = stage.plan("2026-09-14")["notices"]
    assert [line["number"] for line in notice["receivables"]] == ["F2"]
    assert [(line["number"], line["open"], line["interest"]) for line in notice["paid_late"]] == [
        ("F1", "0.00", "413.76")
    ]
    assert notice["total_due"] == "1001.23"
    assert stage("run", "--date", "2026-09-14").code == 0
    mail = max(stage.outbox()).read_text("utf-8")
    assert "F1" in mail


def test_explain_names_the_day_on_which_the_law_lets_the_level_go(tmp_path: Path) -> None:
    free = {"id": "reminder-1", "days": 5, "channel": "email", "template": "reminder"}
    charged = free | {"id": "reminder-2", "days": 21, "charges": {"compensation": "legal"}}
    given = {
        "policy": {"creditor": {"country": "BE", "registration": "0403170701", "vat": "BE0403170701"},
                   "law": {"consumer_clause": "true"}},
        "customers": "C1,Anna Peeters,consumer,BE,nl,anna@client.example,Lange Straat 1,9000,Gent\n",
        "procedures": {"standard": {"interval": 7, "levels": [free, charged]}},
        "open": "F1,C1,2026-09-01,2026-10-01,200.00,200.00,EUR,invoice\n",
    }  # fmt: skip
    stage = new_stage(tmp_path / "project", given)
    assert stage("run", "--date", "2026-11-09").code == 0
    said = stage("explain", "F1", "--date", "2026-11-23", "--json").json
    assert said["verdict"] == "unlawful_now"
    assert said["next"] == {"level": "reminder-2", "date": "2026-11-24"}
