"""Runs on a real project directory: what goes out, once, and what is remembered."""

from __future__ import annotations

from datetime import date

from relance.dunning.plan import Plan
from relance.reports.plan_json import notice_fields
from relance.runs.reviewed import Reviewed

PAID = "F1,C1,2026-03-02,2026-04-01,250.50,0,EUR,invoice"
OPEN = "F1,C1,2026-03-02,2026-04-01,250.50,250.50,EUR,invoice"
SECOND = "F2,C1,2026-03-02,2026-04-01,99.00,99.00,EUR,invoice"


def reviewed_of(plan: Plan) -> Reviewed:
    return Reviewed(plan.plan_hash, [notice_fields(n) for n in plan.notices], [])


def verdicts(plan: Plan) -> dict[str, str]:
    return dict(plan.decided.select("number", "verdict").iter_rows())


def test_a_run_sends_and_the_next_one_the_same_day_sends_nothing(firm):
    assert [d.state for d in firm.run("2026-04-10").deliveries] == ["sent"]
    assert firm.run("2026-04-10").deliveries == []
    assert len(firm.outbox()) == 1


def test_the_ladder_over_the_days(firm):
    sent = {
        day: firm.run(day).count("sent")
        for day in ("2026-04-07", "2026-04-08", "2026-04-21", "2026-06-01")
    }
    assert sent == {"2026-04-07": 1, "2026-04-08": 0, "2026-04-21": 1, "2026-06-01": 0}
    assert verdicts(firm.dry("2026-06-01").proposal.plan) == {"F1": "complete"}


def test_a_dry_run_leaves_no_trace(firm):
    firm.run("2026-04-07")
    before = {p: p.read_bytes() for p in firm.root.rglob("*") if p.is_file()}
    firm.dry("2026-04-21")
    assert before == {p: p.read_bytes() for p in firm.root.rglob("*") if p.is_file()}


def test_a_settled_invoice_that_is_open_again_begins_a_new_cycle(firm):
    firm.run("2026-04-10")
    firm.sales(PAID)
    assert firm.run("2026-04-20").deliveries == []
    firm.sales(OPEN)
    assert firm.run("2026-04-29").count("sent") == 1
    [line] = firm.dry("2026-05-20").proposal.plan.notices[0].receivables
    assert (line.level, line.cycle) == ("reminder-2", 1)


def test_what_vanishes_from_a_full_export_is_missing_until_it_is_back(firm):
    firm.sales(OPEN, SECOND)
    firm.run("2026-04-02")
    firm.sales(SECOND)
    for day in ("2026-04-10", "2026-04-11"):
        report = firm.run(day)
        assert verdicts(report.proposal.plan)["F1"] == "missing"
        assert "I094" in {d.code for d in report.proposal.diagnostics}
    firm.sales(OPEN, SECOND)
    assert verdicts(firm.dry("2026-04-13").proposal.plan)["F1"] == "act"


def test_a_refused_file_sends_nothing_and_forgets_nothing(firm):
    whole = (firm.root / "ventes.csv").read_bytes()
    (firm.root / "ventes.csv").write_bytes(whole[:-20])
    report = firm.run("2026-04-10")
    assert report.proposal.refused
    assert report.deliveries == []
    (firm.root / "ventes.csv").write_bytes(whole)
    assert firm.run("2026-04-10").count("sent") == 1


def test_too_many_notices_stop_the_run_until_the_plan_is_approved(firm):
    firm.policy(limits="{max_notices: 1}")
    firm.sales(OPEN, SECOND)
    report = firm.run("2026-04-10")
    assert report.stopped is not None
    assert report.stopped.code == "D002"
    assert firm.outbox() == []
    with firm.history() as history:
        history.approve([report.proposal.plan.plan_hash], by="test")
    assert firm.run("2026-04-10").count("sent") == 2


def test_a_level_that_needs_approval_waits_for_it(firm):
    firm.procedure("days: 5,", "days: 5, approval: required,")
    [waiting] = firm.run("2026-04-10").awaiting
    assert firm.outbox() == []
    with firm.history() as history:
        history.approve([waiting.key], by="test")
    assert firm.run("2026-04-13").count("sent") == 1


def test_only_the_reviewed_plan_is_executed(firm):
    reviewed = reviewed_of(firm.dry("2026-04-10").proposal.plan)
    firm.sales(OPEN, SECOND)
    report = firm.run("2026-04-10", reviewed)
    assert report.stopped is not None
    assert report.stopped.code == "D003"
    assert [(c.what, list(c.fields)) for c in report.changes] == [
        ("changed", ["other_open"]),
        ("added", []),
    ]
    firm.sales(OPEN)
    assert firm.run("2026-04-10", reviewed).count("sent") == 1


def test_a_template_that_fails_for_one_debtor_lets_the_others_go(firm):
    wording = "{% block subject %}x{{ 1 // (debtor.id|length - 2) }}{% endblock %}{% block opening %}y{% endblock %}{% block closing %}z{% endblock %}{% block sms %}{% endblock %}"
    firm.write("templates/reminder/fr.wording", wording)
    firm.customers(
        "C1,Client Un,business,FR,fr,un@client.example,1 rue Haute,75001,Paris",
        "C10,Client Dix,business,FR,fr,dix@client.example,2 rue Haute,75001,Paris",
    )
    firm.sales(OPEN, SECOND.replace("C1", "C10"))
    report = firm.run("2026-04-10")
    assert [d.code[0] for d in report.faults] == ["T"]
    assert report.count("sent") == 1


def test_a_debtor_without_address_is_one_task_and_not_one_a_night(firm):
    firm.customers("C1,Client Un,business,FR,fr,,,,")
    assert [d.state for d in firm.run("2026-04-10").deliveries] == ["sent"]
    report = firm.run("2026-04-13")
    assert report.deliveries == []
    assert verdicts(report.proposal.plan) == {"F1": "unreachable"}


def test_an_unknown_debtor_is_shown_and_counted_and_not_dunned(firm):
    firm.sales(OPEN, "F9,C9,2026-03-02,2026-04-01,10.00,10.00,EUR,invoice")
    proposal = firm.dry("2026-04-10").proposal
    assert proposal.plan.summary == {"receivables": 2, "act": 1, "undecided": 1}
    [found] = [d for d in proposal.diagnostics if d.code == "I091"]
    assert str(found.span) == "ventes.csv:3"


def test_the_same_number_of_two_debtors_or_years_is_two_receivables(firm):
    firm.run("2026-04-10")
    firm.customers(
        "C1,Client Un,business,FR,fr,un@client.example,1 rue Haute,75001,Paris",
        "C2,Client Deux,business,FR,fr,deux@client.example,2 rue Haute,75001,Paris",
    )
    firm.sales(
        OPEN,
        OPEN.replace("C1", "C2"),
        OPEN.replace("2026-03-02,2026-04-01", "2025-03-02,2025-04-01"),
    )
    assert firm.run("2026-04-13").count("sent") == 2


def test_a_run_may_not_go_back_in_time(firm):
    from relance.runs.execution import refuse_past

    firm.run("2026-04-10")
    with firm.history(readonly=True) as history:
        assert refuse_past(history, date(2026, 4, 9)).code == "D001"
        assert refuse_past(history, date(2026, 4, 10)) is None
