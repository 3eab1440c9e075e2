"""The project of a test: the user's policy in a folder of its own, with the files of the test."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from relance.channels.registry import kinds
from relance.diagnostics import Diagnostic, Severity
from relance.history.store import History
from relance.library import shipped
from relance.policy.document import Document, Route
from relance.policy.load import MAIN, read_project
from relance.policy.model import ItemSource, Policy
from relance.policy.overlay import overlaid
from relance.policy.yaml import read_yaml, written
from relance.runs.opening import open_history
from relance.runs.rehearsal.books import Book, customers

DATABASE = "relance.db"
ACCOUNTS = "accounts.yaml"
MAIL = "mail"

_NOT_OF_A_TEST = ("scores", "test_recipients")
"""What would ask others than the test's own files, or is of another place than it."""


class PolicyRefused(Exception):  # noqa: N818 - a refusal that is understood
    """The policy as a test changes it has errors, which `diagnostics` are."""

    def __init__(self, diagnostics: Sequence[Diagnostic]) -> None:
        self.diagnostics = list(diagnostics)
        super().__init__("the policy as the test changes it has errors")


@dataclass(frozen=True, slots=True)
class Change:
    """Changes of the policy: the mapping at `route`, with `policy` and `procedures`."""

    document: Document
    route: Route

    @property
    def procedures(self) -> tuple[str, ...]:
        """Names of the procedures that it changes."""
        return tuple(self.document.get(*self.route, "procedures") or ())

    @property
    def segments(self) -> bool:
        """Whether it changes who is in which segment."""
        return "segments" in (self.document.get(*self.route, "policy") or {})


@dataclass(frozen=True)
class Origin:
    """The user's project: its policy, which holds, and the documents that it was read from."""

    policy: Policy
    documents: Mapping[str, Document]

    @classmethod
    def of(cls, policy: Policy) -> Origin:
        """Return the project of a policy that was read without errors."""
        root = policy.root
        files = [
            MAIN,
            *(f"procedures/{p.name}" for p in sorted((root / "procedures").glob("*.yaml"))),
        ]
        return cls(policy, {name: _document(root / name, name) for name in files})

    @property
    def sources(self) -> tuple[ItemSource, ...]:
        """The sources of receivables, in order."""
        return self.policy.item_sources

    def changed(self, changes: Iterable[Change]) -> dict[str, Document]:
        """Return the documents with `changes` over them, one after the other.

        A procedure that the project does not define is the shipped one of its name, or a new one.
        """
        documents = dict(self.documents)
        by_name = {str(d.get("name") or Path(f).stem): f for f, d in documents.items() if f != MAIN}
        for change in changes:
            at = change.route
            documents[MAIN] = overlaid(documents[MAIN], change.document, (*at, "policy"))
            for name in change.procedures:
                file = by_name.setdefault(name, f"procedures/{name}.yaml")
                below = documents.get(file) or _shipped(name, change)
                documents[file] = overlaid(below, change.document, (*at, "procedures", name))
        return documents


def _document(path: Path, name: str) -> Document:
    document, _found = read_yaml(path.read_bytes(), name)
    return document or Document(name, {})


def _shipped(name: str, change: Change) -> Document:
    path = shipped("procedures") / f"{name}.yaml"
    if path.is_file():
        return _document(path, f"shipped:procedures/{name}.yaml")
    place = change.document.values.get((*change.route, "procedures", name))
    return Document(
        change.document.file,
        {"name": name},
        change.document.lines,
        {(): place} if place else {},
    )


@dataclass
class Rehearsal:
    """One test's project on the disk, as far as its steps have come.

    Attributes:
        origin: the user's project.
        root: its own folder.
        sources: names of the sources that its receivables are of.
        changes: of the policy, in the order in which they were made.
        sent: keys of the notices that were sent.
    """

    origin: Origin
    root: Path
    sources: tuple[str, ...]
    changes: list[Change]
    book: Book
    customers: str | Sequence[Mapping[str, str | None]] | None = None
    sent: set[str] = field(default_factory=set)
    mails: int = 0
    policy: Policy = field(init=False)

    def __post_init__(self) -> None:
        self._copy()
        self.settle_policy()
        self.write_books()

    def settle_policy(self) -> None:
        """Write the policy as it is now changed, and read it.

        Raises:
            PolicyRefused: if it has errors, with their places in the files of the user.
        """
        documents = self.origin.changed(self.changes)
        main = documents[MAIN]
        creditor = main.get("creditor")
        embedded = self._embedded(main)
        own = main.without([(key,) for key in embedded])
        documents[MAIN] = overlaid(own, Document("", embedded))
        for name, document in documents.items():
            path = self.root / name
            path.parent.mkdir(exist_ok=True)
            path.write_text(written(document.value), "utf-8")
            path.chmod(0o600)
        assert creditor is not None
        reading = read_project(self.root, kinds(), None, documents)
        if reading.policy is None:
            raise PolicyRefused([d for d in reading.diagnostics if d.severity is Severity.ERROR])
        self.policy = reading.policy

    def write_books(self) -> None:
        """Write the exports and the customers' file as they are now."""
        first = self.sources[0]
        for name in self.sources:
            (self.root / export_of(name)).write_text(self.book.text(name, first), "utf-8")
        text = customers(self.customers, self.policy.creditor, self.book.debtors)
        (self.root / "customers.csv").write_text(text, "utf-8")

    @contextmanager
    def history(self, *, readonly: bool = False) -> Iterator[History]:
        """Yield the history of the test."""
        with open_history(self.policy, readonly=readonly) as history:
            yield history

    def _embedded(self, main: Document) -> dict[str, Any]:
        """Return what the test's own files and its outbox put in the place of the user's."""
        sources = [
            {
                "name": source.name,
                "kind": "csv",
                "path": export_of(source.name),
                "full": str(source.full).lower(),
                **({"terms": source.terms} if source.terms else {}),
            }
            for source in self.origin.sources
            if source.name in self.sources
        ]
        hold = main.get("inbox", "hold")
        inbox = {"kind": "maildir", "path": MAIL, **({"hold": hold} if hold else {})}
        return {
            "accounts": ACCOUNTS,
            "database": f"sqlite:///{DATABASE}",
            "customers": {"kind": "csv", "path": "customers.csv"},
            "sources": sources,
            "environment": "production",
            "inbox": inbox if main.get("inbox") else None,
            "monitoring": {"silent_days": "0"},
            **dict.fromkeys(_NOT_OF_A_TEST),
        }

    def _copy(self) -> None:
        """Copy what the policy refers to beside its YAML: accounts, templates, the logo."""
        old = self.origin.policy
        shutil.copyfile(old.root / old.accounts_file, self.root / ACCOUNTS)
        if (old.root / "templates").is_dir():
            shutil.copytree(old.root / "templates", self.root / "templates")
        for folder in ("new", "cur"):
            (self.root / MAIL / folder).mkdir(parents=True)
        if old.creditor.logo is not None:
            logo = self.root / old.creditor.logo
            logo.parent.mkdir(parents=True, exist_ok=True)
            with suppress(FileNotFoundError):
                shutil.copyfile(old.root / old.creditor.logo, logo)


def export_of(source: str) -> str:
    """Return the path of the export of a source in the project of a test."""
    slug = re.sub(r"[^A-Za-z0-9_-]+", "-", source).strip("-") or "source"
    return f"{slug}.csv"
