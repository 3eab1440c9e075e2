"""Words that make a notice look like an act of a court or of its officers, or threaten with one.

An imitation is an offence (C. pén. art. 433-13 in France) or an unfair practice (CDE book VI in
Belgium, directive 2005/29/EC elsewhere); a threat is one where the creditor has no title for what it
announces. That court action is reserved or will follow may be said.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Literal

Sort = Literal["imitation", "threat"]

# Anywhere on a notice: nobody but a court or its officers writes these.
_IMITATIONS = {
    "fr": ("marianne", "r[ée]publique fran[çc]aise", "au nom du peuple fran[çc]ais", "commandement de payer",
           "commandement aux fins de saisie", "exploit d['’]huissier", "acte extrajudiciaire", "formule ex[ée]cutoire",
           "grosse ex[ée]cutoire", "proc[èe]s-verbal de saisie", "avis avant saisie", "avis de saisie",
           "sommation (?:de payer )?par huissier", "signification d['’]un jugement"),
    "nl": ("in naam der koning", "in naam des konings", "in naam van de koning", "dwangbevel", "deurwaardersexploot",
           "proces-verbaal van beslag", "uitvoerbare titel", "bevel tot betaling", "bericht van beslag"),
    "de": ("im namen des volkes", "gerichtlicher mahnbescheid", "vollstreckungsbescheid", "pf[äa]ndungsbeschluss",
           "vollstreckbare ausfertigung", "pf[äa]ndungsank[üu]ndigung", "zahlungsbefehl"),
    "en": ("in the name of the (?:king|republic|law|people)", "writ of execution", "warrant of execution",
           "enforcement notice", "seizure notice", "notice of seizure", "statutory demand", "court order to pay"),
}  # fmt: skip

# In a subject or a heading: they make the sender look like a court, or announce its acts.
_HEADINGS = {
    "fr": ("tribunal", "huissiers?", "commissaires? de justice", "saisies?", "assignation", "citation [àa] compara[îi]tre",
           "injonction de payer", "sommation", "justice", "proc[ée]dure judiciaire", "contentieux judiciaire", "greffe"),
    "nl": ("rechtbank", "(?:gerechts)?deurwaarders?", "beslag(?:legging)?", "dagvaarding", "vonnis", "griffie", "sommatie-exploot"),
    "de": ("gerichts?", "amtsgerichts?", "gerichtsvollziehers?", "pf[äa]ndung(?:en)?", "zwangsvollstreckung", "mahnbescheids?",
           "klageschrift", "vollstreckung"),
    "en": ("court", "bailiffs?", "seizure", "summons", "writ", "enforcement officers?", "high court", "county court"),
}  # fmt: skip

# Elsewhere: a threat that the creditor cannot carry out without a title.
_THREATS = {
    "fr": ("huissiers?", "commissaires? de justice", "saisies?", "saisir (?:vos|votre) (?:biens|meubles|salaire|compte|comptes)",
           "votre employeur", "vos voisins", "fich(?:er|age|[ée]s?) (?:[àa] la|banque de france)", "poursuites? p[ée]nales?"),
    "nl": ("(?:gerechts)?deurwaarders?", "beslag(?:legging)?(?: op)?", "uw werkgever", "uw buren", "strafrechtelijke? vervolg\\w+"),
    "de": ("gerichtsvollziehers?", "pf[äa]ndung(?:en)?", "pf[äa]nden", "zwangsvollstreckung", "ihren? arbeitgeber",
           "ihren? nachbarn", "strafanzeige"),
    "en": ("bailiffs?", "seizure", "seize your", "your employer", "your neighbou?rs", "criminal (?:proceedings|prosecution)"),
}  # fmt: skip

INSTEAD = {
    "fr": "nous nous réservons le droit d’en poursuivre le recouvrement par les voies de droit",
    "nl": "wij behouden ons het recht voor de invordering langs gerechtelijke weg voort te zetten",
    "de": "wir behalten uns vor, unsere Forderung auf dem Rechtsweg geltend zu machen",
    "en": "we reserve the right to pursue recovery through legal channels",
}
"""What a notice may say instead, by language."""

ARTICLES: dict[Sort, dict[str, str]] = {
    "imitation": {"FR": "C. pén. art. 433-13", "BE": "CDE, livre VI (pratiques déloyales)"},
    "threat": {"FR": "C. conso. art. L121-6", "BE": "CDE, livre VI (pratiques déloyales)"},
}
"""What forbids each sort, by the country whose law governs."""
ELSEWHERE = "directive 2005/29/CE art. 6, 8"
"""What forbids it in the rest of the European Union."""

_HEADING = re.compile(
    r"\{%-?\s*block subject\b.*?\{%-?\s*endblock|<h[1-3]\b.*?</h[1-3]>|<title\b.*?</title>",
    re.DOTALL | re.IGNORECASE,
)
_HIDDEN = re.compile(r"\{#.*?#\}|<!--.*?-->|<style\b.*?</style>", re.DOTALL | re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class LookAlike:
    """A word that should not stand on a notice.

    Attributes:
        start, end: its place in the text, in characters.
        words: as they stand there.
        sort: "imitation" of an act of a court, or "threat" with one.
    """

    start: int
    end: int
    words: str
    sort: Sort


@cache
def _patterns(language: str) -> tuple[re.Pattern[str], re.Pattern[str], re.Pattern[str]]:
    tables = (_IMITATIONS, _HEADINGS, _THREATS)
    found = [
        re.compile(rf"(?<!\w)(?:{'|'.join(table.get(language, ()))})(?!\w)", re.IGNORECASE)
        for table in tables
    ]
    return found[0], found[1], found[2]


def look_alikes(text: str, language: str) -> Iterator[LookAlike]:
    """Yield the look-alikes of a template or a line in `language` (fr, nl, de, en), in their order.

    Comments are not read. Nothing is found in another language.
    """
    if language not in INSTEAD:
        return
    text = _HIDDEN.sub(lambda match: " " * len(match[0]), text)
    imitation, heading, threat = _patterns(language)
    found = {m.span(): _found(m, "imitation") for m in imitation.finditer(text)}
    for part in _HEADING.finditer(text):
        for match in heading.finditer(text, part.start(), part.end()):
            found.setdefault(match.span(), _found(match, "imitation"))
    for match in threat.finditer(text):
        found.setdefault(match.span(), _found(match, "threat"))
    yield from _outermost(sorted(found.values(), key=lambda one: (one.start, -one.end)))


def _found(match: re.Match[str], sort: Sort) -> LookAlike:
    return LookAlike(match.start(), match.end(), " ".join(match[0].split()), sort)


def _outermost(found: list[LookAlike]) -> Iterator[LookAlike]:
    """Yield what does not lie inside a longer one."""
    reached = -1
    for one in found:
        if one.end > reached:
            yield one
            reached = one.end
