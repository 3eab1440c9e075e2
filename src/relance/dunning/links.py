"""The page that a notice points its debtor to: a video, a note, a document."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from urllib.parse import quote

from relance.dunning.plan import Line, Party
from relance.policy.links import OF_CUSTOMER, PLACE, is_link


def link_of(template: str | None, party: Party, lines: Sequence[Line], level: str) -> str:
    """Return the address that a notice points to; "" if its level names none, or its debtor has none."""
    if template is None:
        return ""
    if template == OF_CUSTOMER:
        return party.link if party.link and is_link(party.link) else ""
    oldest = min(lines, key=lambda line: (line.due or date.max, line.number))
    values = {
        "debtor": party.id,
        "number": oldest.number,
        "level": level,
        "language": party.language,
    }
    filled = PLACE.sub(lambda place: quote(values.get(place[1], ""), safe=""), template)
    return filled if is_link(filled) else ""
