"""`relance report`: what it knows, what it refuses to say, and that later facts stay out of it."""

from __future__ import annotations

import csv
import io
import shutil
import zipfile
from pathlib import Path

from .stage import Fields, Stage, call, new_stage

EXAMPLE = Path(__file__).parents[2] / "examples" / "cabinet-fec"
DAY = "2026-03-31"
KEPT = "number,debtor,issued,due,amount,open,currency,kind,settled_on\n"
BOOK = KEPT + (
    "F1,C1,2026-01-10,2026-02-09,1000.00,0.00,EUR,invoice,2026-02-20\n"
    "F2,C1,2026-02-10,2026-03-12,2000.00,0.00,EUR,invoice,2026-03-20\n"
    "F3,C2,2026-01-27,2026-02-26,3000.00,0.00,EUR,invoice,2026-02-26\n"
    "F4,C2,2026-03-05,2026-04-04,4000.00,4000.00,EUR,invoice,\n"
    "F5,C1,2026-02-15,2026-03-17,500.00,500.00,EUR,invoice,\n"
)


def told(stage: Stage, *words: str, currency: str = "EUR") -> Fields:
    """Return what the report tells of a currency, with its figures by key."""
    said = stage("report", "--json", *(words or ("--date", DAY)))
    assert said.code == 0, said
    found: Fields = said.json["currencies"][currency]
    found["by_key"] = {figure["key"]: figure for figure in found["figures"]}
    return found


def value(found: Fields, key: str) -> object:
    return found["by_key"][key]["value"]


class TestOpenItems:
    """An export of open items tells how things are, and nothing of sales."""

    SALES = (
        "F1,C1,2026-01-02,2026-02-01,100.00,100.00,EUR,invoice\n"
        "F2,C1,2026-03-02,2026-04-01,250.50,250.50,EUR,invoice\n"
        "A1,C2,2026-03-02,2026-03-02,-40.00,-40.00,EUR,credit_note\n"
        "F3,C2,2025-10-02,2025-11-01,60.00,60.00,EUR,invoice\n"
    )

    def test_the_buckets_add_up_to_the_receivables_and_credits_stand_apart(self, tmp_path):
        ageing = told(new_stage(tmp_path / "p", {"open": self.SALES}))["ageing"]
        amounts = {name: one["amount"] for name, one in ageing["buckets"].items()}
        assert amounts == {
            "not_due": "250.50", "1-30": "0.00", "31-60": "100.00", "61-90": "0.00",
            "91-120": "0.00", "over_120": "60.00",
        }  # fmt: skip
        assert (ageing["receivables"], ageing["credits"], ageing["net"]) == (
            "410.50",
            "40.00",
            "370.50",
        )

    def test_what_needs_sales_is_not_said_and_what_it_needs_is(self, tmp_path):
        found = told(new_stage(tmp_path / "p", {"open": self.SALES}))
        for key in ("dso", "dso_simple", "bpdso", "add", "cei", "sales", "month_end_share"):
            figure = found["by_key"][key]
            assert figure["value"] is None, key
            assert "FEC" in figure["needs"], key
            assert figure["parts"] == {}
        assert found["sales_from"] is None

    def test_of_a_day_before_the_export_it_does_not_say_what_was_open(self, tmp_path):
        found = told(new_stage(tmp_path / "p", {"open": self.SALES}), "--date", "2026-02-15")
        assert value(found, "receivables") is None
        assert found["by_key"]["overdue"]["needs"]
        assert (found["ageing"], found["ageing_by_issue"], found["top_debtors"]) == (None, None, [])

    def test_nor_of_a_currency_in_which_nothing_was_sold_for_long(self, tmp_path):
        abroad = "F9,C1,2026-01-10,2026-02-09,70.00,70.00,CHF,invoice\n"
        stage = new_stage(tmp_path / "p", {"open": self.SALES + abroad})
        assert value(told(stage, "--date", "2026-02-15", currency="CHF"), "receivables") is None
        assert value(told(stage, currency="CHF"), "receivables") == "70.00"

    def test_every_figure_has_its_formula_perimeter_vat_basis_and_date(self, tmp_path):
        for figure in told(new_stage(tmp_path / "p", {"open": self.SALES}))["figures"]:
            assert all(figure[name] for name in ("name", "formula", "perimeter", "vat")), figure
            assert figure["date"] == DAY
            assert (figure["value"] is None) == bool(figure["needs"]), figure


