"""One YAML document laid over another; each value keeps the place that it came from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from relance.policy.document import Document, Place, Route


def overlaid(base: Document, changes: Document, at: Route = ()) -> Document:
    """Return `base` with what stands at `at` in `changes` laid over it.

    Mappings are joined key by key, anything else takes the place of what was there; a key with
    null is taken away. Nothing at `at` leaves `base` as it is.
    """
    over = changes.get(*at)
    if not isinstance(over, Mapping):
        return base
    values, keys = dict(base.values), dict(base.keys)
    laid = _Laying(changes, values, keys)
    value = laid.joined(base.value if isinstance(base.value, Mapping) else {}, over, (), at)
    return replace(base, value=value, values=values, keys=keys)


class _Laying:
    """One document on its way over another: the places of what is laid over are taken along."""

    def __init__(
        self, changes: Document, values: dict[Route, Place], keys: dict[Route, Place]
    ) -> None:
        self._changes = changes
        self._values = values
        self._keys = keys

    def joined(
        self, below: Mapping[str, Any], over: Mapping[str, Any], route: Route, at: Route
    ) -> dict[str, Any]:
        whole = dict(below)
        for key, value in over.items():
            here, there = (*route, key), (*at, key)
            if value is None:
                whole.pop(key, None)
                continue
            under = whole.get(key)
            if isinstance(value, Mapping) and isinstance(under, Mapping):
                whole[key] = self.joined(under, value, here, there)
                continue
            whole[key] = _without_nulls(value)
            self._moved(here, there)
        return whole

    def _moved(self, here: Route, there: Route) -> None:
        for places in (self._values, self._keys):
            for route in [route for route in places if route[: len(here)] == here]:
                del places[route]
        origin = (self._changes.file, self._changes.lines)
        for theirs, ours in (
            (self._changes.values, self._values),
            (self._changes.keys, self._keys),
        ):
            for route, place in theirs.items():
                if route[: len(there)] == there:
                    own = replace(place, of=place.of or origin)
                    ours[(*here, *route[len(there) :])] = own


def _without_nulls(value: Any) -> Any:
    """Return `value` without keys of mappings that have null; lists are as they were written."""
    if isinstance(value, Mapping):
        return {k: _without_nulls(v) for k, v in value.items() if v is not None}
    return value
