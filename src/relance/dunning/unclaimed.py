"""Why a notice claims less beside its principal than its level asks for."""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from relance.diagnostics import Diagnostic
from relance.dunning import codes
from relance.dunning.charges import computed
from relance.dunning.claims import with_law
from relance.dunning.events import Past
from relance.dunning.levels import rungs
from relance.dunning.plan import Plan
from relance.law.regimes import REGIMES, Regime
from relance.policy.model import Policy

_NAMED = 5
_LAWS: dict[tuple[str, str], Regime] = {(c, kind): regime for (c, kind), regime in REGIMES.items()}


def unclaimed(plan: Plan, policy: Policy, past: Past) -> Iterator[Diagnostic]:
    """Yield what no notice of `plan` claims although its level asks for it, and why."""
    ladder = rungs(policy.procedures)
    asked = [rung.level.charges for rung in ladder]
    legal = [n for n, c in enumerate(asked) if c.interest or c.compensation]
    rows = plan.acting.filter(pl.col("top_rung").is_in(legal)).with_columns(
        until=pl.lit(plan.run_date)
    )
    if not rows.is_empty():
        rows = with_law(rows, policy)
        yield from _unknown_kinds(rows)
        known = rows.drop_nulls("law_kind")
        yield from _unknown_laws(known)
        costs = [n for n, c in enumerate(asked) if c.compensation]
        yield from _lump_sums(known.filter(pl.col("top_rung").is_in(costs)))
        yield from _unknown_rates(known, policy, past)
    for n, charges in enumerate(asked):
        if charges.fee:
            yield from _fees(
                plan.acting.filter(pl.col("top_rung") == n), ladder[n].level.id, policy
            )


def _unknown_kinds(rows: pl.DataFrame) -> Iterator[Diagnostic]:
    unknown = rows.filter(pl.col("law_kind").is_null())
    if not unknown.is_empty():
        yield Diagnostic(codes.NO_KIND, None, {"debtors": _named(unknown["debtor"])})


def _unknown_laws(rows: pl.DataFrame) -> Iterator[Diagnostic]:
    for (country, kind), part in _parts(rows, "law_country", "law_kind"):
        if (country, kind) not in _LAWS:
            facts = {"country": country, "kind": kind, "debtors": _named(part["debtor"])}
            yield Diagnostic(codes.NO_LAW, None, facts)


def _lump_sums(rows: pl.DataFrame) -> Iterator[Diagnostic]:
    for (country, kind, currency), part in _parts(rows, "law_country", "law_kind", "currency"):
        regime = _LAWS.get((country, kind))
        if regime is None or regime.compensation == "none":
            continue
        if currency != ("GBP" if regime.compensation == "uk" else "EUR"):
            facts = {"currency": currency, "debtors": _named(part["debtor"])}
            yield Diagnostic(codes.OTHER_CURRENCY, None, facts)


def _unknown_rates(rows: pl.DataFrame, policy: Policy, past: Past) -> Iterator[Diagnostic]:
    """Yield receivables whose law is known and that cannot be computed, tried once per due date."""
    law = pl.concat_str("law_country", "law_kind", separator=" ")
    known = rows.filter(law.is_in([" ".join(case) for case in _LAWS]))
    tried = known.unique(["law_country", "law_kind", "due"], keep="first", maintain_order=True)
    given = computed(tried, past.allocations, policy)
    missing = tried.filter(~pl.col("item").is_in(list(given)))
    if not missing.is_empty():
        yield Diagnostic(codes.RATE_MISSING, None, {"numbers": _named(missing["number"])})


def _fees(rows: pl.DataFrame, level: str, policy: Policy) -> Iterator[Diagnostic]:
    home = policy.creditor.currency
    for (currency,), part in _parts(rows.filter(pl.col("currency") != home), "currency"):
        facts = {"level": level, "home": home, "currency": currency}
        facts["debtors"] = _named(part["debtor"])
        yield Diagnostic(codes.FEE_IN_OTHER_CURRENCY, None, facts)


def _parts(rows: pl.DataFrame, *keys: str) -> Iterator[tuple[tuple[str, ...], pl.DataFrame]]:
    yield from sorted(rows.partition_by(keys, as_dict=True).items(), key=lambda part: part[0])


def _named(names: pl.Series) -> str:
    """Return the first of `names`, and how many more there are."""
    distinct = names.unique().sort().to_list()
    more = len(distinct) - _NAMED
    return ", ".join(distinct[:_NAMED]) + (f" (+ {more})" if more > 0 else "")
