"""The real code against the model: days with random faults, and what must hold after each of them."""

from __future__ import annotations

import atexit
import shutil
import tempfile
from collections import Counter
from contextlib import ExitStack
from datetime import UTC, date, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any, ClassVar

import hypothesis.strategies as st
from hypothesis import note
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule

from relance.dunning.plan import Notice
from relance.history.values import Record
from relance.runs.approvals import facts_of_notice
from relance.runs.report import RunReport

from .fake_clock import fake_clock
from .model import Item, Key, Model
from .post_office import DROP, HALF, HANG, TAKEN, PostOffice
from .savings import savings
from .world import Row, World, warm_up

FIRST = datetime(2026, 8, 17, 8, tzinfo=UTC)
REPLIES = {
    "greeting": ("421 4.3.2 busy", "554 5.3.2 no", DROP, HALF),
    "EHLO": ("421 4.3.2 busy", "500 5.5.1 no", DROP, HALF),
    "MAIL": ("451 4.3.0 later", "421 4.3.2 busy", "550 5.7.1 not you", DROP, HALF),
    "RCPT": (
        "450 4.2.1 greylisted", "421 4.3.2 busy", "550 5.1.1 nobody", "551 5.1.6 moved",
        "553 5.1.3 bad", "554 5.7.1 not you", DROP, HALF,
    ),
    "DATA": ("451 4.3.0 later", "421 4.3.2 busy", DROP, HALF, "354 go on, then " + DROP),
    "dot": (
        "452 4.3.1 full", "421 4.3.2 busy", "554 5.6.0 no such content", DROP, HALF,
        TAKEN + DROP, TAKEN + HALF,
    ),
    "QUIT": (DROP, HALF, "421 4.3.2 busy"),
}  # fmt: skip
SLOW = {"RCPT": HANG, "DATA": HANG, "dot": TAKEN + HANG, "greeting": HANG}
"""Answers that never come cost the time of a timeout: they are rare."""

Script = dict[str, str]
GAPS = (0, 0, 1, 1, 2, 3, 3, 4, 4, 7, 10, 40)
HUNDREDS = (0, 1, 2, 3, *range(4, 14), *range(4, 14), 14, 15, 16, 17)
"""Of the watched lines, in which a run ends: from the fourth hundred on messages leave."""


BY_RECIPIENT = ("RCPT", "DATA", "dot", "QUIT")


@st.composite
def answers(draw: st.DrawFn, verbs: tuple[str, ...] = tuple(REPLIES)) -> dict[str, str]:
    """What a server says instead of yes to one of `verbs`."""
    verb = draw(st.sampled_from(verbs))
    if verb in SLOW and draw(st.integers(0, 14)) == 14:
        return {verb: SLOW[verb]}
    return {verb: draw(st.sampled_from(REPLIES[verb]))}


MINUTES = st.sampled_from([1, 16, 70, 300])
TO_ALL = st.one_of(st.just({}), st.just({}), st.just({}), answers())
TO_SOME = st.dictionaries(st.sampled_from(["C1", "C2", "C3"]), answers(BY_RECIPIENT), max_size=2)


_ENTERED = ExitStack()
atexit.register(_ENTERED.close)


@cache
def stage() -> World:
    """The project of this process until `leave`, on a file system in memory if there is one."""
    memory = Path("/dev/shm")
    folder = tempfile.mkdtemp(prefix="relance-", dir=memory if memory.is_dir() else None)
    _ENTERED.callback(shutil.rmtree, folder)
    office = _ENTERED.enter_context(PostOffice().open())
    at = _ENTERED.enter_context(fake_clock(FIRST))
    warm_up()
    return World(Path(folder) / "project", office, at)


def leave() -> None:
    """Take the stage down: what follows in this process has the true clock again."""
    _ENTERED.close()
    stage.cache_clear()


