"""Writes what there is over what was expected, in the text of the file: the rest stays as it is.

Only the places that differ are touched, so that comments and layout stay. Where a comment would be
lost, or nothing can be written that would be as expected, the place is left and said.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from yaml.nodes import MappingNode, ScalarNode, SequenceNode

from relance.policy.document import Route
from relance.policy.yaml import composed, read_yaml
from relance.runs.rehearsal.reading import TestFile
from relance.runs.rehearsal.results import Difference, Kept, Result

_PLAIN = re.compile(r"[\w./+-]([\w ./@+-]*[\w./@+-])?")
_DASH = re.compile(r"\s*-\s*$")
_COMMENT = re.compile(r"[ \t]+#[^\r\n]*")
_NULLS = ("", "~", "null", "Null", "NULL")


@dataclass(frozen=True, slots=True)
class Rewritten:
    """What became of a file.

    Attributes:
        content: the whole file, as it is to be written.
        changes: line, what stood there, what stands there now.
        left: line and name of what differs and is left as it is.
    """

    file: TestFile
    content: bytes
    changes: tuple[tuple[int, str, str], ...]
    left: tuple[tuple[int, str], ...]

    @property
    def name(self) -> str:
        """The name of the file."""
        return self.file.name


@dataclass(frozen=True, slots=True)
class _Edit:
    start: int
    end: int
    new: str


def rewritten(results: Sequence[Result]) -> list[Rewritten]:
    """Return what is to be written into the files of `results` for their tests to pass."""
    files = {id(result.file): result.file for result in results if result.failures}
    return [
        _rewritten(file, [r for r in results if r.file is file and r.failures])
        for file in files.values()
    ]


def _rewritten(file: TestFile, results: Iterable[Result]) -> Rewritten:
    data = file.path.read_bytes()
    mark = "\ufeff" if data.startswith(b"\xef\xbb\xbf") else ""
    text = data.decode("utf-8-sig")
    root = composed(text)
    edits: dict[Route, _Edit] = {}
    changes: list[tuple[int, str, str]] = []
    left: list[tuple[int, str]] = []
    for result in results:
        for failure in result.failures:
            line = failure.span.line or 1
            if not failure.differences:
                left.append((line, failure.action or result.name))
            for one in failure.differences:
                if one.route in edits:
                    continue
                edit = _edit(one, text, root, file) if one.route else None
                if edit is None:
                    left.append((line, one.what))
                    continue
                edits[one.route] = edit
                at = text.count("\n", 0, edit.start) + 1
                changes.append((at, _short(text[edit.start : edit.end]), _short(edit.new)))
    new = _applied(text, edits.values())
    document, found = read_yaml(new.encode(), file.name)
    if document is None or found:  # never a file that could not be read any more
        return Rewritten(file, data, (), tuple((line, old) for line, old, _ in changes))
    return Rewritten(file, (mark + new).encode(), tuple(sorted(changes)), tuple(left))


def _applied(text: str, edits: Iterable[_Edit]) -> str:
    for edit in sorted(edits, key=lambda edit: edit.start, reverse=True):
        new = edit.new.replace("\n", "\r\n") if "\r\n" in text else edit.new
        text = text[: edit.start] + new + text[edit.end :]
    return text


def _short(text: str, most: int = 60) -> str:
    line = " ".join(text.split())
    return line if len(line) <= most else line[: most - 1] + "…"


def _edit(one: Difference, text: str, root: Any, file: TestFile) -> _Edit | None:
    """Return how the text changes; None where it is left."""
    route = one.route[1:] if file.listed else one.route
    node = _at(root, route)
    if node is None:
        return _added(one, text, root, route)
    if isinstance(node, ScalarNode):
        return _Edit(node.start_mark.index, node.end_mark.index, _scalar(one.value, node.style))
    key = _key(root, route)
    if isinstance(one.value, list) and isinstance(node, SequenceNode):
        whole = [v for v in one.value if isinstance(v, Kept)]
        if whole or one.whole:
            return _list(one.value, node, key, text)
    return _in_place(_flow(one.value), node, key, text)


def _at(node: Any, route: Route) -> Any:
    for step in route:
        if isinstance(node, MappingNode):
            node = next((v for k, v in node.value if k.value == step), None)
        elif isinstance(node, SequenceNode) and isinstance(step, int):
            node = node.value[step] if step < len(node.value) else None
        else:
            return None
    return node


def _key(root: Any, route: Route) -> Any:
    """Return the node of the key of the value at `route`; None in a list."""
    above = _at(root, route[:-1])
    if not isinstance(above, MappingNode):
        return None
    return next((k for k, _ in above.value if k.value == route[-1]), None)


def _added(one: Difference, text: str, root: Any, route: Route) -> _Edit | None:
    """Return a new key of a step, on a line of its own after what the step does."""
    step = _at(root, route[:-1])
    if not isinstance(step, MappingNode) or step.flow_style or not step.value:
        return None
    key, value = step.value[0]
    if not isinstance(value, ScalarNode) or value.style in ("|", ">"):
        return None
    end = text.find("\n", value.end_mark.index)
    end = len(text) if end < 0 else end - (text[end - 1] == "\r")
    indent = " " * key.start_mark.column
    return _Edit(end, end, f"\n{indent}{route[-1]}: {_scalar(one.value, None)}")


def _in_place(new: str, node: Any, key: Any, text: str) -> _Edit | None:
    """Return a collection written anew, on the line of its key; None if a comment would be lost."""
    start = node.start_mark.index
    end = start + len(text[start : node.end_mark.index].rstrip())
    if not node.flow_style:
        if key is None:
            return None
        colon = text.index(":", key.end_mark.index) + 1
        if "#" in text[colon:end]:
            return None
        return _Edit(colon, end, " " + new)
    return None if "#" in text[start:end] else _Edit(start, end, new)


def _list(entries: Sequence[Any], node: Any, key: Any, text: str) -> _Edit | None:
    """Return a list of which entries are kept as they are written, and others added at its end."""
    start = node.start_mark.index
    end = start + len(text[start : node.end_mark.index].rstrip())
    if node.flow_style:
        slices = [text[item.start_mark.index : item.end_mark.index] for item in node.value]
    else:
        end = _end_of_comment(text, end)
        slices = _block_entries(node, end, text)
    kept = [entry.number for entry in entries if isinstance(entry, Kept)]
    lost = [part for number, part in enumerate(slices) if number not in kept]
    if any("#" in part for part in lost) or (node.flow_style and "#" in text[start:end]):
        return None
    parts = [slices[n] for n in kept]
    parts += [_flow(entry) for entry in entries if not isinstance(entry, Kept)]
    if not parts:
        return _in_place("[]", node, key, text)
    if node.flow_style:
        between = (
            ", "
            if len(parts) == 1 or len(", ".join(parts)) < 70
            else (",\n" + " " * (node.start_mark.column + 1))
        )
        return _Edit(start, end, f"[{between.join(parts)}]")
    between = "\n" + " " * node.start_mark.column + "- "
    return _Edit(start, end, "- " + between.join(parts))


def _block_entries(node: Any, end: int, text: str) -> list[str]:
    """Return each entry of a block list as it is written, with the comments that follow it."""
    starts = [item.start_mark.index for item in node.value]
    ends = [*starts[1:], end]
    parts = [text[a:b] for a, b in zip(starts, ends, strict=True)]
    return [*(_DASH.sub("", part) for part in parts[:-1]), parts[-1].rstrip()]


def _end_of_comment(text: str, end: int) -> int:
    comment = _COMMENT.match(text, end)
    return comment.end() if comment else end


def _flow(value: Any) -> str:
    if isinstance(value, dict):
        return "{" + ", ".join(f"{_scalar(k, None)}: {_flow(v)}" for k, v in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(_flow, value)) + "]"
    return _scalar(value, None)


def _scalar(value: Any, style: str | None) -> str:
    """Return a text as YAML writes it, in the quotes that stood there; null for nothing."""
    if isinstance(value, (list, dict)):
        return _flow(value)
    if value is None:
        return "null"
    text = str(value)
    plain = _PLAIN.fullmatch(text) is not None and text not in _NULLS
    if style not in ("'", '"') and plain and (text[0] != "-" or text[1:2].isdigit()):
        return text
    if style == "'" and "\n" not in text:
        return "'" + text.replace("'", "''") + "'"
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n") + '"'
