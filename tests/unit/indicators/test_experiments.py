"""What arms come to: nobody left out because it is slow, each debtor once."""

from __future__ import annotations

from datetime import date, timedelta

import polars as pl

from relance.indicators.experiments import FEWEST, MET, ExperimentResult, result_of

TODAY = date(2026, 6, 30)
PAID = {"item": pl.String, "paid": pl.Date}


def result(
    rows: list[tuple[str, str, str, int, int | None]], arms: dict[str, bool] | None = None
) -> ExperimentResult:
    """Return the result of (arm, debtor, item, days ago, days to the payment)."""
    met = [
        ("x", arm, debtor, item, TODAY - timedelta(days=ago)) for arm, debtor, item, ago, _ in rows
    ]
    paid = [
        (item, TODAY - timedelta(days=ago - days))
        for _, _, item, ago, days in rows
        if days is not None
    ]
    return result_of(
        "x",
        arms or {"firm": False, "kind": False},
        pl.DataFrame(met, schema=MET, orient="row"),
        pl.DataFrame(paid, schema=PAID, orient="row"),
        TODAY,
    )


def test_who_is_open_counts_as_not_paid_and_with_all_its_days() -> None:
    found = result(
        [("firm", "A", "1", 40, 5), ("firm", "B", "2", 40, None), ("firm", "C", "3", 40, 36)]
    )
    arm = found.arms[0]
    assert [(w.count, w.paid) for w in arm.windows] == [(3, 1), (3, 1), (3, 1)]
    assert arm.mean_days == (5 + 30 + 30) / 3


def test_who_is_observed_for_too_short_is_left_out_though_it_has_paid() -> None:
    found = result([("firm", "A", "1", 10, 2), ("firm", "B", "2", 20, 12)])
    assert [(w.count, w.paid) for w in found.arms[0].windows] == [(2, 1), (1, 1), (0, 0)]
    assert found.arms[0].mean_days is None


def test_a_debtor_counts_once_by_all_that_met_the_experiment_on_its_first_day() -> None:
    rows = [("firm", "A", "1", 40, 3), ("firm", "A", "2", 40, 9), ("firm", "A", "3", 35, None)]
    arm = result(rows).arms[0]
    assert arm.debtors == 1
    assert [w.paid for w in arm.windows] == [0, 1, 1]


def test_below_200_in_each_arm_nothing_is_compared_and_what_lacks_is_told() -> None:
    rows = [("firm", f"A{n}", f"a{n}", 40, 5) for n in range(FEWEST)]
    rows += [("kind", f"B{n}", f"b{n}", 40, None) for n in range(FEWEST - 1)]
    (compared,) = result(rows).comparisons
    assert (compared.shares, compared.missing) == ((None, None, None), (1, 1, 1))
    assert compared.days is None
    rows.append(("kind", "B", "b", 40, None))
    (compared,) = result(rows).comparisons
    assert compared.arm == "kind"
    assert compared.shares[0] is not None
    assert compared.shares[0].value == -1
    assert compared.days is not None
    assert compared.days.value == 25


def test_arms_are_compared_with_the_one_that_gets_nothing() -> None:
    found = result([], {"a": False, "b": False, "none": True})
    assert [(each.arm, each.against) for each in found.comparisons] == [
        ("a", "none"),
        ("b", "none"),
    ]
    assert found.has_control
