"""What a notice says of earlier exchanges: what was confirmed, and disputes that were rejected."""

from __future__ import annotations

from collections.abc import Mapping

from relance.dunning.plan import Line, Notice
from relance.dunning.rejections import Rejection
from relance.notices import figures
from relance.notices.typography import set_spaces


def confirmed(notice: Notice, labels: Mapping[str, str], locale: str) -> str:
    """Return what the debtor said of all that is claimed, the same of each; else ""."""
    told = {line.verified.code if line.verified else "" for line in notice.receivables}
    days = [line.verified.on for line in notice.receivables if line.verified]
    if len(told) != 1 or not days:
        return ""
    how = "one" if len(notice.receivables) == 1 else "many"
    return _filled(labels[f"{told.pop()}_{how}"], figures.date_long(max(days), locale))


def rejections_of(notice: Notice, labels: Mapping[str, str], locale: str) -> tuple[str, ...]:
    """Return a paragraph for each rejected dispute about what `notice` claims, the oldest first.

    It has the reason as the operator wrote it, where there is one.
    """
    found: dict[Rejection, list[Line]] = {}
    for line in notice.receivables:
        if line.rejected is not None:
            found.setdefault(line.rejected, []).append(line)
    ordered = sorted(found, key=lambda one: (one.opened, one.number))
    return tuple(_paragraph(one, found[one], labels, locale) for one in ordered)


def _paragraph(one: Rejection, about: list[Line], labels: Mapping[str, str], locale: str) -> str:
    said = labels["rejected_one" if len(about) == 1 else "rejected_many"]
    numbers = figures.enumerate_numbers([line.number for line in about], locale)
    said = _filled(said, figures.date_long(one.opened, locale), numbers)
    reason = " ".join((one.reason or "").split()).rstrip(".")
    why = [_filled(labels["rejected_why"], reason)] if reason else []
    return set_spaces(" ".join([said, *why, labels["rejected_new"]]), locale)


def _filled(label: str, *values: str) -> str:
    """Return `label` with each {} filled in; what a value holds itself is left as it is."""
    parts = label.split("{}")
    pairs = zip(parts, (*values, ""), strict=True)
    return "".join(part + value for part, value in pairs)
