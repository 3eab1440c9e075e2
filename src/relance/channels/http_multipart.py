"""A form with files (multipart/form-data, RFC 7578); the same parts give the same bytes."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class File:
    """A file of a form: the field it stands in, its name, its type and its bytes."""

    field: str
    name: str
    type: str
    content: bytes


def multipart(fields: Iterable[tuple[str, str]], files: Iterable[File]) -> tuple[bytes, str]:
    """Return the body, and the Content-Type that says how it is parted."""
    parts = [(f'form-data; name="{_quoted(name)}"', "", text.encode()) for name, text in fields]
    parts += [
        (
            f'form-data; name="{_quoted(file.field)}"; filename="{_quoted(file.name)}"',
            f"Content-Type: {file.type}\r\n",
            file.content,
        )
        for file in files
    ]
    boundary = _boundary(part[2] for part in parts)
    body = b"".join(
        f"--{boundary}\r\nContent-Disposition: {disposition}\r\n{kind}\r\n".encode()
        + content
        + b"\r\n"
        for disposition, kind, content in parts
    )
    return body + f"--{boundary}--\r\n".encode(), f"multipart/form-data; boundary={boundary}"


def _quoted(name: str) -> str:
    """Return `name` as a quoted string; what would end it is written as browsers do."""
    return name.replace('"', "%22").replace("\r", "%0D").replace("\n", "%0A")


def _boundary(contents: Iterable[bytes]) -> str:
    """Return a line that stands in none of `contents`: nobody can foresee a digest of them all."""
    digest = hashlib.sha256()
    for content in contents:
        digest.update(len(content).to_bytes(8, "big") + content)
    return f"relance-{digest.hexdigest()[:40]}"
