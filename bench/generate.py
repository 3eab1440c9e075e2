"""A portfolio of any size, the same each time, with a history of earlier notices.

python bench/generate.py 100000 build/bench/100000

Debtors are an eighth of the items. 40 % of the items had one notice, 4 % are credits; about one
item in twenty is due for its next level on RUN_DATE, the others wait, as on any night. The bodies
of the earlier messages are one line: the decision never reads them.
"""

from __future__ import annotations

import random
import sys
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from itertools import groupby, islice
from pathlib import Path

RUN_DATE = date(2026, 3, 16)
SEED = 20260316
NOTICED, CREDITS = 0.40, 0.04
CREDITOR = "732829320"

PROCEDURES = {
    "standard": (5, 20, 35),
    "gentle": (10, 30, 50),
    "strict": (2, 17, 30),
    "public": (8, 23, 45),
}

POLICY = """\
creditor:
  name: Comptoir du Banc d'essai SAS
  country: FR
  registration: "732829320"
  address: [1 rue de la Mesure, 75001 Paris]
  email: compta@banc.example
  timezone: Europe/Paris
  language: fr
customers: {kind: csv, path: customers.csv}
sources:
  - {name: ventes, kind: csv, path: ventes.csv, full: true}
segments:
  - {name: administrations, procedure: public, when: {kind: public}}
  - {name: gros, procedure: gentle, when: {outstanding: {min: 40000}}}
  - {name: nouveaux, procedure: strict, when: {days_as_customer: {max: 180}}}
  - {name: standard, procedure: standard}
channels:
  email: {kind: outbox, folder: out}
  letter: {kind: letter, folder: out/letters}
limits: {contacts_per_debtor: {max: 2, days: 7}, max_notices: 10000000}
"""

ACCOUNTS = "- {iban: FR7630006000011234567890189, bic: AGRIFRPP, holder: Comptoir du Banc SAS}\n"

PROCEDURE = """\
name: {name}
group: debtor
minimum: 15.00
interval: 7
levels:
  - {{id: reminder-1, days: {0}, channel: [email, letter], template: reminder, tone: friendly}}
  - {{id: reminder-2, days: {1}, channel: [email, letter], template: reminder, tone: firm}}
  - {{id: formal-notice, days: {2}, channel: letter, template: formal-notice, mandatory: true}}
"""


