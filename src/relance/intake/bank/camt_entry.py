"""One entry (Ntry) of a camt message as movements: itself, or the parts of a batch."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from relance.intake.bank import codes
from relance.intake.bank.camt_kinds import kind_of
from relance.intake.bank.camt_party import Party, credited_of, party_of
from relance.intake.bank.camt_tree import Node, child, children, fields, local, path, text_of
from relance.intake.bank.sheet import Sheet, known
from relance.intake.findings import refuse, shown
from relance.money import to_text


@dataclass(slots=True)
class Found:
    """What there is to say of an entry.

    Attributes:
        pending: 1 if it is not booked.
        differs: facts of `codes.WHOLE` if its parts do not add up to it; else None.
    """

    pending: int = 0
    differs: dict[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class _Entry:
    """What the movements of an entry have in common.

    Attributes:
        line: where it begins.
        booked, value: days; value is booked if it has none.
        amount: signed minor units.
        currency: of the amount.
        reversal: the bank takes back an earlier entry.
        code: its BkTxCd; None if it has none.
        reference: the bank's own; None if it gives none.
        more: AddtlNtryInf.
    """

    line: int | None
    booked: Any
    value: Any
    amount: int
    currency: str
    reversal: bool
    code: Node | None
    reference: str | None
    more: str | None


def read_entry(node: Node, sheet: Sheet, found: Found) -> None:
    """Add the movements of the entry `node` to `sheet`; none if it is not booked or is zero.

    Raises:
        Refusal: if its amount, direction or day cannot be read.
    """
    parts = fields(node)
    if not _booked(parts.get("Sts")):
        found.pending = 1
        return
    entry = _entry(node, parts, sheet)
    if entry.amount == 0:
        return
    details, announced = _details(node)
    if len(details) > 1:
        amounts = [_part(detail, entry, sheet) for detail in details]
        if None not in amounts and sum(a for a in amounts if a is not None) == entry.amount:
            for detail, amount in zip(details, amounts, strict=True):
                if amount:
                    _add(sheet, entry, detail, amount, 1)
            return
        found.differs = _differs(entry, amounts)
    count = max(len(details), announced)
    if count > 1:
        _add(sheet, entry, None, entry.amount, count)
    else:
        _add(sheet, entry, details[0] if details else None, entry.amount, 1)


def _booked(status: Node | None) -> bool:
    if status is None:
        return True
    told = text_of(status) or path(status, "Cd") or path(status, "Prtry")
    return told in (None, "BOOK")


def _entry(node: Node, parts: dict[str, Node], sheet: Sheet) -> _Entry:
    line = node.sourceline
    amount = parts.get("Amt")
    currency = (amount.get("Ccy") if amount is not None else None) or sheet.statement.currency
    if currency != sheet.statement.currency:
        known(currency, sheet.file, line)
    sign = _sign(parts.get("CdtDbtInd"), sheet, line)
    told, valued = _day(parts.get("BookgDt")), _day(parts.get("ValDt"))
    booked = sheet.day(told or valued or "", line)
    return _Entry(
        line=line,
        booked=booked,
        value=sheet.day(valued, line) if valued else booked,
        amount=sign * sheet.minor(text_of(amount) or "", currency, line),
        currency=currency,
        reversal=text_of(parts.get("RvslInd")) in ("true", "1"),
        code=parts.get("BkTxCd"),
        reference=text_of(parts.get("AcctSvcrRef")),
        more=text_of(parts.get("AddtlNtryInf")),
    )


def _day(node: Node | None) -> str | None:
    return path(node, "Dt") or path(node, "DtTm")


def _sign(node: Node | None, sheet: Sheet, line: int | None) -> int:
    told = text_of(node)
    if told not in ("CRDT", "DBIT"):
        raise refuse(codes.NOT_SIGNED, sheet.file, line, text=shown(told) or "–")
    return 1 if told == "CRDT" else -1


def _part(detail: Node, entry: _Entry, sheet: Sheet) -> int | None:
    """Return the signed amount of a part in the entry's currency; None if it gives none."""
    parts = fields(detail)
    more = parts.get("AmtDtls")
    for amount in (
        parts.get("Amt"),
        child(child(more, "TxAmt"), "Amt"),
        child(child(more, "InstdAmt"), "Amt"),
    ):
        if amount is not None and amount.get("Ccy") == entry.currency:
            minor = sheet.minor(text_of(amount) or "", entry.currency, amount.sourceline)
            told = text_of(parts.get("CdtDbtInd"))
            credit = told == "CRDT" if told else entry.amount > 0
            return minor if credit else -minor
    return None


def _details(node: Node) -> tuple[list[Node], int]:
    """Return the payments of the entry, and how many its batches say there are (0 if they do not)."""
    details: list[Node] = []
    announced = 0
    for holder in children(node, "NtryDtls"):
        for inner in holder:
            if (name := local(inner)) == "TxDtls":
                details.append(inner)
            elif name == "Btch":
                told = path(inner, "NbOfTxs") or ""
                announced += int(told) if told.isdigit() and told.isascii() and len(told) < 8 else 0
    return details, announced


def _differs(entry: _Entry, amounts: list[int | None]) -> dict[str, Any]:
    known_amounts = [a for a in amounts if a is not None]
    made = to_text(sum(known_amounts), entry.currency) if known_amounts else "–"
    amount = to_text(entry.amount, entry.currency)
    return {"parts": len(amounts), "made": made, "amount": f"{amount} {entry.currency}"}


def _add(sheet: Sheet, entry: _Entry, detail: Node | None, amount: int, count: int) -> None:
    parts = fields(detail)
    refs = fields(parts.get("Refs"))
    returned = entry.reversal or "RtrInf" in parts
    kind = kind_of(amount, returned, parts.get("BkTxCd"), entry.code)
    party = party_of(parts, amount, kind, sheet.statement.account) if parts else Party()
    reference, text = _remittance(parts.get("RmtInf"))
    text = text or text_of(parts.get("AddtlTxInf")) or entry.more
    sheet.add(
        entry.currency,
        (
            entry.line if detail is None else detail.sourceline or entry.line,
            entry.booked,
            entry.value,
            amount,
            kind,
            party.name,
            party.account,
            reference,
            text_of(refs.get("EndToEndId")),
            f"{text or ''} {party.ultimate}".strip() if party.ultimate else text,
            entry.reference or text_of(refs.get("AcctSvcrRef")),
            text_of(refs.get("MndtId")),
            count,
        ),
        credited_of(parts, kind, sheet.statement.account),
    )


def _remittance(node: Node | None) -> tuple[str | None, str | None]:
    """Return the first structured reference, and all other text of a RmtInf."""
    reference: str | None = None
    texts: list[str] = []
    for part in children(node):
        name = local(part)
        if name == "Ustrd" and (told := text_of(part)):
            texts.append(told)
        elif name == "Strd":
            for kind, said in _structured(part):
                if reference is None and kind == "reference":
                    reference = said
                else:
                    texts.append(said)
    return reference, " ".join(texts) or None


def _structured(node: Node) -> list[tuple[str, str]]:
    """Return ("reference" or "text", text) of what a Strd says: references, invoices, remarks."""
    found = []
    for part in children(node):
        name = local(part)
        if name == "CdtrRefInf":
            found.append(("reference", path(part, "Ref")))
        elif name == "RfrdDocInf":
            found.append(("text", path(part, "Nb")))
        elif name == "AddtlRmtInf":
            found.append(("text", text_of(part)))
    return [(kind, text) for kind, text in found if text]
