"""Secrets by reference: `env:NAME` or `file:PATH`, opened only when they are used."""

from __future__ import annotations

import os
import re
import stat
from pathlib import Path

_ENVIRONMENT = re.compile(r"env:([A-Za-z_][A-Za-z0-9_]*)")
_FILE = re.compile(r"file:(\S(?:.*\S)?)")
_MAX_BYTES = 64 * 1024


class SecretError(Exception):
    """A reference that cannot be opened; its message never holds the secret."""


def looks_like_reference(text: str) -> bool:
    """Return whether `text` means to be a reference."""
    return text.startswith(("env:", "file:"))


def is_reference(text: str) -> bool:
    """Return whether `text` is a well-formed reference."""
    return bool(_ENVIRONMENT.fullmatch(text) or _FILE.fullmatch(text))


def resolve(reference: str, root: Path) -> str:
    """Return the secret that `reference` stands for; other text is returned as it is.

    A file's path is relative to the project `root` unless absolute; its last line break does not
    count.

    Raises:
        SecretError: if the variable is not set or empty, or the file is missing, empty, too large
            or open to other users.
    """
    if not looks_like_reference(reference):
        return reference
    if match := _ENVIRONMENT.fullmatch(reference):
        return _from_environment(match[1])
    if match := _FILE.fullmatch(reference):
        return _from_file(match[1], root)
    raise SecretError("a reference is env:NAME or file:PATH")


def _from_environment(name: str) -> str:
    value = os.environ.get(name)
    if not value:
        raise SecretError(f"the environment variable {name} is not set")
    return value


def _from_file(name: str, root: Path) -> str:
    try:
        with (root / name).open("rb") as file:
            mode = os.fstat(file.fileno()).st_mode
            if not stat.S_ISREG(mode) or (os.name == "posix" and mode & 0o077):
                raise SecretError(f"{name} must be a file that its owner alone can read: mode 0600")
            data = file.read(_MAX_BYTES + 1)
    except OSError as error:
        raise SecretError(f"{name} cannot be read: {error.strerror}") from None
    if len(data) > _MAX_BYTES:
        raise SecretError(f"{name} is too large for a secret")
    try:
        secret = data.decode("utf-8").rstrip("\r\n")
    except UnicodeDecodeError:
        raise SecretError(f"{name} is not UTF-8") from None
    if not secret:
        raise SecretError(f"{name} is empty")
    return secret
