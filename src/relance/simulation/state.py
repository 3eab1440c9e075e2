"""The portfolio on the day that is played: what is open, what was sent, who is to be looked at."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta

import polars as pl

from relance.dunning.charges import has_charges
from relance.dunning.events import CONTACTS, CYCLES, PAST_LEVELS, Past
from relance.dunning.thanks import RECENT
from relance.ledger.lookup import look_up
from relance.ledger.schema import conform
from relance.policy.desk import THANKS
from relance.policy.model import Policy
from relance.simulation.looks import Watch
from relance.simulation.story import Story

_NEVER = 2**31 - 1
_EPOCH = date(1970, 1, 1)
_AT_THE_END = ("item", "debtor", "currency", "kind", "due", "appears")


def _number(day: date) -> int:
    return (day - _EPOCH).days


def identity(debtor: str | pl.Expr) -> pl.Expr:
    """Return a debtor as the identities of its receivables begin."""
    given = pl.col(debtor) if isinstance(debtor, str) else debtor
    return given.str.replace_all("|", "¦", literal=True)


@dataclass
class State:
    """What changes from day to day. `party` numbers the debtors, `at` the receivables.

    Attributes:
        open, cycle, settled: by receivable: minor units, how often it was open again, whether it is settled.
        known: by receivable: whether it has appeared.
        look: by party: the day (since 1970) on which it is to be looked at.
        thanked_for: by party: the last day on which a payment may be thanked for.
        held: by party: whether people recorded anything of it; it is looked at every day.
    """

    story: Story
    policy: Policy
    items: pl.DataFrame
    parties: pl.DataFrame
    flows: pl.DataFrame
    restless: bool
    open: pl.Series
    cycle: pl.Series
    settled: pl.Series
    known: pl.Series
    look: pl.Series
    thanked_for: pl.Series
    held: pl.Series
    levels: pl.DataFrame
    contacts: pl.DataFrame
    allocations: pl.DataFrame
    thanked: pl.DataFrame
    tasks: frozenset[str]
    shown: pl.Series
    played: int = -_NEVER

    @classmethod
    def of(cls, story: Story, policy: Policy, *, restless: bool = True) -> State:
        """Return the state before the first day.

        `restless` says that money alone can change what is due: each payment wakes its debtor.
        """
        items = story.items.sort("debtor", "item")
        parties = items.select(pl.col("debtor").unique(maintain_order=True)).with_row_index("party")
        items = items.join(parties, on="debtor", how="left", maintain_order="left")
        items = items.with_row_index("at")
        past = story.past
        own = parties.select("party", identity("debtor").alias("identity"))
        debtor = pl.col("item").str.split("|").list.first().alias("identity")
        levels = (
            past.levels.with_columns(debtor).join(own, on="identity", how="inner").drop("identity")
        )
        cycles = items.select("item").join(
            past.cycles, on="item", how="left", maintain_order="left"
        )
        cycle, settled = cycles["cycle"].fill_null(0), cycles["settled"].fill_null(value=False)
        is_open = items["open"] != 0
        dunned = items["item"].is_in(levels["item"].unique().implode())
        held = parties["debtor"].is_in(past.holds["debtor"].drop_nulls().unique().implode())
        flows = story.flows.join(items.select("item", "at", "party"), on="item", how="inner")
        return cls(
            story=story,
            policy=policy,
            items=items,
            parties=parties,
            flows=flows.sort("day", "at"),
            restless=restless,
            open=items["open"].clone(),
            cycle=cycle + (settled & is_open).cast(pl.Int32),
            settled=~is_open & (settled | dunned),
            known=pl.repeat(False, items.height, dtype=pl.Boolean, eager=True),
            look=pl.repeat(-_NEVER, parties.height, dtype=pl.Int32, eager=True),
            thanked_for=pl.repeat(-_NEVER, parties.height, dtype=pl.Int32, eager=True),
            held=held,
            levels=levels,
            contacts=past.contacts.join(parties, on="debtor", how="inner"),
            allocations=past.allocations.join(parties, on="debtor", how="inner"),
            thanked=past.thanked,
            tasks=past.tasks,
            shown=items["appears"].cast(pl.Int32).fill_null(-_NEVER),
        )

    def arrive(self, today: date) -> None:
        """Let come what comes until `today`: receivables that appear, and money."""
        day = _number(today)
        shown = (self.shown <= day) & ~self.known
        woken = self.items["party"].filter(shown)
        self.known = self.known | shown
        days = self.flows["day"].cast(pl.Int32)
        first, last = (days.search_sorted(each, side="right") for each in (self.played, day))
        new = self.flows.slice(first, last - first)
        self.played = day
        if new.height:
            woken = woken.append(self._take(new, day))
        if woken.len():
            self.look.scatter(woken.unique(), day)

    def _take(self, new: pl.DataFrame, day: int) -> pl.Series:
        """Take money off; return the parties whom it wakes."""
        sums = new.group_by("at", maintain_order=True).agg(
            pl.col("amount").sum(), pl.col("party").first()
        )
        at = sums["at"]
        left = self.open.gather(at) - sums["amount"]
        self.open.scatter(at, left)
        if self.policy.thanks is not None:
            self.thanked_for.scatter(sums["party"].unique(), day + RECENT + 1)
        self._see_cycles(at, left)
        if self.restless:
            return sums["party"]
        return sums.filter(pl.col("amount") < 0)["party"]

    def _see_cycles(self, at: pl.Series, left: pl.Series) -> None:
        """See what is settled, and what is open again, as a run of this day does."""
        touched = pl.DataFrame({"at": at, "left": left}).with_columns(
            self.settled.gather(at).alias("settled"), self.items["item"].gather(at).alias("item")
        )
        again = touched.filter(pl.col("settled") & (pl.col("left") != 0))
        if again.height:
            self.cycle.scatter(again["at"], self.cycle.gather(again["at"]) + 1)
            self.settled.scatter(again["at"], False)
        done = touched.filter(~pl.col("settled") & (pl.col("left") == 0))
        dunned = done.join(self.levels, on="item", how="semi")
        if dunned.height:
            self.settled.scatter(dunned["at"], True)

    def looked_at(self, today: date, *, every_day: bool) -> pl.DataFrame:
        """Return the items of the debtors who are to be looked at: columns of ITEMS, `missing`, `party`."""
        day = _number(today)
        wanted = (self.look <= day) | self.held | (self.thanked_for >= day)
        here = self.known
        if self.policy.thanks is None:
            here = here & (self.open != 0)
        if not every_day:
            here = here & wanted.gather(self.items["party"])
        found = here.arg_true()
        items = self.items[found]
        change = items["open"] - self.open.gather(found)
        return items.with_columns(open=items["open"] - change, balance=items["balance"] - change)

    def debtors_of(self, items: pl.DataFrame) -> pl.DataFrame:
        """Return the rows of the story's debtors who have `items`."""
        return self.story.debtors.join(items.select("debtor").unique(), on="debtor", how="semi")

    def past_of(self, items: pl.DataFrame, today: date, watch: Watch) -> Past:
        """Return the past of the debtors of `items`, as the history would tell it on `today`."""
        mine = pl.repeat(False, self.parties.height, dtype=pl.Boolean, eager=True)
        mine.scatter(items["party"].unique(), True)
        begin = self._contacts_since(today)
        contacts = self.contacts.filter(
            mine.gather(self.contacts["party"]) & (self.contacts["date"] >= begin)
        )
        at = items["at"]
        cycles = pl.DataFrame(
            {
                "item": items["item"],
                "cycle": self.cycle.gather(at),
                "settled": self.settled.gather(at),
            }
        )
        past = self.story.past
        paying = mine if watch.paying else mine & self.held
        return replace(
            past,
            levels=conform(self.levels.filter(mine.gather(self.levels["party"])), PAST_LEVELS),
            contacts=conform(contacts, CONTACTS),
            cycles=conform(cycles.filter((pl.col("cycle") > 0) | pl.col("settled")), CYCLES),
            holds=past.holds.filter(pl.col("date") <= today),
            replies=past.replies.filter(pl.col("date") <= today),
            tasks=self.tasks,
            thanked=self.thanked,
            allocations=self.allocations.filter(
                paying.gather(self.allocations["party"]) & (self.allocations["day"] <= today)
            ).drop("party"),
        )

    def _contacts_since(self, today: date) -> date:
        """Return the first day whose contacts the decision still reads."""
        cap = self.policy.limits.contacts_per_debtor
        window = today - timedelta(days=cap.days if cap else 0)
        return min(window, date(today.year, 1, 1)) if has_charges(self.policy) else window

    def remember(self, levels: pl.DataFrame, notices: pl.DataFrame, tasks: Iterable[str]) -> None:
        """Keep what was done today, as the history does.

        Args:
            levels: columns of PAST_LEVELS.
            notices: `debtor`, `day`, `procedure`, `contact`.
            tasks: keys.
        """
        if levels.height:
            numbered = look_up(levels, self.items.select("item", "party"), "item")
            self.levels = self.levels.vstack(numbered)
        counted = notices.filter("contact").group_by("debtor", pl.col("day").alias("date"))
        contacts = counted.agg(pl.len().cast(pl.Int32).alias("contacts")).sort("debtor")
        if contacts.height:
            self.contacts = self.contacts.vstack(look_up(contacts, self.parties, "debtor"))
        thanked = notices.filter(pl.col("procedure") == THANKS)
        if thanked.height:
            given = thanked.select(identity("debtor").alias("identity"), date="day").unique()
            self.thanked = pl.concat([self.thanked, given]).unique("identity", keep="last")
        if new := frozenset(tasks):
            self.tasks |= new

    def look_again(self, looks: pl.DataFrame) -> None:
        """Note when the parties of `looks` (columns `party`, `look`) are to be looked at next."""
        days = looks["look"].cast(pl.Int32).fill_null(_NEVER)
        self.look.scatter(looks["party"], days)

    def at_the_end(self) -> pl.DataFrame:
        """Return what is open, by receivable that appeared."""
        rows = self.items.select(*_AT_THE_END).with_columns(self.open.alias("open"))
        return rows.filter(self.known)
