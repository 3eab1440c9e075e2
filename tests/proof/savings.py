"""What thousands of runs in one process need not do again: read the same files, compile templates.

Both are read-only and have tests of their own; the delivery under proof sees no difference.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

from relance.intake.reading import Reading
from relance.notices.stationery import Stationery
from relance.policy.model import Policy
from relance.runs import execution, portfolio

MOST = 500
"""Readings that are kept."""


def remembered(read: Any) -> Any:
    """Return `read` that gives the same bytes the same reading, with the files' own times."""
    known: dict[tuple[str | bytes, ...], Reading] = {}

    def again(policy: Policy, *asked: Any) -> Reading:
        paths = [policy.root / source.path for source in policy.sources]
        if policy.customers:
            paths.append(policy.root / policy.customers.path)
        key = (repr(asked), *(path.read_bytes() for path in paths))
        if key not in known:
            if len(known) >= MOST:
                known.clear()
            known[key] = read(policy, *asked)
        found = known[key]
        files = [
            replace(file, modified=int((policy.root / file.path).stat().st_mtime))
            for file in found.files
        ]
        return replace(found, files=tuple(files))

    return again


def untraced(propose: Any) -> Any:
    """Return `propose` without a trace of its lines: it writes nothing."""

    def quickly(*arguments: Any) -> Any:
        trace = sys.gettrace()
        sys.settrace(None)
        try:
            return propose(*arguments)
        finally:
            sys.settrace(trace)

    return quickly


def once(of: Any) -> Any:
    """Return `of` that makes the stationery of a policy once."""
    known: dict[int, tuple[Policy, Stationery]] = {}

    def kept(policy: Policy) -> Stationery:
        if id(policy) not in known:
            known[id(policy)] = policy, of(policy)
        return known[id(policy)][1]

    return kept


WHOLE = (portfolio.read, execution.propose, Stationery.of)
SPARED = (remembered(portfolio.read), untraced(execution.propose), once(Stationery.of))


def _install(read: Any, propose: Any, of: Any) -> None:
    portfolio.read = read  # type: ignore[attr-defined]
    execution.propose = propose  # type: ignore[attr-defined]
    Stationery.of = of  # type: ignore[method-assign]


@contextmanager
def savings() -> Iterator[None]:
    """Spare the runs of the block what they need not do again."""
    _install(*SPARED)
    try:
        yield
    finally:
        _install(*WHOLE)


@contextmanager
def templates_once() -> Iterator[None]:
    """Compile the templates of a policy once for all runs of the block; all else is done each time."""
    _install(WHOLE[0], WHOLE[1], SPARED[2])
    try:
        yield
    finally:
        _install(*WHOLE)
