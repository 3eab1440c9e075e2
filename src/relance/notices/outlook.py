"""What a notice says of the days to come: by when to pay, what follows, and which law speaks."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from relance.dates import next_sending_day
from relance.dunning.plan import Notice
from relance.policy.model import Level, Procedure

_DAYS_TO_PAY = 8
_LEAST_DAYS = 3
_DAYS_TO_PAY_BE_CONSUMER = 14


@dataclass(frozen=True, slots=True)
class NextStep:
    """What comes next if nothing is paid.

    Attributes:
        kind: the template of the next level ("last-reminder", "formal-notice", …), "call" for a
            task to call, "other" for other tasks, "none" after the last level.
        day: the first day on which it can come; None after the last level.
    """

    kind: str
    day: date | None


def next_step(notice: Notice, procedure: Procedure | None) -> NextStep | None:
    """Return the step after `notice`, None if it is the last of its procedure."""
    if notice.next_level_id is None or notice.next_level_days is None:
        return None
    levels = {level.id: level for level in procedure.levels} if procedure else {}
    interval = timedelta(procedure.interval if procedure else 0)
    dues = [line.due for line in notice.receivables if line.due]
    first = min(dues, default=notice.run_date) + timedelta(notice.next_level_days)
    day = max(first, notice.run_date + interval, notice.run_date + timedelta(1))
    return NextStep(_kind(levels.get(notice.next_level_id)), day)


def _kind(level: Level | None) -> str:
    if level is None:
        return "other"
    if level.task:
        return "call" if level.task.kind == "call" else "other"
    return level.template or "other"


def deadline(notice: Notice, creditor_country: str, step: NextStep | None) -> date:
    """Return the last day to pay that a notice gives.

    Before the due date it is the earliest due date. After it, eight days, or the day before the
    next step where that is sooner, on a weekday, never less than three days. A Belgian consumer has 14 calendar
    days that run from the day after electronic sending or from the third working day after
    posting, and a formal notice always gives its eight days. Source: art. XIX.2 CDE (Belgium).
    """
    today = notice.run_date
    dues = [line.due for line in notice.receivables if line.due]
    if dues and min(dues) > today:
        return min(dues)
    if regime(notice, creditor_country) == "be_consumer":
        return _start_of_days(notice) + timedelta(_DAYS_TO_PAY_BE_CONSUMER)
    day = today + timedelta(_DAYS_TO_PAY)
    if notice.template == "formal-notice":
        return day
    if step is None or step.day is None:
        return _weekday(day)
    return max(_weekday(min(day, step.day - timedelta(1))), today + timedelta(_LEAST_DAYS))


def _weekday(day: date) -> date:
    """The day itself, or the Friday before it: banks transfer nothing at the weekend."""
    return day - timedelta(max(day.weekday() - 4, 0))


def _start_of_days(notice: Notice) -> date:
    """The day on which the consumer's days begin."""
    if notice.medium != "letter":
        return notice.run_date + timedelta(1)
    day = notice.run_date
    for _ in range(3):
        day = next_sending_day(day + timedelta(1), ("BE",))
    return day


def regime(notice: Notice, creditor_country: str) -> str:
    """Return which law a notice may quote: "fr_business", "fr", "be_business", "be_consumer" or "".

    Only where debtor and creditor leave no doubt: both in France or both in Belgium, a country not
    known being the creditor's; a Belgian consumer has Belgian law on his side whoever the creditor
    is. A debtor whose kind is not known is never told the law of businesses.
    """
    debtor = notice.debtor
    country = debtor.country or creditor_country
    if country == "BE" and debtor.kind == "consumer":
        return "be_consumer"
    if country != creditor_country or country not in ("FR", "BE"):
        return ""
    if debtor.kind == "business":
        return f"{country.lower()}_business"
    return "fr" if country == "FR" else ""
