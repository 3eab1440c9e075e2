"""Reads MT940, the statement of SWIFT, as banks of Europe give it to their customers.

Source: SWIFT, Standards MT, category 9, MT 940 customer statement message.
"""

from __future__ import annotations

from datetime import date

from relance.diagnostics import Diagnostic
from relance.intake.bank import fixed_codes
from relance.intake.bank.fixed import (
    currency_or,
    is_iban,
    is_number,
    lines_of,
    other_form,
    with_check,
    year_first,
)
from relance.intake.bank.mt940_movements import Movements, minor_of
from relance.intake.bank.statement import Defaults, Statement
from relance.intake.findings import Refusal, refuse, shown

_OTHERS = frozenset(
    [
        "20",
        "21",
        "25",
        "25P",
        "28",
        "28C",
        "60F",
        "60M",
        "62F",
        "62M",
        "64",
        "65",
        "13D",
        "34F",
        "90C",
        "90D",
    ]
)
_ENDS = frozenset(("-", "-}"))


def read_mt940(
    content: bytes, name: str, defaults: Defaults
) -> tuple[list[Statement], list[Diagnostic]]:
    """Return the statements in `content`, the bytes of the MT940 file `name`, and the findings.

    A page that ends with an intermediate balance (:62M:) is a statement that goes on. Envelopes of
    SWIFT and headers of banks are passed over. The first error refuses the file.
    """
    file = _File(name, defaults)
    try:
        file.read(lines_of(content))
    except Refusal as refusal:
        return [], list(refusal.diagnostics)
    return file.statements, []


class _File:
    """The messages of one file, as far as they are read."""

    def __init__(self, name: str, defaults: Defaults) -> None:
        self.statements: list[Statement] = []
        self._name, self._defaults = name, defaults
        self._movements: Movements | None = None
        self._account: str | None = None
        self._number: str | None = None
        self._begun: int | None = None

    def read(self, lines: list[str]) -> None:
        """Read all lines.

        Raises:
            Refusal: at the first line that cannot be read, or at the end of a file that is cut.
        """
        for number, line in enumerate(lines, 1):
            head = line[:4]
            if head == ":61:":
                self._current(number).begin(line, number)
            elif head == ":86:":
                if self._movements:
                    self._movements.inform(line[4:])
            elif (tag := _tag(line)) is not None:
                self._field(tag, line[len(tag) + 2 :].strip(), number)
            elif line.rstrip() in _ENDS or line.startswith("-}"):
                self._end(number)
            elif line.startswith("{"):
                self._envelope(line, number)
            elif self._movements:
                self._movements.go_on(line)
        self._end(len(lines))
        if not self.statements:
            raise other_form("MT940", self._name, lines)

    def _envelope(self, line: str, number: int) -> None:
        """Read the field that stands behind the braces of an envelope, if any."""
        rest = line.partition("{4:")[2]
        if self._movements:
            self._movements.go_on(line)
        elif (tag := _tag(rest)) is not None:
            self._field(tag, rest[len(tag) + 2 :].strip(), number)

    def _current(self, number: int) -> Movements:
        if self._movements is None:
            raise refuse(fixed_codes.NO_FIELD, self._name, number, field=":60F:")
        return self._movements

    def _field(self, tag: str, value: str, number: int) -> None:
        match tag:
            case "20":
                self._end(number)
                self._begun = number
            case "25" | "25P":
                self._account = account_of(value.split("\n", maxsplit=1)[0])
            case "28" | "28C":
                self._number = value.partition("/")[0].strip() or None
            case "60F" | "60M":
                self._open(value, number)
            case "62F" | "62M":
                self._close(value, number, going_on=tag == "62M")

    def _open(self, value: str, number: int) -> None:
        if self._movements:
            raise refuse(fixed_codes.OUT_OF_PLACE, self._name, number, record=":60:")
        account = self._account or self._defaults.account
        if not account:
            raise refuse(fixed_codes.NO_FIELD, self._name, number, field=":25:")
        currency = currency_or(value[7:10], "")
        if not currency:
            raise refuse(fixed_codes.BAD_AMOUNT, self._name, number, value=shown(value))
        opening, _ = self._balance(value, currency, number)
        self.statements.append(
            Statement(account, currency, opening, number=self._number, line=self._begun or number)
        )
        self._movements = Movements(self.statements[-1], self._name)

    def _close(self, value: str, number: int, going_on: bool) -> None:
        self._current(number).finish()
        self._movements = None
        statement = self.statements[-1]
        if value[7:10] != statement.currency:
            facts = {"found": shown(value[7:10]), "expected": statement.currency}
            raise refuse(fixed_codes.OTHER_CURRENCY, self._name, number, **facts)
        statement.closing, statement.day = self._balance(value, statement.currency, number)
        statement.partial = going_on

    def _balance(self, value: str, currency: str, number: int) -> tuple[int, date]:
        """Return amount and day of a balance: C or D, YYMMDD, currency, amount."""
        day = year_first(value[1:7])
        if day is None:
            raise refuse(fixed_codes.BAD_DATE, self._name, number, value=shown(value[1:7]))
        amount = minor_of(value[10:], currency)
        if amount is None or value[0] not in "CD":
            raise refuse(fixed_codes.BAD_AMOUNT, self._name, number, value=shown(value))
        return (amount if value[0] == "C" else -amount), day

    def _end(self, number: int) -> None:
        """End the message: what comes next has an account and number of its own."""
        if self._movements:
            raise refuse(fixed_codes.CUT, self._name, number, record=":62F:")
        if self._begun is not None and (not self.statements or self._unopened()):
            raise refuse(fixed_codes.CUT, self._name, number, record=":60F:")
        self._account = self._number = self._begun = None

    def _unopened(self) -> bool:
        last = self.statements[-1].line
        return last is None or last < (self._begun or 0)


def _tag(line: str) -> str | None:
    """Return the field that the line begins, other than :61: and :86:; None if it goes on."""
    if line[:1] != ":":
        return None
    tag = line[1 : line.find(":", 1, 6)]
    return tag if tag in _OTHERS else None


def account_of(value: str) -> str:
    """Return the account of field :25: as an IBAN where it can be told, else as it is written.

    A bank before an IBAN and a currency behind it are left out; a German bank code and number are
    made the IBAN that the rule for most banks gives.
    """
    plain = "".join(value.split()).upper()
    bank, _, rest = plain.partition("/")
    rest = _without_currency(rest)
    if is_iban(rest):
        return rest
    if len(bank) == 8 and is_number(bank) and is_number(rest) and len(rest) <= 10:
        return with_check("DE", f"{bank}{rest:0>10}")
    return _without_currency(plain)


def _without_currency(account: str) -> str:
    tail = account[-3:]
    return account[:-3] if tail.isalpha() and is_number(account[-4:-3]) else account
