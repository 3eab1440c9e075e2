"""`relance interest`, as a user calls it."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

Relance = Callable[..., subprocess.CompletedProcess[str]]

EXAMPLE = Path(__file__).parents[3] / "examples" / "menuiserie-lenoir"
CLAIM = ("interest", "--amount", "10000", "--due", "2026-05-01", "--paid", "2026-09-01")
FRENCH = (*CLAIM, "--country", "FR")
UNPAID = (
    "interest",
    "--amount",
    "10000",
    "--due",
    "2026-05-01",
    "--country",
    "FR",
    "--until",
    "2026-09-01",
)


def test_json_gives_the_lines_the_sums_and_the_articles(relance: Relance) -> None:
    done = relance(*FRENCH, "--kind", "business", "--json")
    assert done.returncode == 0, done.stderr
    shown = json.loads(done.stdout)
    assert [{k: line[k] for k in line if k not in ("source", "confirmed")} for line in shown["lines"]] == [
        {"from": "2026-05-02", "to": "2026-06-30", "days": 60, "rate": "12.15",
         "principal": "10000.00", "amount": "199.73"},
        {"from": "2026-07-01", "to": "2026-09-01", "days": 63, "rate": "12.40",
         "principal": "10000.00", "amount": "214.03"},
    ]  # fmt: skip
    assert "2.40 % (2026-S2) + 10" in shown["lines"][1]["source"]
    assert (shown["interest"], shown["compensation"], shown["total"]) == (
        "413.76",
        "40.00",
        "453.76",
    )
    assert shown["legal_basis"] == ["C. com. art. L441-10 II", "C. com. art. D441-5"]


def test_the_table_fits_80_columns_and_shows_rates_and_articles(relance: Relance) -> None:
    payment = ("--payment", "2026-07-20=4000")
    for language, words in (
        ("en", ["12.40%", "Legal basis: C. com. art. L441-10 II"]),
        ("fr", ["12,40 %", "Fondement : C. com. art. L441-10 II"]),
    ):
        done = relance(*FRENCH, *payment, "--lang", language)
        assert done.returncode == 0, done.stderr
        assert all(len(line) <= 80 for line in done.stdout.splitlines()), done.stdout
        assert all(word in done.stdout.replace("\u00a0", " ") for word in words), done.stdout


@pytest.mark.parametrize(
    ("language", "said", "agreed"),
    [
        ("en", "12.40%: BCE/ECB 2.40% (second half of 2026) + 10 points", "rate agreed in the contract"),
        ("fr", "12,40 % : BCE/ECB 2,40 % (2e semestre 2026) + 10 points", "taux convenu au contrat"),
    ],
)  # fmt: skip
def test_rates_say_in_words_where_they_come_from(
    relance: Relance, language: str, said: str, agreed: str
) -> None:
    done = relance(*FRENCH, "--lang", language)
    assert said in done.stdout.replace("\u00a0", " ")
    assert agreed in relance(*FRENCH, "--contract-rate", "15", "--lang", language).stdout


def test_part_payments_show_the_other_order_of_imputation(relance: Relance) -> None:
    payment = ("--payment", "2026-07-20=4000")
    principal = json.loads(relance(*UNPAID, *payment, "--json").stdout)
    interest = json.loads(relance(*UNPAID, *payment, "--imputation", "interest", "--json").stdout)
    assert principal["principal_left"] == "6000.00"
    assert principal["other_imputation"]["interest"] == interest["interest"]
    assert interest["other_imputation"]["interest"] == principal["interest"]
    assert float(interest["interest"]) > float(principal["interest"])


def test_the_table_says_what_the_other_order_gives(relance: Relance) -> None:
    done = relance(*UNPAID, "--payment", "2026-07-20=4000", "--lang", "en")
    assert "If payments paid the interest first: principal left €6,267.68" in done.stdout


@pytest.mark.parametrize("payment", [(), ("--payment", "2026-07-20=4000")])
def test_nothing_is_left_of_a_principal_that_was_paid(
    relance: Relance, payment: tuple[str, ...]
) -> None:
    shown = json.loads(relance(*FRENCH, *payment, "--json").stdout)
    assert shown["principal_left"] == "0.00"
    assert shown["interest_left"] == shown["interest"] != "0.00"
    assert ", paid 2026-09-01" in relance(*FRENCH, *payment, "--lang", "en").stdout


def test_a_principal_paid_in_time_leaves_nothing(relance: Relance) -> None:
    early = ("interest", "--amount", "50", "--due", "2026-05-01", "--country", "FR")
    shown = json.loads(relance(*early, "--paid", "2026-05-01", "--json").stdout)
    assert (shown["principal_left"], shown["total"]) == ("0.00", "0.00")


def test_what_is_not_paid_is_left(relance: Relance) -> None:
    shown = json.loads(relance(*UNPAID, "--json").stdout)
    assert (shown["principal_left"], shown["interest"]) == ("10000.00", "413.76")


def test_a_claim_is_paid_or_not(relance: Relance) -> None:
    done = relance(*FRENCH, "--until", "2026-09-01")
    assert done.returncode == 2
    assert "--paid and --until" in done.stderr


def test_a_rate_that_is_not_known_stops_with_what_to_add(relance: Relance) -> None:
    done = relance(*FRENCH, "--paid", "2027-02-01")
    assert done.returncode == 2
    assert done.stdout == ""
    assert "error[L050]: the rate fr_default of 2027-S1 is not known" in done.stderr
    assert "rates: [{table: fr_default, from: 2027-01-01, percent: RATE" in done.stderr


def test_a_law_that_is_not_known_stops(relance: Relance) -> None:
    done = relance(*CLAIM, "--country", "US", "--json")
    assert done.returncode == 2
    assert json.loads(done.stdout)["diagnostics"][0]["code"] == "L051"


@pytest.mark.parametrize(
    "wrong",
    [
        ("--amount", "ten"), ("--amount", "-5"), ("--amount", "1.234"), ("--amount", "nan"),
        ("--amount", "1E+999999999"), ("--due", "2026-02-30"), ("--paid", "yesterday"),
        ("--kind", "friend"), ("--payment", "2026-06-01"), ("--payment", "=5"),
        ("--payment", "2026-06-01=x"), ("--credit-note", "2026-06-01=0"),
        ("--contract-rate", "1e-99"), ("--contract-rate", "101"), ("--country", "FRA"),
        ("--currency", "euro"), ("--imputation", "both"), ("--notice", "x"), ("--costs-from", "x"),
    ],
)  # fmt: skip
def test_a_value_that_cannot_be_right_is_refused_with_a_way_out(
    relance: Relance, wrong: tuple[str, str]
) -> None:
    done = relance(*FRENCH, *wrong)
    assert done.returncode == 2, done.stdout
    assert wrong[0] in done.stderr
    assert "hint:" in done.stderr
    assert done.stdout == ""


def test_the_country_is_asked_for_where_there_is_no_project(relance: Relance) -> None:
    done = relance(*CLAIM)
    assert done.returncode == 2
    assert "--country FR" in done.stderr


def test_uk_is_understood_as_gb(relance: Relance) -> None:
    done = relance(*CLAIM, "--country", "uk", "--currency", "gbp", "--json")
    assert json.loads(done.stdout)["compensation"] == "100.00"


def test_without_a_day_of_payment_it_goes_to_the_date_of_the_run(relance: Relance) -> None:
    claim = ("interest", "--amount", "10000", "--due", "2026-05-01", "--country", "FR")
    shown = json.loads(relance(*claim, "--date", "2026-09-01", "--json").stdout)
    assert shown["interest"] == "413.76"


def test_a_belgian_consumer_is_claimed_from_after_the_waiting_time(relance: Relance) -> None:
    claim = ("interest", "--amount", "750", "--due", "2026-02-01", "--paid", "2026-06-30")
    belgian = (*claim, "--country", "BE", "--kind", "consumer")
    assert json.loads(relance(*belgian, "--json").stdout)["total"] == "0.00"
    terms = ("--clause", "--contract-rate", "9", "--costs-from", "2026-03-24")
    shown = json.loads(relance(*belgian, *terms, "--json").stdout)
    assert (shown["compensation"], shown["lines"][0]["from"]) == ("77.50", "2026-03-24")


@pytest.fixture
def project(tmp_path: Path) -> Path:
    shutil.copytree(EXAMPLE, tmp_path, dirs_exist_ok=True)
    return tmp_path


def add(project: Path, text: str) -> None:
    with (project / "relance.yaml").open("a", encoding="utf-8") as policy:
        policy.write(f"\n{text}\n")


def test_in_a_project_its_terms_hold_where_the_options_say_nothing(
    relance: Relance, project: Path
) -> None:
    add(project, "law: {contract_rate: 15}")
    shown = json.loads(relance(*CLAIM, "--json").stdout)
    assert (shown["country"], shown["lines"][0]["rate"]) == ("FR", "15")
    shown = json.loads(relance(*CLAIM, "--contract-rate", "20", "--json").stdout)
    assert shown["lines"][0]["rate"] == "20"


def test_in_a_project_the_rates_that_it_adds_are_known(relance: Relance, project: Path) -> None:
    add(project, "rates: [{table: fr_default, from: 2027-01-01, percent: 12.65, source: JORF}]")
    claim = ("interest", "--amount", "100", "--due", "2026-12-31", "--paid", "2027-01-31")
    [line] = json.loads(relance(*claim, "--json").stdout)["lines"]
    assert line["rate"] == "12.65"
    assert line["source"] == "BCE/ECB 2.65 % (2027-S1) + 10 · JORF"


def test_a_named_project_must_be_one(relance: Relance) -> None:
    done = relance(*FRENCH, "-C", "nowhere")
    assert done.returncode == 2
    assert "relance.yaml" in done.stderr
