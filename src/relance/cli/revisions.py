"""The policy of a project as it was at a git revision, read without touching the work tree."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from relance.cli.exits import Exit, Stop
from relance.cli.words import _

LARGEST = 10_000_000
"""Bytes of the largest file that is read of a revision."""

_ENDINGS = (".yaml", ".yml", ".svg", ".png", ".jpg", ".jpeg", ".gif", ".webp")
"""Files of a policy, beside its templates: exports and histories may be huge, and are not of it."""

_POLICY = ("relance.yaml", "accounts.yaml", "procedures", "templates")

_LINK = "120000"

_OF_A_HOOK = ("GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_PREFIX")
"""What git tells its hooks: the repository that commits, which need not be that of the project."""


@dataclass(frozen=True, slots=True)
class _Entry:
    """A file of a revision: its mode and name in git, its size and its path below the project."""

    mode: str
    blob: str
    size: int
    path: PurePosixPath


def extract(project: Path, revision: str, into: Path) -> None:
    """Write the policy and the templates that `project` had at `revision` into the folder `into`.

    Raises:
        Stop: where git, the repository, the revision or the project in it is missing.
    """
    commit = _commit(project, revision)
    prefix = _git(project, "rev-parse", "--show-prefix").decode().rstrip("\n").rstrip("/")
    wanted = [one for one in _entries(project, f"{commit}:{prefix}") if _is_policy(one.path)]
    if not any(one.path == PurePosixPath("relance.yaml") for one in wanted):
        raise Stop(
            Exit.USAGE,
            _("{revision} has no relance.yaml in {folder}").format(
                revision=revision, folder=prefix or "/"
            ),
            _("name a revision that has the project, or two project directories"),
        )
    _refuse_links(wanted, revision)
    for one, content in zip(wanted, _contents(project, wanted), strict=True):
        file = into / one.path
        file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        file.touch(mode=0o600)
        file.write_bytes(content)


def _commit(project: Path, revision: str) -> str:
    if revision.startswith("-"):
        raise Stop(Exit.USAGE, _("{revision} is no revision").format(revision=revision))
    _git(project, "rev-parse", "--git-dir")
    found = _run(project, ["rev-parse", "--verify", "--quiet", f"{revision}^{{commit}}"])
    if found.returncode:
        raise Stop(
            Exit.USAGE,
            _("{revision} is neither a project directory nor a revision that git knows").format(
                revision=revision
            ),
            _(
                "in a shallow clone, fetch it first: `git fetch --depth=1 origin {revision}`, "
                "then name FETCH_HEAD"
            ).format(revision=revision),
        )
    return found.stdout.decode().strip()


def _entries(project: Path, tree: str) -> Iterator[_Entry]:
    listed = _git(project, "ls-tree", "-r", "-z", "-l", "--full-tree", tree)
    for line in listed.decode("utf-8", "surrogateescape").split("\0")[:-1]:
        about, path = line.split("\t", 1)
        mode, kind, blob, size = about.split()
        if kind == "blob":
            yield _Entry(mode, blob, int(size), PurePosixPath(path))


def _is_policy(path: PurePosixPath) -> bool:
    """Return whether a file is one of a policy; nothing outside of the project is ever named."""
    inside = not path.is_absolute() and ".." not in path.parts
    named = path.parts[0] in _POLICY or path.suffix.lower() in _ENDINGS
    return inside and named


def _refuse_links(entries: Sequence[_Entry], revision: str) -> None:
    for one in entries:
        if one.mode == _LINK or one.size > LARGEST:
            raise Stop(
                Exit.USAGE,
                _("{path} of {revision} is a link, or too large to read").format(
                    path=one.path, revision=revision
                ),
                _("check it out beside this one: `git worktree add ../old {revision}`").format(
                    revision=revision
                ),
            )


def _contents(project: Path, entries: Sequence[_Entry]) -> Iterator[bytes]:
    asked = "".join(f"{one.blob}\n" for one in entries).encode()
    told, at = _git(project, "cat-file", "--batch", given=asked), 0
    for one in entries:
        start = told.index(b"\n", at) + 1
        yield told[start : start + one.size]
        at = start + one.size + 1


def _git(project: Path, *words: str, given: bytes = b"") -> bytes:
    """Return what git says.

    Raises:
        Stop: with its own words, where it fails.
    """
    done = _run(project, words, given)
    if done.returncode:
        said = done.stderr.decode("utf-8", "replace").strip().splitlines()
        raise Stop(
            Exit.USAGE,
            _("git does not give the revision: {reason}").format(reason=said[0] if said else "–"),
            _("name two project directories instead, or a project in a git repository"),
        )
    return done.stdout


def _run(
    project: Path, words: Sequence[str], given: bytes = b""
) -> subprocess.CompletedProcess[bytes]:
    # Nothing is fetched, nothing is asked, and the index is left as it is.
    quiet = {"GIT_NO_LAZY_FETCH": "1", "GIT_TERMINAL_PROMPT": "0", "GIT_OPTIONAL_LOCKS": "0"}
    around = {name: value for name, value in os.environ.items() if name not in _OF_A_HOOK}
    try:
        return subprocess.run(
            ["git", "-C", str(project), *words], input=given, capture_output=True, check=False,
            env={**around, **quiet, "LC_ALL": "C"},
        )  # fmt: skip
    except FileNotFoundError:
        raise Stop(
            Exit.USAGE,
            _("there is no git on this machine to read a revision with"),
            _("name two project directories instead"),
        ) from None
