"""`relance test`: the tests of a project's own procedures."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from relance.cli import files, output, project
from relance.cli.call import Call
from relance.cli.exits import Exit, Stop
from relance.cli.words import _

if TYPE_CHECKING:
    from relance.policy.model import Policy
    from relance.runs.rehearsal.reading import TestFile
    from relance.runs.rehearsal.results import Result
    from relance.runs.rehearsal.rewriting import Rewritten

HELP = _(
    "Run the tests of your procedures: files tests/*.yaml that say what is owed, what happens on "
    "which day, and which notices, tasks and verdicts are to come of it. Each works on a copy of "
    "the policy with a history and an outbox of its own: nothing of the project is touched, nothing "
    "leaves. Exit code 1 when a test fails, 2 when a file has errors.\n\n"
    "\b\n"
    "Examples:\n"
    "  relance test                          all of tests/, and what they never reach\n"
    "  relance test tests/standard.yaml -k promise\n"
    "  relance test --update                 write what there is over what was expected\n"
    "  relance test --junit report.xml --min-coverage 100"
)


def rehearse(  # noqa: PLR0913, PLR0917 - a parameter is an option
    call: Call,
    paths: Annotated[
        list[Path] | None,
        typer.Argument(help=_("Files of tests, or folders; the project's tests/ if none.")),
    ] = None,
    words: Annotated[
        str | None,
        typer.Option("-k", metavar="WORDS", help=_("Only tests whose file or name has the words.")),
    ] = None,
    update: Annotated[
        bool, typer.Option("--update", help=_("Write into the files what there is instead."))
    ] = False,
    junit: Annotated[
        Path | None,
        typer.Option("--junit", metavar="FILE", help=_("Write the results as JUnit XML.")),
    ] = None,
    least: Annotated[
        int,
        typer.Option(
            "--min-coverage",
            metavar="PERCENT",
            min=0,
            max=100,
            help=_("Fail when less of the levels and segments is reached."),
        ),
    ] = 0,
) -> int:
    """Run the tests; PARTLY when one fails or too little is reached, USAGE when a file has errors."""
    from relance.cli.test_report import Report, junit_xml, show
    from relance.runs.rehearsal.coverage import coverage

    policy = project.policy_of(call)
    chosen = _chosen(call, policy, paths or [], words)
    results = _results(call, policy, chosen)
    done: list[Rewritten] = []
    if update:
        results, done = _updated(call, policy, results)
    covered = coverage(policy, (result.reached for result in results))
    whole = not (words or paths)
    report = Report(results, covered, least, done, whole)
    if junit is not None:
        files.write(junit, [junit_xml(report, call.language).encode()])
    show(call, report)
    return Exit.PARTLY if report.failed else Exit.DONE


def _chosen(
    call: Call, policy: Policy, paths: list[Path], words: str | None
) -> list[tuple[TestFile, int]]:
    """Return the tests to run.

    Raises:
        Stop: when a file has errors, or there is nothing to run.
    """
    from relance.diagnostics import Diagnostic, Span, has_errors
    from relance.runs.rehearsal import codes
    from relance.runs.rehearsal.reading import FOLDER, paths_of, read_tests
    from relance.runs.rehearsal.running import chosen

    found = paths_of(call.project, paths)
    tests, wrong = read_tests(found, call.project, [s.name for s in policy.item_sources])
    if not found:
        name = " ".join(map(str, paths)) or FOLDER + "/"
        wrong = [Diagnostic(codes.NO_FILES, Span(name), {"path": name})]
    if has_errors(wrong):
        project.refusal(call, Exit.USAGE, wrong)
        raise Stop(Exit.USAGE, _("errors: {count}; no test was run").format(count=len(wrong)))
    asked = list(chosen(tests, words))
    if not asked:
        raise Stop(
            Exit.USAGE,
            _("no test has the words {words}").format(words=words),
            _("`relance test --json` lists their names"),
        )
    return asked


def _results(call: Call, policy: Policy, chosen: list[tuple[TestFile, int]]) -> list[Result]:
    from relance.cli.in_process import InProcess
    from relance.runs.rehearsal.project import Origin
    from relance.runs.rehearsal.running import Session

    session = Session(Origin.of(policy), InProcess(), call.language)
    results = []
    with output.progress(call, _("testing"), len(chosen)) as advance:
        for file, number in chosen:
            results.append(session.run(file, number))
            advance(1)
    return results


def _updated(
    call: Call, policy: Policy, results: list[Result]
) -> tuple[list[Result], list[Rewritten]]:
    """Write what there is into the files; return the results of the tests as they then are."""
    from relance.runs.rehearsal.reading import read_tests
    from relance.runs.rehearsal.rewriting import rewritten

    done = rewritten(results)
    for one in done:
        if one.changes:
            files.write(one.file.path, [one.content])
    sources = [source.name for source in policy.item_sources]
    anew = {
        id(one.file): file
        for one in done
        if one.changes
        for file in read_tests([one.file.path], call.project, sources)[0]
    }
    changed = [(anew[id(r.file)], r.number) for r in results if r.failures and id(r.file) in anew]
    again = iter(_results(call, policy, changed))
    return [next(again) if r.failures and id(r.file) in anew else r for r in results], done
