"""What was understood of a file's form, told back."""

from __future__ import annotations

from relance.diagnostics import Diagnostic, Span
from relance.intake import codes
from relance.intake.encoding import Text
from relance.intake.findings import shown
from relance.intake.headers import Heading

NONE = "–"


def form(text: Text, heading: Heading | None, decimal: str, dates: str) -> dict[str, str]:
    """Return the form of a file by name: encoding, delimiter, decimal, dates, header, preset, columns.

    `heading` is None for a file with fixed columns; an empty text means that there is none.
    """
    preset = heading.preset.name if heading and heading.preset else NONE
    columns = heading.read_from() if heading else {}
    return {
        "encoding": text.encoding,
        "delimiter": heading.delimiter.replace("\t", "TAB") if heading else NONE,
        "decimal": decimal or NONE,
        "dates": dates or NONE,
        "header": str(heading.line) if heading else NONE,
        "preset": preset,
        "columns": ", ".join(f"{column}={header}" for column, header in columns.items()) or NONE,
    }


def understood(
    file: str, heading: Heading | None, found: dict[str, str], rows: int
) -> list[Diagnostic]:
    """Return the diagnostics that tell the form `found`, and the headers that were not chosen."""
    told = [Diagnostic(codes.UNDERSTOOD, Span(file), {**found, "rows": rows})]
    if heading is None:
        return told
    read = heading.read_from()
    for column, others in heading.others.items():
        names = ", ".join(map(shown, others))
        facts = {"column": column, "header": read[column], "others": names}
        told.append(Diagnostic(codes.OTHER_HEADER, Span(file), facts))
    return told


def left_out(file: str, rows: int, rejected: int, unsafe: int) -> list[Diagnostic]:
    """Return the diagnostics that sum up the rows rejected and the cells cleaned."""
    told = []
    if unsafe:
        told.append(Diagnostic(codes.CLEANED, Span(file), {"count": unsafe}))
    if rejected:
        told.append(Diagnostic(codes.REJECTED, Span(file), {"count": rejected, "rows": rows}))
    return told
