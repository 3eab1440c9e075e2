"""Help pages and usage errors in the language of the screen, without the cost of the rich ones."""

from __future__ import annotations

from collections.abc import Sequence
from difflib import get_close_matches
from typing import Any

import typer
from typer.core import TyperCommand, TyperGroup

from relance.cli import usage
from relance.cli.commands import COMMANDS, load
from relance.cli.exits import Exit, Stop, say
from relance.cli.words import _


class _Page:
    """What help pages of commands and of groups have in common."""

    def format_usage(self, ctx: Any, formatter: Any) -> None:
        """Write the line that says how to call it."""
        pieces = self.collect_usage_pieces(ctx)  # type: ignore[attr-defined]
        formatter.write_usage(ctx.command_path, " ".join(pieces), prefix=_("Usage:") + " ")

    def get_params(self, ctx: Any) -> list[Any]:
        """Return the options, those of the parser itself explained in the language of the screen."""
        params: list[Any] = super().get_params(ctx)  # type: ignore[misc]
        for param in params:
            if "--help" in param.opts:
                param.help = _("Show this page.")
            elif getattr(param, "help", None):
                param.help = _(param.help)
        return params


class Command(_Page, TyperCommand):
    """A command whose help page is in the language of the screen."""


class Group(_Page, TyperGroup):
    """The commands, of which only the one that is called is loaded."""

    def list_commands(self, ctx: Any) -> list[str]:  # noqa: ARG002
        """Return the names of the commands in the order of a first day with relance."""
        return list(COMMANDS)

    def get_command(self, ctx: Any, cmd_name: str) -> Any:  # noqa: ARG002
        """Return the command of that name; None when there is none."""
        if cmd_name not in COMMANDS:
            return None
        if cmd_name not in self.commands:
            self.commands[cmd_name] = load(cmd_name)
        return self.commands[cmd_name]

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        """Return the command that `args` begin with; a mistyped one is told the nearest names."""
        name = args[0]
        if name in COMMANDS or name.startswith("-"):
            return super().resolve_command(ctx, args)
        near = get_close_matches(name, COMMANDS)
        hint = _("did you mean {names}?").format(names=", ".join(near)) if near else ""
        raise Stop(
            Exit.USAGE,
            _("no such command: {name}").format(name=name),
            hint or _("`relance --help` lists the commands"),
        )

    def format_commands(self, ctx: Any, formatter: Any) -> None:  # noqa: ARG002
        """Write the list of commands without loading them."""
        with formatter.section(_("Commands")):
            formatter.write_dl([(name, _(entry.summary)) for name, entry in COMMANDS.items()])


def new_app(**settings: Any) -> typer.Typer:
    """Return an empty application with our help pages."""
    return typer.Typer(
        cls=Group,
        rich_markup_mode=None,
        pretty_exceptions_enable=False,
        no_args_is_help=True,
        context_settings={"help_option_names": ["--help", "-h"], "max_content_width": 100},
        **settings,
    )


def run_app(app: typer.Typer, arguments: Sequence[str] | None = None) -> int:
    """Run `app` on `arguments`, else on those of the process; return its exit code."""
    given = None if arguments is None else list(arguments)
    try:
        code = app(args=given, standalone_mode=False, prog_name="relance")
    except Exception as error:
        if not hasattr(error, "format_message"):
            raise
        return _usage_error(error)
    return code if isinstance(code, int) else Exit.DONE


def _usage_error(error: Any) -> int:
    context = getattr(error, "ctx", None)
    if context and type(error).__name__ == "NoArgsIsHelpError":
        print(context.get_help())
        return Exit.USAGE
    asking = f"{context.command_path} --help" if context else "relance --help"
    say(usage.translated(error.format_message()), _("see `{command}`").format(command=asking))
    return Exit.USAGE
