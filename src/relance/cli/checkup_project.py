"""Checks of a project: its policy, sources, database, disk, permissions and channels."""

from __future__ import annotations

import os
import shutil
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from relance.cli import project
from relance.cli.call import Call
from relance.cli.checkup import FAIL, OK, WARN, Finding
from relance.cli.exits import Exit
from relance.cli.words import LANGUAGE, _

if TYPE_CHECKING:
    from relance.policy.model import Policy

_FRESH_HOURS = 26
_LOW, _TOO_LOW = 500_000_000, 50_000_000


def findings(call: Call, *, check_channels: bool) -> Iterator[Finding]:
    """Yield what was found; the policy first, as the others need it."""
    root = call.project
    if not (root / "relance.yaml").is_file():
        yield Finding(
            _("project"), WARN, _("{folder} has no relance.yaml").format(folder=root.resolve()),
            _("name a project with -C DIR, or begin one with `relance init DIR`"),
        )  # fmt: skip
        return
    reading = project.read(root)
    yield _policy(reading.policy, len(reading.diagnostics))
    yield _disk(root)
    yield from _permissions(root)
    if reading.policy is None:
        return
    yield from _sources(reading.policy)
    yield _database(reading.policy)
    yield from _hindsight(call, reading.policy)
    yield from _channels(reading.policy, connect=check_channels)


def _policy(policy: Policy | None, found: int) -> Finding:
    if policy is None:
        return Finding(
            _("policy"), FAIL, _("{count} findings").format(count=found),
            _("`relance validate` shows them"), Exit.USAGE,
        )  # fmt: skip
    detail = _("{creditor}, time zone {zone}").format(
        creditor=policy.creditor.name, zone=policy.creditor.timezone
    )
    return Finding(_("policy"), OK, detail)


def _disk(root: Path) -> Finding:
    free = shutil.disk_usage(root).free
    detail = _("{size} MB free").format(size=free // 1_000_000)
    hint = _("free some disk space: messages and the history are written there")
    if free < _TOO_LOW:
        return Finding(_("disk"), FAIL, detail, hint)
    return Finding(_("disk"), WARN, detail, hint) if free < _LOW else Finding(_("disk"), OK, detail)


def _permissions(root: Path) -> Iterator[Finding]:
    if not os.access(root, os.W_OK):
        yield Finding(
            _("permissions"), FAIL, _("{path} cannot be written").format(path=root),
            _("give the user that runs relance the right to write it"),
        )  # fmt: skip
        return
    watched = [
        root / "relance.yaml",
        root / "accounts.yaml",
        root / "procedures",
        root / "templates",
    ]
    loose = [path.name for path in watched if path.exists() and path.stat().st_mode & stat.S_IWOTH]
    if loose:
        yield Finding(
            _("permissions"), WARN,
            _("everybody may write {names}").format(names=", ".join(loose)), "chmod o-w",
        )  # fmt: skip
    else:
        yield Finding(_("permissions"), OK, _("only their owner and group write the policy"))


def _sources(policy: Policy) -> Iterator[Finding]:
    paths = [(source.name, source.path) for source in policy.sources]
    if policy.customers:
        paths.append(("customers", policy.customers.path))
    for name, pattern in paths:
        yield _source(policy.root, name, pattern)


def _source(root: Path, name: str, pattern: str) -> Finding:
    from relance import clock

    title = _("source {name}").format(name=name)
    files = sorted(path for path in root.glob(pattern) if path.is_file())
    if not files:
        return Finding(
            title, FAIL, _("no file matches {pattern}").format(pattern=pattern),
            _("write the export there, or correct `path` in relance.yaml"), Exit.REFUSED,
        )  # fmt: skip
    unreadable = [path.name for path in files if not os.access(path, os.R_OK)]
    if unreadable:
        return Finding(
            title, FAIL, _("{path} cannot be read").format(path=", ".join(unreadable)),
            _("give the user that runs relance the right to read it"), Exit.REFUSED,
        )  # fmt: skip
    newest = max(path.stat().st_mtime for path in files)
    hours = int(max(0.0, clock.now().timestamp() - newest) // 3600)
    detail = _("files: {count}, the newest {hours} h old").format(count=len(files), hours=hours)
    if hours > _FRESH_HOURS and name != "customers":
        return Finding(title, WARN, detail, _("look whether the export still runs every night"))
    return Finding(title, OK, detail)


def _database(policy: Policy) -> Finding:
    from relance.history.errors import HistoryUnavailable

    try:
        with project.history_of(policy) as history:
            last = history.last_completed_run()
    except HistoryUnavailable as error:
        found = error.diagnostic
        return Finding(_("database"), FAIL, found.message(LANGUAGE), found.hint(LANGUAGE))
    if last is None:
        return Finding(_("database"), OK, _("opens; there was no run yet"))
    return Finding(_("database"), OK, _("opens; last run on {date}").format(date=last))


def _hindsight(call: Call, policy: Policy) -> Iterator[Finding]:
    """Yield what should worry somebody although no run failed; a database in trouble has its own."""
    from relance.history.errors import HistoryUnavailable
    from relance.runs.hindsight import look_back

    try:
        with project.history_of(policy) as history:
            alarms = look_back(policy, history, call.today(policy)).alarms
    except HistoryUnavailable:
        return
    for found in alarms:
        yield Finding(_("runs"), WARN, found.message(LANGUAGE), found.hint(LANGUAGE))


def _channels(policy: Policy, *, connect: bool) -> Iterator[Finding]:
    from relance.channels.faults import ChannelUnavailable
    from relance.channels.registry import open_channel

    for name, config in policy.channels.items():
        title = _("channel {name}").format(name=name)
        try:
            channel = open_channel(name, config, policy.root)
        except ChannelUnavailable as error:
            found = error.diagnostics[0]
            yield Finding(title, FAIL, found.message(LANGUAGE), found.hint(LANGUAGE))
            continue
        probe = getattr(channel, "probe", None)
        if connect and callable(probe):
            yield _probed(title, str(probe() or ""))
        else:
            yield Finding(title, OK, config.kind)
        channel.close()


def _probed(title: str, trouble: str) -> Finding:
    if trouble:
        hint = _("check the address and the credentials of the channel in relance.yaml")
        return Finding(title, FAIL, trouble, hint)
    return Finding(title, OK, _("the server answers and lets us in"))
