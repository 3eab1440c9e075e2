"""How thanks leave: by channels that exist, with a template, under a name that no procedure has."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from relance.diagnostics import Diagnostic
from relance.policy.checks.delivery import check_channels_of_level
from relance.policy.checks.templates import check_template
from relance.policy.codes import desk as codes
from relance.policy.desk import THANKS
from relance.policy.document import Document, Route
from relance.policy.draft import Adapters, Ladder, Project

_LEVEL: Route = ("levels", 0)


def check_thanks(project: Project, adapters: Adapters | None) -> Iterator[Diagnostic]:
    """Yield the findings about `thanks`: its channels, its template, and the name it takes."""
    thanks = project.draft.thanks
    if thanks is None:
        return
    if THANKS in project.known:
        yield Diagnostic(codes.THANKS_TAKEN, project.main.span(THANKS, key=True), {"name": THANKS})
        return
    ladder = Ladder(thanks.procedure, _as_level(project.main), shipped=False)
    [level] = thanks.procedure.levels
    yield from check_channels_of_level(level, _LEVEL, ladder, project, adapters)
    yield from check_template(level, _LEVEL, ladder, project, adapters)


def _as_level(main: Document) -> Document:
    """Return relance.yaml with the places of `thanks` where a procedure has those of its level."""
    values = {(*_LEVEL, *at[1:]): to for at, to in main.values.items() if at[:1] == (THANKS,)}
    keys = {(*_LEVEL, *at[1:]): to for at, to in main.keys.items() if at[:1] == (THANKS,)}
    return replace(main, values=values, keys=keys)
