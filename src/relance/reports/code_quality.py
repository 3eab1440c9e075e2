"""Diagnostics in the forms of reviews: GitLab's Code Quality report, and a page of Markdown.

https://docs.gitlab.com/ci/testing/code_quality/#code-quality-report-format
"""

from __future__ import annotations

import hashlib
import json
import posixpath
from collections import Counter
from collections.abc import Sequence
from typing import Any

from relance.diagnostics import Diagnostic, Severity, Span
from relance.language import N_, translator
from relance.reports.figures import count_text, counted
from relance.reports.markdown import markdown
from relance.reports.tables import Column, Table

_SEVERITIES = {Severity.ERROR: "critical", Severity.WARNING: "minor", Severity.INFO: "info"}
_WORDS = {
    Severity.ERROR: N_("error"),
    Severity.WARNING: N_("warning"),
    Severity.INFO: N_("info"),
}

MOST = 1000
"""Findings on a page: GitHub takes no summary of more than a megabyte."""


def gravest_first(found: Sequence[Diagnostic]) -> list[Diagnostic]:
    """Return the findings, errors before warnings before the rest, else in their order."""
    return sorted(found, key=lambda one: list(Severity).index(one.severity))


def code_quality(found: Sequence[Diagnostic], language: str) -> str:
    """Return the findings as a list of issues, in JSON.

    An issue is known by what it says of which file, so that it stays the same one when its line moves.
    """
    seen: Counter[tuple[str, str, str]] = Counter()
    issues = [_issue(one, seen, language) for one in found]
    return json.dumps(issues, ensure_ascii=False, indent=2) + "\n"


def _issue(one: Diagnostic, seen: Counter[tuple[str, str, str]], language: str) -> dict[str, Any]:
    span = one.span or Span("relance.yaml")
    same = (one.code, posixpath.normpath(span.file), one.message())
    seen[same] += 1
    digest = hashlib.sha256("\0".join([*same, str(seen[same])]).encode("utf-8", "surrogatepass"))
    return {
        "description": _said(one, language),
        "check_name": one.code,
        "fingerprint": digest.hexdigest()[:32],
        "severity": _SEVERITIES[one.severity],
        "location": {"path": same[1], "lines": {"begin": span.line or 1}},
    }


def _said(one: Diagnostic, language: str) -> str:
    hint = one.hint(language)
    return one.message(language) + (f" ({hint})" if hint else "")


def page(found: Sequence[Diagnostic], language: str) -> str:
    """Return the findings as a page of Markdown, the gravest first."""
    _ = translator(language)
    rows = [
        [_(_WORDS[one.severity]), str(one.span or "–"), one.code, _said(one, language)]
        for one in gravest_first(found)[:MOST]
    ]
    errors = sum(one.severity is Severity.ERROR for one in found)
    title = _("relance validate: {errors}").format(errors=counted(errors, "error", language))
    columns = [Column(""), Column(_("Place")), Column(_("Code")), Column(_("What"))]
    left = len(found) - MOST
    note = _("… and {count} more").format(count=count_text(left, language)) if left > 0 else ""
    if not found:
        columns, note = [], _("Nothing to say.")
    return markdown([Table(title, columns, rows, note=note)]) + "\n"
