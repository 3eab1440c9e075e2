"""Turns what pydantic refuses into diagnostics at the key or value that the user wrote."""

from __future__ import annotations

import re
import typing
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Literal

from pydantic import BaseModel
from pydantic_core import ErrorDetails

from relance.diagnostics import Diagnostic, Rule
from relance.policy.codes import keys as codes
from relance.policy.document import Document, Route, is_secret_name
from relance.policy.nearest import nearest

MAX_FINDINGS = 200

_SHAPES = {
    "model_type": codes.NOT_A_MAPPING,
    "model_attributes_type": codes.NOT_A_MAPPING,
    "dict_type": codes.NOT_A_MAPPING,
    "tuple_type": codes.NOT_A_LIST,
    "list_type": codes.NOT_A_LIST,
    "string_type": codes.NOT_A_TEXT,
    "path_type": codes.NOT_A_TEXT,
    "int_type": codes.NOT_WHOLE,
    "int_parsing": codes.NOT_WHOLE,
    "int_parsing_size": codes.NOT_WHOLE,
    "int_from_float": codes.NOT_WHOLE,
    "float_type": codes.NOT_A_NUMBER,
    "float_parsing": codes.NOT_A_NUMBER,
    "finite_number": codes.NOT_A_NUMBER,
    "decimal_type": codes.NOT_A_NUMBER,
    "decimal_parsing": codes.NOT_A_NUMBER,
    "bool_type": codes.NOT_TRUTH,
    "bool_parsing": codes.NOT_TRUTH,
    "bounds_open": codes.RANGE_OPEN,
    "bounds_crossed": codes.RANGE_CROSSED,
}
_FORMS = {
    "^[A-Z]{2}$": "FR (ISO 3166)",
    "^[A-Z]{3}$": "EUR (ISO 4217)",
    "^[a-z0-9][a-z0-9_-]*$": "reminder-1 (a-z, 0-9, -, _)",
    r"^\d{4}-\d{2}-\d{2}$": "2026-04-30",
    r"^-?\d{1,14}(\.\d+)?$": "1250.00",
    r"^(all|\d{1,14}(\.\d+)?)$": "125.25, or all",
}


def explain(
    errors: Iterable[ErrorDetails],
    document: Document,
    model: type[BaseModel],
    within: Route = (),
) -> tuple[list[Diagnostic], set[Route]]:
    """Return a diagnostic for each of the `errors`, and the routes of the values they refuse.

    `model` is what was validated, `within` the route in the document of what it was given.
    """
    found: list[Diagnostic] = []
    refused: set[Route] = set()
    for error in list(errors)[:MAX_FINDINGS]:
        route, name = locate(document, (*within, *error["loc"]))
        if error["type"] == "too_short" and document.get(*route):
            continue  # the entries are there: they have errors of their own
        refused.add(route)
        if error["type"] == "string_pattern_mismatch" and is_secret_name(name):
            continue  # what a secret may look like has a rule of its own
        found.append(_diagnostic(error, document, model, route, name))
    return found, refused


def locate(document: Document, loc: Iterable[str | int]) -> tuple[Route, str]:
    """Return the route of pydantic's `loc` in the document and the name of the key it is about.

    Steps that pydantic adds by itself (the tag of a union, "[key]") are not in the document.
    """
    route: Route = ()
    name = ""
    for step in loc:
        here = document.get(*route)
        inside = isinstance(here, dict) and step in here
        if inside or (isinstance(here, list) and isinstance(step, int) and step < len(here)):
            route = (*route, step)
        if isinstance(step, str) and step != "[key]":
            name = step
    return route, name


