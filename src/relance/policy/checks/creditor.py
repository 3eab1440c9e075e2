"""The creditor: numbers with check digits, the time zone, the logo and the payment link."""

from __future__ import annotations

import re
from collections.abc import Iterator
from string import Formatter

from relance.diagnostics import Diagnostic
from relance.policy.codes import creditor as codes
from relance.policy.draft import Project
from relance.policy.model import Creditor
from relance.policy.nearest import nearest
from relance.policy.numbers import is_enterprise, is_siren, is_vat
from relance.policy.paths import leaves_project, lies_inside

PLACEHOLDERS = ("number", "amount", "currency", "reference", "debtor")
_EMAIL = re.compile(r"[^@\s,;<>\"()]+@[^@\s,;<>\"()]+\.[^@\s.,;<>\"()]+")
_LOGO_ENDINGS = (".png", ".jpg", ".jpeg", ".svg")


def check_creditor(project: Project) -> Iterator[Diagnostic]:
    """Yield the findings about the creditor."""
    creditor = project.draft.creditor
    if creditor is None:
        return
    yield from _registration(creditor, project)
    yield from _vat(creditor, project)
    yield from _timezone(creditor, project)
    yield from _logo(creditor, project)
    if creditor.payment_link is not None:
        yield from _payment_link(creditor.payment_link, project)
    if not _EMAIL.fullmatch(creditor.email):
        span = project.main.span("creditor", "email")
        yield Diagnostic(codes.WRONG_EMAIL, span, {"address": creditor.email})


def _registration(creditor: Creditor, project: Project) -> Iterator[Diagnostic]:
    number = creditor.registration
    if number is None:
        return
    span = project.main.span("creditor", "registration")
    if creditor.country == "FR" and not is_siren(number):
        yield Diagnostic(codes.WRONG_REGISTRATION, span, {"number": number})
    if creditor.country == "BE" and not is_enterprise(number):
        yield Diagnostic(codes.WRONG_ENTERPRISE, span, {"number": number})


def _vat(creditor: Creditor, project: Project) -> Iterator[Diagnostic]:
    number = creditor.vat
    if number is None:
        return
    prefix = number[:2].upper()
    country = {"EL": "GR"}.get(prefix, prefix if prefix.isalpha() else creditor.country)
    span = project.main.span("creditor", "vat")
    if not is_vat(number, country):
        facts = {"number": number, "country": country}
        yield Diagnostic(codes.WRONG_VAT, span, facts)
    elif _is_of_another(number, country, creditor):
        yield Diagnostic(codes.VAT_OF_ANOTHER, span, {"registration": creditor.registration})


def _is_of_another(vat: str, country: str, creditor: Creditor) -> bool:
    """In France and Belgium the VAT number ends with the registration."""
    registration = _digits(creditor.registration or "")
    if (
        country != creditor.country
        or country not in ("FR", "BE")
        or len(registration) not in (9, 10)
    ):
        return False
    return _digits(vat)[-9:] != registration[-9:]


def _digits(number: str) -> str:
    return re.sub("[^0-9]", "", number)


def _timezone(creditor: Creditor, project: Project) -> Iterator[Diagnostic]:
    from zoneinfo import ZoneInfo, available_timezones

    try:
        ZoneInfo(creditor.timezone)
    except (KeyError, ValueError, OSError):
        names = nearest(creditor.timezone, available_timezones())
        facts = {"timezone": creditor.timezone, "names": names}
        yield Diagnostic(codes.UNKNOWN_TIMEZONE, project.main.span("creditor", "timezone"), facts)


def _logo(creditor: Creditor, project: Project) -> Iterator[Diagnostic]:
    if creditor.logo is None:
        return
    span, name = project.main.span("creditor", "logo"), creditor.logo.as_posix()
    path = project.root / creditor.logo
    if leaves_project(name) or not lies_inside(project.root, path):
        yield Diagnostic(codes.OUTSIDE_PROJECT, span, {"key": "logo", "path": name})
    elif not path.is_file():
        yield Diagnostic(codes.LOGO_MISSING, span, {"path": name})
    elif path.suffix.lower() not in _LOGO_ENDINGS:
        yield Diagnostic(codes.LOGO_FORMAT, span, {"path": name})


def _payment_link(link: str, project: Project) -> Iterator[Diagnostic]:
    span = project.main.span("creditor", "payment_link")
    if not re.match(r"https://[^\s/{}]+", link):
        yield Diagnostic(codes.LINK_NOT_HTTPS, span)
    for name in _placeholders(link):
        if name not in PLACEHOLDERS:
            facts = {"placeholder": name, "names": nearest(name, PLACEHOLDERS)}
            yield Diagnostic(codes.LINK_PLACEHOLDER, span, facts)


def _placeholders(link: str) -> list[str]:
    """Return what stands in braces, with what does not belong there; the text if it is broken."""
    try:
        parsed = list(Formatter().parse(link))
    except ValueError:
        return [link[-40:]]
    return [
        name + (f":{form}" if form else "") + (f"!{conversion}" if conversion else "")
        for _, name, form, conversion in parsed
        if name is not None
    ]
