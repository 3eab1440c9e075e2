"""The pages of docs/ say what the program does: samples load, links lead somewhere."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from relance.channels.registry import kinds
from relance.cli.in_process import InProcess
from relance.policy.load import read_policy
from relance.runs.rehearsal.project import Origin
from relance.runs.rehearsal.reading import read_tests
from relance.runs.rehearsal.running import Session

ROOT = Path(__file__).parents[2]
PAGES = sorted([ROOT / "README.md", *(ROOT / "docs").rglob("*.md")])
EXAMPLE = ROOT / "examples" / "menuiserie-lenoir"
_BLOCK = re.compile(r"^```yaml *(?P<kind>[\w-]*)\n(?P<text>.*?)^```$", re.MULTILINE | re.DOTALL)
_LINK = re.compile(r"\]\((?!https?:|mailto:)(?P<target>[^)#\s]*)(?:#(?P<anchor>[^)\s]+))?\)")


def _samples() -> list[object]:
    return [
        pytest.param(m["kind"], m["text"], id=f"{page.relative_to(ROOT)}-{n}")
        for page in PAGES
        for n, m in enumerate(_BLOCK.finditer(page.read_text("utf-8")), 1)
    ]


def _project(folder: Path, kind: str, text: str) -> None:
    """Write a project of which the sample is a part; `kind` is what stands after ```yaml."""
    whole = (EXAMPLE / "relance.yaml").read_text("utf-8")
    (folder / "procedures").mkdir()
    for source in (EXAMPLE / "procedures").iterdir():
        (folder / "procedures" / source.name).write_text(source.read_text("utf-8"), "utf-8")
    for name in ("accounts.yaml", "logo.svg"):
        (folder / name).write_text((EXAMPLE / name).read_text("utf-8"), "utf-8")
    if kind == "policy":
        whole = text
    elif kind == "policy-part":
        policy = yaml.safe_load(whole) | yaml.safe_load(text)
        whole = yaml.safe_dump(policy, allow_unicode=True, sort_keys=False)
    elif kind == "channels":
        policy = yaml.safe_load(whole)
        policy["channels"] |= yaml.safe_load(text)
        whole = yaml.safe_dump(policy, allow_unicode=True, sort_keys=False)
    elif kind == "accounts":
        (folder / "accounts.yaml").write_text(text, "utf-8")
    elif kind == "procedure":
        name = yaml.safe_load(text)["name"]
        (folder / "procedures" / f"{name}.yaml").write_text(text, "utf-8")
    else:
        pytest.fail(
            f"say what the sample is: policy, policy-part, channels, accounts, procedure or tests: {text}"
        )
    (folder / "relance.yaml").write_text(whole, "utf-8")


@pytest.mark.parametrize(("kind", "text"), _samples())
def test_yaml_samples_of_the_pages_are_valid(kind: str, text: str, tmp_path: Path) -> None:
    if kind == "tests":
        _pass(text, tmp_path)
        return
    _project(tmp_path, kind, text)
    policy, found = read_policy(tmp_path, kinds())
    assert policy is not None, [f"{d.span}: {d.message()}" for d in found]


def _pass(text: str, folder: Path) -> None:
    """Run the tests of a page with the policy of the example."""
    (folder / "sample.yaml").write_text(text, "utf-8")
    policy, _ = read_policy(EXAMPLE, kinds())
    assert policy is not None
    files, found = read_tests([folder / "sample.yaml"], folder, ["ventes"])
    assert [d.message() for d in found] == []
    session = Session(Origin.of(policy), InProcess(), "en")
    for number in range(len(files[0].scenarios.tests)):
        assert session.run(files[0], number).failures == ()


def _anchors(page: Path) -> set[str]:
    headings = re.findall(r"^#+ (.+)$", page.read_text("utf-8"), re.MULTILINE)
    plain = (re.sub(r"[^\w\- ]", "", heading.lower()) for heading in headings)
    return {heading.strip().replace(" ", "-") for heading in plain}


@pytest.mark.parametrize("page", PAGES, ids=lambda p: str(p.relative_to(ROOT)))
def test_links_of_the_pages_lead_somewhere(page: Path) -> None:
    lost = []
    for link in _LINK.finditer(page.read_text("utf-8")):
        target = (page.parent / link["target"]).resolve() if link["target"] else page
        if not target.exists() or (link["anchor"] and link["anchor"] not in _anchors(target)):
            lost.append(link[0])
    assert lost == []


def test_generated_pages_are_current() -> None:
    done = subprocess.run(
        [sys.executable, "tools/docs.py", "--check"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr


def test_every_declared_rule_stands_on_the_page_of_errors() -> None:
    source = "\n".join(p.read_text("utf-8") for p in (ROOT / "src").rglob("*.py"))
    declared = set(re.findall(r"\brule\(\s*\"([A-Z]\d{3})\"", source))
    page = (ROOT / "docs" / "errors.md").read_text("utf-8")
    assert declared <= set(re.findall(r"^### ([A-Z]\d{3})$", page, re.MULTILINE))


def test_modules_named_in_contributing_exist() -> None:
    page = (ROOT / "docs" / "contributing.md").read_text("utf-8")
    named = set(re.findall(r"`((?:\w+/)+\w+\.py)`", page))
    assert len(named) > 10
    places = (ROOT / "src" / "relance", ROOT)
    lost = [name for name in sorted(named) if not any((place / name).exists() for place in places)]
    assert lost == []
