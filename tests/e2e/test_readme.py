"""What the README shows is what the demo prints."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

ROOT = Path(__file__).parents[2]


def _plain(text: str) -> list[str]:
    """The lines of `text`; the hash of a plan may change with what it is made of."""
    return re.sub(r"plan ([0-9a-f]{12}|…)", "plan", text).splitlines()


def test_the_excerpt_of_the_readme_is_the_output_of_the_demo(program, copy_of, tmp_path):
    program.home = copy_of("menuiserie-lenoir", tmp_path)
    printed: list[str] = []
    for line in (program.home / "demo.txt").read_text("utf-8").splitlines():
        printed += [f"$ relance {line}", *program(*shlex.split(line)).stdout.splitlines()]
    readme = (ROOT / "README.md").read_text("utf-8")
    [excerpt] = re.findall(r"```console\n(\$ relance run --date.*?)```", readme, re.DOTALL)
    shown = [line for line in _plain(excerpt) if line not in ("", "…")]
    assert len(shown) > 20
    assert [line for line in shown if line not in _plain("\n".join(printed))] == []
