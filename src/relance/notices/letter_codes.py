"""What can go wrong when letters are printed."""

from __future__ import annotations

from relance.diagnostics import Severity, rule

APT_COMMAND = (
    "sudo apt-get install libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 "
    "fonts-liberation fonts-dejavu-core"
)

LETTER_FAILED = rule(
    "T101",
    Severity.ERROR,
    "the letter {key} could not be made into a PDF: {problem}",
    "correct the template or the data that it shows; the other letters are not concerned",
    "The letter's page could not be laid out. Letters may show the project's logo and their own "
    "QR code only: whatever else they ask for, from the net or from disk, is refused.",
)

LIBRARY_MISSING = rule(
    "T102",
    Severity.ERROR,
    "letters need a system library that is not installed: {problem}",
    "on Debian and Ubuntu: {command}",
    "PDFs are laid out by WeasyPrint, which uses Pango and fonts of the system.",
)

OUTSIDE = rule(
    "T103",
    Severity.ERROR,
    "the style sheet or the logo of letters asks for what is not in it: {problem}",
    "put into letter.css, or into the image, what it takes from elsewhere; no letter can be made "
    "until then",
    "Nothing is fetched while letters are made, from the net or from disk: an @import or an image "
    "elsewhere would tell others who is reminded, and could bring files of this machine onto paper.",
)
