"""Reads files of tests: every error with its place, before anything is run."""

from __future__ import annotations

import shlex
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from relance.diagnostics import Diagnostic, Span, has_errors, in_order
from relance.policy.codes import keys as key_codes
from relance.policy.codes import reading as reading_codes
from relance.policy.document import Document, Route
from relance.policy.draft import settle
from relance.policy.nearest import nearest
from relance.policy.scenarios import ALWAYS_EXPECTED, DOING, EXPECTED, Scenario, Scenarios, Step
from relance.policy.yaml import MAX_BYTES, read_yaml
from relance.runs.rehearsal import codes

FOLDER = "tests"
CALLED = (
    "adopt", "accounts", "approve", "debtor", "dispute", "doubt", "explain", "feed", "gdpr",
    "handover", "history", "import", "insolvency", "instalments", "interest", "letter", "note",
    "offer", "pause", "plan", "promise", "record", "resume", "run", "status", "tasks", "validate",
)  # fmt: skip
"""Commands that a test may call: they ask nobody and no server."""

_OURS = ("-C", "--project", "--date", "--lang")
_NEEDED = ("number", "amount")


@dataclass(frozen=True, slots=True)
class TestFile:
    """A file of tests as it was read.

    Attributes:
        path: where it lies.
        name: how people name it: relative to the project where it is in it.
        document: with the places of all it says; its value is a mapping with `tests`.
        scenarios: what it says.
        listed: whether the file is a list, without `given`.
    """

    __test__ = False  # it is none of pytest's

    path: Path
    name: str
    document: Document
    scenarios: Scenarios
    listed: bool

    def route(self, test: int, *more: str | int) -> Route:
        """Return the route of a test, or of something in it, in the document."""
        return ("tests", test, *more)


def paths_of(project: Path, asked: Sequence[Path]) -> list[Path]:
    """Return the files to read: those `asked` for, and the *.yaml of folders; the project's without."""
    own = project / FOLDER
    found: list[Path] = []
    for path in asked or ([own] if own.is_dir() else []):
        found += sorted(path.rglob("*.yaml")) if path.is_dir() else [path]
    return list(dict.fromkeys(found))


def read_tests(
    paths: Sequence[Path], project: Path, sources: Sequence[str]
) -> tuple[list[TestFile], list[Diagnostic]]:
    """Return the tests of the files, and all that is wrong with them; `sources` are the policy's."""
    files: list[TestFile] = []
    found: list[Diagnostic] = []
    for path in paths:
        file, faults = _read(path, _name(path, project), sources)
        found += faults
        files += [file] if file else []
    return files, in_order(found)


def _name(path: Path, project: Path) -> str:
    full, root = path.resolve(), project.resolve()
    return full.relative_to(root).as_posix() if full.is_relative_to(root) else path.as_posix()


def _read(
    path: Path, name: str, sources: Sequence[str]
) -> tuple[TestFile | None, list[Diagnostic]]:
    try:
        with path.open("rb") as opened:
            data = opened.read(MAX_BYTES + 1)
    except OSError as error:
        facts = {"file": name, "reason": error.strerror or type(error).__name__}
        return None, [Diagnostic(reading_codes.UNREADABLE, Span(name), facts)]
    document, found = read_yaml(data, name)
    if document is None:
        return None, found
    listed = isinstance(document.value, list)
    document = document.under("tests") if listed else document
    scenarios, _, faults = settle(Scenarios, document)
    found += faults
    if scenarios is None or has_errors(found):
        return None, found
    found = list(_checked(scenarios, document, sources))
    file = TestFile(path, name, document, scenarios, listed)
    return (None if found else file), found


def _checked(
    scenarios: Scenarios, document: Document, sources: Sequence[str]
) -> Iterator[Diagnostic]:
    first: dict[str, Span] = {}
    yield from _rows(scenarios.given.open, document, ("given", "open"), sources)
    for number, scenario in enumerate(scenarios.tests):
        at: Route = ("tests", number)
        span = document.span(*at, "name")
        if scenario.name in first:
            other = first[scenario.name]
            facts = {"name": scenario.name, "first": other.line}
            yield Diagnostic(codes.SAME_NAME, span, facts, (other,))
        first.setdefault(scenario.name, span)
        yield from _rows(scenario.open, document, (*at, "open"), sources)
        yield from _steps(scenario, document, at, sources)


def _steps(
    scenario: Scenario, document: Document, at: Route, sources: Sequence[str]
) -> Iterator[Diagnostic]:
    dated = False
    for number, step in enumerate(scenario.steps):
        here: Route = (*at, "steps", number)
        given = document.get(*here)
        actions = [name for name in DOING if name in given]
        if len(actions) != 1:
            rule = codes.SEVERAL_ACTIONS if actions else codes.NO_ACTION
            names = ", ".join(actions or DOING)
            yield Diagnostic(rule, document.span(*here), {"names": names})
            continue
        action = actions[0]
        yield from _misplaced(action, given, document, here)
        yield from _rows(step.export, document, (*here, "export"), sources)
        own_day = action in ("plan", "run", "adopt", "approve")
        if action in ("record", "answer", "call"):
            if step.date is None and not dated:
                yield Diagnostic(codes.NO_DATE, document.span(*here), {"action": action})
            yield from _words(action, step, document, here)
        dated = dated or own_day or step.date is not None


def _misplaced(
    action: str, given: dict[str, object], document: Document, here: Route
) -> Iterator[Diagnostic]:
    """Yield what is expected, or dated, where nothing would look at it."""
    programs = ("record", "answer", "adopt", "approve", "call", "run", "plan")
    looked_at = {
        *(EXPECTED if action in ("plan", "run") else ()),
        *(ALWAYS_EXPECTED if action in programs else ()),
        *(("date",) if action in ("record", "answer", "call") else ()),
    }
    for key in (*EXPECTED, *ALWAYS_EXPECTED, "date"):
        if key in given and key not in looked_at:
            facts = {"key": key, "action": action}
            yield Diagnostic(codes.NOT_EXPECTED_HERE, document.span(*here, key, key=True), facts)


def _words(action: str, step: Step, document: Document, here: Route) -> Iterator[Diagnostic]:
    text = step.call if action == "call" else step.record
    if text is None:
        return
    span = document.span(*here, action)
    try:
        words = shlex.split(text)
    except ValueError as error:
        yield Diagnostic(codes.NO_QUOTE, span, {"action": action, "reason": str(error)})
        return
    if action == "call" and words[0] not in CALLED:
        facts = {"command": words[0], "names": ", ".join(CALLED)}
        yield Diagnostic(codes.NO_PROGRAM, span, facts)
    for word in words:
        option = word.partition("=")[0]
        if option in _OURS or (word.startswith("-C") and not word.startswith("--")):
            yield Diagnostic(codes.OWN_PROJECT, span, {"option": option})


def _rows(
    rows: object, document: Document, at: Route, sources: Sequence[str]
) -> Iterator[Diagnostic]:
    """Yield what a list of receivables lacks."""
    if not isinstance(rows, tuple):
        return
    for number, row in enumerate(rows):
        for key in _NEEDED:
            if not row.get(key):
                span = document.span(*at, number)
                yield Diagnostic(key_codes.MISSING_KEY, span, {"key": key})
        name = row.get("source")
        if name is not None and name not in sources:
            facts = {"name": name, "names": nearest(name, sources)}
            span = document.span(*at, number, "source")
            yield Diagnostic(codes.UNKNOWN_SOURCE, span, facts)
