"""The commands around a run, as an operator uses them."""

from __future__ import annotations

import fcntl
import hashlib
import json
from pathlib import Path

import pytest

DAY = "2026-04-10"
PROJECT = Path(__file__).parents[2] / "golden" / "atelier" / "project"


@pytest.fixture
def atelier(tmp_path: Path) -> Path:
    import shutil

    shutil.copytree(PROJECT, tmp_path, dirs_exist_ok=True)
    return tmp_path


def state_of(folder: Path) -> dict[str, str]:
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def mails(folder: Path) -> int:
    return len(list((folder / "out").rglob("*.eml")))


@pytest.mark.parametrize(
    "command",
    [
        "run --dry-run",
        "plan",
        "status",
        "explain V-101",
        "history",
        "import",
        "doubt list",
        "adopt",
    ],
)
@pytest.mark.parametrize("after_a_run", [False, True])
def test_what_only_looks_leaves_every_byte(relance, atelier, command, after_a_run):
    if after_a_run:
        assert relance("run", "--date", DAY).returncode == 0
    before = state_of(atelier)
    assert relance(*command.split(), "--date", DAY).returncode == 0
    assert state_of(atelier) == before


def test_a_reviewed_plan_is_executed_on_its_own_day(relance, atelier):
    assert relance("plan", "--date", DAY, "-o", "plan.json").returncode == 0
    assert json.loads((atelier / "plan.json").read_text("utf-8"))["run_date"] == DAY
    assert relance("run", "--plan", "plan.json").returncode == 0
    assert mails(atelier) == 3


def test_a_plan_is_refused_when_the_data_changed(relance, atelier):
    relance("plan", "--date", DAY, "-o", "plan.json")
    sales = atelier / "ventes.csv"
    sales.write_text(sales.read_text("utf-8").replace("250.50,250.50", "250.50,100.00"), "utf-8")
    done = relance("run", "--plan", "plan.json")
    assert (done.returncode, mails(atelier)) == (4, 0)
    assert "D003" in done.stderr


@pytest.mark.parametrize(
    "content", ["", "[]", '{"plan_hash": "x"}', '{"plan_hash": 1, "run_date": 2}']
)
def test_a_file_that_is_no_plan_is_said_so(relance, atelier, content):
    (atelier / "plan.json").write_text(content)
    done = relance("run", "--plan", "plan.json")
    assert done.returncode == 2
    assert "plan.json is not a plan" in done.stderr


def test_a_second_run_at_the_same_time_exits_with_75(relance, atelier):
    (atelier / ".relance").mkdir()
    with (atelier / ".relance" / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        done = relance("run", "--date", DAY)
    assert done.returncode == 75
    assert "H012" in done.stderr or "under way" in done.stderr


def test_quiet_says_nothing_when_all_is_well(relance, atelier):
    done = relance("run", "--date", DAY, "--quiet")
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_too_many_notices_wait_for_the_approval_of_the_plan(relance, atelier):
    policy = atelier / "relance.yaml"
    policy.write_text(policy.read_text("utf-8") + "limits: {max_notices: 2}\n", "utf-8")
    done = relance("run", "--date", DAY)
    assert (done.returncode, mails(atelier)) == (4, 0)
    plan = json.loads(relance("plan", "--date", DAY, "--json").stdout)
    assert relance("approve", plan["plan_hash"][:12], "--date", DAY).returncode == 0
    assert relance("run", "--date", DAY).returncode == 0
    assert mails(atelier) == 3


def test_a_level_that_asks_for_approval_goes_out_once_it_has_it(relance, atelier):
    for day in (DAY, "2026-04-20"):
        relance("run", "--date", day)
    waiting = relance("run", "--date", "2026-05-13")
    assert waiting.returncode == 4
    sent = mails(atelier)
    plan = json.loads(relance("plan", "--date", "2026-05-13", "--json").stdout)
    keys = [n["key"] for n in plan["notices"] if n["approval"] == "required"]
    assert relance("approve", keys[0][:12], "--date", "2026-05-13").returncode == 0
    relance("run", "--date", "2026-05-13")
    assert mails(atelier) == sent + 1


def test_adopted_items_go_on_from_there(relance, atelier):
    assert relance("adopt", "--yes", "--date", DAY, "--json").returncode == 0
    plan = json.loads(relance("plan", "--date", DAY, "--json").stdout)
    assert plan["notices"] == []
    explained = json.loads(relance("explain", "V-103", "--date", DAY, "--json").stdout)
    assert explained["history"][0]["type"] == "adopted"


def test_preview_writes_a_page_and_changes_nothing_else(relance, atelier):
    before = state_of(atelier)
    done = relance("preview", "--date", DAY)
    assert done.stdout.strip() == "preview/index.html"
    page = (atelier / "preview" / "index.html").read_text("utf-8")
    assert "Garage Martin" in page
    after = state_of(atelier)
    assert {name: after[name] for name in before} == before


@pytest.mark.parametrize(
    ("spoil", "code"),
    [
        (lambda p: None, 0),
        (lambda p: (p / "relance.yaml").write_text("creditor: 1\n"), 2),
        (lambda p: (p / "ventes.csv").unlink(), 3),
        (lambda p: (p / "relance.db").write_bytes(b"no database" * 100), 5),
    ],
)
def test_the_doctor_says_what_is_wrong_by_its_exit_code(relance, atelier, spoil, code):
    spoil(atelier)
    done = relance("doctor", "--json")
    assert done.returncode == code
    states = {check["state"] for check in json.loads(done.stdout)["checks"]}
    assert ("fail" in states) == bool(code)
    assert all(c["hint"] for c in json.loads(done.stdout)["checks"] if c["state"] == "fail")


def test_a_terminal_that_is_not_there_gets_no_colours_and_no_bars(relance, atelier):
    done = relance("run", "--date", DAY)
    assert "\x1b" not in done.stdout + done.stderr
