"""Exits with 0 when this machine can print letters: WeasyPrint loads and a font is found."""

from __future__ import annotations

import sys

NEEDED = "é € 1\u202f234,56"  # with the narrow no-break space of French amounts


def main() -> None:
    """Render one line and see that a font was embedded."""
    from weasyprint import HTML

    page = HTML(string=f"<p style='font-family: sans-serif'>{NEEDED}</p>")
    if b"/FontFile" not in page.write_pdf(uncompressed_pdf=True):
        sys.exit("no font was found for letters")


main()
