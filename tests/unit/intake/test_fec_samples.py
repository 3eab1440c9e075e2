"""Extracts of real ledgers, where they are at hand: their balances come out to the cent."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from relance.intake.fec import read_fec
from relance.policy.model import FecSource

from .fec_ledgers import Read

SAMPLES = Path(__file__).parents[3].parent / "shared" / "data" / "samples" / "fec"

pytestmark = pytest.mark.skipif(not SAMPLES.is_dir(), reason="the samples are not here")


def sample(letter: str, **source: str) -> Read:
    return Read(
        *read_fec(FecSource(name="c", kind="fec", path=f"{letter}_*.txt", **source), SAMPLES)
    )


@pytest.mark.parametrize(
    ("letter", "balance", "chaseable"), [("A", 5251724, -7913), ("B", 1441652, 1441652)]
)
def test_balance_and_what_may_be_dunned(letter: str, balance: int, chaseable: int) -> None:
    assert sample(letter).sums == (balance, chaseable)


def test_in_a_nobody_owes_anything_but_the_lump_that_was_written_off() -> None:
    result = sample("A")
    net = result.items.group_by("debtor").agg(pl.col("open").sum()).filter(pl.col("open") != 0)
    assert net["open"].to_list() == [-7913]


def test_in_a_all_that_was_lettered_later_is_open_on_request() -> None:
    assert sample("A", lettered_later="open").sums == (5251724, 5251724)


def test_in_b_the_numbers_are_those_of_the_entries() -> None:
    invoices = sample("B").items.filter(pl.col("kind") == "invoice")
    assert invoices["number"].str.contains(r"^\d{8}$").all()
    assert invoices["number"].is_unique().all()
