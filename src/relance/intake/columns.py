"""Which header is which column: settings first, then the preset, then synonyms."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from relance.intake.presets import Preset
from relance.intake.synonyms import Known, key

_UNIT = re.compile(r"(en|in)?(eur|euros?)$")
"""What a header says of the currency of its amounts ("Montant TTC en euros")."""


@dataclass(frozen=True)
class Wanted:
    """What a file must and may give.

    Attributes:
        table: the columns with their synonyms.
        required: groups of columns; of each group one must be there.
        given: what the policy maps: column → header.
        preset: name of the preset that the policy sets; None to recognise one.
        presets: whether presets are tried at all.
    """

    table: Known
    required: tuple[tuple[str, ...], ...]
    given: Mapping[str, str]
    preset: str | None = None
    presets: bool = False


def assign(
    keys: Sequence[str], asked: Wanted, preset: Preset | None
) -> tuple[dict[str, tuple[int, ...]], dict[str, list[int]]]:
    """Return the positions of each column among the compared headers, and those not chosen.

    Settings win over the preset, the preset over specific synonyms, these over generic ones; a
    required column without a header takes a generic one from a column that is not required.
    """
    places: dict[str, list[int]] = {}
    for position, name in enumerate(keys):
        if name:
            places.setdefault(name, []).append(position)
    for name in list(places):
        if (plain := _UNIT.sub("", name)) and plain not in places:
            places[plain] = places[name]
    columns: dict[str, tuple[int, ...]] = {}
    for column, header in asked.given.items():
        if found := places.get(key(header)):
            columns[column] = (found[0],)
    if preset:
        _from_preset(columns, places, preset)
    skipped = {*columns, *(preset.ignored if preset else ())}
    others = _from_synonyms(columns, places, asked, skipped)
    return columns, others


def _from_preset(
    columns: dict[str, tuple[int, ...]], places: dict[str, list[int]], preset: Preset
) -> None:
    for column, headers in preset.columns.items():
        found = tuple(places[key(h)][0] for h in headers if key(h) in places)
        if found and column not in columns:
            columns[column] = found


def _from_synonyms(
    columns: dict[str, tuple[int, ...]],
    places: dict[str, list[int]],
    asked: Wanted,
    skipped: set[str],
) -> dict[str, list[int]]:
    others: dict[str, list[int]] = {}
    table = asked.table
    free = {name: list(found) for name, found in places.items()}
    taken = {position for found in columns.values() for position in found}
    for tier in (0, 1):
        for column in table:
            if column in skipped or column in columns:
                continue
            fits = [p for word in table[column][tier] for p in free.get(word, ()) if p not in taken]
            if fits:
                columns[column] = (fits[0],)
                taken.add(fits[0])
                same = [p for p in fits[1:] if tier == 0 or p in places[_word_of(fits[0], places)]]
                others[column] = same
    _forget_running_balance(columns, places, asked, skipped)
    _steal(columns, places, asked, skipped)
    return {column: left for column, found in others.items() if (left := _left(found, columns))}


def _word_of(position: int, places: dict[str, list[int]]) -> str:
    return next(word for word, found in places.items() if position in found)


def _forget_running_balance(
    columns: dict[str, tuple[int, ...]],
    places: dict[str, list[int]],
    asked: Wanted,
    skipped: set[str],
) -> None:
    """A "balance" beside debit and credit is that of the account so far, not of the row."""
    if not {"debit", "credit", "open"} <= set(columns) or "open" in skipped:
        return
    vague = [position for word in asked.table["open"][1] for position in places.get(word, ())]
    if columns["open"][0] in vague:
        del columns["open"]


def _left(found: list[int], columns: Mapping[str, tuple[int, ...]]) -> list[int]:
    taken = {position for positions in columns.values() for position in positions}
    return [position for position in dict.fromkeys(found) if position not in taken]


def _steal(
    columns: dict[str, tuple[int, ...]],
    places: dict[str, list[int]],
    asked: Wanted,
    skipped: set[str],
) -> None:
    table = asked.table
    needed = {column for group in asked.required for column in group}
    for group in asked.required:
        if any(column in columns for column in group):
            continue
        for word in table[group[0]][1]:
            for column, positions in list(columns.items()):
                if column not in needed | skipped and positions[0] in places.get(word, ()):
                    columns[group[0]] = columns.pop(column)
                    return
