"""A YAML file as read: its plain values, and where each key and value stands."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from typing import Any

from relance.diagnostics import Span

Route = tuple[str | int, ...]
"""The way to a value: keys and indices from the top."""

_LONGEST_EXCERPT = 400

_SECRET = r"(?:[\w-]*(?:password|passwd|secret|token|api[_-]?key)|(?:[\w-]*[_-])?key)"
_SECRET_ENDINGS = ("password", "passwd", "secret", "token", "apikey", "_key", "-key")


@cache
def _patterns() -> tuple[re.Pattern[str], re.Pattern[str], re.Pattern[str]]:
    """Return what comes before a secret after its key, a password in a URL, one in its query.

    Made when first asked for: a policy without findings needs none of them.
    """
    reference = r"(?![\s\"']*(?:env|file):)"
    pair = rf"(?<![\w-]){_SECRET}[\"']?\s*:\s*{reference}(?=\S)"
    return (
        re.compile(pair, re.IGNORECASE),
        re.compile(r"(?<=://)[^\s/@]*:[^\s@]+(?=@)"),
        re.compile(rf"[?&]{_SECRET}=", re.IGNORECASE),
    )


@dataclass(frozen=True, slots=True)
class Place:
    """Where something stands: 1-based line and column; `end_column` is None over several lines.

    `of` is the file and its lines where that is another file than the document's.
    """

    line: int
    column: int
    end_column: int | None = None
    of: tuple[str, tuple[str, ...]] | None = None


def is_secret_name(name: object) -> bool:
    """Return whether a key of this name holds a secret."""
    folded = str(name).casefold()
    return folded == "key" or folded.endswith(_SECRET_ENDINGS)


def has_password(url: str) -> bool:
    """Return whether `url` carries a password, before its host or in its query."""
    if "://" not in url:
        return False
    _, before_host, in_query = _patterns()
    return bool(before_host.search(url) or in_query.search(url))


def mask(line: str) -> str:
    """Return `line` with asterisks from the first secret in clear to its end.

    Where a secret ends cannot be told from its line alone, so the whole rest is hidden.
    """
    pair, before_host, in_query = _patterns()
    starts = [match.end() for pattern in (pair, in_query) for match in pattern.finditer(line)]
    starts += [match.start() for match in before_host.finditer(line)]
    if not starts:
        return line
    return line[: min(starts)] + "*" * (len(line) - min(starts))


@dataclass(frozen=True, slots=True)
class Document:
    """A YAML file.

    Attributes:
        file: its path as shown to people, relative to the project.
        value: mappings, lists, texts and None, nested.
        lines: the text, line by line.
        values: place of each value.
        keys: place of each key of a mapping, by the route of its value.
    """

    file: str
    value: Any
    lines: tuple[str, ...] = ()
    values: Mapping[Route, Place] = field(default_factory=dict)
    keys: Mapping[Route, Place] = field(default_factory=dict)

    def span(self, *route: str | int, key: bool = False) -> Span:
        """Return the place of the value at `route` (or of its key), else of what holds it.

        The value of a secret is never pointed at: its line could not be shown.
        """
        places = self.keys if key or (route and is_secret_name(route[-1])) else self.values
        for end in range(len(route), -1, -1):
            place = places.get(route[:end]) or self.values.get(route[:end])
            if place:
                return self.at(place)
        return Span(self.file)

    def at(self, place: Place) -> Span:
        """Return the span of a place of this file, with its line without secrets.

        A line too long to be shown is left out.
        """
        file, lines = place.of or (self.file, self.lines)
        line = lines[place.line - 1] if place.line <= len(lines) else ""
        excerpt = mask(line) if len(line) <= _LONGEST_EXCERPT else None
        return Span(file, place.line, place.column, place.end_column, excerpt)

    def get(self, *route: str | int) -> Any:
        """Return the value at `route`, None where there is none."""
        value = self.value
        for step in route:
            try:
                value = value[step]
            except (KeyError, IndexError, TypeError):
                return None
        return value

    def under(self, name: str) -> Document:
        """Return the document as the value of the key `name` of a mapping."""
        return replace(
            self,
            value={name: self.value},
            values={(name, *route): place for route, place in self.values.items()},
            keys={(name, *route): place for route, place in self.keys.items()},
        )

    def without(self, routes: Iterable[Route]) -> Document:
        """Return the document without the values at `routes`; the rest keeps its places."""
        origin: dict[Route, Route] = {}
        value = _pruned(self.value, (), (), frozenset(routes), origin)
        return replace(
            self,
            value=value,
            values={new: self.values[old] for new, old in origin.items() if old in self.values},
            keys={new: self.keys[old] for new, old in origin.items() if old in self.keys},
        )


def _pruned(
    value: Any, old: Route, new: Route, gone: frozenset[Route], origin: dict[Route, Route]
) -> Any:
    """Copy `value` without what is `gone`; `origin` learns where each part that stays was."""
    origin[new] = old
    if isinstance(value, dict):
        return {
            key: _pruned(item, (*old, key), (*new, key), gone, origin)
            for key, item in value.items()
            if (*old, key) not in gone
        }
    if isinstance(value, list):
        kept = [(i, item) for i, item in enumerate(value) if (*old, i) not in gone]
        return [
            _pruned(item, (*old, was), (*new, now), gone, origin)
            for now, (was, item) in enumerate(kept)
        ]
    return value
