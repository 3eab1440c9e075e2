"""Bring the catalogues of the screen's languages up to date with the texts in the source.

    python tools/catalogs.py            rewrite the .po files and compile the .mo files
    python tools/catalogs.py --check    change nothing; fail when something is missing or stale

Texts are the first argument of `_` and `N_`, and the message, hint and explanation of `rule`.
"""

from __future__ import annotations

import argparse
import ast
import gettext
import io
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from string import Formatter

from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

SOURCE = Path(__file__).parents[1] / "src" / "relance"
LOCALE = SOURCE / "locale"
LANGUAGES = ("fr",)

_RULE_TEXTS = {"message": 2, "hint": 3, "explanation": 4}
_FIXED = datetime(2026, 1, 1, tzinfo=UTC)  # a date would change the files for nothing
_NOISE = (b'"Report-Msgid', b'"Last-Translator', b'"Language-Team', b'"Generated-By')


def _texts_of(call: ast.Call) -> Iterator[ast.expr]:
    """Yield the expressions of `call` that are texts for the operator."""
    name = getattr(call.func, "id", getattr(call.func, "attr", ""))
    if name in ("_", "N_"):
        yield from call.args[:1]
    elif name == "rule":
        yield from (call.args[n] for n in _RULE_TEXTS.values() if n < len(call.args))
        yield from (k.value for k in call.keywords if k.arg in _RULE_TEXTS)


def texts_in(source: str) -> list[str]:
    """Return the texts for the operator in the Python `source`, in order of appearance."""
    calls = [node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Call)]
    calls.sort(key=lambda call: (call.lineno, call.col_offset))
    return [
        text.value
        for call in calls
        for text in _texts_of(call)
        if isinstance(text, ast.Constant) and isinstance(text.value, str) and text.value
    ]


def extracted() -> Catalog:
    """Return a catalogue of all texts in the source, without translations."""
    catalog = Catalog(project="relance", charset="utf-8", fuzzy=False)
    for path in sorted(SOURCE.rglob("*.py")):
        for text in texts_in(path.read_text("utf-8")):
            name = path.relative_to(SOURCE.parent).as_posix()
            flags = ["python-brace-format"] if placeholders(text) else []
            catalog.add(text, locations=[(name, 0)], flags=flags)
    return catalog


def placeholders(text: str) -> set[str]:
    """Return the names in braces in `text`."""
    return {name for _, name, _, _ in Formatter().parse(text) if name is not None}


def po_path(language: str) -> Path:
    """Return where the translations into `language` are written by hand."""
    return LOCALE / language / "LC_MESSAGES" / "relance.po"


def updated(language: str) -> Catalog:
    """Return the catalogue of `language` with the texts of today's source."""
    path = po_path(language)
    catalog = Catalog(locale=language, project="relance", charset="utf-8")
    if path.exists():
        with path.open("rb") as file:
            catalog = read_po(file, locale=language)
    catalog.update(extracted(), no_fuzzy_matching=True)
    catalog.obsolete.clear()
    catalog.fuzzy = False
    catalog.header_comment = "# Texts of the screen; see tools/catalogs.py."
    catalog.creation_date = catalog.revision_date = _FIXED
    return catalog


def po_bytes(catalog: Catalog) -> bytes:
    """Return `catalog` as the content of a .po file."""
    buffer = io.BytesIO()
    write_po(buffer, catalog, width=100, sort_output=True, no_location=True)
    lines = buffer.getvalue().splitlines(keepends=True)
    return b"".join(line for line in lines if not line.startswith(_NOISE))


def mo_bytes(catalog: Catalog) -> bytes:
    """Return `catalog` as the content of a .mo file."""
    buffer = io.BytesIO()
    write_mo(buffer, catalog)
    return buffer.getvalue()


def faults(catalog: Catalog) -> list[str]:
    """Return what is wrong with the translations: missing, fuzzy, repeated, or with other places to fill."""
    found = []
    for message in catalog:
        source, translation = str(message.id), str(message.string)
        if not source:
            continue
        if not translation:
            found.append(f"no translation: {source!r}")
        elif message.fuzzy:
            found.append(f"fuzzy: {source!r}")
        elif placeholders(source) != placeholders(translation):
            found.append(f"other places to fill: {source!r} -> {translation!r}")
        elif is_repeated(translation) and not is_repeated(source):
            found.append(f"said more than once: {source!r}")
    return found


def is_repeated(text: str) -> bool:
    """Return whether `text` is the same sentence several times, as merges of catalogues leave it."""
    return len(text) > 20 and text in (text + text)[1:-1]


def stale(language: str, catalog: Catalog) -> list[str]:
    """Return which files of `language` do not hold `catalog`."""
    path = po_path(language)
    compiled = path.with_suffix(".mo")
    current = {
        path: path.exists() and path.read_bytes() == po_bytes(catalog),
        compiled: compiled.exists() and _texts(compiled.read_bytes()) == _texts(mo_bytes(catalog)),
    }
    return [
        f"{file.name} is not up to date: run python tools/catalogs.py"
        for file, is_current in current.items()
        if not is_current
    ]


def _texts(compiled: bytes) -> dict[str, str]:
    """Return the translations in a .mo file, without its header."""
    with io.BytesIO(compiled) as file:
        texts: dict[str, str] = gettext.GNUTranslations(file)._catalog  # type: ignore[attr-defined]
    return {source: text for source, text in texts.items() if source}


def _write(language: str, catalog: Catalog) -> None:
    path = po_path(language)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(po_bytes(catalog))
    path.with_suffix(".mo").write_bytes(mo_bytes(catalog))


def main() -> int:
    """Update or check the catalogues; return 1 when translations are missing or wrong."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--check", action="store_true", help="change nothing")
    check = parser.parse_args().check
    found: list[str] = []
    for language in LANGUAGES:
        catalog = updated(language)
        if check:
            found += stale(language, catalog)
        else:
            _write(language, catalog)
        found += faults(catalog)
    print("\n".join(found), file=sys.stderr)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
