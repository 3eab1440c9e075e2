"""A year of one creditor, day by day: `make year`, or `python -m proof.year DEBTORS DAYS SEED`.

Each day the export is written anew (invoices, payments, credits), people dispute, agree and
approve, mails bounce, the mail server has bad days; then the real run is done, twice on some days.
After each run: no level of an invoice twice, none before the one below it, none of what is paid or
disputed, and a verdict for everything.
"""

from __future__ import annotations

import os
import random
import shutil
import sys
import tempfile
import time
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from relance.history.incoming import Incoming, News
from relance.history.lock import acquire
from relance.history.store import History
from relance.history.values import Record
from relance.runs.approvals import facts_of_notice, facts_of_plan
from relance.runs.execution import run
from relance.runs.opening import check, open_history
from relance.runs.report import RunReport
from scenarios.stage import PROCEDURE, new_stage

from .fake_clock import fake_clock
from .post_office import DROP, TAKEN, PostOffice
from .savings import templates_once

FIRST = date(2026, 1, 5)
TERMS = 30
LEVELS = (("reminder-1", 5), ("reminder-2", 15), ("last-reminder", 30))
HOLD = 12
"""Days after which a dispute is settled."""


@dataclass
class Invoice:
    """An invoice, when it will be paid (None: never), and until when it is disputed."""

    number: str
    debtor: str
    issued: date
    due: date
    cents: int
    paid_on: date | None
    disputed_until: date | None = None
    told_paid: bool = False

    @property
    def identity(self) -> str:
        return f"{self.debtor}|{self.number}|{self.issued.year}"


