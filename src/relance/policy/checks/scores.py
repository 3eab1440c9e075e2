"""Scores of others: services that may be asked, scales that say which end is the good one."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import urlsplit

from relance.diagnostics import Diagnostic, Phrase
from relance.language import N_
from relance.policy.checks.channels import secrets_in
from relance.policy.codes import scores as codes
from relance.policy.draft import Project
from relance.policy.scores import ScoreService, ScoreSource

KNOWN = ("registration", "vat", "country")
"""What a question may name of a debtor."""

_NAME = re.compile(r"\{([a-z][a-z0-9_]*)\}")
_HERE = ("localhost", "127.0.0.1", "::1")
_CREDENTIALS = re.compile("(?i)authorization$|cookie$|key$|token$|secret$|password$")


def check_scores(project: Project) -> Iterator[Diagnostic]:
    """Yield the findings about `scores`."""
    scores = project.draft.scores
    if scores is None:
        return
    yield from secrets_in(project.main.get("scores"), ("scores",), project)
    names = [source.name for source in scores.sources]
    for nth, source in enumerate(scores.sources):
        yield from _scale(source, nth, project, again=source.name in names[:nth])
        if isinstance(source, ScoreService):
            yield from _address(source, nth, project)
            yield from _headers(source, nth, project)


def _scale(source: ScoreSource, nth: int, project: Project, *, again: bool) -> Iterator[Diagnostic]:
    reasons = {"name": N_("this name is there a second time")} if again else {}
    if source.worst == source.best:
        reasons["worst"] = N_("`worst` and `best` are the same")
    for key, reason in reasons.items():
        span = project.main.span("scores", "sources", nth, key)
        yield Diagnostic(codes.UNFIT_SCALE, span, {"source": source.name, "reason": Phrase(reason)})


def _address(source: ScoreService, nth: int, project: Project) -> Iterator[Diagnostic]:
    reason = _unfit(source.url, {*KNOWN, *source.secrets})
    if reason:
        span = project.main.span("scores", "sources", nth, "url")
        yield Diagnostic(
            codes.UNFIT_ADDRESS, span, {"source": source.name, "reason": Phrase(reason)}
        )


def _unfit(url: str, known: set[str]) -> str:
    """Return why `url` cannot be asked; "" if it can."""
    if re.search(r"[^\x21-\x7e]", url):
        return N_("it holds spaces, or other than ASCII characters")
    try:
        parts = urlsplit(url)
        host = parts.hostname or ""
    except ValueError:
        return N_("it is no address")
    if not host or _NAME.search(parts.netloc) or parts.username is not None:
        return N_("its host is made from names, or it names a user")
    if parts.scheme != "https" and not (parts.scheme == "http" and host in _HERE):
        return N_("it is not https")
    names = set(_NAME.findall(url))
    if names - known:
        return N_("it has a name that is neither registration, vat, country nor that of a secret")
    return "" if names & {"registration", "vat"} else N_("it does not say of whom")


def _headers(source: ScoreService, nth: int, project: Project) -> Iterator[Diagnostic]:
    for name, value in source.headers.items():
        found = set(_NAME.findall(value))
        if found - set(source.secrets) or (_CREDENTIALS.search(name) and not found):
            span = project.main.span("scores", "sources", nth, "headers", name, key=True)
            yield Diagnostic(codes.OPEN_CREDENTIAL, span, {"source": source.name, "header": name})
