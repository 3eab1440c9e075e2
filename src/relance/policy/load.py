"""Reads a project's policy: relance.yaml, accounts.yaml and procedures, with every error."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Annotated, Any

from pydantic import Field

from relance.diagnostics import Diagnostic, Span, has_errors, in_order
from relance.library import shipped
from relance.policy import checks
from relance.policy.codes import creditor as creditor_codes
from relance.policy.codes import keys as key_codes
from relance.policy.codes import ladder as ladder_codes
from relance.policy.codes import reading as codes
from relance.policy.document import Document, Route
from relance.policy.draft import Adapters, Draft, Ladder, Project, draft_from, draft_of, settle
from relance.policy.faults import known_keys
from relance.policy.model import Account, Model, Policy, Procedure
from relance.policy.nearest import nearest
from relance.policy.paths import leaves_project
from relance.policy.yaml import MAX_BYTES, read_yaml

MAIN = "relance.yaml"
_FILLED_BY_US = (("root",), ("bank_accounts",), ("procedures",), ("accounts_file",))


class Accounts(Model):
    """The list of accounts.yaml, under a key so that it has a name."""

    accounts: Annotated[tuple[Account, ...], Field(min_length=1)]


@dataclass(frozen=True, slots=True)
class Reading:
    """What was read of a project.

    Attributes:
        policy: None when there is any error.
        diagnostics: all findings, by file and place.
        files: the files read, relative to the project.
        procedures: how many procedures the project itself defines.
    """

    policy: Policy | None
    diagnostics: list[Diagnostic]
    files: tuple[str, ...]
    procedures: int


def read_policy(
    project: Path, adapters: Adapters | None = None
) -> tuple[Policy | None, list[Diagnostic]]:
    """Return the policy of the `project` directory and all findings; None when there is an error.

    `adapters` are the kinds of channels by name; without them, channel settings, kinds and
    attachments are not checked.
    """
    reading = read_project(project, adapters)
    return reading.policy, reading.diagnostics


def read_project(
    project: Path,
    adapters: Adapters | None = None,
    today: date | None = None,
    given: Mapping[str, Document] | None = None,
) -> Reading:
    """Return what was read of the `project` directory; see `read_policy`.

    `today` lets the checks of the law say which rates will soon be missing. `given` are documents
    that stand for files of these names, with places of their own.
    """
    return _Loading(Path(project), given or {}).load(adapters, today)


@dataclass
class _Loading:
    """One project on its way from files to a policy."""

    root: Path
    given: Mapping[str, Document] = field(default_factory=dict)
    found: list[Diagnostic] = field(default_factory=list)
    files: list[str] = field(default_factory=list)

    def load(self, adapters: Adapters | None, today: date | None = None) -> Reading:
        main = self._read(self.root / MAIN, MAIN)
        policy, draft, main = self._policy(main)
        accounts, accounts_document = self._accounts(policy, main)
        own, own_names = self._procedures(self.root / "procedures", "procedures")
        ladders = own + self._shipped(own_names)
        known = own_names | {ladder.procedure.name for ladder in ladders}
        project = Project(
            self.root, main, draft, accounts_document, accounts, tuple(ladders), frozenset(known)
        )
        self.found += checks.check(project, adapters, today)
        whole = None if policy is None or has_errors(self.found) else policy
        return Reading(
            whole and whole.model_copy(update=_filled(project)),
            in_order(self.found),
            tuple(self.files),
            len(own_names),
        )

    def _read(self, path: Path, name: str) -> Document:
        """Return the document in `path`; one without value when it could not be read."""
        self.files.append(name)
        if name in self.given:
            return self.given[name]
        try:
            with path.open("rb") as file:
                data = file.read(MAX_BYTES + 1)
        except OSError as error:
            facts = {"file": name, "reason": error.strerror or type(error).__name__}
            self.found.append(Diagnostic(codes.UNREADABLE, Span(name), facts))
            return Document(name, _Unread)
        document, faults = read_yaml(data, name)
        self.found += faults
        return document or Document(name, _Unread)

    def _policy(self, document: Document) -> tuple[Policy | None, Draft, Document]:
        if document.value is _Unread:
            return None, Draft(), document
        document = self._without_reserved(document, _FILLED_BY_US)
        policy, _, faults = settle(Policy, document)
        if policy is not None and not faults:
            return policy, draft_of(policy), document
        self.found += faults
        draft, pruned = draft_from(document)
        return None, draft, pruned

    def _without_reserved(self, document: Document, reserved: tuple[Route, ...]) -> Document:
        """Refuse the names that the model has for itself: they are not keys of the YAML."""
        routes = [r for r in document.keys if r in reserved or _is_not(r)]
        for route in routes:
            name = str(route[-1])
            names = "not" if _is_not(route) else nearest(name, known_keys(Policy, ()))
            span = document.span(*route, key=True)
            facts = {"key": name, "names": names}
            self.found.append(Diagnostic(key_codes.UNKNOWN_KEY, span, facts))
        return document.without(routes) if routes else document

    def _accounts(
        self, policy: Policy | None, main: Document
    ) -> tuple[tuple[Account, ...], Document]:
        path = policy.accounts_file.as_posix() if policy else main.get("accounts")
        name = path if isinstance(path, str) else "accounts.yaml"
        if leaves_project(name):
            facts = {"key": "accounts", "path": name}
            rule = creditor_codes.OUTSIDE_PROJECT
            self.found.append(Diagnostic(rule, main.span("accounts"), facts))
            return (), Document(name, _Unread)
        document = self._read(self.root / name, name)
        if document.value is _Unread:
            return (), document
        accounts, document, faults = settle(Accounts, document.under("accounts"))
        self.found += faults
        return (accounts.accounts if accounts else ()), document

    def _shipped(self, defined: set[str]) -> list[Ladder]:
        """Return the shipped procedures that the project does not define."""
        ladders = []
        for path in sorted(shipped("procedures").glob("*.yaml")):
            if path.stem not in defined:
                document, _ = read_yaml(path.read_bytes(), f"shipped:procedures/{path.name}")
                procedure = Procedure.model_validate(document.value if document else None)
                ladders.append(Ladder(procedure, document or Document(path.name, None), True))
        return ladders

    def _procedures(self, folder: Path, name: str) -> tuple[list[Ladder], set[str]]:
        """Return the project's procedures, and the names of those with errors too."""
        ladders: list[Ladder] = []
        first: dict[str, Document] = {}
        for path in sorted(folder.glob("*.y*ml")):
            file = f"{name}/{path.name}"
            if path.suffix != ".yaml":
                facts = {"file": file, "wanted": f"{path.stem}.yaml"}
                self.found.append(Diagnostic(key_codes.NOT_READ, Span(file), facts))
                continue
            document = self._read(path, file)
            ladders += self._procedure(document, first, path.stem)
        return ladders, set(first)

    def _procedure(self, document: Document, first: dict[str, Document], stem: str) -> list[Ladder]:
        declared = document.get("name")
        name = declared if isinstance(declared, str) else stem
        if name in first:
            related = first[name].span("name")
            facts = {"name": name, "other": str(related)}
            span = document.span("name")
            self.found.append(Diagnostic(ladder_codes.DUPLICATE_PROCEDURE, span, facts, (related,)))
        first.setdefault(name, document)
        if document.value is _Unread:
            return []
        procedure, document, faults = settle(Procedure, self._without_reserved(document, ()))
        self.found += faults
        return [Ladder(procedure, document, False)] if procedure else []


class _Unread:
    """The value of a document that could not be read."""


def _is_not(route: Route) -> bool:
    return len(route) > 1 and route[-1] == "not_" and "when" in route


def _filled(project: Project) -> dict[str, Any]:
    """Return the fields of the policy that come from other files."""
    own = [ladder.procedure for ladder in project.ladders]
    thanks = [project.draft.thanks.procedure] if project.draft.thanks else []
    return {
        "root": project.root,
        "bank_accounts": project.accounts,
        "procedures": {each.name: each for each in (*own, *thanks)},
    }
