"""Who claims are handed over to when dunning is over: agencies, bailiffs, lawyers, one after the other."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field

from relance.policy.conditions import Condition
from relance.policy.values import Model, NonEmpty, Slug, Texts

Stage = Literal["amicable", "judicial"]
SheetName = Literal["fr-order", "fr-small-claims", "be-undisputed"]


class Handover(Model):
    """Somebody outside who collects: a step of a cascade.

    An agency works out of court, a bailiff or a lawyer in court, unless `stage` says otherwise.
    """

    id: Slug = Field(description="Name of the step; levels and other steps name it.")
    kind: Literal["agency", "bailiff", "lawyer"] = Field(
        description="agency, bailiff (commissaire de justice, huissier) or lawyer."
    )
    name: NonEmpty = Field(description="Their name, as the desk knows them.")
    email: NonEmpty | None = Field(default=None, description="Where dossiers are sent to.")
    channel: Slug | None = Field(
        default=None, description="Channel that carries dossiers; without it they stay in `folder`."
    )
    folder: Path = Field(
        default=Path("out/dossiers"), description="Folder that dossiers are written to."
    )
    days: Annotated[int, Field(ge=1, le=3650)] = Field(
        default=90, description="Days that they have; then a task asks to take the claims back."
    )
    stage: Stage | None = Field(
        default=None, description="amicable or judicial, where the kind does not say it."
    )
    when: Condition | None = Field(default=None, description="Items that they take; others go on.")
    segments: Texts = Field(
        default=(), description="Segments that they take; all, if none is named."
    )
    next: Slug | None = Field(
        default=None, description="Step that follows when they gave it back, or do not take it."
    )
    sheet: SheetName | None = Field(
        default=None, description="Data sheet of the procedure that their dossiers carry."
    )

    @property
    def judicial(self) -> bool:
        """Whether the step goes to court."""
        return (self.stage or ("amicable" if self.kind == "agency" else "judicial")) == "judicial"


def cascade(steps: tuple[Handover, ...], first: str) -> tuple[Handover, ...]:
    """Return the steps from `first` on, in their order; empty if there is no such step."""
    known = {step.id: step for step in reversed(steps)}
    found: list[Handover] = []
    name: str | None = first
    while name in known and known[name] not in found:
        found.append(known[name])
        name = known[name].next
    return tuple(found)
