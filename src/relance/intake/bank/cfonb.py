"""Reads CFONB 120, the statement of account of French banks: records of 120 characters.

Source: CFONB, Relevé de compte sur support informatique (2004) and its changes for SEPA. Places are
counted from 0 here, from 1 in the standard.
"""

from __future__ import annotations

from datetime import date

from relance.diagnostics import Diagnostic
from relance.intake.bank import fixed_codes
from relance.intake.bank.cfonb_movements import Movements
from relance.intake.bank.fixed import (
    currency_or,
    day_first,
    is_number,
    lines_of,
    other_form,
    rescaled,
    with_check,
)
from relance.intake.bank.statement import Defaults, Statement
from relance.intake.findings import Refusal, refuse, shown
from relance.money import digits

_WIDTH = 120
_LEAST = {"01": 104, "04": 104, "05": 48, "07": 104}
_UNPAID_WIDTH = 240
_SIGNED = {
    **{char: (digit, 1) for digit, char in enumerate("{ABCDEFGHI")},
    **{char: (digit, -1) for digit, char in enumerate("}JKLMNOPQR")},
    # Braces are é and è in the French variant of ASCII; some banks leave a positive digit as it is.
    "é": (0, 1), "è": (0, -1), **{str(digit): (digit, 1) for digit in range(10)},
}  # fmt: skip


def read_cfonb(
    content: bytes, name: str, defaults: Defaults
) -> tuple[list[Statement], list[Diagnostic]]:
    """Return the statements in `content`, the bytes of the CFONB file `name`, and the findings.

    Each pair of records 01 and 07 is a statement: a file has several accounts, and several days of
    one. The first error refuses the file: no statement is given then.
    """
    file = _File(name, defaults)
    try:
        file.read(lines_of(content))
    except Refusal as refusal:
        return [], list(refusal.diagnostics)
    return file.statements, []


class _File:
    """The statements of one file, as far as they are read."""

    def __init__(self, name: str, defaults: Defaults) -> None:
        self.statements: list[Statement] = []
        self._name, self._defaults = name, defaults
        self._movements: Movements | None = None
        self._holder = ""
        self._scale = 2

    def read(self, lines: list[str]) -> None:
        """Read all lines.

        Raises:
            Refusal: at the first line that cannot be read, or at the end of a file that is cut.
        """
        lines = self._apart(lines)
        for number, line in enumerate(lines, 1):
            head = line[:2]
            if len(line) != _WIDTH and not (line := self._fitted(line, number)):
                continue
            if head == "05":
                self._current(line, number).add(line, number)
            elif head == "04":
                movements = self._current(line, number)
                self._check_account(line, number)
                movements.begin(line, number, self._amount(line, number))
            elif head == "01":
                self._open(line, number)
            elif head == "07":
                self._close(line, number)
            else:
                facts = {"record": shown(head), "form": "CFONB 120"}
                raise refuse(fixed_codes.UNKNOWN_RECORD, self._name, number, **facts)
        if self._movements:
            raise refuse(fixed_codes.CUT, self._name, len(lines), record="07")

    def _apart(self, lines: list[str]) -> list[str]:
        """Return the records: the lines, or what stands glued together taken apart.

        Places are then told by the number of the record.

        Raises:
            Refusal: of another form, as CFONB 240.
        """
        start = next((line for line in lines if line.strip()), "")
        if start[:2] in {"31", "34", "39"} and len(start.rstrip()) > _WIDTH:
            raise refuse(fixed_codes.CFONB_240, self._name, 1)
        if start[:2] not in _LEAST or not start[2:7].isalnum():
            raise other_form("CFONB 120", self._name, lines)
        if len(start.rstrip()) <= _WIDTH:
            return lines
        return [line[at : at + _WIDTH] for line in lines for at in range(0, len(line), _WIDTH)]

    def _fitted(self, line: str, number: int) -> str:
        """Return the line filled up to its width, or nothing for a blank line."""
        bare = line.rstrip()
        if bare and not _LEAST.get(bare[:2], 0) <= len(bare) <= _WIDTH:
            facts = {"found": len(bare), "form": "CFONB 120", "expected": _WIDTH}
            raise refuse(fixed_codes.LENGTH, self._name, number, **facts)
        return bare and bare.ljust(_WIDTH)

    def _current(self, line: str, number: int) -> Movements:
        if self._movements is None:
            raise refuse(fixed_codes.OUT_OF_PLACE, self._name, number, record=line[:2])
        return self._movements

    def _open(self, line: str, number: int) -> None:
        if self._movements:
            raise refuse(fixed_codes.OUT_OF_PLACE, self._name, number, record="01")
        currency = currency_or(line[16:19], self._defaults.currency)
        self._scale = int(line[19]) if is_number(line[19]) else digits(currency)
        statement = Statement(
            account=account_of(line[2:7], line[11:16], line[21:32]), currency=currency, line=number
        )
        self.statements.append(statement)
        self._holder = line[21:32]
        statement.opening = self._amount(line, number)
        self._day(line, number)
        self._movements = Movements(statement, self._name)

    def _close(self, line: str, number: int) -> None:
        self._current(line, number).finish()
        self._check_account(line, number)
        statement = self.statements[-1]
        statement.closing = self._amount(line, number)
        statement.day = self._day(line, number)
        self._movements = None

    def _day(self, line: str, number: int) -> date | None:
        day = day_first(line[34:40])
        if day is None and line[34:40].strip("0 "):
            raise refuse(fixed_codes.BAD_DATE, self._name, number, value=shown(line[34:40]))
        return day

    def _check_account(self, line: str, number: int) -> None:
        """Refuse a record of another account; the bank of a movement may be another one."""
        if line[21:32] != self._holder:
            facts = {"found": shown(line[21:32].strip()), "expected": shown(self._holder.strip())}
            raise refuse(fixed_codes.OTHER_ACCOUNT, self._name, number, **facts)

    def _amount(self, line: str, number: int) -> int:
        """Return the amount of a record 01, 04 or 07 in minor units."""
        figures = line[90:103].lstrip()
        digit, sign = _SIGNED.get(line[103], (0, 0))
        if sign == 0 or (figures and not is_number(figures)):
            raise refuse(fixed_codes.BAD_AMOUNT, self._name, number, value=shown(line[90:104]))
        value = sign * (int(figures or "0") * 10 + digit)
        currency = self.statements[-1].currency
        minor = rescaled(value, self._scale, currency)
        if minor is None:
            facts = {"value": shown(line[90:104]), "currency": currency}
            raise refuse(fixed_codes.FINER, self._name, number, **facts)
        return minor


def account_of(bank: str, branch: str, number: str) -> str:
    """Return the French IBAN of an account; the parts in a row where they are none of a RIB."""
    parts = (bank + branch + number).upper()
    figures = parts.translate(_RIB)
    if len(parts) != 21 or not is_number(figures):
        return "".join(parts.split())
    key = 97 - (89 * int(figures[:5]) + 15 * int(figures[5:10]) + 3 * int(figures[10:])) % 97
    return with_check("FR", f"{parts}{key:02d}")


# Letters of an account count as these figures in the key: A and J are 1, S is 2, … I, R and Z are 9.
_RIB = {ord(char): str(at % 9 + 1 if at < 18 else at - 16) for at, char in
        enumerate("ABCDEFGHIJKLMNOPQRSTUVWXYZ")}  # fmt: skip
