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
from relance.policy.numbers import compact, is_iban

_BIC = re.compile("[A-Z]{4}[A-Z]{2}[A-Z0-9]{2}([A-Z0-9]{3})?")

# French territories whose banks have IBANs that begin with FR.
_FRENCH = frozenset(
    ("FR", "GF", "GP", "MQ", "RE", "YT", "PM", "BL", "MF", "PF", "NC", "WF", "TF", "MC")
)


def check_accounts(project: Project) -> Iterator[Diagnostic]:
    """Yield the findings about the accounts."""
    first: dict[tuple[str, str | None], int] = {}
    for index, account in enumerate(project.accounts):
        yield from _account(account, index, project)
        key = (compact(account.iban), account.currency)
        if key in first:
            document = project.accounts_document
            related = (document.span("accounts", first[key], "iban"),)
            facts = {"iban": account.iban}
            yield Diagnostic(
                codes.DUPLICATE_ACCOUNT, document.span("accounts", index, "iban"), facts, related
            )
        first.setdefault(key, index)


def _account(account: Account, index: int, project: Project) -> Iterator[Diagnostic]:
    document = project.accounts_document
    iban = compact(account.iban)
    if not is_iban(iban):
        yield Diagnostic(
            codes.WRONG_IBAN, document.span("accounts", index, "iban"), {"iban": account.iban}
        )
    else:
        yield from _home(account, iban[:2], index, project)
    if account.bic is not None:
        yield from _bic(compact(account.bic), iban[:2], index, document)


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
