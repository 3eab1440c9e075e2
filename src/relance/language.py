"""Operators' languages: marks messages for translation and finds the translator of a language.

Debtors' languages are another matter: those are templates (see `notices`).
"""

from __future__ import annotations

import gettext
import locale
import os
from collections.abc import Callable
from datetime import date
from functools import cache
from pathlib import Path

OPERATOR_LANGUAGES = ("en", "fr")

Translate = Callable[[str], str]


def N_(message: str) -> str:  # noqa: N802 (the name that tools of gettext know)
    """Return `message` as it is; the call marks it for the catalogue."""
    return message


@cache
def translator(language: str) -> Translate:
    """Return the function that translates a marked message into `language` ("fr" or "en").

    English is the language of the source; a message without translation stays English.
    """
    catalogue = gettext.translation(
        "relance", Path(__file__).parent / "locale", languages=[language], fallback=True
    )
    return catalogue.gettext


def operator_language(asked: str | None = None) -> str:
    """Return the operator's language: the one `asked` for, else the locale's, else English."""
    names = [asked, *(os.environ.get(name) for name in ("LC_ALL", "LC_MESSAGES", "LANG"))]
    for name in names:
        if name:
            code = name.replace("-", "_").split("_")[0].split(".")[0].lower()
            return code if code in OPERATOR_LANGUAGES else "en"
    code = (locale.getlocale()[0] or "en")[:2].lower()
    return code if code in OPERATOR_LANGUAGES else "en"


def day_text(day: date, language: str) -> str:
    """Return `day` in figures, as operators of `language` read it: 27/05/2026, or 2026-05-27."""
    return f"{day:%d/%m/%Y}" if language == "fr" else day.isoformat()
