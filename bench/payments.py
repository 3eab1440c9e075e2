"""Debtors, open items and payments whose truth is known, the same each time.

What is drawn is an assumption, written down in MIX and in the tables below; it is not a measured
population. It is made to be hard where real ledgers are: numbers in a dense series (so that a slip
hits somebody's invoice), subscriptions of a few equal amounts, homonyms, numbers that two companies'
ledgers share, payers who pay for others.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

import polars as pl

from relance.ledger.schema import DEBTORS, ITEMS, MOVEMENTS, conform
from relance.lettering.letter import Settings

SEED = 20260316
TODAY = date(2026, 3, 16)
OURS = "FR7630006000011234567890189"
SETTINGS = Settings(bank_charges={"EUR": 1500}, discount=("2", 10))

MIX = {
    "structured": 30.0,  # OGM or RF, to the cent
    "number": 27.0,  # one number in the text, in varied writing, to the cent
    "group": 8.0,  # two to six numbers in the text, their sum
    "silent": 11.0,  # nothing said, known account, the amount of one item
    "all_due": 4.0,  # nothing said, known account, all that is open
    "some": 2.0,  # nothing said, known account, the sum of some items
    "part": 3.0,  # reference or number, a part of the amount
    "over": 1.5,  # reference or number, more than the amount
    "charges": 1.5,  # reference or number, short by bank charges
    "discount": 1.5,  # reference or number, short by the discount, in time
    "deducted": 1.0,  # number of an invoice, less a credit note that is not named
    "slip": 2.0,  # number with one wrong digit
    "name_only": 1.5,  # unknown account, the name in some writing, the amount of one item
    "third": 1.5,  # somebody else pays, naming the number
    "shared": 1.0,  # a number that two debtors have
    "twice": 1.0,  # an item paid a second time
    "returned": 0.5,  # a payment and its return
    "stranger": 1.5,  # a payer who owes nothing, saying things of no use
}
"""Share of the payments, in percent."""

TRADES = (
    "Boulangerie", "Garage", "Menuiserie", "Pharmacie", "Transports", "Imprimerie", "Cabinet",
    "Bouwbedrijf", "Bakkerij", "Slagerij", "Électricité", "Hôtel", "Atelier", "Maison", "Clinique",
    "Institut", "Fleurs", "Librairie", "Plomberie", "Entreprise", "Domaine", "Brasserie", "Optique",
)  # fmt: skip
SURNAMES = (
    "Martin", "Bernard", "Dubois", "Thomas", "Robert", "Petit", "Durand", "Leroy", "Moreau", "Peeters",
    "Janssens", "Maes", "Jacobs", "Mertens", "Willems", "Claes", "Goossens", "Wouters", "De Smet",
    "Lefèvre", "Garçon", "Müller", "Schneider", "Weber", "Keller", "Noël", "Étienne", "Lambert",
)  # fmt: skip
PLACES = (
    "Lyon", "Gand", "Liège", "Namur", "Lille", "Metz", "Nancy", "Tours", "Dijon", "Anvers", "Bruges",
    "Reims", "Brest", "Arlon", "Mons", "Rouen", "Nantes", "Pau", "Sète", "Vichy", "Nord", "Sud", "Est",
)  # fmt: skip
FORMS = ("SARL", "SAS", "SA", "BV", "NV", "SRL", "GmbH", "EURL", "")
ROUND = (2900, 4900, 9900, 12000, 15000, 24000, 36000, 60000, 120000)
"""Subscriptions: four items in ten have one of these amounts."""


@dataclass(slots=True)
class Market:
    """What was drawn; the truth is per movement: items it pays with their money, and who paid."""

    items: pl.DataFrame
    debtors: pl.DataFrame
    movements: pl.DataFrame
    truth: dict[str, dict[str, int]] = field(default_factory=dict)
    scenario: dict[str, str] = field(default_factory=dict)
    payer: dict[str, str | None] = field(default_factory=dict)


Row = dict[str, Any]


def ogm(n: int) -> str:
    """Return a Belgian structured reference of the number `n`."""
    return f"{n:010d}{n % 97 or 97:02d}"


def rf(n: int) -> str:
    """Return an RF reference (ISO 11649) of the number `n`."""
    body = f"{n:09d}"
    return f"RF{98 - int(body + '271500') % 97:02d}{body}"


def draw(payments: int, items: int, seed: int = SEED) -> Market:
    """Return a market of so many payments and open items."""
    chance = random.Random(seed)
    people = [_debtor(n, chance) for n in range(max(20, items // 8))]
    owed = _items(items, people, chance)
    market = _Drawing(people, owed, chance).draw(payments)
    market.items = conform(pl.DataFrame(_columns(owed)), ITEMS)
    known = [{k: v for k, v in p.items() if k not in ("account", "items")} for p in people]
    market.debtors = conform(pl.DataFrame(_columns(known)), DEBTORS)
    return market


def _columns(rows: list[Row]) -> dict[str, list[Any]]:
    return {name: [row.get(name) for row in rows] for name in rows[0]}


def _debtor(n: int, chance: random.Random) -> Row:
    words = [chance.choice(TRADES), chance.choice(SURNAMES), chance.choice(PLACES)]
    if chance.random() < 0.9:  # the others share their name with somebody
        words.insert(2, f"{chance.choice(SURNAMES)}")
        words.append(f"{chance.randrange(100)}")
    form = chance.choice(FORMS)
    account = f"BE{n % 89 + 10}{n:012d}"
    known = chance.random() < 0.75
    return {
        "debtor": f"C{n:06d}", "name": " ".join([*words, form]).strip(), "iban": account if known else None,
        "account": account, "items": [], "tags": [], "requires": [],
    }  # fmt: skip


def _items(count: int, people: list[Row], chance: random.Random) -> list[Row]:
    rows = []
    for n in range(count):
        owner = people[int(chance.random() ** 1.5 * len(people))]
        cents = (
            chance.choice(ROUND) if chance.random() < 0.4 else 500 + int(chance.expovariate(1e-5))
        )
        if chance.random() < 0.04:
            cents = -(cents // 4) - 1
        number, reference = _number(n, chance)
        issued = TODAY - timedelta(days=chance.randrange(20, 120))
        row = {
            "item": f"{owner['debtor']}|{number}|{issued.year}", "number": number,
            "debtor": owner["debtor"], "debtor_name": owner["name"], "source": "ventes",
            "file": "ventes.csv", "line": n + 2, "kind": "credit_note" if cents < 0 else "invoice",
            "issued": issued, "due": issued + timedelta(days=30), "currency": "EUR", "amount": cents,
            "open": cents, "balance": cents, "reference": reference if cents > 0 else None, "doubtful": False,
        }  # fmt: skip
        rows.append(row)
        owner["items"].append(row)
    return rows


def _number(n: int, chance: random.Random) -> tuple[str, str | None]:
    """A number of one of four series, the third used by two companies; a reference for half."""
    lot = chance.random()
    reference = ogm(n + 10_000) if lot < 0.35 else rf(n + 10_000) if lot < 0.5 else None
    series = n % 20
    if series < 9:
        return f"F2026-{n:06d}", reference
    if series < 14:
        return f"26{n:07d}", reference
    if series < 19:
        return f"VE {n // 1000:04d}/{n % 1000:03d}", reference
    return f"FA{n // 40:06d}", reference


class _Drawing:
    """Draws payments; an item is paid by one of them only, unless that is the point."""

    def __init__(self, people: list[Row], owed: list[Row], chance: random.Random) -> None:
        self.people, self.owed, self.chance = people, owed, chance
        self.used: set[str] = set()
        self.whole: set[str] = set()
        self.rows: list[Row] = []
        self.market = Market(pl.DataFrame(), pl.DataFrame(), pl.DataFrame())
        self.shared = self._shared_numbers()
        self.by_id = {p["debtor"]: p for p in people}

    def _shared_numbers(self) -> list[Row]:
        seen: dict[str, Row] = {}
        found = []
        for row in self.owed:
            if row["number"].startswith("FA") and row["open"] > 0:
                other = seen.setdefault(row["number"], row)
                if other["debtor"] != row["debtor"]:
                    found.append(row)
        return found

    def draw(self, count: int) -> Market:
        kinds, weights = list(MIX), list(MIX.values())
        while len(self.rows) < count:
            kind = self.chance.choices(kinds, weights)[0]
            getattr(self, f"_{kind}")(kind)
        self.market.movements = conform(pl.DataFrame(_columns(self.rows)), MOVEMENTS)
        return self.market

    # ---- what is paid

    def _free(self, test: Callable[[Row], bool] = lambda _: True) -> Row:
        """An invoice that nobody pays yet, of a debtor whose account is not all paid."""
        while True:
            row = self.chance.choice(self.owed)
            fresh = row["item"] not in self.used and row["debtor"] not in self.whole
            if fresh and row["open"] > 0 and not row["number"].startswith("FA") and test(row):
                self.used.add(row["item"])
                return row

    def _known(self, row: Row) -> bool:
        return self.by_id[row["debtor"]]["iban"] is not None

    def _alone(self, row: Row) -> bool:
        """Whether no other item of the debtor has this amount; what is silent is often so, not always."""
        same = [o for o in self.by_id[row["debtor"]]["items"] if o["open"] == row["open"]]
        return len(same) == 1 or self.chance.random() < 0.05

    def _others(self, row: Row, least: int, most: int) -> list[Row]:
        """The item and some more invoices of its debtor."""
        free = [
            o for o in self.by_id[row["debtor"]]["items"]
            if o["item"] not in self.used and o["open"] > 0 and not o["number"].startswith("FA")
        ]  # fmt: skip
        count = min(self.chance.randint(least, most) - 1, len(free))
        chosen = [row, *self.chance.sample(free, count)]
        self.used.update(o["item"] for o in chosen)
        return chosen

    # ---- how it is said

    def _write(self, number: str) -> str:
        """The number as people write it."""
        c, bare = self.chance, number.replace("-", "").replace(" ", "").replace("/", "")
        digits = bare.lstrip("FVEA")
        ways = (
            number, number.lower(), bare, number.replace("-", " "), number.replace("/", "-"),
            f"FACTURE {number}", f"fact. n°{bare}", f"Invoice:{number};", f"REF {number}/", digits,
            f"Votre facture du 12/02/2026 {number}", f"{number} client 4711", f"N/REF {bare} V/REF 99",
        )  # fmt: skip
        return c.choice(ways)

    def _slipped(self, number: str) -> str:
        at = self.chance.randrange(len(number) - 4, len(number))
        digit = (
            str((int(number[at]) + self.chance.randrange(1, 10)) % 10)
            if number[at].isdigit()
            else "0"
        )
        return number[:at] + digit + number[at + 1 :]

    def _name(self, person: Row) -> str:
        name, c = person["name"], self.chance
        ways = (
            name, name.upper(), name.rsplit(" ", 1)[0] if name.split(" ")[-1] in FORMS else name,
            name[:27], f"SARL {name}", " ".join(reversed(name.split(" "))), name.replace("e", "", 1),
        )  # fmt: skip
        return c.choice(ways)

    # ---- movements

    def _pay(
        self, kind: str, amount: int, paid: dict[str, int], person: Row | None, /, **said: Any
    ) -> Row:
        n = len(self.rows)
        booked = TODAY - timedelta(days=self.chance.randrange(0, 12))
        row = {
            "movement": f"b{n:07d}", "source": "banque", "file": "releve.xml", "line": n + 1,
            "account": OURS, "currency": "EUR", "booked": booked, "value": booked, "amount": amount,
            "kind": "payment", "counterparty": self._name(person) if person else "Inconnu Import Export",
            "counterparty_iban": person["account"] if person else f"DE{n:020d}", "reference": None,
            "end_to_end": f"E2E{n:08d}X" if n % 3 == 0 else None, "text": None, "bank_reference": f"B{n:09d}",
            "mandate": None, "parts": 1,
        }  # fmt: skip
        row |= said
        self.rows.append(row)
        self.market.truth[row["movement"]] = paid
        self.market.scenario[row["movement"]] = kind
        self.market.payer[row["movement"]] = person["debtor"] if person else None
        return row

    def _saying(self, row: Row) -> Row:
        """The reference if there is one, else the number."""
        if row["reference"] and self.chance.random() < 0.7:
            return {"reference": row["reference"]}
        return {"text": self._write(row["number"])}

    def _one(self, kind: str, row: Row, amount: int, money: int, **said: Any) -> Row:
        person = self.by_id[row["debtor"]]
        return self._pay(kind, amount, {row["item"]: money}, person, **said)

    def _structured(self, kind: str) -> None:
        row = self._free(lambda r: r["reference"] is not None)
        reference, lot = row["reference"], self.chance.random()
        if lot < 0.8:
            said = {"reference": reference}
        elif reference.startswith("RF"):
            said = {"text": " ".join(reference[n : n + 4] for n in range(0, len(reference), 4))}
        else:
            said = {"text": f"+++{reference[:3]}/{reference[3:7]}/{reference[7:]}+++"}
        self._one(kind, row, row["open"], row["open"], **said)

    def _number(self, kind: str) -> None:
        row = self._free()
        self._one(kind, row, row["open"], row["open"], text=self._write(row["number"]))

    def _group(self, kind: str) -> None:
        rows = self._others(self._free(), 2, 6)
        text = self.chance.choice((" ", ", ", " + ", " et ", "/")).join(o["number"] for o in rows)
        self._sum(kind, rows, text=text)

    def _sum(self, kind: str, rows: list[Row], **said: Any) -> None:
        person = self.by_id[rows[0]["debtor"]]
        paid = {o["item"]: o["open"] for o in rows}
        if (amount := sum(paid.values())) > 0:
            self._pay(kind, amount, paid, person, **said)

    def _silent(self, kind: str) -> None:
        row = self._free(lambda r: self._known(r) and self._alone(r))
        text = self.chance.choice((None, "Merci", "virement 12 02 2026", "reglement facture"))
        self._one(kind, row, row["open"], row["open"], text=text)

    def _all_due(self, kind: str) -> None:
        row = self._free(self._known)
        rows = self.by_id[row["debtor"]]["items"]
        if len(rows) > 8 or any(o["item"] in self.used for o in rows if o is not row):
            return
        self.used.update(o["item"] for o in rows)
        self.whole.add(row["debtor"])
        self._sum(kind, rows, text="solde de tout compte")

    def _some(self, kind: str) -> None:
        self._sum(kind, self._others(self._free(self._known), 2, 4), text="suivant releve")

    def _part(self, kind: str) -> None:
        row = self._free()
        part = max(1, row["open"] * self.chance.choice((20, 30, 50, 60, 90)) // 100)
        self._one(kind, row, part, part, **self._saying(row))

    def _over(self, kind: str) -> None:
        row = self._free()
        self._one(
            kind,
            row,
            row["open"] + self.chance.randrange(1, 5000),
            row["open"],
            **self._saying(row),
        )

    def _charges(self, kind: str) -> None:
        row = self._free(lambda r: r["open"] > 5000)
        short = row["open"] - self.chance.choice((500, 750, 1250, 1500))
        self._one(kind, row, short, short, **self._saying(row))

    def _discount(self, kind: str) -> None:
        row = self._free(lambda r: r["open"] > 5000)
        short = row["open"] - (row["open"] * 2 + 50) // 100
        said = {**self._saying(row), "booked": row["issued"] + timedelta(days=6)}
        self._one(kind, row, short, short, **said, value=said["booked"])

    def _deducted(self, kind: str) -> None:
        row = self._free()
        notes = [
            o for o in self.by_id[row["debtor"]]["items"]
            if o["open"] < 0 and -o["open"] < row["open"] and o["item"] not in self.used
        ]  # fmt: skip
        if notes:
            self.used.add(notes[0]["item"])
            self._sum(kind, [row, notes[0]], text=f"{row['number']} - avoir")

    def _slip(self, kind: str) -> None:
        row = self._free()
        self._one(kind, row, row["open"], row["open"], text=self._slipped(row["number"]))

    def _name_only(self, kind: str) -> None:
        row = self._free(lambda r: not self._known(r))
        self._one(kind, row, row["open"], row["open"], text="reglement", counterparty_iban=None)

    def _third(self, kind: str) -> None:
        row, other = self._free(), self.chance.choice(self.people)
        payer = other if self.chance.random() < 0.4 else None
        self._pay(
            kind,
            row["open"],
            {row["item"]: row["open"]},
            payer,
            text=f"pour compte {row['number']}",
        )
        self.market.payer[self.rows[-1]["movement"]] = row["debtor"]

    def _shared(self, kind: str) -> None:
        row = self.chance.choice(self.shared)
        if row["item"] not in self.used and row["debtor"] not in self.whole:
            self.used.add(row["item"])
            self._one(kind, row, row["open"], row["open"], text=f"facture {row['number']}")

    def _twice(self, kind: str) -> None:
        row = self._free()
        said = self._saying(row)
        first = self._one(
            "number", row, row["open"], row["open"], **said, booked=TODAY - timedelta(days=20)
        )
        person = self.by_id[row["debtor"]]
        name = {"counterparty": first["counterparty"]}
        self._pay(kind, row["open"], {}, person, **said, **name)

    def _returned(self, kind: str) -> None:
        row = self._free()
        person = self.by_id[row["debtor"]]
        day = TODAY - timedelta(days=15)
        said = {
            **self._saying(row),
            "end_to_end": f"D{len(self.rows):09d}",
            "mandate": "M" + row["debtor"],
        }
        self._pay(kind, row["open"], {}, person, **said, booked=day)
        self._pay(kind, -row["open"], {}, person, **said, kind="return")

    def _stranger(self, kind: str) -> None:
        amount = (
            self.chance.choice(ROUND)
            if self.chance.random() < 0.3
            else self.chance.randrange(100, 300000)
        )
        text = self.chance.choice(
            ("loyer mars 2026", "commande 20260212", f"ref {self.chance.randrange(10**6)}")
        )
        self._pay(kind, amount, {}, None, text=text)
