"""Builds the documentation: site/en, site/fr and a page that leads to them. Needs no network.

python tools/site/build.py [FOLDER]     site/ where no folder is named

Broken links and anchors, and pages that no menu leads to, are errors.
"""

from __future__ import annotations

import logging
import os
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
CONFIGURATIONS = {"en": "mkdocs.yml", "fr": "mkdocs.fr.yml"}
FIRST_PAGE = """<!doctype html>
<html lang="en">
<meta charset="utf-8">
<title>relance</title>
<script>
  location.replace(navigator.language.startsWith("fr") ? "fr/index.html" : "en/index.html");
</script>
<p><a href="en/index.html">English</a> · <a href="fr/index.html" lang="fr">Français</a></p>
</html>
"""


def build(folder: Path) -> None:
    """Write the site of each language into `folder`; end with 1 where a page is wrong."""
    from mkdocs.commands.build import build as written
    from mkdocs.config import load_config

    for language, file in CONFIGURATIONS.items():
        config = load_config(str(ROOT / file), site_dir=str(folder / language), strict=True)
        config.plugins.on_startup(command="build", dirty=False)
        written(config)
    (folder / "index.html").write_text(FIRST_PAGE, "utf-8")


def main() -> None:
    """Build into the folder that was named."""
    logging.basicConfig(level=logging.WARNING, format="%(levelname)s: %(message)s")
    build(Path(sys.argv[1]) if sys.argv[1:] else ROOT / "site")


if __name__ == "__main__":
    os.environ |= {"NO_MKDOCS_2_WARNING": "1", "SOURCE_DATE_EPOCH": "0"}
    main()
