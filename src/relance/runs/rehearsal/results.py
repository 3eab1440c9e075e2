"""What came of tests, as values."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from relance.diagnostics import Diagnostic, Span
from relance.policy.document import Route
from relance.runs.rehearsal.reading import TestFile


@dataclass(frozen=True, slots=True)
class Kept:
    """An expected entry of a list that is as expected: the one of that 0-based number."""

    number: int


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that is not as the test expects it.

    Attributes:
        what: its name, as `verdicts F1` or `notices 2 total_due`.
        expected, got: as text; None for nothing.
        route: of what is expected, in the document of the test file; empty where no value put
            there would be as expected.
        value: what there is, as it would stand in the file; a whole list has `Kept` in it.
        numbers: the receivables that it is about.
        whole: whether the whole value at `route` differs in its shape, not a text in it.
    """

    what: str
    expected: str | None
    got: str | None
    route: Route
    value: Any = None
    numbers: tuple[str, ...] = ()
    whole: bool = False


@dataclass(frozen=True, slots=True)
class Failure:
    """A step that is not as expected.

    Attributes:
        step: 0-based place in its test.
        action: what the step does, with its day or words.
        span: where it stands.
        differences: what differs.
        reasons: why the receivables concerned are as they are, by number: what `explain` says.
        findings: of the program, where they are the reason.
        said: what the program wrote, where it ended otherwise than expected.
    """

    step: int
    action: str
    span: Span
    differences: tuple[Difference, ...]
    reasons: Mapping[str, str] = field(default_factory=dict)
    findings: tuple[Diagnostic, ...] = ()
    said: str = ""


@dataclass(frozen=True, slots=True)
class Reached:
    """What a test came to: levels as (procedure, level), and segments of debtors who owe."""

    levels: frozenset[tuple[str, str]] = frozenset()
    segments: frozenset[str] = frozenset()

    def __or__(self, other: Reached) -> Reached:
        return Reached(self.levels | other.levels, self.segments | other.segments)


@dataclass(frozen=True, slots=True)
class Result:
    """What came of one test.

    Attributes:
        file, number: the file, and the 0-based place of the test in it.
        failures: steps that are not as expected; after the first that could not be done, none is.
        reached: levels and segments, of procedures and segments that the test did not change.
        seconds: how long it took.
    """

    file: TestFile
    number: int
    failures: tuple[Failure, ...]
    reached: Reached
    seconds: float

    @property
    def name(self) -> str:
        """The name of the test."""
        return self.file.scenarios.tests[self.number].name

    @property
    def span(self) -> Span:
        """Where its name stands."""
        return self.file.document.span(*self.file.route(self.number, "name"))


def passed(results: Sequence[Result]) -> int:
    """Return how many tests are as expected."""
    return sum(not result.failures for result in results)
