"""The e-invoice that a Factur-X or ZUGFeRD PDF carries, by the library factur-x."""

from __future__ import annotations

import logging
from importlib.util import find_spec

from relance.intake import einvoice_codes as codes
from relance.intake.findings import refuse, shown

# A library that nobody asked writes its warnings to stderr, between the operator's lines.
for _name in ("factur-x", "pypdf"):
    logging.getLogger(_name).addHandler(logging.NullHandler())


def is_readable() -> bool:
    """Return whether the library of the extra `[einvoice]` is installed."""
    return find_spec("facturx") is not None


def embedded(data: bytes, file: str) -> bytes | None:
    """Return the XML that the PDF in `data` carries; None if it is an ordinary PDF.

    What a stream unpacks to is bounded by the library (75 MB, see docs/decisions/factur-x).

    Raises:
        Refusal: if the PDF cannot be read.
    """
    from facturx import get_facturx_xml_from_pdf

    try:
        _, xml = get_facturx_xml_from_pdf(data, check_xsd=False)
    # Whatever a hostile PDF makes the library raise, it is that file which is refused.
    except (Exception, RecursionError) as error:
        reason = shown(str(error).split("\n")[0] or type(error).__name__)
        raise refuse(codes.BROKEN_PDF, file, reason=reason) from error
    return bytes(xml) if xml else None
