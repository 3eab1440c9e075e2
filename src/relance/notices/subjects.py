"""Subjects of tasks: a short template of the procedure, filled in for the people of the firm."""

from __future__ import annotations

import re

from relance.dunning.plan import Task
from relance.notices import figures
from relance.notices.faults import fault
from relance.notices.stationery import Stationery

_LONGEST = 200


def subject_of(task: Task, stationery: Stationery) -> str:
    """Return the subject of `task` on one line of at most 200 characters.

    The template sees `debtor`, `numbers`, `total`, `level` and `days_past_due` (of the oldest).

    Raises:
        RenderError: if the template is wrong.
    """
    creditor = stationery.creditor
    locale = figures.locale_name(creditor.language, creditor.country)
    lines = task.receivables
    variables = {
        "debtor": task.debtor,
        "numbers": figures.enumerate_numbers([line.number for line in lines], locale),
        "total": figures.money(sum(line.open for line in lines), task.currency, locale),
        "level": task.level or "",
        "days_past_due": max((line.days_past_due or 0 for line in lines), default=0),
        "count": len(lines),
    }
    try:
        text = stationery.environment.from_string(task.subject).render(variables)
    except Exception as error:  # a template can raise anything: the task stays, its text is told
        raise fault(error, stationery.folders, variables) from error
    return re.sub(r"\s+", " ", text).strip()[:_LONGEST]
