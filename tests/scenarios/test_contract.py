"""What the contract says of the surface: JSON, exit codes, files left alone, YAML, conditions."""

from __future__ import annotations

import json
import random
import re
import socket
from pathlib import Path
from typing import Any

import pytest

from .stage import Fields, Stage, call, new_stage, spawn, verdicts

BOOK = """
F1,C1,2026-03-02,2026-04-01,120.00,120.00,EUR,invoice
F2,C1,2026-03-02,2026-05-01,80,80,EUR,invoice
A1,C1,2026-03-02,2026-04-01,-20.00,-20.00,EUR,credit_note
J1,C1,2026-03-02,2026-04-01,5000,5000,JPY,invoice
T1,C2,2026-03-02,2026-02-01,70.125,70.125,TND,invoice
Z1,C2,2026-03-02,2026-04-01,10.00,0.00,EUR,invoice
U1,C3,2026-03-02,2026-04-01,30.00,30.00,EUR,invoice
"""
CUSTOMERS = """
C1,Client Un,business,FR,fr,c1@client.example,1 rue Haute,75001,Paris
C2,Client Deux,business,FR,fr,c2@client.example,1 rue Haute,75001,Paris
C3,Client Trois,business,FR,fr,,,,
"""
PLAN = {
    "schema_version": int, "run_date": "date", "creditor": str, "plan_hash": str,
    "notices": list, "tasks": list, "held": list, "summary": dict, "diagnostics": list,
}  # fmt: skip
NOTICE = {
    "key": str, "debtor": str, "debtor_name": str, "segment": str, "procedure": str, "level": str,
    "level_number": int, "channel": str, "recipient": str, "language": str, "currency": str,
    "receivables": list, "other_open": list, "credits": list, "total_open": "amount",
    "interest": "amount", "compensation": "amount", "fee": "amount", "total_due": "amount",
    "approval": str,
}  # fmt: skip
RECEIVABLE = {
    "number": str, "issued": "date", "due": "date", "days_past_due": int, "amount": "amount",
    "open": "amount", "level": str, "interest": "amount", "compensation": "amount",
    "fee": "amount",
}  # fmt: skip
TASK = {
    "key": str, "kind": str, "debtor": str, "subject": str, "receivables": list, "due": "date",
    "owner": "text or null",
}  # fmt: skip
HELD = {
    "number": str, "debtor": str, "verdict": str, "reason": str, "until": "date or null",
    "next_level": "text or null",
}  # fmt: skip
EXPLAIN = {
    "number": str, "debtor": str, "segment": str, "segment_reason": str, "procedure": str,
    "facts": dict, "checks": list, "verdict": str, "next": dict, "history": list,
}  # fmt: skip
AMOUNT = {"EUR": r"-?\d+\.\d\d", "JPY": r"-?\d+", "TND": r"-?\d+\.\d{3}"}
CHECKS = (
    "settled", "credit", "missing", "blocked", "insolvent", "handed_over", "disputed", "promised",
    "instalments", "in_doubt", "complete", "not_due", "interval", "below_minimum", "deferred",
    "capped", "unreachable", "act",
)  # fmt: skip


def is_like(value: Any, kind: Any, currency: str) -> bool:
    if isinstance(kind, type):
        return type(value) is kind
    if kind.endswith("or null") and value is None:
        return True
    pattern = {"amount": AMOUNT[currency], "text": ".*"}.get(
        kind.split()[0], r"\d{4}-\d\d-\d\d"
    )  # a date
    return isinstance(value, str) and re.fullmatch(pattern, value) is not None


def shape(value: Fields, wanted: Fields, currency: str = "EUR") -> None:
    """Assert that `value` has all keys of `wanted`, each of its kind."""
    wrong = {k: value.get(k) for k, kind in wanted.items() if not is_like(value[k], kind, currency)}
    assert not wrong


@pytest.fixture
def stage(tmp_path: Path) -> Stage:
    return new_stage(tmp_path / "été à Ñ", {"open": BOOK, "customers": CUSTOMERS})


