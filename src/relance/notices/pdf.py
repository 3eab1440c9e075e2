"""Letters as PDF, on as many processes as asked: the same bytes for the same HTML.

Processes come from a fork server that has WeasyPrint loaded: forking the run itself would copy the
locks of its threads (Polars has some), and a fresh interpreter costs each process a second.
"""

from __future__ import annotations

import gc
import multiprocessing
import os
import signal
import threading
from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from itertools import chain, islice
from multiprocessing.connection import wait

from relance.diagnostics import Diagnostic
from relance.notices.assets import Assets
from relance.notices.guard import foreign_account
from relance.notices.letter_codes import APT_COMMAND, LETTER_FAILED, LIBRARY_MISSING, OUTSIDE
from relance.notices.press import ForeignAccountError, OutsideError, Press

Made = bytes | Diagnostic
"""A letter's PDF, or why there is none."""

Letters = Iterable[tuple[str, str]]
"""Keys of notices, each with the HTML of its letter."""

UnderWay = deque[tuple[str, str, Future[Made]]]

_kept: list[tuple[Assets, Press]] = []  # the last press of this process and what it was made of

_FEW = 24  # a pool takes longer to start than one process to print so many
_AHEAD = 32  # letters under way at once: enough to fill the time in which the pool starts


def make_pdf(html: str, assets: Assets, key: str = "") -> Made:
    """Return the PDF of one letter, or the diagnostic that says why there is none."""
    [(_, made)] = make_pdfs([(key, html)], assets, workers=1)
    return made


def make_pdfs(letters: Letters, assets: Assets, workers: int = 0) -> Iterator[tuple[str, Made]]:
    """Yield the key and the PDF of each letter, in the order given; 0 workers means one per core.

    A letter that cannot be made comes out as a diagnostic, and the others go on. Few letters are
    made in this process. Closing the iterator, or Ctrl-C, stops the processes.
    """
    letters = iter(letters)
    first = list(islice(letters, _FEW))
    workers = workers or os.cpu_count() or 1
    if workers > 1 and len(first) == _FEW:
        yield from _together(chain(first, letters), assets, workers)
    elif first:
        press = _open(assets)
        for key, html in chain(first, letters):
            yield key, _print(press, key, html)


def missing_library() -> Diagnostic | None:
    """Return what this machine lacks to make letters, None if nothing."""
    press = _open(Assets("", {}))
    return press if isinstance(press, Diagnostic) else None


def _open(assets: Assets) -> Press | Diagnostic:
    """Return a press for `assets`: the last one if it has the same, for letters made singly."""
    if _kept and _kept[0][0] == assets:
        return _kept[0][1]
    try:
        _kept[:] = [(assets, Press(assets))]
        return _kept[0][1]
    except OSError as error:
        problem = str(error).splitlines()[0]
        return Diagnostic(LIBRARY_MISSING, None, {"problem": problem, "command": APT_COMMAND})
    except OutsideError as error:
        return Diagnostic(OUTSIDE, None, {"problem": error})


def _print(press: Press | Diagnostic, key: str, html: str) -> Made:
    if isinstance(press, Diagnostic):
        return press
    try:
        return press.print(html)
    except ForeignAccountError as error:
        return foreign_account("letter", key, str(error))
    except Exception as error:
        return _failed(key, f"{type(error).__name__}: {error}")


def _failed(key: str, problem: str) -> Diagnostic:
    return Diagnostic(LETTER_FAILED, None, {"key": key, "problem": problem})


def _together(letters: Letters, assets: Assets, workers: int) -> Iterator[tuple[str, Made]]:
    """Yield what a pool of processes makes, in order."""
    under_way: UnderWay = deque()
    pool = _pool(assets, workers)
    try:
        for key, html in letters:
            try:
                future = pool.submit(_work, key, html)
            except BrokenProcessPool:
                pool = _pool(assets, workers)
                future = pool.submit(_work, key, html)
            under_way.append((key, html, future))
            if len(under_way) >= _AHEAD:
                yield from _next(under_way, assets)
        while under_way:
            yield from _next(under_way, assets)
    finally:
        pool.shutdown(cancel_futures=True)


def _next(under_way: UnderWay, assets: Assets) -> Iterator[tuple[str, Made]]:
    """Yield the first letter under way; all of them, made again, if a process of the pool died."""
    key, _, future = under_way[0]
    try:
        made = future.result()
    except BrokenProcessPool:
        yield from _one_by_one([(key, html) for key, html, _ in under_way], assets)
        under_way.clear()
    else:
        under_way.popleft()
        yield key, made


def _one_by_one(letters: Letters, assets: Assets) -> Iterator[tuple[str, Made]]:
    """Yield what single processes make: only a letter that kills its process is lost."""
    pool = _pool(assets, 1)
    try:
        for key, html in letters:
            try:
                made = pool.submit(_work, key, html).result()
            except BrokenProcessPool:
                pool = _pool(assets, 1)
                made = _failed(key, "the process that made it died")
            yield key, made
    finally:
        pool.shutdown(cancel_futures=True)


def _pool(assets: Assets, workers: int) -> ProcessPoolExecutor:
    """Return a pool whose processes hold a press each."""
    forks = "forkserver" in multiprocessing.get_all_start_methods()
    context = multiprocessing.get_context("forkserver" if forks else "spawn")
    if forks:
        context.set_forkserver_preload(["relance.notices.preload", __name__])
    return ProcessPoolExecutor(workers, context, _begin, (assets,))


_at_work: list[Press | Diagnostic] = []  # the press of this process, in a pool


def _begin(assets: Assets) -> None:
    """Make a process ready: it leaves Ctrl-C to the run, and ends when the run does."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_leave_with_parent, daemon=True).start()
    _at_work[:] = [_open(assets)]
    gc.collect()
    gc.freeze()
    gc.disable()


def _leave_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        wait([parent.sentinel])
        os._exit(1)


def _work(key: str, html: str) -> Made:
    """Make a letter; what it leaves is collected at once, not in the middle of the next one."""
    made = _print(_at_work[0], key, html)
    gc.collect()
    return made
