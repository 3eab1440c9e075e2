"""What a document claims, by its type (BT-3): codes of UNTDID 1001 that EN 16931 and France allow."""

from __future__ import annotations

import re

from relance.intake.einvoice.document import Document

_CREDITS = frozenset(re.findall("[0-9]+", "81 83 261 262 308 381 396 420 458 502 503 532"))
_INVOICES = frozenset(
    re.findall(
        "[0-9]+",
        "80 82 84 202 203 204 211 218 219 295 326 331 380 382 383 384 385 386 387 388 389 390 393"
        " 394 395 456 457 471 472 473 500 501 527 575 623 633 780 875 876 877 935",
    )
)
CORRECTED = frozenset({"384", "471", "472", "473"})
"""Corrected invoices: they stand for the invoice that they name."""


def kind_of(document: Document) -> str | None:
    """Return "invoice" or "credit_note"; None for a type that claims nothing."""
    if document.credit or document.type in _CREDITS:
        return "credit_note"
    return "invoice" if document.type in _INVOICES else None
