"""Letters as PDF files in a print folder, one batch per run date with its manifest."""

from __future__ import annotations

import re
from collections.abc import Callable
from contextlib import suppress
from os.path import normpath
from pathlib import Path
from typing import Annotated, ClassVar, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationInfo, field_validator

from relance.channels.contract import Accepted, Capabilities, NotAccepted, Outcome
from relance.channels.folder import Folder
from relance.channels.manifest import Manifest
from relance.channels.printed import is_there
from relance.notices.message import Message

_DATED = re.compile(r"\d{4}-\d{2}-\d{2}(?=[-_.])")
_UNFIT = re.compile(r"[^A-Za-z0-9._-]+")


class LetterSettings(BaseModel):
    """Settings of a letter channel."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    folder: Path = Field(description="Print folder, relative to the project.")
    printed: Path | None = Field(
        default=None, description="Folder that letters are moved or copied to once printed."
    )
    print_within: Annotated[int, Field(ge=1, le=60)] = Field(
        default=3,
        description="Working days after which a letter that was not printed is told; needs `printed`.",
    )
    proof: Literal["receipt"] | None = Field(
        default=None, description="A proof of sending is recorded when it comes back."
    )

    @field_validator("printed")
    @classmethod
    def _apart(cls, printed: Path | None, info: ValidationInfo) -> Path | None:
        folder = info.data.get("folder")
        if printed and folder and Path(normpath(folder)).is_relative_to(normpath(printed)):
            raise ValueError("what is written there would count as printed: name another folder")
        return printed


class Letter:
    """Writes each letter to `<folder>/<run date>/<file name>`, with a `manifest.csv` beside it."""

    settings: ClassVar[type[BaseModel]] = LetterSettings
    capabilities: ClassVar[Capabilities] = Capabilities(
        media=("letter",), idempotent=True, attachments=True, proof=("receipt",), local=True
    )

    def __init__(self, name: str, settings: BaseModel, root: Path) -> None:
        self.name = name
        assert isinstance(settings, LetterSettings)
        self._path = root / settings.folder
        self._printed = root / settings.printed if settings.printed else None
        self._batches: dict[str, Manifest] = {}

    def send(self, message: Message, key: str, transmitting: Callable[[], None]) -> Outcome:
        """Write the letter; a folder that cannot be written stops the channel."""
        if message.medium != "letter":
            return NotAccepted("permanent", "recipient", f"a letter is no {message.medium}")
        name = file_name(message, key)
        if self._is_printed(message, name):
            transmitting()
            return Accepted(f"{batch_name(message)}/{name}")
        try:
            batch = self._batch(batch_name(message))
            batch.enter(name, key, message)
            batch.folder.put(name, message.content, transmitting)
        except OSError as error:
            return NotAccepted("permanent", "channel", f"{self._path}: {error.strerror or error}")
        return Accepted(f"{batch_name(message)}/{name}")

    def close(self) -> None:
        """Put the manifests in order and close the folders."""
        for batch in self._batches.values():
            with suppress(OSError):
                batch.tidy()
            batch.folder.close()
        self._batches.clear()

    def _is_printed(self, message: Message, name: str) -> bool:
        """Whether the very letter was printed already: a run that was cut short had written it."""
        if self._printed is None:
            return False
        for place in (self._printed, self._printed / batch_name(message)):
            if is_there(place / name, message.content):
                return True
        return False

    def _batch(self, name: str) -> Manifest:
        if name not in self._batches:
            parent = Folder(self._path)
            try:
                self._batches[name] = Manifest(parent.inside(name))
            finally:
                parent.close()
        return self._batches[name]


def batch_name(message: Message) -> str:
    """Return the run date that the file name of `message` begins with, else "undated"."""
    dated = _DATED.match(message.filename)
    return dated[0] if dated else "undated"


def file_name(message: Message, key: str) -> str:
    """Return the message's file name, made plain and sure to hold 8 digits of `key`."""
    stem = _UNFIT.sub("-", Path(message.filename).stem).strip("-.") or "letter"
    if key[:8] not in stem:
        stem = f"{stem}-{key[:8]}"
    return f"{stem[:150]}.pdf" if len(stem) <= 150 else f"{stem[:140]}-{key[:8]}.pdf"
