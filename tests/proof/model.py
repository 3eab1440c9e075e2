"""The promise of delivery, written plainly: what is due, what may become of it, what must never be.

No code of the engine is used here. A receivable is known by its number; a claim is (number, level,
cycle); a notice is its channel and its claims, whatever the letter looks like.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

LEVELS = ((5, "email"), (8, "email"), (11, "folder"))
"""Days after the due date, and the channel; the last one waits for approval."""

INTERVAL = 3
TRIES = (timedelta(minutes=15), timedelta(hours=1), timedelta(hours=4), timedelta(hours=24))
HOLIDAYS = {
    *(date(2026, month, day) for month, day in ((11, 1), (11, 11), (12, 25))),
    *(date(2027, 1, 1), date(2027, 3, 29), date(2027, 5, 1), date(2027, 5, 6), date(2027, 5, 8)),
    *(date(2027, 5, 17), date(2027, 7, 14)),
}
"""Of France, as far as sequences go."""

DONE = ("sent", "resolved_sent", "in_doubt", "abandoned")
"""States that keep a level from being sent again."""

Claim = tuple[str, int, int]
Key = tuple[str, frozenset[Claim]]


@dataclass
class Item:
    """A receivable. `open` is in the export while `listed`; `seen` are turns that runs observed."""

    number: str
    debtor: str
    due: date
    open: int = 10_000
    amount: int = 10_000
    listed: bool = True
    disputed: bool = False
    settled_seen: bool = False
    cycle: int = 0


@dataclass
class Dispatch:
    """What became of a notice: its state, the day that counts, its tries."""

    state: str
    day: date
    recipient: str
    refusals: int = 0
    not_before: datetime | None = None


@dataclass
class Model:
    """All that the promise is about."""

    items: dict[str, Item] = field(default_factory=dict)
    addresses: dict[str, str] = field(default_factory=dict)
    rejected: set[tuple[str, str]] = field(default_factory=set)
    dispatches: dict[Key, Dispatch] = field(default_factory=dict)
    approved: set[tuple[Key, int, str]] = field(default_factory=set)
    resends: Counter[Claim] = field(default_factory=Counter)
    copies: Counter[Claim] = field(default_factory=Counter)
    order: list[Claim] = field(default_factory=list)
    paused: bool = False

    # What is due

    def cycle_now(self, item: Item) -> int:
        """A settled receivable that is open again begins anew."""
        return item.cycle + (1 if item.settled_seen and item.open else 0)

    def state_of(self, claim: Claim) -> Dispatch | None:
        for (_, claims), dispatch in self.dispatches.items():
            if claim in claims and dispatch.state in DONE:
                return dispatch
        return None

    def reached(self, item: Item) -> list[tuple[int, Dispatch]]:
        cycle = self.cycle_now(item)
        levels = range(1, len(LEVELS) + 1)
        found = [(level, self.state_of((item.number, level, cycle))) for level in levels]
        return [(level, dispatch) for level, dispatch in found if dispatch]

    def verdict(self, item: Item, day: date) -> str:
        """Why the receivable is dunned on `day`, or is not."""
        if not item.open:
            return "settled"
        if not item.listed:
            return "missing"
        if item.disputed:
            return "disputed"
        past = self.reached(item)
        if any(dispatch.state == "in_doubt" for _, dispatch in past):
            return "in_doubt"
        level = self.next_level(item)
        if level > len(LEVELS):
            return "complete"
        if working_day(item.due + timedelta(days=LEVELS[level - 1][0])) > day:
            return "not_due"
        if any(dispatch.day + timedelta(days=INTERVAL) > day for _, dispatch in past):
            return "interval"
        if working_day(day) != day:
            return "deferred"
        if (item.debtor, self.addresses[item.debtor]) in self.rejected:
            return "unreachable"
        return "act"

    def next_level(self, item: Item) -> int:
        return 1 + max((level for level, _ in self.reached(item)), default=0)

    def due(self, day: date) -> dict[Key, str]:
        """The notices of `day`, each with its debtor: one per debtor, at its highest level."""
        acting: dict[str, list[Claim]] = {}
        for item in self.items.values():
            if self.verdict(item, day) == "act":
                claim = (item.number, self.next_level(item), self.cycle_now(item))
                acting.setdefault(item.debtor, []).append(claim)
        return {(self.channel(claims), frozenset(claims)): d for d, claims in acting.items()}

    @staticmethod
    def channel(claims: list[Claim]) -> str:
        return LEVELS[max(level for _, level, _ in claims) - 1][1]

    def seen(self, key: Key) -> tuple[Key, int, str]:
        """What a person approves: a notice, the sum that it claims, and whom it is for."""
        items = [self.items[number] for number, _, _ in key[1]]
        return key, sum(item.open for item in items), self.addresses[items[0].debtor]

    def waits_for_approval(self, key: Key) -> bool:
        last = max(level for _, level, _ in key[1]) == len(LEVELS)
        return last and self.seen(key) not in self.approved

    # What may become of it

    def may_become(self, key: Key, now: datetime, answers: dict[str, str]) -> set[str]:
        """The states that a run may lead to, given what the server answers to this recipient."""
        last = self.dispatches.get(key)
        debtor = self.items[next(iter(key[1]))[0]].debtor
        if last and last.state == "retry" and last.not_before and now < last.not_before:
            return {"waiting"}
        if last and last.state == "failed" and last.recipient == self.addresses[debtor]:
            return {"failed"}
        return {"sent"} if key[0] == "folder" else outcome(answers)

    def became(self, key: Key, state: str, now: datetime, day: date) -> None:
        """Note what a run, or a look into the history, says of a notice."""
        if state in ("waiting", "stopped", "already"):
            return
        debtor = self.items[next(iter(key[1]))[0]].debtor
        address = self.addresses[debtor]
        last = self.dispatches.get(key)
        refusals = last.refusals if last and last.state == "retry" else 0
        if state == "retry":
            until = now + TRIES[refusals]
            self.dispatches[key] = Dispatch(state, day, address, refusals + 1, until)
        elif state != "failed" or not last or last.state != "failed":
            self.dispatches[key] = Dispatch(state, day, address)
        if state == "rejected":
            self.rejected.add((debtor, address))
        if state == "sent":
            self.rejected.discard((debtor, address))

    def observe(self) -> None:
        """What a run sees of the export: which dunned receivables are settled, which open again."""
        dunned = {
            number for _, claims in self.dispatches for number, _, _ in claims if self.was(number)
        }
        for number in dunned:
            item = self.items[number]
            if not item.listed:
                continue
            if not item.open and not item.settled_seen:
                item.settled_seen = True
            elif item.open and item.settled_seen:
                item.settled_seen, item.cycle = False, item.cycle + 1

    def was(self, number: str) -> bool:
        """Whether any level of the receivable counts as reached, in whatever cycle."""
        return any(
            dispatch.state in DONE and any(n == number for n, _, _ in claims)
            for (_, claims), dispatch in self.dispatches.items()
        )

    # What must never be

    def arrived(self, claims: frozenset[Claim], day: date) -> None:
        """A copy that covers `claims` was accepted on `day`: check it against the promise."""
        for number, level, cycle in claims:
            item = self.items[number]
            assert item.open, f"{number} was paid"
            assert not item.disputed, f"{number} was disputed"
            assert not self.paused, "it was paused"
            assert working_day(day) == day, "no sending day"
            assert item.due + timedelta(days=LEVELS[level - 1][0]) <= day, f"{number} was not due"
            if level > 1:
                before = self.state_of((number, level - 1, cycle))
                assert before, f"level {level} of {number} without the one before"
                assert before.state != "in_doubt", f"level {level} of {number} after a doubt"
            self.copies[number, level, cycle] += 1
            most = 1 + self.resends[number, level, cycle]
            assert self.copies[number, level, cycle] <= most, f"{number}, level {level}: twice"


def outcome(answers: dict[str, str]) -> set[str]:
    """The row of the table of outcomes that `answers` (by verb, to one recipient) lead to."""
    for verb in ("greeting", "EHLO"):
        if verb in answers:
            return {"cancelled", "stopped"}
    for verb in ("MAIL", "RCPT", "DATA"):
        reply = answers.get(verb, "")
        if reply.startswith("354"):
            return {"retry", "in_doubt"}  # the client may learn of the cut only after the dot
        if "5.7." in reply or (verb == "MAIL" and reply.startswith("5")):
            return {"cancelled", "stopped"}
        if reply.startswith("5"):
            return {"rejected"}
        if reply:
            return {"retry"}
    reply = answers.get("dot", "250")
    if reply.startswith("250"):
        return {"sent"}
    return {"retry"} if reply[0] == "4" else {"rejected"} if reply[0] == "5" else {"in_doubt"}


def working_day(day: date) -> date:
    """The first day from `day` on that is neither of a weekend nor a holiday."""
    while day.weekday() > 4 or day in HOLIDAYS:
        day += timedelta(days=1)
    return day
