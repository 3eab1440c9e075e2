"""Projects whose debtors have hostile names, and what they got."""

from __future__ import annotations

import csv
import email
import email.policy
import io
from collections.abc import Sequence
from email.message import EmailMessage
from pathlib import Path

from scenarios.stage import CUSTOMERS, HEADER, Stage

ROW = ("2026-03-02", "2026-04-01", "100.00", "100.00", "EUR", "invoice")


def table(header: str, rows: Sequence[Sequence[str]]) -> str:
    """Return CSV; cells are quoted where they need it."""
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows([header.split(","), *rows])
    return text.getvalue()


def names_book(stage: Stage, names: Sequence[object]) -> None:
    """Write an invoice for each of `names`: it is in its number, and the name of its debtor."""
    sales = [(f"{n}/{name}", f"C{n}", *ROW) for n, name in enumerate(names)]
    stage.write("ventes.csv", table(HEADER, sales))
    people = [
        (f"C{n}", str(name), "business", "FR", "fr", f"c{n}@client.example", "1 rue", "75001", "P")
        for n, name in enumerate(names)
    ]
    stage.write("customers.csv", table(CUSTOMERS, people))


def mail_of(path: Path) -> EmailMessage:
    """Return the e-mail in a file of the outbox."""
    return email.message_from_bytes(path.read_bytes(), policy=email.policy.default)


def mails(stage: Stage) -> list[EmailMessage]:
    """Return the e-mails in the outbox, in the order of their recipients' numbers."""
    found = [mail_of(p) for p in stage.outbox() if p.suffix == ".eml"]
    return sorted(found, key=lambda mail: int(str(mail["To"])[1:].split("@")[0]))


def body(mail: EmailMessage, kind: str) -> str:
    """Return the "plain" or "html" text of an e-mail."""
    part = mail.get_body((kind,))
    assert isinstance(part, EmailMessage)
    return str(part.get_content())


def texts_of(stage: Stage) -> list[str]:
    """Return the plain texts of the e-mails in the outbox, in the order of their recipients."""
    return [body(mail, "plain") for mail in mails(stage)]
