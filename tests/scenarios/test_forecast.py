"""The cash of the coming weeks as a user reads it: quantiles, what is left out, and when it says nothing."""

from __future__ import annotations

import random
from datetime import date, timedelta
from pathlib import Path

import pytest

from .stage import Fields, Stage, new_stage
from .test_debtor import ACCOUNT, SOURCES

TODAY = date(2026, 4, 15)
DAY = ("--date", "2026-04-15")
CUSTOMERS = "id,name,kind,country,language,email\n"


def rows_of(count: int, *, settled: bool = True) -> tuple[str, str]:
    """Return so many invoices of nine firms and their payments, ten days late more or less."""
    chance = random.Random(7)
    sales, bank = "", "date,amount,counterparty,text,account\n"
    for number in range(1000, 1000 + count):
        issued = TODAY - timedelta(days=chance.randrange(70, 460))
        due = issued + timedelta(days=30)
        name, debtor = f"F-{issued.year}-{number}", f"C{number % 9 + 1}"
        sales += f"{name},{debtor},{issued},{due},{number}.00,{number}.00,EUR,invoice\n"
        if settled:
            paid = due + timedelta(days=10 + chance.randrange(-8, 9))
            bank += f"{paid},{number}.00,Client {debtor},FACTURE {name},{ACCOUNT}\n"
    return sales, bank


OPEN = (
    "A1,C1,2026-03-10,2026-04-09,1000.00,1000.00,EUR,invoice\n"
    "A2,C2,2026-03-20,2026-04-19,2000.00,2000.00,EUR,invoice\n"
    "A3,C3,2026-04-01,2026-05-01,3000.00,3000.00,EUR,invoice\n"
)


def staged(root: Path, count: int = 260, more: str = OPEN, persons: str = "") -> Stage:
    """Return a project of nine firms with so many invoices that were paid, and `more` that are not."""
    sales, bank = rows_of(count)
    stage = new_stage(root, {"open": sales + more, "policy": {"sources": SOURCES}})
    stage.write("banque.csv", bank)
    firms = "".join(f"C{n},Client C{n},business,FR,fr,c{n}@client.example\n" for n in range(1, 10))
    stage.customers(CUSTOMERS + firms + persons)
    return stage


def forecast(stage: Stage, *more: str) -> Fields:
    said = stage("forecast", "--json", *DAY, *more)
    assert said.code == 0, said
    found: Fields = said.json
    return found


def sums(found: Fields, name: str, currency: str = "EUR") -> list[str]:
    return [week["currencies"][currency][name] for week in found["weeks"]]


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Stage:
    return staged(tmp_path_factory.mktemp("forecast") / "p")


@pytest.fixture(scope="module")
def found(stage: Stage) -> Fields:
    return forecast(stage)


