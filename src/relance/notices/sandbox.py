"""Where templates run: nothing but what they are given, and no more work than a notice can take.

Jinja2's sandbox keeps a template from what it may not touch; it sets no limit to time and memory. Here
each step has a price, counted and not timed: a template that is refused is refused on any machine.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from functools import wraps
from typing import Any

from jinja2 import nodes, pass_eval_context
from jinja2.nodes import EvalContext
from jinja2.runtime import Context, markup_join, str_join
from jinja2.sandbox import ImmutableSandboxedEnvironment
from jinja2.visitor import NodeTransformer

WORK = 10_000_000
"""Units of work for a page: a letter with 50,000 lines takes 3 million."""

_LONGEST = 10_000_000
_WIDEST = 10_000
_BITS = 4_096
_CHARACTERS = 16  # of text, for one unit

# Widths of `%` and of `format`, and those that are filled in.
_PERCENT = re.compile(r"%(\([^)]*\))?[^a-zA-Z%]*(\*|\d{5})")
_FIELD = re.compile(r"\{[^{}]*(\{|:[^{}]*\d{5})")
_REFUSED = frozenset({"encode", "to_bytes", "translate"})
_WIDENING = frozenset(
    {"batch", "center", "expandtabs", "fill", "indent", "ljust", "rjust", "slice", "zfill"}
)
_MULTIPLYING = frozenset({"indent", "replace", "wordwrap"})
_SEQUENCES = (str, bytes, list, tuple)
_HOLDING = (list, tuple, dict)
_NOT_THE_SAME_TWICE = ("lipsum", "cycler", "joiner")


_TOO_MUCH = "it asks for more work, or for a larger text, than a notice can need"


class LimitError(Exception):
    """A template asks for more work, or for a larger value, than a notice can need."""


class Sandbox(ImmutableSandboxedEnvironment):
    """An environment whose templates are done in bounded time and memory; `begin` before each page."""

    intercepted_binops = frozenset({"+", "*", "**", "%"})

    def __init__(self, **options: Any) -> None:
        super().__init__(finalize=self._weighed, **options)
        self.concat = self._concat  # type: ignore[method-assign]
        self.left = WORK
        for name in _NOT_THE_SAME_TWICE:
            del self.globals[name]
        del self.filters["random"]
        self.admit(self.filters)
        tests: Mapping[str, Any] = self.tests
        self.tests = {name: self._priced(name, test) for name, test in tests.items()}
        self.filters |= {"_each": self._each, "_joined": self._joined, "_weighed": self._weighed}
        self.filters["_searched"] = self._searched

    def admit(self, filters: Mapping[str, Callable[..., Any]]) -> None:
        """Add `filters`, each at the price of what it takes and gives."""
        self.filters |= {name: self._priced(name, work) for name, work in filters.items()}

    def begin(self) -> None:
        """Count anew: the next page may take all the work there is for one."""
        self.left = WORK

    def call_binop(self, context: Context, operator: str, left: Any, right: Any) -> Any:
        """Return the result of `left operator right`, unless it would be too large."""
        if operator == "%" and isinstance(left, str):
            _refuse(bool(_PERCENT.search(left)))
            self._weighed(right)
        elif isinstance(left, int) and isinstance(right, int):
            _refuse(_bits(operator, left, right) > _BITS)
        elif operator == "*":
            _refuse(_times(left, right) + _times(right, left) > _LONGEST)
        elif operator == "+":
            _refuse(_length(left) + _length(right) > _LONGEST)
        return self._weighed(super().call_binop(context, operator, left, right))

    def call(
        __self,  # noqa: N805 - as Jinja2 has it: a macro may have an argument `self`
        __context: Context,
        __obj: Any,
        *args: Any,
        **kwargs: Any,
    ) -> Any:
        """Return what a method or macro gives, unless it would be too large."""
        name, owner = getattr(__obj, "__name__", ""), getattr(__obj, "__self__", None)
        _refuse(name in _REFUSED)
        given = args if owner is None else (owner, *args)
        if name == "join" and isinstance(owner, str) and args:
            args = (__self._joinable(args[0], owner),)
        elif owner is not None:
            _check(name, given)
        named = [value for key, value in kwargs.items() if not key.startswith("_")]
        __self._spend(_weight((*given, *named)))
        return __self._weighed(super().call(__context, __obj, *args, **kwargs))

    def wrap_str_format(self, value: Any) -> Callable[..., str] | None:
        """Return the harmless form of a `format` method; None of anything else."""
        harmless = super().wrap_str_format(value)
        _refuse(harmless is not None and bool(_FIELD.search(value.__self__)))
        return harmless

    def _generate(
        self, source: nodes.Template, name: str | None, filename: str | None,
        defer_init: bool = False,
    ) -> str:  # fmt: skip
        return super()._generate(_Counted(self).visit(source), name, filename, defer_init)

    def _priced(self, name: str, work: Callable[..., Any]) -> Callable[..., Any]:
        first = 1 if hasattr(work, "jinja_pass_arg") else 0
        watched = name in _WIDENING | _MULTIPLYING | {"pairs"}

        @wraps(work)
        def priced(*args: Any, **kwargs: Any) -> Any:
            given = (*args[first:], *kwargs.values())
            if name == "join":
                args = (*args[:first], self._joinable(*given[:2]), *args[first + 1 :])
            elif name == "format":
                _refuse(bool(_PERCENT.search(str(given[0]))))
            elif watched:
                _check(name, given)
            self._spend(_weight(given))
            return self._weighed(work(*args, **kwargs))

        return priced

    def _spend(self, units: int) -> None:
        self.left -= units
        if self.left < 0:
            raise LimitError(_TOO_MUCH)

    def _weighed(self, value: Any) -> Any:
        if isinstance(value, str):  # mostly
            self._spend(1 + len(value) // _CHARACTERS)
        elif isinstance(value, _HOLDING):
            self._spend(_weight((value,)))
        else:
            self._spend(1)
        return value

    def _searched(self, value: Any) -> Any:
        return value if isinstance(value, dict) else self._weighed(value)

    def _concat(self, parts: Iterable[str]) -> str:
        return "".join(map(self._weighed, parts))

    def _each(self, values: Iterable[Any]) -> Iterator[Any]:
        for value in values:
            self._spend(1)
            yield value

    @pass_eval_context
    def _joined(self, within: EvalContext, parts: list[Any]) -> str:
        self._joinable(parts)
        return (markup_join if within.autoescape else str_join)(parts)

    def _joinable(self, parts: Iterable[Any], between: Any = "") -> list[Any]:
        whole = list(self._each(parts))
        _refuse(sum(map(_length, whole)) + _length(between) * len(whole) > _LONGEST)
        self._weighed(whole)
        return whole


class _Counted(NodeTransformer):
    """Puts a price on what the environment does not see: loops, literals and comparisons."""

    def __init__(self, environment: Sandbox) -> None:
        self.environment = environment

    def visit_For(self, node: nodes.For) -> nodes.Node:  # noqa: N802
        self.generic_visit(node)
        node.iter = self._by("_each", node.iter)
        return node

    def visit_Concat(self, node: nodes.Concat) -> nodes.Node:  # noqa: N802
        self.generic_visit(node)
        parts = nodes.List(node.nodes, lineno=node.lineno, environment=self.environment)
        return self._by("_joined", parts)

    def visit_List(self, node: nodes.List) -> nodes.Node:  # noqa: N802
        self.generic_visit(node)
        return self._by("_weighed", node)

    def visit_Dict(self, node: nodes.Dict) -> nodes.Node:  # noqa: N802
        self.generic_visit(node)
        return self._by("_weighed", node)

    def visit_Tuple(self, node: nodes.Tuple) -> nodes.Node:  # noqa: N802
        self.generic_visit(node)
        return self._by("_weighed", node) if node.ctx == "load" else node

    def visit_Compare(self, node: nodes.Compare) -> nodes.Node:  # noqa: N802
        self.generic_visit(node)
        node.expr = self._by("_weighed", node.expr)
        for operand in node.ops:
            found = "_searched" if operand.op in ("in", "notin") else "_weighed"
            operand.expr = self._by(found, operand.expr)
        return node

    def visit_Getitem(self, node: nodes.Getitem) -> nodes.Node:  # noqa: N802
        self.generic_visit(node)
        if isinstance(node.arg, nodes.Slice):
            node.node = self._by("_weighed", node.node)
        return node

    def _by(self, name: str, node: Any) -> nodes.Filter:
        return nodes.Filter(
            node, name, [], [], None, None, lineno=node.lineno, environment=self.environment
        )


def _refuse(excess: bool) -> None:
    if excess:
        raise LimitError(_TOO_MUCH)


def _check(name: str, given: tuple[Any, ...]) -> None:
    """Refuse a filter or method that would make much of little; its value is the first of `given`."""
    others = given[1:]
    if name in _WIDENING:
        _refuse(any(isinstance(one, int) and one > _WIDEST for one in others))
    if name in _MULTIPLYING:
        most = max((one if isinstance(one, int) else _length(one) for one in others), default=0)
        _refuse((_length(given[0]) + 1) * (most + 1) > _LONGEST * 10)
    if name == "pairs":
        _refuse(sum(len(str(label)) for label, _ in given[0]) * _length(given[0]) > _LONGEST)
    if name == "strftime":
        _refuse(any(re.search(r"\d{5}", str(one)) for one in others))


def _bits(operator: str, left: int, right: int) -> int:
    """At most how many bits the result has."""
    if operator == "**":
        return left.bit_length() * max(right, 0)
    return left.bit_length() + right.bit_length()


def _length(value: Any) -> int:
    return len(value) if isinstance(value, _SEQUENCES) else 1


def _times(value: Any, count: Any) -> int:
    sequence = isinstance(value, _SEQUENCES) and isinstance(count, int)
    return len(value) * count if sequence else 0


def _weight(values: Collection[Any]) -> int:
    """What `values` cost: their texts by length, lists and mappings with all that is inside."""
    weight = 0
    within: list[Iterable[Any]] = [values]
    while within:
        for value in within.pop():
            weight += 1
            if isinstance(value, str):
                weight += len(value) // _CHARACTERS
            elif isinstance(value, (list, tuple)):
                within.append(value)
            elif isinstance(value, dict):
                within += (value.keys(), value.values())
        if weight > WORK:
            break
    return weight
