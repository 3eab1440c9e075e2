"""The templates that levels name: they exist, in the languages that debtors read.

A template is a folder, the project's before the shipped one. `<language>.wording` serves every
medium; `<language>.email.html` and the like serve one.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import get_args

from relance.diagnostics import Diagnostic
from relance.library import shipped
from relance.policy.checks.delivery import media_of
from relance.policy.codes import ladder as codes
from relance.policy.document import Route
from relance.policy.draft import Adapters, Ladder, Project
from relance.policy.model import Language, Level
from relance.policy.nearest import nearest

_FILES = {
    "email": ("email.txt", "email.html"),
    "letter": ("letter.html",),
    "sms": ("sms.txt",),
}
_LANGUAGES: tuple[str, ...] = get_args(Language)


def check_template(
    level: Level, route: Route, ladder: Ladder, project: Project, adapters: Adapters | None
) -> Iterator[Diagnostic]:
    """Yield the findings about the template of a level at `route`, or of a variant, and its languages."""
    template = level.template or ""
    folders = (project.root / "templates", shipped("templates"))
    span = ladder.document.span(*route, "template")
    names = _templates(folders)
    if template not in names:
        facts = {"template": template, "names": nearest(template, names)}
        yield Diagnostic(codes.UNKNOWN_TEMPLATE, span, facts)
        return
    if project.draft.creditor is None:
        return
    home = project.draft.creditor.language
    files = {p.name for folder in folders for p in _inside(folder / template)}
    for medium in _media(level, project, adapters):
        missing = [one for one in _LANGUAGES if not _has(files, one, medium)]
        facts = {"template": template, "medium": medium, "language": home}
        facts["file"] = f"{missing[0]}.wording" if missing else ""
        if home in missing:
            facts["file"] = f"{home}.wording"
            yield Diagnostic(codes.TEMPLATE_WITHOUT_LANGUAGE, span, facts)
        elif missing:
            facts["languages"] = ", ".join(missing)
            yield Diagnostic(codes.TEMPLATE_FALLS_BACK, span, facts)


def _inside(folder: Path) -> list[Path]:
    return sorted(folder.iterdir()) if folder.is_dir() else []


def _templates(folders: tuple[Path, ...]) -> set[str]:
    """Return the names of all templates; a folder that begins with `_` holds layouts."""
    found = (path for folder in folders for path in _inside(folder))
    return {path.name for path in found if path.is_dir() and path.name[0] not in "._"}


def _media(level: Level, project: Project, adapters: Adapters | None) -> list[str]:
    """Return the media that the level's template is rendered for."""
    media = [(media_of(c, project, adapters) or ())[:1] for c in level.channels]
    wanted = {*(m[0] for m in media if m), *level.attach}
    return [medium for medium in _FILES if medium in wanted]


def _has(files: set[str], language: str, medium: str) -> bool:
    """A wording serves all media; else each part of the medium has its file."""
    parts = {f"{language}.{ending}" for ending in _FILES[medium]}
    return f"{language}.wording" in files or parts <= files
