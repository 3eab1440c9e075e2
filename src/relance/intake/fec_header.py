"""The first line of a FEC: its separator and which column is which."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from relance.intake import fec_codes as codes
from relance.intake.findings import refuse

# Names of article A47 A-1 of the LPF, without accents, case and signs, and ours.
COLUMNS = {
    "journalcode": "book", "journallib": "book_name", "ecriturenum": "entry",
    "ecrituredate": "date", "comptenum": "account", "comptelib": "account_name",
    "compauxnum": "auxiliary", "compauxlib": "auxiliary_name", "pieceref": "piece",
    "piecedate": "piece_date", "ecriturelib": "label", "debit": "debit", "credit": "credit",
    "montant": "sum", "sens": "side", "ecriturelet": "letter", "datelet": "letter_date",
    "validdate": "valid_date", "montantdevise": "sum_in_currency", "idevise": "currency",
    "daterglt": "paid_date", "modereglt": "paid_how", "natop": "nature", "idclient": "client",
}  # fmt: skip
_WRITTEN = {
    "book": "JournalCode", "entry": "EcritureNum", "date": "EcritureDate", "account": "CompteNum",
    "account_name": "CompteLib", "auxiliary": "CompAuxNum", "auxiliary_name": "CompAuxLib",
    "piece": "PieceRef", "piece_date": "PieceDate", "label": "EcritureLib", "debit": "Debit",
    "credit": "Credit", "sum": "Montant", "side": "Sens", "letter": "EcritureLet",
}  # fmt: skip
_ALWAYS = (
    "book", "entry", "date", "account", "account_name", "auxiliary", "auxiliary_name", "piece",
    "piece_date", "label", "letter",
)  # fmt: skip
_SEPARATORS = {"\t": "tab", "|": "|", ";": ";"}
_ENOUGH = 13


@dataclass(frozen=True)
class Header:
    """What the first line says.

    Attributes:
        separator: TAB, | or ;.
        names: our name of each column in order; "" for one that is not known.
        quoted: every name stands in quotation marks.
    """

    separator: str
    names: tuple[str, ...]
    quoted: bool

    @property
    def width(self) -> int:
        """How many columns there are."""
        return len(self.names)

    @property
    def amounts(self) -> tuple[str, str]:
        """Our names of the two columns that hold the amount."""
        return ("debit", "credit") if "debit" in self.names else ("sum", "side")

    @property
    def delimiter(self) -> str:
        """The separator as people call it."""
        return _SEPARATORS[self.separator]


def written(name: str) -> str:
    """Return the legal name of the column that is `name` here."""
    return _WRITTEN[name]


def read_header(line: str, file: str) -> Header:
    """Return what the first `line` of a FEC says.

    Raises:
        Refusal: if it is not that of a FEC, or columns are missing.
    """
    fields = {sep: line.split(sep) for sep in _SEPARATORS}
    best = max(fields, key=lambda sep: len(_known(fields[sep])))
    if len(_known(fields[best])) < _ENOUGH:
        raise refuse(codes.NO_HEADER, file, 1, known=len(_known(fields[best])))
    header = Header(best, _names(fields[best]), _quoted(fields[best]))
    missing = [written(name) for name in _missing(header.names)]
    if missing:
        raise refuse(codes.MISSING_COLUMNS, file, 1, columns=", ".join(missing))
    return header


def _known(fields: list[str]) -> set[str]:
    return {name for name in _names(fields) if name}


def _names(fields: list[str]) -> tuple[str, ...]:
    """Our names of the columns; of two with one name the first counts, empty ones at the end go."""
    names: list[str] = []
    for field in fields:
        name = COLUMNS.get(plain(field), "")
        names.append("" if name in names else name)
    while names and not names[-1] and not plain(fields[len(names) - 1]):
        names.pop()
    return tuple(names)


def plain(name: str) -> str:
    """Return `name` without case, accents and signs."""
    letters = unicodedata.normalize("NFKD", name[:80]).casefold()
    return re.sub(r"[^a-z0-9]", "", letters)


def _quoted(fields: list[str]) -> bool:
    trimmed = [field.strip() for field in fields if field.strip()]
    return all(len(f) > 1 and f[0] == f[-1] == '"' for f in trimmed)


def _missing(names: tuple[str, ...]) -> list[str]:
    wanted = list(_ALWAYS)
    if not {"sum", "side"} <= set(names):
        wanted += ["debit", "credit"] if "sum" not in names else ["sum", "side"]
    return [name for name in wanted if name not in names]