class TestKeptBook:
    """An export that keeps settled invoices, with the day on which each was."""

    def test_sales_and_receipts_of_months_are_known(self, tmp_path):
        months = told(new_stage(tmp_path / "p", {"open": BOOK}))["months"]
        last = {
            m["month"]: (m["sales"], m["receipts"], m["open"], m["overdue"]) for m in months[-2:]
        }
        assert last == {
            "2026-02": ("2500.00", "4000.00", "2500.00", "0.00"),
            "2026-03": ("4000.00", "2000.00", "4500.00", "500.00"),
        }

    def test_a_report_of_a_past_day_does_not_see_later_payments(self, tmp_path):
        stage = new_stage(tmp_path / "p", {"open": BOOK})
        found = told(stage, "--date", "2026-02-20")
        assert value(found, "receivables") == "5500.00"
        assert value(told(stage, "--date", "2026-02-19"), "receivables") == "6500.00"
        assert value(told(stage, "--date", "2026-02-26"), "receivables") == "2500.00"

    def test_days_late_count_what_is_still_open(self, tmp_path):
        words = ("--date", DAY, "--from", "2026-02-01")
        figure = told(new_stage(tmp_path / "p", {"open": BOOK}), *words)["by_key"]["days_late"]
        # 11 days x 1000, 8 x 2000, 0 x 3000, and 14 x 500 that are not paid yet
        assert figure["value"] == "5.23"
        assert figure["parts"] == {"paid": "6000.00", "open_past_due": "500.00"}

    def test_counted_back_it_takes_the_latest_sales_first(self, tmp_path):
        found = told(new_stage(tmp_path / "p", {"open": BOOK}))
        # 4500 less March (4000, 31 days), then 500 of February's 2500 in 28 days
        assert value(found, "dso") == "36.60"

    def test_the_end_of_the_month_is_its_last_five_days(self, tmp_path):
        words = ("--date", DAY, "--from", "2026-01-10")
        figure = told(new_stage(tmp_path / "p", {"open": BOOK}), *words)["by_key"][
            "month_end_share"
        ]
        assert figure["parts"]["at_end"] == "3000.00"
        assert figure["value"] == "28.57"


class TestLedger:
    """A FEC tells all."""

    def cut(self, tmp_path: Path, day: str) -> Path:
        """Return the example without the lines of the ledger that are dated after `day`."""
        root = tmp_path / f"cut-{day}"
        shutil.copytree(EXAMPLE, root, ignore=shutil.ignore_patterns("relance.db*", "out"))
        for file in (root / "exports").iterdir():
            content = file.read_bytes()
            head, *lines = content.splitlines(keepends=True)
            separator = b"\t" if b"\t" in head else b"|"
            kept = [
                line for line in lines if line.split(separator)[3] <= day.replace("-", "").encode()
            ]
            file.write_bytes(head + b"".join(kept))
        return root

    def test_a_report_of_a_past_day_is_that_of_a_ledger_that_ends_there(self, tmp_path):
        day = "2025-06-30"
        whole = tmp_path / "whole"
        shutil.copytree(EXAMPLE, whole, ignore=shutil.ignore_patterns("relance.db*", "out"))
        reports = [
            call("report", "-C", str(root), "--date", day, "--json").json["currencies"]["EUR"]
            for root in (whole, self.cut(tmp_path, day))
        ]
        for name in ("ageing", "months", "rolls", "top_debtors", "deviating"):
            assert reports[0][name] == reports[1][name], name
        figures = [{f["key"]: f["value"] for f in each["figures"]} for each in reports]
        assert figures[0] == figures[1]

    def test_books_that_end_long_before_the_day_give_no_days_of_sales(self, tmp_path):
        root = self.cut(tmp_path, "2025-06-30")
        found = call("report", "-C", str(root), "--date", "2025-12-31", "--json").json
        figures = {f["key"]: f for f in found["currencies"]["EUR"]["figures"]}
        assert figures["dso"]["value"] is None
        assert "45 days" in figures["dso"]["needs"]


