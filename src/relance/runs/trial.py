"""A trial of the templates that a plan would use, without making its messages."""

from __future__ import annotations

from dataclasses import replace

import polars as pl

from relance.diagnostics import Diagnostic
from relance.dunning.levels import rungs
from relance.dunning.plan import Notice
from relance.notices.codes import RenderError
from relance.notices.render import try_templates
from relance.notices.stationery import Stationery
from relance.runs.proposal import Proposal


def try_each_template(proposal: Proposal) -> list[Diagnostic]:
    """Fill in one notice of each template, tone, language, channel and kind of debtor.

    What fails for all of them is told; rendering every notice is what `relance preview` does.
    """
    rows = proposal.plan.acting
    words = [f"{r.level.template} {r.level.tone}" for r in rungs(proposal.policy.procedures)]
    first = pl.col("channels").list.first().alias("first")
    wording = pl.lit(pl.Series(words)).gather(pl.col("top_rung")).alias("wording")
    sample = rows.group_by(wording, "tone_rule", "language", "debtor_kind", first).agg(
        pl.col("group").min()
    )
    if sample.is_empty() and not proposal.plan.reminders:
        return []
    chosen = rows.filter(pl.col("group").is_in(sample["group"].implode()))
    try:
        stationery = Stationery.of(proposal.policy)
    except RenderError as error:
        return [error.diagnostic]
    faults = []
    reminders = {(n.language, n.channel): n for n in proposal.plan.reminders}
    for notice in (*proposal.plan.write(chosen), *reminders.values()):
        try:
            try_templates(_short(notice), stationery)
        except RenderError as error:
            faults.append(error.diagnostic)
    return faults


def _short(notice: Notice) -> Notice:
    """Return `notice` with as many lines as a template can tell apart: one, or several."""
    return replace(
        notice,
        receivables=notice.receivables[:2],
        other_open=notice.other_open[:2],
        credits=notice.credits[:2],
        paid_late=notice.paid_late[:2],
    )
