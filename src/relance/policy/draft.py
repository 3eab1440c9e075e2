"""The policy as far as it could be read, so that one error hides no other."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any, Literal, Protocol, TypeVar

from pydantic import BaseModel, TypeAdapter, ValidationError

from relance.diagnostics import Diagnostic
from relance.policy.document import Document
from relance.policy.faults import explain
from relance.policy.model import (
    Account,
    ChannelConfig,
    Costs,
    Creditor,
    CustomersSource,
    Handover,
    Inbox,
    Law,
    Limits,
    Monitoring,
    Policy,
    Procedure,
    Rate,
    Requirement,
    Scores,
    Segment,
    Source,
    Thanks,
    ToneRule,
)


class Abilities(Protocol):
    """What the policy asks of a channel's capabilities."""

    @property
    def media(self) -> tuple[str, ...]:
        """The media it carries, preferred first."""
        ...

    @property
    def attachments(self) -> bool:
        """Whether messages may carry documents."""
        ...

    @property
    def consent(self) -> bool:
        """Whether others than professionals must have agreed to it."""
        ...


class Adapter(Protocol):
    """What the policy asks of a kind of channel: a channel's class is one."""

    @property
    def settings(self) -> type[BaseModel]:
        """The model of its settings."""
        ...

    @property
    def capabilities(self) -> Abilities:
        """What it can do."""
        ...


Adapters = Mapping[str, Adapter]


@dataclass(frozen=True, slots=True)
class Draft:
    """The parts of relance.yaml that hold; a part with an error is absent."""

    creditor: Creditor | None = None
    database: str | None = None
    customers: CustomersSource | None = None
    sources: tuple[Source, ...] = ()
    segments: tuple[Segment, ...] = ()
    channels: dict[str, ChannelConfig] = field(default_factory=dict)
    law: Law = field(default_factory=Law)
    rates: tuple[Rate, ...] = ()
    requirements: tuple[Requirement, ...] = ()
    limits: Limits = field(default_factory=Limits)
    thanks: Thanks | None = None
    tones: tuple[ToneRule, ...] = ()
    handovers: tuple[Handover, ...] = ()
    environment: Literal["production", "test"] = "production"
    test_recipients: tuple[str, ...] = ()
    inbox: Inbox | None = None
    monitoring: Monitoring = field(default_factory=Monitoring)
    scores: Scores | None = None
    costs: Costs | None = None


@dataclass(frozen=True, slots=True)
class Ladder:
    """A procedure with the file that it stands in."""

    procedure: Procedure
    document: Document
    shipped: bool


@dataclass(frozen=True, slots=True)
class Project:
    """All that was read of a project directory.

    Attributes:
        root: the project directory.
        main, draft: relance.yaml, and what of it holds.
        accounts_document, accounts: accounts.yaml likewise.
        ladders: the procedures that hold, shipped ones too unless the project has its own.
        known: names of all procedures, of those with errors too.
    """

    root: Path
    main: Document
    draft: Draft
    accounts_document: Document
    accounts: tuple[Account, ...]
    ladders: tuple[Ladder, ...]
    known: frozenset[str]

    @property
    def channel_names(self) -> frozenset[str]:
        """Names under `channels:`, of those with errors too."""
        return frozenset(self.draft.channels) | frozenset(_keys(self.main.get("channels")))

    def used(self, procedure: str) -> bool:
        """Return whether a segment names `procedure`."""
        return any(segment.procedure == procedure for segment in self.draft.segments)


def _keys(value: object) -> list[str]:
    return list(value) if isinstance(value, dict) else []


M = TypeVar("M", bound=BaseModel)
T = TypeVar("T")


def settle(model: type[M], document: Document) -> tuple[M | None, Document, list[Diagnostic]]:
    """Return what `document` holds as a `model`, the document it was made from, and its faults.

    What is refused is left out and the rest tried again; the value is None when even that fails.
    It is whole only when there are no faults.
    """
    return _settled(model.model_validate, document, model)


def _settled(
    validate: Callable[[Any], T], document: Document, model: type[BaseModel]
) -> tuple[T | None, Document, list[Diagnostic]]:
    found: list[Diagnostic] = []
    for _ in range(8):
        try:
            return validate(document.value), document, found
        except ValidationError as error:
            errors = error.errors(include_url=False, include_input=False)
            faults, refused = explain(errors, document, model)
            found = found or faults
            if not refused or () in refused:
                break
            document = document.without(refused)
    return None, document, found


def draft_from(document: Document) -> tuple[Draft, Document]:
    """Return the parts of relance.yaml that hold, and the document without the others."""
    adapter = TypeAdapter(Draft)
    draft, document, _ = _settled(adapter.validate_python, document, Policy)
    return draft or Draft(), document


def draft_of(policy: Policy) -> Draft:
    """Return the parts of a whole policy."""
    return Draft(**{part.name: getattr(policy, part.name) for part in fields(Draft)})
