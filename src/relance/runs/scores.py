"""The scores of others that are known: of files, and of what services answered before."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

import polars as pl

from relance.diagnostics import Diagnostic
from relance.dunning.scores import SCORES, counting
from relance.history.store import History
from relance.history.values import Record
from relance.intake.score_codes import UNKNOWN_DEBTORS
from relance.intake.scores import read_scores
from relance.ledger.schema import empty, schema
from relance.policy.model import Policy, ScoreFile, ScoreService
from relance.policy.secrets import SecretError
from relance.runs import score_codes as codes
from relance.runs.expectations import ESTIMATED
from relance.runs.portfolio import Portfolio
from relance.runs.score_service import Down, Given, Odd, Service, question_of

SCORED = "scored"
"""The event that keeps what a service answered, also that it knows no such firm."""

PATIENCE = 3
"""Answers in a row that are not understood, after which a service is asked no more."""


@dataclass(frozen=True)
class Known:
    """What is known of scores.

    Attributes:
        counting: the frame of `dunning.scores.counting`.
        valid_days: after which a score orders nothing.
    """

    counting: pl.DataFrame
    diagnostics: tuple[Diagnostic, ...] = ()

    @property
    def risks(self) -> dict[str, float]:
        """The risk of each debtor whose score counts: 0 the best to 1 the worst."""
        return dict(self.counting.filter("valid").select("debtor", "risk").iter_rows())

    def of(self, debtor: str) -> pl.DataFrame:
        """Return the row of `counting` that is about `debtor`, also one that is too old; or none."""
        return self.counting.filter(pl.col("debtor") == debtor)


def scores_of(portfolio: Portfolio, history: History) -> Known:
    """Return the scores that count on the day of the portfolio. Asks nobody."""
    scores = portfolio.policy.scores
    if scores is None:
        return Known(counting(empty(SCORES), frozenset(), portfolio.today, 1))
    frames, said = [], []
    for place, source in enumerate(scores.sources):
        if isinstance(source, ScoreFile):
            policy = portfolio.policy
            read, found = read_scores(source, place, policy.creditor, policy.root, portfolio.today)
            frames.append(_named(read, portfolio.debtors))
            said += found
    frames.append(_answered(portfolio.policy, history, portfolio.today))
    every = pl.concat(frames)
    firms = frozenset(firms_of(portfolio)["debtor"])
    strange = every.filter(~pl.col("debtor").is_in(sorted(firms)) | pl.col("debtor").is_null())
    if strange.height:
        said.append(Diagnostic(UNKNOWN_DEBTORS, None, {"count": strange.height}))
    counted = counting(every, firms, portfolio.today, scores.valid_days)
    return Known(counted, tuple(said))


def firms_of(portfolio: Portfolio) -> pl.DataFrame:
    """Return the debtors that may have a score: those who are known to be no natural persons."""
    return portfolio.debtors.filter(pl.col("kind").is_in(ESTIMATED)).unique("debtor", keep="first")


def _named(read: pl.DataFrame, debtors: pl.DataFrame) -> pl.DataFrame:
    """Return `read` as SCORES: rows that name a number of the register find their debtor by it."""
    columns = [column.name for column in SCORES]
    by_id = read.filter(pl.col("debtor").is_not_null()).select(columns)
    others = read.filter(pl.col("debtor").is_null()).drop("debtor")
    found = [by_id]
    for name in ("registration", "vat"):
        numbers = debtors.select("debtor", _bare(name).alias("number")).drop_nulls()
        by_register = pl.col("registration").is_not_null()
        here = others.filter(by_register if name == "registration" else ~by_register)
        joined = here.with_columns(_bare(name).alias("number")).join(
            numbers, on="number", how="left"
        )
        found.append(joined.select(columns))
    return pl.concat(found)


def _bare(name: str) -> pl.Expr:
    """A number of a register as it is compared; a SIRET by the SIREN that it begins with."""
    plain = pl.col(name).str.replace_all("[^A-Za-z0-9]", "").str.to_uppercase()
    siren = pl.when(plain.str.contains("^[0-9]{14}$")).then(plain.str.head(9)).otherwise(plain)
    return pl.when(siren != "").then(siren)


def _answered(policy: Policy, history: History, today: date) -> pl.DataFrame:
    """Return what services answered; of a service that is not in the policy any more nothing."""
    services = {source.name: (place, source) for place, source in _services(policy)}
    rows = [
        {
            "debtor": told["debtor"],
            "source": told["code"],
            "place": services[told["code"]][0],
            "provider": told["code"],
            "score": told["score"],
            "dated": date.fromisoformat(told["dated"]),
            "worst": services[told["code"]][1].worst,
            "best": services[told["code"]][1].best,
        }
        for told in _told(history)
        if told["code"] in services and told["date"] <= today.isoformat() and "score" in told
    ]
    return pl.DataFrame(rows, schema=schema(SCORES)) if rows else empty(SCORES)


def _told(history: History) -> list[dict[str, Any]]:
    """Return the answers that were kept and not erased since."""
    return [told for told in history.told((SCORED,)) if "dated" in told and told.get("code")]


def _services(policy: Policy) -> Iterator[tuple[int, ScoreService]]:
    for place, source in enumerate(policy.scores.sources if policy.scores else ()):
        if isinstance(source, ScoreService):
            yield place, source


@dataclass
class Fetched:
    """What became of the asking: of one service.

    Attributes:
        due: firms that were to be asked about; asked: those that were.
        given: scores that came; unknown: firms of which the provider has none.
    """

    source: str
    due: int
    asked: int = 0
    given: int = 0
    unknown: int = 0
    diagnostics: list[Diagnostic] = field(default_factory=list)


def due(portfolio: Portfolio, history: History, source: ScoreService) -> list[dict[str, Any]]:
    """Return the firms that `source` is to be asked about, those who owe most first.

    Left out are natural persons and who may be one, who owes nothing, who has no number to be asked
    by, and of whom there is an answer that is not older than `days`.
    """
    fresh = (portfolio.today - timedelta(days=source.days)).isoformat()
    asked = {
        told["debtor"]
        for told in _told(history)
        if told["code"] == source.name and told["date"] > fresh
    }
    owed = (
        portfolio.facts.filter(pl.col("outstanding") > 0)
        .unique("debtor")
        .select("debtor", "outstanding")
    )
    rows = firms_of(portfolio).join(owed, on="debtor", how="inner")
    ordered = rows.sort(["outstanding", "debtor"], descending=[True, False])
    return [
        row
        for row in ordered.iter_rows(named=True)
        if row["debtor"] not in asked and question_of(source, row) is not None
    ]


def fetch(
    portfolio: Portfolio, history: History, wait: Callable[[float], None]
) -> Iterator[Fetched]:
    """Ask each service about the firms that are due, keep the answers, and tell how it went.

    Each answer is recorded when it comes, so that one that is broken off asks nothing twice.
    """
    for _place, source in _services(portfolio.policy):
        firms = due(portfolio, history, source)
        told = Fetched(source.name, len(firms))
        try:
            service = Service(source, portfolio.policy.root)
        except SecretError as error:
            told.diagnostics.append(_failing(told, str(error), history))
        else:
            _ask_each(
                firms[: source.per_run], (source, service), told, (portfolio.today, history, wait)
            )
        yield told


def _ask_each(
    firms: list[dict[str, Any]],
    whom: tuple[ScoreService, Service],
    told: Fetched,
    means: tuple[date, History, Callable[[float], None]],
) -> None:
    source, service = whom
    today, history, wait = means
    odd: list[str] = []
    row = 0
    for firm in firms:
        if told.asked:
            wait(source.pause)
        answer = service.ask(question_of(source, firm) or {}, today)
        told.asked += 1
        if isinstance(answer, Given):
            row = 0
            history.record([_scored(firm["debtor"], source.name, answer, today)])
            told.given += answer.score is not None
            told.unknown += answer.score is None
            continue
        if isinstance(answer, Odd):
            odd.append(firm["debtor"])
            row += 1
        if isinstance(answer, Down) or row >= PATIENCE:
            told.diagnostics.append(_failing(told, answer.why, history))
            break
    if odd:
        facts = {"source": source.name, "count": len(odd), "worst": f"{source.worst:g}",
                 "best": f"{source.best:g}", "path": source.score, "debtor": odd[0]}  # fmt: skip
        told.diagnostics.append(Diagnostic(codes.NOT_UNDERSTOOD, None, facts))


def _scored(debtor: str, source: str, answer: Given, today: date) -> Record:
    score = {} if answer.score is None else {"score": answer.score}
    facts = {**score, "dated": answer.dated.isoformat()}
    return Record(SCORED, today, debtor, code=source, facts=facts)


def _failing(told: Fetched, why: str, history: History) -> Diagnostic:
    kept = {
        each["debtor"] for each in _told(history) if each["code"] == told.source and "score" in each
    }
    facts = {"source": told.source, "why": re.sub(r"\s+", " ", why)[:200], "asked": told.asked,
             "left": told.due - told.asked, "older": len(kept)}  # fmt: skip
    return Diagnostic(codes.FAILING, None, facts)


def to_ask(portfolio: Portfolio, history: History) -> list[Fetched]:
    """Return for each service how many firms it would be asked about; empty without a service."""
    return [
        Fetched(source.name, len(due(portfolio, history, source)))
        for _place, source in _services(portfolio.policy)
    ]
