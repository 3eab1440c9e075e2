"""What is said of a file that no export is as large as."""

from __future__ import annotations

from relance.diagnostics import Severity, rule

TOO_LARGE = rule(
    "I230", Severity.ERROR,
    "the file has {size} MB, the most is {most} MB",
    "Export the open items alone, or split the source over several files.",
    "A million invoices take some 200 MB: a file much larger is a mistake, or meant to fill the "
    "memory of this machine. It is not read.",
)  # fmt: skip
