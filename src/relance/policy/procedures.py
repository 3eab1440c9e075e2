"""Dunning procedures: the ladder and its rungs."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, model_validator

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
ToneChoice = Literal["friendly", "neutral", "firm", "auto"]
Role = Literal["accounts", "buyer", "management"]
Turns = Literal["stay", "cycle", "spread"]


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

    kind: Literal["call", "check", "decide", "handover", "letter", "verification", "visit"] = Field(
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


class Variant(Model):
    """One of the forms of a level; what it does not say is as the level has it."""

    channel: Texts = Field(default=(), description="Channels, the first that reaches the debtor.")
    template: NonEmpty | None = Field(default=None, description="Folder of templates/ to use.")
    tone: ToneChoice | None = Field(default=None, description="How the template speaks.")
    task: Task | None = Field(default=None, description="Work for a person instead of a notice.")
    link: NonEmpty | None = Field(default=None, description="As `link` of the level.")


class Arm(Variant):
    """What an arm of an experiment gets; what it does not say is as the level has it."""

    share: Annotated[int, Field(ge=1, le=99)] = Field(
        description="Debtors of a hundred who are in this arm."
    )
    wait: Days = Field(default=0, description="Days by which the level comes later.")
    send: Flag = Field(
        default=True, description="`false`: these debtors pass the level over, to compare with."
    )

    @property
    def has_own(self) -> bool:
        """Whether it says more than its share."""
        return bool(self.wait) or not self.send or any(getattr(self, n) for n in _OF_VARIANT)

    @property
    def difference(self) -> tuple[Any, ...]:
        """What the arm does otherwise than the level."""
        return (self.channel, self.template, self.tone, self.task, self.link, self.wait, self.send)


def _share(value: Any) -> Any:
    return {"share": value} if isinstance(value, str | int) else value


class Experiment(Model):
    """Two or more ways of a level, tried at the same time on debtors who are drawn by their code."""

    name: Slug = Field(
        description="Name of the experiment: who is in which arm is drawn from it and the debtor's code."
    )
    arms: Annotated[
        dict[Slug, Annotated[Arm, BeforeValidator(_share, json_schema_input_type=int | Arm)]],
        Field(min_length=2, max_length=6),
    ] = Field(
        description="Arms by name; a number alone is a share, of the level as it is or of its variant in that place."
    )


HANDING_OVER = {
    "kind": "handover",
    "subject": {
        "fr": "Remettre {{ debtor.name }} au recouvrement : {{ numbers }} ({{ total }})",
        "nl": "{{ debtor.name }} uit handen geven: {{ numbers }} ({{ total }})",
        "de": "{{ debtor.name }} zum Einzug abgeben: {{ numbers }} ({{ total }})",
        "en": "Hand {{ debtor.name }} over for collection: {{ numbers }} ({{ total }})",
    },
}
"""The task of a level that hands over: nothing leaves before a person accepts it."""


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
    tone: ToneChoice = Field(
        default="neutral",
        description="How the template speaks; `auto`: as `tones` says of the debtor.",
    )
    task: Task | None = Field(default=None, description="Work for a person instead of a notice.")
    link: NonEmpty | None = Field(
        default=None,
        description="A page for the debtor, https: {debtor}, {number}, {level}, {language} are filled in;"
        " `customer`: the `link` of the customers' file.",
    )
    to: Annotated[tuple[Role, ...], BeforeValidator(listed)] = Field(
        default=(),
        description="Whom it is addressed to, by role: the first whom the debtor has; else the debtor.",
    )
    variants: tuple[Variant, ...] = Field(
        default=(), description="Forms of the level that take turns, so that it is no routine."
    )
    turns: Turns = Field(
        default="stay",
        description="After the last variant: `stay` with it, `cycle` to the first; `spread`: cycle, each"
        " debtor from a place of its own.",
    )
    experiment: Experiment | None = Field(
        default=None, description="Ways of the level that are tried against one another."
    )
    handover: Slug | None = Field(
        default=None,
        description="Step of `handovers` with which the cascade begins; a task asks a person for it.",
    )
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

    @model_validator(mode="before")
    @classmethod
    def _asks(cls, given: Any) -> Any:
        """A level that hands over is a task."""
        if not isinstance(given, dict) or not given.get("handover") or "task" in given:
            return given
        return {**given, "task": HANDING_OVER}

    @property
    def channels(self) -> tuple[str, ...]:
        """The channels that the level names, those of its variants too, in order."""
        own = self.all or self.channel
        return tuple(dict.fromkeys((*own, *(c for one in self._ways for c in one.channel))))

    @property
    def arms(self) -> tuple[tuple[str, Arm], ...]:
        """The arms of its experiment, by name; empty where it has none."""
        return tuple(self.experiment.arms.items()) if self.experiment else ()

    @property
    def is_varied(self) -> bool:
        """Whether not all debtors get the same: variants, or the arms of an experiment."""
        return bool(self.variants or self.experiment)

    @property
    def _ways(self) -> tuple[Variant, ...]:
        """Its variants; with an experiment its arms, each of which may be one of the variants."""
        if not self.experiment:
            return self.variants
        arms = tuple(self.experiment.arms.values())
        return self.variants if len(self.variants) == len(arms) else arms

    @property
    def forms(self) -> tuple[Level, ...]:
        """The level in each of its variants or arms, as levels without any; itself where it has none."""
        return tuple(map(self._form, self._ways)) or (self,)

    def _form(self, variant: Variant) -> Level:
        own = {name: value for name in _OF_VARIANT if (value := getattr(variant, name))}
        other = {"task": "template", "template": "task"}
        dropped = {other[name]: None for name in own if name in other and other[name] not in own}
        return self.model_copy(update={"variants": (), "experiment": None, **dropped, **own})


_OF_VARIANT = ("channel", "template", "tone", "task", "link")
"""What a variant may say for itself."""


class ToneRule(Model):
    """Which tone debtors of a kind get where a level says `tone: auto`."""

    tone: Tone = Field(description="How the template speaks.")
    when: Condition | None = Field(default=None, description="Which debtors; all, without it.")


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
