"""Which texts of two projects differ, and where they are used."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Literal

from relance.library import shipped
from relance.policy.model import Level, Policy

LAYOUT = "_layout"
"""The folder whose files all texts take their frame from."""


@dataclass(frozen=True, slots=True)
class TextChange:
    """A template whose files differ.

    Attributes:
        template: its folder under templates/.
        files: those that differ, by name: "added", "removed" (the shipped one is used again, if there is one),
            or "changed".
        levels: where it is used, as "procedure/level"; empty where no level names it.
    """

    template: str
    files: Mapping[str, Literal["added", "removed", "changed"]]
    levels: tuple[str, ...]


def text_changes(old: Path, new: Path, policy: Policy) -> tuple[TextChange, ...]:
    """Return how the templates of the project `new` differ from those of `old`, by name.

    A file of a project counts for the shipped one of that name. `policy` is that of `new`.
    """
    base = _digests(shipped("templates"))
    then, now = base | _digests(old / "templates"), base | _digests(new / "templates")
    changed: dict[str, dict[str, Literal["added", "removed", "changed"]]] = {}
    for name in sorted({*then, *now}):
        if then.get(name) != now.get(name):
            template, _, file = name.partition("/")
            what = _what(name in then, name in now)
            changed.setdefault(template, {})[file] = what
    used = _used(policy)
    return tuple(
        TextChange(template, files, used.get(template, ())) for template, files in changed.items()
    )


def _what(was: bool, is_now: bool) -> Literal["added", "removed", "changed"]:
    if was and is_now:
        return "changed"
    return "added" if is_now else "removed"


def _digests(folder: Path) -> dict[str, str]:
    """Return the digest of each file in the folders of `folder`, by "template/file"."""
    return {
        file.relative_to(folder).as_posix(): sha256(file.read_bytes()).hexdigest()
        for file in folder.glob("*/*")
        if file.is_file()
    }


def _used(policy: Policy) -> dict[str, tuple[str, ...]]:
    """Return the levels that use each template, in the procedures that segments name."""
    named = {segment.procedure for segment in policy.segments}
    found: dict[str, dict[str, None]] = {}
    for name, procedure in sorted(policy.procedures.items()):
        if name in named:
            for level in procedure.levels:
                for template in _templates(level):
                    found.setdefault(template, {})[f"{name}/{level.id}"] = None
    return {template: tuple(levels) for template, levels in found.items()}


def _templates(level: Level) -> list[str]:
    return [form.template for form in level.forms if form.template]
