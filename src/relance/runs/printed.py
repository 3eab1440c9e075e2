"""Letters on their way to the post: which were printed, and which should have been by now."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from relance.channels import post_codes
from relance.channels.letter import Letter as LetterChannel
from relance.channels.letter import LetterSettings
from relance.channels.printed import Found, holds, printed_files
from relance.channels.registry import load
from relance.dates import next_sending_day
from relance.diagnostics import Diagnostic
from relance.history.posted import Letter
from relance.history.store import History
from relance.policy.model import ChannelConfig, Policy

REMEMBERED = timedelta(days=90)
"""How long a letter is looked for; after that, nobody will print it any more."""
SHOWN = 3


@dataclass(frozen=True, slots=True)
class Tray:
    """What lies in a channel's folder of printed letters.

    Attributes:
        printed: letters whose bytes lie there and that were not recorded as printed yet, each with
            its name there.
        waiting: letters that are not there.
        others: names of files with the name of a letter that waits, and other bytes.
        reason: why the folder cannot be watched; "" if it can.
    """

    channel: str
    settings: LetterSettings
    printed: tuple[tuple[Letter, str], ...] = ()
    waiting: tuple[Letter, ...] = ()
    others: tuple[str, ...] = ()
    reason: str = ""


def note_printed(policy: Policy, history: History, today: date, run: int | None = None) -> int:
    """Return how many letters were found printed, each recorded on its dispatch."""
    found = [pair for tray in trays(policy, history, today) for pair in tray.printed]
    for letter, name in found:
        history.note(letter.key, "printed", {"date": today.isoformat(), "detail": name}, run)
    return len(found)


def unprinted(policy: Policy, history: History, today: date) -> Iterator[Diagnostic]:
    """Yield what is wrong with the printing of letters: late ones, foreign files, closed folders."""
    for tray in trays(policy, history, today):
        folder = str(tray.settings.printed)
        if tray.reason:
            facts = {"channel": tray.channel, "folder": folder, "reason": tray.reason}
            yield Diagnostic(post_codes.NOT_WATCHED, facts=facts)
        for name in tray.others:
            yield Diagnostic(post_codes.OTHER_BYTES, facts={"file": f"{folder}/{name}"})
        late = [letter for letter in tray.waiting if _is_late(letter, tray, policy, today)]
        if late:
            facts = {
                "channel": tray.channel,
                "count": str(len(late)),
                "days": str(tray.settings.print_within),
                "files": ", ".join(letter.filename for letter in late[:SHOWN]),
                "folder": folder,
            }
            yield Diagnostic(post_codes.UNPRINTED, facts=facts)


def trays(policy: Policy, history: History, today: date) -> Iterator[Tray]:
    """Yield the folder of each channel that has one."""
    for name, config in policy.channels.items():
        settings = _settings(config)
        if settings is not None and settings.printed is not None:
            letters = history.unprinted((name,), today - REMEMBERED)
            yield _tray(name, settings, letters, policy.root)


def _settings(config: ChannelConfig) -> LetterSettings | None:
    """Return the settings of a channel that writes letters to a folder; None for others."""
    extra = config.model_extra or {}
    if "printed" not in extra or not issubclass(load(config.kind), LetterChannel):
        return None
    return LetterSettings.model_validate(extra)


def _tray(name: str, settings: LetterSettings, letters: list[Letter], root: Path) -> Tray:
    assert settings.printed
    folder = root / settings.printed
    waiting = {letter.sha256: letter for letter in letters}
    if not waiting:
        return Tray(name, settings)
    if holds(folder, root / settings.folder):
        return Tray(name, settings, waiting=tuple(letters), reason="it leads to the print folder")
    try:
        found = list(printed_files(folder, {letter.size for letter in letters}))
    except OSError as error:
        return Tray(name, settings, waiting=tuple(letters), reason=error.strerror or str(error))
    there = {each.sha256: each.name for each in found if each.sha256 in waiting}
    return Tray(
        name,
        settings,
        printed=tuple((waiting[digest], place) for digest, place in there.items()),
        waiting=tuple(letter for letter in letters if letter.sha256 not in there),
        others=tuple(_others(found, {d: w for d, w in waiting.items() if d not in there})),
    )


def _others(found: list[Found], waiting: dict[str, Letter]) -> Iterator[str]:
    """Yield the files that bear the name of a letter that waits, and are not that letter."""
    names = {letter.filename for letter in waiting.values()}
    for each in found:
        if each.sha256 not in waiting and Path(each.name).name in names:
            yield each.name


def _is_late(letter: Letter, tray: Tray, policy: Policy, today: date) -> bool:
    day = letter.run_date
    for _ in range(tray.settings.print_within):
        day = next_sending_day(day + timedelta(days=1), (policy.creditor.country,))
    return today > day
