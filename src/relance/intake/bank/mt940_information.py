"""What field :86: of MT940 says, in the three ways of writing it.

German banks give a code of three figures and parts ?20, ?32; those of the Netherlands and others
words between slashes (/NAME/, /REMI/); the rest is free text.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from relance.intake.bank.fixed import end_to_end, is_iban, tidy

_RETURN_CODES = frozenset(("108", "109", "111", "159"))
"""Business transaction codes (GVC): direct debits, cheques and transfers that come back."""

_WORDS = frozenset((
    "TRTP", "IBAN", "BIC", "NAME", "REMI", "EREF", "MARF", "CSID", "BENM", "ORDP", "CNTP", "ADDR",
    "ISDT", "PREF", "KREF", "PURP", "ULTB", "ULTD", "ULTC", "RTRN", "RTYP", "SVCL", "OCMT", "CHGS",
    "CHG1", "CHG2", "SWOC", "SWOD", "BKTX", "INIT", "TRCD", "BUSP", "RREF", "ID",
))  # fmt: skip
_MARKED = re.compile(
    r"(EREF|KREF|MREF|CRED|DEBT|SVWZ|ABWA|ABWE|COAM|OAMT|RREF|IBAN|BIC)\+ ?|(MTLG):"
)


class Information(NamedTuple):
    """What is told of one movement; None where nothing is.

    Attributes:
        name, account: of the other party.
        reference: structured reference.
        end_to_end: end-to-end id.
        text: free text.
        mandate: of a direct debit.
        returned: whether a payment came back, if this is a debit.
    """

    name: str | None = None
    account: str | None = None
    reference: str | None = None
    end_to_end: str | None = None
    text: str | None = None
    mandate: str | None = None
    returned: bool = False


_NOTHING = Information()


def information(lines: list[str]) -> Information:
    """Return what the lines of a field :86: say; none is nothing."""
    if not lines:
        return _NOTHING
    first = lines[0]
    if first[:3].isdecimal() and not first[3:4].isalnum() and first[4:6].isdecimal():
        return _german("".join(lines), first[3])
    if "/" in first:
        before, found = _slashed("".join(lines))
        if found and len(before) <= _EARLY:
            return _by_words(before, found)
    return Information(text=tidy(" ".join(lines)))


_EARLY = 40


def _german(text: str, mark: str) -> Information:
    """Return what parts such as ?20 say; text that holds the mark itself is put together again."""
    parts: dict[str, str] = {}
    code = ""
    for piece in text[4:].split(mark):
        if piece[:2].isdecimal():
            code = piece[:2]
            parts[code] = parts.get(code, "") + piece[2:]
        elif code:
            parts[code] += mark + piece
    purpose = "".join(parts.get(code, "") for code in _PURPOSE)
    marked = _marked(purpose)
    words = [marked.get(mark, "") for mark in ("", "SVWZ", "ABWA", "MTLG")]
    account = "".join((parts.get("38") or parts.get("31") or marked.get("IBAN", "")).split())
    return Information(
        name=tidy(parts.get("32", "") + parts.get("33", "")),
        account=account or None,
        end_to_end=end_to_end(marked.get("EREF", "")) or end_to_end(marked.get("KREF", "")),
        text=tidy(" ".join(words)) or tidy(parts.get("00", "")),
        mandate=tidy(marked.get("MREF", "")),
        returned=text[:3] in _RETURN_CODES,
    )


_PURPOSE = [str(code) for code in (*range(20, 30), *range(60, 64))]


def _marked(purpose: str) -> dict[str, str]:
    """Return the texts by the mark before them (SVWZ+); what stands before the first under ""."""
    pieces = _MARKED.split(purpose)
    found = {"": pieces[0]}
    for mark, word, text in zip(pieces[1::3], pieces[2::3], pieces[3::3], strict=True):
        found.setdefault(mark or word, text)
    return found


def _slashed(text: str) -> tuple[str, dict[str, str]]:
    """Return what stands before the first word between slashes, and the texts by word."""
    texts: dict[str, list[str]] = {}
    current: list[str] = []
    before = current
    for piece in text.split("/"):
        if piece in _WORDS:
            # Once is enough: a second /NAME/ or /ID/ belongs to a bank on the way.
            current = []
            texts.setdefault(piece, current)
        else:
            current.append(piece)
    found = {word: "/".join(pieces).strip("/ ") for word, pieces in texts.items()}
    return "/".join(before).strip("/ "), found


def _by_words(before: str, found: dict[str, str]) -> Information:
    """Return what the texts by word say; /CNTP/ is account, bank and name of the other party."""
    name, account = found.get("NAME", ""), found.get("IBAN", "")
    if party := found.get("CNTP"):
        account, _, name = [*party.split("/"), "", ""][:3]
    account = account.replace(" ", "")
    reference, words = _remittance(found.get("REMI", ""))
    return Information(
        name=tidy(name),
        account=account if is_iban(account) else None,
        reference=reference,
        end_to_end=end_to_end(found.get("EREF", "")),
        text=tidy(f"{before} {words}") or tidy(found.get("TRTP", "")),
        mandate=tidy(found.get("MARF", "")),
        returned="RTRN" in found or "RTYP" in found,
    )


def _remittance(text: str) -> tuple[str | None, str]:
    """Return the structured reference and the free text of /REMI/: STRD/issuer/…, USTD//…."""
    if text.startswith("STRD/"):
        return tidy(text.rpartition("/")[2]), ""
    return None, text[4:].strip("/") if text.startswith("USTD") else text
