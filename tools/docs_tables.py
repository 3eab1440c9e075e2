"""Where the documentation lies, and tables in Markdown."""

from __future__ import annotations

from pathlib import Path

ROOT = Path(__file__).parents[1]
DOCS = ROOT / "docs"
PAGES = Path(__file__).parent / "pages"


def cell(text: object) -> str:
    """Return `text` fit for a cell of a Markdown table."""
    return " ".join(str(text).replace("|", "\\|").split())


def table(head: tuple[str, ...], rows: list[tuple[str, ...]]) -> str:
    """Return a Markdown table."""
    lines = [head, tuple("---" for _ in head), *rows]
    return "\n".join("| " + " | ".join(cell(value) for value in line) + " |" for line in lines)