def test_plan_has_the_fields_of_the_contract_and_a_dry_run_shows_the_same(stage: Stage) -> None:
    plan = stage.plan("2026-04-08")
    shape(plan, PLAN)
    assert {n["currency"] for n in plan["notices"]} == {"EUR", "JPY", "TND"}
    for notice in plan["notices"]:
        shape(notice, NOTICE, notice["currency"])
        for receivable in notice["receivables"]:
            shape(receivable, RECEIVABLE, notice["currency"])
        for other in notice["other_open"]:
            assert is_like(other["open"], "amount", notice["currency"])
    credits = [c for n in plan["notices"] for c in n["credits"]]
    assert [(c["number"], c["open"]) for c in credits] == [("A1", "-20.00")]
    for task in plan["tasks"]:
        shape(task, TASK)
    for held in plan["held"]:
        shape(held, HELD)
    assert plan["summary"]["receivables"] == 7
    assert plan["summary"] == {
        "receivables": 7, "act": 3, "not_due": 1, "credit": 1, "settled": 1, "unreachable": 1
    }  # fmt: skip
    for found in plan["diagnostics"]:
        assert {"code", "severity", "file", "line", "message"} <= found.keys()
    dry = stage("run", "--dry-run", "--json", "--date", "2026-04-08")
    assert (dry.code, dry.json) == (0, plan)


def test_explain_reads_the_table_in_its_order(stage: Stage) -> None:
    stage("record", "promise", "F1", "--until", "2026-04-30", "--date", "2026-04-08")
    stage("record", "block", "F1", "--date", "2026-04-08")
    entry = stage("explain", "F1", "--json", "--date", "2026-04-08").json
    shape(entry, EXPLAIN)
    order = [c["verdict"] for c in entry["checks"]]
    assert list(dict.fromkeys(v for v in order if v in CHECKS)) == list(CHECKS)
    for check in entry["checks"]:
        assert type(check["holds"]) is bool
        assert check["detail"]
    first = next(c["verdict"] for c in entry["checks"] if c["holds"])
    assert entry["verdict"] == first == "blocked"
    assert {c["verdict"] for c in entry["checks"] if c["holds"]} >= {"blocked", "promised"}
    assert entry["next"].keys() >= {"level", "date"}
    assert len(entry["history"]) == 2
    assert stage("explain", "F999", "--date", "2026-04-08").code == 2


def test_status_adds_up_per_currency(stage: Stage) -> None:
    status = stage("status", "--json", "--date", "2026-04-08").json
    assert (status["run_date"], status["debtors"]) == ("2026-04-08", 3)
    euro = status["currencies"]["EUR"]
    assert euro["receivables"] == "230.00"
    assert (euro["credits"], euro["net"]) in (("20.00", "210.00"), ("-20.00", "210.00"))
    assert euro["overdue"] == "150.00"
    assert euro["ageing"] == {
        "not_due": "80.00", "1-30": "150.00", "31-60": "0.00", "61-90": "0.00", "91-120": "0.00",
        "over_120": "0.00",
    }  # fmt: skip
    assert status["currencies"]["JPY"]["ageing"]["1-30"] == "5000"
    assert status["currencies"]["TND"]["ageing"]["61-90"] == "70.125"
    assert sum(status["verdicts"].values()) == 7


def test_the_order_of_rows_changes_nothing(stage: Stage) -> None:
    first = stage("plan", "--json", "--date", "2026-04-08").out
    rows = BOOK.strip().splitlines()
    random.Random(4).shuffle(rows)
    stage.sales("\n".join(rows))
    stage.customers("\n".join(reversed(CUSTOMERS.strip().splitlines())))
    again = stage("plan", "--json", "--date", "2026-04-08").out
    assert re.sub(r'"line": \d+', "", again) == re.sub(r'"line": \d+', "", first)


