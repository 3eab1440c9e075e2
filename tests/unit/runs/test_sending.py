"""What becomes of a plan while it is carried out: changes, pauses, windows, other channels."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest

from channels.servers import DROP, Scripted
from relance.cli.exits import Exit
from relance.cli.run_report import exit_of
from relance.history.store import History
from relance.history.values import Payments, Record
from relance.ledger.schema import ALLOCATIONS, empty
from relance.runs.execution import run
from relance.runs.opening import check
from relance.runs.report import RunReport

DAY = date(2026, 4, 10)
ROWS = [f"F{n},C{n},2026-03-02,2026-04-01,250.50,250.50,EUR,invoice" for n in (1, 2, 3)]
PEOPLE = [
    f"C{n},Client {n},business,FR,fr,c{n}@client{n}.example,1 rue Haute,75001,Paris"
    for n in (1, 2, 3)
]


class Clock:
    """A clock that the test turns."""

    def __init__(self, moment: datetime) -> None:
        self.moment = moment

    def __call__(self) -> datetime:
        return self.moment


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    turned = Clock(datetime(2026, 4, 10, 7, 0, tzinfo=UTC))  # 09:00 in Paris
    monkeypatch.setattr("relance.clock.now", turned)
    return turned


@pytest.fixture
def three(firm):
    firm.customers(*PEOPLE)
    firm.sales(*ROWS)
    return firm


def carried_out(
    firm, meanwhile: Callable[[History], None] | None = None, after: int = 0
) -> RunReport:
    """Return the report of a run; `meanwhile` happens when `after` notices are sent of its plan."""
    policy = check(firm.root).policy
    assert policy, [d.message() for d in check(firm.root).diagnostics]
    with firm.history() as history, firm.history() as other:
        steps = run(policy, DAY, history)
        for report in steps:
            if meanwhile and len(report.deliveries) == after:
                meanwhile(other)
                meanwhile = None
    return report


def became(report: RunReport) -> dict[str, str]:
    names = {notice.key: notice.debtor.id for notice in report.notices}
    return {names[done.key]: done.state for done in report.deliveries if done.key in names}


def why(report: RunReport, state: str) -> list[str]:
    return [done.detail for done in report.deliveries if done.state == state]


@pytest.mark.parametrize(
    ("entry", "reason"),
    [
        (Record("dispute", DAY, debtor="C2"), "disputed since the plan was made"),
        (Record("block", DAY, debtor="C2"), "blocked since the plan was made"),
        (
            Record("promise", DAY, debtor="C2", until=DAY),
            "payment promised since the plan was made",
        ),
        (Record("insolvency", DAY, debtor="C2"), "insolvent since the plan was made"),
        (Record("settled", DAY, debtor="C2"), "settled since the plan was made"),
    ],
)
def test_what_people_record_after_the_plan_cancels_the_notice(three, entry, reason):
    report = carried_out(three, lambda history: history.record([entry]))
    assert became(report) == {"C1": "sent", "C2": "cancelled", "C3": "sent"}
    assert why(report, "cancelled") == [reason]
    assert exit_of(report) is Exit.DONE


def test_what_is_recorded_of_one_item_cancels_its_notice(three):
    item = carried_item(three, "F3")
    dispute = Record("dispute", DAY, debtor="C3", item=item)
    report = carried_out(three, lambda history: history.record([dispute]))
    assert became(report)["C3"] == "cancelled"


def carried_item(firm, number: str) -> str:
    facts = firm.dry("2026-04-10").proposal.facts
    item: str = facts.filter(number=number)["item"].item()
    return item


def test_a_payment_accepted_after_the_plan_cancels_the_notice(three):
    item = carried_item(three, "F1")
    paid = {
        "movement": "m1", "item": item, "amount": 25050, "kind": "payment", "evidence": "person",
        "confidence": 100, "day": DAY, "debtor": "C1",
    }  # fmt: skip
    frame = empty(ALLOCATIONS)
    row = frame.clear(1).with_columns(
        **{name: (frame.clear(1)[name].fill_null(value)) for name, value in paid.items()}
    )
    given = Payments(allocations=row)
    report = carried_out(three, lambda history: history.record_payments(given, by="anne") and None)
    assert became(report) == {"C1": "cancelled", "C2": "sent", "C3": "sent"}
    assert why(report, "cancelled") == ["paid since the plan was made"]


def test_a_cancelled_notice_is_due_again_when_nothing_speaks_against_it_any_more(three):
    block = Record("block", DAY, debtor="C2")
    carried_out(three, lambda history: history.record([block]))
    with three.history() as history:
        history.record([Record("unblock", DAY, debtor="C2")])
    assert became(carried_out(three)) == {"C2": "sent"}


def test_a_pause_stops_all_the_rest(three):
    report = carried_out(three, lambda history: history.pause("anne", "look first"), after=1)
    assert became(report) == {"C1": "sent", "C2": "held_back", "C3": "held_back"}
    assert exit_of(report) is Exit.BRAKE
    assert len(three.outbox()) == 1
    with three.history() as history:
        history.resume("anne")
    assert became(carried_out(three)) == {"C2": "sent", "C3": "sent"}


def test_a_pause_that_was_lifted_stops_nothing(three):
    def meanwhile(history: History) -> None:
        history.pause("anne")
        history.resume("anne")

    report = carried_out(three, meanwhile, after=1)
    assert set(became(report).values()) == {"sent"}


def test_accounts_that_change_after_the_plan_stop_all_the_rest(three):
    other = "- {iban: FR7612345987650123456789014, bic: AGRIFRPP, holder: Atelier Dubreuil SAS}\n"
    report = carried_out(three, lambda _: three.write("accounts.yaml", other), after=1)
    assert list(became(report).values()) == ["sent", "held_back", "held_back"]
    assert set(why(report, "held_back")) == {"account changed since the plan"}
    assert exit_of(report) is Exit.BRAKE
    assert len(three.outbox()) == 1


def test_accounts_that_are_written_anew_as_they_were_stop_nothing(three):
    text = (three.root / "accounts.yaml").read_text()
    report = carried_out(three, lambda _: three.write("accounts.yaml", text))
    assert set(became(report).values()) == {"sent"}


WINDOW = "  email: {kind: outbox, folder: out, window: {from: '10:00', to: '17:00'}}\n"
RATE = "  email: {kind: outbox, folder: out, rate: {per_hour: 2}}\n"
DOMAIN = "  email: {kind: outbox, folder: out, rate: {per_domain: 1}}\n"


def with_channel(firm, line: str) -> None:
    text = (firm.root / "relance.yaml").read_text()
    lines = [line.rstrip() if old.startswith("  email: {") else old for old in text.splitlines()]
    firm.write("relance.yaml", "\n".join([*lines, ""]))


def test_outside_its_window_a_channel_waits_for_a_later_run(three, clock):
    with_channel(three, WINDOW)
    report = carried_out(three)
    assert set(became(report).values()) == {"waiting"}
    assert {done.until for done in report.deliveries} == {datetime(2026, 4, 10, 8, tzinfo=UTC)}
    assert exit_of(report) is Exit.DONE
    clock.moment += timedelta(hours=1)
    assert set(became(carried_out(three)).values()) == {"sent"}


def test_no_more_leave_in_an_hour_than_the_rate_over_runs(three, clock):
    with_channel(three, RATE)
    assert became(carried_out(three)) == {"C1": "sent", "C2": "sent", "C3": "waiting"}
    clock.moment += timedelta(minutes=59)
    assert became(carried_out(three)) == {"C3": "waiting"}
    clock.moment += timedelta(minutes=1)
    assert became(carried_out(three)) == {"C3": "sent"}


def test_the_rate_of_a_domain_is_its_own(three, clock):
    three.customers(*(line.replace("client3", "CLIENT1") for line in PEOPLE))
    with_channel(three, DOMAIN)
    assert became(carried_out(three)) == {"C1": "sent", "C2": "sent", "C3": "waiting"}


LEVEL = "{id: reminder-1, days: 5, channel: [email, letter], template: reminder}"


def smtp_line(server: Scripted) -> str:
    return (
        "  email: {kind: smtp, host: 127.0.0.1, security: none, from: compta@dubreuil.example, "
        f"port: {server.port}}}\n"
    )


def by_email_then_letter(firm, server: Scripted) -> None:
    firm.procedure("{id: reminder-1, days: 5, channel: email, template: reminder}", LEVEL)
    with_channel(firm, smtp_line(server))


def test_a_rejected_recipient_gets_the_next_channel_of_the_level_at_once(three):
    with Scripted({"RCPT": ["250 ok", "550 5.1.1 no such user"]}).running() as server:
        by_email_then_letter(three, server)
        report = carried_out(three)
    states = [(n.debtor.id, n.channel) for n in report.notices]
    assert states == [("C1", "email"), ("C2", "email"), ("C3", "email"), ("C2", "letter")]
    assert [done.state for done in report.deliveries] == ["sent", "rejected", "sent", "sent"]
    assert len(list((three.root / "out" / "letters").rglob("*.pdf"))) == 1
    assert carried_out(three).deliveries == []


def test_a_rejected_recipient_without_another_channel_is_an_address_to_find(three):
    with Scripted({"RCPT": ["250 ok", "550 5.1.1 no such user"]}).running() as server:
        with_channel(three, smtp_line(server))
        assert became(carried_out(three))["C2"] == "rejected"
        report = carried_out(three)
    [task] = report.proposal.plan.tasks
    assert (task.kind, task.debtor.id) == ("find_address", "C2")


def test_when_all_tries_are_used_up_there_is_a_task_once(three, clock):
    three.sales(ROWS[0])
    with Scripted({"RCPT": "450 4.2.1 greylisted"}).running() as server:
        with_channel(three, smtp_line(server))
        states = []
        for _ in range(7):
            report = carried_out(three)
            states.append([done.state for done in report.deliveries])
            clock.moment += timedelta(hours=24)
    assert states[:5] == [["retry"]] * 4 + [["failed", "sent"]]
    assert states[5:] == [["failed"]] * 2
    with three.history() as history:
        assert len(history.past().tasks) == 1


def test_several_connections_send_each_notice_once_and_report_in_order(three):
    with Scripted().running() as server:
        line = smtp_line(server).replace("port:", "connections: 3, port:")
        with_channel(three, line)
        report = carried_out(three)
    assert list(became(report)) == ["C1", "C2", "C3"]
    assert set(became(report).values()) == {"sent"}
    assert len(server.accepted) == 3
    assert carried_out(three).deliveries == []


def test_what_is_sent_again_after_a_doubt_is_the_same_to_the_byte(three, clock):
    three.sales(ROWS[0])
    with Scripted({"dot": [DROP]}).running() as server:
        with_channel(three, smtp_line(server))
        [doubt] = carried_out(three).deliveries
        assert doubt.state == "in_doubt"
        assert carried_out(three).deliveries == []
        clock.moment += timedelta(minutes=7)
        with three.history() as history:
            history.resolve(doubt.key, "unsent", by="anne")
        assert [done.state for done in carried_out(three).deliveries] == ["sent"]
    first, second = server.received
    assert first == second
    assert b"Message-ID: <" in first
    assert b"Auto-Submitted: auto-generated" in first
