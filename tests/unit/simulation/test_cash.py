"""The cash forecast on portfolios whose behaviour is known: it must be right as often as it says."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from datetime import date, timedelta
from math import exp, sqrt

import polars as pl
import pytest

from relance.simulation.behaviour import SEEN, behaviour_of
from relance.simulation.cash import OPEN_ITEMS, Drawing, Together, drawn_sums, quantiles
from relance.simulation.judged import FEWEST_WEEKS, Judged, coverage_of, widening_of
from relance.simulation.past import PAST_ITEMS, RECEIPTS, Book, Trial, tried

TODAY = date(2026, 6, 1)
ENDS = [7 * week for week in range(1, 9)]
DRAWS = 300

Lateness = Callable[[random.Random, float, float], float]


def steady(chance: random.Random, usual: float, _month: float) -> float:
    """Days late about a mean of the debtor's own."""
    return usual + chance.gauss(0, 8)


def skewed(chance: random.Random, usual: float, _month: float) -> float:
    """Mostly soon, now and then after months."""
    if chance.random() < 0.85:
        return usual + exp(chance.gauss(2.2, 1.0)) - 8
    return usual + 10 + 80 * chance.random()


def in_heaps(chance: random.Random, usual: float, month: float) -> float:
    """What a debtor has in a month is late together."""
    return usual + 14 * month + chance.gauss(0, 4)


