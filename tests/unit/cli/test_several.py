"""Several projects in one call: each on its own, one summary, the worst exit code."""

from __future__ import annotations

import json

import pytest


@pytest.fixture
def clients(relance, tmp_path):
    for name in ("alpha", "beta", "gamma"):
        assert relance("init", "--country", "fr", f"clients/{name}").returncode == 0
    broken = tmp_path / "clients/beta/relance.yaml"
    broken.write_text(broken.read_text("utf-8").replace("creditor:", "creditr:", 1), "utf-8")
    return tmp_path / "clients"


def test_one_that_fails_stops_no_other_and_gives_the_code(relance, clients):
    done = relance("validate", "-C", "clients/*")
    assert done.returncode == 2
    headings = [line for line in done.stdout.splitlines() if line.startswith("── ")]
    assert [h.split()[1] for h in headings] == [
        "clients/alpha", "clients/beta", "clients/gamma", "Summary",
    ]  # fmt: skip
    assert "usage or policy errors" in done.stdout.split("Summary")[1]


def test_named_twice_it_runs_once(relance, clients):
    done = relance("validate", "-C", "clients/alpha", "-C", "clients/alpha", "-C", "clients/gamma")
    assert done.returncode == 0
    assert done.stdout.count("── clients/alpha") == 1


def test_json_is_one_object_by_project(relance, clients):
    done = relance("validate", "-C", "clients/*", "--json")
    content = json.loads(done.stdout)
    assert {name: p["exit"] for name, p in content["projects"].items()} == {
        "clients/alpha": 0, "clients/beta": 2, "clients/gamma": 0,
    }  # fmt: skip
    assert content["projects"]["clients/beta"]["result"]["errors"] >= 1
    assert content["exit"] == 2


def test_messages_carry_the_name_of_their_project(relance, clients):
    done = relance("plan", "-C", "clients/*", "--date", "2020-01-01")
    assert "[clients/beta] " in done.stderr


def test_quiet_says_nothing_of_those_that_are_well(relance, clients):
    done = relance("validate", "-C", "clients/alpha", "-C", "clients/gamma", "--quiet")
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_a_wrong_date_is_said_once(relance, clients):
    done = relance("plan", "-C", "clients/*", "--date", "31/12/2026")
    assert done.returncode == 2
    assert done.stderr.count("is not a date") == 1


def test_one_output_file_cannot_hold_several_projects(relance, clients):
    done = relance("plan", "-C", "clients/*", "-o", "plan.json")
    assert done.returncode == 2
    assert "one project only" in done.stderr


def test_a_run_of_several_sums_up_what_each_sent(relance, clients):
    done = relance("run", "-C", "clients/alpha", "-C", "clients/gamma")
    assert done.returncode == 0
    assert done.stdout.split("Summary")[1].count(" items read: ") == 2
