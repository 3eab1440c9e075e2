"""The smallest case for each code of channels, and what is said of it."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from relance.channels import codes, registry
from relance.channels.faults import ChannelUnavailable
from relance.channels.registry import open_channel
from relance.diagnostics import RULES
from relance.policy.model import ChannelConfig

GOOD = "from relance.channels.task import Task\nclass Channel(Task):\n    pass\n"


def forget() -> None:
    importlib.invalidate_caches()
    registry._points.cache_clear()
    registry.load.cache_clear()


@pytest.fixture
def packages(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[object]:
    """Installs third parties' packages, by name, of one module each, for the kind `fax`."""

    def install(**sources: str) -> None:
        for name, source in sources.items():
            (tmp_path / f"{name}.py").write_text(source)
            information = tmp_path / f"{name}-2.1.dist-info"
            information.mkdir()
            metadata = f"Metadata-Version: 2.1\nName: {name}\nVersion: 2.1\n"
            (information / "METADATA").write_text(metadata)
            points = f"[relance.channels]\nfax = {name}:Channel\n"
            (information / "entry_points.txt").write_text(points)
            monkeypatch.delitem(sys.modules, name, raising=False)
        forget()

    monkeypatch.syspath_prepend(str(tmp_path))
    yield install
    monkeypatch.undo()
    forget()


def said(code: str, **config: object) -> list[str]:
    with pytest.raises(ChannelUnavailable) as caught:
        open_channel("mail", ChannelConfig.model_validate(config), Path())
    assert {found.code for found in caught.value.diagnostics} == {code}
    assert all(found.hint() for found in caught.value.diagnostics)
    return [found.message() for found in caught.value.diagnostics]


def test_c001_an_unknown_kind():
    assert said("C001", kind="telegraph") == ["there is no kind of channel named telegraph"]


def test_c002_a_package_that_does_not_work(packages):
    packages(faxes="import nowhere_to_be_found\n")
    assert said("C002", kind="fax") == [
        "the kind of channel fax cannot be used: ModuleNotFoundError: "
        "No module named 'nowhere_to_be_found' (from faxes 2.1)"
    ]


def test_c003_two_packages_for_one_kind(packages):
    packages(faxes=GOOD, telecopies=GOOD)
    assert said("C003", kind="fax") == [
        "several packages give the kind of channel fax: faxes, telecopies"
    ]


def test_c004_a_setting_that_is_not_accepted():
    assert said("C004", kind="outbox", folder="out", color="red") == [
        "channel mail: color: Extra inputs are not permitted"
    ]


def test_each_code_has_its_explanation():
    declared = {code for code, rule in RULES.items() if rule in vars(codes).values()}
    assert declared == {"C001", "C002", "C003", "C004"}
    assert all(RULES[code].explanation for code in declared)
