"""The decision written plainly, item by item, with loops: the oracle of the table."""

from __future__ import annotations

from collections import defaultdict
from datetime import timedelta

from relance.dates import is_sending_day, next_sending_day

CREDITS = {"credit_note", "payment", "advance"}
FAMILY = {
    "block": "blocked", "unblock": "blocked", "dispute": "disputed", "dispute_settled": "disputed",
    "promise": "promised", "promise_withdrawn": "promised", "insolvency": "insolvent",
    "insolvency_closed": "insolvent", "handover": "handed_over", "handover_returned": "handed_over",
    "settled": "settled", "reply": "replied", "reply_handled": "replied",
}  # fmt: skip
ENDING = {
    "unblock",
    "dispute_settled",
    "promise_withdrawn",
    "insolvency_closed",
    "handover_returned",
    "reply_handled",
}


class PlainDecision:
    def __init__(self, items, debtors, past, policy, today):
        self.items, self.policy, self.today = items, policy, today
        self.debtors = {d["debtor"]: d for d in debtors}
        self.levels, self.contacts, self.cycles, self.holds = past
        self.cap = policy.limits.contacts_per_debtor

    def verdicts(self):
        early = {i["item"]: self.early(i) for i in self.items}
        found = {}
        for i in self.items:
            found[i["item"]] = early[i["item"]] or self.late(i, early)
        self.apply_cap(found)
        return found

    # facts of one item
    def debtor(self, i):
        return self.debtors.get(i["debtor"])

    def countries(self, i):
        d = self.debtor(i)
        home = self.policy.creditor.country
        return (home, d["country"]) if d and d["country"] else (home,)

    def procedure(self, i):
        d = self.debtor(i)
        for segment in self.policy.segments:
            if segment.when is None or d["kind"] in segment.when.kind:
                return self.policy.procedures[segment.procedure]
        raise AssertionError

    def open(self, i):
        return 0 if self.hold(i, "settled") else i["open"]

    def hold(self, i, family):
        """The last event of the family on the item, else on its debtor, while it is in force."""
        for item in (i["item"], None):
            events = [
                h for h in self.holds
                if FAMILY[h["type"]] == family and h["debtor"] == i["debtor"] and h["item"] == item and h["date"] <= self.today
            ]  # fmt: skip
            last = max(events, key=lambda h: h["seq"], default=None)
            if last and last["type"] not in ENDING and self.lasts(last, family):
                return last
        return None

    def lasts(self, hold, family):
        grace = self.policy.limits.promise_grace if family == "promised" else 0
        return hold["until"] is None or self.today <= hold["until"] + timedelta(days=grace)

    def cycle(self, i):
        state = next((c for c in self.cycles if c["item"] == i["item"]), None)
        if state is None:
            return 0
        return state["cycle"] + (1 if state["settled"] and self.open(i) != 0 else 0)

    def past_levels(self, i):
        return [p for p in self.levels if p["item"] == i["item"] and p["cycle"] == self.cycle(i)]

    def days_past_due(self, i):
        return (self.today - i["due"]).days

    def next_level(self, i):
        procedure = self.procedure(i)
        reached = max((p["level_number"] for p in self.past_levels(i)), default=0)
        candidates = []
        for number, level in enumerate(procedure.levels, start=1):
            if number <= reached or (level.days < 0 and self.days_past_due(i) > 0):
                continue
            if level.when and not (i["amount"] >= level.when.amount.min * 100):
                continue
            candidates.append((number, level))
        if not candidates or procedure.catch_up == "next":
            return candidates[0] if candidates else None
        best = candidates[0]
        for candidate in candidates:
            if self.reached(i, candidate[1]):
                best = candidate
            if candidate[1].mandatory:
                break
        return best

    def reached(self, i, level):
        return (
            next_sending_day(i["due"] + timedelta(days=level.days), self.countries(i)) <= self.today
        )

    # the table
    def early(self, i):
        if self.open(i) == 0:
            return "settled"
        if i["kind"] in CREDITS:
            return "credit"
        if i["missing"]:
            return "missing"
        if self.debtor(i) is None or i["kind"] == "opening" or i["due"] is None:
            return "undecided"
        if self.hold(i, "blocked") or i["doubtful"]:
            return "blocked"
        for family in ("insolvent", "handed_over", "disputed", "promised"):
            if self.hold(i, family):
                return family
        if self.hold(i, "replied"):
            return "blocked"
        if any(p["state"] == "in_doubt" for p in self.past_levels(i)):
            return "in_doubt"
        following = self.next_level(i)
        if following is None:
            return "complete"
        if not self.reached(i, following[1]):
            return "not_due"
        last = max((p["date"] for p in self.past_levels(i)), default=None)
        if last and last + timedelta(days=max(1, self.procedure(i).interval)) > self.today:
            return "interval"
        return None

    def late(self, i, early):
        same = [
            j
            for j in self.items
            if (j["debtor"], j["currency"]) == (i["debtor"], i["currency"]) and not j["missing"]
        ]
        net = sum(self.open(j) for j in same)
        claimable = 0
        for j in same:
            past_due = j["due"] is not None and self.days_past_due(j) > 0
            if j["kind"] in CREDITS or past_due or early[j["item"]] is None:
                claimable += self.open(j)
        if net <= 0 or claimable < self.procedure(i).minimum * 100:
            return "below_minimum"
        if not is_sending_day(self.today, self.countries(i)):
            return "deferred"
        level = self.next_level(i)[1]
        if self.cap and level.task is None and self.contacts_of(i) >= self.cap.max:
            return "capped"
        return "act" if self.channel(i, level) else "unreachable"

    def contacts_of(self, i):
        return sum(
            c["contacts"] for c in self.contacts
            if c["debtor"] == i["debtor"] and c["date"] <= self.today < c["date"] + timedelta(days=self.cap.days)
        )  # fmt: skip

    def channel(self, i, level):
        d = self.debtor(i)
        can = {"email": d["email"], "letter": d["address"] and d["city"], "task": True}
        return next((c for c in level.channels if can[c]), None)

    def apply_cap(self, found):
        """Of the notices to one debtor today only so many go as the cap leaves, highest first."""
        if not self.cap:
            return
        groups = defaultdict(list)
        for i in self.items:
            if found[i["item"]] == "act" and self.next_level(i)[1].task is None:
                groups[self.group_key(i)].append(i)
        by_debtor = defaultdict(list)
        for key, members in groups.items():
            by_debtor[members[0]["debtor"]].append((key, members))
        for notices in by_debtor.values():
            notices.sort(
                key=lambda n: (
                    -max(self.next_level(i)[0] for i in n[1]),
                    min(i["due"] for i in n[1]),
                    n[0],
                )
            )
            room = self.cap.max - self.contacts_of(notices[0][1][0])
            for _, members in notices[max(0, room) :]:
                for i in members:
                    found[i["item"]] = "capped"

    def group_key(self, i):
        procedure = self.procedure(i)
        finest = {"receivable": i["item"], "level": self.next_level(i)[1].id, "debtor": ""}[
            procedure.group
        ]
        kind = "courtesy" if self.next_level(i)[1].days < 0 else "notice"
        return "|".join((i["debtor"], i["currency"], procedure.name, kind, finest))
