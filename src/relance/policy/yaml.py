"""Reads YAML as version 1.2 means it: scalars stay text, and nothing in a file can do harm.

PyYAML's events are used alone: no constructor runs, so that tags, anchors and merges have no
effect, and the depth is counted before it is built.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, NoReturn

import yaml

from relance.diagnostics import Diagnostic, Rule, Span
from relance.policy.codes import reading as codes
from relance.policy.document import Document, Place, Route

MAX_DEPTH = 40
MAX_BYTES = 1_000_000
MAX_FINDINGS = 200

_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_BREAK = re.compile("\r\n|[\r\n\x85\u2028\u2029]")
_UNPRINTABLE = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufeff\ufffe\uffff]"
)
_NULLS = ("", "~", "null", "Null", "NULL")


class _UnreadableError(Exception):
    """Nothing sensible can be read after this place."""


def read_yaml(data: bytes, file: str) -> tuple[Document | None, list[Diagnostic]]:
    """Return the document in `data` and what is wrong with it.

    The document is None when the file could not be read to its end; with lesser faults
    (a duplicate key, an anchor) it is there, so that the rest can be checked too.
    """
    if len(data) > MAX_BYTES:
        facts = {"size": len(data), "most": MAX_BYTES}
        return None, [Diagnostic(codes.TOO_LARGE, Span(file), facts)]
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        return None, [
            Diagnostic(codes.NOT_UTF8, Span(file, line), {"byte": f"{data[error.start]:#04x}"})
        ]
    lines = tuple(_BREAK.split(text))
    if (found := _unprintable(text, file, lines)) is not None:
        return None, [found]
    return _Reading(file, lines).read(text)


def composed(text: str) -> Any:
    """Return the nodes of `text`, with their places; of what `read_yaml` read without a finding only."""
    return yaml.compose(text, Loader=yaml.SafeLoader)


def written(value: Any) -> str:
    """Return plain `value` as YAML, its keys in their order."""
    text: str = yaml.safe_dump(value, allow_unicode=True, sort_keys=False, width=10_000)
    return text


def _unprintable(text: str, file: str, lines: tuple[str, ...]) -> Diagnostic | None:
    match = _UNPRINTABLE.search(text)
    if match is None:
        return None
    before = _BREAK.split(text[: match.start()])
    line, column = len(before), len(before[-1]) + 1
    span = Document(file, None, lines).at(Place(line, column, column + 1))
    return Diagnostic(codes.CONTROL_CHARACTER, span, {"character": f"U+{ord(match[0]):04X}"})


@dataclass
class _Reading:
    """One file on its way from events to a document."""

    file: str
    lines: tuple[str, ...]
    found: list[Diagnostic] = field(default_factory=list)
    values: dict[Route, Place] = field(default_factory=dict)
    keys: dict[Route, Place] = field(default_factory=dict)

    def read(self, text: str) -> tuple[Document | None, list[Diagnostic]]:
        try:
            value = self._stream(yaml.parse(text, Loader=_LOADER))
        except _UnreadableError:
            return None, self.found
        except yaml.YAMLError as error:
            self._report_syntax(error)
            return None, self.found
        document = Document(self.file, value, self.lines, self.values, self.keys)
        return document, self.found

    def _stream(self, events: Iterator[Any]) -> Any:
        next(events)  # start of the stream
        if isinstance(next(events), yaml.StreamEndEvent):
            return None
        value = self._node(next(events), events, ())
        next(events)  # end of the document
        event = next(events)
        if not isinstance(event, yaml.StreamEndEvent):
            self._stop(codes.SEVERAL_DOCUMENTS, event)
        return value

    def _node(self, event: Any, events: Iterator[Any], route: Route) -> Any:
        self._refuse_properties(event)
        self.values[route] = _place(event)
        if isinstance(event, yaml.ScalarEvent):
            return None if event.implicit[0] and event.value in _NULLS else event.value
        if isinstance(event, yaml.AliasEvent):
            return None
        if len(route) >= MAX_DEPTH:
            self._stop(codes.TOO_DEEP, event, most=MAX_DEPTH)
        if isinstance(event, yaml.SequenceStartEvent):
            return self._sequence(events, route)
        return self._mapping(events, route)

    def _sequence(self, events: Iterator[Any], route: Route) -> list[Any]:
        items: list[Any] = []
        for event in events:
            if isinstance(event, yaml.SequenceEndEvent):
                break
            items.append(self._node(event, events, (*route, len(items))))
        return items

    def _mapping(self, events: Iterator[Any], route: Route) -> dict[str, Any]:
        items: dict[str, Any] = {}
        for event in events:
            if isinstance(event, yaml.MappingEndEvent):
                break
            key, below = self._key(event), next(events)
            if key in items:
                first = Document(self.file, None, self.lines).at(self.keys[(*route, key)])
                self._report(
                    codes.DUPLICATE_KEY, event, related=(first,), key=key, first=first.line
                )
                self._discard(below, events, (*route, key))
            else:
                self.keys[(*route, key)] = _place(event)
                items[key] = self._node(below, events, (*route, key))
        return items

    def _discard(self, event: Any, events: Iterator[Any], route: Route) -> None:
        """Read a value that does not count, so that its own faults are still told."""
        aside = _Reading(self.file, self.lines, self.found)
        aside._node(event, events, route)

    def _key(self, event: Any) -> str:
        self._refuse_properties(event)
        if isinstance(event, yaml.AliasEvent):
            raise _UnreadableError
        if not isinstance(event, yaml.ScalarEvent):
            self._stop(codes.KEY_NOT_TEXT, event)
        return str(event.value)

    def _refuse_properties(self, event: Any) -> None:
        if isinstance(event, yaml.AliasEvent):
            self._report(codes.ANCHOR, event, mark=f"*{event.anchor}")
        elif event.anchor is not None:
            self._report(codes.ANCHOR, event, mark=f"&{event.anchor}")
        if getattr(event, "tag", None) is not None:
            self._report(codes.TAG, event, tag=_short(event.tag))

    def _report(
        self, rule: Rule, event: Any, *, related: tuple[Span, ...] = (), **facts: object
    ) -> None:
        span = Document(self.file, None, self.lines).at(_place(event))
        self.found.append(Diagnostic(rule, span, facts, related))
        if len(self.found) >= MAX_FINDINGS:
            raise _UnreadableError

    def _stop(self, rule: Rule, event: Any, **facts: object) -> NoReturn:
        span = Document(self.file, None, self.lines).at(_place(event))
        self.found.append(Diagnostic(rule, span, facts))
        raise _UnreadableError

    def _report_syntax(self, error: yaml.YAMLError) -> None:
        mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
        problem = getattr(error, "problem", None) or getattr(error, "context", None) or "unreadable"
        span = Span(self.file)
        if mark is not None:
            line = min(mark.line, len(self.lines) - 1)
            span = Document(self.file, None, self.lines).at(Place(line + 1, mark.column + 1))
        if r"\t" in problem or (span.excerpt or "")[: span.column or 1].lstrip(" ").startswith(
            "\t"
        ):
            self.found.append(Diagnostic(codes.TAB, span))
        else:
            self.found.append(Diagnostic(codes.SYNTAX, span, {"problem": _short(problem)}))


def _place(event: Any) -> Place:
    start, end = event.start_mark, event.end_mark
    scalar = isinstance(event, (yaml.ScalarEvent, yaml.AliasEvent))
    one_line = scalar and start.line == end.line and end.column > start.column
    return Place(start.line + 1, start.column + 1, end.column + 1 if one_line else None)


def _short(text: str, most: int = 80) -> str:
    """Return `text` on one line of at most `most` characters."""
    text = " ".join(str(text).split())
    return text if len(text) <= most else text[: most - 1] + "…"
