"""The variants of a level: which of them is a debtor's turn today.

A turn is counted in the history, by days before today: a run, its dry run and the run that goes on
after a crash choose the same. Which variant was chosen is in no key: a level is claimed, not a form of it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import polars as pl

from relance.dunning import arms
from relance.dunning.events import Past
from relance.dunning.levels import Rung, rungs
from relance.dunning.reach import Reach, reaches
from relance.language import N_, Translate
from relance.ledger.lookup import look_up
from relance.policy.model import Policy


def turn_columns(facts: pl.DataFrame, past: Past, policy: Policy, today: date) -> pl.DataFrame:
    """Return `facts` with a column `turn_<rung>` for each level that has variants.

    It counts the days before `today` on which the level was sent to the debtor about any
    receivable, or given as a task: 0 on the first turn. A level set by `relance adopt` is none.
    Where a level has `turns: spread`, `turn_start` is a number made from the debtor's id.
    """
    varied = [
        rung
        for rung in rungs(policy.procedures)
        if rung.level.variants and rung.level.experiment is None
    ]
    if not varied:
        return facts
    debtor = pl.col("debtor").str.replace_all("|", "¦", literal=True)
    facts = facts.with_columns(debtor.alias("identity"))
    before = past.levels.filter((pl.col("date") < today) & (pl.col("state") != "adopted"))
    before = before.with_columns(pl.col("item").str.split("|").list.first().alias("identity"))
    for rung in varied:
        own = (pl.col("procedure") == rung.procedure.name) & (pl.col("level") == rung.level.id)
        name = column_of(rung)
        days = before.filter(own).group_by("identity")
        counted = days.agg(pl.col("date").n_unique().cast(pl.Int32).alias(name))
        facts = look_up(facts, counted, "identity").with_columns(pl.col(name).fill_null(0))
    if any(rung.level.turns == "spread" for rung in varied):
        facts = look_up(facts, _places(facts["debtor"].unique()), "debtor")
    return facts.drop("identity")


def column_of(rung: Rung) -> str:
    """Return the name of the column with the turns of a level that has variants."""
    return f"turn_{rung.index}"


def _places(debtors: pl.Series) -> pl.DataFrame:
    """Return a number for each debtor that is the same on every machine, and in every version."""
    ids = debtors.drop_nulls().to_list()
    places = [int(hashlib.sha256(one.encode()).hexdigest()[:6], 16) for one in ids]
    schema = {"debtor": pl.String, "turn_start": pl.Int32}
    return pl.DataFrame({"debtor": ids, "turn_start": places}, schema=schema)


def vary(facts: pl.DataFrame, ladder: Sequence[Rung], reach: Reach) -> pl.DataFrame:
    """Return `facts` with `rung` moved to the variant whose turn it is, and `is_task` of it.

    A variant that cannot reach the debtor gives its turn to the next one that can; when none can,
    it stays the one whose turn it is.
    """
    varied = [rung for rung in ladder if rung.level.is_varied]
    if not varied:
        return facts
    chosen = pl.col("rung")
    for rung in varied:
        chosen = (
            pl.when(pl.col("rung") == rung.index).then(_of(rung, ladder, reach)).otherwise(chosen)
        )
    tasks = pl.Series([rung.level.task is not None for rung in ladder], dtype=pl.Boolean)
    facts = facts.with_columns(chosen.cast(pl.Int32).alias("rung"))
    return facts.with_columns(pl.lit(tasks).gather(pl.col("rung")).alias("is_task"))


def _of(rung: Rung, ladder: Sequence[Rung], reach: Reach) -> pl.Expr:
    forms = forms_of(rung, ladder)
    if rung.level.experiment is not None:  # an arm that reaches nobody gives its turn to no other
        indices = pl.Series([form.index for form in forms], dtype=pl.Int32)
        return pl.lit(indices).gather(pl.col(arms.column_of(rung.index)))
    turn = turn_of(rung)
    chain = pl.lit(None, pl.Int32)
    for first in range(len(forms)):
        order = [*forms[first:], *forms[:first]]
        able = [
            pl.when(_is_reached(form, reach)).then(pl.lit(form.index, pl.Int32)) for form in order
        ]
        best = pl.coalesce([*able, pl.lit(forms[first].index, pl.Int32)])
        chain = pl.when(turn == first).then(best).otherwise(chain)
    return chain


def forms_of(rung: Rung, ladder: Sequence[Rung]) -> list[Rung]:
    """Return the rungs of the variants of a level, in order."""
    return [one for one in ladder if one.base == rung.index and one.variant]


def turn_of(rung: Rung) -> pl.Expr:
    """Return the place (from 0) of the variant whose turn it is."""
    turn, count = pl.col(column_of(rung)), len(rung.level.variants)
    if rung.level.turns == "stay":
        return turn.clip(0, count - 1)
    return ((turn + pl.col("turn_start")) if rung.level.turns == "spread" else turn) % count


def _is_reached(form: Rung, reach: Reach) -> pl.Expr:
    ways = [reaches(reach[name], form.level.to) for name in form.level.channels if name in reach]
    return pl.any_horizontal([pl.lit(False), *ways])


def arm_of_form(form: Rung, ladder: Sequence[Rung]) -> tuple[str, str] | None:
    """Return the experiment and the arm that a rung is one of; None where it is none."""
    level = ladder[form.base].level
    if level.experiment is None or not form.variant:
        return None
    return level.experiment.name, level.arms[form.variant - 1][0]


@dataclass(frozen=True, slots=True)
class Turn:
    """Which variant of a level it is, and why.

    Attributes:
        number, count: 1-based place of the variant, and how many there are.
        turn: 1-based turn of the debtor at this level.
        due: 1-based place of the variant whose turn it is; another where that one reaches nobody.
        reason: English template of why; its places are the names of these attributes.
    """

    number: int
    count: int
    turn: int
    due: int
    reason: str

    def said(self, translate: Translate) -> str:
        """Return the reason in the operator's language."""
        places = {"number": self.number, "count": self.count, "turn": self.turn, "due": self.due}
        return translate(self.reason).format(**places)


_REASONS = {
    "stay": N_("variant {number} of {count}: turn {turn} of this debtor at this level"),
    "after": N_("variant {number} of {count}: turn {turn} of this debtor at this level, and the last variant stays"),
    "cycle": N_("variant {number} of {count}: turn {turn} of this debtor at this level; variants come round"),
    "spread": N_("variant {number} of {count}: turn {turn} of this debtor at this level, counted from a place of its own"),
    "instead": N_("variant {number} of {count}: variant {due}, whose turn {turn} it is, cannot reach the debtor"),
}  # fmt: skip


def turn_at(row: Mapping[str, Any], ladder: Sequence[Rung]) -> Turn | None:
    """Return which variant the next level of a row is, and why; None where it has no variants.

    Columns of `row`: those of `decide`.
    """
    form = ladder[row["rung"]] if row["rung"] is not None else None
    if form is None or not form.variant:
        return None
    rung = ladder[form.base]
    if rung.level.experiment is not None:
        return None
    turns, count = int(row[column_of(rung)]), len(rung.level.variants)
    how = rung.level.turns
    start = int(row["turn_start"]) if how == "spread" else 0
    due = min(turns, count - 1) if how == "stay" else (turns + start) % count
    why = "after" if how == "stay" and turns >= count else how
    if due + 1 != form.variant:
        why = "instead"
    return Turn(form.variant, count, turns + 1, due + 1, _REASONS[why])
