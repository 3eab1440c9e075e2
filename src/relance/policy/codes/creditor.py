"""What can be wrong with the creditor and the bank accounts."""

from relance.diagnostics import Severity, rule
from relance.language import N_

ERROR = Severity.ERROR
WARNING = Severity.WARNING

WRONG_REGISTRATION = rule(
    "P160", ERROR,
    N_("`{number}` is not a SIREN: its length or its check digit is wrong"),
    N_("copy it again from the register; quote it so that zeros stay"),
    N_("The check digits say that a digit is wrong. It is printed on every notice."),
)  # fmt: skip
WRONG_ENTERPRISE = rule(
    "P176", ERROR,
    N_("`{number}` is not a Belgian enterprise number: its length or its check digits are wrong"),
    N_("copy it again from the register; quote it so that zeros stay"),
    N_("The check digits say that a digit is wrong. It is printed on every notice."),
)  # fmt: skip
WRONG_VAT = rule(
    "P161", ERROR,
    N_("`{number}` is not a VAT number of {country}: its form or its check digits are wrong"),
    N_("write it with its country, FR44732829320 or BE0123456749"),
    N_("The check digits say that a digit is wrong. It is printed on every notice."),
)  # fmt: skip
VAT_OF_ANOTHER = rule(
    "P162", WARNING,
    N_("the VAT number does not belong to the registration `{registration}`"),
    N_("compare the two: the VAT number ends with the registration"),
    N_("In France and Belgium the VAT number is made from the registration."),
)  # fmt: skip
UNKNOWN_TIMEZONE = rule(
    "P163", ERROR,
    N_("unknown time zone `{timezone}`"),
    N_("did you mean: {names}?"),
    N_("Time zones are IANA names."),
)  # fmt: skip
LOGO_MISSING = rule(
    "P164", ERROR,
    N_("the logo `{path}` is not there"),
    N_("put the file in the project, or remove `logo`"),
    N_("The path is relative to the project."),
)  # fmt: skip
LOGO_FORMAT = rule(
    "P165", ERROR,
    N_("the logo `{path}` is not a PNG, JPEG or SVG file"),
    N_("convert it; its name ends in .png, .jpg, .jpeg or .svg"),
    N_("Mail programs and the PDF show these formats."),
)  # fmt: skip
OUTSIDE_PROJECT = rule(
    "P166", ERROR,
    N_("`{key}` leaves the project: {path}"),
    N_("use a path below the project, without `..` and not absolute"),
    N_("A project directory holds all it reads; exports are copied or linked into it."),
)  # fmt: skip
LINK_NOT_HTTPS = rule(
    "P167", ERROR,
    N_("the payment link does not begin with https://"),
    N_("use the https address of the payment page"),
    N_("Debtors must be able to trust where they pay."),
)  # fmt: skip
LINK_PLACEHOLDER = rule(
    "P168", ERROR,
    N_("the payment link has an unknown placeholder `{placeholder}`"),
    N_("did you mean: {names}?"),
    N_("Placeholders stand in braces and nothing else does."),
)  # fmt: skip
WRONG_EMAIL = rule(
    "P169", ERROR,
    N_("`{address}` is not an e-mail address"),
    N_("write it as name@company.example"),
    N_("Debtors answer to it."),
)  # fmt: skip
WRONG_IBAN = rule(
    "P170", ERROR,
    N_("`{iban}` is not an IBAN: its length or its check digits are wrong"),
    N_("copy it again from the bank's document"),
    N_("The check digits (modulo 97) and the length of the country are verified."),
)  # fmt: skip
WRONG_BIC = rule(
    "P171", ERROR,
    N_("`{bic}` is not a BIC"),
    N_("a BIC has 8 or 11 characters: bank, country, place, branch"),
    N_("ISO 9362."),
)  # fmt: skip
ACCOUNT_ABROAD = rule(
    "P172", WARNING,
    N_("the account is in {country}, the creditor in {home}"),
    N_("make sure that this account is yours: debtors find it unusual"),
    N_("An account in another country is the usual sign of a diverted payment."),
)  # fmt: skip
BIC_OF_ANOTHER = rule(
    "P173", WARNING,
    N_("the BIC is of {country}, the IBAN of {home}"),
    N_("copy both again from the bank's document"),
    N_("Both hold the country of the bank."),
)  # fmt: skip
OTHER_HOLDER = rule(
    "P174", WARNING,
    N_("the holder `{holder}` does not look like the creditor `{creditor}`"),
    N_("banks compare the holder with the account: write it as the bank has it"),
    N_("Not one word of the two names is the same."),
)  # fmt: skip
DUPLICATE_ACCOUNT = rule(
    "P175", ERROR,
    N_("the account {iban} is there a second time for the same currency"),
    N_("remove one of them"),
    N_("An account per currency, or one for all."),
)  # fmt: skip
