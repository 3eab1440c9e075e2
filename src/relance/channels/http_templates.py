"""Texts with `{names}` in them, filled so that no value can break out of its place.

A value is written as the place needs it: quoted in a URL, escaped in a JSON string or in XML. What
is no name in braces stays as it is, so that JSON needs no doubling.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Collection, Mapping
from typing import Literal
from urllib.parse import quote, quote_plus
from xml.sax.saxutils import escape

Form = Literal["json", "form", "xml"]
TYPES: Mapping[Form, str] = {
    "json": "application/json; charset=utf-8",
    "form": "application/x-www-form-urlencoded",
    "xml": "application/xml; charset=utf-8",
}

_NAME = re.compile(r"\{([a-z][a-z0-9_]*)\}")
_TRICKY = 'a"b\\c\n</x>&amp;=é}{'
_UNWRITTEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


def compact(value: object) -> bytes:
    """Return `value` as JSON in UTF-8, without spaces."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()


def names_in(template: str) -> set[str]:
    """Return the names in braces of `template`."""
    return set(_NAME.findall(template))


def in_url(template: str, values: Mapping[str, str]) -> str:
    """Return the URL with its values percent-encoded, slashes and all."""
    return _filled(template, values, lambda value: quote(value, safe=""))


def in_header(template: str, values: Mapping[str, str]) -> str:
    """Return the header with its values as they are; who sends it refuses what does not fit."""
    return _filled(template, values, str)


def in_body(template: str, form: Form, values: Mapping[str, str]) -> bytes:
    """Return the body with its values escaped for strings of JSON, for forms or for XML."""
    return _filled(template, values, _ESCAPES[form]).encode()


def check_names(template: str, known: Collection[str]) -> None:
    """Raises ValueError if `template` has a name in braces that is none of `known`."""
    if unknown := names_in(template) - set(known):
        raise ValueError(f"{{{min(unknown)}}} is none of {', '.join(sorted(known))}")


def check_body(template: str, form: Form) -> None:
    """Raises ValueError if the body would not be what it says whatever the values hold."""
    if form == "form":
        return
    trial = in_body(template, form, dict.fromkeys(names_in(template), _TRICKY))
    if form == "xml":
        _check_xml(trial)
        return
    try:
        json.loads(trial)
    except ValueError:
        raise ValueError("this is no JSON: each {name} stands inside quotes") from None


def _check_xml(trial: bytes) -> None:
    from lxml import etree

    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    try:
        etree.fromstring(trial, parser)
    except etree.XMLSyntaxError:
        raise ValueError("this is no XML") from None


def _filled(template: str, values: Mapping[str, str], write: Callable[[str], str]) -> str:
    return _NAME.sub(lambda name: write(values[name[1]]), template)


def _xml(value: str) -> str:
    return escape(_UNWRITTEN.sub("", value), {'"': "&quot;", "'": "&apos;"})


_ESCAPES: Mapping[Form, Callable[[str], str]] = {
    "json": lambda value: json.dumps(value)[1:-1],
    "form": quote_plus,
    "xml": _xml,
}
