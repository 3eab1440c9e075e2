"""Outbox and print folder: what is written, and what a hostile name or folder cannot do."""

from __future__ import annotations

import csv
import os
import stat
from dataclasses import replace
from pathlib import Path

import pytest

from relance.channels.conformance import KEY, message
from relance.channels.contract import Accepted, NotAccepted
from relance.channels.letter import Letter, LetterSettings
from relance.channels.outbox import Outbox, OutboxSettings


def nothing() -> None:
    pass


def outbox(root: Path) -> Outbox:
    return Outbox("email", OutboxSettings(folder=Path("out")), root)


def letters(root: Path) -> Letter:
    return Letter("letter", LetterSettings(folder=Path("out/letters")), root)


def manifest(root: Path, day: str = "2026-03-02") -> list[dict[str, str]]:
    path = root / "out" / "letters" / day / "manifest.csv"
    with path.open(newline="", encoding="utf-8") as stream:
        return list(csv.DictReader(stream))


@pytest.mark.parametrize(
    ("medium", "name"),
    [("email", f"{KEY}.eml"), ("letter", f"{KEY}.pdf"), ("sms", f"{KEY}.txt")],
)
def test_each_medium_has_its_kind_of_file(tmp_path, medium, name):
    assert outbox(tmp_path).send(message(medium), KEY, nothing) == Accepted(name)
    assert [path.name for path in (tmp_path / "out").iterdir()] == [name]


def test_opening_a_channel_touches_nothing(tmp_path):
    outbox(tmp_path).close()
    letters(tmp_path).close()
    assert list(tmp_path.iterdir()) == []


def test_files_are_for_their_owner_only_whatever_the_umask(tmp_path):
    before = os.umask(0)
    try:
        outbox(tmp_path).send(message("email"), KEY, nothing)
        channel = letters(tmp_path)
        channel.send(message("letter"), KEY, nothing)
        channel.close()
    finally:
        os.umask(before)
    for path in (tmp_path / "out").rglob("*"):
        mode = stat.S_IMODE(path.stat().st_mode)
        assert mode == (0o700 if path.is_dir() else 0o600), path
    assert stat.S_IMODE((tmp_path / "out").stat().st_mode) == 0o700


def test_a_link_in_the_place_of_the_file_is_not_followed(tmp_path):
    (tmp_path / "out").mkdir()
    victim = tmp_path / "victim"
    victim.write_text("mine")
    for name in (f"{KEY}.eml", f".{KEY}.eml.part"):
        (tmp_path / "out" / name).symlink_to(victim)
    assert isinstance(outbox(tmp_path).send(message("email"), KEY, nothing), Accepted)
    assert victim.read_text() == "mine"
    assert not (tmp_path / "out" / f"{KEY}.eml").is_symlink()


def test_a_link_in_the_place_of_a_batch_stops_the_channel(tmp_path):
    (tmp_path / "out" / "letters").mkdir(parents=True)
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "out" / "letters" / "2026-03-02").symlink_to(tmp_path / "elsewhere")
    outcome = letters(tmp_path).send(message("letter"), KEY, nothing)
    assert isinstance(outcome, NotAccepted)
    assert outcome.scope == "channel"
    assert list((tmp_path / "elsewhere").iterdir()) == []


def test_a_folder_that_cannot_be_made_stops_the_channel_before_the_mark(tmp_path):
    (tmp_path / "out").write_text("a file is in the way")
    marks: list[bool] = []
    for channel, medium in ((outbox(tmp_path), "email"), (letters(tmp_path), "letter")):
        outcome = channel.send(message(medium), KEY, lambda: marks.append(True))
        assert isinstance(outcome, NotAccepted)
        assert (outcome.kind, outcome.scope) == ("permanent", "channel")
        assert "out" in outcome.detail
    assert marks == []


def test_letters_are_batched_by_day_and_listed(tmp_path):
    channel = letters(tmp_path)
    keys = ["b" * 32, "a" * 32]
    for key in keys:
        channel.send(message("letter", key), key, nothing)
    later = replace(message("letter", "c" * 32), filename="2026-03-03-reminder-2-x-cccccccc.pdf")
    channel.send(later, "c" * 32, nothing)
    channel.close()
    rows = manifest(tmp_path)
    assert [row["file"] for row in rows] == [
        "2026-03-02-reminder-1-garage-aaaaaaaa.pdf",
        "2026-03-02-reminder-1-garage-bbbbbbbb.pdf",
    ]
    assert [row["key"] for row in rows] == sorted(keys)
    assert len(manifest(tmp_path, "2026-03-03")) == 1


def test_sending_a_letter_again_lists_it_once(tmp_path):
    for _ in range(2):
        channel = letters(tmp_path)
        channel.send(message("letter"), KEY, nothing)
        channel.close()
    assert len(manifest(tmp_path)) == 1


def test_a_list_cut_short_is_mended(tmp_path):
    channel = letters(tmp_path)
    channel.send(message("letter"), KEY, nothing)
    channel.close()
    path = tmp_path / "out" / "letters" / "2026-03-02" / "manifest.csv"
    path.write_bytes(path.read_bytes()[:-20])
    channel = letters(tmp_path)
    channel.send(message("letter", "f" * 32), "f" * 32, nothing)
    channel.close()
    rows = manifest(tmp_path)
    assert [row["file"][-12:-4] for row in rows] == [KEY[:8], "ffffffff"]
    assert rows[0]["sha256"] == message("letter").sha256


def test_a_recipient_cannot_be_a_formula_or_break_the_list(tmp_path):
    channel = letters(tmp_path)
    hostile = replace(message("letter"), recipient='=HYPERLINK("x")\r\nGarage, "Dupont"')
    channel.send(hostile, KEY, nothing)
    channel.close()
    assert [row["recipient"] for row in manifest(tmp_path)] == [
        '\'=HYPERLINK("x") Garage, "Dupont"'
    ]


@pytest.mark.parametrize(
    "name",
    [
        "/etc/passwd",
        "../../escape.pdf",
        ".hidden.pdf",
        "é crème.pdf",
        "",
        "x" * 400 + ".pdf",
        "a/b",
    ],
)
def test_no_file_name_leads_out_of_the_folder(tmp_path, name):
    channel = letters(tmp_path)
    outcome = channel.send(replace(message("letter"), filename=name), KEY, nothing)
    channel.close()
    assert isinstance(outcome, Accepted)
    written = list(tmp_path.rglob("*.pdf"))
    assert len(written) == 1
    assert written[0].parent == tmp_path / "out" / "letters" / "undated"
    assert KEY[:8] in written[0].name


def test_a_letter_that_was_printed_while_its_run_was_dead_is_not_written_again(tmp_path):
    settings = LetterSettings(folder=Path("out/letters"), printed=Path("out/printed"))
    printed = tmp_path / "out/printed"
    printed.mkdir(parents=True)
    first = Letter("letter", settings, tmp_path)
    assert isinstance(first.send(message("letter"), KEY, nothing), Accepted)
    [written] = (tmp_path / "out/letters").rglob("*.pdf")
    written.rename(printed / written.name)
    marks: list[None] = []
    again = Letter("letter", settings, tmp_path).send(
        message("letter"), KEY, lambda: marks.append(None)
    )
    assert isinstance(again, Accepted)
    assert len(marks) == 1
    assert not list((tmp_path / "out/letters").rglob("*.pdf"))
