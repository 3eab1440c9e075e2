"""The desk as somebody works at it: keys pressed, the screen read, and what the history tells after."""

from __future__ import annotations

import asyncio
import os
import pty
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Awaitable, Callable
from datetime import date

import pytest
from textual.pilot import Pilot
from textual.widgets import Input, OptionList

from relance.desk.app import PLAIN, DeskApp
from relance.desk.book import Seat
from relance.desk.form import Choice, Form
from relance.desk.lines import Lines
from relance.desk.sheet import SheetScreen
from relance.desk.today import Today
from relance.runs.opening import check

from .stage import Stage, new_stage

DAY = "2026-04-14"
LEVELS = [
    {"id": "call", "days": 10, "channel": "task", "task": {"kind": "call", "subject": "Appeler {{ debtor.name }}"}},
    {"id": "reminder", "days": 20, "channel": "email", "template": "reminder"},
]  # fmt: skip
CUSTOMERS = """id,name,kind,country,language,email,phone,address,postcode,city,owner
C1,Menuiserie Étienne,business,FR,fr,c1@client.example,+33 4 72 11 22 33,1 rue Haute,69003,Lyon,paul
C2,[bold]Garage[/bold] Roux,business,FR,fr,c2@client.example,,1 rue Haute,69003,Lyon,anne
C3,Sans facture,business,FR,fr,c3@client.example,,1 rue Haute,59000,Lille,anne
"""
SALES = """number,debtor,issued,due,amount,open,currency,kind
F1,C1,2026-03-02,2026-04-01,250.50,250.50,EUR,invoice
F3,C1,2026-03-02,2026-04-01,90.00,90.00,EUR,invoice
F2,C2,2026-03-02,2026-04-01,80.00,80.00,EUR,invoice
"""
SMALL, WIDE = (80, 24), (100, 30)
Work = Callable[[DeskApp, Pilot], Awaitable[None]]
ROUNDS = 200
"""How often a test looks for the state that it waits for; between two looks all events are dealt with."""


@pytest.fixture
def stage(tmp_path) -> Stage:
    """A project in which C1 (340.50) and C2 (80.00) are to be called; C3 owes nothing."""
    made = new_stage(
        tmp_path / "project",
        {
            "procedures": {"standard": {"levels": LEVELS}},
            "open": SALES,
            "customers": CUSTOMERS,
        },
    )
    assert made("run", "--date", DAY).code == 0
    return made


def at_the_desk(stage: Stage, work: Work, size=SMALL, language="en", owner=None) -> None:
    """Open the desk on `stage`, let `work` press keys, and leave."""
    policy = check(stage.root).policy
    assert policy is not None
    seat = Seat(policy, "claire", language, lambda: date.fromisoformat(DAY), patience=0.2)

    async def sit() -> None:
        book = seat.read()
        assert not isinstance(book, list), book
        app = DeskApp(seat, book, owner)
        async with app.run_test(size=size) as pilot:
            await pilot.pause()
            await work(app, pilot)

    asyncio.run(sit())


async def settled(app: DeskApp, pilot: Pilot) -> None:
    """Wait until nothing is being recorded or read any more, and all is drawn."""
    for _ in range(ROUNDS):
        await pilot.pause()
        if not app.reading and not (isinstance(app.screen, Form) and app.screen._saving):
            return
    raise AssertionError("the desk is still at work")


async def until(app: DeskApp, pilot: Pilot, holds: Callable[[], bool]) -> None:
    """Wait until `holds`; what is on the screen is told where it never does."""
    for _ in range(ROUNDS):
        await settled(app, pilot)
        if holds():
            return
    raise AssertionError("\n".join(screen_text(app)))


def screen_text(app: DeskApp) -> list[str]:
    """Return what is on the screen, line by line."""
    width, height = app.size
    lines = app.screen._compositor.render_strips()
    return ["".join(segment.text for segment in strip)[:width] for strip in lines][:height]


def recorded(stage: Stage, debtor: str, kind: str) -> list[dict]:
    sheet = stage("debtor", debtor, "--json", "--date", DAY).json
    return [event for event in sheet["history"] if event["type"] == kind]


def verdict(stage: Stage, number: str) -> str:
    return stage("explain", number, "--json", "--date", DAY).json["verdict"]


