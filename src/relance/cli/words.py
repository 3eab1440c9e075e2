"""The language of the screen: chosen once, when the program starts, for help texts and messages."""

from __future__ import annotations

import gettext
import os
import sys
from collections.abc import Sequence
from pathlib import Path

import relance
from relance.language import OPERATOR_LANGUAGES, Translate, operator_language, translator


def language_asked(arguments: Sequence[str]) -> str | None:
    """Return the value of the last `--lang` in `arguments`; None when it is not there."""
    asked = None
    for position, argument in enumerate(arguments):
        name, joined, value = argument.partition("=")
        if name != "--lang":
            continue
        following = arguments[position + 1 : position + 2]
        asked = value if joined else next(iter(following), None)
    return asked


def _translate_the_parser(language: str) -> None:
    """Let the command-line parser, which asks gettext, find its words in our catalogue."""
    if language != "en":
        os.environ["LANGUAGE"] = language
        gettext.bindtextdomain("relance", Path(relance.__file__).parent / "locale")
        gettext.textdomain("relance")


_asked = language_asked(sys.argv[1:])
# A page may be asked for in a language that the screen does not speak: the locale decides then.
LANGUAGE = operator_language(_asked if _asked in OPERATOR_LANGUAGES else None)
_: Translate = translator(LANGUAGE)
_translate_the_parser(LANGUAGE)
