"""What the settings of all channels over HTTP have in common."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from relance.channels.http import Client

Reference = Annotated[str, Field(pattern="^(env|file):.+")]
Seconds = Annotated[float, Field(gt=0, le=300)]


class HttpSettings(BaseModel):
    """Settings of every channel that goes over HTTP."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)

    timeout: Seconds = Field(default=60, description="Seconds for request and reply in all.")
    ca_file: Path | None = Field(
        default=None, description="PEM file of a private certificate authority."
    )

    def client(self, root: Path) -> Client:
        """Return a client with these settings."""
        return Client(root, deadline=self.timeout, ca_file=self.ca_file)
