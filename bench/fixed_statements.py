"""Statements in CODA, CFONB 120 and MT940 of any number of lines, which add up.

Each function returns the bytes of a file of `count` lines, or a few less: only whole movements.
"""

from __future__ import annotations

from collections.abc import Iterator

CODA_BLOCK, CODA_LINES = 3000, 3
"""Movements in one CODA statement, whose sequence numbers have four figures; lines of each."""

SIGNS = "{ABCDEFGHI"


def coda_lines(count: int) -> bytes:
    """Return a CODA file: transfers with a structured reference, of 3 lines each."""
    return "".join(f"{line}\r\n" for line in _coda(count)).encode("cp1252")


def _coda(count: int) -> Iterator[str]:
    left, number, balance = count, 0, 0
    while left >= 4 + CODA_LINES:
        moves = min((left - 4) // CODA_LINES, CODA_BLOCK)
        left -= 4 + moves * CODA_LINES
        number += 1
        account = f"{'BE68539007547034':<34}EUR"
        yield f"{'0000002012653905':<24}{number:010d}{'ATELIER DU BANC SA':<26}{'KREDBEBB':<11}{'00403019261 00000':<56}2"
        yield f"12{number % 1000:03d}{account}0{balance * 10:015d}010126{'':<61}{number % 1000:03d}"
        total = 0
        for n in range(1, moves + 1):
            cents = 1000 + n % 90_000
            total += cents
            reference = f"{number % 1000:03d}{n:07d}"
            check = int(reference) % 97 or 97
            yield f"21{n:04d}0000{f'REF{number}-{n}':<21}0{cents * 10:015d}020126001500001101{reference}{check:02d}{'':<38}02012600110 0"
            yield f"22{n:04d}0000{'':<53}{f'E2E-{number}-{n}':<35}{'GKCCBEBB':<27}1 0"
            yield f"23{n:04d}0000{'BE43068999999501':<34}EUR{f'CLIENT {n % 5000} SPRL':<35}{'':<43}0 0"
        balance += total
        yield f"8{number % 1000:03d}{account}0{balance * 10:015d}310126{'':<64}0"
        yield f"9{'':<15}{2 + moves * CODA_LINES:06d}{0:015d}{total * 10:015d}{'':<75}2"


def cfonb_lines(count: int) -> bytes:
    """Return a CFONB 120 file: transfers with the payer's name and a text, of 3 lines each."""
    return "".join(f"{line}\r\n" for line in _cfonb(count)).encode("cp1252")


def _cfonb(count: int) -> Iterator[str]:
    head = "30006    00001EUR2 12345678901"
    total = 0
    yield f"01{head}  010126{'':<50}{_signed(0)}{'':<16}"
    for n in range((count - 2) // 3):
        cents = 1000 + n % 90_000
        total += cents
        own = f"{head}05020126"
        yield f"04{own}  020126{f'VIR SEPA CLIENT {n % 5000}':<33}{n % 10**7:07d}  {_signed(cents)}{f'R{n}':<16}"
        yield f"05{own}     NPY{f'CLIENT {n % 5000} SARL':<70}  "
        yield f"05{own}     LCC{f'FACTURE F-2026-{n:07d}':<70}  "
    yield f"07{head}  310126{'':<50}{_signed(total)}{'':<16}"


def _signed(cents: int) -> str:
    return f"{cents // 10:013d}{SIGNS[cents % 10]}"


def mt940_lines(count: int) -> bytes:
    """Return an MT940 file: transfers with a remittance between slashes, of 3 lines each."""
    return "".join(f"{line}\r\n" for line in _mt940(count)).encode("cp1252")


def _mt940(count: int) -> Iterator[str]:
    total = 0
    yield from (":20:BANC", ":25:BE68539007547034", ":28C:00001/1", ":60F:C260101EUR0,00")
    for n in range((count - 6) // 3):
        cents = 1000 + n % 90_000
        total += cents
        yield f":61:2601020102C{_comma(cents)}NTRFNONREF//B{n}"
        yield f":86:/TRTP/SEPA TRANSFER/IBAN/NL91ABNA0417164300/BIC/ABNANL2A/NAME/CLIENT {n % 5000} BV"
        yield f"/REMI/FACTURE F-2026-{n:07d}/EREF/E2E-{n}"
    yield f":62F:C260131EUR{_comma(total)}"
    yield "-"


def _comma(cents: int) -> str:
    return f"{cents // 100},{cents % 100:02d}"
