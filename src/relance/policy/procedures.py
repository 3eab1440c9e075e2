"""Dunning procedures: the ladder and its rungs."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Literal

from pydantic import BeforeValidator, Field

from relance.policy.conditions import Condition
from relance.policy.values import (
    Days,
    Flag,
    Language,
    Model,
    NonEmpty,
    PositiveAmount,
    SignedDays,
    Slug,
    Texts,
    listed,
)

Grouping = Literal["receivable", "level", "debtor"]
CatchUp = Literal["next", "by_age"]
Tone = Literal["friendly", "neutral", "firm"]


class Charges(Model):
    """What a level claims beside the principal: `legal`, or nothing."""

    interest: Literal["legal"] | None = Field(default=None, description="Late-payment interest.")
    compensation: Literal["legal"] | None = Field(
        default=None, description="Compensation for recovery costs."
    )
    fee: PositiveAmount | None = Field(default=None, description="Fee for the notice.")
    paid: Flag = Field(
        default=False,
        description="Claim also what is left of interest and compensation on paid invoices.",
    )


class Task(Model):
    """Work for a person; `subject` is a template, one for all or one per language of the firm."""

    kind: Literal["call", "check", "decide", "letter", "visit"] = Field(
        default="call", description="What is to be done."
    )
    subject: NonEmpty | Annotated[dict[Language, NonEmpty], Field(min_length=1)] = Field(
        description="One line, or one per language; {{ debtor.name }} and the like are filled in."
    )
    owner: NonEmpty | None = Field(
        default=None, description="Who does it; else the debtor's owner."
    )

    @property
    def subjects(self) -> dict[str, str]:
        """The subject by language; under "" when there is one for all."""
        if isinstance(self.subject, str):
            return {"": self.subject}
        return {str(language): text for language, text in self.subject.items()}

    def subject_in(self, language: str) -> str:
        """Return the subject for a firm of `language`; the first one where it has none."""
        subjects = self.subjects
        return subjects.get(language) or next(iter(subjects.values()))


class Level(Model):
    """A rung of a procedure. `days` count from the due date, negative before it.

    `channel` names one channel or several: the first that can reach the debtor. `all` names
    channels that are each used.
    """

    id: Slug = Field(description="Name of the level, unique in its procedure.")
    days: SignedDays = Field(description="Days from the due date, negative before it.")
    channel: Texts = Field(
        default=(), description="A channel, or several: the first that can reach the debtor."
    )
    all: Texts = Field(default=(), description="Channels that are each used.")
    template: NonEmpty | None = Field(default=None, description="Folder of templates/ to use.")
    tone: Tone = Field(default="neutral", description="How the template speaks.")
    task: Task | None = Field(default=None, description="Work for a person instead of a notice.")
    when: Condition | None = Field(
        default=None, description="Items that the level takes; others pass it over."
    )
    mandatory: Flag = Field(default=False, description="Catching up never passes it over.")
    approval: Literal["none", "required"] = Field(
        default="none", description="Whether a person approves before it is sent."
    )
    statement: Flag = Field(
        default=True, description="Show the debtor's other open items and credits."
    )
    attach: Annotated[tuple[Literal["letter"], ...], BeforeValidator(listed)] = Field(
        default=(), description="Documents that the message must carry: the letter as PDF."
    )
    charges: Charges = Field(
        default_factory=Charges, description="What is claimed beside the principal."
    )

    @property
    def channels(self) -> tuple[str, ...]:
        """The channels that the level names, in order."""
        return self.all or self.channel


class Procedure(Model):
    """A dunning procedure: the ladder and its rungs. Level numbers are 1-based positions."""

    name: Slug = Field(description="Name that segments use.")
    title: dict[Language, NonEmpty] = Field(
        default_factory=dict, description="Name for people, by language."
    )
    description: NonEmpty | None = Field(default=None, description="Whom it is for.")
    group: Grouping = Field(
        default="debtor",
        description="A notice per receivable, per level, or one per debtor and currency.",
    )
    minimum: PositiveAmount = Field(
        default=Decimal(0), description="Debtors who owe less past due are left alone."
    )
    interval: Days = Field(
        default=7, description="Least days between two notices about the same receivable."
    )
    catch_up: CatchUp = Field(
        default="next",
        description="After a gap: one level at a time, or the highest level whose day is reached.",
    )
    levels: Annotated[tuple[Level, ...], Field(min_length=1)] = Field(
        description="The rungs, in the order of their days."
    )
