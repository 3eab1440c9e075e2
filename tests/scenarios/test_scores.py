"""Scores of others and the estimate: they order the worklist, and nothing else."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from datetime import date, timedelta
from importlib.util import find_spec
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[1]))

from channels.http_server import HANG, HttpServer, dripping, redirect, status

from .stage import Fields, Said, Stage, new_stage
from .test_debtor import book

DAY = ("--date", "2026-04-20")
CUSTOMERS = "id,name,kind,country,language,email,registration,vat,credit_limit\n"
ROWS = (
    "C1,Un,business,FR,fr,c1@client.example,552100554,FR45552100554,\n"
    "C2,Deux,business,FR,fr,c2@client.example,732829320,,\n"
    "P1,Paul,consumer,FR,fr,p1@client.example,443061841,,\n"
    "X1,Qui,,FR,fr,x1@client.example,542051180,,\n"
)
SALES = (
    "F1,C1,2026-02-01,2026-03-01,900.00,900.00,EUR,invoice\n"
    "F2,C2,2026-02-01,2026-03-01,1000.00,1000.00,EUR,invoice\n"
    "F3,P1,2026-02-01,2026-03-01,5000.00,5000.00,EUR,invoice\n"
    "F4,X1,2026-02-01,2026-03-01,5000.00,5000.00,EUR,invoice\n"
)
FILE: Fields = {"name": "agence", "kind": "csv", "path": "scores*.csv", "worst": "0", "best": "20"}


def scored(tmp_path: Path, *sources: Fields, more: Fields | None = None) -> Stage:
    """Return a project with four debtors, one of each kind, and the sources of scores."""
    scores = {"sources": list(sources), **(more or {})}
    stage = new_stage(tmp_path / "p", {"open": SALES, "policy": {"scores": scores}})
    stage.customers(CUSTOMERS + ROWS)
    return stage


def listed(stage: Stage, *more: str) -> dict[str, Fields]:
    said = stage("score", "list", "--json", *(more or DAY))
    assert said.code == 0, said
    return {row["debtor"]: row for row in said.json["scores"]}


class TestFiles:
    """Scores out of CSV files."""

    def test_of_two_scores_the_newer_counts_and_its_age_is_told(self, tmp_path):
        stage = scored(tmp_path, FILE)
        stage.write("scores-1.csv", "id,score,date,provider\nC1,4,2026-03-20,Ancienne\n")
        stage.write("scores-2.csv", "id;score;date\nC1;15,5;2026-04-10\n")
        found = listed(stage)["C1"]
        assert (found["score"], found["dated"], found["age_days"]) == (15.5, "2026-04-10", 10)
        assert (found["provider"], found["risk"]) == ("agence", 0.225)

    def test_of_one_day_the_first_source_of_the_policy_counts(self, tmp_path):
        other = {**FILE, "name": "autre", "path": "autre.csv"}
        stage = scored(tmp_path, other, FILE)
        stage.write("scores.csv", "id,score,date\nC1,4,2026-04-10\n")
        stage.write("autre.csv", "id,score,date\nC1,12,2026-04-10\n")
        assert (listed(stage)["C1"]["source"], listed(stage)["C1"]["score"]) == ("autre", 12)

    def test_a_score_that_is_too_old_is_shown_and_orders_nothing(self, tmp_path):
        stage = scored(tmp_path, FILE, more={"valid_days": "30"})
        stage.write("scores.csv", "id,score,date\nC1,4,2026-03-01\n")
        found = listed(stage)["C1"]
        assert (found["valid"], found["risk"], found["age_days"]) == (False, None, 50)
        assert "too old" in stage("score", "list", *DAY).out
        said = " ".join(stage("debtor", "C1", *DAY).out.split())
        assert (
            "4 (0 is the worst, 20 the best), agence, 2026-03-01: too old, it orders nothing"
            in said
        )
        stage("tasks", "add", "F1", "call", *DAY)
        assert "Scores of others" not in stage("tasks", *DAY).out

    def test_a_firm_is_found_by_its_number_in_the_register(self, tmp_path):
        stage = scored(tmp_path, FILE)
        stage.write(
            "scores.csv",
            "siret,tva,score,date\n552 100 554 00013,,4,2026-04-01\n,FR 45 552100554,6,2026-04-02\n",
        )
        assert listed(stage)["C1"]["score"] == 6

    def test_nobody_who_may_be_a_person_has_a_score(self, tmp_path):
        stage = scored(tmp_path, FILE)
        stage.write(
            "scores.csv", "id,score,date\nP1,1,2026-04-01\nX1,1,2026-04-01\nC2,9,2026-04-01\n"
        )
        said = stage("score", "list", "--json", *DAY).json
        assert [row["debtor"] for row in said["scores"]] == ["C2"]
        assert [d["code"] for d in said["diagnostics"]] == ["D182"]
        assert stage("debtor", "P1", "--json", *DAY).json["scores"] == []
        assert "Score of others" not in stage("debtor", "P1", *DAY).out

    def test_rows_that_mean_nothing_are_left_out_one_by_one(self, tmp_path):
        stage = scored(tmp_path, FILE)
        stage.write(
            "scores.csv",
            "id,score,date\nC1,21,2026-04-01\nC1,nan,2026-04-01\nC1,5,\n,5,2026-04-01\nC1,5,2027-01-01\n"
            "C2,5,2026-04-01\n",
        )
        said = stage("score", "list", "--json", *DAY).json
        assert [row["debtor"] for row in said["scores"]] == ["C2"]
        assert sorted(d["line"] for d in said["diagnostics"] if d["code"] == "D181") == [
            2,
            3,
            4,
            5,
            6,
        ]

    def test_a_hostile_file_does_no_more_than_be_left_out(self, tmp_path):
        stage = scored(tmp_path, FILE)
        hostile = ("C1,1e400,2026-04-01,x", "C1,-inf,2026-04-01,x", "C1,0x10,2026-04-01,x",
                   "C1,5,0000-00-00,x", "../../C1,5,2026-04-01,x", "C1;DROP,5,2026-04-01,x")  # fmt: skip
        clean = 'C2,5,2026-04-01,"=HYPERLINK(""http://x"")\x1b[31m\u202eGNP"\n'
        stage.write("scores.csv", "id,score,date,provider\n" + "\n".join(hostile) + "\n" + clean)
        assert sorted(listed(stage)) == ["C2"]
        told = stage("score", "list", *DAY)
        assert told.code == 0
        assert "\x1b" not in told.out + told.err
        assert "\u202e" not in told.out + told.err
        sheet = stage("debtor", "C2", *DAY)
        assert "\x1b" not in sheet.out
        page = stage.root / "c2.html"
        assert stage("debtor", "C2", "--html", str(page), *DAY).code == 0
        assert "\x1b" not in page.read_text("utf-8")

    def test_a_file_of_other_things_gives_no_scores_and_one_warning(self, tmp_path):
        stage = scored(tmp_path, FILE)
        for text in ("", "\x00\x01\x02", "name,colour\nC1,red\n", "id,score,date\nC1,5"):
            stage.write("scores.csv", text)
            said = stage("score", "list", "--json", *DAY)
            assert (said.code, said.json["scores"]) == (0, [])
            assert [d["code"] for d in said.json["diagnostics"]] == ["D180"]
            assert stage("run", "--dry-run", *DAY).code == 0

    def test_a_file_that_cannot_be_read_stops_neither_run_nor_worklist(self, tmp_path):
        stage = scored(tmp_path, FILE)
        assert stage("run", *DAY).code == 0
        assert stage("tasks", *DAY).code == 0
        said = stage("score", "list", *DAY)
        assert (said.code, "D180" in said.err) == (0, True)


ANSWER = {"company": {"score": {"value": "12", "date": "2026-04-15"}}}
OK = status(200, ANSWER)


def service(url: str, **more: object) -> Fields:
    return {
        "name": "bureau", "kind": "http", "url": f"{url}/firms/{{registration}}",
        "headers": {"Authorization": "Bearer {token}"}, "secrets": {"token": "file:token"},
        "score": "company.score.value", "dated": "company.score.date", "worst": "0", "best": "20",
        "pause": "0", "timeout": "2", **more,
    }  # fmt: skip


@pytest.fixture
def server() -> Iterator[HttpServer]:
    with HttpServer({"*": OK}).running() as running:
        yield running


def asking(tmp_path: Path, server: HttpServer, **more: object) -> Stage:
    stage = scored(tmp_path, service(server.url, **more))
    stage.write("token", "s3cret-of-ours\n")
    (stage.root / "token").chmod(0o600)
    return stage


def fetched(stage: Stage, *more: str) -> Said:
    return stage("score", "fetch", "--json", *(more or DAY))


class TestServices:
    """Scores asked of a service, a real small server on loopback."""

    def test_firms_are_asked_about_once_and_natural_persons_never(self, tmp_path, server):
        stage = asking(tmp_path, server)
        said = fetched(stage)
        assert (said.code, said.json["services"][0]["given"]) == (0, 2)
        assert sorted(s.path for s in server.seen) == ["/firms/552100554", "/firms/732829320"]
        assert server.seen[0].headers["authorization"] == "Bearer s3cret-of-ours"
        assert server.seen[0].body == b""
        found = listed(stage)
        assert sorted(found) == ["C1", "C2"]
        assert (found["C1"]["score"], found["C1"]["dated"]) == (12, "2026-04-15")
        assert fetched(stage, "--date", "2026-07-18").json["services"][0]["asked"] == 0
        assert len(server.seen) == 2
        assert fetched(stage, "--date", "2026-07-20").json["services"][0]["asked"] == 2

    def test_neither_a_run_nor_a_dry_run_nor_the_worklist_asks_anybody(self, tmp_path, server):
        stage = asking(tmp_path, server)
        before = stage.bytes_of()
        assert stage("run", "--dry-run", *DAY).code == 0
        assert fetched(stage, "--dry-run", *DAY).json["services"][0]["due"] == 2
        assert stage.bytes_of() == before
        for words in (["run"], ["tasks"], ["debtor", "C1"], ["score", "list"]):
            assert stage(*words, *DAY).code == 0
        assert server.connections == 0

    @pytest.mark.parametrize(
        "step",
        [
            status(503),
            status(401, b"bad token s3cret-of-ours"),
            status(429),
            redirect(302, "http://127.0.0.1:1/other"),
            HANG,
            dripping(OK, 0.5),
            status(200, b"x" * 300_000),
        ],
        ids=["down", "refused", "too-many", "redirect", "hangs", "drips", "endless"],
    )
    def test_a_provider_that_fails_leaves_the_older_score_with_its_age(
        self, tmp_path, server, step
    ):
        stage = asking(tmp_path, server, timeout="1")
        fetched(stage)
        server.script["*"] = step
        said = fetched(stage, "--date", "2026-09-01")
        assert said.code == 1
        (told,) = said.json["diagnostics"]
        assert (told["code"], "older scores stay: 2" in told["message"]) == ("D184", True)
        assert "s3cret" not in said.out + said.err
        assert listed(stage, "--date", "2026-09-01")["C1"]["age_days"] == 139
        assert stage("run", "--date", "2026-09-01").code == 0

    def test_while_a_provider_is_down_its_older_answers_order_the_list_and_it_is_said(
        self, tmp_path, server
    ):
        stage = asking(tmp_path, server)
        server.script["GET /firms/552100554"] = status(
            200, {"company": {"score": {"value": 0, "date": "2026-04-15"}}}
        )
        server.script["GET /firms/732829320"] = status(404)
        for number in ("F1", "F2"):
            stage("tasks", "add", number, "call", *DAY)
        fetched(stage)
        later = ("--date", "2026-08-01")
        server.script.clear()
        server.script["*"] = status(503)
        said = stage("score", "fetch", *later)
        assert said.code == 1
        assert "the older scores stay: 1" in " ".join(said.err.split())
        told = stage("tasks", *later).out
        assert "Scores of others count: 1 debtor." in " ".join(told.split())
        works = stage("tasks", "--json", *later).json["tasks"]
        assert [w["receivables"] for w in works] == [["F1"], ["F2"]]
        assert [w["expected"]["risk"] for w in works] == [1.0, None]
        assert stage("debtor", "C2", "--json", *later).json["scores"] == []
        assert "bureau · 0" in " ".join(stage("history", *later).out.split())

    def test_after_a_failure_the_service_is_left_alone(self, tmp_path, server):
        server.script["*"] = status(503)
        fetched(asking(tmp_path, server))
        assert len(server.seen) == 1

    def test_what_is_not_understood_is_not_guessed(self, tmp_path, server):
        odd = ({"company": {}}, {"company": {"score": {"value": True}}}, [1], "12",
               {"company": {"score": {"value": 21, "date": "2026-04-15"}}},
               {"company": {"score": {"value": 12, "date": "2027-01-01"}}},
               {"company": {"score": {"value": "NaN", "date": "2026-04-15"}}})  # fmt: skip
        stage = asking(tmp_path, server)
        for answer in odd:
            server.script["*"] = status(200, answer)
            said = fetched(stage)
            assert (said.code, said.json["diagnostics"][0]["code"]) == (1, "D185")
        assert listed(stage) == {}

    def test_a_firm_that_the_provider_does_not_know_is_not_asked_about_again(
        self, tmp_path, server
    ):
        server.script["*"] = status(404)
        stage = asking(tmp_path, server)
        assert fetched(stage).json["services"][0]["unknown"] == 2
        assert fetched(stage).json["services"][0]["due"] == 0
        assert listed(stage) == {}

    def test_a_call_asks_no_more_than_it_may_those_who_owe_most_first(self, tmp_path, server):
        stage = asking(tmp_path, server, per_run="1")
        fetched(stage)
        assert [s.path for s in server.seen] == ["/firms/732829320"]

    def test_a_number_of_the_register_leads_to_no_other_address(self, tmp_path, server):
        stage = asking(tmp_path, server)
        stage.customers(CUSTOMERS + "C1,Un,business,FR,fr,,../admin?x=1#y,,\n")
        fetched(stage)
        assert [s.path for s in server.seen] == ["/firms/adminx1y"]

    def test_a_secret_that_cannot_be_opened_is_a_warning(self, tmp_path, server):
        stage = asking(tmp_path, server)
        (stage.root / "token").unlink()
        said = fetched(stage)
        assert (said.code, said.json["diagnostics"][0]["code"]) == (1, "D184")
        assert server.connections == 0

    def test_of_a_file_and_a_service_the_newer_counts(self, tmp_path, server):
        stage = scored(tmp_path, FILE, service(server.url, headers={}, secrets={}))
        stage.write("scores.csv", "id,score,date\nC1,3,2026-04-16\nC2,3,2026-04-14\n")
        fetched(stage)
        found = listed(stage)
        assert (found["C1"]["source"], found["C2"]["source"]) == ("agence", "bureau")

    def test_what_was_answered_is_handed_out_and_erased_with_the_rest(self, tmp_path, server):
        stage = asking(tmp_path, server)
        stage.sales("F1,C1,2026-02-01,2026-03-01,900.00,900.00,EUR,invoice")
        fetched(stage)
        assert "scored" in stage("gdpr", "export", "C1").out
        stage.sales("F9,C2,2026-02-01,2026-03-01,900.00,900.00,EUR,invoice")
        said = stage("gdpr", "erase", "C1", "--confirm")
        assert said.code == 0, said
        assert "C1" not in listed(stage)


class TestTheWorklist:
    """What the estimate and the scores of others do: they order tasks."""

    def late(self, tmp_path: Path, **paid: list[int]) -> Stage:
        stage = book(tmp_path, paid)
        for debtor in paid:
            number = stage("debtor", debtor, "--json", *DAY).json["items"][-1]["number"]
            stage("tasks", "add", number, "call", "--kind", "call", *DAY)
        return stage

    def works(self, stage: Stage, *more: str) -> list[Fields]:
        found: list[Fields] = stage("tasks", "--json", *more, *DAY).json["tasks"]
        return found

    def test_a_task_says_when_its_invoice_is_expected_and_why(self, tmp_path):
        stage = self.late(tmp_path, C1=[10, 20, 40, 60, 500, 999], C2=[0] * 40 + [999])
        (first, *_rest) = [w for w in self.works(stage) if w["debtor"] == "C1"]
        expected = first["expected"]
        assert expected["from"] <= expected["date"] <= expected["to"]
        assert expected["date"] > "2026-04-20"
        said = stage("tasks", "show", str(first["number"]), *DAY).out
        assert "eight times in ten between" in " ".join(said.split())
        assert "6 of its debtor's 6 receivables were late" in " ".join(said.split())

    def test_who_pays_late_comes_before_who_does_not(self, tmp_path):
        stage = self.late(tmp_path, C1=[0] * 30 + [999], C2=[30] * 30 + [999])
        assert [w["debtor"] for w in self.works(stage)] == ["C2", "C1"]

    def test_by_the_expected_day_the_latest_comes_first(self, tmp_path):
        stage = self.late(tmp_path, C1=[0] * 30 + [999], C2=[300] * 30 + [999])
        days = {w["debtor"]: w["expected"]["date"] for w in self.works(stage)}
        order = [w["debtor"] for w in self.works(stage, "--by", "expected")]
        assert order == sorted(days, key=lambda d: days[d] or "9999", reverse=True)
        told = stage("tasks", "--by", "expected", *DAY).out
        assert "First what is expected last" in " ".join(told.split())
        assert all(day in told for day in days.values() if day)

    def test_a_score_of_others_moves_a_task_and_no_notice(self, tmp_path):
        stage = scored(tmp_path, FILE)
        for number in ("F1", "F2"):
            stage("tasks", "add", number, "call", *DAY)
        plan = stage("plan", "--json", *DAY).out
        assert [w["receivables"] for w in self.works(stage)] == [["F2"], ["F1"]]
        stage.write("scores.csv", "id,score,date\nC1,0,2026-04-10\nC2,20,2026-04-10\n")
        assert [w["receivables"] for w in self.works(stage)] == [["F1"], ["F2"]]
        assert stage("plan", "--json", *DAY).out == plan

    def test_of_a_natural_person_nothing_is_expected(self, tmp_path):
        stage = scored(tmp_path, FILE)
        stage("tasks", "add", "F3", "call", *DAY)
        (work,) = self.works(stage)
        assert (work["expected"]["why"], work["expected"]["chance"]) == ("not_a_firm", None)


SUMMER = range(4, 10)


def seasonal(tmp_path: Path, debtors: int) -> Stage:
    """Return a book whose firms are all late in summer and in time in winter: the ratio sees none of it."""
    first = date(2025, 1, 6) + timedelta(days=30)
    months = [(first + timedelta(days=7 * week)).month for week in range(70)]
    days = [20 if month in SUMMER else 0 for month in months]
    return book(tmp_path, {f"C{n:02}": days for n in range(debtors)})


LATER = ("--date", "2026-07-10")


NEEDS_MODELS = pytest.mark.skipif(
    find_spec("sklearn") is None, reason="relance[score] is not installed"
)


class TestModels:
    """A model is used only where it beats the ratio on the user's own past."""

    @NEEDS_MODELS
    def test_a_model_that_is_better_for_certain_orders_the_list_for_a_month(self, tmp_path):
        stage = seasonal(tmp_path, 22)
        stage("tasks", "add", "Call", "--debtor", "C01", *LATER)
        before = stage("plan", "--json", *LATER).out
        ratio = stage("tasks", "--json", *LATER).json["tasks"][0]["expected"]
        said = stage("score", "evaluate", "--models", "--json", *LATER)
        assert said.code == 0, said
        found = said.json
        assert found["logistic"]["auc"] > found["ratio"]["auc"]
        assert (found["difference_low"] > 0, found["used"]) == (True, "logistic")
        assert found["logistic"]["brier"] < found["ratio"]["brier"]
        assert found["logistic"]["ap"] > found["ratio"]["ap"]
        assert sum(b["count"] for b in found["logistic"]["bins"]) == found["judged"]
        model = stage("tasks", "--json", *LATER).json["tasks"][0]["expected"]
        assert (ratio["by"], model["by"]) == ("ratio", "logistic")
        assert model["chance"] > ratio["chance"]
        assert "better on your own past" in " ".join(stage("debtor", "C01", *LATER).out.split())
        after = stage("tasks", "--json", "--date", "2026-08-11").json["tasks"][0]["expected"]
        assert after["by"] == "ratio"
        assert stage("plan", "--json", *LATER).out == before

    @NEEDS_MODELS
    def test_of_few_debtors_nothing_can_be_said_and_the_ratio_stays(self, tmp_path):
        stage = seasonal(tmp_path, 8)
        told = stage("score", "evaluate", "--models", *LATER).out
        assert "fewer than 20 debtors" in " ".join(told.split())
        assert stage("debtor", "C01", "--json", *LATER).json["estimate"]["model"] == "ratio"

    @NEEDS_MODELS
    def test_where_the_ratio_says_it_all_it_stays_and_that_is_said(self, tmp_path):
        days = {f"C{n:02}": [20] * 30 if n % 2 else [0] * 30 for n in range(24)}
        stage = book(tmp_path, days)
        found = stage("score", "evaluate", "--models", "--json", *LATER).json
        assert found["used"] == "ratio"
        assert found["difference_low"] <= 0
        stage("tasks", "add", "Call", "--debtor", "C01", *LATER)
        (work,) = stage("tasks", "--json", *LATER).json["tasks"]
        assert work["expected"]["by"] == "ratio"
        said = " ".join(stage("debtor", "C01", *LATER).out.split())
        assert "A model was not better on your own past" in said

    @NEEDS_MODELS
    def test_below_the_least_number_it_refuses(self, tmp_path):
        stage = book(tmp_path, {"C1": [20] * 29, "C2": [0] * 300})
        said = stage("score", "evaluate", "--models", *LATER)
        assert (said.code, "D139" in said.err) == (3, True)

    def test_without_the_extra_it_says_the_way_out(self, tmp_path, monkeypatch):
        monkeypatch.setitem(sys.modules, "sklearn", None)
        said = seasonal(tmp_path, 2)("score", "evaluate", "--models", *LATER)
        assert (said.code, "D186" in said.err, "relance[score]" in said.err) == (2, True, True)

    def test_nothing_of_it_is_imported_unless_asked(self, tmp_path):
        stage = seasonal(tmp_path, 2)
        code = (
            "import sys; sys.argv = ['relance', 'score', 'evaluate', '-C', sys.argv[1], '-q', '--date', "
            "'2026-07-10']\n"
            "from relance.cli.main import main\n"
            "try: main()\n"
            "except SystemExit: pass\n"
            "print(sorted({'sklearn', 'scipy', 'numpy'} & set(sys.modules)), file=sys.stderr)"
        )
        done = subprocess.run(
            [sys.executable, "-c", code, str(stage.root)],
            capture_output=True,
            text=True,
            check=True,
        )
        assert done.stderr.strip().splitlines()[-1] == "[]"
