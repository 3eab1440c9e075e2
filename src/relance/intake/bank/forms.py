"""The form of a bank's file, recognised by how it begins, and its reader."""

from __future__ import annotations

import importlib
import re
from dataclasses import replace
from typing import cast

from relance.diagnostics import Diagnostic, Span
from relance.intake.bank import codes
from relance.intake.bank.statement import Defaults, Reader, Statement

READERS = {
    "camt": ("camt", "read_camt"),
    "coda": ("coda", "read_coda"),
    "cfonb": ("cfonb", "read_cfonb"),
    "mt940": ("mt940", "read_mt940"),
    "ofx": ("ofx", "read_ofx"),
    "csv": ("table", "read_csv"),
}
"""Module and function by form: a module is loaded when its form is read."""

_HEAD = 4096
_CODA = re.compile(rb"0[0-9]{4}[0-9]{6}[0-9]{3}05.{107,111}[12]\s*(?:\r|\n|$)")
# Files of unpaid items (240 characters) are told apart by the reader, which says what to import.
_CFONB = re.compile(rb"0[147][0-9]{5}[ 0-9A-Za-z]{4}[0-9]{5}|31[^;\t\r\n]{200,238}(?:\r|\n|$)")
_MT940 = re.compile(rb"(?:^|[\r\n])\s*(?:\{[14]:|:20:|:25:|940\r?$)")
_OFX = re.compile(rb"OFXHEADER|<OFX>|<\?OFX", re.IGNORECASE)
_XML = re.compile(rb"<\?xml|<[A-Za-z!]")


def form_of(content: bytes) -> str:
    """Return the form of `content`: camt, coda, cfonb, mt940, ofx or csv."""
    head = content[:_HEAD]
    if head[:2] in (b"\xff\xfe", b"\xfe\xff"):
        head = head.decode("utf-16", "ignore").encode("utf-8", "ignore")
    head = head.removeprefix(b"\xef\xbb\xbf").lstrip()
    if _OFX.search(head):
        return "ofx"
    if _XML.match(head):
        return "camt"
    if _CODA.match(head):
        return "coda"
    if _CFONB.match(head):
        return "cfonb"
    if _MT940.search(head):
        return "mt940"
    return "csv"


def reader_of(form: str) -> Reader:
    """Return the reader of `form`."""
    module, function = READERS[form]
    return cast(Reader, getattr(importlib.import_module(f"{__package__}.{module}"), function))


def read_statement(
    content: bytes, name: str, defaults: Defaults, form: str | None = None
) -> tuple[list[Statement], list[Diagnostic]]:
    """Return the statements in `content` and what is said of them; `form` None recognises it.

    `name` stands in the findings. No content raises; a finding of severity error refuses the file.
    """
    found = form_of(content)
    # Whatever is not recognised may be a CSV file; what the policy calls CSV is read as such.
    if form is not None and form != found and (form == "camt" or found != "csv") and form != "csv":
        return [], [Diagnostic(codes.NOT_FORM, Span(name, 1), {"form": form})]
    return reader_of(form or found)(content, name, replace(defaults))
