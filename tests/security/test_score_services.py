"""Whoever answers in place of a service of scores: at worst the order of the worklist changes."""

from __future__ import annotations

from pathlib import Path

import pytest

from channels.http_server import HttpServer, Step, redirect, status
from scenarios.stage import Stage, new_stage

DAY = ("--date", "2026-04-20")
ESCAPE = "\x1b]0;owned\x07\u202e"


def asked(tmp_path: Path, step: Step) -> tuple[Stage, HttpServer]:
    """Return a project that asked a service which answers `step`, and the service."""
    with HttpServer({"*": step}).running() as server:
        source = {
            "name": "bureau", "kind": "http", "url": f"{server.url}/{{registration}}", "score": "note",
            "dated": "day", "worst": "0", "best": "20", "timeout": "2", "pause": "0",
        }  # fmt: skip
        sales = "F1,C1,2026-02-01,2026-03-01,900.00,900.00,EUR,invoice\n"
        policy = {"scores": {"sources": [source]}}
        stage = new_stage(tmp_path / "p", {"open": sales, "policy": policy})
        stage.customers("id,name,kind,registration\nC1,Un,business,552100554\n")
        plan = stage("plan", "--json", *DAY).out
        said = stage("score", "fetch", *DAY)
        assert said.code == 1
        assert "\x1b" not in said.out + said.err
        assert "\u202e" not in said.out + said.err
        assert stage("plan", "--json", *DAY).out == plan
        return stage, server


@pytest.mark.parametrize(
    "body",
    [
        b"[" * 100_000,
        b'{"note":' * 20_000 + b"1" + b"}" * 20_000,
        b'{"note": 1e999, "day": "2026-04-01"}',
        b'{"note": NaN, "day": "2026-04-01"}',
        b'{"note": -1, "day": "2026-04-01"}',
        b'{"note": ' + b"9" * 10_000 + b', "day": "2026-04-01"}',
        b'{"note": 5, "day": "9999-99-99"}',
        b"\xff\xfe{",
        f'{{"note": "{ESCAPE}", "day": "{ESCAPE}"}}'.encode(),
    ],
    ids=[
        "deep",
        "deep-objects",
        "infinite",
        "nan",
        "off-scale",
        "huge",
        "no-day",
        "bytes",
        "codes",
    ],
)
def test_an_answer_that_is_no_score_is_left_out(tmp_path, body):
    stage, _server = asked(tmp_path, status(200, body))
    assert stage("score", "list", "--json", *DAY).json["scores"] == []


def test_what_it_says_of_itself_reaches_no_screen_as_it_stands(tmp_path):
    asked(tmp_path, status(500, ESCAPE.encode()))


def test_it_sends_the_question_nowhere_else(tmp_path):
    with HttpServer({"*": status(200, {"note": 0, "day": "2026-04-01"})}).running() as other:
        _stage, server = asked(tmp_path, redirect(302, f"{other.url}/inside"))
        assert (len(server.seen), other.connections) == (1, 0)
