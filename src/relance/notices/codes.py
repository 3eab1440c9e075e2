"""What can be wrong with templates and with the notices made from them."""

from __future__ import annotations

from relance.diagnostics import Diagnostic, Severity, rule


class RenderError(Exception):
    """A notice cannot be rendered; `diagnostic` says why and where. The run goes on without it."""

    def __init__(self, diagnostic: Diagnostic) -> None:
        super().__init__(f"{diagnostic.span or ''} {diagnostic.code}: {diagnostic.message()}")
        self.diagnostic = diagnostic

    def __reduce__(self) -> tuple[type[RenderError], tuple[Diagnostic]]:
        """Survive the way back from a pool of processes."""
        return RenderError, (self.diagnostic,)


MISSING = rule(
    "T001",
    Severity.ERROR,
    "there is no template '{template}' for {medium} in '{language}'",
    "write templates/{template}/{language}.wording, or name one of the shipped templates: "
    "courtesy, reminder, last-reminder, formal-notice, statement",
    "A level names a template that is neither in the project nor shipped, in the debtor's "
    "language or in the creditor's.",
)

SYNTAX = rule(
    "T002",
    Severity.ERROR,
    "the template cannot be read: {problem}",
    "correct the line; docs/templates shows the blocks and variables of a template",
    "Templates are written in Jinja2: blocks, variables and conditions must be closed.",
)

UNDEFINED = rule(
    "T003",
    Severity.ERROR,
    "the template uses '{name}', which does not exist",
    "did you mean '{nearest}'? docs/templates lists what a template can use",
    "An unknown variable is an error and never an empty place in a letter.",
)

FAILED = rule(
    "T004",
    Severity.ERROR,
    "the template failed: {problem}",
    "correct the line; the other notices are not concerned",
    "The template was read but its execution raised an error, or tried what is not allowed.",
)

FOREIGN_ACCOUNT = rule(
    "T005",
    Severity.ERROR,
    "the {medium} of notice {key} shows the account {iban}, which is not in accounts.yaml",
    "if the account is yours, add it to accounts.yaml; if not, find out where it comes from "
    "before anything is sent",
    "Payment diversion is the fraud of reminders: no message leaves with an account that the "
    "project does not declare.",
)

BAD_ADDRESS = rule(
    "T006",
    Severity.ERROR,
    "'{address}' cannot be used as an e-mail address",
    "correct the address of {owner}",
    "An address must have the form name@domain and hold no space or control character.",
)

LOGO = rule(
    "T007",
    Severity.ERROR,
    "the logo {path} is not a file of the project",
    "put the file in the project folder and give its path from there",
    "The logo is read from the project folder only and is carried inside each message.",
)

LOGO_FORM = rule(
    "T008",
    Severity.ERROR,
    "the logo {path} is no PNG, JPEG or SVG image of 500 kB at most",
    "convert or shrink the image",
    "The logo travels in every message: other formats and large files are refused.",
)

PAYMENT_LINK = rule(
    "T009",
    Severity.ERROR,
    "the payment link '{link}' is no https address that can be filled in",
    "write an https address with any of {{number}}, {{amount}}, {{currency}}, {{reference}} "
    "and {{debtor}}",
    "The link is filled in for each notice, with encoded values.",
)

LABELS = rule(
    "T010",
    Severity.ERROR,
    "the labels cannot be read: a name with its text was expected on each line",
    "write 'name: text' on each line, as in the shipped labels",
    "Labels are the fixed words of the layouts: headings of tables, how to pay, page numbers.",
)
