"""What stops a run, through the program: nothing is sent, exit 4, and who releases it."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from relance.clock import today
from scenarios.stage import Said, Stage, new_stage

QUIET = "2026-04-02"
"""A day on which nothing of these books is due yet."""
DAY = "2026-04-10"
NEXT = "2026-04-13"


def rows(count: int, amount: str = "100.00", due: str = "2026-04-01", first: int = 1) -> str:
    """Return `count` invoices of as many debtors."""
    return "".join(
        f"F{n},C{n:03},2026-03-02,{due},{amount},{amount},EUR,invoice\n"
        for n in range(first, first + count)
    )


def people(count: int, moved: int = 0) -> str:
    """Return `count` customers, the first `moved` of them with another e-mail address."""
    return "".join(
        f"C{n:03},Client {n},business,FR,fr,{'new' if n <= moved else 'c'}{n}@client.example,1 rue Haute,75001,Paris\n"
        for n in range(1, count + 1)
    )


@pytest.fixture
def stage(tmp_path: Path) -> Callable[..., Stage]:
    def made(count: int = 60, **given: object) -> Stage:
        return new_stage(tmp_path, {"open": rows(count), "customers": people(count), **given})

    return made


def codes(said: Said) -> list[str]:
    return [d["code"] for d in said.json["diagnostics"] if d["severity"] == "error"]


def stopped(stage: Stage, day: str, *wanted: str) -> str:
    """See the run stopped by `wanted` and nothing sent; return the hash of its plan."""
    before = stage.outbox()
    said = stage("run", "--date", day, "--json")
    assert (said.code, codes(said)) == (4, list(wanted)), said
    assert stage.outbox() == before
    plan = stage.plan(day)
    assert [d["code"] for d in plan["stops"]] == list(wanted)
    assert plan["plan_hash"] == said.json["plan_hash"]
    assert stage("run", "--dry-run", "--date", day).code == 4
    return str(plan["plan_hash"])


def released(stage: Stage, day: str, digest: str) -> None:
    """Approve the plan; the run goes, and its figures are those that the next is compared with."""
    assert stage("approve", digest[:12], "--date", day).code == 0
    assert stage("run", "--date", day).code == 0
    assert stage("run", "--date", day).code == 0


def test_the_first_run_sends_more_than_twenty_notices_only_when_it_was_approved(stage):
    one = stage(21)
    digest = stopped(one, DAY, "D055")
    kept = json.loads((one.root / ".relance" / "stopped-plan.json").read_text("utf-8"))
    assert (kept["plan_hash"], len(kept["notices"])) == (digest, 21)
    assert (one.root / ".relance" / "stopped-plan.json").stat().st_mode & 0o077 == 0
    released(one, DAY, digest)
    assert len(one.outbox()) == 21


def test_twenty_notices_are_not_too_many_for_a_first_run(stage):
    one = stage(20)
    assert one("run", "--date", DAY).code == 0
    assert len(one.outbox()) == 20


@pytest.mark.parametrize(("left", "stops"), [(48, ()), (47, ("D050",))])
def test_an_export_with_a_fifth_fewer_rows(stage, left, stops):
    one = stage(60)
    assert one("run", "--date", QUIET).code == 0
    one.sales(rows(left))
    if not stops:
        assert one("run", "--date", "2026-04-03").code == 0
        return
    digest = stopped(one, "2026-04-03", *stops)
    stopped(one, "2026-04-03", *stops)  # a stopped run is no reference for the next
    released(one, "2026-04-03", digest)


@pytest.mark.parametrize(
    ("amount", "stops"), [("130.00", ()), ("130.01", ("D051",)), ("69.99", ("D051",))]
)
def test_an_open_balance_that_moved_by_a_third(stage, amount, stops):
    one = stage(60)
    assert one("run", "--date", QUIET).code == 0
    one.sales(rows(60, amount))
    if stops:
        released(one, "2026-04-03", stopped(one, "2026-04-03", *stops))
    else:
        assert one("run", "--date", "2026-04-03").code == 0


def test_a_small_book_is_not_stopped_by_what_was_paid(stage):
    one = stage(49)
    assert one("run", "--date", QUIET).code == 0
    one.sales(rows(10))
    assert one("run", "--date", "2026-04-03").code == 0


@pytest.mark.parametrize(("more", "stops"), [(24, ()), (25, ("D052",))])
def test_three_times_as_many_notices_as_usual(stage, more, stops):
    one = stage(8 + more, open=rows(8) + rows(more, due="2026-04-08", first=9))
    assert one("run", "--date", DAY).code == 0
    assert len(one.outbox()) == 8
    if stops:
        released(one, NEXT, stopped(one, NEXT, *stops))
    else:
        assert one("run", "--date", NEXT).code == 0
    assert len(one.outbox()) == 8 + more


@pytest.mark.parametrize(("bad", "stops"), [(3, ()), (4, ("D053",))])
def test_rows_that_could_not_be_read(stage, bad, stops):
    text = rows(60 - bad) + rows(bad, amount="cent", first=61 - bad)
    one = stage(60, open=text)
    if stops:
        released(one, QUIET, stopped(one, QUIET, *stops))
    else:
        assert one("run", "--date", QUIET).code == 0


@pytest.mark.parametrize(("moved", "stops"), [(6, ()), (7, ("D054",))])
def test_addresses_that_changed_all_at_once(stage, moved, stops):
    one = stage(60)
    assert one("run", "--date", QUIET).code == 0
    one.customers(people(60, moved))
    if stops:
        released(one, "2026-04-03", stopped(one, "2026-04-03", *stops))
    else:
        assert one("run", "--date", "2026-04-03").code == 0


def test_all_brakes_that_hold_are_told_at_once(stage):
    one = stage(60)
    assert one("run", "--date", QUIET).code == 0
    one.sales(rows(30))
    one.customers(people(60, 60))
    one.policy({"limits": {"max_notices": 5}})
    stopped(one, DAY, "D002", "D050", "D051", "D054", "D055")


def test_the_approval_of_a_plan_is_of_that_day_and_that_data(stage):
    one = stage(25)
    digest = stopped(one, DAY, "D055")
    assert one("approve", digest, "--date", DAY).code == 0
    stopped(one, NEXT, "D055")
    one.sales(rows(24))
    stopped(one, DAY, "D055")


def test_what_is_left_of_an_approved_plan_needs_no_second_approval(stage):
    one = stage(25)
    assert one("approve", stopped(one, DAY, "D055"), "--date", DAY).code == 0
    assert one("record", "block", "F1", "--date", DAY).code == 0
    assert one("run", "--date", DAY).code == 0
    assert len(one.outbox()) == 24


def test_there_is_no_force(stage):
    assert stage(1)("run", "--force").code == 2


OTHER = "- {iban: BE68539007547034, holder: Atelier Dubreuil SAS}\n"


def test_a_changed_account_stops_everything_until_it_is_approved(stage):
    one = stage(1)
    assert "not pinned yet" in one("accounts").out
    assert one("run", "--date", QUIET).code == 0
    assert "FR76 3000 6000 0112 3456 7890 189" in one("accounts").out
    one.write("accounts.yaml", OTHER)
    digest = stopped(one, DAY, "D057")
    assert one("approve", digest, "--date", DAY).code == 0
    said = one("run", "--date", DAY)
    assert said.code == 4
    assert "BE68 5390 0754 7034" in said.err
    shown = one("accounts", "--json")
    assert (shown.code, shown.json["changed"]) == (4, True)
    assert {a["state"] for a in shown.json["accounts"]} == {"new", "gone"}
    assert one("accounts", "approve").code == 0
    assert one("accounts", "--json").json["pinned_by"]
    assert one("run", "--date", DAY).code == 0
    assert len(one.outbox()) == 1


def test_the_way_an_account_is_written_changes_nothing(stage):
    one = stage(1)
    assert one("run", "--date", QUIET).code == 0
    one.write(
        "accounts.yaml",
        "# the same\n- iban: FR76 3000 6000 0112 3456 7890 189\n  holder: Atelier Dubreuil SAS\n",
    )
    assert one("run", "--date", DAY).code == 0


def test_a_pause_stops_runs_until_it_is_lifted(stage):
    one = stage(1)
    assert one("pause", "--reason", "audit").code == 0
    said = one("status", "--date", DAY)
    assert "paused" in said.err
    assert "audit" in said.err
    stopped(one, DAY, "D058")
    assert one("resume").code == 0
    assert one("status", "--date", DAY, "--json").json["paused"] is False
    assert one("run", "--date", DAY).code == 0
    assert len(one.outbox()) == 1
    assert one("resume").code == 0


def test_a_pause_needs_no_lock(stage):
    from relance.history.lock import acquire

    one = stage(1)
    with acquire(one.root, "sqlite:///relance.db"):
        assert one("pause").code == 0


TEST = {"environment": "test", "test_recipients": ["nadia@dubreuil.example", "+33600000000"]}


def test_a_test_writes_to_its_own_people_only(stage):
    one = stage(2, policy=TEST)
    [notice, _] = one.plan(DAY)["notices"]
    assert notice["recipient"] == "nadia@dubreuil.example"
    assert notice["meant_for"] == "c1@client.example"
    assert "This is a test" in one("plan", "--date", DAY).out
    assert one("run", "--date", DAY).code == 0
    for mail in one.outbox():
        text = mail.read_text("utf-8")
        assert "To: nadia@dubreuil.example" in text
        assert "Subject: [TEST]" in text
        assert "@client.example" not in text.split("\n\n")[0]


def test_a_test_without_recipients_writes_to_nobody(stage):
    one = stage(1, policy={"environment": "test"})
    stopped(one, DAY, "D060")


@pytest.mark.parametrize(("first", "then"), [(TEST, {}), ({}, TEST)])
def test_a_test_and_production_share_no_history(stage, first, then):
    one = stage(1, policy=first)
    assert one("run", "--date", QUIET).code == 0
    one.policy(then)
    digest = stopped(one, DAY, "D059")
    assert one("approve", digest, "--date", DAY).code == 0
    assert one("run", "--date", DAY).code == 4
    one.policy(first)
    assert one("run", "--date", DAY).code == 0


def aged(stage: Stage, name: str, hours: float) -> None:
    then = datetime.now(UTC) - timedelta(hours=hours)
    os.utime(stage.root / name, (then.timestamp(), then.timestamp()))


def test_an_old_export_duns_nobody_today(stage):
    one = stage(1)
    aged(one, "ventes.csv", 24 * 10)
    stopped(one, today("Europe/Paris").isoformat(), "D056")
    digest = one.plan(today("Europe/Paris").isoformat())["plan_hash"]
    assert one("approve", digest).code == 0
    assert one("run").code == 4
    one.policy({"freshness": 2000})
    assert one("run").code == 0


def test_a_run_of_another_day_asks_no_export_for_its_age(stage):
    one = stage(1)
    aged(one, "ventes.csv", 24 * 300)
    assert one("run", "--date", DAY).code == 0


def test_an_old_bank_statement_stops_too(stage):
    sources = [
        {"name": "ventes", "kind": "csv", "path": "ventes.csv", "full": True},
        {"name": "banque", "kind": "bank", "path": "banque.csv"},
    ]
    one = stage(1, policy={"sources": sources})
    one.write(
        "banque.csv",
        "date,amount,counterparty,text,account\n2026-04-09,9.00,X,Y,FR7630006000011234567890189\n",
    )
    aged(one, "banque.csv", 24 * 10)
    said = one("run", "--json")
    assert (said.code, codes(said)) == (4, ["D056"])
    assert said.json["diagnostics"][0]["file"] == "banque.csv"


def test_an_export_that_stays_the_same_is_told_after_two_working_days(stage):
    one = stage(1)
    found = []
    for day in ("2026-04-01", "2026-04-02", "2026-04-03"):
        said = one("run", "--date", day, "--json")
        found.append([d["code"] for d in said.json["diagnostics"] if d["code"] == "D062"])
    assert found == [[], [], ["D062"]]
    one.sales(rows(1, "99.00"))
    said = one("run", "--date", "2026-04-07", "--json")
    assert "D062" not in [d["code"] for d in said.json["diagnostics"]]


def test_large_notices_wait_for_a_person(stage):
    one = stage(
        2,
        open=rows(1) + rows(1, "5000.01", first=2),
        policy={"limits": {"approve_above": "5000"}},
    )
    plan = one.plan(DAY)
    assert [n["approval"] for n in plan["notices"]] == ["none", "required"]
    assert one("run", "--date", DAY).code == 4
    assert len(one.outbox()) == 1
    assert one("approve", plan["notices"][1]["key"], "--date", DAY).code == 0
    assert one("run", "--date", NEXT).code == 0
    assert len(one.outbox()) == 2


def test_the_first_use_of_a_level_waits_for_a_person(stage):
    one = stage(2, policy={"limits": {"approve_first_use": True}}, open=rows(1))
    [key] = [n["key"] for n in one.plan(DAY)["notices"]]
    assert one("run", "--date", DAY).code == 4
    assert one("approve", key, "--date", DAY).code == 0
    assert one("run", "--date", DAY).code == 0
    one.sales(rows(1) + rows(1, due="2026-04-08", first=2))
    assert one("run", "--date", NEXT).code == 0
    assert len(one.outbox()) == 2


@pytest.mark.parametrize("change", ["amount", "recipient"])
def test_an_approved_notice_waits_again_when_it_became_another(stage, change):
    one = stage(1, policy={"limits": {"approve_above": "10"}})
    [key] = [n["key"] for n in one.plan(DAY)["notices"]]
    assert one("approve", key, "--date", DAY).code == 0
    if change == "amount":
        one.sales(rows(1, "200.00"))
    else:
        one.customers(people(1, 1))
    assert one("run", "--date", DAY).code == 4
    assert one.outbox() == []


def test_who_approved_what_and_when_is_listed(stage):
    one = stage(1)
    plan = one.plan(DAY)
    assert "Nothing was approved" in one("approve", "--list").err
    one("approve", plan["plan_hash"], "--date", DAY)
    one("approve", plan["notices"][0]["key"], "--date", DAY)
    first, second = one("approve", "--list", "--json").json["approvals"]
    assert (first["key"], first["kind"], first["run_date"]) == (plan["plan_hash"], "plan", DAY)
    assert (second["kind"], second["by"]) == ("notice", first["by"])
    assert plan["plan_hash"][:12] in one("approve", "--list").out


def test_a_reviewed_plan_that_changed_is_refused_with_what_changed(stage):
    one = stage(3)
    file = one.root / "plan.json"
    assert one("plan", "--date", DAY, "-o", str(file)).code == 0
    one.sales(rows(1, "90.00") + rows(1, first=2) + rows(1, first=4, due="2026-04-02"))
    one.customers(people(4).replace("c2@", "other2@"))
    said = one("run", "--plan", str(file), "--json")
    assert (said.code, codes(said)) == (4, ["D003"])
    changes = {(c["change"], c["debtor"]): c["fields"] for c in said.json["changes"]}
    assert set(changes) == {
        ("changed", "C001"),
        ("changed", "C002"),
        ("gone", "C003"),
        ("added", "C004"),
    }
    assert changes["changed", "C001"]["total_due"] == {"then": "100.00", "now": "90.00"}
    assert changes["changed", "C002"]["recipient"]["now"] == "other2@client.example"
    shown = " ".join(one("run", "--plan", str(file)).out.split())  # the table wraps its lines
    assert "c2@client.example → other2@client.example" in shown
    assert one.outbox() == []


def test_a_plan_whose_file_was_edited_is_refused(stage):
    one = stage(1)
    file = one.root / "plan.json"
    assert one("plan", "--date", DAY, "-o", str(file)).code == 0
    file.write_text(file.read_text("utf-8").replace('"100.00"', '"10.00"'), "utf-8")
    said = one("run", "--plan", str(file), "--json")
    assert (said.code, codes(said)) == (4, ["D003"])


def test_another_recipient_than_the_last_is_marked(stage):
    one = stage(1)
    assert one("run", "--date", DAY).code == 0
    assert one.plan("2026-04-21")["notices"][0]["recipient_changed"] is False
    one.customers(people(1, 1))
    assert one.plan("2026-04-21")["notices"][0]["recipient_changed"] is True
    shown = one("plan", "--date", "2026-04-21").out
    assert "reminder-2 ≠" in shown
    assert "another recipient" in shown