class TestEnoughIsKnown:
    """A book of 260 receivables that were settled."""

    def test_each_week_has_its_quantiles_and_what_falls_due(self, found: Fields) -> None:
        assert [week["from"] for week in found["weeks"]][:3] == [
            "2026-04-15", "2026-04-20", "2026-04-27",
        ]  # fmt: skip
        assert found["weeks"][0]["to"] == "2026-04-19"
        assert sums(found, "due") == ["2000.00", "0.00", "3000.00", *["0.00"] * 5]
        assert found["total"]["EUR"]["overdue"] == "1000.00"
        assert found["total"]["EUR"]["open"] == "6000.00"
        for week in found["weeks"]:
            told = week["currencies"]["EUR"]
            assert float(told["p10"]) <= float(told["p50"]) <= float(told["p90"])
        assert found["total"]["EUR"]["p50"] == "6000.00"

    def test_the_basis_and_the_trial_on_the_past_are_told(self, found: Fields) -> None:
        assert found["basis"]["settled"] == 260
        assert found["backtest"]["computed"]["weeks"] > 0

    def test_the_same_seed_says_the_same_and_nothing_is_written(
        self, stage: Stage, found: Fields
    ) -> None:
        before = stage.bytes_of()
        assert forecast(stage) == found
        assert stage.bytes_of() == before

    def test_the_table_fits_80_columns_and_says_what_is_not_in_it(
        self, stage: Stage, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("COLUMNS", "80")
        said = stage("forecast", *DAY)
        assert said.code == 0
        assert max(map(len, said.out.splitlines())) <= 80
        assert "invoices that are still to be written are not" in " ".join(said.out.split())

    def test_the_past_is_shown_week_by_week(self, stage: Stage) -> None:
        said = stage("forecast", "--backtest", *DAY)
        assert said.code == 0
        assert "promised" in said.out
        assert "the first week" in said.out
        judged = forecast(stage, "--backtest")["judged"]
        assert {"origin", "p10", "p90", "came"} <= set(judged[0])

    def test_it_is_written_for_a_spreadsheet(self, stage: Stage, tmp_path: Path) -> None:
        for name in ("cash.csv", "cash.xlsx"):
            assert stage("forecast", *DAY, "-o", str(tmp_path / name)).code == 0
        assert len((tmp_path / "cash.csv").read_text("utf-8-sig").splitlines()) == 9
        assert (tmp_path / "cash.xlsx").read_bytes()[:2] == b"PK"


class TestWhatIsLeftOut:
    """What is no cash to be expected is said, with its sum."""

    def test_disputes_are_left_out_and_promises_taken_at_their_dates(self, tmp_path: Path) -> None:
        stage = staged(tmp_path / "p")
        assert stage("record", "dispute", "A1", "--reason", "price", *DAY).code == 0
        assert stage("promise", "A3", "--until", "2026-05-12", *DAY).code == 0
        found = forecast(stage)
        assert found["left_out"] == [
            {"reason": "disputed", "currency": "EUR", "receivables": 1, "amount": "1000.00"}
        ]
        assert found["total"]["EUR"]["open"] == "5000.00"
        # Nothing was promised before: one of two is kept, on its day.
        assert found["basis"]["promises_share"] == 0.5
        assert float(sums(found, "p90")[4]) >= 3000
        assert float(sums(found, "p90")[3]) < 3000

    def test_credits_are_taken_off_and_currencies_kept_apart(self, tmp_path: Path) -> None:
        more = OPEN + (
            "N1,C1,2026-04-01,,-600.00,-600.00,EUR,credit_note\n"
            "U1,C2,2026-03-20,2026-04-19,700.00,700.00,USD,invoice\n"
        )
        found = forecast(staged(tmp_path / "p", more=more))
        assert found["total"]["EUR"]["open"] == "5400.00"
        assert found["total"]["EUR"]["overdue"] == "400.00"
        assert found["total"]["USD"]["open"] == "700.00"

    def test_of_natural_persons_nothing_is_learned(self, tmp_path: Path) -> None:
        person = "P1,Paul,consumer,FR,fr,p1@client.example\n"
        more = OPEN + "A4,P1,2026-03-10,2026-04-09,900.00,900.00,EUR,invoice\n"
        stage = staged(tmp_path / "p", more=more, persons=person)
        late = "".join(
            f"P-{n},P1,2025-06-01,2025-07-01,{n}.00,{n}.00,EUR,invoice\n" for n in range(501, 521)
        )
        stage.sales(rows_of(260)[0] + more)
        usual = forecast(stage)
        stage.sales(rows_of(260)[0] + more + late)
        bank = (stage.root / "banque.csv").read_text("utf-8")
        for n in range(501, 521):
            bank += f"2026-03-20,{n}.00,Paul,FACTURE P-{n},{ACCOUNT}\n"
        stage.write("banque.csv", bank)
        known = forecast(stage)
        assert known["basis"]["settled"] > usual["basis"]["settled"]
        assert known["total"]["EUR"]["open"] == usual["total"]["EUR"]["open"]
        # Who always paid late himself is expected as everybody is.
        assert float(known["total"]["EUR"]["p50"]) >= 0.95 * float(usual["total"]["EUR"]["p50"])


class TestTooLittleIsKnown:
    """Below a useful size no quantile is given."""

    def test_below_200_settled_there_are_due_dates_only(self, tmp_path: Path) -> None:
        stage = staged(tmp_path / "p", count=199)
        found = forecast(stage)
        assert set(sums(found, "p50")) == {None}
        assert found["backtest"] is None
        assert sums(found, "due")[0] == "2000.00"
        said = " ".join(stage("forecast", *DAY).out.split())
        assert "No quantiles: 199 receivables were seen settled" in said
        assert "P50" not in said

    def test_an_empty_project_has_nothing_to_expect(self, tmp_path: Path) -> None:
        stage = new_stage(
            tmp_path / "p", {"open": "F1,C1,2026-03-02,2026-04-01,1.00,0.00,EUR,invoice"}
        )
        assert forecast(stage)["total"] == {}
        assert "Nothing is open" in stage("forecast", *DAY).out

    def test_names_cannot_forge_lines_or_formulas(self, tmp_path: Path) -> None:
        row = '=1+1,"=cmd\x1b[31m",2026-03-02,2026-04-20,10.00,10.00,EUR,invoice\n'
        stage = new_stage(tmp_path / "p", {"open": row})
        said = stage("forecast", *DAY)
        assert said.code == 0
        assert "\x1b" not in said.out + said.err

    @pytest.mark.parametrize(
        "words", [("--weeks", "0"), ("--weeks", "27"), ("--weeks", "x"), ("-o", "cash.doc")]
    )
    def test_what_cannot_be_meant_is_refused(self, tmp_path: Path, words: tuple[str, str]) -> None:
        stage = new_stage(tmp_path / "p")
        said = stage("forecast", *DAY, *words)
        assert said.code == 2
        assert said.err


class TestCalendar:
    """What will be sent when."""

    def test_levels_come_on_their_days_if_nobody_pays(self, tmp_path: Path) -> None:
        stage = new_stage(tmp_path / "p", {"open": OPEN})
        before = stage.bytes_of()
        found = stage("forecast", "--calendar", "--weeks", "4", "--json", *DAY).json["calendar"]
        told = [(row["date"], row["level"], row["channel"], row["if_nobody_pays"]) for row in found]
        # C1: due on 9 April, reminded on the 15th, seven and twenty days later; C2 and C3 after them.
        assert told == [
            ("2026-04-15", "reminder-1", "email", 1),
            ("2026-04-24", "reminder-1", "email", 1),
            ("2026-04-29", "reminder-2", "email", 1),
            ("2026-05-06", "reminder-1", "email", 1),
        ]
        assert {row["expected"] for row in found} == {None}
        assert stage.bytes_of() == before

    def test_who_is_expected_to_pay_is_expected_to_be_written_to_less(
        self, stage: Stage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("COLUMNS", "80")
        said = stage("forecast", "--calendar", "--weeks", "4", *DAY)
        assert said.code == 0
        assert max(map(len, said.out.splitlines())) <= 80
        assert "if nobody pays" in said.out
        to = tmp_path / "calendar.csv"
        assert stage("forecast", "--calendar", "--weeks", "4", *DAY, "-o", str(to)).code == 0
        rows = [line.split(";") for line in to.read_text("utf-8-sig").splitlines()[1:]]
        assert sum(float(row[5]) for row in rows) < sum(float(row[4]) for row in rows)

    def test_calendar_and_backtest_exclude_each_other(self, stage: Stage) -> None:
        assert stage("forecast", "--calendar", "--backtest", *DAY).code == 2