def portfolio(number: int, lateness: Lateness) -> Book:
    """Return a book of 60 debtors with some 14 invoices each, all payments of it, also those to come."""
    chance = random.Random(number)
    items, receipts = [], []
    for debtor in range(60):
        usual = chance.gauss(5, 12)
        months = [chance.gauss(0, 1) for _ in range(30)]
        for place in range(14):
            issued = TODAY - timedelta(days=chance.randrange(560))
            due = issued + timedelta(days=30)
            month = months[(due - date(2024, 1, 1)).days // 30 % 30]
            paid = max(issued, due + timedelta(days=round(lateness(chance, usual, month))))
            amount = int(exp(chance.gauss(11, 0.8)))
            item, settled = f"D{debtor}|{place}", paid if paid < TODAY else None
            left = 0 if settled else amount
            items.append(
                (item, f"D{debtor}", f"D{debtor}", "firms", "EUR", due, issued, settled, left)
            )
            receipts.append((item, paid, amount))
    return Book(
        pl.DataFrame(items, schema=PAST_ITEMS, orient="row"),
        pl.DataFrame(receipts, schema=RECEIPTS, orient="row"),
    )


def as_known(book: Book) -> Book:
    """Return what is known of `book` on the day."""
    return Book(book.items, book.receipts.filter(pl.col("day") < TODAY))


def judged(numbers: range, lateness: Lateness, together: float) -> list[Judged]:
    """Return the eight weeks of each portfolio: what was said, and what came."""
    found = []
    for number in numbers:
        book = portfolio(number, lateness)
        items = as_known(book).open_at(TODAY)
        behaviour = behaviour_of(book.seen_before(TODAY))
        sums = drawn_sums(items, behaviour, ENDS, Drawing(Together(together), DRAWS, str(number)))
        came = {row[1]: row[2] for row in book.came(items, TODAY, ENDS).iter_rows()}
        for week in range(len(ENDS)):
            own = sums.filter(pl.col("week") == week)["amount"].to_list()
            said = quantiles(own, DRAWS)
            if said.high > said.low:
                found.append(Judged(TODAY, week, "EUR", said, came.get(week, 0)))
    return found


def error(count: int) -> float:
    """Return three standard errors of a share of 0.8 of so many."""
    return 3 * sqrt(0.8 * 0.2 / count)


@pytest.mark.parametrize("lateness", [steady, skewed])
def test_eight_weeks_of_ten_come_between_p10_and_p90(lateness: Lateness) -> None:
    weeks = judged(range(30), lateness, together=0.0)
    found = coverage_of(weeks)
    assert found is not None
    assert found.weeks > 200
    assert abs(found.within - 0.8) < error(found.weeks)
    assert abs(found.below_middle - 0.5) < 3 * sqrt(0.25 / found.weeks)


def test_invoices_that_are_late_together_are_found_and_allowed_for() -> None:
    trial = tried(as_known(portfolio(1, in_heaps)), TODAY, ENDS)
    assert trial.together.share > 0.2
    alone, together = (
        coverage_of(judged(range(20), in_heaps, share)) for share in (0.0, trial.together.share)
    )
    assert alone is not None
    assert together is not None
    assert together.within > alone.within
    assert abs(together.within - 0.8) < error(together.weeks)


@pytest.fixture(scope="module")
def trial() -> Trial:
    return tried(as_known(portfolio(3, skewed)), TODAY, ENDS)


def test_the_past_is_judged_by_what_was_known_then(trial: Trial) -> None:
    known = as_known(portfolio(3, skewed))
    changed = known.items.with_columns(
        settled=pl.when(pl.col("settled") >= date(2026, 2, 1)).then(None).otherwise("settled")
    )
    origin = min(one.origin for one in trial.judged)
    earlier = tried(Book(changed, known.receipts), TODAY, ENDS)
    said = [[one.said for one in each.judged if one.origin == origin] for each in (trial, earlier)]
    assert said[0] == said[1]


def test_the_past_of_a_known_behaviour_is_covered(trial: Trial) -> None:
    found = coverage_of(trial.widened)
    assert found is not None
    assert found.within > 0.8 - error(found.weeks)


def test_a_book_of_a_few_receivables_has_no_past_to_be_tried_on() -> None:
    known = as_known(portfolio(3, steady))
    small = Book(known.items.filter(pl.col("settled").is_not_null()).head(150), known.receipts)
    assert tried(small, TODAY, ENDS).judged == ()


def test_intervals_that_were_too_narrow_are_widened_and_never_narrowed() -> None:
    said = quantiles(range(1000, 2000), 1000)
    inside = [Judged(TODAY, n, "EUR", said, 1500) for n in range(FEWEST_WEEKS)]
    assert (widening_of(inside).down, widening_of(inside).up) == (1, 1)
    outside = [Judged(TODAY, n, "EUR", said, 2300) for n in range(FEWEST_WEEKS)]
    found = widening_of(outside)
    assert found.of(said).high == 2300
    assert found.down == 1
    assert widening_of(outside[1:]).up == 1


class TestDraws:
    """What a draw depends on."""

    items = pl.DataFrame(
        [(f"I{n}", f"D{n % 7}", f"D{n % 7}", "firms", "EUR", 1000 + n, n % 40 - 20, None, 0.0, 0)
         for n in range(60)],
        schema=OPEN_ITEMS, orient="row",
    )  # fmt: skip
    seen = pl.DataFrame(
        [(f"D{n % 7}", "firms", n % 50 - 10, n % 5 > 0) for n in range(300)],
        schema=SEEN, orient="row",
    )  # fmt: skip

    def drawn(self, items: pl.DataFrame, seed: str = "a") -> pl.DataFrame:
        return drawn_sums(items, behaviour_of(self.seen), ENDS, Drawing(Together(0.3), 50, seed))

    def test_the_order_of_rows_changes_nothing(self) -> None:
        assert self.drawn(self.items.reverse()).equals(self.drawn(self.items))

    def test_an_item_draws_the_same_whatever_else_there_is(self) -> None:
        one, rest = self.items.head(1), self.items.tail(59)
        both = pl.concat([self.drawn(one), self.drawn(rest)])
        summed = both.group_by("currency", "week", "draw").agg(pl.col("amount").sum())
        whole = self.drawn(self.items)
        assert summed.sort("currency", "week", "draw").select(whole.columns).equals(whole)

    def test_another_seed_draws_otherwise(self) -> None:
        assert not self.drawn(self.items, "b").equals(self.drawn(self.items))

    def test_what_is_promised_comes_in_its_week_as_often_as_promises_are_kept(self) -> None:
        promised = self.items.with_columns(
            pl.lit(9, pl.Int32).alias("sure_in"), pl.lit(0.75).alias("sure_share"),
            pl.lit(400, pl.Int32).alias("wait"),
        )  # fmt: skip
        sums = drawn_sums(promised, behaviour_of(self.seen), ENDS, Drawing(Together(0.0), 400))
        assert sums["week"].unique().to_list() == [1]
        share = sum(sums["amount"].to_list()) / 400 / sum(promised["amount"].to_list())
        assert abs(share - 0.75) < 0.02


class TestBehaviour:
    """The share that is not paid by a day."""

    def left(
        self, seen: Sequence[tuple[str | None, int, bool]], asked: Sequence[tuple[str | None, int]]
    ) -> list[float]:
        rows = [(debtor, "firms", days, paid) for debtor, days, paid in seen]
        found = behaviour_of(pl.DataFrame(rows, schema=SEEN, orient="row"))
        questions = [(debtor, "firms", days) for debtor, days in asked]
        schema = {"debtor": pl.String, "book": pl.String, "days": pl.Int32}
        told = found.left(pl.DataFrame(questions, schema=schema, orient="row"))
        return [round(share, 6) for share in told]

    def test_without_own_receivables_it_is_the_kaplan_meier_curve_of_the_book(self) -> None:
        # 6-MP arm of Freireich et al. (1963): S(6) = 0.857, S(10) = 0.753, S(23) = 0.448
        paid, still = (
            (6, 6, 6, 7, 10, 13, 16, 22, 23),
            (6, 9, 10, 11, 17, 19, 20, 25, 32, 32, 34, 35),
        )
        seen = [(None, week, True) for week in paid] + [(None, week, False) for week in still]
        found = self.left(seen, [(None, 6), (None, 10), (None, 23), (None, 5)])
        assert [round(share, 3) for share in found] == [0.857, 0.753, 0.448, 1.0]

    def test_own_receivables_weigh_as_many_and_those_of_the_book_five(self) -> None:
        seen = [(None, 0, True)] * 50 + [(None, 20, True)] * 50 + [("A", 20, True)] * 5
        # The book: 50 of 105 on day 0; the debtor's five none.
        assert self.left(seen, [("A", 0)]) == [round((5 * 55 / 105 + 5) / 10, 6)]

    def test_an_open_receivable_counts_for_as_long_as_it_is_open(self) -> None:
        quick = [(None, 0, True)] * 50
        assert self.left(quick, [(None, 0)]) == [0]
        assert self.left([*quick, *[(None, 60, False)] * 50], [(None, 0)]) == [0.5]
