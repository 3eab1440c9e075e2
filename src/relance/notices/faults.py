"""From an exception of a template to the diagnostic that shows its author the place."""

from __future__ import annotations

import difflib
import re
import traceback
from collections.abc import Iterable
from dataclasses import fields
from pathlib import Path

from jinja2 import TemplateNotFound, TemplateSyntaxError, UndefinedError

from relance.diagnostics import Diagnostic, Rule, Span
from relance.dunning.plan import Notice, Party
from relance.notices import codes
from relance.notices.codes import RenderError
from relance.notices.context import Letterhead, Row
from relance.policy.model import Account

_NAME = re.compile(r"'([^']+)' is undefined|(?:no attribute|has no element) '?([^']+)")
_ATTRIBUTES = frozenset(
    field.name for kind in (Letterhead, Row, Party, Notice) for field in fields(kind)
) | frozenset(Account.model_fields)


def fault(error: Exception, folders: Iterable[Path], known: Iterable[str]) -> RenderError:
    """Return what `error`, raised by a template of `folders`, means to its author.

    `known` are the variables that the template could use.
    """
    span = _place(error, tuple(folders))
    if isinstance(error, TemplateSyntaxError):
        return _render_error(codes.SYNTAX, span, problem=error.message or "")
    if isinstance(error, UndefinedError) and (match := _NAME.search(str(error))):
        name = match[1] or match[2]
        names = sorted(known) if match[1] else sorted(_ATTRIBUTES)
        near = difflib.get_close_matches(name, names, n=1, cutoff=0.4)
        return _render_error(codes.UNDEFINED, span, name=name, nearest=near[0] if near else "lines")
    if isinstance(error, TemplateNotFound):
        return _render_error(codes.FAILED, span, problem=f"{error.name}: no such template")
    return _render_error(codes.FAILED, span, problem=f"{type(error).__name__}: {error}")


def _render_error(rule: Rule, span: Span | None, **facts: str) -> RenderError:
    return RenderError(Diagnostic(rule, span, facts))


def _place(error: Exception, folders: tuple[Path, ...]) -> Span | None:
    """The innermost line of a template in the traceback; Jinja2 writes its own lines there."""
    if isinstance(error, TemplateSyntaxError) and error.filename:
        return _span(error.filename, error.lineno, folders)
    frames = traceback.extract_tb(error.__traceback__)
    of_templates = [f for f in frames if any(Path(f.filename).is_relative_to(d) for d in folders)]
    if not of_templates:
        return None
    return _span(of_templates[-1].filename, of_templates[-1].lineno, folders)


def _span(filename: str, line: int | None, folders: tuple[Path, ...]) -> Span:
    path = Path(filename)
    folder = next((d for d in folders if path.is_relative_to(d)), path.parent)
    shown = Path("templates") / path.relative_to(folder)
    lines = path.read_text(encoding="utf-8", errors="replace").splitlines()
    excerpt = lines[line - 1] if line and line <= len(lines) else None
    return Span(shown.as_posix(), line, excerpt=excerpt)