@pytest.mark.parametrize("size", [SMALL, WIDE])
def test_the_list_shows_what_is_worth_most_first_and_all_keys(stage, size):
    async def work(app: DeskApp, pilot: Pilot) -> None:
        lines = screen_text(app)
        assert "Atelier Dubreuil SAS" in lines[0]
        assert "Menuiserie Étienne" in lines[3]
        assert "€340.50" in lines[3]
        assert "[bold]Garage[/bold]" in "".join(lines[4:6])
        foot = "".join(lines[-3:])
        assert all(word in foot for word in ("Call", "Promise", "Dispute", "Note", "Leave"))
        assert "+33 4 72 11 22 33" in "".join(lines)

    at_the_desk(stage, work, size)


def test_the_screen_is_french_where_the_operator_is(stage):
    async def work(app: DeskApp, pilot: Pilot) -> None:
        lines = screen_text(app)
        assert "mardi 14 avril 2026" in lines[0]
        assert "340,50" in lines[3]
        assert "Promesse" in "".join(lines[-3:])
        assert "Quitter" in "".join(lines[-3:])

    at_the_desk(stage, work, language="fr")


def test_a_call_that_ends_in_a_promise_ends_the_task_and_holds_its_invoices(stage):
    async def work(app: DeskApp, pilot: Pilot) -> None:
        await pilot.press("c", "enter", *"30/04", "enter", "enter", *"Mme Roy", "enter")
        await until(app, pilot, lambda: [line.work.debtor for line in app.book.lines] == ["C2"])

    at_the_desk(stage, work)
    [promise, other] = recorded(stage, "C1", "promise")
    assert {promise["item"][-7:-5], other["item"][-7:-5]} == {"F1", "F3"}
    assert (promise["until"], promise["reason"], promise["by"]) == (
        "2026-04-30",
        "Mme Roy",
        "claire",
    )
    [done] = recorded(stage, "C1", "task_done")
    assert done["code"] == "promised"
    assert verdict(stage, "F1") == "promised"


def test_a_promise_without_a_date_stays_in_the_form_and_says_so(stage):
    async def work(app: DeskApp, pilot: Pilot) -> None:
        await pilot.press("c", "ctrl+s")
        await until(app, pilot, lambda: isinstance(app.screen, Form))
        await until(
            app, pilot, lambda: any("A promise needs a date" in line for line in screen_text(app))
        )
        await pilot.press("escape")
        assert isinstance(app.screen, Today)

    at_the_desk(stage, work)
    assert recorded(stage, "C1", "promise") == []


@pytest.mark.parametrize(
    ("typed", "said"),
    [("31/02", "31/02 is not a date"), ("2026-04-01", "2026-04-01 is past"), ("soon", "soon is not a date")],
)  # fmt: skip
def test_what_is_no_date_is_said_and_what_was_typed_stays(stage, typed, said):
    async def work(app: DeskApp, pilot: Pilot) -> None:
        await pilot.press("p", *typed, "ctrl+s")
        await until(app, pilot, lambda: any(said in line for line in screen_text(app)))
        await until(app, pilot, lambda: app.screen.query_one("#field-until", Input).value == typed)

    at_the_desk(stage, work)


def test_more_than_is_owed_is_refused_as_by_the_command(stage):
    async def work(app: DeskApp, pilot: Pilot) -> None:
        await pilot.press("down", "p", *"+7", "enter", *"300", "ctrl+s")
        await until(
            app,
            pilot,
            lambda: any("300 EUR is more than what is open, 80.00" in x for x in screen_text(app)),
        )

    at_the_desk(stage, work)
    assert recorded(stage, "C2", "promise") == []


def test_a_dispute_on_one_invoice_from_the_sheet_leaves_the_other(stage):
    async def work(app: DeskApp, pilot: Pilot) -> None:
        await pilot.press("2", "enter")
        await until(app, pilot, lambda: isinstance(app.screen, SheetScreen))
        items = app.screen.query_one("#items", Lines)
        place = [item["number"] for item in items.rows].index("F3")
        await pilot.press(*["down"] * place, "d", "tab", *"40", "tab", *"paul", "ctrl+s")
        await until(app, pilot, lambda: isinstance(app.screen, SheetScreen))

    at_the_desk(stage, work)
    [dispute] = stage("dispute", "list", "--json", "--date", DAY).json["disputes"]
    assert (dispute["invoices"], dispute["disputed"], dispute["owner"]) == (["F3"], "40.00", "paul")
    assert dispute["until"] == "2026-04-28"
    assert recorded(stage, "C1", "task_done") == []


