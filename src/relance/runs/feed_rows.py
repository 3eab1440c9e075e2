"""Rows of a file that feeds the desk: what its columns are called, and what its cells say."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation

from relance.diagnostics import Diagnostic, Phrase, Span
from relance.dunning.disputes import REASONS
from relance.intake.feed import LONGER, Rows
from relance.intake.synonyms import key
from relance.language import N_, translator
from relance.runs import feed_codes as codes
from relance.runs.worklist import OUTCOMES

COLUMNS = {
    "event": "événement; what; quoi; gebeurtenis",
    "debtor": "débiteur; client; customer; code client; n° client; debiteur; klant",
    "number": "invoice; facture; numéro; n° facture; pièce; n° pièce; factuur",
    "task": "tâche; n° tâche; taak",
    "date": "day; le; jour; datum",
    "until": "jusqu'au; promis pour le; deadline; délai; tot",
    "amount": "montant; bedrag",
    "fee": "honoraires; frais; ereloon",
    "outcome": "résultat; issue; resultaat",
    "code": "motif; reason code; code motif; reden",
    "note": "text; reason; texte; remarque; commentaire; opmerking",
    "owner": "suivi par; responsable; who; qui; verantwoordelijke",
    "by": "saisi par; auteur; author; door",
    "id": "identifiant; identifier",
}
"""The columns of a feed, and what else they may be called; accents, case and spaces do not matter."""

EVENTS = {
    "block": "blocage; blokkering",
    "unblock": "déblocage; fin de blocage",
    "dispute": "litige; betwisting",
    "dispute_settled": "litige clos; fin de litige",
    "promise": "promesse; belofte",
    "promise_withdrawn": "promesse retirée",
    "call": "appel; called; oproep",
    "note": "remarque; nota",
    "task": "tâche; à faire; taak",
    "outcome": "résultat; résultat de tâche; task done; resultaat",
    "collected": "encaissé; encaissement; handover result; geïnd",
}
"""What a row may be, and what else that may be called."""

_FIRST, _LAST = date(1970, 1, 1), date(2100, 12, 31)
_DAY_FIRST = re.compile(r"([0-9]{1,2})[/.-]([0-9]{1,2})[/.-]([0-9]{4})")
_MIDNIGHT = re.compile(r"[T ]00:00(:00(\.0+)?)?$")
_SPACES = re.compile(r"[\s\u00a0\u202f']")
_SUM = re.compile(r"[0-9]{1,12}([.,][0-9]{1,4})?")


@dataclass(frozen=True, slots=True)
class Row:
    """A row: its cells by the names of COLUMNS, and where it stands."""

    cells: Mapping[str, str]
    place: Span

    @property
    def event(self) -> str:
        """What it is: one of EVENTS, "" for none of them."""
        if "event" not in self.cells:
            return "outcome" if "task" in self.cells else ""
        return _word(self.cells["event"], EVENTS)

    @property
    def id(self) -> str | None:
        """The number that whoever hands it in gave it; None for none."""
        return self.cells.get("id")

    @property
    def digest(self) -> str:
        """What tells its content from that of other rows."""
        plain = json.dumps(dict(self.cells), sort_keys=True, ensure_ascii=False)
        return hashlib.sha256(plain.encode()).hexdigest()[:24]

    def text(self, column: str) -> str | None:
        """Return the cell as it is written; None for an empty one."""
        return self.cells.get(column)

    def day(self, column: str) -> date | Diagnostic | None:
        """Return the date that a cell writes: 2026-04-30, or 30/04/2026; None for an empty one."""
        text = self.cells.get(column)
        if text is None:
            return None
        found = _day(text)
        return found or self.wrong(column, Phrase(N_("a date")), "2026-04-30")

    def amount(self, column: str = "amount") -> Decimal | Diagnostic | None:
        """Return the amount, with a point or a comma, with or without €; None for an empty one."""
        text = self.cells.get(column)
        if text is None:
            return None
        plain = _SPACES.sub("", text).removesuffix("€").removesuffix("EUR")
        if "," in plain and "." in plain:  # 1.234,50 and 1,234.50: what stands last is the mark
            thousands = min(",.", key=plain.rfind)
            plain = plain.replace(thousands, "")
        try:
            found = Decimal(plain.replace(",", ".")) if _SUM.fullmatch(plain) else Decimal(0)
        except InvalidOperation:
            found = Decimal(0)
        return found if found > 0 else self.wrong(column, Phrase(N_("an amount")), "1234.50")

    def outcome(self) -> str | Diagnostic | None:
        """Return the outcome: one of OUTCOMES, by its code or as the screen calls it."""
        return self._one_of("outcome", OUTCOMES, Phrase(N_("an outcome")))

    def code(self) -> str | Diagnostic | None:
        """Return the reason of a dispute: one of REASONS, by its code or as the screen calls it."""
        return self._one_of("code", REASONS, Phrase(N_("a reason code")))

    def _one_of(
        self, column: str, known: Mapping[str, str], wanted: Phrase
    ) -> str | Diagnostic | None:
        text = self.cells.get(column)
        if text is None:
            return None
        french = translator("fr")
        words = {code: f"{shown}; {french(shown)}" for code, shown in known.items()}
        return _word(text, words) or self.wrong(column, wanted, ", ".join(known))

    def wrong(self, column: str, wanted: Phrase, example: str) -> Diagnostic:
        """Return the finding that a cell does not say what it should."""
        facts = {"column": column, "text": self.cells.get(column, ""), "wanted": wanted}
        return Diagnostic(codes.CELL, self.place, {**facts, "example": example})

    def needed(self, column: str) -> Diagnostic:
        """Return the finding that a cell is empty which must not be."""
        return Diagnostic(codes.NEEDED, self.place, {"event": self.event, "column": column})


def named(rows: Rows, file: str) -> Iterator[Row | Diagnostic]:
    """Yield the rows with the names of COLUMNS; or the headings that mean nothing."""
    headings = list(dict.fromkeys(name for _line, cells in rows for name in cells))
    known = {heading: _word(heading, COLUMNS) for heading in headings}
    taken = [name for name in known.values() if name]
    strange = [
        heading or "…" for heading, name in known.items()
        if not name or (taken.count(name) > 1 and _doubled(rows, known, name))
    ]  # fmt: skip
    if strange:
        facts = {"columns": ", ".join(strange), "known": ", ".join(COLUMNS)}
        first = next((line for line, cells in rows if LONGER in cells), None)
        yield Diagnostic(codes.COLUMNS, Span(file, first), facts)
        return
    for line, cells in rows:
        yield Row({known[heading]: cell for heading, cell in cells.items()}, Span(file, line))


def _doubled(rows: Rows, known: Mapping[str, str], name: str) -> bool:
    """Whether one row says `name` under two headings; objects may call it differently one by one."""
    return any(sum(known[heading] == name for heading in cells) > 1 for _line, cells in rows)


def _word(text: str, words: Mapping[str, str]) -> str:
    """Return the code that `text` stands for, by itself or one of its other words; "" for none."""
    asked = key(text)
    for code, others in words.items():
        if asked and asked in {key(code), *map(key, others.split(";"))}:
            return code
    return ""


def _day(text: str) -> date | None:
    plain = _MIDNIGHT.sub("", text)
    found = _DAY_FIRST.fullmatch(plain)
    try:
        if found is None:
            day = date.fromisoformat(plain)
        else:
            day = date(int(found[3]), int(found[2]), int(found[1]))
    except ValueError:
        return None
    return day if _FIRST <= day <= _LAST else None
