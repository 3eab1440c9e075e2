"""The smallest case for each code that stops a run, and exactly what is said."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from relance.diagnostics import RULES, Diagnostic
from relance.history.store import History
from relance.runs import brake_codes  # noqa: F401 - declares the rules
from relance.runs.brakes import BRAKES, forbidden
from relance.runs.environment import not_allowed
from relance.runs.figures import Figures, Import
from relance.runs.freshness import frozen
from relance.runs.opening import check
from scenarios.stage import Stage, new_stage

MOMENT = datetime(2026, 3, 2, 8, tzinfo=UTC)
THEN = Import(60, {"EUR": (60, 600_000)}, "a", date(2026, 3, 2))


def figures(now: Import = THEN, notices: int = 0, **more: object) -> Figures:
    return Figures("5eed", notices, 500, True, {"ventes": now}, {"ventes": THEN}, **more)  # type: ignore[arg-type]  # fmt: skip


FIGURES = {
    "D050": (
        figures(Import(47, {"EUR": (47, 470_000)}, "b", date(2026, 3, 3))),
        "source ventes: 47 rows, 60 at the last run: more than 20 % fewer; nothing was sent",
    ),
    "D051": (
        figures(Import(60, {"EUR": (60, 60_000_000)}, "b", date(2026, 3, 3))),
        "source ventes: the open balance is 600000.00 EUR, it was 6000.00 EUR at the last run: more than 30 % apart; "
        "nothing was sent",
    ),
    "D052": (
        figures(notices=25, sent=(7, 8, 12)),
        "25 notices are due today, a run sends 8 as a rule: more than three times as many; nothing was sent",
    ),
    "D053": (
        figures(sent=(1,), rejected=(("ventes.csv", 4, 60),)),
        "ventes.csv: 4 of 60 rows could not be read: more than 5 %; nothing was sent",
    ),
    "D054": (
        figures(sent=(1,), debtors=60, moved=7),
        "7 of 60 debtors who owe have another address than at the last run: more than 10 %; nothing was sent",
    ),
    "D055": (
        figures(notices=21),
        "this would be the first run that sends, with 21 notices, and 20 is the most without approval: nothing was sent",
    ),
}


@pytest.mark.parametrize("code", FIGURES)
def test_the_brakes_on_figures(code: str) -> None:
    given, message = FIGURES[code]
    [found] = [one for brake in BRAKES for one in brake(given)]
    assert (found.code, found.message()) == (code, message)
    assert "5eed" in found.hint()


def what_forbids(root: Path, changes: dict[str, object] | None = None) -> list[Diagnostic]:
    policy = check(new_stage(root, {"policy": changes or {}}).root).policy
    assert policy is not None
    with History.open(policy.database, root, creditor="732829320", now=lambda: MOMENT) as history:
        history.pin("accounts", json.dumps([["BE68539007547034", "", "Crook", ""]]))
        history.pin("environment", "production")
        history.pause("anne", "audit")
        return forbidden(policy, history)


def test_what_no_approval_releases(tmp_path: Path) -> None:
    found = {d.code: d.message() for d in what_forbids(tmp_path, {"environment": "test"})}
    assert found == {
        "D057": "the bank accounts are not those pinned on 2026-03-02: −BE68 5390 0754 7034 (Crook), "
        "+FR76 3000 6000 0112 3456 7890 189 (Atelier Dubreuil SAS); nothing was sent",
        "D058": "sending is paused since 2026-03-02 09:00 by anne: audit",
        "D059": "this history was made with `environment: production`, and relance.yaml says test: nothing was sent",
        "D060": "`environment: test` and `test_recipients` is empty: nothing was sent",
    }


def test_an_old_export(tmp_path: Path) -> None:
    import os

    stage = new_stage(tmp_path)
    os.utime(stage.root / "ventes.csv", (1_772_438_400, 1_772_438_400))
    [found] = [d for d in stage("run", "--json").json["diagnostics"] if d["code"] == "D056"]
    assert found["message"] == (
        "source ventes: its newest file is of 2026-03-02 09:00, more than 26 working hours old: nothing was sent"
    )


def test_a_letter_that_would_leave_a_test(tmp_path: Path) -> None:
    stage: Stage = new_stage(
        tmp_path, {"policy": {"environment": "test", "test_recipients": "+33600000000",
                              "channels": {"email": {"kind": "smtp", "host": "smtp.example", "from": "compta@dubreuil.example", "folder": None}}}}
    )  # fmt: skip
    policy = check(stage.root).policy
    assert policy is not None
    from relance.runs.opening import open_history
    from relance.runs.proposal import propose

    with open_history(policy, readonly=True) as history:
        [notice] = propose(policy, date(2026, 4, 10), history).plan.notices
    found = not_allowed(notice)
    assert found is not None
    assert found.code == "D061"
    assert found.message() == (
        f"notice {notice.key[:12]} is not sent: in a test, channel email may write to nobody"
    )
    said = stage("run", "--date", "2026-04-10", "--json")
    assert (said.code, [d["code"] for d in said.json["diagnostics"]][-1]) == (1, "D061")


def test_an_export_that_stays_the_same(tmp_path: Path) -> None:
    policy = check(new_stage(tmp_path).root).policy
    assert policy is not None
    [found] = frozen(policy, date(2026, 3, 4), {"ventes": THEN})
    assert (found.code, found.message()) == (
        "D062",
        "source ventes: the export has been the same to the byte since 2026-03-02",
    )


def test_every_code_is_shown() -> None:
    declared = {code for code in RULES if code.startswith("D0") and 50 <= int(code[1:]) < 80}
    shown = {*FIGURES, "D056", "D057", "D058", "D059", "D060", "D061", "D062"}
    assert declared == shown
