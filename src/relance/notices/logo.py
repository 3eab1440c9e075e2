"""The creditor's logo: read once, from the project only."""

from __future__ import annotations

import base64
from dataclasses import dataclass
from pathlib import Path

from relance.diagnostics import Diagnostic, Rule, Span
from relance.notices import codes
from relance.notices.codes import RenderError

_LARGEST = 500_000
_SIGNATURES = ((b"\x89PNG\r\n\x1a\n", "png"), (b"\xff\xd8\xff", "jpeg"))


@dataclass(frozen=True, slots=True)
class Logo:
    """An image: its bytes and its subtype ("png", "jpeg" or "svg+xml")."""

    content: bytes
    subtype: str

    @property
    def mailable(self) -> bool:
        """Whether mail programs show it: most show no SVG."""
        return self.subtype != "svg+xml"

    @property
    def data_uri(self) -> str:
        """The image as a `data:` address, for letters and previews."""
        return f"data:image/{self.subtype};base64,{base64.b64encode(self.content).decode()}"


def read_logo(path: Path | None, root: Path) -> Logo | None:
    """Return the logo at `path` under the project `root`; None if there is no path.

    Raises:
        RenderError: if it is missing, outside the project, too large or no image.
    """
    if path is None:
        return None
    real = (root / path).resolve()
    if not real.is_relative_to(root.resolve()) or not real.is_file():
        raise _unusable(codes.LOGO, path)
    if real.stat().st_size > _LARGEST:
        raise _unusable(codes.LOGO_FORM, path)
    return _recognise(real.read_bytes(), path)


def _recognise(content: bytes, path: Path) -> Logo:
    for signature, subtype in _SIGNATURES:
        if content.startswith(signature):
            return Logo(content, subtype)
    if b"<svg" in content[:1000] and path.suffix.lower() == ".svg":
        return Logo(content, "svg+xml")
    raise _unusable(codes.LOGO_FORM, path)


def _unusable(rule: Rule, path: Path) -> RenderError:
    return RenderError(Diagnostic(rule, Span(str(path)), {"path": path}))
