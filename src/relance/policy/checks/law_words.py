"""The words of the project's own templates, and of tasks to write a letter."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import get_args

from relance.diagnostics import Diagnostic, Phrase, Rule, Span
from relance.law.mentions import FIRST_REMINDER, FORMAL_NOTICE, Mention, is_formal, missing
from relance.law.wording import ARTICLES, ELSEWHERE, INSTEAD, LookAlike, look_alikes
from relance.policy.checks.law_notices import check_formal, proof_article
from relance.policy.checks.law_reach import acting, countries_of, home_of, place, uses
from relance.policy.codes import law as codes
from relance.policy.draft import Ladder, Project
from relance.policy.model import Charges, Language, Level
from relance.policy.paths import lies_inside

Texts = Mapping[str, tuple[str, str]]
"""Language and text of the project's own template files, by their paths."""

_LANGUAGES: tuple[str, ...] = get_args(Language)
_ENDINGS = (".wording", ".txt", ".html", ".yaml")
_WHOLE = (".wording", ".letter.html", ".email.html", ".email.txt")
"""Files that hold all that a notice says; the others are parts or labels."""

_MOST_BYTES = 200_000
_LONGEST_EXCERPT = 400

# The layouts print the invoices, their due dates and sums beside what a wording says.
_BY_LAYOUT = "{{ lines }} {{ sums }}"


def check_words(project: Project) -> Iterator[Diagnostic]:
    """Yield the findings about what own templates say and do not say."""
    texts = _own_texts(project)
    home = home_of(project)
    for name, (language, text) in texts.items():
        for found in look_alikes(text, language):
            yield _look_alike(found, _span(name, text, found), language, home)
    for ladder in project.ladders:
        if project.used(ladder.procedure.name):
            for index, level in enumerate(ladder.procedure.levels):
                yield from _letter_to_write(level, index, ladder, project, home)
                yield from _formal(level, index, ladder, project, texts)
    yield from _first_reminders(project, texts)


def _own_texts(project: Project) -> Texts:
    found = {}
    for path in sorted((project.root / "templates").glob("*/*")):
        language = _language_of(path)
        if language and path.is_file() and lies_inside(project.root, path):
            with path.open("rb") as file:
                text = file.read(_MOST_BYTES).decode("utf-8", "replace")
            found[path.relative_to(project.root).as_posix()] = (language, text)
    return found


def _language_of(path: Path) -> str:
    """Return the language that a template file has in its name ("labels.nl.yaml"), "" if none."""
    if not path.name.endswith(_ENDINGS):
        return ""
    return next((part for part in path.name.split(".") if part in _LANGUAGES), "")


def _span(name: str, text: str, found: LookAlike) -> Span:
    line = text.count("\n", 0, found.start) + 1
    begin = text.rfind("\n", 0, found.start) + 1
    end = text.find("\n", begin)
    excerpt = text[begin : len(text) if end < 0 else end].rstrip("\r")
    column = found.start - begin + 1
    ends = column + found.end - found.start
    shown = excerpt if len(excerpt) <= _LONGEST_EXCERPT else None
    return Span(name, line, column, ends if ends <= len(excerpt) + 1 else None, shown)


def _look_alike(found: LookAlike, span: Span, language: str, home: str) -> Diagnostic:
    rule = codes.IMITATION if found.sort == "imitation" else codes.THREAT
    article = ARTICLES[found.sort].get(home, ELSEWHERE)
    facts = {"words": found.words, "article": article, "instead": INSTEAD[language]}
    return Diagnostic(rule, span, facts)


def _letter_to_write(
    level: Level, index: int, ladder: Ladder, project: Project, home: str
) -> Iterator[Diagnostic]:
    """A task to write a letter names it; the subjects of other tasks stay in the firm."""
    if level.task is None or level.task.kind != "letter" or project.draft.creditor is None:
        return
    for written, subject in level.task.subjects.items():
        language = written or project.draft.creditor.language
        route = ("task", "subject", written) if written else ("task", "subject")
        span = place(ladder, project, "levels", index, *route)
        for found in look_alikes(subject, language):
            yield _look_alike(found, span, language, home)


def _of(template: str | None, texts: Texts) -> Texts:
    return {n: t for n, t in texts.items() if template and n.startswith(f"templates/{template}/")}


def _formal(
    level: Level, index: int, ladder: Ladder, project: Project, texts: Texts
) -> Iterator[Diagnostic]:
    own = _of(level.template, texts)
    named = level.template == "formal-notice"
    if not named and not any(is_formal(text, language) for language, text in own.values()):
        return
    if not named:
        yield from check_formal(level, index, ladder, project)
    article = proof_article(project)
    yield from _absent(own, FORMAL_NOTICE, codes.FORMAL_WITHOUT_MENTION, article)


def _absent(
    own: Texts, mentions: tuple[Mention, ...], rule: Rule, article: str = ""
) -> Iterator[Diagnostic]:
    for name, (language, text) in own.items():
        if name.endswith(_WHOLE):
            shown = text + _BY_LAYOUT if name.endswith(".wording") else text
            for mention in missing(shown, language, mentions):
                facts = {"mention": Phrase(mention.name), "instead": mention.instead}
                facts["article"] = article
                yield Diagnostic(rule, Span(name), facts)


def _first_reminders(project: Project, texts: Texts) -> Iterator[Diagnostic]:
    """Yield what the first reminders of procedures for Belgian consumers alone leave out."""
    for use in uses(project, "consumer", countries_of(project, "BE")):
        notices = [level for _, level in acting(use)]
        first = next((level for level in notices if level.days >= 0), None)
        if use.certain and first is not None:
            charging = any(level.charges != Charges() for level in notices)
            rule = (
                codes.REMINDER_WITHOUT_MENTION if charging else codes.REMINDER_WITHOUT_MENTION_YET
            )
            yield from _absent(_of(first.template, texts), FIRST_REMINDER, rule)
