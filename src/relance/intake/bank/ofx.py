"""OFX 1 (SGML, whose values have no closing tags) and OFX 2 (XML): bank transactions only.

Nothing of SGML or XML is interpreted beyond tags and character references, so that no document
type, entity or depth can do harm. What is read: STMTTRN, and the account, currency and list around.
"""

from __future__ import annotations

import re
from html import escape, unescape
from typing import Any

from relance.diagnostics import Diagnostic
from relance.intake.bank import codes
from relance.intake.bank.rib import iban_of_rib
from relance.intake.bank.sheet import Sheet, known
from relance.intake.bank.statement import Defaults, Statement
from relance.intake.encoding import read_text
from relance.intake.findings import Refusal, refuse, shown

_TAG = re.compile(r"<(/?[A-Z0-9._]+)>([^<]*)")
_STARTS = ("STMTRS", "CCSTMTRS")
_ACCOUNT = ("BANKID", "BRANCHID", "ACCTID", "ACCTKEY")
_NOTHING_TO_LETTER = frozenset({"INT", "DIV", "FEE", "SRVCHG"})
_OPEN, _CLOSE = "<STMTTRN>", "</STMTTRN>"


def read_ofx(
    content: bytes, name: str, defaults: Defaults
) -> tuple[list[Statement], list[Diagnostic]]:
    """Return a statement per account in `content`, and what is said of them.

    Statements have no balances: LEDGERBAL is that of the day of the download, not of the list. A
    file that breaks off is refused with the line.
    """
    reader = _Reader(name, defaults)
    try:
        text = read_text(content, name, None, unterminated=True)
        reader.read(_without_sections(text.data.decode("utf-8")))
    except Refusal as refusal:
        return [], list(refusal.diagnostics)
    return [s for sheet in reader.sheets for s in sheet.all()], list(text.diagnostics)


class _Reader:
    """What was read of one file so far: accounts, and where the text stands."""

    def __init__(self, name: str, defaults: Defaults) -> None:
        self.name = name
        self.defaults = defaults
        self.line = 1
        self.sheets: list[Sheet] = []
        self.currency: str | None = None
        self.account: dict[str, str] = {}
        self.sheet: Sheet | None = None

    def read(self, text: str) -> None:
        if "</OFX>" not in text[-4096:]:
            raise self._cut("OFX", text.count("\n") + (not text.endswith("\n")))
        head, *blocks = text.split(_OPEN)
        self._around(head)
        for block in blocks:
            inner, mark, rest = block.partition(_CLOSE)
            if not mark:
                raise self._cut("STMTTRN", self.line)
            self._transaction(inner)
            self.line += inner.count("\n")
            self._around(rest)
        self._finish()

    def _cut(self, what: str, line: int) -> Refusal:
        return refuse(codes.CUT, self.name, line, what=what)

    def _around(self, text: str) -> None:
        """Take what stands between transactions: where a list begins, its account and currency."""
        if "<" in text:
            line = self.line
            for found in _TAG.finditer(text):
                self._mark(found.group(1), _value(found.group(2)))
            self.line = line
        self.line += text.count("\n")

    def _mark(self, tag: str, value: str) -> None:
        if tag in _STARTS:
            self._finish()
            self.sheet, self.currency, self.account = None, None, {}
        elif tag == "CURDEF":
            self.currency = value.upper()
        elif tag in _ACCOUNT:
            self.account[tag] = value
        elif tag == "/BANKTRANLIST":
            self._current()

    def _finish(self) -> None:
        """End a statement; a list without transactions is one all the same."""
        if self.account or self.sheet is not None:
            statement = self._current().statement
            statement.day = max(statement.movements["booked"], default=None)

    def _current(self) -> Sheet:
        if self.sheet is None:
            account = self._account()
            currency = self.currency or self.defaults.currency
            statement = Statement(account, known(currency, self.name, self.line), line=self.line)
            self.sheet = Sheet(self.name, statement)
            self.sheets.append(self.sheet)
        return self.sheet

    def _account(self) -> str:
        told = {tag: "".join(value.split()).upper() for tag, value in self.account.items()}
        number = told.get("ACCTID")
        if number:
            rib = iban_of_rib(told.get("BANKID", ""), told.get("BRANCHID", ""), number)
            return rib or number
        if self.defaults.account:
            return self.defaults.account
        raise refuse(codes.NO_ACCOUNT, self.name, self.line)

    def _transaction(self, block: str) -> None:
        sheet, line = self._current(), self.line
        told: dict[str, str] = {}
        for tag, value in _TAG.findall(block):
            if tag not in told:
                told[tag] = value
        currency = sheet.statement.currency
        # CURRENCY says what the amount is in; ORIGCURRENCY only what it was before.
        if "CURRENCY" in told and "CURSYM" in told:
            currency = known(_value(told["CURSYM"]).upper(), self.name, line)
        amount = _amount(sheet, _value(told.get("TRNAMT", "")), currency, line)
        if amount:
            sheet.add(currency, self._row(told, amount, sheet, line))

    def _row(self, told: dict[str, str], amount: int, sheet: Sheet, line: int) -> tuple[Any, ...]:
        booked = sheet.day(_value(told.get("DTPOSTED", "")), line)
        valued = _value(told.get("DTAVAIL", ""))
        name, memo = _value(told.get("NAME", "")), _value(told.get("MEMO", ""))
        other = "".join(_value(told.get("ACCTID", "")).split()).upper()
        kind = "other" if _value(told.get("TRNTYPE", "")) in _NOTHING_TO_LETTER else None
        return (
            line,
            booked,
            sheet.day(valued, line) if valued else booked,
            amount,
            kind,
            name or None,
            other or None,
            None,
            None,
            _joined(name, memo),
            _value(told.get("FITID", "")) or None,
            None,
            1,
        )


def _without_sections(text: str) -> str:
    """Return `text` with its CDATA sections written as character references."""
    first, *others = text.split("<![CDATA[")
    parts = [first]
    for other in others:
        inner, _, rest = other.partition("]]>")
        parts += (escape(inner, quote=False), rest)
    return "".join(parts)


def _value(text: str) -> str:
    text = text.strip()
    return unescape(text) if "&" in text else text


def _joined(name: str, memo: str) -> str | None:
    """Return name and memo together: banks cut the name at 32 characters and go on in the memo."""
    if memo.startswith(name):
        return memo or None
    return f"{name} {memo}".strip() or None


def _amount(sheet: Sheet, text: str, currency: str, line: int) -> int:
    """Return a TRNAMT ("-491.09", "+1.234,56") in minor units: the last mark is the decimal one."""
    bare = text.replace("\u00a0", "").replace(" ", "").replace("\u2212", "-")
    sign = -1 if bare.startswith("-") else 1
    bare = bare[1:] if bare[:1] in ("-", "+") else bare
    if "," in bare:
        thousands = "." if bare.rfind(",") > bare.rfind(".") else ","
        bare = bare.replace(thousands, "").replace(",", ".")
    if not bare or bare.startswith("."):
        bare = f"0{bare}" if bare else shown(text)
    return sign * sheet.minor(bare, currency, line)
