"""camt.052, camt.053 and camt.054 of ISO 20022, all versions: read by local names, entry by entry.

What is read of an entry is in `camt_entry`. The XML is never trusted: no document types, no
entities, no network, bounded depth; comments and instructions are dropped before anything is read.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from typing import Any

from relance.diagnostics import Diagnostic, Span
from relance.intake.bank import codes
from relance.intake.bank.camt_entry import Found, read_entry
from relance.intake.bank.camt_tree import Node, child, children, local, path
from relance.intake.bank.sheet import Sheet, day_of, exact, known
from relance.intake.bank.statement import Defaults, Statement
from relance.intake.encoding import detect
from relance.intake.findings import BOUND, Refusal, refuse, shown
from relance.money import digits

STATEMENTS = {"Stmt": "camt.053", "Rpt": "camt.052", "Ntfctn": "camt.054"}
_WATCHED = ("Document", "MsgPgntn", "Ntry", *STATEMENTS)
_ENCODINGS = ("utf-8", "us-ascii", "ascii", "utf-16", "iso-8859-1", "iso-8859-15", "windows-1252")
_DECLARED = re.compile(rb"""^\s*<\?xml[^>]{0,200}?encoding\s*=\s*["']([A-Za-z0-9._-]{1,40})["']""")
_PROLOG = re.compile(rb"\s+|<\?.*?\?>|<!--.*?-->", re.DOTALL)


def read_camt(
    content: bytes, name: str, defaults: Defaults
) -> tuple[list[Statement], list[Diagnostic]]:
    """Return the statements, reports and notifications in `content`, and what is said of them.

    A file that is damaged, cut or no camt message is refused with the line where it breaks.
    """
    reader = _Reader(name, defaults)
    try:
        reader.read(as_utf8(content, name))
    except Refusal as refusal:
        return [], [*reader.said, *refusal.diagnostics]
    return reader.statements, [*reader.said, *reader.left_out()]


def as_utf8(content: bytes, name: str) -> bytes:
    """Return the XML `content` as UTF-8, checked to have no document type.

    Raises:
        Refusal: if it has one, or its encoding is not one of those that banks use.
    """
    marked = detect(content[:4]) if content[:3] != b"\xef\xbb\xbf" else "utf-8-sig"
    declared = _DECLARED.match(content[:400])
    used = declared.group(1).decode().lower() if declared else "utf-8"
    if marked in ("utf-16", "utf-8-sig"):
        used = marked
    if used not in (*_ENCODINGS, "utf-8-sig"):
        raise refuse(codes.BAD_XML, name, 1, reason=f"encoding {shown(used)}")
    if used not in ("utf-8", "us-ascii", "ascii"):
        try:
            content = content.decode(used).encode("utf-8")
        except UnicodeError as error:
            raise refuse(codes.BAD_XML, name, 1, reason=f"not {used}") from error
    _refuse_doctype(content, name)
    return content


def _refuse_doctype(content: bytes, name: str) -> None:
    at = 0
    while found := _PROLOG.match(content, at):
        at = found.end()
    if content[at : at + 9].upper() == b"<!DOCTYPE":
        raise refuse(codes.DOCTYPE, name, content.count(b"\n", 0, at) + 1)


def elements(content: bytes, name: str, tags: tuple[str, ...]) -> Iterator[Node]:
    """Yield the elements named `tags` once each is read whole.

    Raises:
        Refusal: if the XML is not well formed, has a document type, or is too deep.
    """
    from lxml import etree

    events = etree.iterparse(
        io.BytesIO(content), events=("end",), tag=[f"{{*}}{tag}" for tag in tags],
        remove_comments=True, remove_pis=True, resolve_entities=False, no_network=True,
        load_dtd=False, huge_tree=False, recover=False, encoding="utf-8",
    )  # fmt: skip
    first = True
    try:
        for _, element in events:
            if first and element.getroottree().docinfo.internalDTD is not None:
                raise refuse(codes.DOCTYPE, name, 1)
            first = False
            yield element
    except etree.XMLSyntaxError as error:
        raise refuse(codes.BAD_XML, name, error.lineno or 1, reason=shown(error.msg)) from error
    if first:
        root = events.root
        what = shown(str(root.tag).rpartition("}")[2]) if root is not None else "–"
        raise refuse(codes.NOT_STATEMENT, name, 1, root=what)


class _Reader:
    """What was read of one file so far."""

    def __init__(self, name: str, defaults: Defaults) -> None:
        self.name = name
        self.defaults = defaults
        self.statements: list[Statement] = []
        self.said: list[Diagnostic] = []
        self.pending = 0
        self.partial = False
        self.seen = False
        self.sheet: Sheet | None = None
        self.holder: Node | None = None
        self.before: Node | None = None
        self.whole = 0

    def read(self, content: bytes) -> None:
        element: Node = None
        for element in elements(content, self.name, _WATCHED):
            tag = local(element)
            if tag == "Ntry":
                self._entry(element, element.getparent())
            elif tag == "MsgPgntn":
                self.partial = path(element, "LastPgInd") == "false"
            elif tag in STATEMENTS:
                self._end(element)
        if not self.seen:
            raise refuse(codes.NOT_STATEMENT, self.name, 1, root=shown(message_of(element)))

    def _entry(self, element: Node, holder: Node) -> None:
        if holder is not self.holder or self.sheet is None:
            if holder is None or local(holder) not in STATEMENTS:
                return
            self.holder, self.before = holder, None
            self.sheet = Sheet(self.name, self._head(holder, element))
        found = Found()
        read_entry(element, self.sheet, found)
        self.pending += found.pending
        if found.differs is not None:
            self._tell_whole(found.differs, element.sourceline)
        # The element itself must stay until the parser has left it; the one before can go.
        element.clear()
        if self.before is not None:
            holder.remove(self.before)
        self.before = element

    def _tell_whole(self, facts: dict[str, Any], line: int | None) -> None:
        self.whole += 1
        if self.whole <= BOUND:
            self.said.append(Diagnostic(codes.WHOLE, Span(self.name, line), facts))

    def _head(self, holder: Node, entry: Node | None) -> Statement:
        """Return the statement that `holder` begins, without balances."""
        account = account_of(child(holder, "Acct")) or self.defaults.account
        line = holder.sourceline
        if not account:
            raise refuse(codes.NO_ACCOUNT, self.name, line)
        amount = child(entry, "Amt") if entry is not None else None
        currency = (
            path(holder, "Acct", "Ccy")
            or next((a.get("Ccy") for a in _balance_amounts(holder) if a.get("Ccy")), None)
            or (amount.get("Ccy") if amount is not None else None)
            or self.defaults.currency
        )
        return Statement(account, known(currency, self.name, line), line=line)

    def _end(self, holder: Node) -> None:
        self.seen = True
        if holder is not self.holder or self.sheet is None:
            self.sheet = Sheet(self.name, self._head(holder, None))
        sheet = self.sheet
        statement = sheet.statement
        pages = next(
            (n for n in children(holder) if n.tag.endswith("Pgntn")), None
        )  # StmtPgntn, RptPgntn, NtfctnPgntn
        statement.partial = self.partial or path(pages, "LastPgInd") == "false"
        numbers = ("Id",) if pages is not None else ("ElctrncSeqNb", "LglSeqNb", "Id")
        statement.number = next((t for n in numbers if (t := path(holder, n))), None)
        self._balances(holder, statement)
        self.statements += sheet.all()
        self.holder = self.sheet = None
        holder.clear()

    def _balances(self, holder: Node, statement: Statement) -> None:
        found: dict[str, tuple[int, str]] = {}
        for balance in children(holder, "Bal"):
            code = path(balance, "Tp", "CdOrPrtry", "Cd")
            amount = child(balance, "Amt")
            if code is None or amount is None or amount.get("Ccy") != statement.currency:
                continue
            minor = exact((amount.text or "").strip(), digits(statement.currency))
            if minor is None:
                raise refuse(
                    codes.BAD_AMOUNT, self.name, balance.sourceline,
                    text=shown(amount.text), currency=statement.currency,
                )  # fmt: skip
            sign = -1 if path(balance, "CdtDbtInd") == "DBIT" else 1
            day = path(balance, "Dt", "Dt") or path(balance, "Dt", "DtTm") or ""
            found.setdefault(code, (sign * minor, day))
        opening = found.get("OPBD") or found.get("PRCD")
        closing = found.get("CLBD")
        statement.opening = opening[0] if opening else None
        statement.closing = closing[0] if closing else None
        told = closing[1] if closing else path(holder, "FrToDt", "ToDtTm")
        statement.day = day_of(told or "") or day_of(path(holder, "CreDtTm") or "")

    def left_out(self) -> list[Diagnostic]:
        if not self.pending:
            return []
        return [Diagnostic(codes.PENDING, Span(self.name), {"count": self.pending})]


def account_of(account: Node | None) -> str | None:
    """Return the IBAN, or else the number, of an `Acct` element; None without one."""
    found = path(account, "Id", "IBAN") or path(account, "Id", "Othr", "Id")
    return "".join(found.split()).upper() if found else None


def message_of(root: Node) -> str:
    """Return the name of the message in the `Document` element, or its own name."""
    inner = next(iter(children(root)), None)
    return local(inner if inner is not None else root)


def _balance_amounts(holder: Node) -> Iterator[Node]:
    for balance in children(holder, "Bal"):
        if (amount := child(balance, "Amt")) is not None:
            yield amount
