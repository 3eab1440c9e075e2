"""Output never breaks: closed, piped into something that left, or in a poor encoding."""

from __future__ import annotations

import json
import subprocess
import sys


def shell(command: str, cwd: object, **environment: str) -> subprocess.CompletedProcess[str]:
    relance = f"{sys.executable} -m relance"
    return subprocess.run(
        ["bash", "-c", "set -o pipefail; " + command.replace("relance", relance)],
        check=False, cwd=cwd, capture_output=True, text=True, env={"PATH": "/usr/bin:/bin", **environment},
    )  # fmt: skip


def test_a_reader_that_leaves_is_no_error(tmp_path):
    done = shell("relance schema | head -c 10", tmp_path)
    assert (done.returncode, done.stderr) == (0, "")


def test_closed_streams_are_no_error(tmp_path):
    assert shell("relance schema >&- 2>&-", tmp_path).returncode == 0


def test_a_poor_encoding_writes_escapes(tmp_path):
    done = shell("relance status --date x --lang fr", tmp_path, PYTHONIOENCODING="ascii")
    assert done.returncode == 2
    assert "\\xe9crivez-la" in done.stderr


def test_json_is_utf_8_in_a_poor_encoding(tmp_path):
    command = "relance init --json --country fr 'Café €'"
    done = shell(command, tmp_path, PYTHONIOENCODING="ascii")
    assert "Café €/relance.yaml" in json.loads(done.stdout)["files"]
