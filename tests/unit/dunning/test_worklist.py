from __future__ import annotations

from datetime import date

from relance.dunning.worklist import Work, Worth, in_order

TODAY = date(2026, 4, 14)


def work(number: int, points: int = 0, **facts) -> Work:
    return Work(number, "", TODAY, "C1", facts.pop("kind", "call"), "", "EUR", worth=Worth(points, 0, 0.0), **facts)  # fmt: skip


def test_twice_as_late_is_worth_more_than_a_little_more_money():
    assert Worth(10_000, 60, 0.0).points > Worth(12_000, 30, 0.0).points


def test_of_two_alike_the_worse_payer_comes_first_and_one_not_known_stands_between():
    good, unknown, bad = (Worth(10_000, 10, ratio).points for ratio in (0.0, None, 1.0))
    assert good < unknown < bad


def test_a_deadline_of_the_law_comes_first_when_it_is_near():
    near = work(1, 10, kind="declare_claim", due=date(2026, 4, 28))
    far = work(2, 10, kind="declare_claim", due=date(2026, 6, 1))
    large = work(3, 1_000_000, due=TODAY)
    assert [w.number for w in in_order([far, large, near], TODAY)] == [1, 3, 2]


def test_what_is_due_later_stands_below_and_what_is_done_last():
    later = work(1, 1_000, due=date(2026, 4, 15))
    done = work(2, 9_999, state="done")
    now = work(3, 10, due=date(2026, 4, 1))
    assert [w.number for w in in_order([later, done, now], TODAY)] == [3, 1, 2]


def test_of_equal_worth_the_older_task_comes_first():
    assert [w.number for w in in_order([work(9, 5), work(4, 5)], TODAY)] == [4, 9]
