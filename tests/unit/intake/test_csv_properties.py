from __future__ import annotations

import random
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from relance.intake import amounts
from relance.intake.reading import Reading, read

from .conftest import policy

SOME = settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
    derandomize=True,
)

KINDS = ["", "facture", "avoir", "règlement", "???"]
HEAD = "N° facture;Client;Date;Échéance;Montant;Reste dû;Type\n"


@st.composite
def lines(draw: st.DrawFn) -> list[str]:
    count = draw(st.integers(1, 12))
    made = []
    for _ in range(count):
        issued = date(2026, 1, 1) + timedelta(days=draw(st.integers(0, 300)))
        due = issued + timedelta(days=draw(st.integers(0, 60)))
        amount = draw(st.sampled_from(["10,00", "1 234,56 €", "-5,00", "(7,10)", "x", "", "3.000"]))
        made.append(
            f"F{draw(st.integers(1, 8))};C{draw(st.integers(1, 3))};{issued:%d/%m/%Y};"
            f"{due:%d/%m/%Y};{amount};;{draw(st.sampled_from(KINDS))}\n"
        )
    return made


def reading_of(tmp_path: Path, content: bytes, **source: object) -> Reading:
    (tmp_path / "v.csv").write_bytes(content)
    return read(policy(tmp_path, [{"name": "v", "kind": "csv", "path": "v.csv", **source}]))


def items(reading: Reading) -> list[tuple[object, ...]]:
    return sorted(reading.items.drop("line").rows(), key=repr)


@SOME
@given(lines(), st.randoms(use_true_random=False))
def test_the_order_of_rows_changes_nothing(
    tmp_path: Path, made: list[str], shuffle: random.Random
) -> None:
    mixed = list(made)
    shuffle.shuffle(mixed)
    one = reading_of(tmp_path, (HEAD + "".join(made)).encode())
    other = reading_of(tmp_path, (HEAD + "".join(mixed)).encode())
    assert items(one) == items(other)
    assert one.files[0].detected == other.files[0].detected


FORMS = {
    "1234.56": lambda n: f"{n:.2f}",
    "1,234.56": lambda n: f"{n:,.2f}",
    "1.234,56": lambda n: f"{n:,.2f}".translate(str.maketrans(",.", ".,")),
    "1 234,56": lambda n: f"{n:,.2f}".replace(",", " ").replace(".", ","),
    "1\u202f234,56 €": lambda n: f"{n:,.2f}".replace(",", "\u202f").replace(".", ",") + "\u00a0€",
    "1'234.56": lambda n: f"{n:,.2f}".replace(",", "'"),
    "EUR 1234.56": lambda n: f"EUR {n:.2f}",
    "(1234,56)": lambda n: (
        f"({-n:.2f})".replace(".", ",") if n < 0 else f"{n:.2f}".replace(".", ",")
    ),
    "1234,56-": lambda n: f"{-n:.2f}-".replace(".", ",") if n < 0 else f"{n:.2f}".replace(".", ","),
    "\u22121234,56": lambda n: f"{n:.2f}".replace(".", ",").replace("-", "\u2212"),
}


@SOME
@given(
    st.sampled_from(sorted(FORMS)),
    st.lists(st.integers(-(10**11), 10**11), min_size=1, max_size=20),
)
def test_amounts_survive_every_form(form: str, cents: list[int]) -> None:
    texts = [FORMS[form](Decimal(n).scaleb(-2)) for n in cents]
    column = pl.Series("amount", texts)
    found = amounts.parse(column, amounts.detect([column], None))
    assert found["micro"].to_list() == [n * 10_000 for n in cents]


@SOME
@given(st.dates(date(1970, 1, 1), date(2100, 12, 31)), st.sampled_from(["dmy", "mdy", "ymd"]))
def test_dates_survive_every_order(tmp_path: Path, day: date, order: str) -> None:
    pattern = {"dmy": "%d/%m/%Y", "mdy": "%m-%d-%Y", "ymd": "%Y.%m.%d"}[order]
    content = f"number;debtor;due;amount\nF1;C1;{day.strftime(pattern)};10\n"
    assert reading_of(tmp_path, content.encode(), dates=order).items["due"].to_list() == [day]


SEEDS = [
    (HEAD + "F1;C1;02/03/2026;31/03/2026;1 234,56 €;10,00;avoir\nTotal;;;;1;1;\n").encode(),
    b'number,debtor,amount\nF1,"a ""b""\nc",10\nF2,C2,x\n',
    "\ufeffN° pièce\tTiers\tDébit\tCrédit\nF1\tC1\t10,00\t\n".encode("utf-16"),
    b"M9DUPONT VE000020326 FACTURE             D+000000012345        010426  12345\n",
    b"Num,Transaction type,Open balance\nA,,\n",
    b"\xef\xbb\xbfNum,Transaction type,Open balance\nA,,\n1,Invoice,$5.00\n",
]


@settings(SOME, max_examples=80)
@given(
    st.sampled_from(SEEDS),
    st.lists(st.tuples(st.integers(0, 200), st.binary(max_size=3)), max_size=4),
    st.integers(0, 200),
    st.booleans(),
)
def test_no_bytes_make_it_fail(
    tmp_path: Path, seed: bytes, edits: list[tuple[int, bytes]], cut: int, ended: bool
) -> None:
    data = seed
    for position, piece in edits:
        data = data[:position] + piece + data[position + len(piece) // 2 :]
    data = data[: len(data) - cut % len(seed)] if cut % 3 == 0 else data
    reading = reading_of(tmp_path, data + b"\n" * ended)
    assert reading.refused == (not reading.files)
    assert all(d.message() for d in reading.diagnostics)
    if reading.refused:
        assert reading.items.height == 0


@settings(SOME, max_examples=40)
@given(st.binary(max_size=200))
def test_no_garbage_makes_it_fail(tmp_path: Path, data: bytes) -> None:
    reading = reading_of(tmp_path, data, unterminated="accept")
    assert reading.refused == (not reading.files)


@settings(SOME, max_examples=40)
@given(st.lists(st.text(max_size=12), min_size=1, max_size=10))
def test_any_text_in_cells_is_read_or_told(tmp_path: Path, cells: list[str]) -> None:
    quoted = ['"' + cell.replace('"', '""').replace("\0", "") + '"' for cell in cells]
    rows = "".join(f"{q};{q};{q};{q};{q}\n" for q in quoted)
    content = "number;debtor;due;amount;currency\nF0;C1;2026-03-01;10;EUR\n" + rows
    reading = reading_of(tmp_path, content.encode("utf-8", "replace"))
    assert not reading.refused or {d.code for d in reading.diagnostics if d.severity == "error"} <= {
        "I015", "I006",
    }  # fmt: skip


@pytest.mark.parametrize("rows", [3_000])
def test_many_rows_keep_their_sum(tmp_path: Path, rows: int) -> None:
    body = "".join(
        f"F{i};C{i % 7};01/03/2026;15/03/2026;{i},{i % 100:02d};;\n" for i in range(rows)
    )
    reading = reading_of(tmp_path, (HEAD + body).encode())
    assert reading.items["amount"].sum() == sum(i * 100 + i % 100 for i in range(rows))