def test_a_dispute_about_the_task_ends_it_with_its_reason(stage):
    async def work(app: DeskApp, pilot: Pilot) -> None:
        await pilot.press("down", "d", "right", "ctrl+s")
        await settled(app, pilot)

    at_the_desk(stage, work)
    [dispute] = stage("dispute", "list", "--json", "--date", DAY).json["disputes"]
    assert (dispute["debtor"], dispute["code"]) == ("C2", "quantity")
    assert recorded(stage, "C2", "task_done")[0]["code"] == "disputed"


def test_a_note_and_the_sheet_that_shows_it_at_once(stage):
    async def work(app: DeskApp, pilot: Pilot) -> None:
        await pilot.press("enter")
        await settled(app, pilot)
        await pilot.press("n", *"pays by cheque [link=x]", "enter")
        await until(app, pilot, lambda: isinstance(app.screen, SheetScreen))
        await pilot.press("4")
        await until(
            app, pilot, lambda: any("pays by cheque [link=x]" in line for line in screen_text(app))
        )

    at_the_desk(stage, work)
    [note] = stage("note", "list", "--json").json["notes"]
    assert (note["text"], note["by"]) == ("pays by cheque [link=x]", "claire")


def test_who_does_not_answer_is_on_the_list_again_for_the_next_working_day(stage):
    async def work(app: DeskApp, pilot: Pilot) -> None:
        await pilot.press("c", "down", "down", "down", "ctrl+s")
        await until(
            app, pilot, lambda: [line.work.debtor for line in app.book.lines] == ["C2", "C1"]
        )
        await until(
            app, pilot, lambda: any("no answer so far: 1" in line for line in screen_text(app))
        )

    at_the_desk(stage, work)
    [task] = stage("tasks", "--debtor", "C1", "--json", "--date", DAY).json["tasks"]
    assert (task["due"], task["attempts"]) == ("2026-04-15", 1)


def test_a_call_that_no_task_asked_for_is_an_event_with_its_consequence(stage):
    async def work(app: DeskApp, pilot: Pilot) -> None:
        await pilot.press("2", "down", "c", "up", "shift+tab", "right", "tab")
        assert isinstance(app.screen, Form)
        about = app.screen.query_one("#field-about", Choice)
        while not about.value.startswith("item:"):
            about.action_turn(1)
        app.screen.query_one("#field-outcome", OptionList).highlighted = 2
        await pilot.press("ctrl+s")
        await settled(app, pilot)

    at_the_desk(stage, work)
    [called] = recorded(stage, "C2", "called")
    assert (called["code"], called["by"]) == ("paid", "claire")
    assert verdict(stage, "F2") == "blocked"


def test_a_task_is_ended_put_off_passed_on_and_added(stage):
    async def work(app: DeskApp, pilot: Pilot) -> None:
        await pilot.press("t", "ctrl+s")
        await until(app, pilot, lambda: [line.work.debtor for line in app.book.lines] == ["C2"])
        await pilot.press("m", *"+3", "enter", *"karim", "enter")
        moved = [("karim", date(2026, 4, 17))]
        await until(
            app, pilot, lambda: moved == [(x.work.owner, x.work.due) for x in app.book.lines]
        )
        await pilot.press("a", *"Send the slip", "ctrl+s")
        subjects = {"Send the slip", "Appeler [bold]Garage[/bold] Roux"}
        await until(app, pilot, lambda: subjects == {x.work.subject for x in app.book.lines})

    at_the_desk(stage, work)
    assert recorded(stage, "C1", "task_done")[0]["code"] == "done"