def write_project(count: int, folder: Path) -> None:
    """Write a project of `count` open items into `folder`, with its history."""
    (folder / "procedures").mkdir(parents=True, exist_ok=True)
    (folder / "relance.yaml").write_text(POLICY)
    (folder / "accounts.yaml").write_text(ACCOUNTS)
    for name, days in PROCEDURES.items():
        text = PROCEDURE.format(*days, name=name)
        (folder / "procedures" / f"{name}.yaml").write_text(text)
    chance = random.Random(SEED)
    debtors = max(1, count // 8)
    kinds = write_customers(debtors, folder / "customers.csv", chance)
    noticed = write_items(count, debtors, kinds, folder / "ventes.csv", chance)
    write_history(folder, noticed)


def write_customers(debtors: int, path: Path, chance: random.Random) -> list[str]:
    """Write the customers; return the procedure that each follows, whatever it owes."""
    procedures = []
    with path.open("w", encoding="utf-8") as file:
        file.write("id,name,kind,country,language,email,address,postcode,city,since,terms\n")
        for n in range(debtors):
            kind = "public" if chance.random() < 0.06 else "business"
            new = chance.random() < 0.1
            since = RUN_DATE - timedelta(days=chance.randrange(30, 170) if new else 1200)
            mail = f"c{n}@client.example" if chance.random() < 0.92 else ""
            language = ("fr", "fr", "fr", "nl", "de", "en")[n % 6]
            file.write(
                f"C{n:06d},Société {n} SARL,{kind},FR,{language},{mail},"
                f"{n % 99 + 1} rue Haute,75001,Paris,{since},30 jours\n"
            )
            procedures.append("public" if kind == "public" else "strict" if new else "standard")
    return procedures


def write_items(
    count: int, debtors: int, procedures: list[str], path: Path, chance: random.Random
) -> list[tuple[str, str, date, int]]:
    """Write the open items; return those with an earlier notice: debtor, number, date, cents."""
    noticed = []
    with path.open("w", encoding="utf-8") as file:
        file.write("number,debtor,issued,due,amount,open,currency,kind,order_number\n")
        for n in range(count):
            # Squaring crowds the items on the first debtors: a few large, many small.
            owner = int(chance.random() ** 2 * debtors)
            cents = 500 + int(chance.expovariate(1 / 90_000))
            number, debtor = f"F{n:07d}", f"C{owner:06d}"
            lot = chance.random()
            if lot < CREDITS:
                day = RUN_DATE - timedelta(days=chance.randrange(1, 60))
                cents = -cents // 4
                row = f"{number},{debtor},{day},{day},{euros(cents)},{euros(cents)},EUR,credit_note,\n"
                file.write(row)
                continue
            first = PROCEDURES[procedures[owner]][0]
            had_notice = lot < CREDITS + NOTICED
            late = first + chance.randrange(1, 18) if had_notice else chance.randrange(-60, 2)
            due = RUN_DATE - timedelta(days=late)
            issued = due - timedelta(days=30)
            order = f"PO-{n % 9973}" if n % 3 == 0 else ""
            amount = euros(cents)
            file.write(f"{number},{debtor},{issued},{due},{amount},{amount},EUR,invoice,{order}\n")
            if had_notice:
                sent = due + timedelta(days=first)
                noticed.append((debtor, f"{debtor}|{number}|{issued.year}", sent, cents))
    return noticed


def euros(cents: int) -> str:
    """Return cents as the export writes them."""
    sign = "-" if cents < 0 else ""
    return f"{sign}{abs(cents) // 100}.{abs(cents) % 100:02d}"


def write_history(folder: Path, noticed: list[tuple[str, str, date, int]]) -> None:
    """Record one notice per debtor and day for the `noticed` items."""
    from sqlalchemy import insert

    from relance.history import schema
    from relance.history.database import open_database
    from relance.history.store import History

    moment = datetime(2026, 3, 15, 7, tzinfo=UTC)
    url = "sqlite:///relance.db"
    (folder / "relance.db").unlink(missing_ok=True)
    with History.open(url, folder, creditor=CREDITOR, now=lambda: moment) as history:
        run = history.begin_run(RUN_DATE - timedelta(days=3))
        history.finish_run(run, "completed", {})
    database = open_database(url, folder, patience=30.0)
    every = _rows(noticed, run)
    while rows := list(islice(every, 20_000)):
        with database.connection.begin():
            for table in (schema.dispatches, schema.messages, schema.claims, schema.events):
                values = [row for name, row in rows if name == table.name]
                if values:
                    database.connection.execute(insert(table), values)
    database.close()


def _rows(
    noticed: list[tuple[str, str, date, int]], run: int
) -> Iterator[tuple[str, dict[str, object]]]:
    """Yield the rows of the history, each with the name of its table."""
    ordered = sorted(noticed, key=lambda n: (n[0], n[2]))
    for count, ((debtor, day), group) in enumerate(groupby(ordered, key=lambda n: (n[0], n[2]))):
        items = list(group)
        key, at = f"{count:032x}", f"{day}T07:00:00.000000Z"
        level = {"procedure": "standard", "level": "reminder-1", "level_number": 1}
        yield "dispatches", {
            "key": key, "run": run, "run_date": day, "debtor": debtor, "kind": "notice",
            "channel": "email", "medium": "email", "recipient": f"c{int(debtor[1:])}@client.example",
            "currency": "EUR", "total": sum(cents for *_, cents in items), "idempotent": True,
            "contact": True, "state": "sent", "detail": "", "attempts": 1, "refusals": 0,
            "not_before": None, "changed": at, **level,
        }  # fmt: skip
        yield "messages", {
            "dispatch": key, "medium": "email", "sender": "compta@banc.example", "subject": "",
            "message_id": f"<{key}@banc.example>", "filename": f"{key}.eml", "sha256": "",
            "content": b"an earlier notice",
        }  # fmt: skip
        for _, item, *_ in items:
            yield "claims", {
                "creditor": CREDITOR, "item": item, "cycle": 0, "part": "", "dispatch": key,
                "run_date": day, "released": "", **level,
            }  # fmt: skip
        for kind in ("rendered", "claimed", "transmitting", "sent"):
            yield "events", {
                "at": at, "date": day, "run": run, "type": kind, "dispatch": key,
                "debtor": debtor, "item": None, "data": "{}",
            }  # fmt: skip


if __name__ == "__main__":
    write_project(int(sys.argv[1]), Path(sys.argv[2]))
