"""What there is to say of who the debtors are. Codes I200 to I207."""

from __future__ import annotations

from relance.diagnostics import Severity, rule
from relance.language import N_

W, I = Severity.WARNING, Severity.INFO  # noqa: E741

WRONG_REGISTRATION = rule(
    "I200", W,
    N_("{debtor}: {number} is no registration of {country}: its form or its check digits are wrong"),
    N_("copy it again from an official register (France: SIREN or SIRET; Belgium: enterprise number)"),
    N_("Check digits catch a mistyped digit. A wrong number makes a formal notice, a claim in court or an invoice to a public buyer fail."),
)  # fmt: skip
WRONG_VAT = rule(
    "I201", W,
    N_("{debtor}: {number} is no VAT number of {country}: its form or its check digits are wrong"),
    N_("copy it again, with the letters of its country; VIES says whether it is in use"),
    N_("The digits are checked as the country computes them; whether it is in use is not asked of anybody."),
)  # fmt: skip
WRONG_IBAN = rule(
    "I202", W,
    N_("{debtor}: {number} is no IBAN: its length or its check digits are wrong"),
    N_("copy it again from a document of its bank"),
    N_("Payments are recognised by the account that they come from: a wrong one recognises none."),
)  # fmt: skip
OTHER_REGISTRATION = rule(
    "I203", W,
    N_("{debtor}: the VAT number {vat} is not that of registration {number}"),
    N_("one of them belongs to another company: find out which"),
    N_("In France a VAT number ends with the SIREN, in Belgium it is the enterprise number."),
)  # fmt: skip
SAME_REGISTRATION = rule(
    "I204", W,
    N_("{debtor} has the registration {number} of {other}: the same company twice?"),
    N_("keep one of them: what it owes is split, and it may be written to twice"),
    N_("A company that is in the file twice is judged by half of what it owes, and gets two letters."),
)  # fmt: skip
SAME_IBAN = rule(
    "I205", W,
    N_("{debtor} pays from the account {number} of {other}"),
    N_("the same debtor twice, or a payer for several: payments from it name nobody by themselves"),
    N_("An account that several debtors have is no evidence of who pays."),
)  # fmt: skip
NEAR_NAME = rule(
    "I206", I,
    N_("{debtor} ({name}) looks like {other} ({other_name})"),
    N_("if it is the same debtor, keep one of them"),
    N_("Names are compared without accents, legal forms and the order of words; numbers in them must be equal, and so must postcodes and registrations where both are known."),
)  # fmt: skip
MORE = rule(
    "I207", I,
    N_("further debtors with {code}: {count}"),
    N_("the first {shown} are named one by one"),
    N_("Findings of one kind are named up to a bound; all count."),
)  # fmt: skip
