"""Lettering as slow loops over dictionaries: what a clerk would do, one payment after another.

Knows what the strategies of `test_lettering` draw: numbers in one piece, references with check
digits, one account, no discount. It shares nothing with the program.
"""

from __future__ import annotations

import re
from itertools import combinations
from typing import Any

Row = dict[str, Any]
RANK = ["reference", "number"]


def plain_pending(sign: int, now: int, rows: list[Row]) -> int:
    """What earlier allocations took off and the source does not show, in its own sign."""
    pending, before = 0, None
    for row in rows:
        if before is not None:
            pending -= max(0, sign * before - sign * row["open_before"])
        pending = max(0, pending) + sign * row["amount"]
        pending, before = max(0, pending), row["open_before"]
    if before is not None:
        pending = max(0, pending - max(0, sign * before - sign * now))
    return sign * min(pending, max(0, sign * now))


class Clerk:
    """Letters one payment after another, stage by stage."""

    def __init__(self, items: list[Row], debtors: list[Row], charges: int, oldest: bool) -> None:
        self.items = sorted(items, key=lambda i: (i["due"], i["issued"], i["item"]))
        self.left = {i["item"]: i["open"] for i in items}
        self.debtors, self.charges, self.oldest = debtors, charges, oldest
        self.taken: list[tuple[str, str, int, str, str]] = []

    def letter(self, payments: list[Row]) -> set[tuple[str, str, int, str, str]]:
        payments = sorted((dict(p) for p in payments), key=lambda p: (p["booked"], p["movement"]))
        for payment in payments:
            payment |= {"rest": payment["amount"], "by": "iban", "settled": False}
            payment["payer"] = self.holder(payment)
            payment["hits"] = self.hits(payment)
        for stage in (self.exact, self.nearly):
            for payment in payments:
                if payment["rest"]:
                    stage(payment)
        self.learn(payments)
        for stage in (self.amount, self.all, self.by_age):
            for payment in payments:
                self.note(payment)
                if payment["rest"] and payment["payer"] and not payment["settled"]:
                    stage(payment)
        return set(self.taken)

    # ---- what is known

    def holder(self, payment: Row) -> str | None:
        found = [d["debtor"] for d in self.debtors if d["iban"] and d["iban"] == payment["iban"]]
        return found[0] if len(found) == 1 else None

    def learn(self, payments: list[Row]) -> None:
        """Accounts of payments to the cent that were clear from the first: the program's joins."""

    def hits(self, payment: Row) -> list[Row]:
        words = re.findall("[A-Z0-9]+", payment["text"].upper())
        found = []
        for item in self.items:
            if item["currency"] != payment["currency"]:
                continue
            by = next((by for by in RANK if item[by] in words), None)
            if by is None:
                continue
            shared = len({i["debtor"] for i in self.items if i[by] == item[by]}) > 1
            agrees = payment["payer"] == item["debtor"]
            if not shared or agrees or self.left[item["item"]] == payment["amount"]:
                checked = by == "reference" and not shared
                hit = {"item": item, "by": by, "shared": shared}
                found.append({**hit, "agrees": agrees, "checked": checked})
        return self.counting(found)

    @staticmethod
    def counting(hits: list[Row]) -> list[Row]:
        checked = {h["item"]["debtor"] for h in hits if h["checked"]}
        if checked:
            hits = [h for h in hits if h["item"]["debtor"] in checked]
        if any(h["agrees"] for h in hits):
            hits = [h for h in hits if h["agrees"] or h["checked"]]
        if any(not h["shared"] for h in hits):
            hits = [h for h in hits if not h["shared"] or h["agrees"]]
        return hits

    def owed(self, debtor: str | None, payment: Row) -> list[Row]:
        return [
            i for i in self.items
            if i["debtor"] == debtor and i["currency"] == payment["currency"] and self.left[i["item"]]
        ]  # fmt: skip

    def sum(self, items: list[Row]) -> int:
        return sum(self.left[i["item"]] for i in items)

    def take(self, payment: Row, parts: list[tuple[Row, int, str]], by: str) -> None:
        for item, amount, kind in parts:
            self.left[item["item"]] -= amount
            payment["rest"] -= amount if kind == "payment" else 0
            self.taken.append((payment["movement"], item["item"], amount, kind, by))
        debtors = {item["debtor"] for item, *_ in parts}
        if payment["rest"] and len(debtors) == 1:
            payment["payer"], payment["by"] = debtors.pop(), "named"

    def whole(self, payment: Row, items: list[Row], by: str) -> None:
        self.take(payment, [(i, self.left[i["item"]], "payment") for i in items], by)

    # ---- stages

    def live(self, payment: Row) -> list[Row]:
        return [h for h in payment["hits"] if self.left[h["item"]["item"]]]

    def against(self, payment: Row, hits: list[Row]) -> bool:
        """Whether the payer is another debtor who owes just as much."""
        if all(h["checked"] for h in hits):
            return False
        payer = payment["payer"]
        return payer not in {h["item"]["debtor"] for h in hits} and any(
            self.left[i["item"]] == payment["rest"] for i in self.owed(payer, payment)
        )

    def exact(self, payment: Row) -> None:
        hits = self.live(payment)
        sets = [hits]
        if all(h["checked"] for h in hits):
            same = [h for h in hits if self.left[h["item"]["item"]] == payment["rest"]]
            sets += [same] if len(same) == 1 else []
        for debtor in sorted({h["item"]["debtor"] for h in hits}):
            sets.append([h for h in hits if h["item"]["debtor"] == debtor])
        for chosen in sets:
            items = [h["item"] for h in chosen]
            if chosen and self.sum(items) == payment["rest"]:
                clear = all(h["checked"] or h["agrees"] or not h["shared"] for h in chosen)
                if clear and not self.against(payment, chosen):
                    self.whole(payment, items, max((h["by"] for h in chosen), key=RANK.index))
                return

    def nearly(self, payment: Row) -> None:
        hits = self.live(payment)
        items = [h["item"] for h in hits]
        if not items or len({i["debtor"] for i in items}) > 1:
            return
        by = max((h["by"] for h in hits), key=RANK.index)
        short = self.sum(items) - payment["rest"]
        sure = all(h["checked"] or h["agrees"] for h in hits)
        trusted = sure or all(not h["shared"] for h in hits)
        trusted = trusted and not self.against(payment, hits)
        others = [i for i in self.owed(items[0]["debtor"], payment) if i not in items]
        notes = [i for i in others if self.left[i["item"]] < 0]
        if short > 0:
            ways = [(n,) for n in notes if -self.left[n["item"]] == short]
            sizes = range(2, len(notes) + 1)
            ways = ways or [
                w for k in sizes for w in combinations(notes, k) if -self.sum(list(w)) == short
            ]
            # The search for sums wants a receivable among them: credits alone are no way to pay.
            ways = [w for w in ways if len(w) == 1]
            if ways:
                if len(ways) == 1 and trusted:
                    self.whole(payment, [*items, *ways[0]], by)
                return
        largest = max(items, key=lambda i: self.left[i["item"]])
        if 0 < short <= self.charges and self.left[largest["item"]] > short:
            if trusted:
                parts = [
                    (i, self.left[i["item"]] - short * (i is largest), "payment") for i in items
                ]
                self.take(payment, [*parts, (largest, short, "bank_charge")], by)
            return
        checked = all(h["checked"] for h in hits)
        if not sure or (
            not checked and any(self.left[i["item"]] == payment["rest"] for i in others)
        ):
            return
        if payment["rest"] > self.sum(items) > 0:
            self.whole(payment, items, by)
        elif len(items) == 1 and short > 0:
            self.take(payment, [(items[0], payment["rest"], "payment")], by)

    def note(self, payment: Row) -> None:
        hits = payment["hits"]
        fresh = payment["rest"] == payment["amount"]
        if hits and fresh and not self.live(payment):
            payment["settled"] = all(h["checked"] or h["agrees"] for h in hits)

    def silent(self, payment: Row) -> bool:
        return payment["rest"] != payment["amount"] or not self.live(payment)

    def amount(self, payment: Row) -> None:
        owed = self.owed(payment["payer"], payment)
        same = [i for i in owed if self.left[i["item"]] == payment["rest"]]
        if self.silent(payment) and len(same) == 1:
            self.whole(
                payment, same, "amount_debtor" if payment["by"] == "named" else "amount_iban"
            )

    def all(self, payment: Row) -> None:
        owed = self.owed(payment["payer"], payment)
        due = [i for i in owed if i["due"] <= payment["booked"]]
        for items in (owed, due):
            if self.silent(payment) and len(items) > 1 and self.sum(items) == payment["rest"]:
                self.whole(payment, items, "all_iban")
                return

    def by_age(self, payment: Row) -> None:
        if not self.oldest:
            return
        rest, parts = payment["rest"], []
        for item in self.owed(payment["payer"], payment):
            if rest > 0 and self.left[item["item"]] > 0:
                parts.append((item, min(rest, self.left[item["item"]]), "payment"))
                rest -= self.left[item["item"]]
        self.take(payment, parts, "oldest")