def test_a_task_that_somebody_else_ended_meanwhile_is_not_ended_twice(stage):
    [task] = stage("tasks", "--debtor", "C1", "--json", "--date", DAY).json["tasks"]

    async def work(app: DeskApp, pilot: Pilot) -> None:
        await pilot.press("t")
        await settled(app, pilot)
        stage("tasks", "done", str(task["number"]), "--outcome", "refused", "--date", DAY)
        await pilot.press("ctrl+s")
        await until(
            app,
            pilot,
            lambda: any(f"task {task['number']} was done on" in line for line in screen_text(app)),
        )
        await pilot.press("escape", "r")
        await until(app, pilot, lambda: [line.work.debtor for line in app.book.lines] == ["C2"])

    at_the_desk(stage, work)
    [done] = recorded(stage, "C1", "task_done")
    assert done["code"] == "refused"


def test_a_database_that_a_run_has_locked_loses_nothing_that_was_typed(stage):
    async def work(app: DeskApp, pilot: Pilot) -> None:
        await pilot.press("p", *"+7")
        other = sqlite3.connect(stage.root / "relance.db", isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        await pilot.press("ctrl+s")
        await until(app, pilot, lambda: isinstance(app.screen, Form))
        await until(app, pilot, lambda: any("is locked" in line for line in screen_text(app)))
        other.execute("ROLLBACK")
        other.close()
        await pilot.press("ctrl+s")
        await until(app, pilot, lambda: isinstance(app.screen, Today))

    at_the_desk(stage, work)
    assert verdict(stage, "F1") == "promised"


def test_an_export_that_is_refused_keeps_the_book_that_was_read_before(stage):
    async def work(app: DeskApp, pilot: Pilot) -> None:
        before = app.book
        stage.write("ventes.csv", "number,debtor\n")
        await pilot.press("r")
        await until(app, pilot, lambda: len(app._notifications) > 0)
        await until(app, pilot, lambda: not app.reading)
        assert app.book is before

    at_the_desk(stage, work)


def test_a_sheet_that_cannot_be_read_again_stays_and_the_desk_says_why(stage):
    async def work(app: DeskApp, pilot: Pilot) -> None:
        await pilot.press("enter")
        await until(app, pilot, lambda: isinstance(app.screen, SheetScreen))
        for path in stage.root.glob("relance.db*"):
            path.unlink()
        (stage.root / "relance.db").write_bytes(b"no database" * 1000)
        await pilot.press("r")
        await until(app, pilot, lambda: len(app._notifications) > 0)
        await until(app, pilot, lambda: not app.reading)
        assert isinstance(app.screen, SheetScreen)

    at_the_desk(stage, work)


def test_a_debtor_without_items_has_a_sheet_and_takes_notes(stage):
    async def work(app: DeskApp, pilot: Pilot) -> None:
        await pilot.press("2", "slash", *"lille", "enter", "enter")
        await until(app, pilot, lambda: isinstance(app.screen, SheetScreen))
        await until(
            app, pilot, lambda: any("Sans facture (C3)" in line for line in screen_text(app))
        )
        await until(app, pilot, lambda: any("Nothing is open" in line for line in screen_text(app)))
        await pilot.press("n", *"new customer", "enter")
        await settled(app, pilot)
        await pilot.press("2", "3", "4", "5")
        await settled(app, pilot)
        await pilot.press("t")
        await until(app, pilot, lambda: isinstance(app.screen, SheetScreen))

    at_the_desk(stage, work)
    assert stage("note", "list", "C3", "--json").json["notes"][0]["text"] == "new customer"


def test_searching_finds_without_accents_by_invoice_and_in_any_order(stage):
    async def work(app: DeskApp, pilot: Pilot) -> None:
        tasks = app.screen.query_one("#tasks", Lines)
        await pilot.press("slash", *"etienne MENUIS")
        await until(app, pilot, lambda: [line.work.debtor for line in tasks.rows] == ["C1"])
        app.screen.query_one("#search", Input).value = "f2"
        await until(app, pilot, lambda: [line.work.debtor for line in tasks.rows] == ["C2"])
        app.screen.query_one("#search", Input).value = "nobody at all"
        await until(app, pilot, lambda: list(tasks.rows) == [])
        await pilot.press("enter", "c", "enter", "escape")
        await until(app, pilot, lambda: len(tasks.rows) == 2)

    at_the_desk(stage, work)


def test_the_owner_filter_goes_round(stage):
    async def work(app: DeskApp, pilot: Pilot) -> None:
        seen = []
        for _ in range(3):
            seen.append([line.work.owner for line in app.screen.query_one("#tasks", Lines).rows])
            await pilot.press("o")
            await settled(app, pilot)
        await until(
            app,
            pilot,
            lambda: [set(owners) for owners in seen] == [{"paul"}, {"paul", "anne"}, {"anne"}],
        )

    at_the_desk(stage, work, owner="paul")


def test_control_characters_and_markup_in_names_are_shown_and_do_nothing(stage):
    stage.customers(
        CUSTOMERS.replace("Menuiserie Étienne", "Evil \x1b[31mRed\u202e[@click=app.quit]x[/]")
    )

    async def work(app: DeskApp, pilot: Pilot) -> None:
        await pilot.press("enter")
        await settled(app, pilot)
        for key in "12345":
            await pilot.press(key)
            await settled(app, pilot)
            assert "\x1b" not in "".join(screen_text(app))
            assert "\u202e" not in "".join(screen_text(app))
        await pilot.press("c")
        await until(
            app, pilot, lambda: any("[@click=app.quit]x[/]" in line for line in screen_text(app))
        )

    at_the_desk(stage, work)


def test_a_project_without_any_task_opens(tmp_path):
    async def work(app: DeskApp, pilot: Pilot) -> None:
        assert any("Nothing is to be done" in line for line in screen_text(app))
        await pilot.press("c", "t", "m", "enter", "down", "end", "pagedown", "o")
        await until(app, pilot, lambda: isinstance(app.screen, Today))

    at_the_desk(new_stage(tmp_path / "empty"), work)


def test_in_a_terminal_of_sixteen_colours_the_terminal_chooses_them(stage):
    async def work(app: DeskApp, pilot: Pilot) -> None:
        assert app.theme == PLAIN.name
        strips = app.screen._compositor.render_strips()
        colours = {s.style.color for strip in strips for s in strip if s.style and s.style.color}
        assert all(colour.triplet is None for colour in colours), colours

    at_the_desk(stage, work)


def test_the_list_draws_only_what_is_seen_of_many_thousand_lines(stage):
    async def work(app: DeskApp, pilot: Pilot) -> None:
        tasks = app.screen.query_one("#tasks", Lines)
        drawn: list[int] = []
        cells = tasks._cells
        tasks._cells = lambda line: drawn.append(1) or cells(line)
        tasks.show([*app.book.lines] * 20_000, keep=False)
        await settled(app, pilot)
        await pilot.press("end")
        await until(app, pilot, lambda: tasks.cursor == 39_999)
        await until(app, pilot, lambda: tasks.scroll_offset.y > 39_900)
        await until(app, pilot, lambda: len(drawn) < 500)

    at_the_desk(stage, work)


def test_without_a_terminal_there_is_no_desk_and_a_way_out(stage):
    said = stage("desk", "--date", DAY)
    assert said.code == 2
    assert "needs a terminal" in said.err
    assert "relance tasks" in said.err


def test_the_program_opens_on_a_terminal_and_leaves_by_its_key(stage):
    ours, theirs = pty.openpty()
    command = [
        sys.executable,
        "-m",
        "relance",
        "desk",
        "-C",
        str(stage.root),
        "--date",
        DAY,
        "--lang",
        "en",
    ]
    environment = {**os.environ, "TERM": "linux", "COLUMNS": "80", "LINES": "24"}
    environment.pop("COLORTERM", None)
    environment.pop("NO_COLOR", None)
    with subprocess.Popen(
        command, stdin=theirs, stdout=theirs, stderr=theirs, env=environment, close_fds=True
    ) as desk:
        os.close(theirs)
        late = threading.Timer(120, desk.kill)  # then the other side closes
        late.start()
        seen = b""
        try:
            while b"Leave" not in seen:
                seen += os.read(ours, 65536)
            os.write(ours, b"q")
            while True:
                seen += os.read(ours, 65536)
        except OSError:  # the other side is closed
            pass
        assert desk.wait(60) == 0
        late.cancel()
    os.close(ours)
    assert "Menuiserie Étienne".encode() in seen
    assert b"38;2;" not in seen  # true colours, which this terminal has not
    assert b"Traceback" not in seen
