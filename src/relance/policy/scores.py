"""Where scores of others come from: files, and services that are asked over HTTPS."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field

from relance.policy.sources import DecimalMark, Delimiter, Unterminated
from relance.policy.values import Count, Model, NonEmpty, Slug

SCORE_COLUMNS = ("id", "registration", "vat", "score", "dated", "provider")
"""Columns of a file of scores: `score`, `dated`, and one of the first three."""

Mark = Annotated[float, Field(allow_inf_nan=False)]
Reference = Annotated[str, Field(pattern="^(env|file):.+")]
SecretName = Annotated[str, Field(pattern="^[a-z][a-z_]*$")]
HeaderName = Annotated[str, Field(pattern="^[A-Za-z][A-Za-z0-9-]*$")]
Steps = Annotated[str, Field(pattern=r"^[^.\s]+(\.[^.\s]+)*$")]

_WORST = "The worst score of the scale; it may be the higher or the lower end."
_BEST = "The best score of the scale."


class ScoreFile(Model):
    """Scores as rows of a CSV file, each with its date."""

    name: Slug = Field(description="Name of the source; the provider where a row names none.")
    kind: Literal["csv"] = Field(description="csv: scores as rows.")
    path: NonEmpty = Field(
        description="File or pattern (*), relative to the project; all are read."
    )
    worst: Mark = Field(description=_WORST)
    best: Mark = Field(description=_BEST)
    columns: dict[str, NonEmpty] = Field(
        default_factory=dict,
        description="id, registration, vat, score, dated, provider: name in the file.",
    )
    encoding: NonEmpty | None = Field(default=None, description="utf-8, cp1252, …")
    delimiter: Delimiter | None = Field(default=None, description="One character, or tab.")
    decimal: DecimalMark | None = Field(default=None, description="Decimal mark of scores.")
    dates: NonEmpty | None = Field(
        default=None, description="dmy, mdy, ymd or a strptime format; detected if absent."
    )
    unterminated: Unterminated = Field(
        default="refuse",
        description="What to do with a file whose last line has no end: it may be half written.",
    )


class ScoreService(Model):
    """A service that answers in JSON, asked by `relance score fetch` and by nothing else."""

    name: Slug = Field(description="Name of the provider.")
    kind: Literal["http"] = Field(description="http: a service that answers in JSON.")
    url: NonEmpty = Field(
        description="https address with {registration}, {vat} or {country} after the host."
    )
    headers: dict[HeaderName, str] = Field(
        default_factory=dict, description="Header: its value, with {names} of secrets."
    )
    secrets: dict[SecretName, Reference] = Field(
        default_factory=dict, description="Name: env:NAME or file:PATH."
    )
    score: Steps = Field(description="Where the score stands in the answer: company.score.value.")
    dated: Steps | None = Field(
        default=None, description="Where its date stands (YYYY-MM-DD); the day of asking if absent."
    )
    worst: Mark = Field(description=_WORST)
    best: Mark = Field(description=_BEST)
    days: Annotated[int, Field(ge=1, le=3650)] = Field(
        default=90,
        description="Days for which an answer holds: the debtor is not asked about before.",
    )
    per_run: Count = Field(default=100, description="Debtors asked about in one call, at most.")
    pause: Annotated[float, Field(ge=0, le=60)] = Field(
        default=1, description="Seconds between two questions."
    )
    timeout: Annotated[float, Field(gt=0, le=60)] = Field(
        default=10, description="Seconds for a question and its answer in all."
    )
    ca_file: Path | None = Field(
        default=None, description="PEM file of a private certificate authority."
    )


ScoreSource = Annotated[ScoreFile | ScoreService, Field(discriminator="kind")]


class Scores(Model):
    """Scores of others. They order the worklist and nothing else; consumers have none."""

    sources: Annotated[tuple[ScoreSource, ...], Field(min_length=1)] = Field(
        description="Files and services; of two scores the newer counts, of one day that of the first source."
    )
    valid_days: Annotated[int, Field(ge=1, le=3650)] = Field(
        default=365, description="Days after which a score is shown and orders nothing any more."
    )
