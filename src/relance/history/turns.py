"""Transactions of several threads, one at a time; those that wait at once share one commit.

A commit waits for the disk, and nothing is sent before it: with several connections on their way,
one wait serves them all.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from threading import RLock
from typing import Any, Generic, TypeVar

from sqlalchemy import Connection

Answer = TypeVar("Answer")


@dataclass(eq=False)
class _Piece(Generic[Answer]):
    """What one thread wants done, and what came of it."""

    work: Callable[[Connection], Answer]
    done: bool = False
    answer: Any = None
    error: Exception | None = None


class Turns:
    """Gives the database to one thread after the other. `begin` opens a transaction."""

    def __init__(self, begin: Callable[[], AbstractContextManager[Connection]]) -> None:
        self._begin = begin
        self._turn = RLock()
        self._waiting: list[_Piece[Any]] = []

    @contextmanager
    def alone(self) -> Iterator[Connection]:
        """Open a transaction of one's own."""
        with self._turn, self._begin() as connection:
            yield connection

    def shared(self, work: Callable[[Connection], Answer]) -> Answer:
        """Return what `work` gave, committed, maybe together with that of other threads.

        It may be done twice, the first time rolled back: when the work of another thread failed.
        """
        piece = _Piece(work)
        try:
            self._waiting.append(piece)
            with self._turn:
                if not piece.done:
                    self._do_all_that_wait()
        finally:  # whatever interrupted it, nobody else shall do it later
            if piece in self._waiting:
                self._waiting.remove(piece)
        if piece.error is not None:
            raise piece.error
        answer: Answer = piece.answer
        return answer

    def _do_all_that_wait(self) -> None:
        pieces = [piece for piece in tuple(self._waiting) if not piece.done]
        if len(pieces) == 1 or not self._together(pieces):
            for piece in pieces:
                self._by_itself(piece)

    def _together(self, pieces: list[_Piece[Any]]) -> bool:
        """Do all in one transaction; return whether it worked. If not, nothing was done."""
        try:
            with self._begin() as connection:
                for piece in pieces:
                    piece.answer = piece.work(connection)
        except Exception:  # each is told its own error when it is done by itself
            return False
        for piece in pieces:
            piece.done = True
        return True

    def _by_itself(self, piece: _Piece[Any]) -> None:
        try:
            with self._begin() as connection:
                piece.answer = piece.work(connection)
        except Exception as error:
            piece.error = error
        piece.done = True
