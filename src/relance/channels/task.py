"""Work for a person: the history is the worklist, nothing is carried anywhere."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import ClassVar

from pydantic import BaseModel, ConfigDict

from relance.channels.contract import Accepted, Capabilities, Outcome
from relance.notices.message import Message


class TaskSettings(BaseModel):
    """A task channel has no settings."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Task:
    """Accepts at once: that the history has the task is all there is to do."""

    settings: ClassVar[type[BaseModel]] = TaskSettings
    capabilities: ClassVar[Capabilities] = Capabilities(
        media=("task",), idempotent=True, attachments=False, contact=False, local=True
    )

    def __init__(
        self,
        name: str,
        settings: BaseModel,  # noqa: ARG002 - it has none
        root: Path,  # noqa: ARG002
    ) -> None:
        self.name = name

    def send(
        self,
        message: Message,  # noqa: ARG002 - the history has it
        key: str,  # noqa: ARG002
        transmitting: Callable[[], None],
    ) -> Outcome:
        """Return that the task was taken."""
        transmitting()
        return Accepted()

    def close(self) -> None:
        """Nothing is held."""
