"""Bank accounts: check digits, and the signs of a diverted payment."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from relance.diagnostics import Diagnostic
from relance.policy.codes import creditor as codes
from relance.policy.document import Document
from relance.policy.draft import Project
from relance.policy.model import Account

_BIC = re.compile("[A-Z]{4}[A-Z]{2}[A-Z0-9]{2}([A-Z0-9]{3})?")

_IBAN = re.compile("[A-Z]{2}[0-9]{2}[A-Z0-9]{11,30}")

# Lengths in the SEPA countries; elsewhere the check digits alone are verified.
_LENGTHS = {
    "AD": 24, "AL": 28, "AT": 20, "BE": 16, "BG": 22, "CH": 21, "CY": 28, "CZ": 24, "DE": 22,
    "DK": 18, "EE": 20, "ES": 24, "FI": 18, "FR": 27, "GB": 22, "GI": 23, "GR": 27, "HR": 21,
    "HU": 28, "IE": 22, "IS": 26, "IT": 27, "LI": 21, "LT": 20, "LU": 20, "LV": 21, "MC": 27,
    "MD": 24, "ME": 22, "MK": 19, "MT": 31, "NL": 18, "NO": 15, "PL": 28, "PT": 25, "RO": 24,
    "RS": 22, "SE": 24, "SI": 19, "SK": 24, "SM": 27, "VA": 22,
}  # fmt: skip

# French territories whose banks have IBANs that begin with FR.
_FRENCH = frozenset(
    ("FR", "GF", "GP", "MQ", "RE", "YT", "PM", "BL", "MF", "PF", "NC", "WF", "TF", "MC")
)


def check_accounts(project: Project) -> Iterator[Diagnostic]:
    """Yield the findings about the accounts."""
    first: dict[tuple[str, str | None], int] = {}
    for index, account in enumerate(project.accounts):
        yield from _account(account, index, project)
        key = (_plain(account.iban), account.currency)
        if key in first:
            document = project.accounts_document
            related = (document.span("accounts", first[key], "iban"),)
            facts = {"iban": account.iban}
            yield Diagnostic(
                codes.DUPLICATE_ACCOUNT, document.span("accounts", index, "iban"), facts, related
            )
        first.setdefault(key, index)


def _plain(number: str) -> str:
    return re.sub(r"[\s.-]", "", number).upper()


def _account(account: Account, index: int, project: Project) -> Iterator[Diagnostic]:
    document = project.accounts_document
    iban = _plain(account.iban)
    if not _is_iban(iban):
        yield Diagnostic(
            codes.WRONG_IBAN, document.span("accounts", index, "iban"), {"iban": account.iban}
        )
    else:
        yield from _home(account, iban[:2], index, project)
    if account.bic is not None:
        yield from _bic(_plain(account.bic), iban[:2], index, document)


def _is_iban(iban: str) -> bool:
    """ISO 13616: the length of the country, and 1 as remainder by 97 of its digits."""
    if not _IBAN.fullmatch(iban) or len(iban) != _LENGTHS.get(iban[:2], len(iban)):
        return False
    moved = iban[4:] + iban[:4]
    return int("".join(str(int(character, 36)) for character in moved)) % 97 == 1


def _home(account: Account, country: str, index: int, project: Project) -> Iterator[Diagnostic]:
    """Yield warnings about an account that does not look like the creditor's own."""
    creditor = project.draft.creditor
    if creditor is None:
        return
    document = project.accounts_document
    if not _same_country(country, creditor.country):
        facts = {"country": country, "home": creditor.country}
        yield Diagnostic(codes.ACCOUNT_ABROAD, document.span("accounts", index, "iban"), facts)
    if not _words(account.holder) & _words(creditor.name):
        facts = {"holder": account.holder, "creditor": creditor.name}
        yield Diagnostic(codes.OTHER_HOLDER, document.span("accounts", index, "holder"), facts)


def _bic(bic: str, country: str, index: int, document: Document) -> Iterator[Diagnostic]:
    span = document.span("accounts", index, "bic")
    if not _BIC.fullmatch(bic):
        yield Diagnostic(codes.WRONG_BIC, span, {"bic": bic})
    elif not _same_country(bic[4:6], country):
        yield Diagnostic(codes.BIC_OF_ANOTHER, span, {"country": bic[4:6], "home": country})


def _same_country(one: str, other: str) -> bool:
    return one == other or {one, other} <= _FRENCH


def _words(name: str) -> set[str]:
    """Return the words of a name without accents and case; forms of companies do not count."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().casefold()
    words = set(re.findall("[a-z0-9]+", plain))
    return words - {"sa", "sas", "sarl", "eurl", "srl", "bv", "nv", "sprl", "bvba", "et", "de"}
