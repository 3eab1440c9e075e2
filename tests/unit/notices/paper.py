"""A creditor's stationery and notices to render."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from relance.dunning.plan import Line, Notice, Party
from relance.notices.stationery import Stationery
from relance.policy.model import Account, ChannelConfig, Creditor, Policy, Procedure, Segment

TODAY = date(2026, 3, 2)
MOMENT = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
IBAN = "FR7630006000011234567890189"

CREDITOR = Creditor(
    name="Menuiserie Lenoir SARL",
    country="FR",
    registration="732829320",
    vat="FR44732829320",
    address=("12 rue des Ateliers", "69003 Lyon"),
    email="compta@lenoir.example",
    phone="+33 4 72 00 00 00",
    contact="Claire Morel",
)

PROCEDURE = Procedure.model_validate(
    {
        "name": "standard",
        "levels": [
            {"id": "courtesy", "days": -3, "channel": "email", "template": "courtesy"},
            {"id": "reminder-1", "days": 5, "channel": "email", "template": "reminder"},
            {"id": "call", "days": 12, "channel": "task", "task": {"subject": "Call"}},
            {"id": "last", "days": 20, "channel": "letter", "template": "last-reminder"},
            {"id": "formal-notice", "days": 35, "channel": "letter", "template": "formal-notice"},
        ],
    }
)


def creditor(**changes: Any) -> Creditor:
    return CREDITOR.model_copy(update=changes)


def policy(root: Path = Path(), **changes: Any) -> Policy:
    source = {"name": "sales", "kind": "csv", "path": "sales.csv"}
    plain = Policy.model_validate(
        {
            "creditor": CREDITOR.model_dump(),
            "sources": [source],
            "segments": [Segment(name="all", procedure="standard")],
            "channels": {"email": {"kind": "outbox"}, "letter": {"kind": "letter"}},
        }
    )
    account = Account(iban=IBAN, bic="AGRIFRPP", holder="Menuiserie Lenoir SARL")
    filled = {"root": root, "bank_accounts": (account,), "procedures": {"standard": PROCEDURE}}
    return plain.model_copy(update=filled | changes)


@cache
def _plain() -> Stationery:
    return Stationery.of(policy())


def stationery(root: Path = Path(), **changes: Any) -> Stationery:
    """Without templates of its own it shares those compiled before."""
    made = Stationery.of(policy(root, **changes))
    return made if root != Path() else replace(made, environment=_plain().environment)


def channel(**settings: Any) -> ChannelConfig:
    return ChannelConfig.model_validate({"kind": "outbox"} | settings)


DEBTOR = Party(
    id="C1",
    name="Boulangerie Éclair SAS",
    kind="business",
    country="FR",
    language="fr",
    language_source="debtor",
    email="achats@eclair.example",
    phone=None,
    mobile="+33 6 00 00 00 00",
    address=("5 place du Marché",),
    postcode="75001",
    city="Paris",
    registration="123456782",
    vat=None,
    owner=None,
)


def line(number: str = "F-2026-0042", late: int = 12, **changes: Any) -> Line:
    due = TODAY - timedelta(late)
    plain = Line(
        item=f"C1|{number}|2026",
        number=number,
        kind="invoice",
        issued=due - timedelta(30),
        due=due,
        days_past_due=late,
        amount=123450,
        open=123450,
        level="reminder-1",
        level_number=2,
    )
    return replace(plain, **changes)


def notice(*lines: Line, debtor: Party = DEBTOR, **changes: Any) -> Notice:
    plain = Notice(
        key="0123456789abcdef0123456789abcdef",
        debtor=debtor,
        segment="all",
        procedure="standard",
        level="reminder-1",
        level_number=2,
        channel="email",
        part="",
        medium="email",
        recipient="achats@eclair.example",
        template="reminder",
        tone="friendly",
        attach=(),
        language=debtor.language,
        currency="EUR",
        receivables=lines or (line(),),
        other_open=(),
        credits=(),
        approval="none",
        run_date=TODAY,
        next_level_id="call",
        next_level_days=12,
    )
    return replace(plain, **changes)
