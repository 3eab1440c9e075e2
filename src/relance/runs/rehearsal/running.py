"""Runs tests: each in a folder of its own that is gone afterwards."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from relance import clock
from relance.channels.registry import replaced_by
from relance.diagnostics import Severity, Span
from relance.policy.document import Route
from relance.policy.scenarios import Scenario, Step
from relance.runs.rehearsal.books import Book, UnknownNumber, book
from relance.runs.rehearsal.doing import Doing, Program, Seen
from relance.runs.rehearsal.expectations import differences
from relance.runs.rehearsal.outbox import embedded
from relance.runs.rehearsal.project import Change, Origin, PolicyRefused, Rehearsal
from relance.runs.rehearsal.reading import TestFile
from relance.runs.rehearsal.results import Difference, Failure, Reached, Result

DEFAULT = "F1,C1,2026-03-02,2026-04-01,250.50,250.50,EUR,invoice"
"""What is owed where a test does not say it."""


@dataclass(frozen=True, slots=True)
class Session:
    """What all tests of one call share."""

    origin: Origin
    program: Program
    language: str

    def run(self, file: TestFile, number: int) -> Result:
        """Return what came of a test."""
        began = clock.elapsed()
        sent: set[str] = set()
        apart = tempfile.TemporaryDirectory(prefix="relance-test-")
        with apart as folder, replaced_by(embedded(sent)):
            failures, reached = _Test(self, file, number, Path(folder), sent).run()
        return Result(file, number, failures, reached, clock.elapsed() - began)


@dataclass
class _Test:
    """One test on its way through its steps."""

    session: Session
    file: TestFile
    number: int
    folder: Path
    sent: set[str]

    @property
    def scenario(self) -> Scenario:
        return self.file.scenarios.tests[self.number]

    def run(self) -> tuple[tuple[Failure, ...], Reached]:
        try:
            doing = self._begun()
        except PolicyRefused as refused:
            return (self._not_begun(refused),), Reached()
        failures: list[Failure] = []
        reached = Reached()
        for number, step in enumerate(self.scenario.steps):
            route = self.file.route(self.number, "steps", number)
            try:
                seen = doing.do(step, Change(self.file.document, route))
            except PolicyRefused as refused:
                findings = tuple(refused.diagnostics)
                failures.append(Failure(number, said_of(step, doing.day), self._span(route), (),
                                        findings=findings))  # fmt: skip
                break
            except UnknownNumber as unknown:
                wrong = Difference(f"paid {unknown}", str(unknown), None, ())
                failures.append(
                    Failure(number, said_of(step, doing.day), self._span(route), (wrong,))
                )
                break
            failure = self._judged(number, step, seen, route, doing.day)
            failures += [failure] if failure else []
            reached |= seen.reached
        return tuple(failures), _honest(reached, doing.rehearsal)

    def _begun(self) -> Doing:
        given, scenario = self.file.scenarios.given, self.scenario
        document = self.file.document
        changes = [Change(document, ("given",)), Change(document, self.file.route(self.number))]
        owed = book(scenario.open or given.open or DEFAULT)
        known = scenario.customers if scenario.customers is not None else given.customers
        origin = self.session.origin
        sources = _sources(owed, scenario.steps, origin)
        rehearsal = Rehearsal(origin, self.folder, sources, changes, owed, known, self.sent)
        return Doing(rehearsal, self.session.program, self.session.language)

    def _span(self, route: Route) -> Span:
        return self.file.document.span(*route)

    def _not_begun(self, refused: PolicyRefused) -> Failure:
        span = self._span(self.file.route(self.number, "name"))
        return Failure(-1, "", span, (), findings=tuple(refused.diagnostics))

    def _judged(
        self, number: int, step: Step, seen: Seen, route: Route, day: str
    ) -> Failure | None:
        """Return what is not as expected of a step that was done; None if all is."""
        if seen.said is None:
            return None
        found: list[Difference] = []
        said, findings = seen.said, seen.findings
        if said.code != step.exit:
            found.append(
                Difference("exit", str(step.exit), str(said.code), (*route, "exit"), said.code)
            )
        output = (
            said.out
            + said.err
            + "\n".join(f"{d.code} {d.message(self.session.language)}" for d in findings)
        )
        for text in step.says or ():
            if text not in output:
                found.append(Difference("says", text, None, ()))
        if step.sent is not None and step.sent != len(self.sent):
            there = len(self.sent)
            found.append(Difference("sent", str(step.sent), str(there), (*route, "sent"), there))
        if seen.plan is not None:
            found += differences(seen.plan, step, route)
        elif step.expects and said.code == step.exit:
            found += [Difference(name, "…", None, ()) for name in step.expects]
        if not found:
            return None
        concerned = list(dict.fromkeys(n for one in found for n in one.numbers))
        wrong_end = said.code != step.exit
        told = tuple(f for f in findings if f.severity is Severity.ERROR) if wrong_end else ()
        telling = seen.plan is None and (wrong_end or any(one.what == "says" for one in found))
        text = (said.err or said.out) if telling else ""
        return Failure(number, said_of(step, day), self._span(route), tuple(found),
                       seen.reasons(concerned), told, text)  # fmt: skip


def said_of(step: Step, day: str) -> str:
    """Return in a line what a step does."""
    value = getattr(step, step.doing)
    if step.doing in ("run", "plan", "adopt", "approve"):
        return f"{step.doing} {value}"
    if step.doing in ("record", "call"):
        return f"{step.doing} {value} ({day})"
    return step.doing


def _sources(owed: Book, steps: Iterable[Step], origin: Origin) -> tuple[str, ...]:
    """Return the names of the sources whose receivables the test gives, the policy's first if unsaid."""
    books = [owed, *(book(step.export) for step in steps if step.export is not None)]
    first = origin.sources[0].name
    named = {row.get("source") or first for one in books for row in one.rows} | {first}
    return tuple(source.name for source in origin.sources if source.name in named)


def _honest(reached: Reached, rehearsal: Rehearsal) -> Reached:
    """Return what was reached without what the test itself changed: that is another procedure."""
    changed = {name for change in rehearsal.changes for name in change.procedures}
    levels = frozenset(one for one in reached.levels if one[0] not in changed)
    segments = any(change.segments for change in rehearsal.changes)
    return Reached(levels, frozenset() if segments else reached.segments)


def chosen(files: Iterable[TestFile], words: str | None) -> Iterator[tuple[TestFile, int]]:
    """Yield the tests whose file or name has all of `words`, whatever their case."""
    wanted = (words or "").casefold().split()
    for file in files:
        for number, scenario in enumerate(file.scenarios.tests):
            said = f"{file.name} {scenario.name}".casefold()
            if all(word in said for word in wanted):
                yield file, number
