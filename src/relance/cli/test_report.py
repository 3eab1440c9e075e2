"""What came of tests, for people, for programs, and as JUnit XML."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING, Any

from relance.cli import output
from relance.cli.call import Call
from relance.cli.words import _
from relance.reports.figures import safe

if TYPE_CHECKING:
    from relance.runs.rehearsal.coverage import Coverage
    from relance.runs.rehearsal.results import Difference, Failure, Result
    from relance.runs.rehearsal.rewriting import Rewritten

_LONGEST_OUTPUT = 12
"""Lines of a command's output that are shown of a step that went wrong."""


@dataclass(frozen=True)
class Report:
    """What came of all tests of a call.

    Attributes:
        least: percent of levels and segments that must be reached.
        rewritten: what `--update` did to each file; empty without it.
        whole: whether all tests of the project were run: else much is not reached on purpose.
    """

    results: Sequence[Result]
    covered: Coverage
    least: int
    rewritten: Sequence[Rewritten] = ()
    whole: bool = True

    @property
    def failures(self) -> list[Result]:
        """The tests that are not as expected."""
        return [result for result in self.results if result.failures]

    @property
    def uncovered(self) -> bool:
        """Whether less is reached than must be."""
        return self.covered.percent < self.least

    @property
    def failed(self) -> bool:
        """Whether the call is a failure."""
        return bool(self.failures) or self.uncovered


def show(call: Call, report: Report) -> None:
    """Show the report on stdout; with `--quiet` only what fails."""
    if call.json:
        output.show_json(fields(call, report))
        return
    lines = [line for result in report.failures for line in _failed(result, call.language)]
    lines += [line for one in report.rewritten for line in _rewritten(one)]
    if report.uncovered or (report.whole and not call.quiet):
        lines += _covered(report)
    if not call.quiet or report.failed:
        lines.append(_summary(report))
    output.show_text(lines)


def _failed(result: Result, language: str) -> Iterator[str]:
    yield f"{_('FAILED')} {safe(str(result.span))}: {safe(result.name)}"
    for failure in result.failures:
        yield from (f"  {line}" if line else "" for line in told(failure, language))
    yield ""


def told(failure: Failure, language: str) -> Iterator[str]:
    """Yield the lines that tell of one step: what differs, and why it is so."""
    if failure.step >= 0:
        place = f"{failure.span.file}:{failure.span.line}"
        head = _("step {number}, {action}").format(number=failure.step + 1, action=failure.action)
        yield f"{safe(head)}  ({safe(place)})"
    width = max((len(one.what) for one in failure.differences), default=0)
    for one in failure.differences:
        yield from _difference(one, min(width, 40))
    for number, reason in failure.reasons.items():
        yield "  " + _("why {number}: {reason}").format(number=safe(number), reason=safe(reason))
    for found in failure.findings:
        place = f"{found.span}: " if found.span else ""
        yield f"  {safe(place)}{found.code} {safe(found.message(language))}"
        if found.hint(language):
            yield "    " + _("hint: {hint}").format(hint=safe(found.hint(language)))
    said = [line for line in failure.said.splitlines() if line.strip()]
    yield from (f"  | {safe(line)}" for line in said[:_LONGEST_OUTPUT])
    if len(said) > _LONGEST_OUTPUT:
        yield "  | …"


def _difference(one: Difference, width: int) -> Iterator[str]:
    expected = _("nothing") if one.expected is None else safe(one.expected)
    got = _("nothing") if one.got is None else safe(one.got)
    what = f"  {safe(one.what):<{width}}  "
    labels = (_("expected"), _("got"))
    if len(expected) + len(got) < 40:
        yield f"{what}{labels[0]} {expected}, {labels[1]} {got}"
        return
    wide = max(map(len, labels))
    yield f"{what}{labels[0]:<{wide}} {expected}"
    yield f"{' ' * len(what)}{labels[1]:<{wide}} {got}"


def _covered(report: Report) -> Iterator[str]:
    """Yield what no test comes to, a line for each procedure."""
    missing = report.covered.missing_levels
    for procedure, group in groupby(missing, key=lambda one: one[0]):
        levels = [safe(level) for _procedure, level in group]
        one = _("level {levels} of {procedure} is never reached by a test")
        many = _("levels of {procedure} never reached by a test: {levels}")
        text = one if len(levels) == 1 else many
        yield from _wrapped(text.format(levels=", ".join(levels), procedure=safe(procedure)))
    segments = [safe(name) for name in report.covered.missing_segments]
    if segments:
        text = _("segments of which no test has a debtor who owes: {segments}")
        yield from _wrapped(text.format(segments=", ".join(segments)))


def _wrapped(text: str) -> list[str]:
    return textwrap.wrap(text, 80, subsequent_indent="  ", break_on_hyphens=False)


def _rewritten(one: Rewritten) -> Iterator[str]:
    for line, old, new in one.changes:
        text = _("{file}:{line}: {old} is now {new}")
        yield text.format(file=safe(one.name), line=line, old=safe(old), new=safe(new))
    for line, what in one.left:
        text = _("{file}:{line}: {what} is left as it is: change it by hand")
        yield text.format(file=safe(one.name), line=line, what=safe(what))


