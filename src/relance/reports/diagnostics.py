"""Diagnostics as people and machines read them: full, concise, JSON, GitHub, SARIF, JUnit, GitLab, Markdown."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from relance import __version__
from relance.diagnostics import Diagnostic, Severity, Span, in_order
from relance.language import N_, translator
from relance.reports.code_quality import code_quality, gravest_first, page
from relance.reports.figures import safe

FORMATS = ("full", "concise", "json", "github", "sarif", "junit", "gitlab", "markdown")

_WIDTH = 96
_SARIF_LEVELS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "note"}
_GITHUB_LEVELS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "notice"}

_SEVERITIES = {
    Severity.ERROR: N_("error"),
    Severity.WARNING: N_("warning"),
    Severity.INFO: N_("info"),
}
_SUMMARY = N_("{files} files, {procedures} procedures, {errors} errors, {warnings} warnings")


class Ordered(list[Diagnostic]):
    """Findings that are shown in the order that they have, such as the invoice due first."""


def render(
    diagnostics: Iterable[Diagnostic],
    format: str = "full",
    language: str = "en",
    checked_files: Sequence[str] = (),
    procedures: int = 0,
) -> str:
    """Return the diagnostics in one of FORMATS, in the operator's `language`, ending in a line feed.

    They are sorted by place, unless they are `Ordered`. With `checked_files`, `full` and `concise` end with a line that counts them, the `procedures`
    and the errors.

    Raises:
        KeyError: if there is no such format.
    """
    found = diagnostics if isinstance(diagnostics, Ordered) else in_order(diagnostics)
    if format in ("full", "concise"):
        show = _full if format == "full" else _concise
        text = "".join(show(one, language) for one in found)
        return text + _summary(found, language, checked_files, procedures)
    machines: dict[str, Callable[[list[Diagnostic], str, Sequence[str]], str]] = {
        "json": _json,
        "github": _github,
        "sarif": _sarif,
        "junit": _junit,
        "gitlab": lambda found, language, _files: code_quality(found, language),
        "markdown": lambda found, language, _files: page(found, language),
    }
    return machines[format](found, language, checked_files)


def _summary(found: list[Diagnostic], language: str, files: Sequence[str], procedures: int) -> str:
    if not files:
        return ""
    severities = [one.severity for one in found]
    counts = {
        "files": len(files),
        "procedures": procedures,
        "errors": severities.count(Severity.ERROR),
        "warnings": severities.count(Severity.WARNING),
    }
    return translator(language)(_SUMMARY).format_map(counts) + "\n"


def _full(diagnostic: Diagnostic, language: str) -> str:
    say = translator(language)
    word = say(_SEVERITIES[diagnostic.severity])
    lines = [f"{word}[{diagnostic.code}]: {safe(diagnostic.message(language))}"]
    if diagnostic.span is not None:
        lines += _place(diagnostic.span)
    lines += [f"  = {say(N_('see also'))}: {safe(str(other))}" for other in diagnostic.related]
    hint = diagnostic.hint(language)
    lines += [f"  = {say(N_('help'))}: {safe(hint)}"] if hint else []
    return "\n".join(lines) + "\n\n"


def _place(span: Span) -> list[str]:
    """Return the lines that show where: the address, and the excerpt with a caret."""
    lines = [f"  --> {safe(str(span))}"]
    if span.excerpt is None or span.line is None:
        return lines
    margin = " " * len(str(span.line))
    excerpt, start, width = _window(span)
    lines += [f"{margin} |", f"{span.line} | {excerpt}"]
    if start is not None:
        lines.append(f"{margin} | {' ' * start}{'^' * width}")
    return lines


def _window(span: Span) -> tuple[str, int | None, int]:
    """Return the part of the excerpt to show, where the caret stands in it, and its width."""
    text = span.excerpt or ""
    if span.column is None:
        return safe(text[:_WIDTH]), None, 0
    column = min(span.column - 1, len(text))
    end = min(max(span.end_column or column + 2, column + 2) - 1, max(len(text), column + 1))
    first = max(0, min(column - 10, len(text) - _WIDTH)) if end > _WIDTH else 0
    lead = "…" if first else ""
    shown = lead + safe(text[first : first + _WIDTH])
    start = len(lead + safe(text[first:column]))
    width = max(1, len(safe(text[column:end])))
    return shown, start, min(width, max(1, len(shown) - start))


def _concise(diagnostic: Diagnostic, language: str) -> str:
    word = translator(language)(_SEVERITIES[diagnostic.severity])
    place = f"{safe(str(diagnostic.span))}: " if diagnostic.span is not None else ""
    hint = diagnostic.hint(language)
    tail = f" ({safe(hint)})" if hint else ""
    return f"{place}{word} {diagnostic.code}: {safe(diagnostic.message(language))}{tail}\n"


def _json(found: list[Diagnostic], language: str, files: Sequence[str]) -> str:
    errors = sum(one.severity is Severity.ERROR for one in found)
    content = {
        "schema_version": 1,
        "files": list(files),
        "errors": errors,
        "diagnostics": [one.as_json(language) for one in found],
    }
    return json.dumps(content, ensure_ascii=False, indent=2) + "\n"


def _github(found: list[Diagnostic], language: str, _files: Sequence[str]) -> str:
    """Errors come first: GitHub shows ten annotations of a kind per step."""
    return "".join(_annotation(one, language) for one in gravest_first(found))


def _annotation(diagnostic: Diagnostic, language: str) -> str:
    span = diagnostic.span or Span("")
    places = {"file": span.file, "line": span.line, "col": span.column, "title": diagnostic.code}
    fields = ",".join(f"{key}={_property(str(value))}" for key, value in places.items() if value)
    hint = diagnostic.hint(language)
    text = diagnostic.message(language) + (f" ({hint})" if hint else "")
    level = _GITHUB_LEVELS[diagnostic.severity]
    return f"::{level} {fields}::{_data(text)}\n"


def _data(text: str) -> str:
    return safe(text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A"))


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")


def _sarif(found: list[Diagnostic], language: str, _files: Sequence[str]) -> str:
    rules = sorted({one.rule.code: one.rule for one in found}.values(), key=lambda r: r.code)
    say = translator(language)
    driver = {
        "name": "relance",
        "version": __version__,
        "rules": [
            {
                "id": rule.code,
                "shortDescription": {"text": say(rule.explanation or rule.message)},
                "defaultConfiguration": {"level": _SARIF_LEVELS[rule.severity]},
            }
            for rule in rules
        ],
    }
    order = {rule.code: index for index, rule in enumerate(rules)}
    run = {
        "tool": {"driver": driver},
        "columnKind": "unicodeCodePoints",
        "results": [_result(one, order[one.code], language) for one in found],
    }
    content = {
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [run],
    }
    return json.dumps(content, ensure_ascii=False, indent=2) + "\n"


def _result(diagnostic: Diagnostic, index: int, language: str) -> dict[str, Any]:
    hint = diagnostic.hint(language)
    text = diagnostic.message(language) + (f" ({hint})" if hint else "")
    result: dict[str, Any] = {
        "ruleId": diagnostic.code,
        "ruleIndex": index,
        "level": _SARIF_LEVELS[diagnostic.severity],
        "message": {"text": text},
        # Code scanning refuses a whole file of which one result has no place.
        "locations": [_location(diagnostic.span or Span("relance.yaml"))],
    }
    if diagnostic.related:
        result["relatedLocations"] = [_location(other) for other in diagnostic.related]
    return result


def _location(span: Span) -> dict[str, Any]:
    from urllib.parse import quote

    place: dict[str, Any] = {"artifactLocation": {"uri": quote(span.file)}}
    region = {
        "startLine": span.line,
        "startColumn": span.column if span.line else None,
        "endColumn": span.end_column if span.column else None,
    }
    if span.line is not None:
        place["region"] = {key: value for key, value in region.items() if value is not None}
    return {"physicalLocation": place}


def _junit(found: list[Diagnostic], language: str, files: Sequence[str]) -> str:
    """Each file is a test case; its errors are failures, its warnings and infos its output."""
    names = list(dict.fromkeys([*files, *(one.span.file if one.span else "" for one in found)]))
    errors = [one for one in found if one.severity is Severity.ERROR]
    cases = "".join(_case(name, found, language) for name in names)
    counts = f'tests="{len(names)}" failures="{len({_file(one) for one in errors})}"'
    suite = f'<testsuite name="relance validate" {counts} errors="0" skipped="0">'
    head = '<?xml version="1.0" encoding="UTF-8"?>\n'
    return f"{head}<testsuites>\n{suite}\n{cases}</testsuite>\n</testsuites>\n"


def _file(diagnostic: Diagnostic) -> str:
    return diagnostic.span.file if diagnostic.span else ""


def _for_xml(text: str) -> str:
    for character, entity in (("&", "&amp;"), ("<", "&lt;"), (">", "&gt;"), ('"', "&quot;")):
        text = text.replace(character, entity)
    return text


def _quoted(text: str) -> str:
    return f'"{_for_xml(safe(text))}"'


def _case(name: str, found: list[Diagnostic], language: str) -> str:
    here = [one for one in found if _file(one) == name]
    failures = [one for one in here if one.severity is Severity.ERROR]
    others = [one for one in here if one.severity is not Severity.ERROR]
    parts = [f'<testcase classname="relance" name={_quoted(name)}>']
    if failures:
        message = _quoted(failures[0].message(language))
        text = "".join(_concise(one, language) for one in failures)
        parts.append(f"<failure type={_quoted(failures[0].code)} message={message}>")
        parts.append(f"{_for_xml(text)}</failure>")
    if others:
        text = "".join(_concise(one, language) for one in others)
        parts.append(f"<system-out>{_for_xml(text)}</system-out>")
    return "".join([*parts, "</testcase>\n"])
