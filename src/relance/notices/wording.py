"""The words of a notice: subject, opening, closing and SMS, filled in and set for their language."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from jinja2 import Template

from relance.notices.typography import plain_spaces, set_spaces

BLOCKS = ("subject", "opening", "closing", "sms")


@dataclass(frozen=True, slots=True)
class Wording:
    """Words ready for a layout: `opening` and `closing` are paragraphs without markup."""

    subject: str
    opening: tuple[str, ...]
    closing: tuple[str, ...]
    sms: str


def fill_wording(template: Template, variables: Mapping[str, Any]) -> Wording:
    """Return the words of a `.wording` template; a block that it does not have is empty."""
    locale = str(variables["locale"])
    filled = {name: _block(template, name, variables) for name in BLOCKS}
    return Wording(
        subject=_one_line(set_spaces(filled["subject"], locale)),
        opening=_paragraphs(filled["opening"], locale),
        closing=_paragraphs(filled["closing"], locale),
        sms=_one_line(plain_spaces(filled["sms"])),
    )


def _block(template: Template, name: str, variables: Mapping[str, Any]) -> str:
    render = template.blocks.get(name)
    if render is None:
        return ""
    try:
        return template.environment.concat(render(template.new_context(dict(variables))))
    except Exception:  # re-raised with the template's own lines in the traceback
        template.environment.handle_exception()


def _paragraphs(text: str, locale: str) -> tuple[str, ...]:
    """Blank lines separate paragraphs; a line feed inside one is a space."""
    found = (_one_line(part) for part in re.split(r"\n[ \t]*\n", text))
    return tuple(set_spaces(part, locale) for part in found if part)


def _one_line(text: str) -> str:
    """Ordinary white space becomes one space; no-break spaces stay."""
    return re.sub(r"[ \t\r\n]+", " ", text).strip(" ")