def _summary(report: Report) -> str:
    """Return the last line: how many passed, and how much they reach."""
    covered = report.covered
    done = _("Tests passed: {passed} of {count}.").format(
        passed=len(report.results) - len(report.failures), count=len(report.results)
    )
    reached = _(
        "Levels reached: {levels} of {all_levels}, segments: {segments} of {all_segments} ({percent} %)."
    ).format(
        levels=len(covered.levels) - len(covered.missing_levels),
        all_levels=len(covered.levels),
        segments=len(covered.segments) - len(covered.missing_segments),
        all_segments=len(covered.segments),
        percent=covered.percent,
    )
    asked = _("Asked: {least} % at least.").format(least=report.least) if report.uncovered else ""
    return " ".join(filter(None, (done, reached, asked)))


def fields(call: Call, report: Report) -> dict[str, Any]:
    """Return the JSON of the tests."""
    covered = report.covered
    return {
        "schema_version": 1,
        "passed": len(report.results) - len(report.failures),
        "failed": len(report.failures),
        "tests": [_test(result, call.language) for result in report.results],
        "coverage": {
            "percent": covered.percent,
            "levels": [
                {"procedure": p, "level": level, "reached": (p, level) in covered.reached.levels}
                for p, level in covered.levels
            ],
            "segments": [
                {"segment": name, "reached": name in covered.reached.segments}
                for name in covered.segments
            ],
        },
        "rewritten": [
            {
                "file": one.name,
                "changes": [{"line": n, "from": old, "to": new} for n, old, new in one.changes],
                "left": [{"line": n, "what": what} for n, what in one.left],
            }
            for one in report.rewritten
        ],
    }


def _test(result: Result, language: str) -> dict[str, Any]:
    return {
        "file": result.file.name,
        "line": result.span.line,
        "name": result.name,
        "passed": not result.failures,
        "seconds": round(result.seconds, 3),
        "failures": [
            {
                "step": failure.step + 1,
                "line": failure.span.line,
                "action": failure.action,
                "differences": [
                    {"what": one.what, "expected": one.expected, "got": one.got}
                    for one in failure.differences
                ],
                "reasons": dict(failure.reasons),
                "diagnostics": [found.as_json(language) for found in failure.findings],
            }
            for failure in result.failures
        ],
    }


def junit_xml(report: Report, language: str) -> str:
    """Return the results as JUnit XML: a suite for each file."""
    suites = []
    for name, group in groupby(report.results, key=lambda result: result.file.name):
        results = list(group)
        failed = sum(bool(result.failures) for result in results)
        seconds = sum(result.seconds for result in results)
        counts = f'tests="{len(results)}" failures="{failed}" errors="0" skipped="0"'
        cases = "".join(_case(result, language) for result in results)
        suites.append(
            f'<testsuite name={_quoted(name)} {counts} time="{seconds:.3f}">\n{cases}</testsuite>\n'
        )
    if report.least:
        suites.append(_coverage_suite(report))
    head = '<?xml version="1.0" encoding="UTF-8"?>\n'
    tests, failed = len(report.results) + bool(report.least), len(report.failures)
    counts = f'tests="{tests}" failures="{failed + report.uncovered}"'
    return f'{head}<testsuites name="relance test" {counts}>\n{"".join(suites)}</testsuites>\n'


def _coverage_suite(report: Report) -> str:
    """Return what `--min-coverage` asks, as a test that fails with all that is not reached."""
    begin = f'<testcase classname="coverage" name="--min-coverage {report.least}"'
    case = f"{begin}/>"
    if report.uncovered:
        text = _for_xml("\n".join(_covered(report)))
        message = _quoted(f"{report.covered.percent} %")
        case = f"{begin}>\n<failure message={message}>{text}</failure>\n</testcase>"
    counts = f'tests="1" failures="{int(report.uncovered)}" errors="0" skipped="0"'
    return f'<testsuite name="coverage" {counts}>\n{case}\n</testsuite>\n'


def _case(result: Result, language: str) -> str:
    begin = (
        f"<testcase classname={_quoted(result.file.name)} name={_quoted(result.name)}"
        f' file={_quoted(result.file.name)} line="{result.span.line}" time="{result.seconds:.3f}"'
    )
    if not result.failures:
        return f"{begin}/>\n"
    lines = [line for failure in result.failures for line in told(failure, language)]
    first = next((line.strip() for line in lines[1:]), result.name)
    text = _for_xml("\n".join(lines))
    return f"{begin}>\n<failure message={_quoted(first)}>{text}</failure>\n</testcase>\n"


def _quoted(text: str) -> str:
    return f'"{_for_xml(safe(text))}"'


def _for_xml(text: str) -> str:
    for character, entity in (("&", "&amp;"), ("<", "&lt;"), (">", "&gt;"), ('"', "&quot;")):
        text = text.replace(character, entity)
    return text
