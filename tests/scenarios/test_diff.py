"""`relance diff`: what a change of the procedures does to the portfolio of a day."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from .stage import PROCEDURE, Fields, Stage, call, new_stage

DAY = "2026-04-08"
OPEN = "\n".join(
    [
        "F1,C1,2026-03-02,2026-04-01,250.50,250.50,EUR,invoice",  # 7 days late: reminder-1
        "F2,C1,2026-03-02,2026-04-05,99.00,99.00,EUR,invoice",  # 3 days late
        "F3,C2,2026-02-02,2026-03-01,1000.00,1000.00,EUR,invoice",  # 38 days late: reminder-1
        "F4,C3,2026-02-02,2026-03-01,70.00,70.00,CHF,invoice",
        "F5,C4,2026-04-02,2026-05-01,40.00,40.00,EUR,invoice",  # not due
    ]
)
LEVELS = PROCEDURE["levels"]


def project(root: Path, given: Fields | None = None) -> Stage:
    return new_stage(root, {"open": OPEN, **(given or {})})


def with_levels(*levels: Fields, **more: object) -> Fields:
    return {"procedures": {"standard": {"levels": list(levels), **more}}}


def changed(tmp_path: Path, given: Fields, old: Fields | None = None) -> Fields:
    """Return the JSON of the difference that `given` makes."""
    project(tmp_path / "old", old)
    project(tmp_path / "new", given)
    said = call("diff", str(tmp_path / "old"), str(tmp_path / "new"), "--json", "--date", DAY)
    assert said.code == 0, said
    told: Fields = said.json
    return told


def told_of(told: Fields) -> list[tuple[str, str, list[str]]]:
    return [
        (n["change"], n["debtor"], (n["new"] or n["old"])["receivables"]) for n in told["notices"]
    ]


def git(root: Path, *words: str) -> None:
    who = ["-c", "user.name=Nadia", "-c", "user.email=nadia@dubreuil.example"]
    subprocess.run(["git", "-C", str(root), *who, *words], check=True, capture_output=True)


def repository(root: Path) -> Stage:
    """Return a project whose policy is in git, and whose exports are not."""
    stage = project(root)
    stage.write(".gitignore", "*.csv\n*.db\n")
    git(root, "init", "-q", "-b", "main", ".")
    git(root, "add", "-A")
    git(root, "commit", "-q", "-m", "the procedures")
    return stage


def test_the_same_policy_makes_no_difference_and_exit_code_says_so(tmp_path: Path):
    stage = project(tmp_path / "one")
    project(tmp_path / "two")
    said = stage("diff", str(tmp_path / "two"), str(stage.root), "--exit-code", "--date", DAY)
    assert (said.code, "The plan of the day is the same." in said.out) == (0, True)


def test_a_later_level_removes_notices_and_says_until_when_their_items_wait(tmp_path: Path):
    told = changed(tmp_path, with_levels({**LEVELS[0], "days": 10}, *LEVELS[1:]))
    assert told_of(told) == [("removed", "C1", ["F1"])]
    [gone] = told["notices"]
    assert gone["instead"] == {"verdict": "not_due", "until": "2026-04-13", "task": False}
    assert (told["old"]["notices"], told["new"]["notices"]) == (3, 2)
    [row] = told["levels"]
    assert (row["level"], row["removed"], row["claimed"]) == ("reminder-1", 1, "-250.50")
    held = {h["number"]: (h["old"]["until"], h["new"]["until"]) for h in told["held"]}
    assert held["F2"] == ("2026-04-10", "2026-04-15")


def test_an_earlier_level_adds_an_item_to_a_notice_and_a_notice_to_a_debtor(tmp_path: Path):
    told = changed(tmp_path, with_levels({**LEVELS[0], "days": -30}, *LEVELS[1:]))
    assert ("added", "C4", ["F5"]) in told_of(told)
    assert {n["instead"]["verdict"] for n in told["notices"] if n["change"] == "added"} == {
        "not_due"
    }
    sums = [told[side]["notices"] for side in ("old", "new")]
    counts = [sum(n["change"] == what for n in told["notices"]) for what in ("added", "removed")]
    assert sums[1] == sums[0] + counts[0] - counts[1]


def test_another_channel_template_charge_and_tone_are_told_field_by_field(tmp_path: Path):
    level = {**LEVELS[0], "channel": "letter", "template": "last-reminder", "tone": "firm",
             "charges": {"compensation": "legal"}}  # fmt: skip
    told = changed(tmp_path, with_levels(level, *LEVELS[1:]))
    [first, second, abroad] = told["notices"]
    assert {n["change"] for n in (first, second, abroad)} == {"changed"}
    assert first["fields"]["channel"] == {"old": "email", "new": "letter"}
    assert first["fields"]["template"] == {"old": "reminder", "new": "last-reminder"}
    assert first["fields"]["tone"] == {"old": "neutral", "new": "firm"}
    assert first["fields"]["compensation"] == {"old": "0.00", "new": "40.00"}
    assert first["fields"]["recipient"] is None  # it names the debtor
    assert "compensation" not in abroad["fields"]  # it is one of euros
    claimed = {row["currency"]: row["claimed"] for row in told["levels"]}
    assert claimed == {"EUR": "80.00", "CHF": "0.00"}


def test_a_level_that_becomes_a_task_removes_notices_and_adds_tasks(tmp_path: Path):
    call_them = {"id": "call", "days": 5, "channel": "task",
                 "task": {"kind": "call", "subject": "Appeler {{ debtor.name }}"}}  # fmt: skip
    told = changed(tmp_path, with_levels(call_them, *LEVELS[1:]))
    assert {n["change"] for n in told["notices"]} == {"removed"}
    assert {n["instead"]["task"] for n in told["notices"]} == {True}
    assert [(t["change"], t["kind"], t["debtor"]) for t in told["tasks"]] == [
        ("added", "call", "C1"), ("added", "call", "C2"), ("added", "call", "C3"),
    ]  # fmt: skip
    assert "subject" not in told["tasks"][0]


def test_a_task_with_another_owner_is_the_same_task(tmp_path: Path):
    task = {"kind": "call", "subject": "Appeler {{ debtor.name }}"}
    level = {"id": "call", "days": 5, "channel": "task", "task": task}
    other = {**level, "task": {**task, "owner": "Nadia"}}
    told = changed(tmp_path, with_levels(other), with_levels(level))
    assert {t["change"] for t in told["tasks"]} == {"changed"}
    assert {tuple(t["fields"]) for t in told["tasks"]} == {("owner",)}


def test_a_notice_that_is_taken_apart_is_one_changed_and_the_others_added(tmp_path: Path):
    early = {**LEVELS[0], "days": 1}
    told = changed(
        tmp_path,
        with_levels(early, *LEVELS[1:], group="receivable"),
        with_levels(early, *LEVELS[1:]),
    )
    assert told_of(told) == [("changed", "C1", ["F1"]), ("added", "C1", ["F2"])]
    assert told["notices"][1]["instead"] == {"verdict": "act", "until": DAY, "task": False}
    assert [row["claimed"] for row in told["levels"]] == ["0.00"]  # the same is asked for


def test_debtors_who_change_segment_are_counted(tmp_path: Path):
    segments = [
        {"name": "gros", "procedure": "gentle", "when": {"outstanding": {"min": "500"}}},
        {"name": "standard", "procedure": "standard"},
    ]
    told = changed(tmp_path, {"policy": {"segments": segments}, "procedures": {"gentle": {}}})
    assert told["segments"] == [{"old": "standard", "new": "gros", "debtors": 1, "items": 1}]
    assert [n["fields"]["procedure"] for n in told["notices"] if n["debtor"] == "C2"] == [
        {"old": "standard", "new": "gentle"}
    ]


def test_a_text_that_differs_is_named_with_the_levels_that_use_it(tmp_path: Path):
    project(tmp_path / "old")
    stage = project(tmp_path / "new")
    stage.write("templates/reminder/fr.wording", "subject: Relance\n---\nBonjour\n")
    said = call(
        "diff", str(tmp_path / "old"), str(stage.root), "--json", "--exit-code", "--date", DAY
    )
    assert said.code == 1
    assert said.json["notices"] == []
    assert said.json["templates"] == [
        {
            "template": "reminder",
            "files": {"fr.wording": "changed"},
            "levels": ["standard/reminder-1", "standard/reminder-2"],
        }
    ]


def test_a_run_that_would_be_stopped_is_told(tmp_path: Path):
    told = changed(tmp_path, {"policy": {"limits": {"max_notices": 1}}})
    assert [d["code"] for d in told["stops"]] == ["D002"]
    assert told["differs"] is True


def test_the_branch_is_compared_with_main_on_the_exports_that_lie_here(tmp_path: Path):
    stage = repository(tmp_path / "firm")
    stage.procedures({"standard": {"levels": [{**LEVELS[0], "days": 10}, *LEVELS[1:]]}})
    before = stage.bytes_of()
    said = stage("diff", "main", "--date", DAY)
    assert said.code == 0, said
    assert "main → firm" in said.out
    assert "Notices removed: 1" in said.out
    assert "next level not reached, 2026-04-13" in said.out
    assert stage.bytes_of() == before


def test_two_revisions_are_compared_whatever_lies_in_the_work_tree(tmp_path: Path):
    stage = repository(tmp_path / "firm")
    stage.procedures({"standard": {"levels": [{**LEVELS[0], "days": 10}, *LEVELS[1:]]}})
    git(stage.root, "commit", "-q", "-a", "-m", "later")
    stage.write("procedures/standard.yaml", "nothing: good\n")
    assert told_of(stage("diff", "main~1", "main", "--json", "--date", DAY).json) == [
        ("removed", "C1", ["F1"])
    ]


def test_a_project_below_the_top_of_its_repository_is_found_in_a_hook_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    git(tmp_path, "init", "-q", "-b", "main", ".")
    stage = project(tmp_path / "clients" / "dubreuil")
    git(tmp_path, "add", "-A")
    git(tmp_path, "commit", "-q", "-m", "all")
    monkeypatch.setenv("GIT_DIR", ".git")
    assert stage("diff", "main", "--exit-code", "--date", DAY).code == 0


def test_the_history_counts_so_that_nothing_sent_is_told_as_new(tmp_path: Path):
    stage = repository(tmp_path / "firm")
    assert stage("run", "--date", DAY).code == 0
    stage.procedures({"standard": {"levels": [{**LEVELS[0], "days": 1}, *LEVELS[1:]]}})
    told = stage("diff", "main", "--json", "--date", "2026-04-09").json
    assert told_of(told) == [("added", "C1", ["F2"])]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["nothing"], "nothing is neither a project directory nor a revision that git knows"),
        (["--", "-oops"], "-oops is no revision"),
        (["main:relance.yaml"], "neither a project directory nor a revision"),
        (["../empty"], "../empty is no project"),
    ],
)
def test_what_is_no_project_and_no_revision_is_said(
    words: list[str], said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    repository(tmp_path / "firm")
    (tmp_path / "empty").mkdir()
    monkeypatch.chdir(tmp_path / "firm")
    done = call("diff", *words)
    assert (done.code, done.out) == (2, "")
    assert said in done.err


def test_without_a_repository_or_without_git_a_revision_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    stage = project(tmp_path / "firm")
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path))
    done = stage("diff", "main")
    assert done.code == 2
    assert "git does not give the revision: fatal: not a git repository" in done.err
    monkeypatch.setenv("PATH", str(tmp_path))
    assert "there is no git on this machine" in stage("diff", "main").err


def test_a_revision_without_the_project_and_one_of_links_are_refused(tmp_path: Path):
    stage = repository(tmp_path / "firm")
    git(stage.root, "checkout", "-q", "--orphan", "empty")
    git(stage.root, "rm", "-rfq", "--cached", ".")
    git(stage.root, "commit", "-q", "--allow-empty", "-m", "nothing")
    assert "empty has no relance.yaml in /" in stage("diff", "empty").err
    (stage.root / "procedures" / "other.yaml").symlink_to("/etc/hostname")
    git(stage.root, "add", "-A")
    git(stage.root, "commit", "-q", "-m", "a link")
    assert "procedures/other.yaml of empty is a link" in stage("diff", "empty").err


def test_errors_of_the_old_policy_are_shown_with_the_place_they_have_there(tmp_path: Path):
    stage = repository(tmp_path / "firm")
    stage.write("procedures/standard.yaml", "name: standard\nlevls: []\n")
    git(stage.root, "commit", "-q", "-a", "-m", "broken")
    stage.procedures()
    done = stage("diff", "main", "--date", DAY)
    assert (done.code, done.out) == (2, "")
    assert "main:procedures/standard.yaml:2:1" in done.err


def test_data_that_the_new_policy_cannot_read_refuse_the_comparison(tmp_path: Path):
    project(tmp_path / "old")
    project(tmp_path / "new", {"policy": {"sources": [
        {"name": "ventes", "kind": "csv", "path": "elsewhere.csv", "full": True}]}})  # fmt: skip
    done = call("diff", str(tmp_path / "old"), str(tmp_path / "new"), "--date", DAY)
    assert done.code == 3


def test_the_exports_may_be_those_of_another_project(tmp_path: Path):
    project(tmp_path / "old")
    project(tmp_path / "new", with_levels({**LEVELS[0], "days": 10}, *LEVELS[1:]))
    data = project(tmp_path / "data")
    data.sales("F9,C1,2026-03-02,2026-04-01,10.00,10.00,EUR,invoice")
    (data.root / "relance.yaml").unlink()  # a folder of files is enough
    said = data("diff", str(tmp_path / "old"), str(tmp_path / "new"), "--json", "--date", DAY)
    assert (said.code, told_of(said.json)) == (0, [])
    assert [h["number"] for h in said.json["held"]] == ["F9"]


def test_an_export_without_a_row_is_refused_as_a_run_would(tmp_path: Path):
    stage = project(tmp_path / "firm")
    stage.sales("")
    said = stage("diff", str(stage.root), str(stage.root), "--date", DAY)
    assert (said.code, "I013" in said.err) == (3, True)


HOSTILE = (
    "C1,@everyone <img src=x>|`rm` [a](//b),business,FR,fr,a@b.example,1 rue Haute,75001,Paris"
)


def test_markdown_names_nobody_unless_asked_and_nothing_of_a_name_is_markup(tmp_path: Path):
    customers = f"{HOSTILE}\nC2,Client C2,business,FR,fr,c2@b.example,1 rue Haute,75001,Paris\n"
    customers += "C3,Client C3,business,FR,fr,c3@b.example,1 rue Haute,75001,Paris\n"
    customers += "C4,Client C4,business,FR,fr,c4@b.example,1 rue Haute,75001,Paris\n"
    project(tmp_path / "old", {"customers": customers})
    later = with_levels({**LEVELS[0], "days": 10, "channel": "letter"}, *LEVELS[1:])
    project(tmp_path / "new", {"customers": customers, **later})
    words = ("diff", str(tmp_path / "old"), str(tmp_path / "new"), "--date", DAY)
    public = call(*words, "--format", "markdown").out
    assert "### Notices removed: 1" in public
    assert "| F1 | reminder-1 | 1 |" in public
    assert not any(word in public for word in ("Client", "everyone", "b.example", "rue Haute"))
    named = call(*words, "--format", "markdown", "--names").out
    assert "| &#64;everyone &#60;img src=x&#62;&#124;&#96;rm&#96; &#91;a&#93;(//b) |" in named
    assert "Client C2" in named


def test_lists_are_cut_and_all_shows_them_whole(tmp_path: Path):
    rows = "\n".join(
        f"F{n:02},C{n:02},2026-03-02,2026-04-01,100.00,100.00,EUR,invoice" for n in range(30)
    )
    project(tmp_path / "old", {"open": rows})
    project(tmp_path / "new", {"open": rows, **with_levels({**LEVELS[0], "days": 10}, *LEVELS[1:])})
    words = ("diff", str(tmp_path / "old"), str(tmp_path / "new"), "--date", DAY)
    cut, whole = call(*words).out, call(*words, "--all").out
    assert "… and 10 more: --all lists them" in cut
    assert [cut.count("Client C"), whole.count("Client C")] == [20, 30]


def test_it_is_told_in_french(tmp_path: Path):
    project(tmp_path / "old")
    project(tmp_path / "new", with_levels({**LEVELS[0], "days": 10}, *LEVELS[1:]))
    said = call("diff", str(tmp_path / "old"), str(tmp_path / "new"), "--date", DAY, "--lang", "fr")
    assert "Relances en moins\u00a0: 1" in said.out


def test_the_sums_agree_with_both_plans_written_out_in_full(tmp_path: Path):
    level = {**LEVELS[0], "days": 3, "charges": {"interest": "legal", "compensation": "legal"}}
    new = with_levels(level, *LEVELS[1:], group="level", minimum="0")
    told = changed(tmp_path, new)
    plans = [Stage(tmp_path / side).plan(DAY) for side in ("old", "new")]
    for currency in ("EUR", "CHF"):
        due = [
            sum(
                round(100 * float(n["total_due"]))
                for n in plan["notices"]
                if n["currency"] == currency
            )
            for plan in plans
        ]
        rows = [row for row in told["levels"] if row["currency"] == currency]
        assert sum(round(100 * float(row["claimed"])) for row in rows) == due[1] - due[0]
    assert [len(plan["notices"]) for plan in plans] == [told[s]["notices"] for s in ("old", "new")]
