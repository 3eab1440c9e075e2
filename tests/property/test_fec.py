"""Whatever a ledger holds, what is read of it sums to its accounts."""

from __future__ import annotations

import tempfile
from pathlib import Path

import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from relance.intake.fec import read_fec
from relance.policy.model import FecSource

COLUMNS = [
    "JournalCode",
    "JournalLib",
    "EcritureNum",
    "EcritureDate",
    "CompteNum",
    "CompteLib",
    "CompAuxNum",
    "CompAuxLib",
    "PieceRef",
    "PieceDate",
    "EcritureLib",
    "Debit",
    "Credit",
    "EcritureLet",
    "DateLet",
    "ValidDate",
    "Montantdevise",
    "Idevise",
]

entry = st.fixed_dictionaries(
    {
        "book": st.sampled_from(["VE", "BQ", "OD", "AN"]),
        "number": st.sampled_from(["1", "2", "3", "4", "5", "0"]),
        "day": st.sampled_from(["20250115", "20251220", "20260101", "20260110", "20260305"]),
        "account": st.sampled_from(["411000", "411000", "416000", "411MARTIN", "419100"]),
        "auxiliary": st.sampled_from(["C1", "C2", ""]),
        "piece": st.sampled_from(["F100", "F200", "RAN", "", "0000"]),
        "label": st.sampled_from(["Facture F100", "Impayé F200", "A nouveau", "x"]),
        "cents": st.sampled_from([-12000, -7000, -3, 3, 7000, 12000, 25000]),
        "letter": st.sampled_from(["", "", "AA", "AB", "a"]),
        "other": st.sampled_from(["706000", "512000", "654000", "120000", "416000"]),
    }
)


def written(cents: int) -> str:
    return f"{cents // 100},{cents % 100:02}"


def lines(one: dict[str, str | int]) -> list[str]:
    """The entry's line on a customer's account and the one that balances it."""
    both = []
    for sign, account, auxiliary, letter in (
        (1, one["account"], one["auxiliary"], one["letter"]),
        (-1, one["other"], "", ""),
    ):
        cents = sign * int(one["cents"])
        both.append(
            [
                one["book"], one["book"], one["number"], one["day"], account, "Compte", auxiliary,
                "", one["piece"], one["day"], one["label"], written(max(cents, 0)),
                written(max(-cents, 0)), letter, "", "", "", "",
            ]
        )  # fmt: skip
    return ["\t".join(map(str, fields)) for fields in both]


def balance(entries: list[dict[str, str | int]]) -> int:
    """Cents on accounts 411 and 416."""
    return sum(
        (int(e["cents"]) if str(e["account"])[:3] in ("411", "416") else 0)
        - (int(e["cents"]) if e["other"] == "416000" else 0)
        for e in entries
    )


def read(entries: list[dict[str, str | int]]) -> pl.DataFrame:
    text = "\n".join(["\t".join(COLUMNS), *(row for e in entries for row in lines(e))]) + "\n"
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "FEC.txt").write_text(text)
        source = FecSource(name="compta", kind="fec", path="FEC.txt")
        items, findings, _ = read_fec(source, Path(folder))
    dropped = [d for d in findings if d.code == "I069"]
    return items.with_columns(dropped=pl.lit(bool(dropped)))


@settings(max_examples=60, deadline=None)
@given(st.lists(entry, min_size=1, max_size=12))
def test_balances_are_those_of_the_accounts(entries: list[dict[str, str | int]]) -> None:
    items = read(entries)
    if not items["dropped"].any():
        accounts = items.filter(pl.col("kind") != "advance")
        assert accounts["balance"].sum() == balance(entries)
    assert (items["open"].abs() <= items["balance"].abs()).all()
    assert items["number"].null_count() == items["debtor"].null_count() == 0
    assert (
        items["kind"].is_in(["credit_note", "payment", "advance"]) <= (items["amount"] <= 0)
    ).all()


@settings(max_examples=40, deadline=None)
@given(
    st.lists(entry, min_size=1, max_size=8).flatmap(
        lambda e: st.tuples(st.just(e), st.permutations(e))
    )
)
def test_the_order_of_entries_is_irrelevant(
    both: tuple[list[dict[str, str | int]], list[dict[str, str | int]]],
) -> None:
    first, second = (sorted(read(entries).drop("line").rows(), key=repr) for entries in both)
    assert first == second
