"""The languages of the generated pages: where the pages lie, and the words that are not the program's."""

from __future__ import annotations

from dataclasses import dataclass
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
        """Return a text of the generator in the language of the page; a text it lacks is a bug."""
        return text if self.language == "en" else FRENCH[text]

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
