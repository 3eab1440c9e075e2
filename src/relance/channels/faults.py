"""The exception of channels that cannot be used at all."""

from __future__ import annotations

from relance.diagnostics import Diagnostic


class ChannelUnavailable(Exception):  # noqa: N818
    """A channel cannot be loaded or opened; `diagnostics` say why."""

    def __init__(self, *diagnostics: Diagnostic) -> None:
        super().__init__("; ".join(diagnostic.message() for diagnostic in diagnostics))
        self.diagnostics = diagnostics
