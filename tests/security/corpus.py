"""The corpus: hostile inputs in YAML, one entry per trick, so that a new one is a line and no code."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

FOLDER = Path(__file__).parent / "corpus"


def entries(name: str) -> dict[str, Any]:
    """Return the entries of `corpus/<name>.yaml` by the name of the trick."""
    content = yaml.safe_load((FOLDER / f"{name}.yaml").read_text("utf-8"))
    assert isinstance(content, dict)
    assert content
    return content


def each(name: str) -> pytest.MarkDecorator:
    """Return the parametrization `entry` over `corpus/<name>.yaml`, each under its own name."""
    found = entries(name)
    return pytest.mark.parametrize("entry", list(found.values()), ids=list(found))


def built(text: str | dict[str, Any]) -> str:
    """Return the text of an entry; `{text, times, then}` stands for many times the same."""
    if isinstance(text, str):
        return text
    return str(text.get("first", "")) + text["text"] * int(text["times"]) + text.get("then", "")
