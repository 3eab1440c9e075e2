"""How fast letters become PDFs, as a ratio to WeasyPrint's plain way over the same letters.

    python bench/letters.py [letters] [rounds]

The plain way is `weasyprint.HTML(string=…).write_pdf()` in a loop, each letter carrying its style
sheet and its images. The letters: one A4 page, address window, five invoices, logo, EPC QR code.
Plain loop and pool take turns in batches, because other work on the machine comes and goes; a
third series is made by one process. The pool's time includes its start. On a busy machine two
processes get less than two cores: the time of the processors says what the work itself costs.
"""

from __future__ import annotations

import os
import random
import statistics
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from relance.dunning.plan import Line, Notice, Party
from relance.notices.assets import Assets, letter_assets
from relance.notices.pdf import make_pdfs
from relance.notices.render import letter_html
from relance.notices.stationery import Stationery
from relance.policy.model import Account, Creditor, Policy

WORKERS = 2
TODAY = date(2026, 3, 2)


def stationery(root: Path) -> Stationery:
    """Return the stationery of a fictional creditor, with a logo."""
    draw_logo(root / "logo.png")
    creditor = Creditor(
        name="Menuiserie Lenoir SARL",
        country="FR",
        registration="732829320",
        vat="FR44732829320",
        address=("12 rue des Ateliers", "69003 Lyon"),
        email="compta@lenoir.example",
        phone="+33 4 72 00 00 00",
        contact="Comptabilité clients",
        logo=Path("logo.png"),
    )
    account = Account(
        iban="FR7630006000011234567890189", bic="AGRIFRPP", holder="Menuiserie Lenoir SARL"
    )
    policy = Policy.model_construct(
        creditor=creditor, root=root, bank_accounts=(account,), channels={}, procedures={}
    )
    return Stationery.of(policy)


def draw_logo(path: Path) -> None:
    from PIL import Image, ImageDraw

    image = Image.new("RGB", (640, 200), "white")
    pen = ImageDraw.Draw(image)
    pen.rounded_rectangle((10, 10, 190, 190), 30, fill=(23, 78, 99))
    pen.polygon([(50, 150), (100, 45), (150, 150)], fill=(240, 180, 60))
    pen.text((215, 60), "LENOIR", fill=(23, 78, 99), font_size=80)
    image.save(path)


def notice(number: int) -> Notice:
    """Return the notice of debtor `number` about five invoices."""
    chance = random.Random(number)
    debtor = Party(
        id=f"C{number:05d}",
        name=f"Boulangerie Martin {number}",
        kind="business",
        country="FR",
        language="fr",
        language_source="debtor",
        email=None,
        phone=None,
        mobile=None,
        address=("Service comptabilité", f"{chance.randrange(1, 200)} avenue de la République"),
        postcode=f"{chance.randrange(1000, 95999):05d}",
        city="Grenoble",
        registration=None,
        vat=None,
        owner=None,
    )
    return Notice(
        key=f"{number:032x}",
        debtor=debtor,
        segment="standard",
        procedure="standard",
        level="reminder-2",
        level_number=3,
        channel="letter",
        part="",
        medium="letter",
        recipient="",
        template="reminder",
        tone="firm",
        attach=(),
        language="fr",
        currency="EUR",
        receivables=tuple(line(chance, number, i) for i in range(5)),
        other_open=(),
        credits=(),
        approval="none",
        run_date=TODAY,
    )


def line(chance: random.Random, number: int, i: int) -> Line:
    issued = TODAY - timedelta(60 + chance.randrange(60))
    due = issued + timedelta(30)
    amount = chance.randrange(5_000, 900_000)
    return Line(
        item=f"{number}|{i}",
        number=f"F2025-{number * 5 + i:05d}",
        kind="invoice",
        issued=issued,
        due=due,
        days_past_due=(TODAY - due).days,
        amount=amount,
        open=amount,
        order_number=f"CDE-{chance.randrange(99_999):05d}",
    )


def self_contained(html: str, assets: Assets) -> str:
    """Return the same letter with its style sheet and its logo inside, for the plain way."""
    html = html.replace("</head>", f"<style>{assets.css}</style></head>", 1)
    return html.replace("asset:logo", assets.images["logo"].data_uri)


@dataclass(frozen=True)
class Taken:
    """What some letters took: seconds of the clock and of the processors, per letter."""

    clock: float
    processors: float


def take(count: int, work: Callable[[], float]) -> Taken:
    """Return what `work` took; it returns the processor time of the processes it started."""
    clock, own = time.perf_counter(), time.process_time()
    others = work()
    own, clock = time.process_time() - own, time.perf_counter() - clock
    return Taken(clock / count, (own + others) / count)


def plainly(letters: list[tuple[str, str]], assets: Assets) -> Taken:
    from weasyprint import HTML

    whole = [self_contained(html, assets) for _, html in letters]

    def work() -> float:
        for html in whole:
            HTML(string=html).write_pdf()
        return 0.0

    return take(len(whole), work)


def pooled(letters: list[tuple[str, str]], assets: Assets, workers: int) -> Taken:
    def work() -> float:
        others = 0.0
        for number, (_, pdf) in enumerate(make_pdfs(letters, assets, workers), 1):
            assert isinstance(pdf, bytes), pdf
            if number == len(letters):
                others = processors_of_children()
        return others

    return take(len(letters), work)


def processors_of_children() -> float:
    """Return the processor time of the living descendants of this process; 0 outside of Linux."""
    parents, ticks = {}, {}
    for path in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            fields = path.read_text().rpartition(")")[2].split()
            parents[int(path.parent.name)] = int(fields[1])
            ticks[int(path.parent.name)] = int(fields[11]) + int(fields[12])
    family = {os.getpid()}
    for _ in range(3):  # the fork server, its processes
        family |= {process for process, parent in parents.items() if parent in family}
    return sum(ticks[process] for process in family - {os.getpid()}) / os.sysconf("SC_CLK_TCK")


def main(count: int, rounds: int) -> None:
    with TemporaryDirectory() as folder:
        paper = stationery(Path(folder))
        assets = letter_assets(paper)
        letters = [(f"{i}", letter_html(notice(i), paper)) for i in range(count)]
    few = letters[: max(count // 5, 10)]
    plainly(letters[:2], assets)  # loads WeasyPrint, so that no series pays for it
    series: dict[str, list[Taken]] = {"plain loop": [], "one process": [], f"pool of {WORKERS}": []}
    for _ in range(rounds):
        series["plain loop"].append(plainly(letters[: count // 2], assets))
        series[f"pool of {WORKERS}"].append(pooled(letters, assets, WORKERS))
        series["plain loop"].append(plainly(letters[count // 2 :], assets))
        series["one process"].append(pooled(few, assets, 1))
    show(f"letters: {count}, rounds: {rounds}", series)


def show(title: str, series: dict[str, list[Taken]]) -> None:
    print(f"{title}\n{'':12} {'clock':>16} {'':>25} {'processors':>13}")
    base = statistics.fmean(taken.clock for taken in series["plain loop"])
    for name, taken in series.items():
        clock = statistics.fmean(one.clock for one in taken)
        processors = statistics.fmean(one.processors for one in taken)
        print(
            f"{name:12} {clock * 1000:9.1f} ms each {1 / clock:7.1f} a second {base / clock:6.2f} x "
            f"{processors * 1000:8.1f} ms each"
        )


if __name__ == "__main__":
    arguments = [int(argument) for argument in sys.argv[1:]]
    main(*(arguments + [500, 1][len(arguments) :]))
