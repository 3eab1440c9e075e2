"""Why an item is or is not dunned today: the lines of the table, evaluated for one number."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import polars as pl

from relance.dunning.arms import arm_of
from relance.dunning.decide import line_checks
from relance.dunning.levels import Rung, rungs
from relance.dunning.limitation import add_last_days
from relance.dunning.thanks import REASONS, RECENT, thanks_standing
from relance.dunning.tones import tone_of, tone_said
from relance.dunning.variants import turn_at
from relance.dunning.verdicts import LINES, finding, reason_of
from relance.history.store import History
from relance.language import N_, Translate, translator
from relance.money import to_text
from relance.policy.model import Policy
from relance.runs.payment_facts import of_item
from relance.runs.proposal import Proposal
from relance.runs.reach import reach_of
from relance.runs.subjects import bears

_BY = {
    "by_hand": N_("set by hand in the customers' file"),
    "condition": N_("the first segment whose condition holds"),
    "default": N_("no condition of an earlier segment holds"),
}
_AMOUNTS = (
    "amount",
    "open",
    "disputed_part",
    "balance",
    "paid",
    "claimable",
    "net_open",
    "minimum",
)
_HOME_AMOUNTS = ("outstanding", "overdue", "credit_limit")
_FACTS = (
    "item", "source", "file", "line", "kind", "currency", "amount", "open", "disputed_part", "balance", "paid", "issued", "due",
    "days_past_due", "debtor_kind", "country", "language", "sector", "tags", "owner", "region",
    "days_as_customer", "outstanding", "overdue", "oldest_days_past_due", "open_items",
    "broken_promises", "late_ratio", "mean_days_late", "score", "credit_limit", "cycle", "level_reached", "last_level", "last_notice",
    "next_level", "level_day", "interval_end", "claimable", "net_open", "minimum", "contacts",
    "channels", "court_until", "limitation_article",
)  # fmt: skip

_OVER = frozenset({"settled", "credit", "complete", "missing"})


def explain(
    proposal: Proposal, history: History, number: str, language: str
) -> list[dict[str, Any]]:
    """Return, for each item that bears `number`, the JSON of `relance explain`.

    The list is empty when no item has the number; several debtors may use the same one.
    """
    rows = proposal.facts.filter(bears(number)).sort("item")
    rows = add_last_days(rows, proposal.portfolio.past, proposal.policy)
    rows = rows.with_columns(
        *line_checks(),
        *(finding(line, language).alias(f"detail_{n}") for n, line in enumerate(LINES)),
        reason_of(pl.col("verdict_line"), language).alias("reason"),
    )
    ladder, translate = rungs(proposal.policy.procedures), translator(language)
    thanked = _thanked(rows, proposal, translate)
    explained = []
    for row in rows.iter_rows(named=True):
        entry = _explained(row, history, translate)
        entry |= _form(row, ladder, proposal.policy, translate) | thanked.get(row["debtor"], {})
        entry |= _experiments(row, proposal.policy)
        explained.append(entry | {"payments": of_item(proposal.portfolio, row["item"], translate)})
    return explained


def _explained(row: dict[str, Any], history: History, translate: Translate) -> dict[str, Any]:
    over = row["verdict"] in _OVER
    return {
        "number": row["number"],
        "debtor": row["debtor"],
        "debtor_name": row["party_name"] or row["debtor_name"],
        "segment": row["segment"],
        "segment_reason": translate(_BY[row["segment_by"]]) if row["segment_by"] else None,
        "procedure": row["procedure"],
        "facts": {name: _plain(name, row) for name in _FACTS if row[name] is not None},
        "checks": [
            {"verdict": line.verdict, "holds": row[f"line_{n}"], "detail": row[f"detail_{n}"]}
            for n, line in enumerate(LINES)
        ],
        "verdict": row["verdict"],
        "reason": row["reason"],
        "next": {
            "level": None if over else row["next_level"],
            "date": None if over else _next_day(row),
        },
        "history": history.timeline(row["item"], row["debtor"]),
    }


def _thanked(
    rows: pl.DataFrame, proposal: Proposal, translate: Translate
) -> dict[str, dict[str, Any]]:
    """Return whether the debtors of `rows` are thanked today, and why; nothing without `thanks`."""
    asked = proposal.policy.thanks
    if asked is None:
        return {}
    facts = proposal.facts.join(rows, on="debtor", how="semi")
    past, reach = proposal.portfolio.past, reach_of(proposal.policy)
    found = {}
    stand = thanks_standing(facts, past, proposal.policy, proposal.today, reach)
    for debtor in stand.iter_rows(named=True):
        places = {"months": asked.months, "asked": asked.in_time, "recent": RECENT}
        said = translate(REASONS[debtor["why"]]).format(paid=debtor["paid"], **places)
        last = debtor["date"].isoformat() if debtor["date"] else None
        found[debtor["debtor"]] = {"thanks": {"why": debtor["why"], "last": last, "reason": said}}
    return found


def _form(
    row: dict[str, Any], ladder: Sequence[Rung], policy: Policy, translate: Translate
) -> dict[str, Any]:
    """Return which variant and which tone the next level has for the debtor, where that is chosen."""
    if row["rung"] is None or row["verdict"] in _OVER:
        return {}
    rung, turn = ladder[row["rung"]], turn_at(row, ladder)
    found: dict[str, Any] = {}
    if turn is not None:
        found["variant"] = {
            "number": turn.number,
            "count": turn.count,
            "turn": turn.turn,
            "channels": list(rung.level.channels),
            "task": rung.level.task.kind if rung.level.task else None,
            "reason": turn.said(translate),
        }
    said = tone_said(row, rung, policy, translate)
    if said is not None:
        found["tone"] = {"tone": tone_of(row, rung, policy), "reason": said}
    return found


def _experiments(row: dict[str, Any], policy: Policy) -> dict[str, Any]:
    """Return the arm of the debtor in each experiment of its procedure; nothing without any."""
    procedure = policy.procedures.get(row["procedure"] or "")
    levels = procedure.levels if procedure and not row["credit"] else ()
    found = []
    for level in levels:
        if level.experiment is None:
            continue
        name = arm_of(level.experiment, row["debtor"])
        arm = level.experiment.arms[name]
        told = {"name": level.experiment.name, "level": level.id, "arm": name}
        found.append(told | {"sent": arm.send, "wait": arm.wait})
    return {"experiments": found} if found else {}


def _next_day(row: dict[str, Any]) -> str | None:
    """Return the day of the next level; where the law bars that day, the first one it lets go."""
    barred = row["verdict"] == "unlawful_now" and row["until"]
    day = row["until"] if barred else row["next_date"]
    return day.isoformat() if day else None


def _plain(name: str, row: dict[str, Any]) -> Any:
    value = row[name]
    if name in _AMOUNTS or name in _HOME_AMOUNTS:
        return to_text(value, row["currency"] if name in _AMOUNTS else row["home_currency"])
    return value.isoformat() if hasattr(value, "isoformat") else value
