"""Lines, days and amounts as CODA, CFONB 120 and MT940 write them."""

from __future__ import annotations

from datetime import date
from functools import lru_cache

from relance.diagnostics import Diagnostic, Rule, Span
from relance.intake.bank import fixed_codes
from relance.intake.findings import refuse, shown
from relance.money import digits

_BLANKS = bytes(
    32 if (byte < 32 and byte not in (10, 13)) or byte == 127 else byte for byte in range(256)
)
_PIVOT = 60


def lines_of(content: bytes) -> list[str]:
    """Return the lines of `content` without their ends, control characters made blanks.

    UTF-8 where it is valid, UTF-16 with its mark, else Windows-1252: banks send the last, editors
    the first. Places keep their numbers: one character stays one character.
    """
    text = _decoded(content)
    if "\r" in text:
        text = text.replace("\r\r\n", "\n").replace("\r\n", "\n").replace("\r", "\n")
    lines = text.split("\n")
    if not lines[-1]:
        lines.pop()
    return lines


def _decoded(content: bytes) -> str:
    if content[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return content.decode("utf-16", errors="replace")
    content = content.translate(_BLANKS)
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        pass
    try:
        return content.decode("cp1252")
    except UnicodeDecodeError:  # 0x81, 0x8d, 0x8f, 0x90 and 0x9d mean nothing there
        return content.decode("latin-1")


@lru_cache(maxsize=8192)
def day_first(text: str) -> date | None:
    """Return the day of DDMMYY, years from 60 on in the last century; None if it is none."""
    return _day(text[4:6], text[2:4], text[:2]) if len(text) == 6 else None


@lru_cache(maxsize=8192)
def year_first(text: str) -> date | None:
    """Return the day of YYMMDD, years from 60 on in the last century; None if it is none."""
    return _day(text[:2], text[2:4], text[4:6]) if len(text) == 6 else None


def _day(year: str, month: str, day: str) -> date | None:
    if not is_number(year + month + day):
        return None
    century = 1900 if int(year) >= _PIVOT else 2000
    try:
        return date(century + int(year), int(month), int(day))
    except ValueError:
        return None


def is_number(text: str) -> bool:
    """Return whether `text` is digits 0 to 9 only, and at least one."""
    return text.isdecimal() and text.isascii()


def tidy(text: str) -> str | None:
    """Return `text` with its blanks made one each, or None if there is nothing else."""
    return " ".join(text.split()) or None


def is_iban(text: str) -> bool:
    """Return whether `text`, without blanks, is built like an IBAN."""
    built = 15 <= len(text) <= 34 and text.isascii() and text.isalnum()
    return built and text[:2].isalpha() and text[2:4].isdecimal()


def with_check(country: str, account: str) -> str:
    """Return the IBAN of `account` (letters and figures, as the country writes it) in `country`."""
    figures = "".join(str(int(char, 36)) for char in f"{account}{country}00")
    return f"{country}{98 - int(figures) % 97:02d}{account}"


def currency_or(text: str, default: str) -> str:
    """Return `text` if it is built like a currency of ISO 4217, else `default`."""
    return (
        text if len(text) == 3 and text.isascii() and text.isalpha() and text.isupper() else default
    )


def rescaled(value: int, scale: int, currency: str) -> int | None:
    """Return `value`, which has `scale` decimals, in minor units of `currency`; None if finer."""
    if (gap := digits(currency) - scale) >= 0:
        return value * int(10**gap)
    whole, rest = divmod(abs(value), int(10**-gap))
    return None if rest else (whole if value >= 0 else -whole)


def end_to_end(text: str) -> str | None:
    """Return the end-to-end id in `text`; None for a blank, zeros or the words for none."""
    found = " ".join(text.split())
    if not found.strip("0") or found.upper() in _NO_ID:
        return None
    return found


_NO_ID = frozenset(
    ["NOTPROVIDED", "NONREF", "NONE", "EREF", "EREF+", "KREF", "KREF+", "PREF", "MARF", "NOT-PROVIDED"]
) | {"NOT PROVIDED"}  # fmt: skip


def finding(rule: Rule, name: str, line: int, **facts: object) -> Diagnostic:
    """Return the finding of `rule` on `line` of the file `name`."""
    return Diagnostic(rule, Span(name, line), facts)


def other_form(form: str, name: str, lines: list[str]) -> Exception:
    """Return the refusal of a file that is not in `form`, showing how it begins."""
    number, start = next(((n, t) for n, t in enumerate(lines, 1) if t.strip()), (1, ""))
    return refuse(fixed_codes.OTHER_FORM, name, number, form=form, start=shown(start[:20].strip()))
