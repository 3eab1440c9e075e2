"""Letters in the tray of the carrier of the building, who takes them to the post each evening."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import ClassVar

from pydantic import BaseModel, ConfigDict, Field

from relance.channels.contract import Accepted, Capabilities, NotAccepted, Outcome
from relance.notices.message import Message


class CarrierSettings(BaseModel):
    """What a policy may say of the channel; anything else in it is an error that names the line."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    tray: Path = Field(description="Folder of the carrier, relative to the project.")
    floor: int = Field(default=0, ge=0, le=40, description="Where the carrier is to be found.")


class Carrier:
    """Puts each letter into the carrier's tray, with a slip that says whom it is for."""

    settings: ClassVar[type[BaseModel]] = CarrierSettings
    # A file with a fixed name is there once, however often it is written: idempotent. So a run that
    # is killed here is finished by the next one, and never leaves a letter in doubt.
    capabilities: ClassVar[Capabilities] = Capabilities(
        media=("letter",), idempotent=True, attachments=True, local=True
    )

    def __init__(self, name: str, settings: BaseModel, root: Path) -> None:
        assert isinstance(settings, CarrierSettings)
        self.name = name
        self._floor = settings.floor
        self._tray = root / settings.tray

    def send(self, message: Message, key: str, transmitting: Callable[[], None]) -> Outcome:
        """Put the letter into the tray; a tray that cannot be used stops the channel."""
        if message.medium != "letter" or message.addressee is None:
            return NotAccepted("permanent", "recipient", f"the carrier takes no {message.medium}")
        aside = self._tray / f".{key}.part"
        try:
            self._tray.mkdir(mode=0o700, parents=True, exist_ok=True)
            slip = "\n".join([f"floor {self._floor}", *message.addressee.block])
            (self._tray / f"{key}.txt").write_text(slip, encoding="utf-8")
            write_durably(aside, message.content)
            # From here on the letter may have left: exactly once, and as late as possible.
            transmitting()
            aside.replace(self._tray / f"{key}.pdf")
        except OSError as error:
            return NotAccepted("permanent", "channel", f"{self._tray}: {error.strerror or error}")
        return Accepted(f"floor {self._floor}, {key}")

    def close(self) -> None:
        """Nothing is held."""


def write_durably(path: Path, content: bytes) -> None:
    """Write `content` so that it is on the disk when this returns."""
    with path.open("wb") as stream:
        stream.write(content)
        stream.flush()
        os.fsync(stream.fileno())
