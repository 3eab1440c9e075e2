"""Reads CODA, the coded statement of account of Belgian banks: records of 128 characters.

Source: Febelfin, Coded statement of account (CODA) 2.6. Places are counted from 0 here, from 1 in
the standard.
"""

from __future__ import annotations

from relance.diagnostics import Diagnostic
from relance.intake.bank import fixed_codes
from relance.intake.bank.coda_movements import Movements
from relance.intake.bank.fixed import (
    currency_or,
    day_first,
    finding,
    is_number,
    lines_of,
    other_form,
    rescaled,
)
from relance.intake.bank.statement import Defaults, Statement
from relance.intake.findings import Refusal, refuse, shown

_WIDTH = 128
_LEAST = {"0": 128, "1": 64, "2": 126, "3": 126, "4": 32, "8": 63, "9": 128}
_ADDED = frozenset(("22", "23", "31", "32", "33"))
_MORE, _LAST = "1", "2"


def read_coda(
    content: bytes, name: str, defaults: Defaults
) -> tuple[list[Statement], list[Diagnostic]]:
    """Return the statements in `content`, the bytes of the CODA file `name`, and the findings.

    A total is replaced by its details when they add up, so each payment counts once. The first
    error refuses the file: no statement is given then.
    """
    file = _File(name, defaults)
    try:
        file.read(lines_of(content))
    except Refusal as refusal:
        return [], [*file.findings, *refusal.diagnostics]
    return file.statements, file.findings


