"""Who is told how runs went, and what counts as a silence that should worry somebody."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from pydantic import Field

from relance.policy.values import Days, Model, NonEmpty, Slug, Texts


class Summary(Model):
    """The mail that tells the team what a run did."""

    to: Annotated[Texts, Field(min_length=1)] = Field(description="Addresses of the team.")
    channel: Slug = Field(default="email", description="Channel of kind smtp or outbox.")


class Monitoring(Model):
    """How a run is watched from outside."""

    ping: NonEmpty | None = Field(
        default=None,
        description="URL, or env:NAME: told when a run begins (/start) and ends (/exit code).",
    )
    textfile: Path | None = Field(
        default=None, description="File for the textfile collector of Prometheus."
    )
    summary: Summary | None = Field(default=None, description="A mail about each run.")
    silent_days: Days = Field(
        default=3, description="Working days without a notice, though some were due, that alarm."
    )
