"""The creditor's stationery: templates, labels, logo and accounts, loaded once per process."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from jinja2 import BaseLoader, Environment, FileSystemLoader, StrictUndefined, TemplateNotFound

from relance.diagnostics import Diagnostic, Span
from relance.library import shipped
from relance.notices import codes
from relance.notices.codes import RenderError
from relance.notices.filters import FILTERS
from relance.notices.logo import Logo, read_logo
from relance.notices.sandbox import Sandbox
from relance.notices.typography import set_spaces
from relance.policy.model import Account, ChannelConfig, Creditor, Law, Policy, Procedure
from relance.policy.yaml import read_yaml

Medium = Literal["email.txt", "email.html", "letter.html", "sms.txt"]

_NAME = re.compile(r"[A-Za-z0-9][\w-]*")


@dataclass(frozen=True, slots=True)
class Found:
    """The template of a notice: its language, its name for the loader, and its kind.

    `kind` is "file" for a whole template of one medium, "wording" for words that a layout takes.
    """

    language: str
    name: str
    kind: Literal["file", "wording"]


def languages_of(template: str, folders: tuple[Path, ...]) -> tuple[str, ...]:
    """Return the languages in which `template` is written, in any medium, in order."""
    if not _NAME.fullmatch(template):
        return ()
    files = (file for folder in folders for file in (folder / template).glob("*.*"))
    return tuple(sorted({file.name.split(".")[0] for file in files if file.is_file()}))


def template_folders(root: Path) -> tuple[Path, ...]:
    """Return where templates are looked for: the project's folder, then the shipped one."""
    own = root / "templates"
    return (own, shipped("templates")) if own.is_dir() else (shipped("templates"),)


@dataclass(frozen=True, slots=True)
class Stationery:
    """What every notice of a project shares. Holds compiled templates: make it once per process.

    Attributes:
        root: the project directory; no asset is read outside it and the shipped templates.
        folders: where templates lie, the project's first.
        labels: fixed words of the layouts by language; see `labels_of`.
        law: what the terms of sale agree.
        own_sources: publications of the rates that the policy adds.
        is_test: `environment: test`: each message says so.
    """

    creditor: Creditor
    accounts: tuple[Account, ...]
    channels: Mapping[str, ChannelConfig]
    procedures: Mapping[str, Procedure]
    root: Path
    folders: tuple[Path, ...]
    environment: Sandbox
    logo: Logo | None
    account_for: Callable[[str], Account | None]
    labels: dict[str, Mapping[str, str]]
    law: Law
    own_sources: frozenset[str]
    is_test: bool = False

    @classmethod
    def of(cls, policy: Policy) -> Stationery:
        """Return the stationery of a project.

        Raises:
            RenderError: if the logo cannot be used.
        """
        folders = template_folders(policy.root)
        return cls(
            creditor=policy.creditor,
            accounts=policy.bank_accounts,
            channels=policy.channels,
            procedures=policy.procedures,
            root=policy.root,
            folders=folders,
            environment=_environment(folders),
            logo=read_logo(policy.creditor.logo, policy.root),
            account_for=policy.account_for,
            labels={},
            law=policy.law,
            own_sources=frozenset(rate.source for rate in policy.rates),
            is_test=policy.environment == "test",
        )

    def marked(self, text: str) -> str:
        """Return a subject or a whole SMS; of a test, it says first that it is one."""
        return f"[TEST] {text}" if self.is_test else text

    def find(self, template: str, language: str, medium: Medium, fallback: str) -> Found:
        """Return the template to use: see `find_template`."""
        return find_template(self.folders, template, language, medium, fallback)

    def has(self, name: str) -> bool:
        """Return whether a file of that name is in one of the folders."""
        return any((folder / name).is_file() for folder in self.folders)

    def labels_of(self, language: str) -> Mapping[str, str]:
        """Return the fixed words of `language`: the shipped ones, then the project's over them.

        Raises:
            RenderError: if a file of labels is not a plain list of names and texts.
        """
        if language not in self.labels:
            merged: dict[str, str] = {}
            for folder in reversed(self.folders):
                merged |= _read_labels(folder / "_layout" / f"labels.{language}.yaml")
            self.labels[language] = {n: set_spaces(text, language) for n, text in merged.items()}
        return self.labels[language]

    def setting(self, channel: str, name: str) -> str | None:
        """Return a text setting of a channel (`from`, `reply_to`); None if it has none."""
        config = self.channels.get(channel)
        value = (config.model_extra or {}).get(name) if config else None
        return value if isinstance(value, str) and value else None


def find_template(
    folders: tuple[Path, ...], template: str, language: str, medium: Medium, fallback: str
) -> Found:
    """Return the template of a notice, in `language` or else in the `fallback` language.

    In each folder a file for the medium comes before a wording.

    Raises:
        RenderError: if there is neither.
    """
    for code in dict.fromkeys((language, fallback)):
        for folder in folders if _NAME.fullmatch(template) else ():
            if (folder / template / f"{code}.{medium}").is_file():
                return Found(code, f"{template}/{code}.{medium}", "file")
            if (folder / template / f"{code}.wording").is_file():
                return Found(code, f"{template}/{code}.wording", "wording")
    facts = {"template": template, "medium": medium.split(".")[0], "language": language}
    raise RenderError(Diagnostic(codes.MISSING, None, facts))


class _Folders(FileSystemLoader):
    """Loads from the given folders only: a link that leads out of them is not followed."""

    def get_source(
        self, environment: Environment, template: str
    ) -> tuple[str, str, Callable[[], bool]]:
        source, filename, uptodate = super().get_source(environment, template)
        real = Path(filename).resolve()
        if not any(real.is_relative_to(Path(folder).resolve()) for folder in self.searchpath):
            raise TemplateNotFound(template)
        return source, filename, uptodate


def _environment(folders: tuple[Path, ...]) -> Sandbox:
    loader: BaseLoader = _Folders([str(folder) for folder in folders])
    environment = Sandbox(
        loader=loader,
        undefined=StrictUndefined,
        autoescape=lambda name: bool(name) and str(name).endswith(".html"),
        auto_reload=False,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.admit(FILTERS)
    return environment


def _read_labels(path: Path) -> dict[str, str]:
    if not path.is_file():
        return {}
    document, found = read_yaml(path.read_bytes(), str(path))
    labels = document.value if document else None
    if found or not isinstance(labels, dict) or not all(map(_is_text, labels.values())):
        span = found[0].span if found else None
        raise RenderError(Diagnostic(codes.LABELS, span or Span(str(path))))
    return labels


def _is_text(value: object) -> bool:
    return isinstance(value, str)
