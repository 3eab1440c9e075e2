"""XML of strangers, read without following anything: no document types, entities or network."""

from __future__ import annotations

from typing import TYPE_CHECKING

from relance.intake import einvoice_codes as codes
from relance.intake.findings import refuse, shown

if TYPE_CHECKING:
    from lxml.etree import _Element

LARGEST = 50
"""Most megabytes of a file: an invoice of one megabyte has thousands of lines or attachments."""

_ENVELOPE = "StandardBusinessDocument"


def root_of(data: bytes, file: str) -> _Element:
    """Return the root of the XML in `data`, out of the envelope of the Peppol network if it has one.

    libxml2 bounds depth (256) and text (10 MB) by itself.

    Raises:
        Refusal: if it is no XML, or declares a document type.
    """
    from lxml import etree

    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, dtd_validation=False,
        huge_tree=False, remove_comments=True, remove_pis=True, remove_blank_text=False,
    )  # fmt: skip
    try:
        root = etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        line = getattr(error, "lineno", None)
        reason = shown(getattr(error, "msg", None) or error)
        raise refuse(codes.NOT_XML, file, line or None, reason=reason) from error
    document = root.getroottree().docinfo
    if document.internalDTD is not None or document.doctype:
        raise refuse(codes.DTD, file, 1)
    return _unwrapped(root)


def _unwrapped(root: _Element) -> _Element:
    if name_of(root) != _ENVELOPE:
        return root
    inside = [child for child in root if name_of(child) != "StandardBusinessDocumentHeader"]
    return inside[-1] if inside else root


def name_of(element: _Element) -> str:
    """Return the name of `element` without its namespace."""
    tag = element.tag
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def line_of(element: _Element | None, root: _Element) -> int | None:
    """Return the 1-based line of `element`, else of `root`."""
    line = (root if element is None else element).sourceline
    return line if isinstance(line, int) else None


def text_at(element: _Element | None, path: str, names: dict[str, str]) -> str:
    """Return the trimmed text at `path` below `element`; "" without one."""
    if element is None:
        return ""
    return (element.findtext(path, "", names) or "").strip()


def texts_at(element: _Element | None, path: str, names: dict[str, str]) -> tuple[str, ...]:
    """Return the trimmed texts at `path` below `element` that are not empty."""
    if element is None:
        return ()
    found = ((one.text or "").strip() for one in element.iterfind(path, names))
    return tuple(text for text in found if text)


def identifiers_at(
    element: _Element | None, path: str, names: dict[str, str]
) -> tuple[tuple[str, str], ...]:
    """Return scheme and text at `path` below `element`, where there is a text."""
    if element is None:
        return ()
    return tuple(
        ((one.get("schemeID") or "").strip(), (one.text or "").strip())
        for one in element.iterfind(path, names)
        if (one.text or "").strip()
    )
