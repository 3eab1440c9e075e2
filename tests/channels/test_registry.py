"""Kinds of channels are found by entry point, ours and those of third parties."""

from __future__ import annotations

import importlib
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from relance.channels import registry
from relance.channels.faults import ChannelUnavailable
from relance.channels.registry import capabilities, known_kinds, load, open_channel, settings_model
from relance.policy.model import ChannelConfig


def forget() -> None:
    importlib.invalidate_caches()
    registry._points.cache_clear()
    registry.load.cache_clear()


@pytest.fixture
def installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[object]:
    """Installs third parties' packages of one module on the path of this process."""

    def install(name: str, kind: str, source: str) -> None:
        module = name.replace("-", "_")
        (tmp_path / f"{module}.py").write_text(source)
        information = tmp_path / f"{module}-2.1.dist-info"
        information.mkdir()
        (information / "METADATA").write_text(
            f"Metadata-Version: 2.1\nName: {name}\nVersion: 2.1\n"
        )
        points = f"[relance.channels]\n{kind} = {module}:Channel\n"
        (information / "entry_points.txt").write_text(points)
        monkeypatch.delitem(sys.modules, module, raising=False)
        forget()

    monkeypatch.syspath_prepend(str(tmp_path))
    yield install
    monkeypatch.undo()
    forget()


def trouble(kind: str, **config: object) -> list[tuple[str, str]]:
    with pytest.raises(ChannelUnavailable) as caught:
        open_channel("post", ChannelConfig(kind=kind, **config), Path())
    return [(found.code, found.message()) for found in caught.value.diagnostics]


def test_the_kinds_that_relance_brings_are_known():
    assert {"outbox", "smtp", "letter", "task"} <= set(known_kinds())


def test_only_the_kind_that_is_asked_for_is_imported():
    program = (
        "import sys\n"
        "from relance.channels.registry import known_kinds, load\n"
        "known_kinds(); load('outbox')\n"
        "print([m for m in ('smtplib', 'relance.channels.smtp', 'sqlalchemy') if m in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=False
    )
    assert done.stdout == "[]\n", done.stderr


def test_what_a_kind_can_do_is_told_without_opening_it():
    assert capabilities("letter").media == ("letter",)
    assert capabilities("smtp").idempotent is False
    assert "host" in settings_model("smtp").model_fields


def test_an_unknown_kind_is_answered_with_the_known_ones():
    [(code, said)] = trouble("fax")
    assert (code, "fax" in said) == ("C001", True)


def test_wrong_settings_are_all_named():
    found = trouble("smtp", prot=25, security="ssl")
    assert {code for code, _ in found} == {"C004"}
    text = "\n".join(said for _, said in found)
    assert all(name in text for name in ("host", "from", "prot", "security"))


def test_a_third_party_s_channel_works_like_ours(installed, tmp_path):
    installed(
        "relance-fax",
        "fax",
        "from relance.channels.task import Task\nclass Channel(Task):\n    pass\n",
    )
    assert "fax" in known_kinds()
    assert type(open_channel("post", ChannelConfig(kind="fax"), tmp_path)).__name__ == "Channel"


@pytest.mark.parametrize(
    ("source", "reason"),
    [
        ("import nowhere_to_be_found\n", "nowhere_to_be_found"),
        ("Channel = 3\n", "class"),
        ("class Channel: pass\n", "settings"),
        (
            "from relance.channels.task import Task\n"
            "class Channel:\n    settings, capabilities = Task.settings, Task.capabilities\n",
            "send",
        ),
    ],
)
def test_a_broken_plug_in_is_named_with_its_package_and_version(installed, source, reason):
    installed("relance-telex", "telex", source)
    [(code, said)] = trouble("telex")
    assert code == "C002"
    assert reason in said
    assert "relance-telex 2.1" in said
    assert load("outbox")
    assert "telex" not in registry.kinds()


def test_two_packages_for_one_kind_are_both_named(installed):
    source = "from relance.channels.task import Task\nclass Channel(Task):\n    pass\n"
    installed("relance-fax", "fax", source)
    installed("other-fax", "fax", source)
    [(code, said)] = trouble("fax")
    assert code == "C003"
    assert "other-fax, relance-fax" in said
