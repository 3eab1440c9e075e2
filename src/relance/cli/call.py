"""What every command is given, and the decorator that gives it: project, date, form, language."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from relance.cli import exits
from relance.cli.exits import Exit, Stop
from relance.cli.projects import projects_of
from relance.cli.typed import day_of
from relance.cli.words import LANGUAGE, _
from relance.language import OPERATOR_LANGUAGES, operator_language

if TYPE_CHECKING:
    from relance.policy.model import Policy


@dataclass(frozen=True, slots=True)
class Call:
    """One call of a command on one project.

    Attributes:
        project: the project directory.
        day: the run date asked for; None for today in the creditor's time zone.
        json: whether stdout carries JSON.
        quiet: whether nothing is said as long as all is well.
        language: of the operator, "en" or "fr".
        asked: what `--lang` says, which some commands have more choices for than the screen.
    """

    project: Path
    day: date | None
    json: bool
    quiet: bool
    language: str
    asked: str | None = None

    def today(self, policy: Policy) -> date:
        """Return the run date: the one asked for, else today in the creditor's time zone."""
        from relance import clock

        return self.day or clock.today(policy.creditor.timezone)


def _read_language(text: str | None, languages: Sequence[str]) -> str | None:
    """Return `text` if it is one of `languages`; None for None."""
    if text is None or text in languages:
        return text
    if set(languages) == set(OPERATOR_LANGUAGES):
        raise Stop(Exit.USAGE, _("--lang: {text} is not one of fr, en").format(text=text))
    said = _("--lang: {text} is not one of {languages}")
    raise Stop(Exit.USAGE, said.format(text=text, languages=", ".join(languages)))


COMMON: Mapping[str, tuple[Any, object]] = {
    "project": (
        Annotated[
            list[str] | None,
            typer.Option(
                "--project",
                "-C",
                metavar="DIR",
                help=_("Project directory; several, or a quoted pattern, run each on its own."),
            ),
        ],
        None,
    ),
    "date": (
        Annotated[
            str | None,
            typer.Option("--date", metavar="YYYY-MM-DD", help=_("Run date instead of today.")),
        ],
        None,
    ),
    "json": (Annotated[bool, typer.Option("--json", help=_("Write JSON to stdout."))], False),
    "quiet": (
        Annotated[
            bool, typer.Option("--quiet", "-q", help=_("Say nothing as long as all is well."))
        ],
        False,
    ),
    "lang": (
        Annotated[
            str | None,
            typer.Option("--lang", metavar="fr|en", help=_("Language of the messages.")),
        ],
        None,
    ),
}
"""The options that every command takes: type and default, by name."""

_LANG_OF_PAGE: tuple[Any, object] = (
    Annotated[
        str | None,
        typer.Option("--lang", metavar="fr|nl|de|en", help=_("Language of the page.")),
    ],
    None,
)


def _merged(context: typer.Context, given: Mapping[str, Any]) -> dict[str, Any]:
    """Return the common options: those after the command, else those before it."""
    before = context.obj if isinstance(context.obj, dict) else {}
    return {name: given.get(name) or before.get(name) for name in COMMON}


def _call_for(
    project: Path, options: Mapping[str, Any], languages: Sequence[str] = OPERATOR_LANGUAGES
) -> Call:
    asked = _read_language(options["lang"], languages)
    screen = asked if asked in OPERATOR_LANGUAGES else None
    return Call(
        project=project,
        day=day_of(options["date"], "--date") if options["date"] else None,
        json=bool(options["json"]),
        quiet=bool(options["quiet"]),
        language=operator_language(screen or LANGUAGE),
        asked=asked,
    )


def _run_body(
    body: Callable[..., int], options: Mapping[str, Any], own: Mapping[str, Any], alone: bool,
    languages: Sequence[str],
) -> int:  # fmt: skip
    projects = [Path()] if alone else projects_of(options["project"])
    if len(projects) > 1:
        from relance.cli import several

        _call_for(
            projects[0], options, languages
        )  # a wrong date or language is said once, not per project
        given = [
            v for value in own.values() for v in (value if isinstance(value, list) else [value])
        ]
        if any(isinstance(value, Path) for value in given):
            raise Stop(
                Exit.USAGE,
                _("a file of your choice can belong to one project only"),
                _("name one project with -C"),
            )
        return several.run_each(projects, options)
    call = _call_for(projects[0], options, languages)
    return body(call, **own)


def command(
    body: Callable[..., int], *, alone: bool = False, languages: Sequence[str] = OPERATOR_LANGUAGES
) -> Callable[..., None]:
    """Return `body` as a typer command that also takes the common options.

    `body` is given a `Call` and its own options, and returns the exit code. Given several
    projects, the command runs once for each, in processes of their own. `languages` are those of
    `--lang`: those of the screen, or those of a page that the command writes.
    """
    signature = inspect.signature(body, eval_str=True)
    own = list(signature.parameters.values())[1:]
    common = COMMON if languages == OPERATOR_LANGUAGES else {**COMMON, "lang": _LANG_OF_PAGE}
    extra = [
        inspect.Parameter(
            name, inspect.Parameter.KEYWORD_ONLY, annotation=annotation, default=default
        )
        for name, (annotation, default) in common.items()
    ]
    context = inspect.Parameter(
        "context", inspect.Parameter.POSITIONAL_OR_KEYWORD, annotation=typer.Context
    )
    keyword = [p.replace(kind=inspect.Parameter.KEYWORD_ONLY) for p in own]

    @wraps(body)
    def run(context: typer.Context, **given: Any) -> None:
        own_values = {p.name: given[p.name] for p in own}
        options = _merged(context, given)
        code = exits.guarded(lambda: _run_body(body, options, own_values, alone, languages))
        raise typer.Exit(code)

    parameters = [context, *keyword, *extra]
    run.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]
    run.__annotations__ = {p.name: p.annotation for p in parameters}
    del run.__wrapped__
    return run


__all__ = ["COMMON", "Call", "Exit", "Stop", "command"]