class TestDunning:
    """What people and runs did."""

    def test_what_is_late_and_had_no_reminder_is_named_until_it_has_one(self, tmp_path):
        rows = "F1,C1,2026-02-01,2026-03-01,100.00,100.00,EUR,invoice\n"
        stage = new_stage(tmp_path / "p", {"open": rows})
        bare = told(stage, "--date", "2026-03-16")["coverage"]
        assert [row["number"] for row in bare["without"]] == ["F1"]
        assert stage("run", "--date", "2026-03-16").code == 0
        covered = told(stage, "--date", "2026-03-17")
        assert covered["coverage"]["without"] == []
        assert covered["coverage"]["reminded"] == 1
        assert value(covered, "coverage") == "100.00"
        assert value(covered, "notices") == 1

    def test_a_hold_is_a_reason(self, tmp_path):
        rows = "F1,C1,2026-02-01,2026-03-01,100.00,100.00,EUR,invoice\n"
        stage = new_stage(tmp_path / "p", {"open": rows})
        said = stage("dispute", "open", "F1", "--reason", "price", "--date", "2026-03-10")
        assert said.code == 0, said
        found = told(stage, "--date", "2026-03-20")
        assert found["coverage"]["reasons"] == {"disputed": 1}
        assert (value(found, "disputed"), value(found, "dispute_rate")) == ("100.00", "100.00")
        assert value(found, "dispute_age") == "10.0"

    def test_what_notices_cost_is_told_by_the_costs_of_the_policy(self, tmp_path):
        rows = "F1,C1,2026-02-01,2026-03-01,100.00,100.00,EUR,invoice\n"
        costs = {"costs": {"margin": "8", "channels": {"email": "0.045"}}}
        stage = new_stage(tmp_path / "p", {"open": rows, "policy": costs})
        stage("run", "--date", "2026-03-16")
        found = told(stage, "--date", "2026-03-17")
        assert value(found, "cost") == "0.05"
        later = told(stage, "--date", "2026-08-31")
        assert value(later, "make_up") == "1250.00"
        assert value(told(stage, "--date", "2026-08-31", "--margin", "20"), "make_up") == "500.00"

    def test_a_broken_promise_counts_and_an_open_one_does_not(self, tmp_path):
        rows = (
            "F1,C1,2026-02-01,2026-03-01,100.00,100.00,EUR,invoice\n"
            "F2,C2,2026-02-01,2026-03-01,300.00,300.00,EUR,invoice\n"
        )
        stage = new_stage(tmp_path / "p", {"open": rows})
        for number, until in (("F1", "2026-03-10"), ("F2", "2026-04-30")):
            said = stage("promise", number, "--until", until, "--date", "2026-03-05")
            assert said.code == 0, said
        figure = told(stage, "--date", "2026-03-31")["by_key"]["promises_kept"]
        assert (figure["value"], figure["parts"]) == ("0.00", {"kept": 0, "due": 1})

    def test_it_changes_nothing_on_the_disk(self, tmp_path):
        stage = new_stage(tmp_path / "p")
        stage("run", "--date", "2026-04-07")
        before = stage.bytes_of()
        assert stage("report", "--date", "2026-04-08").code == 0
        assert stage.bytes_of() == before


