from __future__ import annotations

from pathlib import Path

import pytest

from relance.policy.secrets import SecretError, resolve


def secret_file(root: Path, content: bytes, mode: int = 0o600) -> None:
    path = root / "smtp"
    path.write_bytes(content)
    path.chmod(mode)


def test_a_variable_of_the_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SMTP_PASSWORD", "hunter2")

    assert resolve("env:SMTP_PASSWORD", tmp_path) == "hunter2"


def test_a_file_of_the_project_without_its_last_line_break(tmp_path: Path) -> None:
    secret_file(tmp_path, b"hunter 2\n")

    assert resolve("file:smtp", tmp_path) == "hunter 2"


def test_text_that_is_no_reference_stays_as_it_is(tmp_path: Path) -> None:
    assert resolve("compta", tmp_path) == "compta"


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o666])
def test_a_file_that_others_can_read_is_refused(tmp_path: Path, mode: int) -> None:
    secret_file(tmp_path, b"hunter2", mode)

    with pytest.raises(SecretError, match="mode 0600") as raised:
        resolve("file:smtp", tmp_path)
    assert "hunter2" not in str(raised.value)


@pytest.mark.parametrize(
    ("reference", "said"),
    [
        ("env:NOT_SET_ANYWHERE", "is not set"),
        ("env:", "env:NAME or file:PATH"),
        ("env:A B", "env:NAME or file:PATH"),
        ("file:absent", "cannot be read"),
        ("file:.", "cannot be read"),
    ],
)
def test_what_cannot_be_opened_says_why(tmp_path: Path, reference: str, said: str) -> None:
    with pytest.raises(SecretError, match=said):
        resolve(reference, tmp_path)


@pytest.mark.parametrize("content", [b"", b"\n", b"\xff\xfe", b"x" * 100_000])
def test_a_file_that_holds_no_secret_is_refused(tmp_path: Path, content: bytes) -> None:
    secret_file(tmp_path, content)

    with pytest.raises(SecretError):
        resolve("file:smtp", tmp_path)
