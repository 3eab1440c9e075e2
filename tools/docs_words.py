"""The languages of the generated pages: where the pages lie, and the words that are not the program's."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

import yaml
from docs_tables import DOCS, PAGES, ROOT

LANGUAGES = ("en", "fr")
TWINS: dict[str, str] = yaml.safe_load((ROOT / "tools/site/twins.yml").read_text("utf-8"))

FRENCH = {
    "Code": "Code",
    "Meaning": "Sens",
    "Policy": "La politique",
    "Templates": "Les modèles",
    "The law": "Le droit",
    "Intake: the files read": "Les fichiers lus",
    "Decision": "La décision",
    "Channels and delivery": "Les canaux et l’envoi",
    "History": "L’historique",
    "Accounts": "Les comptes bancaires",
    "{letter}: {family}": "{letter} : {family}",
    "*{severity}*: `{message}`": "*{severity}* : `{message}`",
    "**Way out:** {hint}": "**Que faire :** {hint}",
    "Private customers in Belgium.": "Particuliers en Belgique.",
    "Private customers in France.": "Particuliers en France.",
    "Long-standing customers who usually pay on time.": "Clients de longue date, qui paient d’ordinaire à temps.",
    "Large customers, called before anything is written.": "Grands comptes, appelés avant tout écrit.",
    "Administrations, hospitals, local authorities.": "Administrations, hôpitaux, collectivités.",
    "Business customers without special history.": "Professionnels sans antécédents particuliers.",
    "New customers, and those who often pay late.": "Nouveaux clients, et ceux qui paient souvent en retard.",
    "One notice per {one}, at least {days} days between two about the same receivable, from {minimum} past due.": (
        "Une relance par {one}, au moins {days} jours entre deux sur la même créance, à partir de {minimum} échus."
    ),
    "debtor and currency": "débiteur et devise",
    "level": "niveau",
    "receivable": "créance",
    "Level": "Niveau",
    "Day": "Jour",
    "Channel": "Canal",
    "What": "Ce qu’il fait",
    "else": "sinon",
    "task: {kind}": "tâche : {kind}",
    "only if {conditions}": "seulement si {conditions}",
    "from": "à partir de",
    "to": "jusqu’à",
    "claims": "réclame",
    "interest": "intérêts",
    "compensation": "indemnité",
    "fee": "frais",
    "what is left on paid invoices": "ce qui reste dû sur les factures payées",
    "approval required": "approbation requise",
    "; ": " ; ",
}
"""The generator's own words; those of the program are in its catalogue."""


@dataclass(frozen=True, slots=True)
class Words:
    """The language of a generated page.

    Attributes:
        language: "en" or "fr".
    """

    language: str

    def own(self, text: str) -> str:
        """Return a text of the generator in the language of the page; end where it lacks it."""
        if self.language == "en" or not text:
            return text
        if text not in FRENCH:
            sys.exit(f"tools/docs_words.py: no French for {text!r}")
        return FRENCH[text]

    def amount(self, value: Decimal) -> str:
        """Return an amount with the decimal mark of the language."""
        text = f"{value:.2f}"
        return text if self.language == "en" else text.replace(".", ",")

    def said(self, text: str) -> str:
        """Return a text of the program as it says it in the language of the page."""
        from relance.language import translator

        return translator(self.language)(text) if text else ""

    def page(self, name: str) -> Path | None:
        """Return where the twin of the English page `name` lies; None when it has none."""
        return self._of(DOCS, name)

    def prose(self, name: str) -> str:
        """Return what people wrote around the generated parts of the English page `name`'s twin."""
        path = self._of(PAGES, name)
        assert path, f"{name} has no twin"
        return path.read_text("utf-8")

    def _of(self, folder: Path, name: str) -> Path | None:
        if self.language == "en":
            return folder / name
        return folder / self.language / TWINS[name] if name in TWINS else None
