"""Files that people ask for with `-o`: there whole, or not at all."""

from __future__ import annotations

import errno
import os
from collections.abc import Iterable
from pathlib import Path

from relance.cli.exits import Exit, Stop
from relance.cli.words import _

_WITHOUT_LINKS = (errno.EPERM, errno.ENOTSUP, errno.EOPNOTSUPP, errno.ENOSYS)
"""What a disk says that knows no links: a stick, a share."""


def write(file: Path, parts: Iterable[bytes], *, over: bool = True, private: bool = False) -> None:
    """Write `parts` to `file`, which has its old content, or all of the new one.

    Args:
        over: whether a file that is there is replaced.
        private: whether only its owner may read it, whatever the umask allows.

    Raises:
        Stop: if it cannot be written, or is there and must not be replaced.
    """
    if not file.name:
        raise Stop(Exit.USAGE, _("to which file?"), _("give -o with the name of a file"))
    if over and file.exists() and not file.is_file():
        _write_through(file, parts)  # a device or a pipe: nothing may stand in its place
        return
    aside = file.with_name(f".{file.name}.{os.getpid()}")
    try:
        _write_aside(aside, parts, 0o600 if private else 0o666)
        if over:
            aside.replace(file)
        else:
            _take(aside, file)
    except FileExistsError:
        raise Stop(
            Exit.USAGE,
            _("there is a file {file} already").format(file=file),
            _("give another name: nothing is written over"),
        ) from None
    except OSError as error:
        raise _unwritten(file, error) from None
    finally:
        aside.unlink(missing_ok=True)


def _take(aside: Path, file: Path) -> None:
    """Give `aside` the name `file`, which must be free."""
    try:
        os.link(aside, file)  # refuses a name that is taken, which a rename does not
    except OSError as error:
        if error.errno not in _WITHOUT_LINKS:
            raise
        with file.open("xb"):  # takes the name
            aside.replace(file)


def _write_through(file: Path, parts: Iterable[bytes]) -> None:
    try:
        with file.open("wb") as stream:
            stream.writelines(parts)
    except OSError as error:
        raise _unwritten(file, error) from None


def _unwritten(file: Path, error: OSError) -> Stop:
    return Stop(
        Exit.INFRASTRUCTURE,
        _("{file} cannot be written: {why}").format(file=file, why=error.strerror),
        _("name a file in a folder that exists and that you may write to"),
    )


def _write_aside(aside: Path, parts: Iterable[bytes], mode: int) -> None:
    aside.unlink(missing_ok=True)  # of a process of this number that was killed
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW
    with os.fdopen(os.open(aside, flags, mode), "wb") as stream:
        stream.writelines(parts)