def test_a_dry_run_changes_no_byte_and_opens_no_connection(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    smtp = {"kind": "smtp", "host": "smtp.example", "port": 587, "from": "compta@dubreuil.example"}
    assert stage("run", "--date", "2026-04-08", "--quiet").code == 0
    stage.policy({"channels": {"email": {**smtp, "folder": None}}})
    before = stage.bytes_of()

    def refuse(*_arguments: object, **_options: object) -> None:
        raise AssertionError("a connection")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    said = stage("run", "--dry-run", "--json", "--date", "2026-04-29")
    assert said.code == 0, said
    assert said.json["notices"]
    assert stage("plan", "--date", "2026-04-29").code == 0
    assert stage.bytes_of() == before


def test_a_plan_is_executed_exactly_or_refused(stage: Stage) -> None:
    file = stage.root.parent / "plan.json"
    assert stage("plan", "-o", str(file), "--date", "2026-04-08").code == 0
    kept = json.loads(file.read_text("utf-8"))
    stage.sales(BOOK.replace("120.00,120.00", "120.00,119.00"))
    changed = stage("run", "--plan", str(file))
    assert changed.code == 4, changed
    stage.sales(BOOK.replace("80,80", "80,70"))  # shown on a notice, though not claimed
    assert stage("run", "--plan", str(file)).code == 4
    stage.sales(BOOK)
    assert stage("run", "--plan", str(file), "--date", "2026-04-09").code == 4
    assert stage.outbox() == []
    assert stage("run", "--plan", str(file)).code == 0
    assert len(stage.outbox()) == len(kept["notices"]) == 3
    assert stage("run", "--plan", str(file)).code == 4
    assert len(stage.outbox()) == 3
    file.write_text("{}")
    assert stage("run", "--plan", str(file)).code == 2


def test_a_missing_export_a_cut_one_and_a_broken_database_have_their_codes(stage: Stage) -> None:
    whole = (stage.root / "ventes.csv").read_bytes()
    (stage.root / "ventes.csv").write_bytes(whole[:-9])
    assert stage("run", "--date", "2026-04-08").code == 3
    (stage.root / "ventes.csv").unlink()
    assert stage("plan", "--date", "2026-04-08").code == 3
    (stage.root / "ventes.csv").write_bytes(whole)
    (stage.root / "relance.db").write_text("no database")
    assert stage("run", "--date", "2026-04-08").code == 5
    assert stage.outbox() == []


def test_more_notices_than_the_limit_stop_the_run(stage: Stage) -> None:
    stage.policy({"limits": {"max_notices": 2}})
    said = stage("run", "--date", "2026-04-08")
    assert said.code == 4, said
    assert stage.outbox() == []


def test_approval_holds_a_notice_back_until_it_is_given(stage: Stage) -> None:
    level = {"id": "a", "days": 5, "channel": "email", "template": "reminder"}
    stage.procedures({"standard": {"levels": [{**level, "approval": "required"}]}})
    (notice, *rest) = stage.plan("2026-04-08")["notices"]
    assert notice["approval"] == "required"
    assert stage("run", "--date", "2026-04-08").code == 4
    assert stage.outbox() == []
    assert stage("approve", notice["key"], "--date", "2026-04-08").code == 0
    assert stage("run", "--date", "2026-04-08").code == 4
    assert len(stage.outbox()) == 1
    for other in rest:
        assert stage("approve", other["key"], "--date", "2026-04-08").code == 0
    assert stage("run", "--date", "2026-04-08").code == 0
    assert len(stage.outbox()) == 3


WRONG_YAML = {
    "duplicate key": ("relance.yaml", "full: true", "full: true\n  full: true"),
    "anchor": ("relance.yaml", "creditor:", "creditor: &a"),
    "alias": ("relance.yaml", "language: fr", "language: *a"),
    "unknown key": ("relance.yaml", "timezone:", "timezon:"),
    "yes is text": ("relance.yaml", "full: true", "full: yes"),
    "unknown procedure": ("relance.yaml", "procedure: standard", "procedure: standrad"),
    "unknown field": ("procedures/standard.yaml", "days: 5", "days: 5\n  when: {opne: 3}"),
    "unknown template": ("procedures/standard.yaml", "template: reminder", "template: remindr"),
    "unknown channel": ("procedures/standard.yaml", "channel: email", "channel: emial"),
    "wrong SIREN": ("relance.yaml", "732829320", "732829321"),
    "wrong IBAN": ("accounts.yaml", "0189", "0188"),
}


def test_errors_of_the_policy_have_their_place_and_a_way_out(stage: Stage) -> None:
    for name, (file, old, new) in WRONG_YAML.items():
        text = (stage.root / file).read_text("utf-8")
        assert old in text, name
        line = text[: text.index(old)].count("\n") + 1
        stage.write(file, text.replace(old, new, 1))
        said = call("validate", str(stage.root), "--format", "concise")
        stage.write(file, text)
        assert said.code == 2, name
        found = re.findall(rf"{re.escape(file)}:(\d+):\d+: error [A-Z]\d+: .+\(.+\)", said.out)
        assert found, (name, said.out)
        assert abs(int(found[0]) - line) <= 1, (name, said.out)


def test_all_errors_are_shown_at_once(stage: Stage) -> None:
    for file, old, new in WRONG_YAML.values():
        if old in ("creditor:", "language: fr", "full: true"):
            continue  # what cannot be read hides what is in it
        text = (stage.root / file).read_text("utf-8")
        stage.write(file, text.replace(old, new, 1))
    said = call("validate", str(stage.root), "--format", "concise")
    for word in ("timezon", "standrad", "opne", "remindr", "emial", "732829321", "IBAN"):
        assert word in said.out


def test_a_secret_in_clear_is_refused_and_not_repeated(stage: Stage) -> None:
    smtp = {"kind": "smtp", "host": "smtp.example", "from": "compta@dubreuil.example", "user": "u"}
    stage.policy({"channels": {"email": {**smtp, "folder": None, "password": "hunter22"}}})
    said = stage("run", "--date", "2026-04-08")
    assert said.code == 2
    assert "password" in said.err
    assert "hunter22" not in said.out + said.err.replace("password: hunter22", "")


def test_texts_that_look_like_numbers_and_booleans_stay_texts(tmp_path: Path) -> None:
    creditor = {"country": "NO", "phone": "0612345670", "registration": None, "name": "On"}
    stage = new_stage(tmp_path / "p", {"policy": {"creditor": creditor}})
    assert "phone: 0612345670" in (stage.root / "relance.yaml").read_text("utf-8")
    plan = stage.plan("2026-04-08")
    assert plan["creditor"] == "On"
    assert stage("run", "--date", "2026-04-08").code == 0
    assert "0612345670" in stage.outbox()[0].read_text("utf-8").replace(" ", "").replace(
        "=C2=A0", ""
    ).replace("=E2=80=AF", "")


def test_columns_map_any_header(tmp_path: Path) -> None:
    columns = {
        "number": "Réf", "debtor": "Tiers", "amount": "Brut", "open": "Reste", "due": "Quand",
        "email": "Courriel", "debtor_name": "Qui", "order_number": "Votre cde", "currency": "Mon.",
        "kind": "Genre", "issued": "Fait le", "reference": "Comm.",
    }  # fmt: skip
    source = {"name": "ventes", "kind": "csv", "path": "ventes.csv", "full": True}
    source |= {"columns": columns, "decimal": ",", "dates": "dmy", "delimiter": ";"}
    stage = new_stage(tmp_path / "p", {"policy": {"sources": [source], "customers": None}})
    header = ";".join(columns.values())
    row = "F1;C1;1 234,56;34,56;01/04/2026;x@c.example;Dupont & Fils;PO-1;chf;invoice;02/03/2026;R1"
    (stage.root / "ventes.csv").write_text(f"{header}\n{row}\n", encoding="utf-8")
    (notice,) = stage.plan("2026-04-08")["notices"]
    receivable = notice["receivables"][0]
    assert (notice["recipient"], notice["debtor_name"]) == ("x@c.example", "Dupont & Fils")
    assert (receivable["amount"], receivable["open"], notice["currency"]) == (
        "1234.56", "34.56", "CHF"
    )  # fmt: skip
    assert (receivable["issued"], receivable["due"]) == ("2026-03-02", "2026-04-01")


TRUE = [
    {"country": "BE"}, {"country": ["FR", "BE"]}, {"language": "nl"}, {"kind": "consumer"},
    {"sector": "bouw"}, {"tags": "vip"}, {"owner": "anna"}, {"region": "Gent"},
    {"days_as_customer": {"min": 97, "max": 97}}, {"outstanding": {"min": 250, "max": 250}},
    {"overdue": {"min": 150, "max": 150}}, {"oldest_days_past_due": {"min": 38, "max": 38}},
    {"open_items": {"min": 3, "max": 3}}, {"broken_promises": {"max": 0}},
    {"credit_limit": {"min": 500, "max": 500}}, {"country": "BE", "language": "nl"},
    {"any": [{"country": "FR"}, {"kind": "consumer"}]}, {"not": {"country": "FR"}},
    {"all": [{"country": "BE"}, {"not": {"tags": "slow"}}]},
]  # fmt: skip
OF_ITEM = [
    {"amount": {"min": 100, "max": 120}}, {"open": {"max": 100}}, {"currency": "EUR"},
    {"days_past_due": {"min": 7}}, {"source": "ventes"},
]  # fmt: skip


def test_conditions_read_every_field_of_debtor_and_item(tmp_path: Path) -> None:
    """All true conditions hold together; of their opposites not one does."""
    stage = new_stage(tmp_path / "p")
    stage.customers(
        "id,name,kind,country,language,email,region,sector,tags,owner,since,credit_limit\n"
        'C1,Klant,consumer,BE,nl,k@client.example,Gent,bouw,"vip,oud",anna,2026-01-01,500\n'
    )
    stage.sales("""
F1,C1,2026-01-02,2026-03-01,120,100,EUR,invoice
F2,C1,2026-01-02,2026-04-01,50,50,EUR,invoice
F3,C1,2026-01-02,2026-05-01,100,100,EUR,invoice
""")
    opposites = [
        {"name": "no", "procedure": "standard", "when": {"any": [{"not": c} for c in TRUE]}}
    ]
    together = [{"name": "all", "procedure": "standard", "when": {"all": TRUE}}]
    last = [{"name": "rest", "procedure": "standard"}]
    stage.policy({"segments": [*opposites, *together, *last]})
    level = {"id": "a", "days": 5, "channel": "email", "template": "reminder"}
    levels = [{**level, "when": {"all": OF_ITEM}}, {**level, "id": "z", "days": 900}]
    stage.procedures({"standard": {"levels": levels}})
    plan = stage.plan("2026-04-08")
    assert [n["segment"] for n in plan["notices"]] == ["all"]
    held = {h["number"]: h["next_level"] for h in plan["held"]}
    assert held == {"F2": "z", "F3": "z"}


def test_several_projects_run_each_on_its_own(tmp_path: Path) -> None:
    for name in ("a b", "c"):
        new_stage(tmp_path / name)
    new_stage(tmp_path / "broken", {"policy": {"segments": []}})
    words = ("-C", "a b", "-C", "broken", "-C", "c", "--date", "2026-04-08", "--json")
    said = spawn("run", *words, cwd=tmp_path)
    assert said.code == 2, said
    assert {k: v["exit"] for k, v in said.json["projects"].items()} == {
        "a b": 0, "broken": 2, "c": 0
    }  # fmt: skip
    assert len(list(tmp_path.glob("*/out/*.eml"))) == 2


def test_a_second_run_at_the_same_time_is_told_so(stage: Stage) -> None:
    from relance.history.lock import acquire

    with acquire(stage.root, f"sqlite:///{stage.root}/relance.db", False):
        said = spawn("run", "--date", "2026-04-08", cwd=stage.root)
    assert said.code == 75, said
    assert verdicts(stage.plan("2026-04-08"))["F1"] == "act"


def test_usage_errors_have_their_code(stage: Stage) -> None:
    assert stage("run", "--date", "2026-02-30").code == 2
    assert stage("run", "--date", "9999-12-31").code == 2
    assert stage("run", "--nope").code == 2
    assert call("run", "-C", str(stage.root / "nowhere")).code == 2
    assert stage("record", "nonsense", "F1").code == 2