def _diagnostic(
    error: ErrorDetails, document: Document, model: type[BaseModel], route: Route, name: str
) -> Diagnostic:
    kind, loc = error["type"], error["loc"]
    if kind == "missing":
        return Diagnostic(codes.MISSING_KEY, document.span(*route), {"key": name})
    if kind == "extra_forbidden":
        names = nearest(name, known_keys(model, loc[:-1]))
        facts: dict[str, object] = {"key": name, "names": names}
        return Diagnostic(codes.UNKNOWN_KEY, document.span(*route, key=True), facts)
    if kind == "union_tag_not_found":
        return Diagnostic(codes.MISSING_KEY, document.span(*route), {"key": "kind"})
    if kind == "union_tag_invalid":
        route, name = (*route, "kind"), "kind"
    key = _name_of(route, name) or document.file
    value = document.get(*route)
    span = document.span(*route, key="[key]" in loc)
    rule, more = _rule(error, key, value if "[key]" not in loc else loc[-2])
    return Diagnostic(rule, span, {"key": key, **more})


def _name_of(route: Route, name: str) -> str:
    """Return the name of the nearest key that stands in the document, else of the error's, else nothing."""
    return next((step for step in reversed(route) if isinstance(step, str)), name)


def _rule(error: ErrorDetails, key: str, value: Any) -> tuple[Rule, dict[str, object]]:
    kind, context = error["type"], error.get("ctx", {})
    shown = _shown(key, value)
    if (value is None and kind in _SHAPES) or kind == "string_too_short":
        return codes.NO_VALUE, {}
    if kind in _SHAPES:
        return _SHAPES[kind], {"value": shown}
    if kind == "too_short":
        return codes.EMPTY_LIST, {}
    return _detailed(kind, context, error["msg"], shown)


def _detailed(
    kind: str, context: Mapping[str, Any], reason: str, shown: str
) -> tuple[Rule, dict[str, object]]:
    if kind in ("literal_error", "enum", "union_tag_invalid"):
        expected = str(context.get("expected", context.get("expected_tags", "")))
        names = re.findall(r"'([^']*)'", expected)
        return codes.UNKNOWN_VALUE, {"value": shown, "names": nearest(shown, names)}
    if kind.startswith("greater_than"):
        limit = context.get("ge", context.get("gt"))
        return codes.TOO_SMALL, {"value": shown, "limit": limit}
    if kind.startswith("less_than"):
        limit = context.get("le", context.get("lt"))
        return codes.TOO_GREAT, {"value": shown, "limit": limit}
    if kind in ("decimal_max_digits", "decimal_whole_digits"):
        return codes.TOO_GREAT, {"value": shown, "limit": "9" * 14}
    if kind == "string_pattern_mismatch":
        pattern = str(context["pattern"])
        return codes.WRONG_FORM, {"value": shown, "form": _FORMS.get(pattern, pattern)}
    return codes.REFUSED, {"reason": reason.removeprefix("Value error, ")}


def _shown(key: str, value: Any, most: int = 60) -> str:
    """Return the value as a message may show it: short, on one line, never a secret."""
    if is_secret_name(key):
        return "***"
    if isinstance(value, (dict, list)):
        return "{…}" if isinstance(value, dict) else "[…]"
    text = " ".join(str(value).split())
    return text if len(text) <= most else text[: most - 1] + "…"


def known_keys(model: type[BaseModel], loc: Iterable[str | int]) -> list[str]:
    """Return the keys that the models at `loc` below `model` take."""
    models = [model]
    for step in loc:
        fields = [f for m in models for n, f in m.model_fields.items() if (f.alias or n) == step]
        tagged = [m for m in models if step in _tags(m)]
        if fields:
            models = [m for f in fields for m in _models_in(f.annotation)]
        elif tagged:
            models = tagged
    return [
        field.alias or name
        for m in models
        for name, field in m.model_fields.items()
        if not field.exclude
    ]


def _tags(model: type[BaseModel]) -> tuple[Any, ...]:
    field = model.model_fields.get("kind")
    is_literal = field is not None and typing.get_origin(field.annotation) is Literal
    return typing.get_args(field.annotation) if field is not None and is_literal else ()


def _models_in(annotation: Any) -> Iterator[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for inner in typing.get_args(annotation):
        yield from _models_in(inner)
