"""Elements of an ISO 20022 message by local name: versions differ in namespace, not in names."""

from __future__ import annotations

from typing import Any

Node = Any
"""An lxml element; lxml is loaded only where XML is read."""


class _Names(dict[Any, str]):
    """Local names by qualified name: a message of a million entries has few names."""

    def __missing__(self, tag: Any) -> str:
        if len(self) > 10_000:  # a hostile message may make up names without end
            self.clear()
        local = self[tag] = tag.rpartition("}")[2] if isinstance(tag, str) else ""
        return local


_LOCAL = _Names()


def local(node: Node) -> str:
    """Return the name of `node` without its namespace; empty for what is no element."""
    return _LOCAL[node.tag]


def fields(node: Node | None) -> dict[str, Node]:
    """Return the last child of `node` by local name; none of None."""
    return {} if node is None else {_LOCAL[inner.tag]: inner for inner in node}


def children(node: Node | None, name: str | None = None) -> list[Node]:
    """Return the children of `node`, all or those of the local `name`."""
    if node is None:
        return []
    return [inner for inner in node if name is None or _LOCAL[inner.tag] == name]


def child(node: Node | None, name: str) -> Node | None:
    """Return the first child of `node` of the local `name`; None without one."""
    if node is not None:
        for inner in node:
            if _LOCAL[inner.tag] == name:
                return inner
    return None


def path(node: Node | None, *names: str) -> str | None:
    """Return the text of the element below `node` on the path `names`; None if empty or absent."""
    for name in names:
        if node is None:
            return None
        for inner in node:  # as `child`, without its call: this is where the time goes
            if _LOCAL[inner.tag] == name:
                node = inner
                break
        else:
            return None
    return text_of(node)


def text_of(node: Node | None) -> str | None:
    """Return the text of `node` without spaces around it; None if there is none."""
    if node is None or not (text := node.text):
        return None
    return text.strip() or None
