"""Small CODA and CFONB 120 files, put together record by record; totals are computed."""

from __future__ import annotations

ACCOUNT, CURRENCY = "BE68539007547034", "EUR"
Records = list[str]


def holder(account: str = ACCOUNT, currency: str = CURRENCY) -> str:
    return f"{account:<34}{currency}"


def header(version: str = "2", duplicate: str = " ", application: str = "00000") -> str:
    return f"{'0000003112653905' + duplicate:<83}{application}{'':<39}{version}"


def opening(cents: int = 0, structure: str = "2", account: str = "") -> str:
    text = account or holder()
    return f"1{structure}001{text}{int(cents < 0)}{abs(cents) * 10:015d}301126{'':<61}007"


def closing(cents: int, account: str = "") -> str:
    return f"8001{account or holder()}{int(cents < 0)}{abs(cents) * 10:015d}011226{'':<64}0"


def movement(
    number: int,
    cents: int,
    text: str = "",
    *,
    detail: int = 0,
    code: str = "00150000",
    structured: bool = False,
    booked: str = "011226",
    value: str = "301126",
    reference: str = "REF",
) -> str:
    head = f"21{number:04d}{detail:04d}{reference:<21}{int(cents < 0)}{abs(cents) * 10:015d}{value}"
    return f"{head}{code}{int(structured)}{text[:53]:<53}{booked}00100 0"


def second(
    number: int, text: str = "", *, detail: int = 0, reference: str = "", back: str = " "
) -> str:
    return f"22{number:04d}{detail:04d}{text[:53]:<53}{reference:<35}{'':<14}{back}{'':<12}0 0"


def third(number: int, account: str, name: str, text: str = "", *, detail: int = 0) -> str:
    return f"23{number:04d}{detail:04d}{account:<34}EUR{name:<35}{text[:43]:<43}0 0"


def note(number: int, text: str, *, detail: int = 1, structured: bool = False) -> str:
    return f"31{number:04d}{detail:04d}{'REF':<21}00150000{int(structured)}{text:<73}{'':<12}0 0"


def note_on(kind: str, number: int, text: str, *, detail: int = 1) -> str:
    return f"{kind}{number:04d}{detail:04d}{text:<115}0 0"


def trailer(records: Records, more: str = "2") -> str:
    counted = sum(record[0] in "1238" for record in records)
    amounts = [
        (record[31], int(record[32:47]))
        for record in records
        if record[:2] == "21" and record[53] in "0123"
    ]
    debits, credits = (sum(a for sign, a in amounts if sign == s) for s in "10")
    return f"9{'':<15}{counted:06d}{debits:015d}{credits:015d}{'':<75}{more}"


def moved(records: Records) -> int:
    """Return the sum of the movements in cents."""
    return sum(
        (-1 if record[31] == "1" else 1) * int(record[32:47]) // 10
        for record in records
        if record[:2] == "21" and record[53] in "0123"
    )


def block(movements: Records, start: int = 0, more: str = "2") -> Records:
    """Return the records of one statement, from 0 to 9."""
    records = [opening(start), *movements, closing(start + moved(movements))]
    return [header(), *records, trailer(records, more)]


def coda(movements: Records, start: int = 0, more: str = "2") -> bytes:
    return written(block(movements, start, more))


def written(records: Records, end: str = "\r\n", encoding: str = "cp1252") -> bytes:
    return "".join(record + end for record in records).encode(encoding)


HEAD = "30006    00001EUR2 12345678901"
IBAN = "FR7630006000011234567890189"


def signed(cents: int) -> str:
    figures = f"{abs(cents):014d}"
    return figures[:13] + ("}JKLMNOPQR" if cents < 0 else "{ABCDEFGHI")[int(figures[13])]


def old(cents: int, head: str = HEAD, day: str = "301126") -> str:
    return f"01{head}  {day}{'':<50}{signed(cents)}{'':<16}"


def new(cents: int, head: str = HEAD, day: str = "011226") -> str:
    return f"07{head}  {day}{'':<50}{signed(cents)}{'':<16}"


def entry(
    cents: int,
    label: str = "VIR SEPA",
    *,
    head: str = HEAD,
    code: str = "05",
    day: str = "011226",
    reason: str = "  ",
    value: str = "301126",
    reference: str = "",
) -> str:
    return f"04{head}{code}{day}{reason}{value}{label:<33}0000000  {signed(cents)}{reference:<16}"


def detail(kind: str, text: str, head: str = HEAD) -> str:
    return f"05{head}05011226     {kind:<3}{text:<70}  "


def cfonb(movements: Records, start: int = 0) -> bytes:
    total = sum(_cents(record) for record in movements if record[:2] == "04")
    return written([old(start), *movements, new(start + total)])


def _cents(record: str) -> int:
    last = record[103]
    positive = "{ABCDEFGHI".find(last)
    digit = positive if positive >= 0 else "}JKLMNOPQR".index(last)
    return (1 if positive >= 0 else -1) * (int(record[90:103]) * 10 + digit)
