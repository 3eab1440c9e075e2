"""What the site adds to MkDocs: two languages, blocks with instructions for the tests, decisions.

Each language is a site of its own. A link into the other language, which MkDocs would call broken,
is turned into a link between the sites; whether its target exists is asked by tests/docs.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).parents[2]
_FENCE = re.compile(r"^(?P<fence>```+|~~~+)(?P<language>[\w-]+)[ \t]+[^\n]*$", re.MULTILINE)
_COMMENT = re.compile(r"^<!--.*?-->\n*", re.MULTILINE | re.DOTALL)
_FOREIGN = {
    "en": re.compile(r"\]\(fr/(?P<page>[\w-]+)\.md(?P<anchor>#[^)\s]*)?\)"),
    "fr": re.compile(r"\]\(\.\./(?P<page>[\w/-]+)\.md(?P<anchor>#[^)\s]*)?\)"),
}


def on_config(config: Any) -> Any:
    """Write out the folders that stand in the nav, and take the script from elsewhere away."""
    config["nav"] = [_written_out(entry, Path(config["docs_dir"])) for entry in config["nav"]]
    config["extra"]["twins"] = _twins(config)
    # The plugin that lets the search work without a server would fetch its script from elsewhere.
    config["extra"]["polyfills"] = ["assets/worker.js"]
    return config


def on_page_markdown(markdown: str, page: Any, config: Any, **_: Any) -> str:
    """Return the page without what is there for its tests; links to the other site made so."""
    language = config["extra"]["language"]
    other = config["extra"]["other"]["language"]
    up = "../" * (page.file.src_uri.count("/") + 1)
    plain = _FENCE.sub(r"\g<fence>\g<language>", _COMMENT.sub("", markdown))
    return _FOREIGN[language].sub(
        lambda m: f"](site:{up}{other}/{m['page']}.html{m['anchor'] or ''})", plain
    )


def on_page_content(html: str, config: Any, **_: Any) -> str:
    """Return the page with links to the other site as a browser follows them, told apart."""
    other = config["extra"]["other"]["language"]
    return html.replace('href="site:', f'hreflang="{other}" href="')


def on_page_context(context: Any, page: Any, config: Any, **_: Any) -> Any:
    """Say where the page stands in the other language; the home page where it does not."""
    other = config["extra"]["other"]["language"]
    twin = config["extra"]["twins"].get(page.file.src_uri, "index.md")
    up = "../" * (page.file.src_uri.count("/") + 1)
    context["twin"] = f"{up}{other}/{twin.removesuffix('.md')}.html"
    return context


def on_post_page(output: str, config: Any, **_: Any) -> str:
    """Return the page with a name for the dialog of the search, for who hears the page."""
    named = f'role="dialog" aria-label="{config["extra"]["search"]}"'
    return output.replace('role="dialog"', named)


def _twins(config: Any) -> dict[str, str]:
    pairs: dict[str, str] = yaml.safe_load((ROOT / "tools/site/twins.yml").read_text("utf-8"))
    if config["extra"]["language"] == "en":
        return pairs
    return {french: english for english, french in pairs.items()}


def _written_out(entry: Any, docs: Path) -> Any:
    """Return an entry of the nav with the pages of a folder in the place of its name."""
    if isinstance(entry, list):
        return [_written_out(part, docs) for part in entry]
    if isinstance(entry, dict):
        return {title: _written_out(part, docs) for title, part in entry.items()}
    if entry.endswith("/"):
        return [page.relative_to(docs).as_posix() for page in sorted((docs / entry).glob("*.md"))]
    return entry
