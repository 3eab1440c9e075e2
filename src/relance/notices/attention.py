"""The line of an address that names the person whom a letter is for."""

from __future__ import annotations

from dataclasses import replace

from relance.dunning.plan import Notice, Party
from relance.notices.stationery import Stationery


def attended(notice: Notice, stationery: Stationery) -> Party:
    """Return the debtor of `notice` with the person addressed, if any, as the first line of its address."""
    person = notice.debtor.attention
    if not person:
        return notice.debtor
    line = stationery.labels_of(notice.language)["attention"].replace("{}", person, 1)
    return replace(notice.debtor, address=(line, *notice.debtor.address))
