"""By when to pay, what follows, and which law may be quoted."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from paper import DEBTOR, PROCEDURE, TODAY, line, notice

from relance.dunning.plan import Notice
from relance.notices.outlook import NextStep, deadline, next_step, regime


def pay_by(given: Notice, country: str = "FR") -> date:
    return deadline(given, country, next_step(given, PROCEDURE))


def test_a_reminder_gives_eight_days_when_nothing_follows() -> None:
    assert pay_by(notice(next_level_id=None, next_level_days=None)) == date(2026, 3, 10)


def test_the_day_to_pay_is_before_the_next_step() -> None:
    given = notice(next_level_id="call", next_level_days=12)
    assert next_step(given, PROCEDURE) == NextStep("call", date(2026, 3, 9))
    assert pay_by(given) == date(2026, 3, 6)  # the 8th is a Sunday


def test_three_days_are_the_least() -> None:
    hurried = PROCEDURE.model_copy(update={"interval": 1})
    given = notice()
    assert deadline(given, "FR", next_step(given, hurried)) == date(2026, 3, 5)


def test_before_the_due_date_it_is_the_due_date() -> None:
    assert pay_by(notice(line(late=-3), line(late=-9))) == date(2026, 3, 5)


def test_a_formal_notice_always_gives_eight_days() -> None:
    assert pay_by(notice(template="formal-notice")) == date(2026, 3, 10)


def test_a_belgian_consumer_has_14_days_from_the_day_after_an_email() -> None:
    debtor = replace(DEBTOR, country="BE", kind="consumer")
    assert pay_by(notice(debtor=debtor), "BE") == date(2026, 3, 17)


def test_and_from_the_third_working_day_after_a_letter() -> None:
    debtor = replace(DEBTOR, country="BE", kind="consumer")
    friday = notice(debtor=debtor, medium="letter", run_date=date(2026, 4, 3))
    # Easter Monday, 6 April, is no working day: the third is Thursday the 9th.
    late = replace(friday, receivables=(line(late=12, due=date(2026, 3, 1)),))
    assert pay_by(late, "BE") == date(2026, 4, 23)


def test_the_step_after_the_last_is_none() -> None:
    assert next_step(notice(next_level_id=None, next_level_days=None), PROCEDURE) is None


def test_the_next_step_waits_for_the_age_of_the_oldest() -> None:
    step = next_step(notice(next_level_id="formal-notice", next_level_days=35), PROCEDURE)
    assert step == NextStep("formal-notice", date(2026, 3, 25))
    assert step.day is not None
    assert step.day > TODAY


@pytest.mark.parametrize(
    ("creditor", "debtor", "kind", "law"),
    [
        ("FR", "FR", "business", "fr_business"),
        ("FR", None, "business", "fr_business"),
        ("FR", "FR", "consumer", "fr"),
        ("FR", "FR", None, "fr"),
        ("FR", "BE", "business", ""),
        ("FR", "BE", "consumer", "be_consumer"),
        ("BE", "BE", "business", "be_business"),
        ("BE", "BE", "consumer", "be_consumer"),
        ("BE", None, "consumer", "be_consumer"),
        ("BE", "BE", None, ""),
        ("BE", "FR", "consumer", ""),
        ("DE", "DE", "business", ""),
    ],
)
def test_a_law_is_quoted_only_where_there_is_no_doubt(
    creditor: str, debtor: str | None, kind: str | None, law: str
) -> None:
    given = notice(debtor=replace(DEBTOR, country=debtor, kind=kind))
    assert regime(given, creditor) == law