class Delivery(RuleBasedStateMachine):
    """Days of one creditor: exports change, servers fail, processes die, people decide."""

    figures: ClassVar[Counter[str]] = Counter()

    @initialize(
        debts=st.lists(
            st.lists(st.integers(-14, 1), min_size=1, max_size=2), min_size=1, max_size=3
        )
    )
    def opening(self, debts: list[list[int]]) -> None:
        self.world, self.model = stage(), Model()
        self.now = FIRST
        self.world.fresh()
        self.awaiting: list[tuple[Notice, Any]] = []
        self.in_folder: set[str] = set()
        self.met: dict[str, Key] = {}
        for number, offsets in enumerate(debts, start=1):
            self.model.addresses[f"C{number}"] = f"a0@c{number}.example"
            for nth, offset in enumerate(offsets):
                due = FIRST.date() + timedelta(days=offset)
                self.model.items[f"F{number}{nth}"] = Item(f"F{number}{nth}", f"C{number}", due)
        self.figures["sequences"] += 1

    def teardown(self) -> None:
        """At the end of a sequence the chain of the record is whole."""
        if hasattr(self, "world"):
            with self.world.history() as history:
                found = history.verify()
            assert found.verdict == "intact", found.findings

    # What happens between runs

    @rule(
        data=st.data(),
        change=st.sampled_from(
            ["pay", "part", "reopen", "vanish", "dispute", "address", "add", "back", "pause"]
        ),
    )
    def changes(self, data: st.DataObject, change: str) -> None:
        self.figures["steps"] += 1
        item = self.model.items[data.draw(st.sampled_from(sorted(self.model.items)))]
        getattr(self, "_" + change)(item)

    def _pay(self, item: Item) -> None:
        item.open = 0

    def _part(self, item: Item) -> None:
        item.open = max(0, item.open - 2_500)

    def _reopen(self, item: Item) -> None:
        item.open, item.listed = item.amount, True

    def _vanish(self, item: Item) -> None:
        item.listed = False

    def _dispute(self, item: Item) -> None:
        kind = "dispute_settled" if item.disputed else "dispute"
        identity = f"{item.debtor}|{item.number}|2026"
        with self.world.history() as history:
            history.record([Record(kind, self.now.date(), item.debtor, identity)])
        item.disputed = not item.disputed

    def _address(self, item: Item) -> None:
        count = int(self.model.addresses[item.debtor][1 : -len("@c1.example")])
        self.model.addresses[item.debtor] = f"a{count + 1}@{item.debtor.lower()}.example"

    def _pause(self, item: Item) -> None:
        """Until the next run is over: a sequence is too short to stand still for long."""
        with self.world.history() as history:
            history.pause("me", "why not")
        self.model.paused = True

    def _resume(self) -> None:
        with self.world.history() as history:
            history.resume("me")
        self.model.paused = False

    def _back(self, item: Item) -> None:
        """The clock goes back behind the last run: nothing may be dated so."""
        with self.world.history() as history:
            last = history.last_completed_run()
        if last:
            assert self.world.run(last - timedelta(days=3)) is None

    def _add(self, item: Item) -> None:
        number, due = f"G{len(self.model.items)}", self.now.date() - timedelta(days=4)
        self.model.items[number] = Item(number, item.debtor, due)

    @precondition(lambda self: any(d.state == "in_doubt" for d in self.model.dispatches.values()))
    @rule(data=st.data(), how=st.sampled_from(["sent", "unsent", "unsent", "abandoned"]))
    def settles(self, data: st.DataObject, how: str) -> None:
        self.figures["steps"] += 1
        doubts = {r.key: self._key(r) for r in self.world.rows() if r.state == "in_doubt"}
        if not doubts:
            return  # the run that finds it has not come yet
        key = data.draw(st.sampled_from(sorted(doubts)))
        with self.world.history() as history:
            state = history.resolve(key, how, "me")  # type: ignore[arg-type]
        dispatch = self.model.dispatches[doubts[key]]
        dispatch.state = state
        debtor = self._debtor(doubts[key])
        if how == "sent":
            self.model.rejected.discard((debtor, dispatch.recipient))
        if how == "unsent":
            self.model.resends.update(doubts[key][1])

    @precondition(lambda self: self.awaiting)
    @rule(data=st.data())
    def approves(self, data: st.DataObject) -> None:
        self.figures["steps"] += 1
        notice, seen = data.draw(st.sampled_from(self.awaiting))
        with self.world.history() as history:
            history.approve([notice.key], "me", {notice.key: facts_of_notice(notice)})
        self.model.approved.add(seen)

    # Runs

    @rule(gap=st.sampled_from(GAPS), minutes=MINUTES, everyone=TO_ALL, to=TO_SOME)
    def runs(self, gap: int, minutes: int, everyone: Script, to: dict[str, Script]) -> None:
        self._run(gap, minutes, everyone, to, "", 0)

    @rule(
        gap=st.sampled_from(GAPS), minutes=MINUTES, everyone=TO_ALL, to=TO_SOME,
        end=st.sampled_from(["die", "die", "stop"]), hundred=st.sampled_from(HUNDREDS),
        line=st.integers(1, 100),
    )  # fmt: skip
    def breaks_off(
        self, gap: int, minutes: int, everyone: Script, to: dict[str, Script], end: str,
        hundred: int, line: int,
    ) -> None:  # fmt: skip
        self._run(gap, minutes, everyone, to, end, 100 * hundred + line)

    def _run(
        self, gap: int, minutes: int, everyone: Script, to: dict[str, Script], end: str, line: int
    ) -> None:
        self.figures["steps"] += 1
        self.figures["runs"] += 1
        self._pass(gap, minutes)
        self.script = everyone, to
        by_address = {
            self.model.addresses[d]: said for d, said in to.items() if d in self.model.addresses
        }
        self.world.office.script(everyone, by_address)
        self.world.export(list(self.model.items.values()), self.model.addresses)
        before, sent = {row.key: row for row in self.world.rows()}, len(self.world.office.accepted)
        day = self.now.date()
        with savings():
            report = self._ended(end, day, line)
        rows = {row.key: row for row in self.world.rows()}
        self.met |= {key: self._key(row) for key, row in rows.items() if row.claims}
        expected = self.model.due(day)
        note(f"{day} {self.now:%H:%M} {end or 'whole'} due {sorted(map(_shown, expected))} "
             f"{[(_shown(self.met[k]), r.state) for k, r in rows.items()]}")  # fmt: skip
        arrived = self._arrivals(rows, sent, day)
        if report is None:
            self.figures["deaths" if end == "die" else "stops"] += 1
            self._sync(before, rows, day)
        else:
            self._compare(report, expected, day)
        self._agree(rows, arrived)
        if self.model.paused:
            self._resume()

    def _ended(self, end: str, day: date, line: int) -> RunReport | None:
        if end == "die":
            return self.world.run_and_die(day, line)
        return self.world.run_and_stop(day, line) if end else self.world.run(day)

    def _pass(self, gap: int, minutes: int) -> None:
        if gap:
            morning = self.now.replace(hour=8, minute=0)
            self.now = morning + timedelta(days=gap)
        elif self.now.hour < 16:
            self.now += timedelta(minutes=minutes)
        else:
            self.now += timedelta(minutes=1)
        self.world.clock.moment = self.now

    # What must hold

    def _arrivals(self, rows: dict[str, Row], sent: int, day: date) -> Counter[str]:
        """Check each copy that came against the promise; return the copies by key."""
        by_id = {row.message_id: row for row in rows.values()}
        arrived: Counter[str] = Counter()
        for mail in self.world.office.accepted[sent:]:
            row = by_id[mail.message_id]
            assert mail.content == row.content, "other bytes than those that are stored"
            assert mail.recipient == row.recipient
            arrived[row.key] += 1
            self.figures["mails"] += 1
        for key, content in self.world.files().items():
            assert content == rows[key].content
            if key not in self.in_folder:
                self.in_folder.add(key)
                arrived[key] += 1
        for key, copies in arrived.items():
            for _ in range(copies):
                self.model.arrived(self.met[key][1], day)
        return arrived

    def _compare(self, report: RunReport, expected: dict[Key, str], day: date) -> None:
        """Check the report of a whole run against what is due, and note what became of it."""
        plan = report.proposal.plan
        found = dict(
            plan.decided.filter(~plan.decided["missing"]).select("number", "verdict").rows()
        )
        wanted = {
            i.number: self.model.verdict(i, day) for i in self.model.items.values() if i.listed
        }
        assert found == wanted
        keys = {notice.key: (notice.channel, _claims(notice)) for notice in plan.notices}
        assert set(keys.values()) == set(expected)
        assert not report.faults
        if self.model.paused:
            assert report.stops, "it was paused"
            self._turn()
            return
        assert not report.stops, report.stops
        self.model.observe()
        done = {keys[d.key]: d.state for d in report.notices_done if d.key in keys}
        waiting = {keys[notice.key] for notice in report.awaiting}
        self.awaiting = [(n, self.model.seen(keys[n.key])) for n in report.awaiting]
        stops = self._stops(set(expected))
        for key in expected:
            if self.model.waits_for_approval(key):
                assert key in waiting
                continue
            may = self.model.may_become(key, self.now, self._answers(key))
            if stops and key[0] == "email":
                may |= {"stopped"}
            assert done.get(key) in may, f"{_shown(key)}: {done.get(key)} is none of {may}"
            self.model.became(key, str(done[key]), self.now, day)
            self.figures[str(done[key])] += 1

    def _stops(self, keys: set[Key]) -> bool:
        return any("stopped" in self.model.may_become(k, self.now, self._answers(k)) for k in keys)

    def _answers(self, key: Key) -> dict[str, str]:
        everyone, to = self.script
        return everyone | to.get(self._debtor(key), {})

    def _debtor(self, key: Key) -> str:
        return self.model.items[next(iter(key[1]))[0]].debtor

    def _sync(self, before: dict[str, Row], rows: dict[str, Row], day: date) -> None:
        """A run died: take over from the history what it left, as the next run will see it."""
        for key, row in rows.items():
            if key in before and (row.changed, row.state) == (
                before[key].changed,
                before[key].state,
            ):
                continue
            left = {"claimed": "cancelled", "transmitting": "in_doubt"}.get(row.state, row.state)
            if row.state == "transmitting" and row.channel == "folder":
                left = "sent"  # a file of that name is written again
            if key in before and before[key].state == "transmitting" and left == "in_doubt":
                continue  # found now, and in doubt since the day on which it may have left
            self.model.became(self.met[key], left, self.now, day)
        self._turn()

    def _turn(self) -> None:
        for number, (settled, cycle) in self.world.turns().items():
            self.model.items[number].settled_seen = settled
            self.model.items[number].cycle = cycle

    def _agree(self, rows: dict[str, Row], arrived: Counter[str]) -> None:
        """What the servers have is what the history says, or it is in doubt."""
        counted = Counter(mail.message_id for mail in self.world.office.accepted)
        for key, row in rows.items():
            if arrived[key]:
                assert row.state in ("sent", "in_doubt", "transmitting"), row.state
            if row.state == "sent" and row.channel == "email":
                assert counted[row.message_id], f"{_shown(self.met[key])} is sent, and nowhere"
            if row.state == "sent" and row.channel == "folder":
                assert key in self.in_folder

    @staticmethod
    def _key(row: Row) -> Key:
        return row.channel, row.claims


def _claims(notice: Any) -> frozenset[tuple[str, int, int]]:
    return frozenset((line.number, line.level_number, line.cycle) for line in notice.receivables)


def _shown(key: Key) -> str:
    return " ".join(f"{number}:{level}/{cycle}" for number, level, cycle in sorted(key[1]))
