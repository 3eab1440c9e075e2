"""Elements of an ISO 20022 message by local name: versions differ in namespace, not in names."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

Node = Any
"""An lxml element; lxml is loaded only where XML is read."""


class _Names(dict[str, str]):
    """Local names by qualified name: a message of a million entries has few names."""

    def __missing__(self, tag: str) -> str:
        if len(self) > 10_000:  # a hostile message may make up names without end
            self.clear()
        local = self[tag] = tag.rpartition("}")[2]
        return local


_LOCAL = _Names()


def local(node: Node) -> str:
    """Return the name of `node` without its namespace."""
    return _LOCAL[node.tag]


def fields(node: Node | None) -> dict[str, Node]:
    """Return the first child of `node` by local name; none of None."""
    found: dict[str, Node] = {}
    if node is not None:
        for inner in node:
            if isinstance(tag := inner.tag, str):
                found.setdefault(_LOCAL[tag], inner)
    return found


def children(node: Node | None, name: str | None = None) -> Iterator[Node]:
    """Yield the children of `node`, all or those of the local `name`."""
    if node is not None:
        for inner in node:
            if isinstance(tag := inner.tag, str) and (name is None or _LOCAL[tag] == name):
                yield inner


def child(node: Node | None, name: str) -> Node | None:
    """Return the first child of `node` of the local `name`; None without one."""
    return next(children(node, name), None)


def path(node: Node | None, *names: str) -> str | None:
    """Return the text of the element below `node` on the path `names`; None if empty or absent."""
    for name in names:
        node = child(node, name)
    return text_of(node)


def text_of(node: Node | None) -> str | None:
    """Return the text of `node` without spaces around it; None if there is none."""
    if node is None or not (text := node.text):
        return None
    return text.strip() or None
