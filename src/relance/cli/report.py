"""`relance report`: the figures of dunning, each with its formula."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from relance.cli import files, output, project
from relance.cli.call import Call
from relance.cli.exits import Exit, Stop
from relance.cli.typed import day_of, number_of
from relance.cli.words import _

if TYPE_CHECKING:
    from relance.indicators.report import Report, ScopeKind
    from relance.policy.model import Policy
    from relance.runs.indicators import Asked

HELP = _(
    "Show what dunning achieves: ageing, days of sales outstanding, lateness, collection "
    "effectiveness, promises, disputes, costs and coverage, as of a day.\n\n"
    "What the sources cannot tell is not shown; the last table says what it needs.\n\n"
    "\b\n"
    "Examples:\n"
    "  relance report\n"
    "  relance report --explain                    each figure with its formula\n"
    "  relance report --date 2026-03-31 --by segment\n"
    "  relance report --from 2026-01-01 --to 2026-03-31 --json\n"
    "  relance report --csv > figures.csv\n"
    "  relance report -o report.xlsx"
)


class By(StrEnum):
    """What figures are shown beside one another."""

    SEGMENT = "segment"
    OWNER = "owner"
    MONTH = "month"


_KINDS: dict[By, ScopeKind] = {By.SEGMENT: "segment", By.OWNER: "owner", By.MONTH: "month"}


def report(  # noqa: PLR0913, PLR0917 - a parameter is an option
    call: Call,
    first: Annotated[
        str | None,
        typer.Option("--from", metavar="YYYY-MM-DD", help=_("First day of the period.")),
    ] = None,
    last: Annotated[
        str | None, typer.Option("--to", metavar="YYYY-MM-DD", help=_("Last day of the period."))
    ] = None,
    by: Annotated[
        list[By] | None,
        typer.Option("--by", help=_("Show segments, owners or months beside one another.")),
    ] = None,
    margin: Annotated[
        str | None,
        typer.Option(
            "--margin", metavar="PERCENT", help=_("Percent of turnover left of a sale; wins.")
        ),
    ] = None,
    explain: Annotated[
        bool, typer.Option("--explain", help=_("Say how each figure is computed."))
    ] = False,
    as_csv: Annotated[bool, typer.Option("--csv", help=_("Write CSV to stdout."))] = False,
    file: Annotated[
        Path | None,
        typer.Option("--output", "-o", metavar="FILE", help=_("Write it: .xlsx, .csv or .json.")),
    ] = None,
) -> int:
    """Show or write the report."""
    if as_csv and call.json:
        raise Stop(Exit.USAGE, _("--csv and --json: one of them"), _("leave one out"))
    writer = _writer(file) if file else None
    policy = project.policy_of(call)
    found = _made(call, policy, _asked(call, policy, first, last, margin))
    if file and writer:
        files.write(file, [writer(found, call.language)])
        output.tell(call, _("Written: {file}.").format(file=file))
    elif call.json:
        output.show_json(_json(found, call.language))
    elif as_csv:
        output.show_text(_csv(found, call.language).splitlines())
    else:
        from relance.reports.report_view import report_view
        from relance.reports.tables import stacked

        kinds = [_KINDS[each] for each in by or ()]
        output.show(stacked(report_view(found, call.language, by=kinds, explain=explain)))
    return Exit.DONE


def _asked(
    call: Call, policy: Policy, first: str | None, last: str | None, margin: str | None
) -> Asked:
    from relance.runs.indicators import Asked

    day = call.today(policy)
    begin = day_of(first, "--from") if first else None
    end = day_of(last, "--to") if last else None
    asked = Asked(day, begin, end, _margin(margin) if margin else None)
    start, until = asked.period
    if start > until:
        raise Stop(
            Exit.USAGE,
            _("the period begins on {first}, after its end on {last}").format(
                first=start, last=until
            ),
            _("give --from a day that is not after --to, nor after --date"),
        )
    return asked


def _margin(text: str) -> Decimal:
    margin = number_of(text.removesuffix("%").strip())
    if not margin.is_finite() or not 0 < margin <= 100:
        raise Stop(
            Exit.USAGE,
            _("--margin: {text} is no percentage").format(text=text),
            _("write it like 12.5: more than 0, at most 100"),
        )
    return margin


def _made(call: Call, policy: Policy, asked: Asked) -> Report:
    from relance.runs.indicators import report_of

    with project.history_of(policy) as history, output.progress(call, _("computing")):
        found, portfolio = report_of(policy, history, asked)
    if portfolio.reading.refused:
        raise project.refusal(call, Exit.REFUSED, list(portfolio.diagnostics))
    if not call.json:
        output.brief(call, portfolio.diagnostics)
    return found


def _json(found: Report, language: str) -> dict[str, object]:
    from relance.language import translator
    from relance.reports.report_json import report_json

    return report_json(found, translator(language))


def _csv(found: Report, language: str) -> str:
    from relance.language import translator
    from relance.reports.report_rows import csv_rows
    from relance.reports.workbook import comma_separated

    return comma_separated(csv_rows(found, translator(language)))


def _xlsx(found: Report, language: str) -> bytes:
    from relance.language import translator
    from relance.reports.report_rows import sheets
    from relance.reports.workbook import workbook_of

    return workbook_of(sheets(found, translator(language)))


def _json_bytes(found: Report, language: str) -> bytes:
    import json

    return json.dumps(_json(found, language), ensure_ascii=False, indent=2).encode() + b"\n"


def _writer(file: Path) -> Callable[[Report, str], bytes]:
    writers: dict[str, Callable[[Report, str], bytes]] = {
        ".xlsx": _xlsx,
        ".csv": lambda found, language: _csv(found, language).encode(),
        ".json": _json_bytes,
    }
    if file.suffix.lower() not in writers:
        raise Stop(
            Exit.USAGE,
            _("{file}: of what kind?").format(file=file),
            _("end its name in .xlsx, .csv or .json"),
        )
    return writers[file.suffix.lower()]
