"""What relance has to say about its input: errors are data, collected and all shown.

Each floor declares its rules with `rule(...)` in a module `codes.py`; the documentation of
errors and the catalogue of translations are made from what is declared here.

Code letters: P policy, T templates, L the law, I intake, D decision, C channels and delivery, H history,
L law.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from relance.language import day_text, translator


class Phrase(str):
    """A fact in English words: it is translated together with the message that it stands in."""

    __slots__ = ()


class Severity(StrEnum):
    """How bad it is: an error stops, a warning is shown, an info tells what was understood."""

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"


@dataclass(frozen=True, slots=True)
class Rule:
    """A kind of diagnostic.

    Attributes:
        code: stable name, a letter and three digits ("P001").
        severity: of all diagnostics of this rule.
        message: English template in `str.format` form; also the key of its translation.
        hint: English template of the way out.
        explanation: one paragraph for the documentation.
    """

    code: str
    severity: Severity
    message: str
    hint: str
    explanation: str = ""


@dataclass(frozen=True, slots=True)
class Span:
    """A place in a file.

    Attributes:
        file: path as the user wrote it, relative to the project where it can be.
        line: 1-based, None when the diagnostic is about the whole file.
        column: 1-based, None for a whole line.
        end_column: 1-based and exclusive, None when not known.
        excerpt: the text of the line, without its end; None when there is none to show.
    """

    file: str
    line: int | None = None
    column: int | None = None
    end_column: int | None = None
    excerpt: str | None = None

    def __str__(self) -> str:
        return ":".join(str(part) for part in (self.file, self.line, self.column) if part)


RULES: dict[str, Rule] = {}


def rule(code: str, severity: Severity, message: str, hint: str, explanation: str = "") -> Rule:
    """Declare a rule and return it; the same code twice is a bug."""
    if code in RULES:
        raise ValueError(f"rule {code} is declared twice")
    RULES[code] = Rule(code, severity, message, hint, explanation)
    return RULES[code]


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """One finding: a rule, its place and the facts that fill its message.

    Attributes:
        rule: what kind of finding it is.
        span: where; None when it has no file.
        facts: values for the templates of the message and the hint.
        related: other places that belong to it (the first of two duplicates).
    """

    rule: Rule
    span: Span | None = None
    facts: Mapping[str, object] = field(default_factory=dict)
    related: tuple[Span, ...] = ()

    @property
    def code(self) -> str:
        """The stable code of the rule."""
        return self.rule.code

    @property
    def severity(self) -> Severity:
        """The severity of the rule."""
        return self.rule.severity

    def message(self, language: str = "en") -> str:
        """Return the message in the operator's `language`, its days as that is read."""
        days = {k: day_text(v, language) for k, v in self.facts.items() if isinstance(v, date)}
        return self._say(self.rule.message, language, days)

    def hint(self, language: str = "en") -> str:
        """Return the way out in the operator's `language`; empty when there is none."""
        if not self.rule.hint:
            return ""
        return self._say(self.rule.hint, language, {})  # what is to be typed has days as YAML does

    def _say(self, template: str, language: str, days: Mapping[str, str]) -> str:
        say = translator(language)
        facts = {k: say(v) if isinstance(v, Phrase) else v for k, v in self.facts.items()}
        return say(template).format_map({**facts, **days})

    def as_json(self, language: str = "en") -> dict[str, object]:
        """Return the fields of the JSON contract: code, severity, file, line, column, message, hint."""
        span = self.span
        return {
            "code": self.code,
            "severity": str(self.severity),
            "file": span.file if span else None,
            "line": span.line if span else None,
            "column": span.column if span else None,
            "message": self.message(language),
            "hint": self.hint(language),
        }


def in_order(diagnostics: Iterable[Diagnostic]) -> list[Diagnostic]:
    """Return the diagnostics sorted by file, place and code, each distinct one once."""

    def place(d: Diagnostic) -> tuple[str, int, int, str, str]:
        span = d.span or Span("")
        return (span.file, span.line or 0, span.column or 0, d.code, d.message())

    unique = {(*place(d), str(d.severity)): d for d in diagnostics}
    return sorted(unique.values(), key=place)


def has_errors(diagnostics: Iterable[Diagnostic]) -> bool:
    """Return whether any of them is an error."""
    return any(d.severity is Severity.ERROR for d in diagnostics)
