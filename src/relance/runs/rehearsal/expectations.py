"""What is expected beside what there is: each difference by itself."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

from relance.policy.document import Route
from relance.policy.scenarios import Step
from relance.runs.rehearsal.results import Difference, Kept

Fields = Mapping[str, Any]

AMOUNTS = ("total_open", "interest", "compensation", "fee", "total_due")
_PARTS = ("message", "file", "reason")
_LISTS = {"receivables": "numbers", "other_open": "others", "credits": "credit_numbers"}


def differences(plan: Fields, step: Step, at: Route) -> list[Difference]:
    """Return what of `plan` (as its JSON) is not as `step` expects; `at` is the step's route."""
    held = {entry["number"]: entry for entry in plan["held"]}
    found: list[Difference] = []
    if step.levels is not None:
        claimed = {r["number"]: r["level"] for n in plan["notices"] for r in n["receivables"]}
        found += _mapping("levels", step.levels, claimed, (*at, "levels"), closed=True)
    if step.verdicts is not None:
        found += _mapping("verdicts", step.verdicts, verdicts(plan), (*at, "verdicts"))
    for name, key in (("until", "until"), ("next", "next_level")):
        expected = getattr(step, name)
        if expected is not None:
            found += _waiting(name, expected, {n: e[key] for n, e in held.items()}, (*at, name))
    for kind in ("notices", "tasks"):
        expected = getattr(step, kind)
        if expected is not None:
            wanted = [_given(entry) for entry in expected]
            found += _entries(kind, wanted, [flat(e) for e in plan[kind]], (*at, kind))
    for finding in step.diagnostics or ():
        wanted_one = _given(finding)
        if not any(_like(d, wanted_one) for d in plan["diagnostics"]):
            said = "; ".join(f"{d['code']} {d['message']}" for d in plan["diagnostics"])
            text = ", ".join(f"{k}: {v}" for k, v in wanted_one.items())
            found.append(Difference("diagnostics", text, said or None, ()))
    return found


def verdicts(plan: Fields) -> dict[str, str]:
    """Return the verdict of each number of a plan."""
    acting = [r["number"] for n in plan["notices"] for r in n["receivables"]]
    acting += [number for t in plan["tasks"] for number in t["receivables"]]
    return dict.fromkeys(acting, "act") | {h["number"]: h["verdict"] for h in plan["held"]}


def flat(entry: Fields) -> dict[str, Any]:
    """Return a notice or a task with the numbers that it covers in lists of text."""
    if "receivables" in entry and all(isinstance(r, str) for r in entry["receivables"]):
        return {**entry, "numbers": list(entry["receivables"])}
    lists = {new: [r["number"] for r in entry[old]] for old, new in _LISTS.items()}
    return {**entry, **lists, "paid_late": [r["number"] for r in entry["paid_late"]]}


def _given(model: Any) -> dict[str, Any]:
    """Return what was written of an expected entry, null too."""
    return {
        name: list(value) if isinstance(value, tuple) else value
        for name in type(model).model_fields
        if name in model.model_fields_set
        for value in (getattr(model, name),)
    }


def _mapping(
    what: str, expected: Fields, there: Fields, at: Route, *, closed: bool = False
) -> Iterator[Difference]:
    for number, wanted in expected.items():
        got = there.get(number)
        if not same(wanted, got):
            if closed and number not in there:
                yield Difference(f"{what} {number}", _text(wanted), None, at, dict(there),
                                 (number,), whole=True)  # fmt: skip
            else:
                yield Difference(f"{what} {number}", _text(wanted), _text(got), (*at, number), got,
                                 (number,))  # fmt: skip
    if closed:
        for number in there:
            if number not in expected:
                yield Difference(f"{what} {number}", None, _text(there[number]), at, dict(there),
                                 (number,), whole=True)  # fmt: skip


def _waiting(what: str, expected: Fields, held: Fields, at: Route) -> Iterator[Difference]:
    """Yield what differs of items that wait; one that does not wait has neither day nor level."""
    yield from _mapping(what, {n: v for n, v in expected.items() if n in held}, held, at)
    for number, wanted in expected.items():
        if number not in held:
            yield Difference(f"{what} {number}", _text(wanted), None, (), None, (number,))


def _entries(
    kind: str, wanted: Sequence[Fields], there: Sequence[Fields], at: Route
) -> Iterator[Difference]:
    """Yield how lists differ that have no order: each wanted entry has one of its own, none is left."""
    rest = list(range(len(there)))
    missed = []
    kept: list[Any] = []
    for number, entry in enumerate(wanted):
        hit = next((n for n in rest if _like(there[n], entry)), None)
        if hit is None:
            missed.append(number)
        else:
            rest.remove(hit)
            kept.append(Kept(number))
    if len(missed) == len(rest):
        for number in missed:
            nearest = max(rest, key=lambda n: _likeness(there[n], wanted[number]))
            rest.remove(nearest)
            yield from _fields(kind, number, wanted[number], there[nearest], at)
        return
    whole = [*kept, *(_as_wanted(there[n], wanted, kind) for n in rest)]
    for number in missed:
        numbers = tuple(wanted[number].get("numbers") or ())
        yield Difference(f"{kind} {number + 1}", _line(wanted[number]), None, at, whole, numbers,
                         whole=True)  # fmt: skip
    for number in rest:
        numbers = tuple(there[number].get("numbers") or ())
        said = _line(_as_wanted(there[number], wanted, kind))
        yield Difference(kind, None, said, at, whole, numbers, whole=True)


def _fields(
    kind: str, number: int, wanted: Fields, there: Fields, at: Route
) -> Iterator[Difference]:
    numbers = tuple(there.get("numbers") or ())
    for key, value in wanted.items():
        if not same(value, there.get(key), key):
            got = there.get(key)
            yield Difference(f"{kind} {number + 1} {key}", _text(value), _text(got),
                             (*at, number, key), got, numbers)  # fmt: skip


_SHOWN = {
    "notices": ("debtor", "level", "channel", "numbers", "total_due"),
    "tasks": ("debtor", "kind", "level", "numbers"),
}


def _as_wanted(entry: Fields, wanted: Sequence[Fields], kind: str) -> dict[str, Any]:
    """Return of an entry what the test looks at in others, else what tells it from others."""
    keys = list(dict.fromkeys(key for other in wanted for key in other)) or list(_SHOWN[kind])
    return {key: entry.get(key) for key in keys if entry.get(key) is not None}


def _likeness(there: Fields, wanted: Fields) -> tuple[int, int]:
    hits = [key for key, value in wanted.items() if same(value, there.get(key), key)]
    return ("numbers" in hits) + ("debtor" in hits), len(hits)


def _like(there: Fields, wanted: Fields) -> bool:
    return all(same(v, there.get(k), k) for k, v in wanted.items())


def same(wanted: Any, there: Any, key: str = "") -> bool:
    """Return whether `there` is what is wanted of `key`: amounts as numbers, all else as text.

    Of some texts it is enough that they contain what is wanted.
    """
    if isinstance(wanted, list):
        return isinstance(there, list) and [str(x) for x in there] == wanted
    if wanted is None or there is None:
        return wanted is None and there is None
    if key in _PARTS:
        return str(wanted) in str(there)
    if key in AMOUNTS:
        return Decimal(wanted) == Decimal(there)
    return str(wanted) == str(there)


def _text(value: Any) -> str | None:
    if value is None:
        return None
    return "[" + ", ".join(map(str, value)) + "]" if isinstance(value, list) else str(value)


def _line(entry: Fields) -> str:
    return ", ".join(f"{key}: {_text(value)}" for key, value in entry.items())
