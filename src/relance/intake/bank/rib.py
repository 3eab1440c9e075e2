"""The IBAN of a French account given as bank, branch and account number (RIB)."""

from __future__ import annotations

_FIGURES = str.maketrans("ABCDEFGHIJKLMNOPQRSTUVWXYZ", "12345678912345678923456789")
"""Letters of an account number as the key counts them: A and J are 1, B, K and S are 2, …"""


def iban_of_rib(bank: str, branch: str, account: str) -> str | None:
    """Return the IBAN of a RIB of 5, 5 and 11 characters; None if it is none.

    The key of the RIB and the check digits of the IBAN follow from the number.
    """
    plain = account.upper()
    if not (_digits(bank, 5) and _digits(branch, 5) and len(plain) == 11):
        return None
    if not (plain.isascii() and plain.isalnum()):
        return None
    number = int(plain.translate(_FIGURES))
    key = 97 - (89 * int(bank) + 15 * int(branch) + 3 * number) % 97
    bban = f"{bank}{branch}{plain}{key:02}"
    figures = "".join(str(int(c, 36)) for c in f"{bban}FR00")
    return f"FR{98 - int(figures) % 97:02}{bban}"


def _digits(text: str, length: int) -> bool:
    return len(text) == length and text.isascii() and text.isdigit()
