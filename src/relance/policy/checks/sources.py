"""Sources and the customers' file: paths inside the project, columns, terms, ways of writing."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator

from relance.diagnostics import Diagnostic
from relance.policy.checks.conditions import check_condition
from relance.policy.codes import creditor as creditor_codes
from relance.policy.codes import sources as codes
from relance.policy.document import Route
from relance.policy.draft import Project
from relance.policy.model import (
    BANK_COLUMNS,
    CUSTOMER_COLUMNS,
    RECEIVABLE_COLUMNS,
    BankSource,
    CsvSource,
    CustomersSource,
    FecSource,
    XlsxSource,
)
from relance.policy.nearest import nearest
from relance.policy.paths import leaves_project

# What ledgers have instead of an amount; understood, and too special to be proposed.
_LEDGER_COLUMNS = ("debit", "credit", "letter", "journal")

_DAY, _MONTH, _YEAR = ("%d", "%-d", "%e"), ("%m", "%-m", "%b", "%B"), ("%y", "%Y")


def check_sources(project: Project) -> Iterator[Diagnostic]:
    """Yield the findings about the sources and the customers' file."""
    first: dict[str, int] = {}
    for index, source in enumerate(project.draft.sources):
        route: Route = ("sources", index)
        if source.name in first:
            related = (project.main.span("sources", first[source.name], "name"),)
            span = project.main.span(*route, "name")
            yield Diagnostic(codes.DUPLICATE_SOURCE, span, {"name": source.name}, related)
        first.setdefault(source.name, index)
        yield from _path(source.path, route, project)
        if not isinstance(source, BankSource) and source.terms is not None:
            yield from _terms(source.terms, route, project)
        if isinstance(source, BankSource):
            yield from _csv(source, BANK_COLUMNS, route, project)
            yield from _since(source, route, project)
        elif isinstance(source, CsvSource):
            yield from _csv(source, RECEIVABLE_COLUMNS, route, project)
        elif isinstance(source, XlsxSource):
            yield from _columns(source, RECEIVABLE_COLUMNS, route, project)
    customers = project.draft.customers
    if customers is not None:
        yield from _path(customers.path, ("customers",), project)
        yield from _csv(customers, CUSTOMER_COLUMNS, ("customers",), project)
    for index, requirement in enumerate(project.draft.requirements):
        if requirement.when is not None:
            route = ("requirements", index, "when")
            yield from check_condition(requirement.when, route, project.main, project)


def _since(source: BankSource, route: Route, project: Project) -> Iterator[Diagnostic]:
    """Yield that a bank source beside exports that do not say how far they go has no first day."""
    others = [s for s in project.draft.sources if not isinstance(s, BankSource)]
    if source.since is None and any(not isinstance(other, FecSource) for other in others):
        span = project.main.span(*route, "name")
        yield Diagnostic(codes.NO_FIRST_DAY, span, {"name": source.name})


def _path(path: str, route: Route, project: Project) -> Iterator[Diagnostic]:
    if leaves_project(path):
        span = project.main.span(*route, "path")
        yield Diagnostic(creditor_codes.OUTSIDE_PROJECT, span, {"key": "path", "path": path})


def _terms(terms: str, route: Route, project: Project) -> Iterator[Diagnostic]:
    from relance.ledger.terms import parse_terms

    if parse_terms(terms) is None:
        yield Diagnostic(codes.UNKNOWN_TERMS, project.main.span(*route, "terms"), {"terms": terms})


def _csv(
    source: CsvSource | BankSource | CustomersSource,
    known: tuple[str, ...],
    route: Route,
    project: Project,
) -> Iterator[Diagnostic]:
    yield from _columns(source, known, route, project)
    if source.encoding is not None and not _is_encoding(source.encoding):
        span = project.main.span(*route, "encoding")
        yield Diagnostic(codes.UNKNOWN_ENCODING, span, {"encoding": source.encoding})
    if source.delimiter is not None and not _is_delimiter(source.delimiter):
        span = project.main.span(*route, "delimiter")
        yield Diagnostic(codes.WRONG_DELIMITER, span, {"delimiter": source.delimiter})


def _columns(
    source: CsvSource | XlsxSource | BankSource | CustomersSource,
    known: tuple[str, ...],
    route: Route,
    project: Project,
) -> Iterator[Diagnostic]:
    for column in source.columns:
        if column not in (*known, *_LEDGER_COLUMNS):
            span = project.main.span(*route, "columns", column, key=True)
            facts = {"column": column, "names": nearest(column, known)}
            yield Diagnostic(codes.UNKNOWN_COLUMN, span, facts)
    if source.dates is not None and not _is_date_form(source.dates):
        span = project.main.span(*route, "dates")
        yield Diagnostic(codes.WRONG_DATES, span, {"dates": source.dates})


def _is_encoding(name: str) -> bool:
    try:
        return bool(codecs.lookup(name)._is_text_encoding)
    except (LookupError, ValueError):
        return False


def _is_delimiter(text: str) -> bool:
    return text == "\t" or bool(re.fullmatch(r"[^\w\s\"'.-]", text))


def _is_date_form(text: str) -> bool:
    parts = (_DAY, _MONTH, _YEAR)
    return text in ("dmy", "mdy", "ymd") or all(any(p in text for p in part) for part in parts)
