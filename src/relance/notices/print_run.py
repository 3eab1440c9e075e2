"""A print run: the messages of many notices, their letters made by a pool of processes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime

from relance.diagnostics import Diagnostic
from relance.dunning.plan import Notice
from relance.notices.codes import RenderError
from relance.notices.message import Message
from relance.notices.render import letter_html, needs_letter, render
from relance.notices.stationery import Stationery

Printed = Message | Diagnostic
"""A message, or why there is none."""


def print_run(
    notices: Iterable[Notice], stationery: Stationery, moment: datetime, workers: int = 0
) -> Iterator[tuple[Notice, Printed]]:
    """Yield each notice, in order, with its message; one that fails does not stop the others.

    `workers` processes make the letters, 0 for one per core.
    """
    notices = tuple(notices)
    letters = _Letters(notices, stationery, workers)
    for notice in notices:
        yield notice, _message(notice, stationery, moment, letters)


def _message(
    notice: Notice, stationery: Stationery, moment: datetime, letters: _Letters
) -> Printed:
    made = letters.of(notice) if needs_letter(notice) else None
    if isinstance(made, Diagnostic):
        return made
    try:
        return render(notice, stationery, moment, made)
    except RenderError as error:
        return error.diagnostic


class _Letters:
    """PDFs of the notices that have one, made ahead and taken in any order."""

    def __init__(self, notices: tuple[Notice, ...], stationery: Stationery, workers: int) -> None:
        self._made: dict[str, bytes | Diagnostic] = {}
        self._stationery = stationery
        self._stream = self._print([n for n in notices if needs_letter(n)], workers)

    def of(self, notice: Notice) -> bytes | Diagnostic:
        for key, made in self._stream if notice.key not in self._made else ():
            self._made[key] = made
            if notice.key in self._made:  # this one, or one that failed before it
                break
        return self._made.pop(notice.key)

    def _print(
        self, notices: list[Notice], workers: int
    ) -> Iterator[tuple[str, bytes | Diagnostic]]:
        if not notices:
            return
        from relance.notices.assets import letter_assets
        from relance.notices.pdf import make_pdfs

        yield from make_pdfs(self._html(notices), letter_assets(self._stationery), workers)

    def _html(self, notices: list[Notice]) -> Iterator[tuple[str, str]]:
        for notice in notices:
            try:
                yield notice.key, letter_html(notice, self._stationery)
            except RenderError as error:
                self._made[notice.key] = error.diagnostic