@dataclass
class Year:
    """The creditor's year, and what came of it."""

    root: Path
    office: PostOffice
    debtors: int
    seed: int
    live: dict[str, Invoice] = field(default_factory=dict)
    copies: Counter[tuple[str, str]] = field(default_factory=Counter)
    levels: dict[str, list[str]] = field(default_factory=dict)
    bounced: Counter[tuple[str, str]] = field(default_factory=Counter)
    fresh: list[str] = field(default_factory=list)
    dead: set[str] = field(default_factory=set)
    addresses: dict[str, int] = field(default_factory=dict)
    figures: Counter[str] = field(default_factory=Counter)
    seconds: float = 0.0

    def __post_init__(self) -> None:
        self.chance = random.Random(self.seed)
        self.claims: dict[str, list[tuple[str, str]]] = {}
        mail = {
            "kind": "smtp", "host": "127.0.0.1", "port": self.office.port, "security": "none",
            "folder": None, "from": "compta@dubreuil.example", "hostname": "test.example",
        }  # fmt: skip
        self.stage = new_stage(self.root, {"policy": {"channels": {"email": mail}}})
        levels = [
            {"id": name, "days": str(days), "channel": "email", "template": "reminder"}
            for name, days in LEVELS
        ]
        self.stage.procedures({"standard": {**PROCEDURE, "levels": levels}})
        reading = check(self.root)
        assert reading.policy, reading.diagnostics
        self.policy = reading.policy

    def live_through(self, day: date) -> None:
        """Let a day pass: the export, people and mails, then the run; twice on some days."""
        if day.weekday() < 5:
            self._invoice(day)
        self._pay(day)
        self._export(day)
        replies = [{}, {}, {}, {}, {}, {"RCPT": "451 4.3.0 later"}, {"dot": TAKEN + DROP}]
        unlucky = {f"a{self.addresses.get(d, 0)}@{d.lower()}.example": self.chance.choice(replies)
                   for d in self.chance.sample(sorted(self._names()), max(1, self.debtors // 50))}  # fmt: skip
        nobody = {address: {"RCPT": "550 5.1.1 nobody"} for address in self.dead}
        everyone = {"greeting": "421 4.3.2 busy"} if self.chance.random() < 0.01 else {}
        self.office.script(everyone, unlucky | nobody)
        for _ in range(2 if self.chance.random() < 0.1 else 1):
            self._run(day)
        self._people(day)

    def _names(self) -> list[str]:
        return [f"C{n:04}" for n in range(self.debtors)]

    def _invoice(self, day: date) -> None:
        for _ in range(max(1, self.debtors // 20)):
            debtor = self.chance.choice(self._names())
            due = day + timedelta(days=TERMS)
            late = self.chance.choice([-5, -3, 0, 0, 1, 2, 3, 7, 9, 12, 20, 25, 45, 70, None])
            paid = due + timedelta(days=late) if late is not None else None
            self.figures["invoices"] += 1
            number = f"F{self.figures['invoices']:05}"
            cents = self.chance.randrange(5_000, 900_000)
            self.live[number] = Invoice(number, debtor, day, due, cents, paid)

    def _pay(self, day: date) -> None:
        """What was told as paid leaves the export the day after."""
        for invoice in [i for i in self.live.values() if i.told_paid]:
            del self.live[invoice.number]
        self.figures["paid"] += sum(
            i.paid_on is not None and i.paid_on <= day for i in self.live.values()
        )

    def _open(self, invoice: Invoice, day: date) -> bool:
        return invoice.paid_on is None or invoice.paid_on > day

    def _export(self, day: date) -> None:
        rows = ["number,debtor,issued,due,amount,open,currency,kind"]
        for i in self.live.values():
            left = i.cents if self._open(i, day) else 0
            i.told_paid = not left
            rows.append(
                f"{i.number},{i.debtor},{i.issued},{i.due},{i.cents / 100:.2f},{left / 100:.2f},EUR,invoice"
            )
        self.stage.sales("\n".join(rows))
        self.stage.customers("".join(
            f"{d},Client {d},business,FR,fr,a{self.addresses.get(d, 0)}@{d.lower()}.example,1 rue Haute,75001,Paris\n"
            for d in self._names()
        ))  # fmt: skip
        written = datetime(day.year, day.month, day.day, 5, tzinfo=UTC).timestamp()
        for name in ("ventes.csv", "customers.csv"):
            os.utime(self.root / name, (written, written))

    def _run(self, day: date) -> None:
        before, began = len(self.office.accepted), time.perf_counter()
        with (
            acquire(self.root, self.policy.database),
            open_history(self.policy, readonly=False) as history,
        ):
            report = self._whole(day, history)
            if report.stops:
                self.figures["brakes released by hand"] += 1
                plan = report.proposal.plan.plan_hash
                history.approve([plan], "credit control", {plan: facts_of_plan(report.proposal)})
                report = self._whole(day, history)
            waiting = {n.key: facts_of_notice(n) for n in report.awaiting}
            if waiting:
                history.approve(list(waiting), "credit control", waiting)
            fresh = [mail.message_id for mail in self.office.accepted[before:]]
            self.fresh = [left.key for left in history.mails_left(fresh)]
            assert len(self.fresh) == len(fresh), "a mail that the history does not know"
        self.seconds += time.perf_counter() - began
        assert not report.stops, report.stops
        self.figures["runs"] += 1
        self._check(report, day)

    def _whole(self, day: date, history: History) -> RunReport:
        report = None
        for report in run(self.policy, day, history):  # noqa: B007 - the last is complete
            pass
        assert report is not None
        return report

    def _check(self, report: RunReport, day: date) -> None:
        plan = report.proposal.plan
        assert plan.decided["verdict"].null_count() == 0
        done = {d.key: d.state for d in report.deliveries}
        for notice in plan.notices:
            self.claims[notice.key] = [
                (line.number, str(line.level)) for line in notice.receivables
            ]
            assert notice.key in done or notice in report.awaiting, "silently none"
            self.figures[f"notices {done.get(notice.key, 'awaiting')}"] += 1
        self.figures["tasks"] += sum(d.state == "sent" for d in report.deliveries) - report.count(
            "sent"
        )
        for key in self.fresh:
            for number, level in self.claims[key]:
                self._arrived(self.live[number], level, day)

    def _arrived(self, invoice: Invoice, level: str, day: date) -> None:
        self.copies[invoice.number, level] += 1
        most = 1 + self.bounced[invoice.number, level]
        assert self.copies[invoice.number, level] <= most, f"{invoice.number}, {level}: twice"
        assert self._open(invoice, day), f"{invoice.number} was paid"
        assert not (invoice.disputed_until and day <= invoice.disputed_until), "disputed"
        names = [name for name, _ in LEVELS]
        assert self.levels.get(invoice.number, []) == names[: names.index(level)], "out of order"
        self.levels.setdefault(invoice.number, []).append(level)
        self.figures["receivables reminded"] += 1

    def _people(self, day: date) -> None:
        """In the evening: doubts are settled, disputes come and go, mails bounce, addresses change."""
        with open_history(self.policy, readonly=False) as history:
            for doubt in history.in_doubt():
                history.resolve(doubt.dispatch.key, "sent", "credit control")
                self.figures["doubts settled"] += 1
            for key in self.fresh:
                if self.chance.random() < 0.01:
                    self._bounce(history, key)
            open_now = [i for i in self.live.values() if self._open(i, day)]
            for invoice in self.chance.sample(open_now, min(len(open_now), self.debtors // 250)):
                if invoice.disputed_until is None:
                    invoice.disputed_until = day + timedelta(days=HOLD)
                    history.record([Record("dispute", day, invoice.debtor, invoice.identity)])
                    self.figures["disputes"] += 1
            for invoice in open_now:
                if invoice.disputed_until == day:
                    history.record(
                        [Record("dispute_settled", day, invoice.debtor, invoice.identity)]
                    )
        for debtor in self.chance.sample(self._names(), max(1, self.debtors // 250)):
            address = f"a{self.addresses.get(debtor, 0)}@{debtor.lower()}.example"
            if address in self.dead:
                self.addresses[debtor] = self.addresses.get(debtor, 0) + 1
            elif self.chance.random() < 0.5:
                self.dead.add(address)

    def _bounce(self, history: History, key: str) -> None:
        """A mail comes back: its levels are void, its address is not written to any more."""
        news = News("bounced", key, "550 5.1.1 nobody")
        assert history.take(Incoming(f"dsn-{key}-{len(self.bounced)}", "bounce", (news,)))
        for number, level in self.claims[key]:
            self.bounced[number, level] += 1
            self.levels[number].remove(level)
        self.figures["bounces"] += 1


def year(folder: Path, debtors: int, days: int, seed: int) -> Year:
    """Return the year after all its days, its record verified."""
    morning = datetime(FIRST.year, FIRST.month, FIRST.day, 7, tzinfo=UTC)
    with PostOffice().open() as office, fake_clock(morning) as at, templates_once():
        lived = Year(folder / "project", office, debtors, seed)
        for n in range(days):
            at.moment = morning + timedelta(days=n)
            lived.live_through(FIRST + timedelta(days=n))
        with open_history(lived.policy, readonly=False) as history:
            found = history.verify()
        assert found.verdict == "intact", found.findings
        lived.figures["events in the record"] = found.events
        lived.figures["mails accepted"] = len(office.accepted)
    return lived


def main(words: list[str]) -> None:
    debtors, days, seed = (int(w) for w in words) if words else (500, 365, 2026)
    memory = Path("/dev/shm")
    folder = Path(tempfile.mkdtemp(prefix="relance-", dir=memory if memory.is_dir() else None))
    began = time.perf_counter()
    try:
        lived = year(folder, debtors, days, seed)
    finally:
        shutil.rmtree(folder)
    whole = time.perf_counter() - began
    print(f"{days} days, {debtors} debtors, seed {seed}: {whole:.0f} s, runs {lived.seconds:.0f} s")
    for name, count in sorted(lived.figures.items()):
        print(f"  {name}: {count:,}")


if __name__ == "__main__":
    main(sys.argv[1:])
