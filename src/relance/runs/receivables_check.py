"""Which open invoices lack what their debtors need to pay them, before they fall due."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

import polars as pl

from relance.diagnostics import Diagnostic, Phrase, Rule, Severity, Span
from relance.intake.findings import shown
from relance.intake.identity import check_debtors
from relance.law.limits import excess, limit_of
from relance.ledger.terms import parse_terms
from relance.policy.model import Policy
from relance.runs import invoice_codes as codes
from relance.runs.invoice_needs import lacks
from relance.runs.portfolio import assemble

if TYPE_CHECKING:
    from relance.history.store import History
    from relance.runs.portfolio import Portfolio

NAMED = 200
"""Invoices named one by one for one rule; further ones are counted."""


@dataclass(frozen=True)
class Checked:
    """What was found of the open invoices of a project.

    Attributes:
        findings: those of the files that refuse them and of the debtors, then those of the
            invoices, the one due first before the others.
        invoices: `number, debtor, name, due, days_left, lacks` (codes) of each that lacks something.
        terms: `debtor, name, terms, days, invoices` of each debtor of open invoices: its terms
            (null if none are known) and the median of days from issue to due date.
        refused: a file could not be read; what was found is not whole.
    """

    findings: tuple[Diagnostic, ...]
    invoices: pl.DataFrame
    terms: pl.DataFrame
    refused: bool


def check_receivables(policy: Policy, today: date, history: History) -> Checked:
    """Return what the open invoices of the project lack on `today`; nothing is recorded."""
    portfolio = assemble(policy, today, history)
    reading = portfolio.reading
    invoices = _open_invoices(portfolio)
    found = pl.concat([*_lacking(invoices, policy), _too_long(invoices, policy)])
    found = found.sort("due", "debtor", "number", "code", nulls_last=True)
    findings = (
        *(one for one in reading.diagnostics if one.severity is Severity.ERROR),
        *check_debtors(reading.debtors),
        *_terms_unread(reading.debtors),
        *_terms_too_long(reading.debtors, policy),
        *_named(found),
        _looked_at(invoices, found),
    )
    return Checked(findings, _by_invoice(found), _terms(invoices), reading.refused)


def _open_invoices(portfolio: Portfolio) -> pl.DataFrame:
    """Return the facts of the invoices to be paid, with the `own_terms` of their debtors."""
    terms = portfolio.reading.debtors.select("debtor", own_terms="terms")
    invoice = pl.col("kind").is_in(["invoice", "instalment"])
    open_now = (pl.col("open") > 0) & ~pl.col("missing")
    facts = portfolio.facts.filter(invoice & open_now)
    name = pl.coalesce("party_name", "debtor_name", "debtor")
    left = -pl.col("days_past_due")
    return facts.with_columns(name=name, days_left=left).join(
        terms, on="debtor", how="left", maintain_order="left"
    )


_FACTS = ("number", "debtor", "name", "due", "days_left", "file", "line")


def _lacking(invoices: pl.DataFrame, policy: Policy) -> Iterator[pl.DataFrame]:
    text = pl.lit(None, pl.String)
    for rule, broken in lacks(policy):
        rows = invoices.filter(broken.fill_null(False)).select(_FACTS)
        yield rows.with_columns(
            code=pl.lit(rule.code), latest=pl.lit(None, pl.Date), limit=text, article=text
        )


def _too_long(invoices: pl.DataFrame, policy: Policy) -> pl.DataFrame:
    """Return the invoices due after the latest date that the law allows to agree."""
    home, sector = policy.governing_law, policy.law.sector
    kinds = ("business", "public")
    dated = invoices.filter(pl.col("debtor_kind").is_in(kinds)).drop_nulls(["issued", "due"])
    pairs = dated.select("issued", "debtor_kind").unique()
    known = pl.DataFrame(
        [(*pair, *_limit(home, sector, *pair)) for pair in pairs.iter_rows()],
        schema={**pairs.schema, "latest": pl.Date, "limit": pl.String, "article": pl.String},
        orient="row",
    )
    rows = dated.join(known, on=["issued", "debtor_kind"], maintain_order="left")
    return rows.filter(pl.col("due") > pl.col("latest")).select(
        *_FACTS, pl.lit(codes.LONG_TERMS.code).alias("code"), "latest", "limit", "article"
    )


def _limit(
    home: str, sector: str | None, issued: date, kind: Any
) -> tuple[date | None, str | None, str | None]:
    limit = limit_of(home, sector, kind, issued=issued)
    if limit is None or limit.derogable:
        return None, None, None
    return limit.latest(issued), limit.said, limit.article


def _named(found: pl.DataFrame) -> Iterator[Diagnostic]:
    """Yield a finding for the first invoices of each rule, and how many more there are."""
    rules = {rule.code: rule for rule in vars(codes).values() if isinstance(rule, Rule)}
    place = pl.int_range(pl.len()).over("code")
    for row in found.filter(place < NAMED).iter_rows(named=True):
        yield Diagnostic(rules[row["code"]], Span(row["file"], row["line"]), _facts(row))
    for code, count in found.group_by("code").len().sort("code").iter_rows():
        if count > NAMED:
            yield Diagnostic(codes.MORE, None, {"code": code, "count": count - NAMED})


def _facts(row: dict[str, Any]) -> dict[str, object]:
    facts: dict[str, object] = {name: shown(row[name]) for name in ("number", "debtor", "name")}
    facts |= {"due": row["due"] or "–", "days": "–" if row["due"] is None else row["days_left"]}
    if row["latest"]:
        facts |= {"latest": row["latest"], "over": (row["due"] - row["latest"]).days}
        facts |= {"limit": Phrase(row["limit"]), "article": row["article"]}
    return facts


def _by_invoice(found: pl.DataFrame) -> pl.DataFrame:
    return found.group_by(
        "number", "debtor", "name", "due", "days_left", "file", "line", maintain_order=True
    ).agg(pl.col("code").alias("lacks"))


def _looked_at(invoices: pl.DataFrame, found: pl.DataFrame) -> Diagnostic:
    lacking = found.unique(["debtor", "number", "file", "line"])
    early = lacking.filter(pl.col("days_left") >= 0).height
    facts = {"looked": invoices.height, "lacking": lacking.height, "early": early}
    return Diagnostic(codes.LOOKED_AT, None, facts)


def _terms_unread(debtors: pl.DataFrame) -> Iterator[Diagnostic]:
    """Yield a finding for each debtor whose own terms are not understood."""
    given = debtors.drop_nulls("terms").select("debtor", "terms", "file", "line")
    texts = [text for text in given["terms"].unique() if text.strip()]
    unread = [text for text in texts if parse_terms(text) is None]
    rows = given.filter(pl.col("terms").is_in(unread)).sort("file", "line", "debtor")
    yield from _of_debtors(rows, codes.TERMS_UNREAD, {})


def _terms_too_long(debtors: pl.DataFrame, policy: Policy) -> Iterator[Diagnostic]:
    """Yield a finding for each business whose own terms no law lets be agreed."""
    home, sector = policy.governing_law, policy.law.sector
    limit = limit_of(home, sector)
    if limit is None or limit.derogable:
        return
    given = debtors.filter(pl.col("kind") == "business").drop_nulls("terms").sort("file", "line")
    for text in given["terms"].unique(maintain_order=True):
        terms = parse_terms(text)
        over = excess(terms, home, sector)[1] if terms else 0
        if over:
            facts = {"over": over, "limit": Phrase(limit.said), "article": limit.article}
            rows = given.filter(pl.col("terms") == text)
            yield from _of_debtors(rows, codes.AGREED_TOO_LONG, facts)


def _of_debtors(rows: pl.DataFrame, rule: Rule, facts: dict[str, object]) -> Iterator[Diagnostic]:
    """Yield a finding about the terms of the first debtors of `rows`, and how many more there are."""
    for row in rows.head(NAMED).iter_rows(named=True):
        own = {"debtor": shown(row["debtor"]), "terms": shown(row["terms"])}
        yield Diagnostic(rule, Span(row["file"] or "", row["line"]), {**own, **facts})
    if rows.height > NAMED:
        yield Diagnostic(codes.MORE, None, {"code": rule.code, "count": rows.height - NAMED})


def _terms(invoices: pl.DataFrame) -> pl.DataFrame:
    days = (pl.col("due") - pl.col("issued")).dt.total_days()
    return (
        invoices.group_by("debtor")
        .agg(
            pl.col("name").first(),
            pl.coalesce("own_terms", "terms").drop_nulls().first().alias("terms"),
            days.median().alias("days"),
            pl.len().alias("invoices"),
        )
        .sort("debtor")
    )
