"""Odd lines of a FEC: separators and line ends inside labels, repeated headers."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass, field

import polars as pl

from relance.intake.fec_header import Header, plain
from relance.intake.fec_values import is_blank_date, parse_amount, parse_date

_MOST_REPAIRED = 20_000
_MOST_PIECES = 20
_LABELS = ("label", "auxiliary_name", "account_name", "piece", "book_name")
_DATES = ("piece_date", "letter_date", "valid_date")


@dataclass
class Repair:
    """What became of the odd lines, by their number.

    Attributes:
        repaired: fields of the lines that could be put right.
        broken: number of fields of those that could not.
        dropped: lines that are part of another, or repeat the header.
    """

    repaired: dict[int, list[str]] = field(default_factory=dict)
    broken: dict[int, int] = field(default_factory=dict)
    dropped: set[int] = field(default_factory=set)


def repair(data: bytes, header: Header, numbers: Sequence[int]) -> Repair:
    """Return what becomes of the lines `numbers` (1-based, ascending) of the text `data`.

    A line with too many fields is joined again at the one label where its amounts and dates
    then fall into place; lines with too few are joined to the next ones. What is in neither
    list has the right number of fields and wrong values.
    """
    result = Repair()
    if len(numbers) > _MOST_REPAIRED or not numbers:
        return result
    texts = pl.read_lines(io.BytesIO(data)).get_column("line").gather([n - 1 for n in numbers])
    pieces: list[tuple[int, str]] = []
    for number, text in zip(numbers, texts, strict=True):
        if pieces and (number != pieces[-1][0] + 1 or len(pieces) >= _MOST_PIECES):
            _give_up(pieces, header, result)
        if plain(text.split(header.separator, 1)[0]) == "journalcode":
            result.dropped.add(number)
            continue
        pieces.append((number, text))
        _settle(pieces, header, result)
    _give_up(pieces, header, result)
    return result


def _settle(pieces: list[tuple[int, str]], header: Header, result: Repair) -> None:
    """Take the pieces of a line as read once they have enough fields."""
    fields = " ".join(text for _, text in pieces).split(header.separator)
    if len(fields) < _least(header):
        return
    first = pieces[0][0]
    whole = _whole(fields, header)
    if whole:
        result.repaired[first] = whole
    elif len(pieces) > 1 or len(fields) > header.width:
        result.broken[first] = len(fields)
    result.dropped |= {number for number, _ in pieces[1:]}
    pieces.clear()


def _whole(fields: list[str], header: Header) -> list[str] | None:
    """The fields as they fit the columns; None if they do not."""
    without_surplus = [*fields]
    while len(without_surplus) > header.width and not without_surplus[-1].strip():
        without_surplus.pop()
    if len(without_surplus) <= header.width and _fits(without_surplus, header):
        return without_surplus
    return _joined_again(fields, header) if len(fields) > header.width else None


def _give_up(pieces: list[tuple[int, str]], header: Header, result: Repair) -> None:
    for number, text in pieces:
        result.broken[number] = text.count(header.separator) + 1
    pieces.clear()


def _least(header: Header) -> int:
    """How many fields a line must have to reach its amount."""
    return 1 + max(header.names.index(name) for name in header.amounts)


def _joined_again(fields: list[str], header: Header) -> list[str] | None:
    extra = len(fields) - header.width
    for name in _LABELS:
        at = header.names.index(name) if name in header.names else len(fields)
        label = header.separator.join(fields[at : at + extra + 1])
        whole = [*fields[:at], label, *fields[at + extra + 1 :]]
        if len(whole) == header.width and _fits(whole, header):
            return whole
    return None


def _fits(fields: list[str], header: Header) -> bool:
    """Whether amounts, dates and the account of a line can be read."""
    line = dict(zip(header.names, (f.strip(' "') for f in fields), strict=False))
    cents = [parse_amount(line.get(n, "")) for n in header.amounts if n != "side"]
    # A line of nothing but zeros would be a repair that loses an amount.
    amounts = None not in cents and any(cents)
    dates = all(is_blank_date(d) or parse_date(d) for n in _DATES if (d := line.get(n, "")))
    return amounts and dates and parse_date(line["date"]) is not None and line["account"][:1] != ""