class TestForms:
    """The screen, CSV and the workbook."""

    def test_currencies_are_never_added_to_one_another(self, tmp_path):
        rows = (
            "F1,C1,2026-02-01,2026-03-01,100.00,100.00,EUR,invoice\n"
            "F2,C1,2026-02-01,2026-03-01,900.00,900.00,CHF,invoice\n"
        )
        stage = new_stage(tmp_path / "p", {"open": rows})
        assert value(told(stage), "receivables") == "100.00"
        assert value(told(stage, currency="CHF"), "receivables") == "900.00"

    def test_an_empty_book_has_no_currency_and_is_no_fault(self, tmp_path):
        stage = new_stage(tmp_path / "p", {"policy": {"sources": [
            {"name": "ventes", "kind": "csv", "path": "ventes.csv"}]}})  # fmt: skip
        stage.sales("")
        said = stage("report", "--json", "--date", DAY)
        assert (said.code, said.json["currencies"]) == (0, {})

    def test_a_name_that_is_a_formula_stays_a_text(self, tmp_path):
        rows = "F1,=1+1,2026-02-01,2026-03-01,100.00,100.00,EUR,invoice\n"
        stage = new_stage(tmp_path / "p", {"open": rows})
        stage.customers(
            "=1+1,\"=cmd|' /C calc'!A0\",business,FR,fr,a@b.example,1 rue,75001,Paris\n"
        )
        file = tmp_path / "report.xlsx"
        assert stage("report", "--date", DAY, "-o", str(file)).code == 0
        with zipfile.ZipFile(file) as book:
            sheets = [book.read(n).decode() for n in book.namelist() if "worksheets/" in n]
        assert len(sheets) == 7
        assert not any("<f>" in sheet for sheet in sheets)

    def test_csv_has_a_row_for_each_figure_of_each_scope(self, tmp_path):
        stage = new_stage(tmp_path / "p", {"open": BOOK})
        rows = list(csv.DictReader(io.StringIO(stage("report", "--csv", "--date", DAY).out)))
        whole = {row["key"]: row for row in rows if row["scope"] == "whole"}
        assert whole["dso"]["value"] == "36.60"
        assert whole["dso"]["formula"]
        assert {row["scope"] for row in rows} == {"whole", "segment", "owner", "month"}
        assert float(whole["ageing:due:not_due"]["value"]) == 4000

    def test_the_screen_fits_eighty_columns(self, tmp_path, monkeypatch):
        monkeypatch.setenv("COLUMNS", "80")
        stage = new_stage(tmp_path / "p", {"open": BOOK})
        for words in ((), ("--by", "segment", "--by", "month"), ("--explain",)):
            said = stage("report", "--date", DAY, *words)
            assert said.code == 0
            assert max(len(line) for line in said.out.splitlines()) <= 80, words
        assert "= " in said.out

    def test_a_channel_with_a_cost_that_there_is_not_is_told_with_its_place(self, tmp_path):
        stage = new_stage(tmp_path / "p", {"policy": {"costs": {"channels": {"emial": "0.10"}}}})
        said = stage("report", "--date", DAY)
        assert said.code == 2
        assert "P114" in said.err
        assert "relance.yaml" in said.err

    def test_a_period_that_ends_before_it_begins_is_refused(self, tmp_path):
        stage = new_stage(tmp_path / "p")
        said = stage("report", "--date", DAY, "--from", "2026-05-01")
        assert said.code == 2
        assert "--from" in said.err

    def test_a_margin_must_be_a_percentage(self, tmp_path):
        assert new_stage(tmp_path / "p")("report", "--margin", "abc", "--date", DAY).code == 2

    def test_a_file_of_an_unknown_kind_is_refused_before_anything_is_read(self, tmp_path):
        said = new_stage(tmp_path / "p")("report", "-o", str(tmp_path / "a.docx"), "--date", DAY)
        assert said.code == 2
        assert ".xlsx" in said.err