class _File:
    """The blocks 0 to 9 of one file, as far as they are read.

    `_place` is the record that came last: 0, 1 (also within the movements), 8 or 9.
    """

    def __init__(self, name: str, defaults: Defaults) -> None:
        self.statements: list[Statement] = []
        self.findings: list[Diagnostic] = []
        self._name, self._defaults = name, defaults
        self._place = "9"
        self._movements: Movements | None = None
        self._holder = ""
        self._count = self._debits = self._credits = 0

    def read(self, lines: list[str]) -> None:
        """Read all lines.

        Raises:
            Refusal: at the first line that cannot be read, or at the end of a file that is cut.
        """
        start = next((line for line in lines if line.strip()), "")
        if not start.startswith("0000"):
            raise other_form("CODA", self._name, lines)
        others = {"0": self._header, "1": self._open, "4": self._talk, "8": self._close,
                  "9": self._trailer}  # fmt: skip
        for number, line in enumerate(lines, 1):
            record = line if len(line) == _WIDTH else self._fitted(line, number)
            head = record[:2]
            if head == "21":
                self._current(record, number).begin(record, number)
                self._count += 1
            elif head in _ADDED:
                self._current(record, number).add(record, number)
                self._count += 1
            elif record:
                if head[0] not in others:
                    facts = {"record": shown(head), "form": "CODA"}
                    raise refuse(fixed_codes.UNKNOWN_RECORD, self._name, number, **facts)
                others[head[0]](record, number)
        if self._place != "9":
            raise refuse(
                fixed_codes.CUT, self._name, len(lines), record=8 if self._movements else 9
            )

    def _fitted(self, line: str, number: int) -> str:
        """Return the line filled up to its width, or nothing for a blank line."""
        bare = line.rstrip()
        if bare and not _LEAST.get(bare[0], 1) <= len(bare) <= _WIDTH:
            facts = {"found": len(bare), "form": "CODA", "expected": _WIDTH}
            raise refuse(fixed_codes.LENGTH, self._name, number, **facts)
        return bare and bare.ljust(_WIDTH)

    def _current(self, record: str, number: int) -> Movements:
        if self._movements is None:
            raise self._misplaced(record, number)
        return self._movements

    def _misplaced(self, record: str, number: int) -> Refusal:
        return refuse(
            fixed_codes.OUT_OF_PLACE, self._name, number, record=shown(record[:10].strip())
        )

    def _header(self, record: str, number: int) -> None:
        if self._place != "9":
            raise self._misplaced(record, number)
        if record[127] != "2":
            raise refuse(fixed_codes.CODA_VERSION, self._name, number, version=shown(record[127]))
        if (application := record[83:88].strip()).strip("0"):
            facts = {"application": shown(application)}
            raise refuse(fixed_codes.SEPARATE, self._name, number, **facts)
        if record[16] == "D":
            self.findings.append(finding(fixed_codes.DUPLICATE, self._name, number))
        self._place = "0"
        self._count = self._debits = self._credits = 0

    def _open(self, record: str, number: int) -> None:
        if self._place not in "08":
            raise self._misplaced(record, number)
        account, currency = _account(record[1], record[5:42])
        coded = record[125:128].strip()
        statement = Statement(
            account=account or self._defaults.account or "",
            currency=currency_or(currency, self._defaults.currency),
            number=coded if is_number(coded) else record[2:5].strip() or None,
            line=number,
        )
        statement.opening = self._balance(record[42:58], statement.currency, number)
        self._movements = Movements(statement, self._name)
        self.statements.append(statement)
        self._holder = record[5:42]
        self._count += 1
        self._place = "1"

    def _talk(self, record: str, number: int) -> None:
        if self._place == "9":
            raise self._misplaced(record, number)

    def _close(self, record: str, number: int) -> None:
        if self._movements is None:
            raise self._misplaced(record, number)
        self._settle(self._movements)
        statement = self.statements[-1]
        if record[4:41].split() != self._holder.split():
            facts = {"found": shown(" ".join(record[4:41].split())), "expected": statement.account}
            self.findings.append(finding(fixed_codes.ACCOUNTS_DIFFER, self._name, number, **facts))
        statement.closing = self._balance(record[41:57], statement.currency, number)
        statement.day = day_first(record[57:63])
        if statement.day is None and record[57:63].strip("0 "):
            raise refuse(fixed_codes.BAD_DATE, self._name, number, value=shown(record[57:63]))
        self._count += 1
        self._place = "8"

    def _settle(self, movements: Movements) -> None:
        movements.finish()
        movements.settle()
        self._debits += movements.debits
        self._credits += movements.credits
        self.findings += movements.findings
        self._movements = None

    def _trailer(self, record: str, number: int) -> None:
        code = record[127]
        if self._place == "9" or code not in (_MORE, _LAST) or (self._movements and code == _LAST):
            raise self._misplaced(record, number)
        if self._movements:
            self._settle(self._movements)
        if code == _MORE and self._place != "0":
            self.statements[-1].partial = True
        self._check(record, number)
        self._place = "9"

    def _check(self, record: str, number: int) -> None:
        """Refuse the file if the trailer counts or sums otherwise; blank places tell nothing."""
        told = record[16:22].strip()
        if told and told != f"{self._count % 1_000_000:06d}":
            facts: dict[str, object] = {"told": shown(told), "found": self._count}
            raise refuse(fixed_codes.COUNT, self._name, number, **facts)
        debit, credit = record[22:37].strip(), record[37:52].strip()
        found = f"{self._debits:015d}", f"{self._credits:015d}"
        if (debit or credit) and (debit, credit) != found:
            pairs = zip(
                ("debit", "credit", "debits", "credits"), (debit, credit, *found), strict=True
            )
            facts = {key: _in_units(value) for key, value in pairs}
            raise refuse(fixed_codes.TOTALS, self._name, number, **facts)

    def _balance(self, text: str, currency: str, number: int) -> int:
        sign, figures = text[0], text[1:]
        if sign not in "01" or not is_number(figures):
            raise refuse(fixed_codes.BAD_AMOUNT, self._name, number, value=shown(text))
        minor = rescaled(int(figures), 3, currency)
        if minor is None:
            facts = {"value": _in_units(figures), "currency": currency}
            raise refuse(fixed_codes.FINER, self._name, number, **facts)
        return -minor if sign == "1" else minor


def _in_units(figures: str) -> str:
    return (
        f"{figures[:-3].lstrip('0') or '0'}.{figures[-3:]}"
        if is_number(figures)
        else shown(figures)
    )


def _account(structure: str, text: str) -> tuple[str, str]:
    """Return account and currency: 0 an old Belgian number, 1 and 3 foreign, 2 a Belgian IBAN."""
    match structure:
        case "0":
            return text[:12].strip(), text[13:16]
        case "2":
            return text[:16].strip(), text[34:37]
    return text[:34].replace(" ", ""), text[34:37]
