"""What the computation of interest has to say: L050–L079 about rates and claims."""

from __future__ import annotations

from relance.diagnostics import Severity, rule

E = Severity.ERROR

RATE_UNKNOWN = rule(
    "L050", E,
    "the rate {table} of {period} is not known",
    "Once it is published, add it to relance.yaml: `rates: [{{table: {table}, from: {start}, "
    "percent: RATE, source: PUBLICATION}}]`.",
    "Each rate holds for the period that it was published for, and is never carried over to the next: "
    "a claim that reaches into a period without rate is refused. A rate under `rates:` is printed beside "
    "the computation with the source that you give.",
)  # fmt: skip
NO_RULE = rule(
    "L051", E,
    "relance knows no rule for interest that {kind} debtors owe in {country}",
    "Leave `charges` out for these debtors, or set `law: country` if another law governs the claim.",
    "The countries and kinds of debtors whose rules are known are on the page of the law. For others "
    "nothing is computed, rather than something that looks like the law.",
)  # fmt: skip
TOO_OLD = rule(
    "L052", E,
    "the rule for {kind} debtors in {country} is known for interest from {since} on, not on {day}",
    "Compute the interest before {since} by hand, or leave it out.",
    "The margin over the reference rate was another one before; for such days nothing is computed.",
)  # fmt: skip
