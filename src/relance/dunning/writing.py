"""From the rows of a plan to its notices: parties, lines, and what each claims."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Any

import polars as pl

from relance.dunning.accessories import Accessory, accessories_of
from relance.dunning.addressees import addressed, people_of
from relance.dunning.charges import claimed, computed, fee_of
from relance.dunning.claims import PARTY_FACTS
from relance.dunning.events import Past
from relance.dunning.keys import claim_of, key_of
from relance.dunning.levels import Rung
from relance.dunning.links import link_of
from relance.dunning.plan import Line, Notice, Party
from relance.dunning.reach import Reach
from relance.dunning.rejections import Rejections, untold
from relance.dunning.tones import tone_of
from relance.dunning.variants import arm_of_form
from relance.dunning.verified import Verified, verified_of
from relance.law.claim import Computation
from relance.policy.model import Charges, Level, Policy

Row = Mapping[str, Any]

LINE_FACTS = ("item", "number", "kind", "issued", "due", "days_past_due", "amount", "open", "cycle",
              "reference", "order_number")  # fmt: skip
"""Columns that make a `Line`."""


@dataclass(frozen=True, slots=True)
class Occasion:
    """What a plan is made for: policy, date, media of the channels, rungs, and what was before."""

    policy: Policy
    today: date
    reach: Reach
    ladder: tuple[Rung, ...]
    past: Past


def writer(
    decided: pl.DataFrame, occasion: Occasion
) -> Callable[[pl.DataFrame], tuple[Notice, ...]]:
    """Return the function that makes the notices of rows of the plan."""

    def write(rows: pl.DataFrame) -> tuple[Notice, ...]:
        beside = _Beside(
            _around(decided, rows),
            _computed(rows, occasion),
            _paid_late(decided, rows, occasion),
            verified_of(occasion.past.holds, occasion.today),
            Rejections(untold(occasion.past.holds, occasion.past.levels, occasion.today)),
        )
        notices: list[Notice] = []
        for _, group in groupby(rows.iter_rows(named=True), key=lambda row: row["group"]):
            notices += _notices(list(group), beside, occasion)
        return tuple(notices)

    return write


@dataclass(frozen=True, slots=True)
class _Beside:
    """What notices say beside the items that act.

    Attributes:
        others: open items and credits, by debtor and currency.
        computed: what the law gives, by item; only where a level claims it.
        late: interest and compensation left on paid items, by debtor and currency.
        verified: what debtors said of items before they were due, by item.
        rejected: the rejections of disputes that nobody was told of.
    """

    others: Mapping[tuple[str, str], list[Row]]
    computed: Mapping[str, Computation]
    late: Mapping[tuple[str, str], list[Accessory]]
    verified: Mapping[str, Verified]
    rejected: Rejections


def _computed(rows: pl.DataFrame, occasion: Occasion) -> dict[str, Computation]:
    charging = [
        rung.index
        for rung in occasion.ladder
        if rung.level.charges.interest or rung.level.charges.compensation
    ]
    asked = rows.filter(pl.col("top_rung").is_in(charging))
    if asked.is_empty():
        return {}
    claims = asked.with_columns(until=pl.lit(occasion.today))
    return computed(claims, occasion.past.allocations, occasion.policy)


def _paid_late(
    decided: pl.DataFrame, rows: pl.DataFrame, occasion: Occasion
) -> dict[tuple[str, str], list[Accessory]]:
    asking = [rung.index for rung in occasion.ladder if rung.level.charges.paid]
    parties = rows.filter(pl.col("top_rung").is_in(asking)).select("debtor", *PARTY_FACTS)
    if parties.is_empty():
        return {}
    found = defaultdict(list)
    left = accessories_of(decided, parties.unique("debtor"), occasion.past, occasion.policy)
    for accessory in left:
        found[accessory.debtor, accessory.currency].append(accessory)
    return found


def _around(decided: pl.DataFrame, rows: pl.DataFrame) -> dict[tuple[str, str], list[Row]]:
    """Return the open items and credits of the debtors in `rows`, by debtor and currency."""
    others = (
        shown(decided, rows)
        .sort("debtor", "currency", "due", "number", "item", nulls_last=True)
        .select(*LINE_FACTS, "debtor", "currency", "credit")
    )
    table: dict[tuple[str, str], list[Row]] = {}
    for row in others.iter_rows(named=True):
        table.setdefault((row["debtor"], row["currency"]), []).append(row)
    return table


def shown(decided: pl.DataFrame, rows: pl.DataFrame) -> pl.DataFrame:
    """Return the items that the notices of `rows` may show: all that is open, of their debtors."""
    shown = (pl.col("open") != 0) & ~pl.col("missing")
    debtors = rows.select("debtor", "currency").unique()
    return decided.filter(shown).join(debtors, on=["debtor", "currency"], how="semi")


def _notices(rows: list[Row], beside: _Beside, occasion: Occasion) -> list[Notice]:
    """Return the notices of one group: one, or one per channel where the level uses them all.

    The notice's level says what is claimed beside the principal, and each line is computed for itself.
    """
    first, rung = rows[0], occasion.ladder[rows[0]["top_rung"]]
    level, channels = rung.level, first["channels"]
    account = (first["debtor"], first["currency"])
    lines = _claimed_lines(rows, level, beside, occasion)
    claims = [claim_of(r["item"], r["procedure"], r["next_level"], r["cycle"]) for r in rows]
    claimed = {line.item for line in lines}
    rest = beside.others.get(account, []) if level.statement else []
    late = beside.late.get(account, []) if level.charges.paid else []
    party = party_of(first, occasion.policy)
    after = _rung_after(rung, occasion.ladder)
    used = channels if level.all else channels[:1]
    people = people_of(first["people"]) if level.to else ()
    experiment, arm = arm_of_form(rung, occasion.ladder) or ("", "")
    parties = {c: addressed(party, level.to, people, occasion.reach[c].by) for c in used}
    return [
        Notice(
            key=key_of([*claims, f"channel {channel}"]),
            debtor=parties[channel],
            segment=first["segment"],
            procedure=first["procedure"],
            level=level.id,
            level_number=rung.number,
            channel=channel,
            part=channel if level.all else "",
            medium=occasion.reach[channel].medium,
            recipient=recipient_of(parties[channel], occasion.reach[channel].by),
            template=level.template or "",
            tone=tone_of(first, rung, occasion.policy),
            link=link_of(level.link, parties[channel], lines, level.id),
            variant=rung.variant,
            experiment=experiment,
            arm=arm,
            attach=level.attach,
            language=parties[channel].language,
            currency=first["currency"],
            receivables=lines,
            other_open=tuple(
                line_of(r) for r in rest if not r["credit"] and r["item"] not in claimed
            ),
            credits=tuple(line_of(r) for r in rest if r["credit"]),
            approval=level.approval,
            run_date=occasion.today,
            next_level_id=after.level.id if after else None,
            next_level_days=after.level.days if after else None,
            paid_late=tuple(map(_late_line, late)),
        )
        for channel in used
    ]


def _claimed_lines(
    rows: list[Row], level: Level, beside: _Beside, occasion: Occasion
) -> tuple[Line, ...]:
    """Return the lines of a notice; its fee stands on the first."""
    fee = fee_of(level.charges, rows[0]["currency"], occasion.policy.creditor.currency)
    return tuple(
        line_of(
            row,
            level=row["next_level"],
            level_number=row["next_number"],
            fee=0 if place else fee,
            disputed=row.get("disputed_part") or 0,
            verified=beside.verified.get(row["item"]),
            rejected=beside.rejected.of(row),
            **_charged(beside.computed.get(row["item"]), level.charges),
        )
        for place, row in enumerate(rows)
    )


def _charged(given: Computation | None, charges: Charges) -> dict[str, Any]:
    asked = claimed(given, charges)
    if asked is None:
        return {}
    return {
        "interest": asked.interest,
        "compensation": asked.compensation,
        "computation": asked,
    }


def _late_line(left: Accessory) -> Line:
    return Line(
        item=left.item,
        number=left.number,
        kind=left.kind,
        issued=left.issued,
        due=left.due,
        days_past_due=(left.paid - left.due).days,
        amount=left.amount,
        open=0,
        interest=left.computation.interest,
        compensation=left.computation.compensation,
        computation=left.computation,
        paid=left.paid,
    )


def _rung_after(rung: Rung, ladder: tuple[Rung, ...]) -> Rung | None:
    levels = rung.procedure.levels
    return ladder[rung.base + 1] if rung.number < len(levels) else None


def line_of(row: Row, **claimed: Any) -> Line:
    """Return a row with LINE_FACTS as a line; `claimed` are its level and what it claims beside."""
    return Line(**{name: row[name] for name in LINE_FACTS}, **claimed)


def party_of(row: Row, policy: Policy) -> Party:
    """Return the debtor of a row of `standing`; an unknown language is the creditor's."""
    return Party(
        id=row["debtor"],
        name=row["party_name"] or row["debtor_name"] or row["debtor"],
        kind=row["debtor_kind"],
        country=row["country"],
        language=row["language"] or policy.creditor.language,
        language_source="debtor" if row["language"] else "creditor",
        email=row["email"],
        phone=row["phone"],
        mobile=row["mobile"],
        address=tuple((row["address"] or "").splitlines()),
        postcode=row["postcode"],
        city=row["city"],
        registration=row["registration"],
        vat=row["vat"],
        owner=row["owner"],
        tags=tuple(row.get("tags") or ()),
        link=row.get("link"),
    )


def recipient_of(party: Party, by: str) -> str:
    """Return the address of `party` for a way `by` e-mail, SMS or letter; "" if it has none."""
    if by == "email":
        return party.email or ""
    if by == "sms":
        return party.mobile or ""
    town = " ".join(part for part in (party.postcode, party.city) if part)
    return ", ".join(part for part in (*party.address, town) if part)
