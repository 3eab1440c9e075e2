"""Figures for the textfile collector of Prometheus' node exporter."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from pathlib import Path

from relance.money import to_text
from relance.runs.monitoring import Figures

Sample = tuple[Mapping[str, str], float | int | str]

_HELP = {
    "relance_run_ended_timestamp_seconds": "When the last run ended.",
    "relance_run_duration_seconds": "How long the last run took.",
    "relance_run_exit_code": "Exit code of the last run: 0 done, 1 partly, 4 brake, 5 broken.",
    "relance_notices": "Notices of the last run by what became of them.",
    "relance_notices_awaiting_approval": "Notices that wait for a person.",
    "relance_notices_unrendered": "Notices of the last run that could not be made.",
    "relance_tasks": "Tasks that the last run gave.",
    "relance_items": "Open items by verdict.",
    "relance_open_amount": "Open receivables, in the main unit of the currency.",
    "relance_overdue_amount": "Receivables past due, in the main unit of the currency.",
    "relance_in_doubt": "Notices of which nobody knows whether they left.",
    "relance_in_doubt_oldest_timestamp_seconds": "Since when the oldest is in doubt.",
    "relance_last_notice_timestamp_seconds": "Day of the last run that sent a notice.",
    "relance_alarm": "1 for each alarm and brake that holds, by its code.",
}


def exposition(figures: Figures) -> str:
    """Return `figures` in Prometheus' text format; each sample names the creditor."""
    lines: list[str] = []
    for name, samples in _samples(figures):
        lines += [f"# HELP {name} {_HELP[name]}", f"# TYPE {name} gauge"]
        lines += [_line(name, {"creditor": figures.creditor, **labels}, v) for labels, v in samples]
    return "\n".join(lines) + "\n"


def write(path: Path, text: str) -> None:
    """Write `text` to `path`, whole or not at all, readable by the exporter's user.

    Raises:
        OSError: if it cannot be written.
    """
    path.parent.mkdir(mode=0o755, parents=True, exist_ok=True)
    aside = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        handle = os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o644)
        with os.fdopen(handle, "w", encoding="utf-8") as stream:
            os.fchmod(handle, 0o644)  # figures only, no names: another user reads it
            stream.write(text)
        aside.rename(path)
    except OSError:
        with suppress(OSError):
            aside.unlink()
        raise


def _samples(figures: Figures) -> Iterator[tuple[str, list[Sample]]]:
    yield "relance_run_ended_timestamp_seconds", _one(figures.ended.timestamp())
    yield "relance_run_duration_seconds", _one(round(figures.seconds, 3))
    yield "relance_run_exit_code", _one(figures.exit)
    if figures.run is None:
        return
    yield "relance_notices", _each("state", figures.states)
    yield "relance_notices_awaiting_approval", _one(figures.awaiting)
    yield "relance_notices_unrendered", _one(figures.faults)
    yield "relance_tasks", _one(figures.tasks)
    yield "relance_items", _each("verdict", figures.verdicts)
    yield "relance_open_amount", _amounts(figures.open)
    yield "relance_overdue_amount", _amounts(figures.overdue)
    yield "relance_in_doubt", _one(figures.doubts)
    if figures.oldest_doubt:
        since = figures.oldest_doubt.timestamp()
        yield "relance_in_doubt_oldest_timestamp_seconds", _one(since)
    if figures.last_notice:
        yield "relance_last_notice_timestamp_seconds", _one(_midnight(figures))
    yield "relance_alarm", [({"code": code}, 1) for code in sorted(_codes(figures))]


def _one(value: float) -> list[Sample]:
    return [({}, value)]


def _each(label: str, counts: Mapping[str, int]) -> list[Sample]:
    return [({label: name}, count) for name, count in sorted(counts.items())]


def _amounts(amounts: Mapping[str, int]) -> list[Sample]:
    return [({"currency": c}, to_text(minor, c)) for c, minor in sorted(amounts.items())]


def _midnight(figures: Figures) -> int:
    from datetime import UTC, datetime, time

    assert figures.last_notice
    return int(datetime.combine(figures.last_notice, time(), UTC).timestamp())


def _codes(figures: Figures) -> Iterable[str]:
    return {alarm.code for alarm in figures.alarms} | set(figures.stops)


def _line(name: str, labels: Mapping[str, str], value: object) -> str:
    shown = ",".join(f'{label}="{_escaped(text)}"' for label, text in labels.items())
    return f"{name}{{{shown}}} {value}"


def _escaped(text: str) -> str:
    plain = re.sub(r"[\x00-\x09\x0b-\x1f\x7f]", " ", text)
    return plain.replace("\\", r"\\").replace('"', r"\"").replace("\n", r"\n")
