"""The EPC QR code ("scan to pay"): its payload by EPC069-12 and its image.

Sources: EPC069-12 v2.1 (payload), ISO/IEC 18004 (symbol), ISO 11649 (RF references).
"""

from __future__ import annotations

import re
import struct
import unicodedata
import zlib

from relance.money import to_text
from relance.policy.model import Account

_MAX_BYTES = 331  # at level M that is a version 13 symbol, the largest that the EPC allows
_MAX_MINOR = 99_999_999_999
_IBAN = re.compile(r"[A-Z]{2}[0-9]{2}[A-Z0-9]{11,30}")
_BIC = re.compile(r"[A-Z]{6}[A-Z0-9]{2}(?:[A-Z0-9]{3})?")
_RF = re.compile(r"RF[0-9]{2}[A-Z0-9]{1,21}")
_OGM = re.compile(r"(?:\+{3}|\*{3})?([0-9]{3})/?([0-9]{4})/?([0-9]{5})(?:\+{3}|\*{3})?")

# Every reader accepts any of the eight masks; 3 has the lowest mean penalty over EPC payloads.
# Letting segno try all eight for each letter costs five times as much.
_MASK = 3
_QUIET_ZONE = 4
_DOTS = 2  # per module, for viewers that smooth images
_INK = (b"\xff" * _DOTS, b"\0" * _DOTS)


def structured_reference(reference: str) -> str | None:
    """Return `reference` as the structured line carries it, None if it is not structured.

    Structured are ISO 11649 references ("RF18 5390 0754 7034") and the Belgian OGM/VCS
    ("+++090/9337/55493+++", given as its 12 digits), each with the right check digits.
    """
    compact = re.sub(r"\s", "", reference).upper()
    if _RF.fullmatch(compact):
        digits = "".join(str(int(sign, 36)) for sign in compact[4:] + compact[:4])
        return compact if int(digits) % 97 == 1 else None
    if match := _OGM.fullmatch(compact):
        digits = "".join(match.groups())
        return digits if (int(digits[:10]) % 97 or 97) == int(digits[10:]) else None
    return None


def epc_payload(
    account: Account, amount_minor: int, currency: str, reference: str | None, text: str
) -> str | None:
    """Return the payload of the QR code that pays `amount_minor` to `account`.

    A structured `reference` goes to the structured line; any other takes the place of `text` in
    the text line (140 characters at most). None if the payment is not in EUR, not between 0.01
    and 999999999.99, or the account is no IBAN. Source: EPC069-12 v2.1, version 002, UTF-8.
    """
    iban = re.sub(r"\s", "", account.iban).upper()
    bic = re.sub(r"\s", "", account.bic or "").upper()
    if currency != "EUR" or not 1 <= amount_minor <= _MAX_MINOR or not _IBAN.fullmatch(iban):
        return None
    structured = structured_reference(reference or "") or ""
    free = "" if structured else _one_line(reference or text)[:140].strip()
    head = (
        *("BCD", "002", "1", "SCT"),
        bic if _BIC.fullmatch(bic) else "",
        _one_line(account.holder)[:70].strip(),
        iban,
        f"EUR{to_text(amount_minor, 'EUR')}",
    )
    payload = "\n".join((*head, "", structured, free)).rstrip("\n")
    while free and len(payload.encode()) > _MAX_BYTES:
        free = free[:-1]
        payload = "\n".join((*head, "", structured, free)).rstrip("\n")
    return payload if len(payload.encode()) <= _MAX_BYTES else None


def qr_png(payload: str) -> bytes:
    """Return the QR code of `payload` as a grey PNG: level M, with its quiet zone of 4 modules."""
    import segno

    code = segno.make_qr(payload, error="m", boost_error=False, encoding="utf-8", mask=_MASK)
    side = (len(code.matrix) + 2 * _QUIET_ZONE) * _DOTS
    blank = b"\0" + b"\xff" * side
    margin = b"\xff" * (_QUIET_ZONE * _DOTS)
    rows = [blank] * (_QUIET_ZONE * _DOTS)
    for modules in code.matrix:
        dots = b"".join(_INK[module] for module in modules)
        rows += [b"\0" + margin + dots + margin] * _DOTS
    rows += [blank] * (_QUIET_ZONE * _DOTS)
    return _png(side, b"".join(rows))


def _png(side: int, rows: bytes) -> bytes:
    """Return a square 8-bit grey PNG; written here because it spares WeasyPrint a conversion."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return (
            struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        )

    header = struct.pack(">IIBBBBB", side, side, 8, 0, 0, 0, 0)
    return b"".join(
        (
            b"\x89PNG\r\n\x1a\n",
            chunk(b"IHDR", header),
            chunk(b"IDAT", zlib.compress(rows, 1)),
            chunk(b"IEND", b""),
        )
    )


def _one_line(text: str) -> str:
    """Return `text` without line breaks and control characters, which would shift the payload."""
    kept = ("" if unicodedata.category(c) in ("Cc", "Cf") and not c.isspace() else c for c in text)
    return " ".join("".join(kept).split())
