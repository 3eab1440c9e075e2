"""Checks of the machine: Python, libraries, PDF, fonts, clock, language."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from importlib import metadata

from relance import __version__
from relance.cli.checkup import FAIL, OK, WARN, Finding
from relance.cli.words import LANGUAGE, _

_LIBRARIES = (
    "polars",
    "pydantic",
    "sqlalchemy",
    "weasyprint",
    "jinja2",
    "babel",
    "holidays",
    "typer",
)
_NEEDED_SIGNS = ":charset=20ac 202f e9"  # €, narrow no-break space, é
_PANGO = "apt-get install libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 fonts-dejavu-core"
_OLDEST_CLOCK = 2026


def findings() -> Iterator[Finding]:
    """Yield what was found, one line for each check."""
    yield _versions()
    yield _libraries()
    yield _pdf()
    yield _fonts()
    yield _clock()
    yield _encoding()


def _versions() -> Finding:
    python = ".".join(str(part) for part in sys.version_info[:3])
    return Finding("relance", OK, f"{__version__}, Python {python}, {sys.platform}")


def _libraries() -> Finding:
    known, absent = [], []
    for name in _LIBRARIES:
        try:
            known.append(f"{name} {metadata.version(name)}")
        except metadata.PackageNotFoundError:
            absent.append(name)
    if absent:
        detail = _("not installed: {names}").format(names=", ".join(absent))
        return Finding(_("libraries"), FAIL, detail, _("install relance again"))
    return Finding(_("libraries"), OK, ", ".join(known))


def _pdf() -> Finding:
    name = _("letters as PDF")
    try:
        from weasyprint import HTML

        made = HTML(string="<p>é €\u202f</p>").write_pdf()
    except OSError as error:  # WeasyPrint says so when Pango is not there
        detail = _("Pango cannot be loaded: {error}").format(error=str(error).splitlines()[0])
        return Finding(name, FAIL, detail, _PANGO)
    if not made:
        return Finding(name, FAIL, _("no PDF could be made"), _PANGO)
    return Finding(name, OK, _("made a page of {size} bytes").format(size=len(made)))


def _fonts() -> Finding:
    import shutil
    import subprocess

    name = _("fonts")
    command = shutil.which("fc-list")
    if command is None:
        return Finding(name, WARN, _("fc-list is not there to ask"), "apt-get install fontconfig")
    asked = [command, _NEEDED_SIGNS, "family"]
    listed = subprocess.run(asked, capture_output=True, text=True, check=False, timeout=30)
    families = sorted({line.split(",")[0].strip() for line in listed.stdout.splitlines() if line})
    if not families:
        return Finding(
            name, FAIL, _("no font has é, € and the narrow no-break space"),
            "apt-get install fonts-dejavu-core",
        )  # fmt: skip
    return Finding(name, OK, ", ".join(families[:3]) + ("…" if len(families) > 3 else ""))


def _clock() -> Finding:
    from relance import clock

    now = clock.now()
    if now.year < _OLDEST_CLOCK:
        return Finding(
            _("clock"), FAIL, now.isoformat(timespec="seconds"), _("set the clock of the machine")
        )
    return Finding(_("clock"), OK, now.isoformat(timespec="seconds"))


def _encoding() -> Finding:
    encoding = (getattr(sys.stdout, "encoding", None) or "ascii").lower()
    detail = f"{LANGUAGE}, {encoding}"
    if encoding.replace("-", "") != "utf8":
        return Finding(_("screen"), WARN, detail, _("set LANG to a UTF-8 locale, like C.UTF-8"))
    return Finding(_("screen"), OK, detail)
